// Package text lays words out for a terminal: what a column is wide, where a line breaks, how a number, a date
// and a shell word are written, and how foreign text is made harmless. It knows nothing of users or causes.
package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Clean makes text from a document safe to print: line breaks and tabs become blanks, and every other control or
// direction-changing character is spelled out (\u001b), so that a display name can neither steer the terminal nor
// hide what stands beside it.
func Clean(s string) string {
	if !needsCleaning(s) {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '\n' || r == '\r' || r == '\t':
			b.WriteByte(' ')
		case steers(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r) // invalid UTF-8 arrives here as U+FFFD
		}
	}
	return b.String()
}

func needsCleaning(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] == 0x7f || s[i] >= utf8.RuneSelf {
			return !utf8.ValidString(s) || strings.ContainsFunc(s, steers)
		}
	}
	return false
}

// steers tells whether a terminal acts on the rune instead of showing it: C0 and C1 controls, and the marks that
// change the direction of text or separate lines.
func steers(r rune) bool {
	return r < 0x20 || r >= 0x7f && r < 0xa0 || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 ||
		r == 0x200e || r == 0x200f || r == 0x061c || r == 0x2028 || r == 0x2029 || r == 0xfeff
}

// CleanJSON does the same for a finished JSON text. JSON already escapes C0; the rest can only stand inside its
// strings, where an escape means the same character, so readers see no difference.
func CleanJSON(b []byte) []byte {
	if !strings.ContainsFunc(string(b), func(r rune) bool { return r != '\n' && steers(r) }) {
		return b
	}
	out := make([]byte, 0, len(b)+16)
	for i := 0; i < len(b); {
		r, n := utf8.DecodeRune(b[i:])
		if r != '\n' && steers(r) {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else {
			out = append(out, b[i:i+n]...)
		}
		i += n
	}
	return out
}

// Width is the number of terminal columns that s takes: two for wide East Asian characters and emoji, none for
// combining marks.
func Width(s string) int {
	n := 0
	for _, r := range s {
		n += runeWidth(r)
	}
	return n
}

func runeWidth(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// Clip cuts s to at most limit columns, the last of them …, so that one huge name does not fill the screen.
func Clip(s string, limit int) string {
	if len(s) <= limit || Width(s) <= limit {
		return s
	}
	at := 0
	for i, r := range s {
		if at += runeWidth(r); at > limit-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// Wrap breaks s at blanks into lines of at most limit columns. A word that is longer stays whole on a line of its
// own, because a broken path or address cannot be copied; only a run of wide characters, which is written without
// blanks, is broken anywhere. A limit of 0 does not break. There is always at least one line.
func Wrap(s string, limit int) []string {
	words := strings.Fields(s)
	if len(words) == 0 {
		return []string{""}
	}
	if limit <= 0 {
		return []string{strings.Join(words, " ")}
	}
	var lines []string
	line, at := "", 0
	for _, word := range words {
		for _, piece := range pieces(word, limit) {
			w := Width(piece)
			switch {
			case line == "":
				line, at = piece, w
			case at+1+w <= limit:
				line, at = line+" "+piece, at+1+w
			default:
				lines = append(lines, line)
				line, at = piece, w
			}
		}
	}
	return append(lines, line)
}

func pieces(word string, limit int) []string {
	if Width(word) <= limit || utf8.RuneCountInString(word) == Width(word) || limit < 2 {
		return []string{word}
	}
	var out []string
	start, at := 0, 0
	for i, r := range word {
		w := runeWidth(r)
		if at+w > limit {
			out = append(out, word[start:i])
			start, at = i, 0
		}
		at += w
	}
	return append(out, word[start:])
}

// Number writes 1203 as 1,203.
func Number(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return sign + s
}

// Count writes "1 person", "1,203 people".
func Count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Number(n) + " " + many
}

// Date writes a moment so that no reader takes the month for the day: 20 Nov 2026 12:00, in UTC as the documents have it.
func Date(t time.Time) string {
	if t.IsZero() {
		return "at an unknown time"
	}
	return t.UTC().Format("2 Jan 2006 15:04")
}

// Shell quotes a word for a POSIX shell where it needs it, so that a printed command can be pasted. What is
// dangerous inside single quotes is only the quote itself; PowerShell reads plain single quotes the same way.
func Shell(s string) string {
	plain := func(r rune) bool {
		return unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("@%+=:,./_-", r)
	}
	if s != "" && strings.IndexFunc(s, func(r rune) bool { return !plain(r) }) < 0 {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}
