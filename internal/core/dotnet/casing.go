package dotnet

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Culture is a culture for letter case. The zero value is the invariant culture. .NET changes case character by
// character, so that of all cultures only Turkish and Azeri, with their two letters i, have rules of their own.
type Culture struct{ named, turkic bool }

var cultureForm = regexp.MustCompile(`^[a-zA-Z]{2,3}(-[a-zA-Z]{4})?(-([a-zA-Z]{2}|[0-9]{3}))?$`)

// ParseCulture reads a name such as en-US or tr. The error is *UnsupportedError.
func ParseCulture(name string) (Culture, error) {
	if name == "" {
		return Culture{}, nil
	}
	if !cultureForm.MatchString(name) {
		return Culture{}, &UnsupportedError{What: fmt.Sprintf("the culture %q", name)}
	}
	language, _, _ := strings.Cut(strings.ToLower(name), "-")
	switch language {
	case "tr", "az":
		return Culture{named: true, turkic: true}, nil
	case "crh", "gag", "tt", "ba", "kk":
		return Culture{}, &UnsupportedError{What: fmt.Sprintf("the culture %q, which may know two letters i,", name)}
	}
	return Culture{named: true}, nil
}

// Lower is the text in lower case. The error is *UnsupportedError where .NET's answer for a letter depends on its
// version or platform.
func (c Culture) Lower(s string) (string, error) { return c.change(s, c.lower) }

// Upper is the text in upper case, with errors as Lower.
func (c Culture) Upper(s string) (string, error) { return c.change(s, c.upper) }

func (c Culture) change(s string, one func(rune) (rune, bool)) (string, error) {
	var b strings.Builder
	for i, r := range s {
		to, sure := one(r)
		if !sure {
			return "", &UnsupportedError{What: fmt.Sprintf("letter case of %q", r)}
		}
		if b.Len() == 0 {
			if to == r {
				continue
			}
			b.Grow(len(s))
			b.WriteString(s[:i])
		}
		b.WriteRune(to)
	}
	if b.Len() == 0 {
		return s, nil
	}
	return b.String(), nil
}

func (c Culture) lower(r rune) (rune, bool) {
	switch {
	case r == 'I' && c.turkic:
		return 'ı', true
	case r < utf8.RuneSelf:
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r, true
	case r == 'İ' && c.turkic:
		return 'i', true
	case r == 'İ':
		return r, !c.named
	}
	to := unicode.ToLower(r)
	return to, to == r || r <= lastRune && to <= lastRune && !youngCase(r) && unicode.ToUpper(to) == r
}

func (c Culture) upper(r rune) (rune, bool) {
	switch {
	case r == 'i' && c.turkic:
		return 'İ', true
	case r < utf8.RuneSelf:
		if r >= 'a' && r <= 'z' {
			r -= 'a' - 'A'
		}
		return r, true
	case r == 'ı' && c.turkic:
		return 'I', true
	case r == 'ı':
		return r, !c.named
	case r == 'ß':
		return r, true // one character stays one character
	case r == 'ς':
		return 'Σ', true
	}
	to := unicode.ToUpper(r)
	return to, to == r || r <= lastRune && to <= lastRune && !youngCase(r) && unicode.ToLower(to) == r
}

// youngCase are alphabets whose two cases came late to Unicode: Georgian and Cherokee.
func youngCase(r rune) bool {
	return r >= 0x10A0 && r <= 0x10FF || r >= 0x1C80 && r <= 0x1CBF || r >= 0x2D00 && r <= 0x2D2F || r >= 0x13A0 && r <= 0x13FF || r >= 0xAB70 && r <= 0xABBF
}

// Title is TextInfo.ToTitleCase of a text that was brought to lower case: the first letter of each word in title
// case. An apostrophe inside a word is refused where it matters: ToTitleCase goes on with the word, the list of
// separators in Entra's reference has a new one begin.
func Title(s string) (string, error) {
	culture := Culture{named: true}
	s, err := culture.Lower(s)
	if err != nil {
		return "", err
	}
	on, err := culture.title(s, false)
	if err != nil {
		return "", err
	}
	if anew, err := culture.title(s, true); err != nil || anew != on {
		return "", &UnsupportedError{What: "an apostrophe inside a word"}
	}
	return on, nil
}

func (c Culture) title(s string, apostropheSeparates bool) (string, error) {
	var b strings.Builder
	b.Grow(len(s))
	inside := false
	for _, r := range s {
		switch {
		case inside && (r != '\'' || apostropheSeparates) && separates(r):
			inside = false
		case !inside && unicode.IsLetter(r):
			inside = true
			to, sure := c.upper(r)
			if t := unicode.ToTitle(r); t != to && sure && strings.ContainsRune("ǆǉǌǳ", r) {
				to = t
			}
			if !sure {
				return "", &UnsupportedError{What: fmt.Sprintf("letter case of %q", r)}
			}
			r = to
		}
		b.WriteRune(r)
	}
	return b.String(), nil
}

// separates tells whether ToTitleCase ends a word with this character.
func separates(r rune) bool {
	return unicode.In(r, unicode.Z, unicode.Cc, unicode.Cf, unicode.P, unicode.S)
}

// TitleBetween brings a text to lower case and the first character of each word to upper case, where words are what
// stands between the separators.
func TitleBetween(s, separators string) (string, error) {
	culture := Culture{named: true}
	s, err := culture.Lower(s)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.Grow(len(s))
	first := true
	for _, r := range s {
		if first {
			to, sure := culture.upper(r)
			if !sure {
				return "", &UnsupportedError{What: fmt.Sprintf("letter case of %q", r)}
			}
			r = to
		}
		first = strings.ContainsRune(separators, r)
		b.WriteRune(r)
	}
	return b.String(), nil
}
