package plan_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

func equalFold(a, b string) bool { return strings.EqualFold(a, b) }

func sound(t failer, p *plan.Plan, done *target) {
	t.Helper()
	if len(done.faults) > 0 {
		t.Fatalf("the plan cannot be carried out:\n%s\n%s", strings.Join(done.faults, "\n"), text(p))
	}
}

// text is a plan in lines, for the eyes of whoever reads a failed test.
func text(p *plan.Plan) string {
	var b strings.Builder
	held := func(h *plan.Held) string {
		if h == nil {
			return ""
		}
		return " HELD " + h.Code
	}
	for s := range p.Steps() {
		b.WriteString(s.ID + " -> " + s.Subject.Target + " (" + s.Reason + ") needs " + strings.Join(s.Needs, ",") + held(s.Held) + "\n")
		for _, f := range s.Fields {
			b.WriteString("   " + f.Path + ": " + f.Old.Text + " => " + f.New.Text + "\n")
		}
		for _, i := range s.Items {
			b.WriteString("   " + i.ID + " " + i.Target + " " + i.Needs + held(i.Held) + "\n")
		}
	}
	for j := range p.Verdicts(true) {
		b.WriteString("  " + j.Subject.Kind + " " + j.Subject.ID + " [" + j.Subject.Target + "] " + j.Subject.Group + ": " + string(j.Verdict) + " " + j.Reason + ": " + j.Text + "\n")
	}
	return b.String()
}

// free are the ids of steps of which something waits for nobody and for nothing that waits.
func free(p *plan.Plan) []string {
	skipped := map[string]bool{}
	var out []string
steps:
	for s := range p.Steps() {
		for _, need := range s.Needs {
			if skipped[need] {
				skipped[s.ID] = true
				continue steps
			}
		}
		if s.Held != nil {
			skipped[s.ID] = true
			continue
		}
		for _, item := range s.Items {
			if item.Held == nil && !skipped[item.Needs] {
				out = append(out, s.ID)
				continue steps
			}
		}
		if s.Items == nil {
			out = append(out, s.ID)
		}
	}
	return out
}

// Carried out, a plan leads in a few rounds to one that has nothing left but what waits for a person: a second round
// for who takes a name that another gave up, and for who was adopted.
func TestCarryingOutAPlanComesToAnEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		rounds := len(w.people) + 3
		for i := 0; ; i++ {
			p := compute(t, w)
			if len(free(p)) == 0 {
				break
			}
			if i == rounds {
				t.Fatalf("after %d rounds there is still something to do: %v\n%s", rounds, free(p), text(p))
			}
			next, done := apply(w, p, false)
			sound(t, p, done)
			w = next
		}
	})
}

// With everything approved it ends in the wanted state, except for what the verdicts say cannot be.
func TestWithEverythingApprovedItEndsInTheWantedState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		rounds := len(w.people) + 6
		for i := 0; ; i++ {
			p := compute(t, w)
			if !p.Changes() {
				w.asWanted(t, p)
				break
			}
			if i == rounds {
				t.Fatalf("after %d rounds there is still something to do\n%s", rounds, text(p))
			}
			next, done := apply(w, p, true)
			sound(t, p, done)
			w = next
			for name := range w.local { // a group that was taken over is the directory's own
				if w.hasSynced(name) && w.local[name].Kind == plan.LocalGroup {
					delete(w.local, name)
				}
			}
		}
	})
}

func (w *world) hasSynced(name string) bool {
	for _, g := range w.synced {
		if equalFold(g.name, name) {
			return true
		}
	}
	return false
}

// possible are the reasons for which somebody can stay as he is although it is not as wanted.
var impossible = map[string]bool{
	plan.ValueMissing.String(): true, plan.ValueInvalid.String(): true, plan.ValueNotKnown.String(): true, plan.Ambiguous.String(): true, plan.CaseDifference.String(): true,
	plan.StaleRecord.String(): true, plan.SameAddress.String(): true, plan.NotSettled.String(): true,
	plan.DefaultGroup.String(): true, plan.BuiltInGroup.String(): true, plan.GroupNameInvalid.String(): true, plan.GroupRenamed.String(): true,
}

// asWanted compares the lists with the target, link by link.
func (w *world) asWanted(t failer, p *plan.Plan) {
	t.Helper()
	excused := map[string]bool{}
	for j := range p.Verdicts(true) {
		if impossible[j.Reason] || j.Reason == plan.MembersNotTold.String() {
			excused[j.Subject.Kind+j.Subject.ID] = true
		}
	}
	recordOf := map[string]string{}
	for _, person := range w.people {
		if excused["user"+person.id] {
			continue
		}
		r := w.linkedRecord(person.id)
		switch want := w.wantedUser(person.id); {
		case r == nil && want:
			t.Fatalf("%s should be there\n%s", person.id, text(p))
		case r == nil:
			continue
		case r.active != want:
			t.Fatalf("%s should be active: %v\n%s", person.id, want, text(p))
		case want:
			for k, v := range w.values(person.id) {
				if v != r.values[k] && !(k != "externalId" && k != "displayName" && equalFold(v, r.values[k])) {
					t.Fatalf("%s of %s is %q, not %q\n%s", k, person.id, r.values[k], v, text(p))
				}
			}
		}
		recordOf[person.id] = r.id
	}
	for _, g := range w.teams {
		if !w.groupInScope(g.id) || excused["group"+g.id] {
			continue
		}
		id := ""
		for _, l := range w.groupLinks {
			// Of two that are linked it is the one with the name; the one from before a rename stays while not everybody is told.
			if there := w.syncedGroup(l.Target); l.Source == g.id && there != nil && (id == "" || equalFold(there.name, g.name)) {
				id = l.Target
			}
		}
		if id == "" {
			t.Fatalf("the group %s should be there\n%s", g.id, text(p))
		}
		members := map[string]bool{}
		for _, m := range w.syncedGroup(id).members {
			members[m] = true
		}
		for u, r := range recordOf {
			if in := members[r]; in != w.wantedMember(g.id, u) && !(w.wantedMember(g.id, u) && !w.wantedUser(u)) && (w.limit == 0) {
				t.Fatalf("%s should be in %s: %v\n%s", u, g.id, w.wantedMember(g.id, u), text(p))
			}
		}
	}
}

// linkedRecord is the record that a user, and nobody else, is linked to; of several the one that carries the id, else the first.
func (w *world) linkedRecord(u string) *record {
	var first *record
	for i := range w.records {
		for _, l := range w.userLinks {
			switch r := &w.records[i]; {
			case l.Source != u || l.Target != r.id || len(w.linkedTo(l.Target)) != 1:
			case r.values["externalId"] == u: // of two that are linked to one, the one that carries the id
				return r
			case first == nil:
				first = r
			}
		}
	}
	return first
}
