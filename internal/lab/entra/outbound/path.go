package outbound

import (
	"slices"
	"strings"
)

// path is an attribute of the target as mappings name it: userName, name.givenName, emails[type eq "work"].value,
// urn:…:User:department.
type path struct {
	schema    string // of an extension, "" for the core
	name, sub string
	by, equal string // [by eq "equal"]
}

func parsePath(s string) path {
	var p path
	head, filter, filtered := strings.Cut(s, "[")
	if strings.HasPrefix(strings.ToLower(head), "urn:") {
		i := strings.LastIndexByte(head, ':')
		p.schema, head = head[:i], head[i+1:]
		if isCore(p.schema) {
			p.schema = ""
		}
	}
	p.name, p.sub, _ = strings.Cut(head, ".")
	if !filtered {
		return p
	}
	inside, rest, _ := strings.Cut(filter, "]")
	p.sub = strings.TrimPrefix(rest, ".")
	if f := strings.Fields(inside); len(f) >= 3 && strings.EqualFold(f[1], "eq") {
		p.by, p.equal = f[0], strings.Trim(strings.Join(f[2:], " "), `"`)
	}
	return p
}

func isCore(schema string) bool {
	return strings.HasPrefix(strings.ToLower(schema), "urn:ietf:params:scim:schemas:core:")
}

// find looks a name up in any letter case.
func find(m map[string]any, name string) any {
	if v, ok := m[name]; ok {
		return v
	}
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		if strings.EqualFold(k, name) {
			return m[k]
		}
	}
	return nil
}

// Value reads an attribute of a resource as text: Booleans as True and False; nil where there is none.
func (r Resource) Value(target string) []string {
	p := parsePath(target)
	in := map[string]any(r)
	if p.schema != "" {
		v := find(in, p.schema)
		in, _ = v.(map[string]any)
	}
	v := find(in, p.name)
	if p.by == "" {
		if m, ok := v.(map[string]any); ok && p.sub != "" {
			v = find(m, p.sub)
		} else if ok {
			v = find(m, "value")
		}
		return texts(v)
	}
	list, _ := v.([]any)
	for _, e := range list {
		m, _ := e.(map[string]any)
		if is := find(m, p.by); m == nil || !slices.ContainsFunc(texts(is), func(s string) bool { return strings.EqualFold(s, p.equal) }) {
			continue
		}
		sub := p.sub
		if sub == "" {
			sub = "value"
		}
		v = find(m, sub)
		return texts(v)
	}
	return nil
}

func texts(v any) []string {
	switch v := v.(type) {
	case string:
		if v == "" {
			return nil
		}
		return []string{v}
	case bool:
		if v {
			return []string{"True"}
		}
		return []string{"False"}
	case []any:
		var out []string
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				e = find(m, "value")
			}
			out = append(out, texts(e)...)
		}
		return out
	}
	return nil
}

// Holds tells whether the target's values are the field's already. Roles are compared by their value: all of them, or
// with an assertive mapping exactly them.
func (f Field) Holds(have []string) bool {
	if !f.roles() {
		return Same(have, f.Value)
	}
	for _, s := range f.Value {
		value, _, ok := appRole(s)
		if !ok {
			value = s
		}
		held := func(h string) bool {
			v, _, ok := appRole(h)
			return h == value || ok && v == value
		}
		if !slices.ContainsFunc(have, held) {
			return false
		}
	}
	return !f.Assertive || len(have) == len(f.Value)
}

// Same compares an attribute's value with what it should be. Booleans are compared without case, text exactly: the
// service sets caseExact for pure changes of case only, which the lab leaves to the target.
func Same(have, want []string) bool {
	return slices.EqualFunc(have, want, func(a, b string) bool {
		return a == b || isTruth(a) && strings.EqualFold(a, b)
	})
}

func isTruth(s string) bool { return strings.EqualFold(s, "true") || strings.EqualFold(s, "false") }
