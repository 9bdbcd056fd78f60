package scope

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// users settles which users are in scope, and through which group.
func (sel *Selection) users(s *directory.Snapshot, r *Rules) {
	if r.Assigned && s.All {
		for u := range sel.Users {
			sel.Users[u] = In
		}
	}
	if r.Assigned {
		for _, u := range s.AssignedUsers {
			sel.Users[u] = In
		}
	}
	for _, direct := range []bool{true, false} { // somebody directly in a group is there because of that
		for g, members := range sel.Member {
			if !sel.Groups[g].leads() {
				continue
			}
			as := sel.Groups[g]
			if as == Filtered { // each object is evaluated alone: the filter of groups says nothing of users
				as = In
			}
			if direct {
				members = s.Graph.Users(uint32(g))
			}
			for _, u := range members {
				if sel.Users[u] == NotAssigned || sel.Users[u] == NotSettled && as == In {
					sel.Users[u], sel.Through[u] = as, uint32(g)
				}
			}
		}
	}
	directory.Share(len(sel.Users), 1000).Work(func(_, from, to int) { sel.judge(s, r, from, to) })
	sel.cut(r)
}

// judge applies what the own attributes of some users decide.
func (sel *Selection) judge(s *directory.Snapshot, r *Rules, from, to int) {
	enabled, userType, mail, upn := s.Users.Column("accountEnabled"), s.Users.Column("userType"), s.Users.Column("mail"), s.Users.Column("userPrincipalName")
	var row directory.Row
	columns := s.Users.Sources()
	read := func(name string) document.AttributeValue { return row.Cell(columns.Column(name)) }
	for u := from; u < to; u++ {
		if sel.Users[u] != In {
			continue
		}
		row = s.Users.Row(uint32(u))
		off := row.Cell(enabled)
		disabled := off.Known && strings.EqualFold(off.Text, "False")
		if r.UserFilter != nil {
			switch r.UserFilter.Evaluate(read).Outcome {
			case Fail:
				sel.Users[u] = Filtered
				continue
			case Unknown:
				sel.Users[u] = NotSettled
				if disabled { // whatever the filter says
					sel.Users[u] = Disabled
				}
				continue
			case Pass:
			}
		}
		if r.Domains != nil && !strings.EqualFold(row.Cell(userType).Text, "Guest") {
			address := row.Cell(mail).Text
			if address == "" {
				address = row.Cell(upn).Text
			}
			if _, domain, _ := strings.Cut(document.Fold(address), "@"); !r.Domains[domain] {
				sel.Users[u] = Foreign
				continue
			}
		}
		if disabled {
			sel.Users[u] = Disabled
		}
	}
}

// cut takes out of groups who is not let into them, and what is beyond the limit of a group.
func (sel *Selection) cut(r *Rules) {
	if r.UserFilter == nil && r.Domains == nil && r.GroupLimit == 0 {
		return
	}
	for g := range sel.Member {
		sel.Member[g] = slices.DeleteFunc(sel.Member[g], func(u uint32) bool { return sel.Users[u] == Filtered || sel.Users[u] == Foreign })
		if r.GroupLimit > 0 && len(sel.Member[g]) > r.GroupLimit {
			sel.Member[g] = sel.Member[g][:r.GroupLimit]
		}
	}
}

// Explain evaluates the scoping filter of users for one user after the other, clause by clause.
func (r *Rules) Explain(s *directory.Snapshot) func(user uint32) Result {
	if r.UserFilter == nil {
		return func(uint32) Result { return Result{Outcome: Pass} }
	}
	columns := s.Users.Sources()
	return func(user uint32) Result {
		row := s.Users.Row(user)
		return r.UserFilter.Evaluate(func(name string) document.AttributeValue { return row.Cell(columns.Column(name)) })
	}
}
