package plan

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// judgeUsers gives every user of the source and every record of the target a reason, and what is to be done.
func (p *planner) judgeUsers() {
	p.compareUsers()
	faults := p.want.Faults
	for u := range uint32(len(p.userReason)) {
		n := 0
		for n < len(faults) && faults[n].User == u {
			n++
		}
		p.userReason[u] = p.user(u, faults[:n])
		faults = faults[n:]
	}
	unsettled := slices.Contains(p.userReason, NotSettled)
	for h := range uint32(p.have.Users.Len()) {
		if p.users.Wanted[h] == match.None {
			p.recordReason[h] = p.record(h, unsettled)
		}
	}
}

func (p *planner) user(u uint32, faults []mapping.UserFault) Reason {
	h := p.users.Present[u]
	switch p.sel.Users[u] {
	case scope.In:
		return p.inScope(u, h, faults)
	case scope.NotSettled:
		return NotSettled
	case scope.Disabled:
		return p.leaves(u, h, SourceDisabled)
	case scope.Filtered:
		return p.leaves(u, h, ScopingFilter)
	case scope.Foreign:
		return p.leaves(u, h, ForeignDomain)
	}
	if p.sel.UnsettledUsers != "" {
		return NotSettled
	}
	if p.Method == document.GuardNested {
		return p.leaves(u, h, GroupNotSelected)
	}
	return p.leaves(u, h, NotAssigned)
}

// inScope judges somebody who should be there.
func (p *planner) inScope(u, h uint32, faults []mapping.UserFault) Reason {
	if t, bad := p.users.Of(u); bad && h == match.None {
		return p.trouble(u, t)
	}
	if h == match.None {
		if len(faults) > 0 {
			return p.faulty(u, faults)
		}
		return p.newUser(u)
	}
	linked := p.users.How[u] == match.ByLink
	if p.contradicts(u) {
		return Ambiguous
	}
	reason, rival := AsWanted, ""
	if !linked {
		hold := NotHeld
		if p.have.Active[h] && !p.want.State.Active[u] {
			hold = HeldAdoption // once linked, the next run would deactivate it unseen
		}
		reason = ToLink
		if hold != NotHeld {
			reason = MappedInactive
		}
		if rival = p.rival(u, h); rival != "" {
			hold, reason = HeldAdoption, Ambiguous
		}
		p.adopt(kindUser, u, h, reason, hold)
	}
	fields := p.changed[u]
	unsure := false // whether the user may be active
	for i := range faults {
		unsure = unsure || faults[i].Fault.Target == "active"
		for k, c := range p.columns {
			if c.Target == faults[i].Fault.Target {
				fields &^= 1 << k // a value that cannot work is not written over one that does
			}
		}
	}
	refused, bad := p.refused(u, h, fields)
	if fields &^= refused; fields != 0 && p.in.Rules.Mapping.User.Update {
		p.update(u, h, fields)
		reason = ValuesDiffer
	}
	switch active := p.want.State.Active[u]; {
	case unsure:
	case active && !p.have.Active[h]:
		p.others[opReactivate] = append(p.others[opReactivate], step{op: opReactivate, reason: InactiveThere, source: u, target: h})
		reason = InactiveThere
	case !active && p.have.Active[h]:
		reason = p.leaves(u, h, MappedInactive)
	case !active:
		reason = MappedInactive
	}
	switch { // what cannot be done is said rather than what can
	case bad != NoReason:
		return bad
	case len(faults) > 0:
		return p.faulty(u, faults)
	case rival != "":
		p.notes[subject{kindUser, u}] = rival
		return Ambiguous
	}
	return reason
}

// update writes what differs. A new address in a domain that is not verified is a step of its own and waits: the account
// would be unlinked, which takes everything away from it (atlassian.md 1.7).
func (p *planner) update(u, h uint32, fields uint64) {
	s := step{op: opUpdate, reason: ValuesDiffer, source: u, target: h, fields: fields}
	if address := p.leavesDomain(u, h) & fields; address != 0 && p.Method == document.Rollcall {
		if s.fields &^= address; s.fields != 0 {
			p.others[opUpdate] = append(p.others[opUpdate], s)
		}
		s.fields, s.hold = address, HeldDomain
	}
	p.others[opUpdate] = append(p.others[opUpdate], s)
}

// leavesDomain is the column of the address, as a field, where it would move from a verified domain to one that is not.
func (p *planner) leavesDomain(u, h uint32) uint64 {
	c := p.email
	if c < 0 {
		return 0
	}
	_, to, _ := strings.Cut(document.Fold(p.want.State.Users.Text(u, c)), "@")
	_, from, _ := strings.Cut(document.Fold(p.have.Users.Text(h, c)), "@")
	switch {
	case to == from, p.in.Target.Verified[to], p.in.Target.Verified != nil && !p.in.Target.Verified[from]:
		return 0
	case p.in.Target.Verified == nil:
		p.gap(p.in.Target.VerifiedGap)
	}
	return 1 << (c - 1)
}

// faulty says what is wrong with the values of somebody: the first thing that is.
func (p *planner) faulty(u uint32, faults []mapping.UserFault) Reason {
	p.notes[subject{kindUser, u}] = faults[0].Fault.Text
	switch faults[0].Fault.Kind {
	case mapping.Missing:
		return ValueMissing
	case mapping.Unknown:
		return ValueNotKnown
	case mapping.Invalid, mapping.Error:
	}
	return ValueInvalid
}

func (p *planner) newUser(u uint32) Reason {
	if p.have.Gaps.Users != "" {
		return TargetNotRead
	}
	if !p.want.State.Active[u] {
		return MappedInactive // nobody is created to be inactive
	}
	if t, bad := p.collision(u, match.None, allColumns); bad {
		return p.trouble(u, t)
	}
	if !p.in.Rules.Mapping.User.Add {
		p.notes[subject{kindUser, u}] = neverCreated
		return InScope
	}
	reason := InScope
	if _, lost := slices.BinarySearch(p.in.Target.Users.Lost, u); lost {
		reason = RecordGone
	}
	p.gap(p.in.Target.AccountsGap)
	p.meets(u)
	p.made[u] = opCreate + 1
	p.others[opCreate] = append(p.others[opCreate], step{op: opCreate, reason: reason, source: u, target: none})
	return reason
}
