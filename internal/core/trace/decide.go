package trace

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
)

// outcome is what the facts say of one possible cause.
type outcome uint8

const (
	refuted outcome = iota
	proven
	unknown
)

// noGroup marks a finding about the person, not about one membership.
const noGroup = -1

// finding is one cause that is proven, or that could not be refuted because facts are missing.
type finding struct {
	code     cause.Code
	state    outcome
	verdict  Verdict
	hop      cause.Hop
	group    int32 // ordinal of the expected group, or noGroup
	summary  string
	evidence []Evidence
	values   values
	fix      []string // in place of the catalogue's steps, where they do not fit
	tell     string   // where the state is unknown: what would tell
}

// values fill the placeholders of the catalogue's texts.
type values map[string]string

// ruling is what the findings of one inquiry come to.
type ruling struct {
	main         *finding
	also         []*finding
	alternatives []Alternative
	open         bool // causes are proven or a symptom is there, but what outranks them could not be refuted
}

// decide applies the catalogue's order. A proven cause falls when another proven cause outranks it. It cannot be
// named while a cause that outranks it is neither proven nor refuted: the same facts would then fit both.
func decide(found []*finding) ruling {
	var r ruling
	var standing, blocked []*finding
	for _, f := range found {
		if f.state != proven || outranked(f, found, proven) {
			continue
		}
		if outranked(f, found, unknown) || doubted(f, found) {
			blocked = append(blocked, f)
		} else {
			standing = append(standing, f)
		}
	}
	standing = slices.DeleteFunc(slices.Clone(standing), func(f *finding) bool { return yields(f, standing) })
	for _, f := range standing {
		if r.main == nil || heavier(f, r.main) {
			r.main = f
		}
	}
	for _, f := range standing {
		if r.main != nil && f.code != r.main.code && !slices.ContainsFunc(r.also, func(a *finding) bool { return a.code == f.code }) {
			r.also = append(r.also, f)
		}
	}
	slices.SortStableFunc(r.also, func(a, b *finding) int {
		if heavier(a, b) {
			return -1
		}
		return 1
	})
	r.open = r.main == nil && len(blocked) > 0
	if r.open {
		r.alternatives = open(found, blocked)
	}
	return r
}

// doubted tells whether a finding that yields to any other stands beside one that could not be refuted.
func doubted(f *finding, found []*finding) bool {
	k, ok := cause.Get(f.code)
	return ok && k.Yields && slices.ContainsFunc(found, func(o *finding) bool { return o.state == unknown && (o.group == noGroup || o.group == f.group) })
}

// yields tells whether a finding is no news beside another one about the same person or membership. That somebody is
// still active is news beside what keeps them out: nothing else says so.
func yields(f *finding, standing []*finding) bool {
	if k, ok := cause.Get(f.code); !ok || !k.Yields {
		return false
	}
	return slices.ContainsFunc(standing, func(o *finding) bool {
		return o.code != f.code && (o.group == noGroup || o.group == f.group) && (f.verdict != Extra || o.verdict == Extra)
	})
}

// outranked tells whether a finding in that state outranks f. A finding about one membership says nothing about
// another membership or about the person.
func outranked(f *finding, found []*finding, state outcome) bool {
	return slices.ContainsFunc(found, func(o *finding) bool {
		return o.state == state && cause.Outranks(o.code, f.code) && (o.group == noGroup || o.group == f.group)
	})
}

// heavier orders independent causes: what hides the whole person before what hides a membership, what is missing
// before what is wrong, then the catalogue's order, which puts a person's own trouble before that of everybody.
func heavier(a, b *finding) bool {
	if (a.group == noGroup) != (b.group == noGroup) && a.verdict == b.verdict {
		return a.group == noGroup
	}
	if a.verdict != b.verdict {
		return gravity(a.verdict) < gravity(b.verdict)
	}
	return cause.Compare(a.code, b.code) < 0
}

func gravity(v Verdict) int {
	return slices.Index([]Verdict{Extra, Missing, Unknown, Wrong, Present}, v)
}

// open lists the causes that fit the facts, with what would tell them apart.
func open(found, blocked []*finding) []Alternative {
	var out []Alternative
	add := func(c cause.Code, tell string) {
		if !slices.ContainsFunc(out, func(a Alternative) bool { return a.Cause == c }) {
			out = append(out, Alternative{c, tell})
		}
	}
	for _, f := range found {
		if f.state == unknown && slices.ContainsFunc(blocked, func(b *finding) bool {
			return (cause.Outranks(f.code, b.code) || doubted(b, []*finding{f})) && (f.group == noGroup || f.group == b.group)
		}) {
			add(f.code, f.tell)
		}
	}
	for _, f := range blocked {
		add(f.code, "it remains when the others are ruled out")
	}
	return out
}
