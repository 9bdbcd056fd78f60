package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Scope says who is in.
type Scope struct {
	Assigned bool     // what is assigned to the application (default); false: what Groups select
	Groups   []Group  // in the file's order: the first that fits a group's name counts
	Filters  []Filter // joined by OR; none: everybody
}

// Group says how the groups of a name are taken.
type Group struct {
	Name         string   // a pattern: * is any text, ? any one character
	Nested       string   // Flatten (default) or Direct
	Depth        int      // levels of nesting that are followed; 0: all
	Exclude      []string // patterns of names that are left out
	Line, Column int
}

// The values of Group.Nested.
const (
	Flatten = "flatten" // with everybody whom any nesting leads in
	Direct  = "direct"  // with direct members alone
)

// maxGroups bounds the patterns of one connection, since each is compared with those before it.
const maxGroups = 1000

func (p *parser) scope(v value) Scope {
	out := Scope{Assigned: true}
	found := p.mapping(v, "`assigned`, `groups`, `filters`", []field{
		{key: "assigned", read: func(v value) { out.Assigned = p.boolean(v) }},
		{key: "groups", read: func(v value) { out.Groups = p.groups(v) }},
		{key: "filters", read: func(v value) { out.Filters = p.filters(v) }},
	})
	groups, listed := found["groups"]
	if assigned, ok := found["assigned"]; ok && assigned.Tag == boolTag && !out.Assigned && (!listed || groups.Kind == sequenceNode && len(groups.Content) == 0) {
		p.faultKey(assigned, "`assigned: false` without `groups`: nobody would be in scope", "name the groups, or leave `assigned` out")
	}
	return out
}

func (p *parser) groups(v value) []Group {
	items, ok := p.list(v, "a list of groups")
	if ok && len(items) > maxGroups {
		p.fault(v, fmt.Sprintf("%d groups, more than %d", len(items), maxGroups), "patterns such as `jira-*` stand for many")
		return nil
	}
	var out []Group
	for _, item := range items {
		g := p.group(item)
		for _, first := range out {
			if g.Name == "" || !first.covers(g.Name) {
				continue
			}
			what := show(g.Name) + " is covered by " + show(first.Name)
			if g.Name == first.Name {
				what = show(g.Name) + " a second time"
			}
			p.faultAt(g.Line, g.Column, item.path+".name", fmt.Sprintf("%s in line %d, which comes first: this one never applies", what, first.Line),
				"put the narrower pattern first, or remove one")
			break
		}
		out = append(out, g)
	}
	return out
}

func (p *parser) group(v value) Group {
	g := Group{Nested: Flatten, Line: v.Line, Column: v.Column}
	if v.scalar() && !v.null() {
		p.fault(v, "a group is written with its keys", "`{name: "+strconv.Quote(v.Value)+"}`")
		return g
	}
	found := p.mapping(v, "a group: `{name: PATTERN, nested: …}`", []field{
		{key: "name", need: true, read: func(v value) {
			g.Name, _ = p.text(v, "a group's name or a pattern")
			g.Line, g.Column = v.Line, v.Column
		}},
		{key: "nested", read: func(v value) { g.Nested = p.choice(v, Flatten, Direct) }},
		{key: "depth", read: func(v value) { g.Depth = p.count(v, "a number of levels") }},
		{key: "exclude", read: func(v value) { g.Exclude = p.texts(v, "a list of names or patterns") }},
	})
	if depth, ok := found["depth"]; ok && g.Nested == Direct {
		p.faultKey(depth, "`depth` with `nested: direct`, which follows no nesting", "leave it out, or write `nested: flatten`")
	}
	for i, pattern := range g.Exclude {
		if g.Name != "" && (pattern == g.Name || globCovers(pattern, g.Name)) {
			p.fault(found["exclude"].item(i), show(pattern)+" leaves out everything that "+show(g.Name)+" selects", "remove one of them")
		}
	}
	return g
}

// covers tells whether nothing is left for a later pattern. What the first one leaves out may still be meant for it.
func (g Group) covers(later string) bool {
	return g.Name != "" && (g.Name == later || len(g.Exclude) == 0 && globCovers(g.Name, later))
}

// globCovers tells whether a pattern fits every text that another pattern fits. It may miss a case in which it does
// (**? and the like), never claim one in which it does not.
func globCovers(wide, narrow string) bool {
	w, n := []rune(wide), []rune(narrow)
	i, j, star, mark := 0, 0, -1, 0
	for j < len(n) {
		switch {
		case i < len(w) && w[i] == '*':
			star, mark = i, j
			i++
		case i < len(w) && n[j] != '*' && (w[i] == '?' || w[i] == n[j]):
			i++
			j++
		case star >= 0: // the star takes one more
			mark++
			i, j = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(string(w[i:]), "*") == ""
}
