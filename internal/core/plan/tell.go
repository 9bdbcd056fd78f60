package plan

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// teller turns ordinals back into names and ids. It is for one goroutine.
type teller struct {
	*Plan
	walk     *directory.Walker
	have     *directory.State
	upn      int
	username int
}

func (p *Plan) teller() *teller {
	t := &teller{Plan: p, walk: p.in.Source.Graph.Walk(), have: p.in.Target.State, upn: p.in.Source.Users.Column("userPrincipalName"), username: -1}
	for i, c := range p.want.Columns {
		if c.Key == "username" {
			t.username = i + 1
		}
	}
	return t
}

// user is a user of the source as a subject, with the record if there is one.
func (t *teller) user(u uint32) Subject {
	s := Subject{Kind: KindUser, ID: t.in.Source.Users.Text(u, 0), Name: t.in.Source.Users.Text(u, t.upn)}
	if s.Name == "" {
		s.Name = s.ID
	}
	if h := t.users.Present[u]; h != match.None {
		s.Target = t.have.Users.Text(h, 0)
	}
	return s
}

// record is a record of the target; the id is the source's where a link tells it.
func (t *teller) record(h uint32) Subject {
	if u := t.users.Wanted[h]; u != match.None {
		return t.user(u)
	}
	s := Subject{Kind: KindUser, ID: t.in.Target.Users.Source[h], Target: t.have.Users.Text(h, 0)}
	if t.username > 0 {
		s.Name = t.have.Users.Text(h, t.username)
	}
	if s.ID == "" {
		s.ID = s.Target
	}
	if s.Name == "" {
		s.Name = s.ID
	}
	return s
}

func (t *teller) group(g uint32) Subject {
	s := Subject{Kind: KindGroup, ID: t.in.Source.Groups.Text(g, 0), Name: t.want.State.Groups.Text(g, directory.GroupName)}
	if s.Name == "" {
		s.Name = t.in.Source.Groups.Text(g, 1)
	}
	if h := t.groups.Present[g]; h != match.None {
		s.Target = t.have.Groups.Text(h, 0)
	}
	return s
}

func (t *teller) there(h uint32) Subject {
	s := Subject{Kind: KindGroup, ID: t.in.Target.Groups.Source[h], Name: t.have.Groups.Text(h, directory.GroupName), Target: t.have.Groups.Text(h, 0)}
	if s.ID == "" {
		s.ID = s.Target
	}
	return s
}

func (t *teller) subject(s *step) Subject {
	switch {
	case s.kind == kindPolicy:
		return Subject{Kind: KindPolicy, ID: t.in.Rules.Policies[s.source].ID, Name: t.policyGroups(s.source)}
	case s.kind == kindUser && s.source == none:
		return t.record(s.target)
	case s.kind == kindUser:
		out := t.user(s.source)
		if s.target != none {
			out.Target = t.have.Users.Text(s.target, 0)
		}
		return out
	case s.source == none:
		return t.there(s.target)
	}
	out := t.group(s.source)
	switch {
	case s.target != none:
		out.Target = t.have.Groups.Text(s.target, 0)
	case s.op == opCreate || s.kind == kindFill:
		out.Target = ""
	}
	if s.op == opDelete || s.op == opAdopt {
		out.Name = t.have.Groups.Text(s.target, directory.GroupName)
	}
	return out
}

// id names a step so that it is the same in every plan in which the same is to be done to the same.
func (t *teller) id(s *step) string {
	subject := t.subject(s)
	id := string(ops[s.op]) + ":" + subject.Kind + ":" + subject.ID
	switch {
	case s.kind == kindFill:
		id += ":new"
	case s.hold == HeldDomain:
		id += ":address"
	case s.source == none && subject.ID != subject.Target, s.op == opDelete && s.source != none && s.target != t.groups.Present[s.source]:
		id += ":" + subject.Target // one of the source may have had several
	}
	return id
}

func (t *teller) step(s *step) Step {
	out := Step{ID: t.id(s), Op: ops[s.op], Subject: t.subject(s), Reason: s.reason.String(), Needs: t.needs(s), Held: heldBecause(s.hold)}
	out.Kind = out.Subject.Kind
	out.Fields = t.fields(s)
	out.Items = t.items(s)
	out.Why = t.why(s)
	if s.kind == kindGroup && s.op == opCreate && s.hold == HeldConflict {
		out.Conflict = t.conflicts[s.source]
	}
	return out
}

func heldBecause(h Hold) *Held {
	if h == NotHeld {
		return nil
	}
	return &Held{h.String(), h.Text()}
}

// needs are the steps that must be done first.
func (t *teller) needs(s *step) []string {
	var out []string
	add := func(op op, kind string, id string) { out = append(out, string(ops[op])+":"+kind+":"+id) }
	switch {
	case s.source == none || s.kind == kindPolicy || s.op == opAdopt || s.op == opCreate:
	case s.kind == kindUser && t.made[s.source] == opAdopt+1:
		add(opAdopt, KindUser, t.in.Source.Users.Text(s.source, 0))
	case s.kind == kindFill:
		add(opCreate, KindGroup, t.in.Source.Groups.Text(s.source, 0))
	case s.kind == kindGroup && s.op == opDelete && s.reason == GroupRenamed:
		add(opCreate, KindGroup, t.in.Source.Groups.Text(s.source, 0))
		if t.filled[s.source] {
			out = append(out, string(AddMembers)+":"+KindGroup+":"+t.in.Source.Groups.Text(s.source, 0)+":new")
		}
	case s.kind == kindGroup && s.op == opDelete && s.reason == GroupReplaced && t.replaces[s.source]:
		add(opAdd, KindGroup, t.in.Source.Groups.Text(s.source, 0))
	case s.kind == kindGroup && s.op != opDelete && t.madeFor[s.source] != 0:
		add(t.madeFor[s.source]-1, KindGroup, t.in.Source.Groups.Text(s.source, 0))
	}
	if out == nil {
		return []string{}
	}
	return out
}

// fields are what a step writes: every value of somebody new, what differs of somebody there.
func (t *teller) fields(s *step) []Field {
	out := []Field{}
	switch {
	case s.kind == kindUser && s.op == opCreate:
		t.want.State.Users.Row(s.source).After(1).Cells(func(i int, v document.AttributeValue) {
			if v.Known && !v.Null && !t.want.Columns[i].Unwritten {
				out = append(out, Field{t.want.Columns[i].Target, document.NullValue, v})
			}
		})
		out = append(out, Field{"active", document.NullValue, document.BoolValue(true)})
	case s.kind == kindUser && s.op == opUpdate:
		want, have := t.want.State.Users.Row(s.source).After(1), t.have.Users.Row(s.target).After(1)
		for i, c := range t.want.Columns {
			if s.fields>>i&1 == 1 {
				out = append(out, Field{c.Target, have.Cell(i), want.Cell(i)})
			}
		}
	case s.op == opDeactivate, s.op == opReactivate:
		out = append(out, Field{"active", document.BoolValue(s.op == opDeactivate), document.BoolValue(s.op == opReactivate)})
	case s.kind == kindGroup && s.op == opCreate:
		row := t.want.State.Groups.Row(s.source)
		out = append(out, Field{"displayName", document.NullValue, row.Cell(directory.GroupName)}, Field{"externalId", document.NullValue, row.Cell(directory.GroupExternalID)})
	}
	return out
}

func (t *teller) items(s *step) []Item {
	var out []Item
	for i, at := range s.items {
		var who Subject
		item := Item{}
		if s.op == opRemove {
			who = t.record(at)
			who.Target = t.have.Users.Text(at, 0)
		} else {
			who = t.user(at)
			if op := t.made[at]; op != 0 {
				item.Needs = string(ops[op-1]) + ":" + KindUser + ":" + who.ID
			}
		}
		item.ID, item.Name, item.Target = who.ID, who.Name, who.Target
		if s.notes != nil {
			item.Reason, item.Held = s.notes[i].reason.String(), heldBecause(s.notes[i].hold)
		}
		out = append(out, item)
	}
	return out
}

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
		t.walk.Up(u)
		groups = t.walk.Chain(g)
		if t.in.Rules.Scope.Bounded(t.in.Source, g) {
			groups = t.sel.Chain(t.in.Source, &t.in.Rules.Scope, g, u)
		}
	}
	for _, group := range groups {
		names = append(names, t.in.Source.Groups.Text(group, 1))
	}
	return names
}
