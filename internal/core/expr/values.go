package expr

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// evalJoin flattens lists and leaves out what is empty: the documented Join(", ", "", [surname], [givenName]) gives
// "Doe, John" without a separator in front.
func evalJoin(c call) (Value, error) {
	sep, _, err := c.text(0)
	if err != nil {
		return Value{}, err
	}
	var some [8]string
	parts, size := some[:0], 0
	add := func(s string) bool {
		size += len(s) + len(sep)
		parts = append(parts, s)
		return size <= maxText
	}
	for i := 1; i < len(c.args); i++ {
		v, err := c.value(i)
		if err != nil {
			return Value{}, err
		}
		within := true
		switch {
		case v.Multi():
			for _, s := range v.Values {
				within = within && add(s)
			}
		case v.Text != "":
			within = add(v.Text)
		}
		if !within {
			return Value{}, c.tooLong()
		}
	}
	switch len(parts) {
	case 0:
		return document.NullValue, nil
	case 1:
		return document.TextValue(parts[0]), nil
	}
	return document.TextValue(strings.Join(parts, sep)), nil
}

func evalItem(c call) (Value, error) {
	v, err := c.value(0)
	if err != nil || v.Null {
		return v, err
	}
	index, err := c.integer(1, "index")
	if err != nil {
		return Value{}, err
	}
	if !v.Multi() || index < 1 || index > len(v.Values) {
		return Value{}, notEvaluated("Item %d of %s is not documented", index, many(v))
	}
	return document.TextValue(v.Values[index-1]), nil
}

// many says how many values there are, without telling them.
func many(v Value) string {
	if v.Multi() {
		return fmt.Sprintf("%d values", len(v.Values))
	}
	return "a single value"
}

func evalCount(c call) (Value, error) {
	v, err := c.value(0)
	if err != nil {
		return v, err
	}
	if !v.Multi() || v.Null {
		return Value{}, notEvaluated("Count of what is not multi-valued or has no value is not documented")
	}
	return intValue(len(v.Values)), nil
}

func intValue(n int) Value { return document.TextValue(strconv.Itoa(n)) }

// evalSplit trims the blanks around the pieces, as the documented example does. Whether an empty piece stays is not
// documented, nor what several characters between the pieces mean.
func evalSplit(c call) (Value, error) {
	v, err := c.single(0)
	if err != nil || v.Null {
		return v, err
	}
	sep, _, err := c.text(1)
	if err != nil {
		return Value{}, err
	}
	if length(sep) != 1 {
		return Value{}, notEvaluated("Split with the delimiter %q, which is not one character, is not documented", sep)
	}
	parts := strings.Split(v.Text, sep)
	for i, p := range parts {
		if parts[i] = strings.TrimSpace(p); parts[i] == "" {
			return Value{}, notEvaluated("Split into pieces of which one is empty is not documented")
		}
	}
	return document.ListValue(parts), nil
}

func evalRemoveDuplicates(c call) (Value, error) {
	v, err := c.value(0)
	if err != nil || !v.Multi() {
		return v, err
	}
	seen := make(map[string]string, len(v.Values))
	once := make([]string, 0, len(v.Values))
	for _, s := range v.Values {
		switch same, ok := seen[strings.ToLower(s)]; {
		case !ok:
			seen[strings.ToLower(s)] = s
			once = append(once, s)
		case same != s:
			return Value{}, notEvaluated("RemoveDuplicates of values that differ only by letter case is not documented")
		}
	}
	return document.ListValue(once), nil
}

// evalBitAnd computes within 32 bits. A number beyond them may be negative in Entra or too large.
func evalBitAnd(c call) (Value, error) {
	result := int64(-1)
	for i := range c.args {
		s, err := c.some(i, "a value")
		if err != nil {
			return Value{}, err
		}
		text, base := strings.TrimSpace(s), 10
		if hex, ok := strings.CutPrefix(strings.ToUpper(text), "&H"); ok {
			text, base = hex, 16
		}
		n, err := strconv.ParseInt(text, base, 64)
		switch {
		case err != nil:
			return Value{}, notEvaluated("BitAnd of %q, which is no whole number, is not documented", s)
		case n != int64(int32(n)):
			return Value{}, notEvaluated("BitAnd of %s, which does not fit 32 bits, is not documented", s)
		}
		result &= n
	}
	return intValue(int(result)), nil
}

func toBase64(s string) string {
	u := units(s)
	b := make([]byte, 0, 2*len(u))
	for _, c := range u {
		b = append(b, byte(c), byte(c>>8))
	}
	return base64.StdEncoding.EncodeToString(b)
}

func toHex(s string) string { return fmt.Sprintf("%X", s) }

// evalIsString knows texts that cannot be anything else: the type of an attribute is not told here.
func evalIsString(c call) (Value, error) {
	v, err := c.value(0)
	if err != nil {
		return v, err
	}
	_, numeric := number(v.Text)
	boolean := strings.EqualFold(v.Text, "True") || strings.EqualFold(v.Text, "False")
	if v.Null || v.Multi() || c.args[0].kind != constant && (numeric || boolean) {
		return Value{}, notEvaluated("IsString of what may be no text is not documented")
	}
	return document.BoolValue(true), nil
}
