package plan

import (
	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

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
