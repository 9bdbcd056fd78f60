package plan

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scope"
)

// why says in one sentence what led to a step. What is noted of a subject belongs to the steps of its reason alone.
func (t *teller) why(s *step) string {
	switch {
	case s.kind == kindUser && s.source != none && s.op != opDeactivate:
		if note := t.notes[subject{kindUser, s.source}]; note != "" && t.userReason[s.source] == s.reason {
			return note
		}
		if s.op == opCreate || s.op == opReactivate {
			return sentence(s.reason.Text(), t.led(s.source))
		}
	case s.kind == kindGroup && s.source != none:
		if note := t.notes[subject{kindGroup, s.source}]; note != "" && t.groupReason[s.source] == s.reason {
			return note
		}
	}
	return s.reason.Text()
}

func sentence(parts ...string) string {
	return strings.Join(slices.DeleteFunc(parts, func(s string) bool { return s == "" }), "; ")
}

// led says what brings a user into scope: the group, and the nesting that leads from it to the user.
func (t *teller) led(u uint32) string {
	g := t.sel.Through[u]
	if g == scope.NoGroup {
		if t.in.Source.All {
			return "everybody is assigned"
		}
		return "assigned"
	}
	return strings.Join(t.chain(g, u), " ← ")
}

// chain are the names of the groups from one in scope down to the one that holds the user.
func (t *teller) chain(g, u uint32) []string {
	var names []string
	groups := []uint32{g}
	if !t.in.Source.Graph.HasUser(g, u) {
		if t.in.Rules.Scope.Bounded(t.in.Source, g) {
			groups = t.ways.Chain(g, u)
		} else {
			t.walk.Up(u)
			groups = t.walk.Chain(g)
		}
	}
	for _, group := range groups {
		names = append(names, t.in.Source.Groups.Text(group, 1))
	}
	return names
}
