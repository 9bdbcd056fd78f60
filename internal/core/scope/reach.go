package scope

import (
	"sync"
	"sync/atomic"

	"github.com/rollcall/rollcall/internal/core/directory"
)

// barred remembers which groups each rule excludes: nesting comes to one group from many, and comparing a name with
// patterns takes long. It is safe for concurrent use.
type barred []struct {
	once   sync.Once
	groups []atomic.Uint32 // two bits for each group, sixteen to a word: 1 was asked, 2 is excluded
}

// excludes tells whether the rule excludes a group.
func (b barred) excludes(s *directory.Snapshot, r *Rules, rule int, group uint32) bool {
	of := &b[rule]
	of.once.Do(func() { of.groups = make([]atomic.Uint32, s.Groups.Len()/16+1) })
	word, shift := &of.groups[group/16], group%16*2
	if known := word.Load() >> shift; known&1 != 0 {
		return known&2 != 0
	}
	found := r.Groups[rule].excludes(s.Groups.Text(group, 1))
	bits := uint32(1)
	if found {
		bits |= 2
	}
	word.Or(bits << shift)
	return found
}

// reach says how far nesting leads from a group in scope.
func (sel *Selection) reach(s *directory.Snapshot, r *Rules, group uint32, steps *int) directory.Reach {
	at := r.ruleOf(s.Groups.Text(group, 1))
	if at < 0 {
		rule := GroupRule{Nested: r.Nested}
		return directory.Reach{Depth: rule.depth(), Steps: steps}
	}
	rule := &r.Groups[at]
	out := directory.Reach{Depth: rule.depth(), Steps: steps}
	if len(rule.Exclude) > 0 {
		out.Enter = func(g uint32) bool { return !sel.barred.excludes(s, r, at, g) }
	}
	return out
}
