package plan_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

func drawAmount(t *rapid.T, what string) plan.Amount {
	switch rapid.IntRange(0, 2).Draw(t, what) {
	case 0:
		return plan.Amount{Kind: plan.Number, Number: rapid.IntRange(0, 4).Draw(t, "number")}
	case 1:
		return plan.Amount{Kind: plan.Percent, Percent: float64(rapid.IntRange(0, 80).Draw(t, "percent"))}
	}
	return plan.Amount{}
}

// allowed is what an amount allows: a share is rounded up.
func allowed(a plan.Amount, of int) int {
	switch {
	case a.Kind == plan.None:
		return 1 << 30
	case a.Kind == plan.Number:
		return a.Number
	}
	whole := int(a.Percent) * of
	return (whole + 99) / 100
}

// taken counts what a plan would take away without asking.
func taken(p *plan.Plan) (out [3]int, held [3]int) {
	count := func(c plan.Class, h bool) {
		if h {
			held[c]++
		} else {
			out[c]++
		}
	}
	for s := range p.Steps() {
		switch s.Op {
		case plan.Deactivate:
			count(plan.Deactivations, s.Held != nil)
		case plan.Delete:
			count(plan.GroupDeletions, s.Held != nil)
		case plan.RemoveMembers:
			for _, item := range s.Items {
				count(plan.MemberRemovals, s.Held != nil || item.Held != nil)
			}
		case plan.Create, plan.Adopt, plan.Update, plan.Reactivate, plan.AddMembers:
		}
	}
	return out, held
}

// However many runs there are and whenever they come, none takes away more than the limits allow, nor do all those of any
// day together; and where a limit is passed everything of its class waits.
func TestNoRunOfRunsPassesTheLimits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld()
		for i := range rapid.IntRange(1, 12).Draw(t, "users") {
			id := "u" + string(rune('a'+i))
			w.hires(id).holds("r-"+id, id).links(id, "r-"+id)
		}
		all := []string{}
		for _, r := range w.records {
			all = append(all, r.id)
		}
		w.has("devs", w.personIDs()...).syncs("g1", "devs", all...)
		w.has("ops", w.personIDs()...).syncs("g2", "ops", all...)
		w.assigns(w.personIDs()...)
		for c := range w.rules.Limits {
			w.rules.Limits[c] = plan.Limit{Run: drawAmount(t, "of a run"), Day: drawAmount(t, "of a day")}
		}
		everybody := w.personIDs()
		for range rapid.IntRange(1, 8).Draw(t, "runs") {
			w.at = w.at.Add(time.Duration(rapid.IntRange(0, 30*60).Draw(t, "minutes later")) * time.Minute)
			w.assignedUsers = some(t, everybody, "assigned")
			for i := range w.teams {
				w.teams[i].users = some(t, everybody, "in the group")
			}
			p := compute(t, w)
			w.withinLimits(t, p)
			next, done := apply(w, p, false)
			sound(t, p, done)
			for c, n := range [3]int{done.deactivated, done.removed, done.deleted} {
				if n > 0 {
					next.history = append(next.history, plan.Removal{At: w.at, Class: plan.Class(c), Count: n})
				}
			}
			w = next
		}
	})
}

func (w *world) withinLimits(t failer, p *plan.Plan) {
	t.Helper()
	of := [3]int{}
	for _, r := range w.records {
		if r.active && len(w.linkedTo(r.id)) > 0 {
			of[plan.Deactivations]++
		}
	}
	for _, g := range w.synced {
		for _, l := range w.groupLinks {
			if l.Target == g.id {
				of[plan.MemberRemovals] += len(g.members)
				of[plan.GroupDeletions]++
			}
		}
	}
	out, held := taken(p)
	for c := range out {
		past := 0
		for _, r := range w.history {
			if r.Class == plan.Class(c) && w.at.Sub(r.At) < 24*time.Hour {
				past += r.Count
			}
		}
		limit := w.rules.Limits[c]
		run, day := allowed(limit.Run, of[c]), allowed(limit.Day, of[c])
		if out[c] > 0 && (out[c] > run || out[c]+past > day) {
			t.Fatalf("%s: %d are taken away, %d before, of %d; allowed are %d and %d\n%s", plan.Class(c), out[c], past, of[c], run, day, text(p))
		}
		for s := range p.Steps() {
			for _, h := range append([]*plan.Held{s.Held}, heldItems(s)...) {
				if h != nil && h.Code == plan.HeldLimit.String() && classOf(s.Op) == plan.Class(c) && out[c] > 0 {
					t.Fatalf("%s: %d wait and %d do not\n%s", plan.Class(c), held[c], out[c], text(p))
				}
			}
		}
		if n := out[c] + held[c]; out[c] == 0 && n > 0 && n <= run && n+past <= day && c != int(plan.GroupDeletions) && !w.heldOtherwise(p) {
			t.Fatalf("%s: %d of %d wait, although %d and %d are allowed\n%s", plan.Class(c), n, of[c], run, day, text(p))
		}
	}
}

// heldOtherwise tells whether something waits for another reason than a limit.
func (w *world) heldOtherwise(p *plan.Plan) bool {
	for s := range p.Steps() {
		for _, h := range append([]*plan.Held{s.Held}, heldItems(s)...) {
			if h != nil && h.Code != plan.HeldLimit.String() {
				return true
			}
		}
	}
	return false
}

func heldItems(s plan.Step) (out []*plan.Held) {
	for _, item := range s.Items {
		out = append(out, item.Held)
	}
	return out
}

func classOf(op plan.Op) plan.Class {
	switch op {
	case plan.Deactivate:
		return plan.Deactivations
	case plan.RemoveMembers:
		return plan.MemberRemovals
	case plan.Create, plan.Adopt, plan.Update, plan.Reactivate, plan.AddMembers, plan.Delete:
	}
	return plan.GroupDeletions
}
