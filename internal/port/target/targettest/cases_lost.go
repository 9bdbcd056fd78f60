package targettest

import (
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
)

var lostCases = []testCase{
	{name: "a record whose answer was lost is found and not made twice", loses: true, run: func(t *trial) {
		ada := t.company.add("ada")
		t.lost(create(ada))
		t.sync()
		t.record("ada")
	}},
	{name: "an update whose answer was lost is seen", loses: true, run: func(t *trial) {
		ada := t.company.add("ada", func(p *person) { p.title = "Engineer" })
		t.sync()
		c := target.Change{Op: plan.Update, Kind: plan.KindUser, SourceID: ada.id, Name: ada.upn, Fields: []plan.Field{
			{Path: "title", Old: document.TextValue("Engineer"), New: document.TextValue("Chief")},
			{Path: departmentPath, Old: document.NullValue, New: document.TextValue("Engines")},
			{Path: "name.familyName", Old: document.TextValue(ada.family), New: document.NullValue},
		}}
		t.lost(c)
		ada.title, ada.department, ada.family = "Chief", "Engines", ""
		t.settled()
	}},
	{name: "a deactivation whose answer was lost is seen", loses: true, run: func(t *trial) {
		ada := t.company.add("ada")
		t.sync()
		active := func(is bool) []plan.Field {
			return []plan.Field{{Path: "active", Old: document.BoolValue(!is), New: document.BoolValue(is)}}
		}
		t.lost(target.Change{Op: plan.Deactivate, Kind: plan.KindUser, SourceID: ada.id, Name: ada.upn, Fields: active(false)})
		ada.enabled = false
		t.settled()
		t.lost(target.Change{Op: plan.Reactivate, Kind: plan.KindUser, SourceID: ada.id, Name: ada.upn, Fields: active(true)})
		ada.enabled = true
		t.settled()
	}},
	{name: "a group whose answer was lost is found and not made twice", loses: true, run: func(t *trial) {
		many := t.company.addMany(5)
		t.sync()
		g := t.company.group(`team "one"`, many[:4]...)
		c := target.Change{Op: plan.Create, Kind: plan.KindGroup, SourceID: g.id, Name: g.name, Add: t.targets(many[:min(4, t.can.MembersInCreate)]...)}
		c.Fields = []plan.Field{{Path: "displayName", Old: document.NullValue, New: document.TextValue(g.name)}, {Path: "externalId", Old: document.NullValue, New: document.TextValue(g.id)}}
		t.lost(c)
		t.sync()
		t.group(g.name, many[:4]...)
	}},
	{name: "members whose answer was lost are seen", loses: true, run: func(t *trial) {
		many := t.company.addMany(6)
		g := t.company.group("team", many[:3]...)
		t.sync()
		t.lost(target.Change{Op: plan.AddMembers, Kind: plan.KindGroup, SourceID: g.id, Name: g.name, Add: t.targets(many[3:]...), Remove: t.targets(many[:2]...)})
		g.members = many[2:]
		t.settled()
		t.group("team", many[2:]...)
	}},
	{name: "a deletion whose answer was lost is seen", loses: true, run: func(t *trial) {
		ada := t.company.add("ada")
		g := t.company.group("team", ada)
		t.sync()
		t.lost(target.Change{Op: plan.Delete, Kind: plan.KindGroup, SourceID: g.id, Name: g.name})
		g.gone = true
		t.settled()
	}},
	{name: "a group of the name that is another's is not taken for ours", loses: true, run: func(t *trial) {
		ada := t.company.add("ada")
		g := t.company.group("team", ada)
		t.sync()
		c := target.Change{Op: plan.Create, Kind: plan.KindGroup, SourceID: "00000000-0000-4000-9000-00000000beef", Name: g.name}
		c.Fields = []plan.Field{{Path: "displayName", Old: document.NullValue, New: document.TextValue(g.name)}, {Path: "externalId", Old: document.NullValue, New: document.TextValue(c.SourceID)}}
		if _, said, err := t.Target.Confirm(t.ctx, c); err != nil || said != target.Other {
			t.Errorf("asked whose it is: %v, %v", said, err)
		}
	}},
}

// lost sends a change twice: it never arrives, then it arrives and its answer is lost. After each the target is
// asked what came of it, and it must know.
func (t *trial) lost(c target.Change) {
	t.Helper()
	c = t.at(c)
	for _, carried := range []bool{false, true} {
		t.LoseNext(carried)
		if failed := t.refused(c); failed.Class != target.Lost || failed.All {
			t.Fatalf("the answer to %s %s was lost (carried out: %t), and the error is %+v", c.Op, c.Name, carried, failed)
		}
		before := t.writes()
		r, said, err := t.Target.Confirm(t.ctx, c)
		t.wrote(before, 0)
		switch {
		case err != nil:
			t.Fatalf("asking about %s %s: %v", c.Op, c.Name, err)
		case carried && said != target.Done, !carried && said != target.NotDone:
			t.Fatalf("%s %s, carried out: %t; the target says %v (%s)", c.Op, c.Name, carried, said, r.Text)
		case carried:
			t.took(c, r)
		}
	}
}
