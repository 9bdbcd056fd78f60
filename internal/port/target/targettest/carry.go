package targettest

import (
	"errors"

	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/target"
)

// sync carries out what is planned, everything that waits for a person with it, and expects that nothing is left.
// It gives the changes that were sent.
func (t *trial) sync() []target.Change {
	t.Helper()
	sent := t.carry(t.plan())
	t.settled()
	return sent
}

// settled expects that a plan from what the target shows now is empty.
func (t *trial) settled() {
	t.Helper()
	for s := range t.plan().Steps() {
		t.Errorf("still to do: %s (%s) %+v %d items", s.ID, s.Why, s.Fields, len(s.Items))
	}
}

// carry sends the changes of a plan one after the other.
func (t *trial) carry(p *plan.Plan) (sent []target.Change) {
	t.Helper()
	for _, c := range t.changes(p) {
		for _, part := range t.parts(c) {
			sent = append(sent, part)
			t.send(part)
		}
	}
	return sent
}

// changes are those of a plan in its order. What is added to and taken out of one group goes together.
func (t *trial) changes(p *plan.Plan) []target.Change {
	t.Helper()
	var out []target.Change
	groups := map[string]int{} // place in out, by id at the source
	for s := range p.Steps() {
		c := target.Change{Op: s.Op, Kind: s.Kind, ID: s.Subject.Target, SourceID: s.Subject.ID, Name: s.Subject.Name, Fields: s.Fields}
		if s.Op == plan.Create {
			c.ID = ""
		}
		for _, item := range s.Items {
			who := item.Target
			if who == "" {
				who = "source:" + item.ID // its record is made by this plan
			}
			if s.Op == plan.RemoveMembers {
				c.Remove = append(c.Remove, who)
			} else {
				c.Add = append(c.Add, who)
			}
		}
		at, known := groups[s.Subject.ID]
		switch {
		case s.Kind != plan.KindGroup || s.Op == plan.Delete || s.Op == plan.Adopt:
			out = append(out, c)
		case known:
			out[at].Add = append(out[at].Add, c.Add...)
			out[at].Remove = append(out[at].Remove, c.Remove...)
		default:
			groups[s.Subject.ID] = len(out)
			out = append(out, c)
		}
	}
	return out
}

// parts cuts a change into what the target takes at a time.
func (t *trial) parts(c target.Change) []target.Change {
	add, remove := t.ids(c.Add), t.ids(c.Remove)
	if len(add)+len(remove) == 0 {
		return []target.Change{c}
	}
	var out []target.Change
	if c.Op == plan.Create {
		first := c
		first.Add = add[:min(len(add), t.can.MembersInCreate)]
		add = add[len(first.Add):]
		out = append(out, first)
		c.Op, c.Fields = plan.AddMembers, nil
	}
	for len(add)+len(remove) > 0 {
		size := len(add) + len(remove)
		if t.can.PatchMembers > 0 {
			size = min(size, t.can.PatchMembers)
		}
		part := c
		part.Add = add[:min(size, len(add))]
		part.Remove = remove[:size-len(part.Add)]
		add, remove = add[len(part.Add):], remove[len(part.Remove):]
		out = append(out, part)
	}
	return out
}

// ids gives those of records that were made meanwhile.
func (t *trial) ids(list []string) []string {
	out := make([]string, len(list))
	for i, id := range list {
		out[i] = id
		if len(id) > 7 && id[:7] == "source:" {
			out[i] = t.links[link{plan.KindUser, id[7:]}]
		}
	}
	return out
}

// send carries out one change, which must succeed.
func (t *trial) send(c target.Change) target.Receipt {
	t.Helper()
	c = t.at(c)
	r, err := t.Target.Do(t.ctx, c)
	if err != nil {
		t.Fatalf("%s %s %s: %v", c.Op, c.Kind, c.Name, err)
	}
	t.took(c, r)
	return r
}

// at gives a change of something that was just made its id.
func (t *trial) at(c target.Change) target.Change {
	if c.ID == "" && c.Op != plan.Create {
		c.ID = t.links[link{c.Kind, c.SourceID}]
	}
	return c
}

// took writes down what a receipt says, and checks it.
func (t *trial) took(c target.Change, r target.Receipt) {
	t.Helper()
	l := link{c.Kind, c.SourceID}
	switch c.Op {
	case plan.Delete:
		if t.links[l] == r.ID { // of a renamed group the new one is ours from now on
			delete(t.links, l)
		}
		return
	case plan.Create, plan.Adopt:
		if r.ID == "" {
			t.Fatalf("the receipt of %s %s has no id", c.Op, c.Name)
		}
		t.links[l] = r.ID
	default:
		if r.ID != c.ID {
			t.Errorf("%s %s: the receipt is about %q, not %q", c.Op, c.Name, r.ID, c.ID)
		}
	}
	if len(r.Missing) > 0 {
		t.send(target.Change{Op: plan.AddMembers, Kind: c.Kind, ID: r.ID, SourceID: c.SourceID, Name: c.Name, Add: r.Missing})
	}
}

// refused sends a change that must fail, and gives why.
func (t *trial) refused(c target.Change) *target.Error {
	t.Helper()
	_, err := t.Target.Do(t.ctx, t.at(c))
	failed, ok := errors.AsType[*target.Error](err)
	if !ok {
		t.Fatalf("%s %s: %v, want a *target.Error", c.Op, c.Name, err)
	}
	return failed
}
