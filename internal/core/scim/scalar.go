package scim

import (
	"math/big"
	"strconv"
	"strings"
	"time"
)

// moment reads an xsd:dateTime as RFC 7643 section 2.3.5 wants it. Without a zone it is taken for UTC, and a date alone
// for its midnight: clients send both.
func moment(s string) (time.Time, bool) {
	if len(s) > 64 {
		return time.Time{}, false
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", time.DateOnly} {
		if t, err := time.Parse(layout, s); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}

// maxExponent bounds numbers: 1e400000000 is short to write and long to compare.
const maxExponent = 400

// number reads a JSON number exactly. ok is false for what is no number or out of bounds.
func number(s string) (n *big.Rat, ok bool) {
	if len(s) > 400 || s == "" || s[0] != '-' && (s[0] < '0' || s[0] > '9') || strings.ContainsAny(s, "_xXpP/") {
		return nil, false
	}
	if at := strings.IndexAny(s, "eE"); at >= 0 {
		if e, err := strconv.Atoi(s[at+1:]); err != nil || max(e, -e) > maxExponent {
			return nil, false
		}
	}
	return new(big.Rat).SetString(s)
}

// compareNumbers compares two numbers; what cannot be read counts as nothing.
func compareNumbers(a, b string) int {
	x, err := strconv.ParseInt(a, 10, 64)
	y, err2 := strconv.ParseInt(b, 10, 64)
	if err == nil && err2 == nil {
		switch {
		case x < y:
			return -1
		case x > y:
			return 1
		}
		return 0
	}
	m, ok := number(a)
	n, ok2 := number(b)
	if !ok || !ok2 {
		return strings.Compare(a, b)
	}
	return m.Cmp(n)
}

// compareMoments compares two texts as moments; what is none counts as text.
func compareMoments(a, b string) int {
	x, ok := moment(a)
	y, ok2 := moment(b)
	if !ok || !ok2 {
		return strings.Compare(a, b)
	}
	return x.Compare(y)
}

// compare orders two values of the attribute that are no complex values and no lists.
func (a *Attr) compare(x, y string) int {
	switch a.kind {
	case integerKind, decimalKind:
		return compareNumbers(x, y)
	case momentKind:
		return compareMoments(x, y)
	}
	return strings.Compare(a.Key(x), a.Key(y))
}

// same tells whether two such values are equal.
func (a *Attr) same(x, y string) bool {
	if x == y {
		return true
	}
	switch a.kind {
	case integerKind, decimalKind, momentKind:
		return a.compare(x, y) == 0
	}
	return !a.def.CaseExact && strings.EqualFold(x, y)
}
