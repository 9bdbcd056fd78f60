package plan

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// judgePolicies puts the members of groups into their authentication policies. Atlassian has a call that puts accounts
// into a policy and none that takes them out: leaving one means entering another. So who is in a policy without being
// in its group is told, and left alone unless another policy's group has them.
func (p *planner) judgePolicies() {
	if len(p.in.Rules.Policies) == 0 {
		return
	}
	wantedBy := map[uint32]int{} // user -> policy + 1; -1: two
	members := make([][]uint32, len(p.in.Rules.Policies))
	for i, rule := range p.in.Rules.Policies {
		first := p.policy(rule.ID) // several groups of one policy are one list
		members[first] = append(members[first], p.policyMembers(rule)...)
		for _, u := range members[first] {
			switch {
			case wantedBy[u] == 0:
				wantedBy[u] = first + 1
			case wantedBy[u] != first+1:
				wantedBy[u] = -1
			}
		}
		if first == i {
			continue
		}
		slices.Sort(members[first])
		members[first] = slices.Compact(members[first])
	}
	for i := range p.in.Rules.Policies {
		var adds []uint32
		var notes []note
		for _, u := range members[i] {
			switch reason := p.policyOf(u, wantedBy[u], i); reason {
			case AsWanted:
			case PolicyDiffers:
				notes = noted(notes, len(adds), note{hold: p.heldUsers[u]})
				adds = append(adds, u)
			default:
				p.memberships = append(p.memberships, membership{uint32(i) | policyBit, u, reason, false})
			}
		}
		if len(adds) > 0 {
			p.policies = append(p.policies, step{op: opAdd, kind: kindPolicy, reason: PolicyDiffers, source: uint32(i), target: none, items: adds, notes: notes})
		}
	}
	p.strangersInPolicies(wantedBy)
}

// policy is the first rule of an authentication policy.
func (p *Plan) policy(id string) int {
	return slices.IndexFunc(p.in.Rules.Policies, func(r Policy) bool { return r.ID == id })
}

// policyGroups are the names of the groups whose members belong into an authentication policy.
func (p *Plan) policyGroups(policy uint32) string {
	var names []string
	for _, r := range p.in.Rules.Policies {
		if r.ID == p.in.Rules.Policies[policy].ID {
			names = append(names, r.Group)
		}
	}
	return strings.Join(names, ", ")
}

// policyBit marks the index of a policy where an ordinal of a group could stand.
const policyBit = 1 << 31

// policyMembers are the users in scope whom any nesting leads into the group of a policy.
func (p *planner) policyMembers(rule Policy) []uint32 {
	s := p.in.Source
	var out []uint32
	for g := range uint32(s.Groups.Len()) {
		if document.Fold(s.Groups.Text(g, 1)) != document.Fold(rule.Group) {
			continue
		}
		if standing := p.sel.Groups[g]; standing == scope.In || standing == scope.NotSettled {
			out = append(out, p.sel.Member[g]...)
			continue
		}
		users, _ := s.Graph.Walk().Below(g, directory.Reach{Depth: -1}, nil) // a group that is not provisioned is read with all its nesting
		out = append(out, users...)
	}
	slices.Sort(out)
	out = slices.Compact(out)
	return slices.DeleteFunc(out, func(u uint32) bool { return p.sel.Users[u] != scope.In || !p.want.State.Active[u] })
}

func (p *planner) policyOf(u uint32, by, policy int) Reason {
	if by < 0 {
		return PolicyTwice
	}
	h := p.users.Present[u]
	if h == match.None || p.contradicts(u) {
		return NoAccount
	}
	account := document.Fold(p.have.Users.Text(h, p.have.Users.Column(AccountColumn)))
	if account == "" {
		return NoAccount
	}
	now, told := p.in.Target.PolicyOf[account]
	switch {
	case !told:
		return PolicyNotKnown
	case now == p.in.Rules.Policies[policy].ID:
		return AsWanted
	}
	return PolicyDiffers
}

func (p *planner) strangersInPolicies(wantedBy map[uint32]int) {
	column := p.have.Users.Column(AccountColumn)
	for h := range uint32(p.have.Users.Len()) {
		u := p.users.Wanted[h]
		if u == match.None || wantedBy[u] != 0 {
			continue
		}
		now := p.in.Target.PolicyOf[document.Fold(p.have.Users.Text(h, column))]
		if i := slices.IndexFunc(p.in.Rules.Policies, func(r Policy) bool { return r.ID == now && r.Equal }); i >= 0 && now != "" {
			p.memberships = append(p.memberships, membership{uint32(i) | policyBit, u, PolicyExtra, false})
		}
	}
}
