package entra

import (
	"bytes"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// matcher decides whether an object passes a filter. Directory objects are compared without regard to case, the
// provisioning log with.
type matcher struct{ exact bool }

func (m matcher) object(n *node, o *object) bool {
	if n == nil {
		return true
	}
	return m.value(n, func(path []string) jsontext.Value { return dig(o.get(path[0]), path[1:]) })
}

// dig follows a path into nested JSON.
func dig(raw jsontext.Value, path []string) jsontext.Value {
	for _, name := range path {
		var m map[string]jsontext.Value
		if raw.Kind() != '{' || json.Unmarshal(raw, &m) != nil {
			return nil
		}
		raw = m[name]
	}
	return raw
}

func (m matcher) value(n *node, get func([]string) jsontext.Value) bool {
	switch n.op {
	case "and":
		for _, a := range n.args {
			if !m.value(a, get) {
				return false
			}
		}
		return true
	case "or":
		for _, a := range n.args {
			if m.value(a, get) {
				return true
			}
		}
		return false
	case "not":
		return !m.value(n.args[0], get)
	case "any":
		return m.any(n, get(n.path))
	case "ne":
		return !m.equal(get(n.path), n.lits[0])
	case "eq", "in":
		raw := get(n.path)
		for _, l := range n.lits {
			if m.equal(raw, l) {
				return true
			}
		}
		return false
	case "startswith", "endswith", "contains":
		return m.part(n.op, get(n.path), n.lits[0].text)
	}
	return ordered(n.op, unquote(get(n.path)), n.lits[0].text)
}

func (m matcher) any(n *node, raw jsontext.Value) bool {
	var all []jsontext.Value
	if raw.Kind() != '[' || json.Unmarshal(raw, &all) != nil {
		return false
	}
	for _, v := range all {
		if m.value(n.args[0], func(path []string) jsontext.Value { return dig(v, path) }) {
			return true
		}
	}
	return false
}

func (m matcher) equal(raw jsontext.Value, l literal) bool {
	absent := len(raw) == 0 || raw[0] == 'n'
	switch {
	case l.kind == 'n' || absent:
		return l.kind == 'n' && absent
	case l.kind == 'b':
		return string(raw) == l.text
	case raw[0] != '"':
		return string(raw) == l.text
	case l.kind == 'd':
		a, b := moment(unquote(raw)), moment(l.text)
		return !a.IsZero() && a.Equal(b) || strings.EqualFold(unquote(raw), l.text)
	case m.exact:
		return unquote(raw) == l.text
	case bytes.IndexByte(raw, '\\') < 0:
		return len(raw)-2 == len(l.text) && bytes.EqualFold(raw[1:len(raw)-1], []byte(l.text)) ||
			strings.EqualFold(string(raw[1:len(raw)-1]), l.text)
	}
	return strings.EqualFold(unquote(raw), l.text)
}

func (m matcher) part(op string, raw jsontext.Value, want string) bool {
	if len(raw) == 0 || raw[0] != '"' {
		return false
	}
	s := unquote(raw)
	if !m.exact {
		s, want = fold(s), fold(want)
	}
	switch op {
	case "startswith":
		return strings.HasPrefix(s, want)
	case "endswith":
		return strings.HasSuffix(s, want)
	}
	return strings.Contains(s, want)
}

// ordered compares moments. Anything else has no order here.
func ordered(op, a, b string) bool {
	x, y := moment(a), moment(b)
	if x.IsZero() || y.IsZero() {
		return false
	}
	switch c := x.Compare(y); op {
	case "gt":
		return c > 0
	case "ge":
		return c >= 0
	case "lt":
		return c < 0
	default:
		return c <= 0
	}
}

// points gives the ids or user principal names that a filter asks for one by one, so that they need no search. It
// is nil if the filter asks otherwise.
func points(n *node) []literal {
	switch {
	case n == nil:
		return nil
	case (n.op == "eq" || n.op == "in") && len(n.path) == 1 && (n.path[0] == "id" || n.path[0] == "userPrincipalName"):
		return n.lits
	case n.op == "and":
		for _, a := range n.args {
			if p := points(a); p != nil {
				return p
			}
		}
	case n.op == "or":
		var all []literal
		for _, a := range n.args {
			p := points(a)
			if p == nil {
				return nil
			}
			all = append(all, p...)
		}
		return all
	}
	return nil
}
