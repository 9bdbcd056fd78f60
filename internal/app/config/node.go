package config

import (
	"slices"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v4"
)

const (
	scalarNode   = yaml.ScalarNode
	sequenceNode = yaml.SequenceNode
	mappingNode  = yaml.MappingNode

	nullTag  = "!!null"
	boolTag  = "!!bool"
	intTag   = "!!int"
	mergeTag = "!!merge"
)

// value is a node of the file with the path that leads to it.
type value struct {
	*yaml.Node
	path   string     // connections[0].scope.groups[1].nested
	key    string     // the last key of the path
	at     *yaml.Node // the key's own node; nil for an item of a list
	hidden bool       // it stands where a secret belongs, so nothing of it is shown, no key either
}

// entry is a pair of a mapping.
type entry struct{ value }

// field is a key that a mapping knows.
type field struct {
	key  string
	need bool
	read func(v value)
}

func (v value) scalar() bool { return v.Kind == yaml.ScalarNode }
func (v value) null() bool   { return v.scalar() && v.Tag == nullTag }

func (v value) item(i int) value {
	return value{Node: v.Content[i], path: v.path + "[" + strconv.Itoa(i) + "]", hidden: v.hidden}
}

// pairs are the entries of a mapping, those with odd keys too.
func (v value) pairs() []entry {
	out := make([]entry, 0, len(v.Content)/2)
	for i := 0; i+1 < len(v.Content); i += 2 {
		k := v.Content[i]
		e := entry{value{Node: v.Content[i+1], path: v.path, key: k.Value, at: k, hidden: v.hidden}}
		switch {
		case v.hidden:
			e.path += "." + mask
		case v.path == "":
			e.path = clean(k.Value)
		case k.Value == "" || strings.ContainsAny(k.Value, ". []\""): // not clear behind a dot
			e.path += `["` + clean(k.Value) + `"]`
		default:
			e.path += "." + clean(k.Value)
		}
		isSecret := looksSecret
		if strings.HasPrefix(v.path, "notify") {
			isSecret = notifySecret
		}
		e.hidden = e.hidden || isSecret(k.Value)
		out = append(out, e)
	}
	return out
}

// is reports a value of another kind than the wanted one. Aliases were reported before.
func (v value) is(want string, p *parser, kind yaml.Kind) bool {
	if v.Kind == kind || v.Kind == yaml.AliasNode {
		return v.Kind == kind
	}
	p.fault(v, "expected "+want+", found "+v.describe(), "")
	return false
}

func (v value) describe() string {
	switch {
	case v.Kind == yaml.MappingNode:
		return "a mapping (key: value)"
	case v.Kind == yaml.SequenceNode:
		return "a list"
	case v.null():
		return "nothing"
	case v.Tag == boolTag:
		return "true or false"
	case v.Tag == intTag || v.Tag == "!!float":
		return "a number"
	}
	return "a text"
}

// mapping reads a mapping by the keys that it knows and gives back the values it found. It is nil where the value is
// no mapping.
func (p *parser) mapping(v value, want string, fields []field) map[string]value {
	for _, f := range fields {
		p.known[f.key] = true
	}
	if !v.is(want, p, yaml.MappingNode) {
		return nil
	}
	var names []string
	for _, f := range fields {
		names = append(names, f.key)
	}
	found := map[string]value{}
	for _, e := range p.entries(v, want) {
		i := slices.Index(names, e.key)
		if i < 0 {
			hint := "known here: " + list(names)
			if near := nearest(e.key, names); near != "" {
				hint = mean(near)
			}
			p.strange[e.Node] = true
			p.faultKey(e.value, "unknown key "+show(e.key), hint)
			continue
		}
		found[e.key] = e.value
		fields[i].read(e.value)
	}
	for _, f := range fields {
		if _, ok := found[f.key]; f.need && !ok {
			p.fault(v, "`"+f.key+"` is missing", "")
		}
	}
	return found
}

// entries are the pairs of a mapping with text keys, each key once; plain has reported the others.
func (p *parser) entries(v value, want string) []entry {
	if !v.is(want, p, yaml.MappingNode) {
		return nil
	}
	seen := map[string]bool{}
	return slices.DeleteFunc(v.pairs(), func(e entry) bool {
		odd := e.at.Kind != yaml.ScalarNode || e.at.Tag == mergeTag || seen[e.key]
		seen[e.key] = true
		return odd
	})
}

// list reads a list; ok is false where the value is none.
func (p *parser) list(v value, want string) (items []value, ok bool) {
	if !v.is(want, p, yaml.SequenceNode) {
		return nil, false
	}
	for i := range v.Content {
		items = append(items, v.item(i))
	}
	return items, true
}

// text reads a text, a number or a Boolean as it is written.
func (p *parser) text(v value, want string) (string, bool) {
	if !v.is(want, p, yaml.ScalarNode) {
		return "", false
	}
	s := v.Value
	if v.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		s = strings.TrimRight(s, "\n")
	}
	switch {
	case v.null():
		p.fault(v, "expected "+want+", found nothing", "")
		return "", false
	case strings.TrimSpace(s) == "":
		p.fault(v, "expected "+want+", found an empty text", "")
		return "", false
	case strings.ContainsFunc(s, func(r rune) bool { return unicode.IsControl(r) && r != '\n' && r != '\t' }):
		p.fault(v, "a text with control characters", "")
		return "", false
	}
	return s, true
}

func (p *parser) texts(v value, want string) []string {
	items, _ := p.list(v, want)
	var out []string
	for _, item := range items {
		s, _ := p.text(item, "a text")
		out = append(out, s)
	}
	return out
}

// choice reads one of a few words.
func (p *parser) choice(v value, words ...string) string {
	s, ok := p.text(v, "one of "+list(words))
	switch {
	case !ok || slices.Contains(words, s):
	case nearest(s, words) != "":
		p.fault(v, "unknown value "+show(s), mean(nearest(s, words))+" "+allowed(words))
	default:
		p.fault(v, "unknown value "+show(s), allowed(words))
	}
	return s
}

func (p *parser) boolean(v value) bool {
	switch {
	case !v.is("true or false", p, yaml.ScalarNode):
	case v.Tag != boolTag:
		p.fault(v, "expected true or false, found "+v.describe(), "write `true` or `false`, without quotes")
	}
	return strings.EqualFold(v.Value, "true")
}
