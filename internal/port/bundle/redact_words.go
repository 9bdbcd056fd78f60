package bundle

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"regexp"
	"strings"
	"sync"
	"unicode"
)

// kept are pieces of a text that are no words: GUIDs, with or without hyphens, and moments.
var kept = regexp.MustCompile(`(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|\b[0-9a-f]{32}\b|\b[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?(?:Z|[+-][0-9]{2}:[0-9]{2}|\b)`)

// replace puts stand-ins into the place of words.
func (r *Redaction) replace(s string, prose, escapes bool) string {
	var out strings.Builder
	at := 0
	for _, piece := range kept.FindAllStringIndex(s, -1) {
		r.plain(&out, s[at:piece[0]], prose, escapes)
		out.WriteString(s[piece[0]:piece[1]])
		at = piece[1]
	}
	r.plain(&out, s[at:], prose, escapes)
	return out.String()
}

// plain goes through a text word by word: runs of letters and runs of digits are words.
func (r *Redaction) plain(out *strings.Builder, s string, prose, escapes bool) {
	var word []rune
	digits := false
	flush := func() {
		if len(word) > 0 {
			out.WriteString(r.words.of(string(word), digits, prose))
			word = word[:0]
		}
	}
	escaped := false
	for _, c := range s {
		letter, digit := unicode.IsLetter(c) || unicode.IsMark(c), unicode.IsDigit(c)
		switch {
		case escaped || !letter && !digit:
			flush()
			out.WriteRune(c)
			escaped = escapes && c == '\\' && !escaped
			continue
		case len(word) > 0 && digit != digits:
			flush()
		}
		digits = digit
		word = append(word, c)
	}
	flush()
}

// standIns are the stand-ins that were given out. A word's stand-in comes from a keyed hash; two words never share one.
type standIns struct {
	key []byte

	mu    sync.Mutex
	given map[string]string // by word in lower case
	taken map[string]bool
}

func newStandIns(key []byte) *standIns {
	return &standIns{key: key, given: map[string]string{}, taken: map[string]bool{}}
}

// of is what stands for a word.
func (s *standIns) of(word string, digits, prose bool) string {
	lower := strings.ToLower(word)
	n := len([]rune(word))
	switch {
	case digits && n <= 3, !digits && n == 1 && word[0] < 0x80:
		return word
	case !digits && (vocabulary[lower] || prose && small[lower] || isCode(lower)):
		return word
	}
	stand := s.find(lower, digits, n)
	if digits {
		return stand
	}
	return likeIn(word, stand)
}

func (s *standIns) find(lower string, digits bool, n int) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if stand, ok := s.given[lower]; ok {
		return stand
	}
	for try := uint32(0); ; try++ {
		stand := s.make(lower, digits, n, try)
		if s.taken[stand] || vocabulary[stand] || small[stand] || stand == lower {
			continue
		}
		s.taken[stand], s.given[lower] = true, stand
		return stand
	}
}

const consonants, vowels = "bdfgklmnprstvz", "aeiou"

// make makes a word that can be spoken, or digits, as long as the original, and longer where that is short. When all
// short ones are taken it grows.
func (s *standIns) make(lower string, digits bool, n int, try uint32) string {
	least := 6
	if digits {
		least = 0
	}
	n = min(max(n, least), 64) + int(try/16)
	out := make([]byte, 0, n)
	for block := uint32(0); len(out) < n; block++ {
		h := hmac.New(sha256.New, s.key)
		_, _ = h.Write(binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, try), block))
		_, _ = h.Write([]byte(lower))
		for _, b := range h.Sum(nil) {
			switch {
			case len(out) == n:
			case digits:
				out = append(out, '0'+b%10)
			case len(out)%2 == 0:
				out = append(out, consonants[int(b)%len(consonants)])
			default:
				out = append(out, vowels[int(b)%len(vowels)])
			}
		}
	}
	return string(out)
}

// likeIn gives a stand-in the letter case of the word, letter by letter, so that what differs in case still does.
func likeIn(word, stand string) string {
	letters := []rune(word)
	if len(letters) > 1 && strings.ToUpper(word) == word && strings.ToLower(word) != word {
		return strings.ToUpper(stand)
	}
	out := []byte(stand)
	for i, c := range letters {
		if i < len(out) && unicode.IsUpper(c) {
			out[i] -= 'a' - 'A'
		}
	}
	return string(out)
}

// isCode tells error codes that services write into their messages.
func isCode(lower string) bool {
	for _, c := range codes {
		if strings.Contains(lower, c) {
			return true
		}
	}
	return false
}
