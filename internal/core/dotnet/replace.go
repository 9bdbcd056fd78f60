package dotnet

import (
	"strconv"
	"strings"
)

// piece of a replacement: text, or what a match fills in.
type piece struct {
	text string
	kind byte // 't' text, 'g' group, '`' before the match, '\'' behind it, '_' the whole text
	at   int  // ordinal of the group, 0 the whole match
}

// Replace replaces every match, as Regex.Replace does; $1, ${name}, $&, $` and the like in the replacement are
// filled in. The error is *UnsupportedError where .NET may answer differently, or where the result has more than
// limit bytes.
func (r *Regexp) Replace(text, replacement string, limit int) (string, error) {
	pieces, err := r.replacement(replacement)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	last := 0
	err = r.each(text, func(m []int) {
		if b.Len() > limit {
			return
		}
		b.WriteString(text[last:m[0]])
		last = m[1]
		for _, p := range pieces {
			switch p.kind {
			case 'g':
				if m[2*p.at] >= 0 {
					b.WriteString(text[m[2*p.at]:m[2*p.at+1]])
				}
			case '`':
				b.WriteString(text[:m[0]])
			case '\'':
				b.WriteString(text[m[1]:])
			case '_':
				b.WriteString(text)
			default:
				b.WriteString(p.text)
			}
			if b.Len() > limit {
				return
			}
		}
	})
	b.WriteString(text[last:])
	if err == nil && b.Len() > limit {
		err = &UnsupportedError{What: "a replacement that yields more than " + strconv.Itoa(limit) + " bytes"}
	}
	if err != nil {
		return "", err
	}
	return b.String(), nil
}

// replacement splits a replacement. A $ that names no group is a character like others.
func (r *Regexp) replacement(s string) ([]piece, error) {
	var out []piece
	whole := s
	for s != "" {
		i := strings.IndexByte(s, '$')
		if i < 0 || i+1 == len(s) {
			break
		}
		if i > 0 {
			out = append(out, piece{kind: 't', text: s[:i]})
		}
		s = s[i+1:]
		p, width := r.substitution(s)
		switch {
		case p.kind == '+':
			return nil, &UnsupportedError{What: "$+ in a replacement", At: len([]rune(whole[:len(whole)-len(s)]))}
		case width == 0:
			p = piece{kind: 't', text: "$"}
		}
		out = append(out, p)
		s = s[width:]
	}
	if s != "" {
		out = append(out, piece{kind: 't', text: s})
	}
	return out, nil
}

// substitution reads what follows a $; width is 0 where that names nothing.
func (r *Regexp) substitution(s string) (p piece, width int) {
	switch s[0] {
	case '$':
		return piece{kind: 't', text: "$"}, 1
	case '&':
		return piece{kind: 'g'}, 1
	case '`', '\'', '_', '+':
		return piece{kind: s[0]}, 1
	case '{':
		end := strings.IndexByte(s, '}')
		if end < 0 {
			return p, 0
		}
		if at, ok := r.ordinal(s[1:end]); ok {
			return piece{kind: 'g', at: at}, end + 1
		}
		return p, 0
	}
	n := len(s) - len(strings.TrimLeft(s, "0123456789"))
	if at, ok := r.ordinal(s[:n]); ok && n > 0 {
		return piece{kind: 'g', at: at}, n
	}
	return p, 0
}

// ordinal finds a group by number or name.
func (r *Regexp) ordinal(name string) (int, bool) {
	if at := r.names[name]; at > 0 {
		return at, true
	}
	number, err := strconv.Atoi(name)
	if err != nil || strings.Trim(name, "0123456789") != "" {
		return 0, false
	}
	if number == 0 {
		return 0, true
	}
	for i, g := range r.groups {
		if g.number == number {
			return i + 1, true
		}
	}
	return 0, false
}
