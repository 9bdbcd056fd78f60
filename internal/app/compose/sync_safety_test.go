package compose

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// workshop is a small company: sixty people in six assigned groups, one of them inside another.
func workshop(t testing.TB) *company {
	t.Helper()
	c := &company{t: t, entra: &labentra.Lab{Limits: labentra.Limits{Off: true}}, groups: map[string]string{}, users: map[string]string{}}
	app, err := c.entra.AddServicePrincipal(labentra.Props{"displayName": "Atlassian Cloud"})
	must(t, err)
	c.app = app
	for i := range 60 {
		name := fmt.Sprintf("p%02d", i)
		c.users[name], err = c.entra.AddUser(labentra.Props{"displayName": "Person " + name, "userPrincipalName": name + "@shop.example", "mail": name + "@shop.example"})
		must(t, err)
	}
	for i := range 6 {
		name := fmt.Sprintf("team-%d", i)
		c.groups[name], err = c.entra.AddGroup(labentra.Props{"displayName": name})
		must(t, err)
		for j := range 60 {
			if j%6 == i {
				must(t, c.entra.AddMember(c.groups[name], c.users[fmt.Sprintf("p%02d", j)]))
			}
		}
		_, err = c.entra.Assign(app, c.groups[name], "")
		must(t, err)
	}
	must(t, c.entra.AddMember(c.groups["team-0"], c.groups["team-1"]))
	c.guard = &labatlassian.Lab{Domains: []labatlassian.Domain{{Name: "shop.example"}}}
	c.store, err = sqlstore.Open(t.Context(), "")
	must(t, err)
	t.Cleanup(func() { _ = c.store.Close() })
	c.connect(document.Connection{Name: "shop", Method: document.Rollcall, Application: app, Directory: labatlassian.DefaultDirectory})
	return c
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// anew has both sides read in full by the next run.
func (c *company) anew() *company { c.sync.Full = time.Nanosecond; return c }

// removals are requests that take something away.
func (c *company) removals() (out []string) {
	entries := c.store.Entries(c.t.Context(), querySince(c))
	for e, err := range entries {
		must(c.t, err)
		if e.Outcome == ledger.Done && (e.Op == "deactivate" || e.Op == "delete" || len(e.Remove) > 0) {
			out = append(out, e.Op+" "+e.Subject.Name)
		}
	}
	return out
}

// settled makes the next run with everything mended, and wants the target to be as a run without any trouble leaves it.
func (c *company) settled() {
	c.t.Helper()
	c.entra.Mend()
	c.guard.ClearFaults()
	c.anew()
	for range 4 {
		if got := c.apply(); got.Run.ID == "" {
			break
		}
	}
	last := c.apply()
	if last.Run.ID != "" || len(last.Holds) > 0 {
		c.t.Errorf("it never came to rest: %+v, %d waiting", last.Run.Counts, len(last.Holds))
	}
	open, err := c.store.Open(c.t.Context(), "shop")
	must(c.t, err)
	if len(open) > 0 {
		c.t.Errorf("%d intents have no outcome", len(open))
	}
	seen := map[string]int{}
	for _, r := range c.records() {
		seen[strings.ToLower(r)]++
	}
	if len(seen) < 60 {
		c.t.Errorf("%d of 60 people have a record", len(seen))
	}
	for name, n := range seen {
		if n > 1 {
			c.t.Errorf("%s has %d records", name, n)
		}
	}
}

func TestAReadingThatSaysTooLittleRemovesNobody(t *testing.T) {
	for name, fault := range map[string]labentra.Fault{
		"a page of users is lost":       {Path: "*/users/delta*", LosePage: true},
		"a page of groups is lost":      {Path: "*/groups/delta*", LosePage: true},
		"assignments come empty":        {Path: "*/appRoleAssignedTo*", LosePage: true},
		"the body is empty":             {Path: "*/users/delta*", Empty: true},
		"JSON ends in the middle":       {Path: "*/groups/delta*", Truncate: true},
		"the connection breaks":         {Path: "*/groups/delta*", Cut: true},
		"the service fails":             {Path: "*/users/delta*", Status: 500},
		"nobody may read users":         {Path: "*/users/delta*", Status: 403, Code: "Authorization_RequestDenied"},
		"nobody may read groups":        {Path: "*/groups/delta*", Status: 403, Code: "Authorization_RequestDenied"},
		"nobody may read assignments":   {Path: "*/appRoleAssignedTo*", Status: 403, Code: "Authorization_RequestDenied"},
		"pages lead to another host":    {Path: "*/users/delta*", Host: "https://elsewhere.example"},
		"throttled without Retry-After": {Path: "*/users/delta*", Status: 429},
	} {
		t.Run(name, func(t *testing.T) {
			c := workshop(t)
			c.apply()
			c.anew()
			c.entra.Break(fault)
			got, err := c.sync.Apply(t.Context(), engine.ApplyRequest{})
			t.Logf("error: %v", err)
			if got != nil && err == nil {
				t.Logf("%+v, %d waiting, gaps %v", got.Run.Counts, len(got.Holds), got.Plan.Plan.Gaps)
			}
			if gone := c.removals(); len(gone) > 0 {
				t.Errorf("taken away: %v", gone)
			}
			c.settled()
		})
	}
}

func TestATargetThatMisbehavesLosesNothing(t *testing.T) {
	for name, fault := range map[string]labatlassian.Fault{
		"500 now and then":              {Method: "POST", Path: "*/Users", Skip: 5, Times: 7, Status: 500},
		"503 for a while":               {Skip: 20, Times: 9, Status: 503},
		"429 without Retry-After":       {Skip: 20, Times: 9, Status: 429},
		"answers lost after the write":  {Method: "POST", Skip: 10, Times: 6, Cut: labatlassian.CutAfter},
		"requests lost before":          {Method: "POST", Skip: 10, Times: 6, Cut: labatlassian.CutBefore},
		"patches lost after the write":  {Method: "PATCH", Times: 3, Cut: labatlassian.CutAfter},
		"answers end in the middle":     {Method: "POST", Skip: 10, Times: 6, Truncate: 20},
		"a list leaves out a page":      {Method: "GET", Path: "*/Users", LosePage: true},
		"lists begin at their start":    {Method: "GET", IgnoreStart: true},
		"lists take their own size":     {Method: "GET", IgnoreCount: true},
		"a redirect is not followed":    {Method: "POST", Skip: 3, Times: 2, Status: 302},
		"every new group fails at once": {Method: "POST", Path: "*/Groups", Times: 4, Status: 500},
	} {
		t.Run(name, func(t *testing.T) {
			c := workshop(t)
			c.guard.Inject(fault)
			got, err := c.sync.Apply(t.Context(), engine.ApplyRequest{})
			if err == nil {
				t.Logf("%+v, stopped by %v", got.Run.Counts, got.Stopped)
			} else {
				t.Logf("error: %v", err)
			}
			c.settled()
			if gone := c.removals(); len(gone) > 0 {
				t.Errorf("taken away: %v", gone)
			}
		})
	}
}

func TestAKeyThatIsRevokedHalfWayStopsTheRunAndTheNextOneGoesOn(t *testing.T) {
	c := workshop(t)
	c.guard.Inject(labatlassian.Fault{Method: http.MethodPost, Skip: 30, Status: 401})
	got := c.apply()
	if got.Stopped == nil || got.Run.State != ledger.Stopped {
		t.Fatalf("the run went on: %+v", got.Run)
	}
	if got.Run.Counts.Done < 20 {
		t.Errorf("only %d were done before", got.Run.Counts.Done)
	}
	writes, _ := c.requests()
	if writes > 30+33 { // those that were under way
		t.Errorf("%d requests were sent with a dead key", writes-30)
	}
	c.settled()
}

func TestAGroupThatLeavesTheScopeIsNotDeletedByItself(t *testing.T) {
	c := workshop(t)
	c.apply()
	must(t, c.entra.DeleteGroup(c.groups["team-5"]))
	got := c.apply()
	for _, r := range c.guard.Requests() {
		if r.Method == http.MethodDelete {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if len(got.Holds) == 0 {
		t.Error("nothing waits for a person")
	}
	if gone := c.removals(); len(gone) > 0 {
		t.Errorf("taken away: %v", gone)
	}
}

func TestNothingIsWrittenWhileEntrasOwnServiceIsOn(t *testing.T) {
	c := workshop(t)
	c.sync.Alone = false
	_, err := c.sync.Apply(t.Context(), engine.ApplyRequest{})
	if _, refused := errors.AsType[*engine.SecondWriter](err); !refused {
		t.Errorf("%v", err)
	}
	if writes, _ := c.requests(); writes > 0 {
		t.Errorf("%d writes", writes)
	}
}
