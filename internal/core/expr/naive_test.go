package expr

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A second evaluator, written from Microsoft's page in the plainest way: it reads the source text itself, computes
// every argument whether needed or not, and knows nothing of bounds, steps or speed. Where the real one answers, this
// one must have the same answer. It gives up by panicking with gaveUp where the page says nothing.
type naive struct {
	src  string
	with map[string]any
}

// A value is a string, a []string, or nil for null; lazily kept, because a branch may give up unseen.
type lazy func() any

type gaveUp struct{ why string }

func (n *naive) blank() { n.src = strings.TrimLeft(n.src, " ") }

func (n *naive) read() lazy {
	left := n.operand()
	n.blank()
	for _, op := range []string{"<>", ">=", "<=", "=", ">", "<"} {
		if rest, ok := strings.CutPrefix(n.src, op); ok {
			n.src = rest
			right := n.operand()
			return func() any { return naiveCompare(left(), right(), op) }
		}
	}
	return left
}

func (n *naive) operand() lazy {
	n.blank()
	switch {
	case n.src[0] == '[':
		name, rest, _ := strings.Cut(n.src[1:], "]")
		n.src = rest
		return func() any { return n.with[name] }
	case n.src[0] == '"':
		end := 1
		for n.src[end] != '"' {
			if n.src[end] == '\\' {
				end++
			}
			end++
		}
		s := strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(n.src[1:end])
		n.src = n.src[end+1:]
		return func() any { return s }
	case n.src[0] == ',' || n.src[0] == ')':
		return nil
	}
	end := strings.IndexAny(n.src, "(,) ")
	if end < 0 {
		end = len(n.src)
	}
	name := n.src[:end]
	if n.src = n.src[end:]; !strings.HasPrefix(n.src, "(") {
		return func() any { return name }
	}
	n.src = n.src[1:]
	var args []lazy
	for n.src[0] != ')' {
		args = append(args, n.read())
		n.blank()
		if n.src[0] == ',' {
			n.src = n.src[1:]
			if n.blank(); n.src[0] == ')' {
				args = append(args, nil)
			}
		}
	}
	n.src = n.src[1:]
	return func() any { return naiveCall(name, args) }
}

func naiveCompare(left, right any, op string) any {
	l, r := need(left), need(right)
	a, errA := strconv.Atoi(l)
	b, errB := strconv.Atoi(r)
	switch op {
	case "=":
		return boolean(l == r)
	case "<>":
		return boolean(l != r)
	}
	if errA != nil || errB != nil {
		panic(gaveUp{"no numbers"})
	}
	return boolean(op == ">" && a > b || op == ">=" && a >= b || op == "<" && a < b || op == "<=" && a <= b)
}

func boolean(b bool) any {
	if b {
		return "True"
	}
	return "False"
}

func need(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	panic(gaveUp{"no single text"})
}

func orEmpty(v any) string {
	if v == nil {
		return ""
	}
	return need(v)
}

func naiveCall(name string, args []lazy) any {
	arg := func(i int) any {
		if i >= len(args) || args[i] == nil {
			return nil
		}
		return args[i]()
	}
	num := func(i int) int {
		n, err := strconv.Atoi(need(arg(i)))
		if err != nil {
			panic(gaveUp{"no number"})
		}
		return n
	}
	switch name {
	case "Append":
		return need(arg(0)) + need(arg(1))
	case "BitAnd":
		return strconv.Itoa(num(0) & num(1))
	case "CBool":
		return boolean(need(arg(0)) != "0" && need(arg(0)) != "False")
	case "CDate":
		return naiveDate(need(arg(0))).Format("1/2/2006 3:04:05 PM")
	case "CStr", "Redact":
		return arg(0)
	case "Coalesce":
		for i := range args {
			if v := arg(i); v != nil {
				return v
			}
		}
		return nil
	case "ConvertToBase64":
		var b []byte
		for _, r := range need(arg(0)) {
			b = append(b, byte(r%256), byte(r/256))
		}
		return base64.StdEncoding.EncodeToString(b)
	case "ConvertToUTF8Hex":
		return strings.ToUpper(hex.EncodeToString([]byte(need(arg(0)))))
	case "Count":
		return strconv.Itoa(len(arg(0).([]string)))
	case "DateAdd":
		t, k := naiveDate(need(arg(2))), num(1)
		switch need(arg(0)) {
		case "yyyy", "m":
			if need(arg(0)) == "yyyy" {
				k *= 12
			}
			day := t.Day()
			for { // the last day that the month has
				moved := time.Date(t.Year(), t.Month()+time.Month(k), day, t.Hour(), t.Minute(), t.Second(), 0, time.UTC)
				if moved.Day() == day {
					t = moved
					break
				}
				day--
			}
		case "d":
			t = t.AddDate(0, 0, k)
		case "ww":
			t = t.AddDate(0, 0, 7*k)
		case "h":
			t = t.Add(time.Duration(k) * time.Hour)
		case "n":
			t = t.Add(time.Duration(k) * time.Minute)
		case "s":
			t = t.Add(time.Duration(k) * time.Second)
		}
		return t.Format("1/2/2006 3:04:05 PM")
	case "DateDiff":
		a, b := naiveDate(need(arg(1))), naiveDate(need(arg(2)))
		hours := b.Sub(a).Hours()
		switch need(arg(0)) {
		case "yyyy":
			return strconv.Itoa(b.Year() - a.Year())
		case "m":
			return strconv.Itoa((b.Year()-a.Year())*12 + int(b.Month()) - int(a.Month()))
		case "d":
			return strconv.Itoa(int(hours / 24))
		case "ww":
			for ; a.Weekday() != time.Sunday; a = a.AddDate(0, 0, -1) {
			}
			for ; b.Weekday() != time.Sunday; b = b.AddDate(0, 0, -1) {
			}
			return strconv.Itoa(int(b.Truncate(24*time.Hour).Sub(a.Truncate(24*time.Hour)).Hours() / 24 / 7))
		case "h":
			return strconv.Itoa(int(hours))
		case "n":
			return strconv.Itoa(int(hours * 60))
		}
		return strconv.Itoa(int(b.Sub(a).Seconds()))
	case "DateFromNum":
		return time.Date(1601, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, num(0)/864000000000).Add(time.Duration(num(0)%864000000000) * 100).Format("1/2/2006 3:04:05 PM")
	case "NumFromDate":
		t, days := naiveDate(need(arg(0))), 0
		for y := 1601; y < t.Year(); y++ {
			days += time.Date(y, 12, 31, 0, 0, 0, 0, time.UTC).YearDay()
		}
		return fmt.Sprintf("%d0000000", (days+t.YearDay()-1)*86400+t.Hour()*3600+t.Minute()*60+t.Second())
	case "FormatDateTime":
		return naiveDate(need(arg(0))).Format(strings.NewReplacer("yyyy", "2006", "MMM", "Jan", "MM", "01", "dd", "02", "HH", "15", "mm", "04", "ss", "05").Replace(need(arg(3))))
	case "IgnoreFlowIfNullOrEmpty":
		if v := arg(0); v != "" {
			return v
		}
		return nil
	case "IIF":
		if arg(0) == "True" {
			return arg(1)
		}
		return arg(2)
	case "InStr":
		s, find, start := need(arg(0)), []rune(need(arg(1))), 1
		if arg(2) != nil {
			start = num(2)
		}
		if arg(3) == "vbTextCompare" {
			s, find = strings.ToLower(s), []rune(strings.ToLower(string(find)))
		}
		for i := start - 1; i+len(find) <= len([]rune(s)); i++ {
			if string([]rune(s)[i:i+len(find)]) == string(find) {
				return strconv.Itoa(i + 1)
			}
		}
		return "0"
	case "IsNull":
		return boolean(arg(0) == nil)
	case "IsNullOrEmpty":
		return boolean(arg(0) == nil || arg(0) == "")
	case "IsPresent":
		return boolean(arg(0) != nil && arg(0) != "")
	case "IsString":
		return "True"
	case "Item":
		if arg(0) == nil {
			return nil
		}
		return arg(0).([]string)[num(1)-1]
	case "Join":
		out, first := "", true
		for i := 1; i < len(args); i++ {
			var some []string
			switch v := arg(i).(type) {
			case string:
				if v != "" {
					some = []string{v}
				}
			case []string:
				some = v
			}
			for _, s := range some {
				if !first {
					out += orEmpty(arg(0))
				}
				out, first = out+s, false
			}
		}
		if first {
			return nil
		}
		return out
	case "Left":
		r, n := []rune(orEmpty(arg(0))), num(1)
		if n < 0 || n > len(r) {
			return string(r)
		}
		return string(r[:n])
	case "Mid":
		if arg(0) == nil {
			return nil
		}
		out := ""
		for i, r := range []rune(need(arg(0))) {
			if i+1 >= num(1) && i+1 < num(1)+num(2) {
				out += string(r)
			}
		}
		return out
	case "Not":
		return boolean(orEmpty(arg(0)) != "True")
	case "PCase":
		s := []rune(strings.ToLower(need(arg(0))))
		for i := range s {
			if i > 0 {
				before := string(s[i-1])
				if arg(1) != nil && !strings.Contains(need(arg(1)), before) {
					continue
				}
				if arg(1) == nil && (unicode.IsLetter(s[i-1]) || !unicode.IsLetter(s[i])) {
					continue
				}
				if arg(1) == nil && unicode.IsDigit(s[i-1]) {
					panic(gaveUp{"a digit may stand inside a word"})
				}
			}
			s[i] = unicode.ToUpper(s[i])
		}
		return string(s)
	case "RemoveDuplicates":
		if arg(0) == nil {
			return nil
		}
		var out []string
		seen := " "
		for _, s := range arg(0).([]string) {
			if !strings.Contains(seen, " "+s+" ") {
				out, seen = append(out, s), seen+s+" "
			}
		}
		return out
	case "Replace":
		return naiveReplace(arg)
	case "SingleAppRoleAssignment":
		if l, ok := arg(0).([]string); ok {
			return l[0]
		}
		return arg(0)
	case "Split":
		if arg(0) == nil {
			return nil
		}
		var out []string
		for _, s := range strings.Split(need(arg(0)), need(arg(1))) {
			out = append(out, strings.Trim(s, " "))
		}
		return out
	case "StripSpaces":
		if arg(0) == nil {
			return nil
		}
		return strings.Join(strings.Split(need(arg(0)), " "), "")
	case "Switch":
		for i := 2; i < len(args); i += 2 {
			if orEmpty(arg(0)) == need(arg(i)) {
				return arg(i + 1)
			}
		}
		return arg(1)
	case "ToLower", "ToUpper":
		if arg(0) == nil {
			return nil
		}
		if name == "ToLower" {
			return strings.ToLower(need(arg(0)))
		}
		return strings.ToUpper(need(arg(0)))
	case "Trim":
		if arg(0) == nil {
			return nil
		}
		return strings.Trim(need(arg(0)), " ")
	case "NormalizeDiacritics":
		if arg(0) == nil {
			return nil
		}
		return strings.NewReplacer("ë", "e", "Ë", "E", "é", "e", "É", "E", "Ø", "OE", "ø", "oe", "ß", "ss").Replace(need(arg(0)))
	case "Word":
		words, word := []string{}, ""
		for _, r := range orEmpty(arg(0)) {
			if strings.ContainsRune(orEmpty(arg(2)), r) {
				words, word = append(words, word), ""
			} else {
				word += string(r)
			}
		}
		if words = append(words, word); num(1) < 1 || num(1) > len(words) || len(words) == 1 {
			return ""
		}
		return words[num(1)-1]
	}
	panic("the naive evaluator does not know " + name)
}
