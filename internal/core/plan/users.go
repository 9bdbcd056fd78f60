package plan

import (
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// judgeUsers gives every user of the source and every record of the target a reason, and what is to be done.
func (p *planner) judgeUsers() {
	p.compareUsers()
	fault := 0
	for u := range uint32(len(p.userReason)) {
		var f *mapping.Fault
		for ; fault < len(p.want.Faults) && p.want.Faults[fault].User <= u; fault++ {
			if f == nil && p.want.Faults[fault].User == u {
				f = &p.want.Faults[fault].Fault
			}
		}
		p.userReason[u] = p.user(u, f)
	}
	unsettled := slices.Contains(p.userReason, NotSettled)
	for h := range uint32(p.have.Users.Len()) {
		if p.users.Wanted[h] == match.None {
			p.recordReason[h] = p.record(h, unsettled)
		}
	}
}

func (p *planner) user(u uint32, f *mapping.Fault) Reason {
	h := p.users.Present[u]
	switch p.sel.Users[u] {
	case scope.In:
		return p.inScope(u, h, f)
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
func (p *planner) inScope(u, h uint32, f *mapping.Fault) Reason {
	if t, bad := p.users.Of(u); bad && h == match.None {
		return p.trouble(u, t)
	}
	if f != nil && h == match.None {
		p.notes[subject{kindUser, u}] = f.Text
		return faulty(f)
	}
	if h == match.None {
		return p.newUser(u)
	}
	linked := p.users.How[u] == match.ByLink
	reason, rival := AsWanted, ""
	if !linked {
		hold := NotHeld
		if p.have.Active[h] && !p.want.State.Active[u] {
			hold = HeldAdoption // once linked, the next run would deactivate it unseen
		}
		reason = ToLink
		if rival = p.rival(u, h); rival != "" {
			hold, reason = HeldAdoption, Ambiguous
		}
		p.adopt(kindUser, u, h, reason, hold)
	}
	fields := p.changed[u]
	refused, bad := p.refused(u, h, fields)
	if fields &^= refused; fields != 0 && p.in.Rules.Mapping.User.Update {
		p.update(u, h, fields)
		reason = ValuesDiffer
	}
	switch active := p.want.State.Active[u]; {
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
	case f != nil:
		p.notes[subject{kindUser, u}] = f.Text
		return faulty(f)
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
	c := p.emailColumn()
	if p.in.Target.Verified == nil || c <= 0 {
		return 0
	}
	_, to, _ := strings.Cut(document.Fold(p.want.State.Users.Text(u, c)), "@")
	_, from, _ := strings.Cut(document.Fold(p.have.Users.Text(h, c)), "@")
	if p.in.Target.Verified[to] || !p.in.Target.Verified[from] {
		return 0
	}
	return 1 << (c - 1)
}

// rival says who else could be meant by a record that was found by its name, among those of whom not everything was told.
func (p *planner) rival(u, h uint32) (why string) {
	switch {
	case p.users.How[u] != match.ByValue:
	case p.in.Source.Gaps.Users != "":
		return "somebody else may have the name of record " + p.have.Users.Text(h, 0) + ": " + p.in.Source.Gaps.Users
	case p.sel.UnsettledUsers != "":
		for _, c := range p.holders.columns {
			_, want := p.holdersOf(c)
			want.All(p.have.Users.Text(h, c), func(other uint32) bool {
				if other != u && p.sel.Users[other] == scope.NotAssigned {
					why = p.in.Source.Users.Text(other, 1) + " could be meant by record " + p.have.Users.Text(h, 0) + ", too: " + p.sel.UnsettledUsers
				}
				return why == ""
			})
		}
	}
	return why
}

func faulty(f *mapping.Fault) Reason {
	switch f.Kind {
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
	p.meets(u)
	p.made[u] = opCreate + 1
	p.others[opCreate] = append(p.others[opCreate], step{op: opCreate, reason: reason, source: u, target: none})
	return reason
}

// trouble says why somebody in scope has no record although something carries the values. Taking over an old record is
// a step that waits for a person.
func (p *planner) trouble(u uint32, t match.Trouble) Reason {
	p.notes[subject{kindUser, u}] = p.troubleText(t, p.have.Users, p.in.Source.Users, p.columnName(t.Column))
	switch t.Kind {
	case match.Stale:
		p.takeOver(u, t.Present, StaleRecord, HeldStale)
		return StaleRecord
	case byAddress:
		p.takeOver(u, t.Present, SameAddress, HeldByAddress)
		return SameAddress
	case match.OtherCase:
		return CaseDifference
	}
	return Ambiguous
}

// takeOver offers a record to somebody, with the values that would then be written. Those that another record has are
// left out: the target would refuse them.
func (p *planner) takeOver(u, h uint32, why Reason, hold Hold) {
	if p.users.Wanted[h] != match.None || p.adopted[h] != NoReason {
		return
	}
	p.adopted[h] = why
	p.adopt(kindUser, u, h, why, hold)
	note := p.notes[subject{kindUser, u}]
	fields := p.differences(u, h)
	refused, _ := p.refused(u, h, fields)
	p.notes[subject{kindUser, u}] = note
	if fields &^= refused; fields != 0 {
		p.others[opUpdate] = append(p.others[opUpdate], step{op: opUpdate, reason: why, hold: hold, source: u, target: h, fields: fields})
	}
}

func (p *planner) columnName(column int) string {
	if column <= 0 || column > len(p.columns) {
		return "id"
	}
	return p.columns[column-1].Target
}

func (p *planner) adopt(kind uint8, source, target uint32, why Reason, hold Hold) {
	if kind == kindUser {
		p.made[source] = opAdopt + 1
		if hold != NotHeld {
			p.heldUsers[source], p.claimed[source] = hold, target
		}
	} else {
		p.madeFor[source], p.adoptAt[source] = opAdopt+1, len(p.adopts)
	}
	p.adopts = append(p.adopts, step{op: opAdopt, kind: kind, reason: why, hold: hold, source: source, target: target})
}

// What the object mapping of the rules may switch off.
const (
	neverCreated = "the rules create nobody"
	neverRemoved = "the rules take nobody away"
)

// leaves deactivates the record of somebody who should not be active. Where it is not linked, an earlier service made
// it, and a person says whether it is ours to take away.
func (p *planner) leaves(u, h uint32, why Reason) Reason {
	if h == match.None || !p.have.Active[h] {
		return why
	}
	if !p.in.Rules.Mapping.User.Delete {
		p.notes[subject{kindUser, u}] = neverRemoved
		return why
	}
	hold := NotHeld
	if p.users.How[u] != match.ByLink {
		hold = HeldAdoption
		if p.made[u] == 0 {
			p.adopt(kindUser, u, h, why, HeldAdoption)
		}
	}
	p.deactivates = append(p.deactivates, step{op: opDeactivate, reason: why, hold: hold, source: u, target: h})
	return why
}

// record judges a record that belongs to nobody of the source. unsettled: of some users it is not known whether they are in
// scope.
func (p *planner) record(h uint32, unsettled bool) Reason {
	switch why := p.adopted[h]; {
	case p.users.Contested[h]:
		return Ambiguous
	case why != NoReason:
		return why // as of the user who may get it
	}
	id, linked := p.in.Target.Users.Source[h]
	if !linked {
		if c := p.column("externalid"); c >= 0 && p.in.Source.SoftDeleted(p.have.Users.Text(h, c)) {
			if p.have.Active[h] && p.in.Rules.Mapping.User.Delete {
				p.deactivates = append(p.deactivates, step{op: opDeactivate, reason: SourceDeleted, hold: HeldAdoption, source: none, target: h})
			}
			return SourceDeleted
		}
		switch { // whose it is could be among what was not told
		case p.in.Source.Gaps.Users != "":
			return SourceNotRead
		case p.sel.UnsettledUsers != "":
			return NotSettled
		}
		return NotOurs
	}
	why := NotInSource
	switch {
	case p.in.Source.SoftDeleted(id):
		why = SourceDeleted
	case p.in.Source.Gaps.Users != "":
		return SourceNotRead
	}
	if unsettled && p.heirNotSettled(h) {
		return NotSettled
	}
	if p.have.Active[h] && p.in.Rules.Mapping.User.Delete {
		p.deactivates = append(p.deactivates, step{op: opDeactivate, reason: why, source: none, target: h})
	}
	return why
}

// heirNotSettled tells whether somebody with the name, the address or the id of a record may be in scope: an account that was made
// anew takes the old one's record over, when a person says so, and must not lose it to a gap.
func (p *planner) heirNotSettled(h uint32) (found bool) {
	columns := p.holders.columns
	if c := p.column("externalid"); c >= 0 {
		columns = append(slices.Clone(columns), c)
	}
	for _, c := range columns {
		_, want := p.holdersOf(c)
		want.All(p.have.Users.Text(h, c), func(u uint32) bool {
			found = found || p.userReason[u] == NotSettled
			return !found
		})
	}
	return found
}

// compareUsers finds the columns that differ of everybody who has a record. Workers share the users out.
func (p *planner) compareUsers() {
	n := len(p.userReason)
	p.changed = make([]uint64, n)
	workers := max(1, min(runtime.GOMAXPROCS(0), 8, n/1000))
	var wg sync.WaitGroup
	for k := range workers {
		wg.Go(func() {
			for u := n * k / workers; u < n*(k+1)/workers; u++ {
				if h := p.users.Present[u]; h != match.None && p.sel.Users[u] == scope.In {
					p.changed[u] = p.differences(uint32(u), h)
				}
			}
		})
	}
	wg.Wait()
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
	case !want.Known || !have.Known || c.Unwritten || c.CreateOnly || want.Null && c.Keeps:
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
