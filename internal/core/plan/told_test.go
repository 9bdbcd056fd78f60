package plan_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// Everybody gets one verdict with a reason of the closed list, whether or not anything is to be done.
func TestEverybodyHasOneVerdict(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		if rapid.Bool().Draw(t, "with a gap") {
			w, _ = drawGap(t, w)
		}
		p := compute(t, w)
		source, there := map[string]int{}, map[string]int{} // users and groups by their id, records and groups of the target by theirs
		for j := range p.Verdicts(true) {
			if r, ok := plan.ReasonOf(j.Reason); !ok || j.Text == "" || j.Verdict == "" || r == plan.NoReason {
				t.Fatalf("a verdict without a reason of the list: %+v", j)
			}
			if j.Subject.Kind == plan.KindUser || j.Subject.Kind == plan.KindGroup {
				source[j.Subject.Kind+" "+j.Subject.ID]++
				there[j.Subject.Kind+" "+j.Subject.Target]++
				if is := j.Subject.Target != ""; is && j.Verdict == plan.Missing || !is && (j.Verdict == plan.Present || j.Verdict == plan.Extra || j.Verdict == plan.Wrong) {
					t.Fatalf("what is there is not missing, and what is not there is neither present nor wrong: %+v", j)
				}
			}
		}
		once := func(of map[string]int, what string) {
			if of[what] != 1 {
				t.Fatalf("%d verdicts on the %s\n%s\n%s", of[what], what, w, text(p))
			}
		}
		for _, u := range w.people {
			once(source, "user "+u.id)
		}
		for _, g := range w.teams {
			once(source, "group "+g.id)
		}
		for _, r := range w.records {
			once(there, "user "+r.id)
		}
		for _, g := range w.synced {
			once(there, "group "+g.id)
		}
	})
}

// Every step says why, has an id of its own, and needs only what comes before it.
func TestEveryStepSaysWhyAndWhatItNeeds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := compute(t, drawWorld(t))
		before := map[string]bool{}
		for s := range p.Steps() {
			if _, ok := plan.ReasonOf(s.Reason); !ok || s.Why == "" || before[s.ID] {
				t.Fatalf("a step without a reason of the list or an id of its own: %+v", s)
			}
			needs := slices.Clone(s.Needs)
			for _, item := range s.Items {
				if item.Needs != "" {
					needs = append(needs, item.Needs)
				}
				if _, ok := plan.ReasonOf(item.Reason); item.Reason != "" && !ok || item.ID == "" || item.Name == "" || item.Target == "" && item.Needs == "" {
					t.Fatalf("%s has an item that says too little: %+v", s.ID, item)
				}
				if item.Held != nil && (item.Held.Code == "" || item.Held.Text == "") {
					t.Fatalf("%s holds an item without saying why: %+v", s.ID, item)
				}
			}
			for _, need := range needs {
				if !before[need] {
					t.Fatalf("%s needs %s, which does not come before it\n%s", s.ID, need, text(p))
				}
			}
			before[s.ID] = true
		}
	})
}

// Nobody who should be in a group, or should not, is passed over in silence.
func TestEveryMembershipThatDiffersIsDoneOrExplained(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := compute(t, w)
		type who struct{ group, member string }
		said := map[who]int{} // by name of the group
		verdict := map[string]plan.Judgement{}
		recordOf := map[string]string{}
		owner := map[string]string{}
		for j := range p.Verdicts(true) {
			switch j.Subject.Kind {
			case "membership":
				said[who{j.Subject.Group, j.Subject.ID}]++
			case plan.KindUser:
				recordOf[j.Subject.ID] = j.Subject.Target
				owner[j.Subject.Target] = j.Subject.ID
			case plan.KindGroup:
				verdict[j.Subject.ID] = j
			}
		}
		done := map[who]int{}
		for s := range p.Steps() {
			for _, item := range s.Items {
				if s.Kind == plan.KindGroup && s.ID != string(plan.AddMembers)+":group:"+s.Subject.ID+":new" {
					done[who{s.Subject.ID, item.ID}]++
				}
			}
		}
		for _, g := range w.teams {
			j := verdict[g.id]
			there := w.syncedGroup(j.Subject.Target)
			switch {
			case !w.groupInScope(g.id), there != nil && there.untold, // the group's own verdict says it
				there == nil && j.Reason != plan.InScope.String() && j.Reason != plan.RecordGone.String() && j.Reason != plan.GroupConflict.String(),
				j.Reason == plan.DefaultGroup.String(), j.Reason == plan.BuiltInGroup.String(), j.Reason == plan.GroupNameInvalid.String():
				continue
			}
			in := map[string]bool{}
			if there != nil {
				for _, m := range there.members {
					in[owner[m]] = true
					if u := owner[m]; w.person(u) == nil || !w.wantedMember(g.id, u) {
						if n := done[who{g.id, u}] + said[who{j.Subject.Name, u}]; n == 0 {
							t.Fatalf("nothing is said of %s (%s), who is in %s and should not be\n%s\n%s", u, m, g.id, w, text(p))
						}
					}
				}
			}
			for _, u := range w.people {
				if w.wantedUser(u.id) && w.wantedMember(g.id, u.id) && !in[u.id] && w.limit == 0 {
					if n := done[who{g.id, u.id}] + said[who{j.Subject.Name, u.id}]; n == 0 && !in[w.heldRecord(p, u.id)] && !in[owner[w.heldRecord(p, u.id)]] {
						t.Fatalf("nothing is said of %s, who should be in %s and is not\n%s\n%s", u.id, g.id, w, text(p))
					}
				}
			}
		}
	})
}

// heldRecord is the record that a person may give to a user.
func (w *world) heldRecord(p *plan.Plan, u string) string {
	for s := range p.Steps() {
		if s.Op == plan.Adopt && s.Kind == plan.KindUser && s.Subject.ID == u && s.Held != nil {
			return s.Subject.Target
		}
	}
	return ""
}

// The sums are what the steps say, and a plan that was written down is read back as it was.
func TestAPlanIsWrittenDownAsItIs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p := compute(t, w)
		var out bytes.Buffer
		if err := p.Write(&out, plan.Extract{All: true}); err != nil {
			t.Fatalf("writing: %v", err)
		}
		var saved plan.Saved
		if err := json.Unmarshal(out.Bytes(), &saved); err != nil {
			t.Fatalf("reading back: %v\n%s", err, out.String())
		}
		if d := cmp.Diff(saved.Steps, steps(p), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("the steps that were read back differ (-read +written):\n%s", d)
		}
		if d := cmp.Diff(saved.Verdicts, slices.Collect(p.Verdicts(true)), cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("the verdicts that were read back differ (-read +written):\n%s", d)
		}
		if d := cmp.Diff(saved.Counts, countsOf(saved.Steps)); d != "" {
			t.Fatalf("the sums are not those of the steps (-written +counted):\n%s\n%s", d, text(p))
		}
		if saved.ID != p.ID || !saved.At.Equal(w.at) || saved.Complete != p.Complete() || len(saved.Guards) != len(p.Guards) || saved.Digests != p.Digests {
			t.Fatalf("the head of the plan was read back as %+v", saved)
		}
	})
}

func countsOf(steps []plan.Step) (c plan.Counts) {
	for _, s := range steps {
		n := max(1, len(s.Items))
		switch string(s.Op) + " " + s.Kind {
		case "create user":
			c.Creates++
		case "create group":
			c.Groups++
		case "adopt user", "adopt group":
			c.Adopts++
		case "update user":
			c.Updates++
		case "reactivate user":
			c.Reactivates++
		case "deactivate user":
			c.Deactivates++
		case "delete group":
			c.GroupDeletes++
		case "add-members group":
			c.Adds += n
		case "remove-members group":
			c.Removes += n
		case "add-members policy":
			c.Policies += n
		}
		if s.Held != nil {
			c.Held += n
			continue
		}
		for _, item := range s.Items {
			if item.Held != nil {
				c.Held++
			}
		}
	}
	return c
}

// The same input gives the same plan, byte for byte, in whatever order it arrives.
func TestTheSameWorldGivesTheSamePlan(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		write := func(w *world) string {
			var out bytes.Buffer
			if err := compute(t, w).Write(&out, plan.Extract{All: true}); err != nil {
				t.Fatalf("writing: %v", err)
			}
			return out.String()
		}
		first := write(w)
		if again := write(w); again != first {
			t.Fatalf("a second time it differs:\n%s", cmp.Diff(first, again))
		}
		if again := write(w.shuffled(t)); again != first {
			t.Fatalf("in another order it differs:\n%s", cmp.Diff(first, again))
		}
	})
}
