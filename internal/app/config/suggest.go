package config

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/core/spelling"
)

// maxWord bounds the words for which a suggestion is looked for, in bytes.
const maxWord = 100

// nearest is the candidate that was probably meant: the same letters, or few slips away. Empty: none. Of several as
// near the first one is taken.
func nearest(s string, candidates []string) string {
	if len(s) > maxWord {
		return ""
	}
	same := bare(s)
	best, least := "", 1+max(1, len(s)/3)
	if len(s) < 3 {
		least = 1
	}
	for _, c := range candidates {
		if bare(c) == same {
			return c
		}
		if d := utf8.RuneCountInString(s) - utf8.RuneCountInString(c); max(d, -d) >= least {
			continue
		}
		if d := spelling.Distance(strings.ToLower(s), strings.ToLower(c)); d < least {
			best, least = c, d
		}
	}
	return best
}

var joints = strings.NewReplacer("_", "", "-", "", " ", "")

// bare is a word without case and without what joins its parts.
func bare(s string) string { return strings.ToLower(joints.Replace(s)) }

// clean makes a text of the file fit to be shown: short, and without characters that act on a terminal.
func clean(s string) string {
	const longest = 60
	var b strings.Builder
	for i, r := range []rune(s) {
		if i == longest {
			b.WriteRune('…')
			break
		}
		if !unicode.IsPrint(r) {
			r = unicode.ReplacementChar
		}
		b.WriteRune(r)
	}
	return b.String()
}

func show(s string) string { return "`" + clean(s) + "`" }

func mean(s string) string { return "did you mean `" + s + "`?" }

func list(words []string) string { return "`" + strings.Join(words, "`, `") + "`" }

func allowed(words []string) string { return "allowed: " + list(words) }
