package compose

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/plan"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
)

// steps are the ids of what a run's plan would do.
func steps(r *engine.ApplyResult) (out []string) {
	for s := range r.Plan.Steps() {
		out = append(out, string(s.Op)+" "+s.Subject.Name)
	}
	return out
}

func TestWhatAPersonLetsGoIsDoneByTheNextRunAndNothingElse(t *testing.T) {
	c := workshop(t)
	c.apply()
	for i := range 20 { // a third leaves: far over the limit
		must(t, c.entra.DisableUser(c.users[fmt.Sprintf("p%02d", i)]))
	}
	got := c.apply()
	if got.Run.Counts.Done != 0 || got.Run.Counts.Held != 20 || len(got.Holds) != 20 {
		t.Fatalf("%+v, %d waiting", got.Run.Counts, len(got.Holds))
	}
	run := got.Run.ID
	let, err := c.store.Approve(t.Context(), "shop", run, []string{got.Holds[3].Step, got.Holds[7].Step}, "anna", "they left", time.Now())
	if err != nil || len(let) != 2 {
		t.Fatal(let, err)
	}
	got = c.apply()
	if got.Run.Counts.Done != 2 || len(c.removals()) != 2 {
		t.Errorf("%+v: %v", got.Run.Counts, c.removals())
	}
	for e, err := range c.store.Entries(t.Context(), querySince(c)) {
		must(t, err)
		if e.Op == string(plan.Deactivate) && e.Approved != "anna" {
			t.Errorf("%s was deactivated without saying who let it go: %+v", e.Subject.Name, e)
		}
	}
	if again := c.apply(); again.Run.Counts.Done != 0 {
		t.Errorf("an approval counted twice: %+v", again.Run.Counts)
	}
}

func TestAnApprovalCountsForNothingButWhatWasShown(t *testing.T) {
	c := workshop(t)
	c.apply()
	must(t, c.entra.RenameGroup(c.groups["team-3"], "team-three"))
	got := c.apply()
	i := slices.IndexFunc(got.Holds, func(h holdOf) bool { return h.Op == string(plan.Create) })
	if i < 0 {
		t.Fatalf("a rename does not wait: %v", steps(got))
	}
	_, err := c.store.Approve(t.Context(), "shop", got.Run.ID, nil, "anna", "", time.Now())
	must(t, err)
	must(t, c.entra.RenameGroup(c.groups["team-3"], "something-else"))
	got = c.apply()
	writes, _ := c.requests()
	if writes > 0 {
		t.Errorf("another name was made than the one that was approved: %v", steps(got))
	}
}

func TestARenamedGroupIsMadeAnewFilledAndThenDeletedWhenAPersonSaysSo(t *testing.T) {
	c := workshop(t)
	c.apply()
	must(t, c.entra.RenameGroup(c.groups["team-3"], "team-three"))
	got := c.apply()
	_, err := c.store.Approve(t.Context(), "shop", got.Run.ID, nil, "anna", "", time.Now())
	must(t, err)
	got = c.apply()
	if got.Run.Counts.Failed+got.Run.Counts.Blocked > 0 {
		t.Fatalf("%+v %v", got.Run.Counts, got.Failed)
	}
	c.settled()
	links, err := c.store.Links(t.Context(), "shop")
	must(t, err)
	n := 0
	for _, l := range links {
		if l.Source == c.groups["team-3"] {
			n++
		}
	}
	if n != 1 {
		t.Errorf("the renamed group has %d links", n)
	}
}

func TestASavedPlanIsCarriedOutOnlyWhileTheWorldStandsStill(t *testing.T) {
	c := workshop(t)
	saved := c.save()
	must(t, c.entra.UpdateUser(c.users["p07"], labentra.Props{"displayName": "Somebody Else"}))
	if _, err := c.sync.Apply(t.Context(), engine.ApplyRequest{Saved: saved}); !errors.Is(err, engine.ErrMoved) {
		t.Errorf("%v", err)
	}
	if len(c.removals()) > 0 || len(c.records()) > 0 {
		t.Error("something was written")
	}
	got, err := c.sync.Apply(t.Context(), engine.ApplyRequest{Saved: c.save()})
	must(t, err)
	if got.Run.Counts.Done < 60 {
		t.Errorf("%+v", got.Run.Counts)
	}
}

func TestOneUserIsProvisionedAlone(t *testing.T) {
	c := workshop(t)
	got, err := c.sync.Apply(t.Context(), engine.ApplyRequest{User: "p07@shop.example"})
	must(t, err)
	if n := len(c.records()); n != 1 || got.Run.Counts.Failed > 0 {
		t.Errorf("%d records, %+v", n, got.Run.Counts)
	}
	c.settled()
}

func TestWhatARunTakesAwayCountsForADay(t *testing.T) {
	c := workshop(t) // 60 people: 5 % are 3 in a run, 10 % are 6 in a day
	c.apply()
	for i := range 8 {
		must(t, c.entra.DisableUser(c.users[fmt.Sprintf("p%02d", i)]))
		c.apply()
	}
	if n := len(c.removals()); n > 6 {
		t.Errorf("%d were deactivated in one day", n)
	}
	c.clock.Pass(25 * time.Hour)
	before := len(c.removals())
	c.apply()
	if n := len(c.removals()); n == before {
		t.Error("a day later it still waits")
	}
}
