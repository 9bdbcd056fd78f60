package plan

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Canonical is the rules in one text: equal texts, equal rules. It goes into the digest of a plan, so that a plan that
// was made by other rules is known by it.
func (r *Rules) Canonical() string {
	var b strings.Builder
	line := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	s := &r.Scope
	line("%s %s", r.Connection, r.Method)
	line("scope assigned=%t nested=%s nested-too=%t no-groups=%t limit=%d", s.Assigned, s.Nested, s.NestedToo, s.NoGroups, s.GroupLimit)
	for _, g := range s.Groups {
		line("scope group %q %s depth=%d exclude=%q", g.Name, g.Nested, g.Depth, g.Exclude)
	}
	if s.Domains != nil {
		line("scope domains %q", slices.Sorted(maps.Keys(s.Domains)))
	}
	b.WriteString(r.Mapping.Text()) // the scoping filters stand there
	line("match %q", r.Match)
	for _, p := range r.Policies {
		line("policy %q %s equal=%t", p.Group, p.ID, p.Equal)
	}
	for c := range classes {
		line("limit %s %s %s", c, r.Limits[c].Run, r.Limits[c].Day)
	}
	return b.String()
}
