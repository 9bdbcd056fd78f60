package exports

import (
	"strings"
	"time"
	"unicode"

	"github.com/rollcall/rollcall/internal/core/document"
)

// squash is a name reduced to what people mean by it: letters and digits in lower case. Headers, product names and
// group names in file names are compared this way.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// words of agreement and refusal in the languages that the portals speak to many people.
var truths = map[string]bool{
	"true": true, "yes": true, "y": true, "1": true, "wahr": true, "ja": true, "vrai": true, "oui": true, "si": true, "sí": true, "sì": true,
	"vero": true, "verdadero": true, "verdadeiro": true, "sim": true, "waar": true, "tak": true, "prawda": true, "ano": true, "igen": true,
	"evet": true, "да": true, "так": true, "はい": true, "是": true, "예": true, "on": true, "enabled": true, "x": true,
	"false": false, "no": false, "n": false, "0": false, "falsch": false, "nein": false, "faux": false, "non": false, "falso": false,
	"nee": false, "onwaar": false, "não": false, "nao": false, "nie": false, "fałsz": false, "ne": false, "nem": false,
	"hayır": false, "hayir": false, "нет": false, "ні": false, "いいえ": false, "否": false, "아니요": false, "off": false, "disabled": false,
}

// truth reads a Boolean in the words of a portal or of a person.
func truth(s string) (value, ok bool) {
	value, ok = truths[strings.ToLower(strings.TrimSpace(s))]
	return value, ok
}

// isGUID recognises an object id.
func isGUID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i := range len(s) {
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if s[i] != '-' {
				return false
			}
		} else if !isHex(s[i]) {
			return false
		}
	}
	return true
}

func isHex(b byte) bool {
	return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F'
}

// findGUID is the only object id in a text, or "".
func findGUID(s string) string {
	found := ""
	for i := 0; i+36 <= len(s); i++ {
		if isGUID(s[i : i+36]) {
			if found != "" && !strings.EqualFold(found, s[i:i+36]) {
				return ""
			}
			found = s[i : i+36]
			i += 35
		}
	}
	return found
}

// isAddress recognises what looks like an e-mail address or a user principal name.
func isAddress(s string) bool {
	before, after, ok := strings.Cut(s, "@")
	return ok && before != "" && strings.Contains(after, ".") && !strings.ContainsAny(s, " \t\n,;<>\"") && !strings.Contains(after, "@")
}

// isAccountID recognises an Atlassian account id: 24 hexadecimal digits, or a number, a colon and a GUID.
func isAccountID(s string) bool {
	if before, after, ok := strings.Cut(s, ":"); ok {
		return before != "" && len(before) <= 12 && !strings.ContainsAny(before, " /.@") && isGUID(after)
	}
	if len(s) != 24 {
		return false
	}
	for i := range len(s) {
		if !isHex(s[i]) {
			return false
		}
	}
	return true
}

// layouts beside those that document.ParseTime knows. A date with points is day first everywhere it is used.
var layouts = []string{
	"1/2/2006 3:04:05.999999999 PM", "1/2/2006 15:04:05.999999999", "1/2/2006 15:04", "1/2/2006",
	"2.1.2006 15:04:05", "2.1.2006 15:04", "2.1.2006", "2 January 2006", "Jan 2 2006", "January 2 2006",
	"2006/1/2 15:04:05", "2006/1/2 15:04", "2006/1/2", "2006-01-02 15:04:05.999999999", "2006-01-02 15:04:05.999999999 MST",
}

var dayFirst = []string{"2/1/2006 3:04:05.999999999 PM", "2/1/2006 3:04 PM", "2/1/2006 15:04:05.999999999", "2/1/2006 15:04", "2/1/2006"}

// moment reads a time as exports write it. Exports carry no zone; the time is taken as UTC. order tells in which
// order day and month of a date with slashes are possible.
func moment(s string) (t document.Time, order dateOrder) {
	s = strings.TrimSpace(strings.ReplaceAll(s, ",", " "))
	s = strings.Join(strings.Fields(s), " ") // also turns the narrow blank before PM into a plain one
	if s == "" {
		return document.Time{}, noOrder
	}
	us := document.ParseTime(s)
	for i := 0; us.Text != "" && i < len(layouts); i++ {
		if at, err := time.Parse(layouts[i], s); err == nil {
			us = document.At(at.UTC())
		}
	}
	if !strings.Contains(s, "/") || strings.Index(s, "/") == 4 {
		return us, noOrder
	}
	european, ok := dayFirstMoment(s)
	switch {
	case us.Text == "" && ok:
		return us, eitherOrder
	case ok:
		return european, dayMonth
	case us.Text == "":
		return us, monthDay
	}
	return us, noOrder
}

func dayFirstMoment(s string) (document.Time, bool) {
	s = strings.Join(strings.Fields(strings.ReplaceAll(s, ",", " ")), " ")
	for _, l := range dayFirst {
		if at, err := time.Parse(l, s); err == nil {
			return document.At(at.UTC()), true
		}
	}
	return document.Time{}, false
}

// dateOrder says in which order day and month of a date with slashes can stand.
type dateOrder uint8

const (
	noOrder     dateOrder = iota // not such a date
	monthDay                     // 8/19/2021
	dayMonth                     // 19/8/2021
	eitherOrder                  // 8/9/2021
)
