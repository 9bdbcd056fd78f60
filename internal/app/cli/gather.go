package cli

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// Findings put into the order in which people want to read them.

// split parts findings about people, by verdict, from findings about groups.
func split(all []trace.Finding) (people map[trace.Verdict][]*trace.Finding, groups []*trace.Finding) {
	people = map[trace.Verdict][]*trace.Finding{}
	for i := range all {
		f := &all[i]
		if f.Subject.Kind == "group" {
			if f.Verdict != trace.Present {
				groups = append(groups, f)
			}
			continue
		}
		people[f.Verdict] = append(people[f.Verdict], f)
	}
	return people, groups
}

// bundleOf is the findings with one cause.
type bundleOf struct {
	code cause.Code
	list []*trace.Finding
}

// byCause gathers findings by cause, the most people first, then the code.
func byCause(list []*trace.Finding) []bundleOf {
	at := map[cause.Code]int{}
	var out []bundleOf
	for _, f := range list {
		i, ok := at[f.Cause]
		if !ok {
			i = len(out)
			at[f.Cause] = i
			out = append(out, bundleOf{code: f.Cause})
		}
		out[i].list = append(out[i].list, f)
	}
	slices.SortStableFunc(out, func(a, b bundleOf) int {
		if x, y := headcount(a.list), headcount(b.list); x != y {
			return y - x
		}
		return cause.Compare(a.code, b.code)
	})
	return out
}

// headcount counts people: somebody who is missing from three groups is one person.
func headcount(list []*trace.Finding) int {
	seen := make(map[string]bool, len(list))
	for _, f := range list {
		seen[f.Subject.ID+"\x00"+f.Subject.Name] = true
	}
	return len(seen)
}

// affected counts the people who miss a membership, by group.
func affected(all []trace.Finding) map[string]int {
	n := map[string]int{}
	for i := range all {
		if s := all[i].Subject; s.Kind == "membership" && all[i].Verdict != trace.Present {
			n[s.Group]++
		}
	}
	return n
}
