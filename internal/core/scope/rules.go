package scope

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// How a group's nested groups are read.
const (
	Flatten = "flatten" // whoever is in a group inside the group is a member, over any depth
	Direct  = "direct"  // only direct members
)

// Rules say who is in scope of a connection.
type Rules struct {
	Assigned bool        // what is assigned to the application; false: the groups that a rule of Groups names
	Groups   []GroupRule // the first rule whose pattern fits decides for a group

	Nested      string // for groups without a rule
	NestedToo   bool   // groups inside a group in scope are provisioned as groups of their own (Guard's connector)
	NoGroups    bool   // groups are not provisioned; they only lead to users
	GroupLimit  int    // most members that one group gets (Guard's connector); 0: any number
	UserFilter  *Filter
	GroupFilter *Filter

	// Domains, folded, limit members to addresses of these domains (Guard's connector); nil: no limit. Guests are let
	// through.
	Domains map[string]bool
}

// GroupRule says how groups of a name are read.
type GroupRule struct {
	Name    string   // a pattern: * is any text, ? any character; letter case does not count
	Nested  string   // Flatten or Direct
	Depth   int      // levels of nested groups that are read; 0: any
	Exclude []string // patterns of groups that are neither provisioned nor read inside others
}

// rule finds the rule of a group. named tells whether there is one.
func (r *Rules) rule(name string) (rule GroupRule, named bool) {
	if at := r.ruleOf(name); at >= 0 {
		return r.Groups[at], true
	}
	return GroupRule{Nested: r.Nested}, false
}

// ruleOf is the place of a group's rule among the rules; -1 where it has none.
func (r *Rules) ruleOf(name string) int {
	return slices.IndexFunc(r.Groups, func(g GroupRule) bool { return Like(g.Name, name) })
}

func (g *GroupRule) excludes(name string) bool {
	return slices.ContainsFunc(g.Exclude, func(pattern string) bool { return Like(pattern, name) })
}

// depth is how many levels of nested groups are read; negative: any.
func (g *GroupRule) depth() int {
	switch {
	case g.Nested == Direct:
		return 0
	case g.Depth > 0:
		return g.Depth
	}
	return -1
}

// Like tells whether a name fits a pattern, in which * stands for any text and ? for any one character. Letter case
// does not count, as in no service's group names. It takes time in the product of both lengths at most.
func Like(pattern, name string) bool {
	p, n := []rune(document.Fold(pattern)), []rune(document.Fold(name))
	if !strings.ContainsAny(pattern, "*?") {
		return string(p) == string(n)
	}
	at, star, mark := 0, -1, 0
	for i := 0; i < len(n); {
		switch {
		case at < len(p) && p[at] == '*':
			star, mark = at, i
			at++
		case at < len(p) && (p[at] == '?' || p[at] == n[i]):
			at++
			i++
		case star >= 0:
			mark++
			at, i = star+1, mark
		default:
			return false
		}
	}
	for at < len(p) && p[at] == '*' {
		at++
	}
	return at == len(p)
}

// Bounded tells whether the rules limit how far nesting leads from a group.
func (r *Rules) Bounded(s *directory.Snapshot, group uint32) bool {
	rule, _ := r.rule(s.Groups.Text(group, 1))
	return rule.depth() >= 0 || len(rule.Exclude) > 0
}
