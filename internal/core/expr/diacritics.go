package expr

import (
	"strings"
	"unicode"
)

// Letters that Entra's table replaces, by replacement. Letters that are not listed there stay as they are.
var diacritics = func() map[rune]string {
	table := map[rune]string{}
	for to, letters := range map[string]string{
		"a": "äàâãåáąăāǟǡ", "A": "ÄÀÂÃÅÁĄĂĀǞǠ", "ae": "æǣ", "AE": "ÆǢ",
		"c": "çčć", "C": "ÇČĆ", "d": "ďḏ", "D": "ĎḎ",
		"e": "ëèéêęěėēḗḕ", "E": "ËÈÉÊĘĚĖĒḖḔ", "g": "ğḡ", "G": "ĞḠ",
		"i": "ïîìíıī", "I": "ÏÎÌÍİĪ", "l": "ľłḹḻ", "L": "ŁĽḸḺ",
		"n": "ñńňṉ", "N": "ÑŃŇṈ", "o": "öòőõôóōṓṑȫǭȭȱ", "O": "ÖÒŐÕÔÓŌṒṐȪǬȬȰ",
		"oe": "ø", "OE": "Ø", "r": "řṟṝ", "R": "ŘṞṜ", "ss": "ß",
		"s": "šśșş", "S": "ŠŚȘŞ", "t": "ťțṯ", "T": "ŤȚṮ",
		"u": "üùûúůűūǖṻṳ", "U": "ÜÙÛÚŮŰŪǕṺṲ", "y": "ÿýȳ", "Y": "ŸÝȲ", "z": "źžżẕ", "Z": "ŹŽŻẔ",
	} {
		for _, r := range letters {
			table[r] = to
		}
	}
	return table
}()

// normalizeDiacritics replaces the letters of the table and drops combining marks behind a letter. œ is in the
// table with a macron only; plain œ stays.
func normalizeDiacritics(s string) string {
	var b strings.Builder
	runes := []rune(s)
	for i, r := range runes {
		marked := i+1 < len(runes) && unicode.Is(unicode.Mn, runes[i+1])
		switch to, ok := diacritics[r]; {
		case unicode.Is(unicode.Mn, r):
		case ok:
			b.WriteString(to)
		case marked && r == 'œ':
			b.WriteString("oe")
		case marked && r == 'Œ':
			b.WriteString("OE")
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
