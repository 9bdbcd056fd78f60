package entra

import "strings"

// filterToken is a word, a text in quotes (kind 's', unquoted) or one of ( ) , : as itself.
type filterToken struct {
	kind byte // 'w' word, 's' text, 'p' punctuation
	text string
}

// scan splits a $filter into tokens. A quote inside a text is doubled.
func scan(s string) ([]filterToken, error) {
	var out []filterToken
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == ' ' || c == '\t':
			i++
		case c == '\'':
			var b strings.Builder
			i++
			for {
				end := strings.IndexByte(s[i:], '\'')
				if end < 0 {
					return nil, badFilter("There is an unterminated string literal in the filter.")
				}
				b.WriteString(s[i : i+end])
				i += end + 1
				if i >= len(s) || s[i] != '\'' {
					break
				}
				b.WriteByte('\'')
				i++
			}
			out = append(out, filterToken{'s', b.String()})
		case strings.IndexByte("(),", c) >= 0:
			out = append(out, filterToken{'p', string(c)})
			i++
		case c == ':': // after a lambda's variable; inside a moment it belongs to the word
			out = append(out, filterToken{'p', ":"})
			i++
		default:
			start := i
			digits := c >= '0' && c <= '9'
			for i < len(s) && strings.IndexByte(" \t'(),", s[i]) < 0 && (s[i] != ':' || digits) {
				i++
			}
			if i == start {
				return nil, invalidClause
			}
			out = append(out, filterToken{'w', s[start:i]})
		}
	}
	if len(out) == 0 {
		return nil, invalidClause
	}
	return out, nil
}

func (p *filterParser) word() (string, bool) {
	if p.at < len(p.toks) && p.toks[p.at].kind == 'w' {
		p.at++
		return p.toks[p.at-1].text, true
	}
	return "", false
}

func (p *filterParser) literal() (literal, bool) {
	if p.at >= len(p.toks) || p.toks[p.at].kind == 'p' {
		return literal{}, false
	}
	t := p.toks[p.at]
	p.at++
	switch {
	case t.kind == 's':
		return literal{'s', t.text}, true
	case t.text == "null":
		return literal{kind: 'n'}, true
	case t.text == "true" || t.text == "false":
		return literal{'b', t.text}, true
	case strings.IndexByte("0123456789abcdefABCDEF-", t.text[0]) >= 0:
		return literal{'d', t.text}, true
	}
	return literal{}, false
}
