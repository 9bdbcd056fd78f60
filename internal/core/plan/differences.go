package plan

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// compareUsers finds the columns that differ of everybody who has a record. Workers share the users out.
func (p *planner) compareUsers() {
	p.changed = make([]uint64, len(p.userReason))
	directory.Share(len(p.changed), 1000).Work(func(_, from, to int) {
		for u := from; u < to; u++ {
			if h := p.users.Present[u]; h != match.None && p.sel.Users[u] == scope.In {
				p.changed[u] = p.differences(uint32(u), h)
			}
		}
	})
}

// differences are the columns that differ. Rows that are equal as a whole, nearly all of them, cost one comparison.
func (p *planner) differences(u, h uint32) uint64 {
	want, have := p.want.State.Users.Row(u).After(1), p.have.Users.Row(h).After(1)
	if len(have) > len(want) && have[:len(want)] == want {
		return 0
	}
	var fields uint64
	for i := range p.columns {
		if p.differs(i, u, want.Cell(i), have.Cell(i)) {
			fields |= 1 << i
		}
	}
	return fields
}

// differs compares one value. What was not told on either side is left alone; so is what is written on creation only.
func (p *planner) differs(i int, u uint32, want, have document.AttributeValue) bool {
	c := p.columns[i]
	switch {
	case !want.Known || !have.Known || c.Unwritten || c.CreateOnly:
		return false
	case want.Null && (c.Keeps || p.Method == document.EntraSCIM): // Entra's service writes no null (entra.md 2.5)
		return false
	case want.Null && (have.Empty() || p.required(i)):
		return false
	case want.Null != have.Null:
	case want.Multi() || have.Multi():
		if slices.Equal(want.Values, have.Values) {
			return false
		}
	case want.Text == have.Text, c.FoldCase && strings.EqualFold(want.Text, have.Text):
		return false
	}
	return !p.want.FromDefault(u, i)
}

// required tells whether the target refuses a user without the attribute: it is never cleared.
func (p *planner) required(i int) bool {
	return slices.Contains(p.holders.columns, i+1)
}

// allColumns are the fields of somebody new.
const allColumns = ^uint64(0)

// refused are the fields among userName and address that another record has, and why they cannot be written. The others
// can.
func (p *planner) refused(u, h uint32, fields uint64) (uint64, Reason) {
	t, bad := p.collision(u, h, fields)
	if !bad {
		return 0, NoReason
	}
	p.notes[subject{kindUser, u}] = p.troubleText(t, p.have.Users, p.in.Source.Users, p.columnName(t.Column))
	var all uint64
	for _, c := range p.holders.columns {
		all |= 1 << (c - 1)
	}
	if t.Kind == match.Stale || t.Kind == byAddress {
		return all, StaleRecord
	}
	return all, Ambiguous
}

// byAddress is a trouble that only the plan finds: a record without externalId that has the address.
const byAddress match.Kind = 100
