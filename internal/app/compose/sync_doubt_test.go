package compose

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// let approves what waits, of the steps whose ids begin so.
func (c *company) let(begin string) (n int) {
	c.t.Helper()
	holds, err := c.store.Holds(c.t.Context(), "shop")
	must(c.t, err)
	for _, h := range holds {
		if !strings.HasPrefix(h.Step, begin) || h.Approved != "" {
			continue
		}
		_, err := c.store.Approve(c.t.Context(), "shop", h.Run, []string{h.Name()}, "anna", "", c.clock.Now())
		must(c.t, err)
		n++
	}
	return n
}

// groups are the targets of the links of a group, and deleted the groups that were deleted since the last run began.
func (c *company) groupLinks(source string) (out []string) {
	c.t.Helper()
	links, err := c.store.Links(c.t.Context(), "shop")
	must(c.t, err)
	for _, l := range links {
		if l.Kind == plan.KindGroup && l.Source == source {
			out = append(out, l.Target)
		}
	}
	return out
}

func (c *company) deleted() (n int) {
	for _, r := range c.guard.Requests() {
		if r.Method == http.MethodDelete {
			n++
		}
	}
	return n
}

func TestAChangeOfWhichNobodyKnowsWhetherItWasDoneIsReadAgainByTheNextRun(t *testing.T) {
	c := workshop(t)
	c.apply()
	must(t, c.entra.DisableUser(c.users["p07"]))
	c.guard.Inject(labatlassian.Fault{Method: "PATCH", Cut: labatlassian.CutAfter})
	c.guard.Inject(labatlassian.Fault{Method: "GET", Skip: 1, Status: 500}) // behind the look at what is about to be changed
	if _, err := c.sync.Apply(t.Context(), engine.ApplyRequest{}); err == nil {
		t.Fatal("what failed was read again although the service does not answer")
	}
	c.guard.ClearFaults()

	must(t, c.entra.EnableUser(c.users["p07"])) // as if nothing had been
	got := c.apply()
	if writes, _ := c.requests(); writes != 1 || got.Run.Counts.Done != 1 {
		t.Errorf("the next run did %+v with %d writes: somebody stays locked out", got.Run.Counts, writes)
	}
	if third := c.apply(); third.Run.ID != "" {
		t.Errorf("the third run did %+v", third.Run.Counts)
	}
	if _, reads := c.requests(); reads > 0 {
		t.Errorf("the third run read %d times what the second one had read", reads)
	}
}

func TestTheOldGroupOfARenamedOneStaysOursUntilItIsDeleted(t *testing.T) {
	c := workshop(t)
	c.apply()
	team := c.groups["team-4"]
	must(t, c.entra.RenameGroup(team, "team-new"))
	c.apply()
	if c.let("create:group:") != 1 || c.let("add-members:group:") == 0 {
		t.Fatal("nothing waited")
	}
	c.apply()
	if links := c.groupLinks(team); len(links) != 2 {
		t.Fatalf("the group is linked to %v: the old one is nobody's, and whoever leaves stays in it for good", links)
	}
	c.apply()
	if c.let("delete:group:") != 1 {
		t.Fatal("the deletion of the old group does not wait")
	}
	if c.apply(); c.deleted() != 1 {
		t.Errorf("%d groups were deleted", c.deleted())
	}
	if links := c.groupLinks(team); len(links) != 1 {
		t.Errorf("the new group is linked to %v", links)
	}
	c.settled()
}

func TestADeletionThatWasLetGoForARenameIsNotOneOfAGroupThatLeft(t *testing.T) {
	c := workshop(t)
	c.apply()
	must(t, c.entra.RenameGroup(c.groups["team-4"], "team-new"))
	c.apply()
	if c.let("delete:group:") != 1 { // and nothing else: it has to wait for the new group
		t.Fatal("nothing waited")
	}
	if c.apply(); c.deleted() > 0 {
		t.Fatal("the old group was deleted before there was a new one")
	}
	for _, id := range c.list("/v1.0/servicePrincipals/" + c.app + "/appRoleAssignedTo?$top=999") {
		must(t, c.entra.Unassign(id)) // all of them: the one of the group is among them
	}
	got := c.apply()
	if c.deleted() > 0 {
		t.Error("the group was deleted because somebody had let it be replaced")
	}
	if len(got.Holds) < 6 {
		t.Errorf("only %d of 6 groups wait to be deleted", len(got.Holds))
	}
}

// sleepy is a source that answers when the run is over.
type sleepy struct{ source.Source }

func (sleepy) Read(ctx context.Context, _ source.Cursor, _ source.Mirror) (source.Cursor, error) {
	<-ctx.Done()
	return "", context.Cause(ctx)
}

// once claims a connection and cannot renew the claim.
type once struct {
	store.Store
	claimed bool
}

var errDisk = errors.New("the disk is gone")

func (o *once) Claim(ctx context.Context, connection, holder string, now time.Time, ttl time.Duration) (store.Fence, bool, string, time.Time, error) {
	if o.claimed {
		return store.Fence{}, false, "", time.Time{}, errDisk
	}
	o.claimed = true
	return o.Store.Claim(ctx, connection, holder, now, ttl)
}

func TestARunEndsBeforeAClaimThatCannotBeRenewedDoes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := workshop(t)
		c.sync.Store, c.sync.Source = &once{Store: c.store}, sleepy{c.sync.Source}
		began := time.Now()
		_, err := c.sync.Apply(t.Context(), engine.ApplyRequest{})
		if took := time.Since(began); !errors.Is(err, errDisk) || took >= time.Minute {
			t.Errorf("after %s, of a claim for a minute: %v", took, err)
		}
	})
}

func TestAfterAClockThatWasAheadBothSidesAreReadAnew(t *testing.T) {
	c := workshop(t)
	c.clock.Pass(30 * dayLong)
	c.apply()
	c.clock.Back()
	c.apply()
	if _, reads := c.requests(); reads == 0 {
		t.Error("the mirror of a month to come was believed")
	}
}

func TestANameThatSomebodyElseHasIsRefusedOnce(t *testing.T) {
	c := workshop(t)
	c.apply()
	must(t, c.entra.UpdateUser(c.users["p07"], labentra.Props{"userPrincipalName": "taken@shop.example", "mail": "taken@shop.example"}))
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.atlassian.com/scim/directory/"+labatlassian.DefaultDirectory+"/Users", strings.NewReader(
		`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"taken@shop.example","emails":[{"value":"taken@shop.example","type":"work","primary":true}],"displayName":"x","name":{"familyName":"x","givenName":"y"},"active":true}`))
	must(t, err)
	r.Header.Set("Authorization", "Bearer "+labatlassian.DefaultKey)
	if answer, err := c.guard.Transport().RoundTrip(r); err != nil || answer.StatusCode != http.StatusCreated {
		t.Fatal(err)
	}
	if got := c.apply(); got.Run.Counts.Failed != 1 {
		t.Errorf("%+v", got.Run.Counts)
	}
	if got := c.apply(); got.Run.ID != "" {
		t.Errorf("what cannot be was tried again: %+v", got.Run.Counts)
	}
}

// mute cannot say what became of a change.
type mute struct{ target.Target }

func (mute) Confirm(context.Context, target.Change) (target.Receipt, target.Confirmation, error) {
	return target.Receipt{}, target.Unsure, errors.New("the organization is not configured any more")
}

func TestAnInterruptedChangeThatCannotBeAskedForStopsNobodyElse(t *testing.T) {
	c := workshop(t)
	f, ok, _, _, err := c.store.Claim(t.Context(), "shop", "killed", time.Unix(1, 0), time.Second)
	if err != nil || !ok {
		t.Fatal(err)
	}
	must(t, c.store.BeginRun(t.Context(), f, ledger.Run{ID: "before", Connection: "shop", Started: time.Unix(1, 0), State: ledger.Running}))
	_, err = c.store.Intend(t.Context(), f, []ledger.Entry{{Run: "before", Step: "s", Op: string(plan.AddMembers), Kind: plan.KindPolicy, Subject: ledger.Subject{ID: "p1", Name: "Contractors"}, Outcome: ledger.Intended, At: time.Unix(1, 0)}})
	must(t, err)
	c.sync.Target = mute{c.sync.Target}
	got := c.apply()
	if len(got.Settled) != 1 || got.Settled[0].Entry.Outcome != ledger.Unsure || !strings.Contains(got.Settled[0].Entry.Text, "not configured") {
		t.Errorf("%+v", got.Settled)
	}
	if got.Run.Counts.Done < 60 {
		t.Errorf("%+v", got.Run.Counts)
	}
}

func TestARenamedGroupIsNotReplacedWhileMembersOfItAreNotTold(t *testing.T) {
	c := workshop(t)
	c.apply()
	for _, m := range c.members(c.groups["team-1"]) { // as an application sees it that lacks Member.Read.Hidden
		must(t, c.entra.RemoveMember(c.groups["team-1"], m))
	}
	must(t, c.entra.UpdateGroup(c.groups["team-1"], labentra.Props{"visibility": "HiddenMembership"}))
	must(t, c.entra.RenameGroup(c.groups["team-0"], "team-new")) // team-1 is inside it
	for range 3 {
		c.apply()
		c.let("")
	}
	if gone := c.removals(); len(gone) > 0 {
		t.Errorf("taken away because of a gap: %v", gone)
	}
}
