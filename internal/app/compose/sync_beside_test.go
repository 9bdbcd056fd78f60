package compose

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/evidence/guard"
	"github.com/rollcall/rollcall/internal/port/store"
)

// organized is a workshop whose organization is looked at, too.
func organized(t *testing.T) *company {
	t.Helper()
	c := workshop(t)
	key := func(text string) func() (string, error) { return func() (string, error) { return text, nil } }
	c.sync.Connection.Org = labatlassian.DefaultOrg
	source, err := guard.New(guard.Options{
		Connection: c.sync.Connection, SCIMKey: key(labatlassian.DefaultKey), AdminKey: key(labatlassian.DefaultAdminKey),
		Transport: c.guard.Transport(), Now: c.clock.Now, Sleep: c.clock.Sleep,
	})
	must(t, err)
	c.sync.Beside = []evidence.Source{source.Planning()}
	return c
}

// found makes a group at Entra that is in scope.
func (c *company) found(name string, people ...string) {
	c.t.Helper()
	id, err := c.entra.AddGroup(labentra.Props{"displayName": name})
	must(c.t, err)
	c.groups[name] = id
	for _, p := range people {
		must(c.t, c.entra.AddMember(id, c.users[p]))
	}
	_, err = c.entra.Assign(c.app, id, "")
	must(c.t, err)
}

// made are the groups that were made since the last run began.
func (c *company) made() int {
	n := 0
	for _, r := range c.guard.Requests() {
		if r.Method == http.MethodPost && strings.HasSuffix(r.Path, "/Groups") {
			n++
		}
	}
	return n
}

func held(all []store.Hold, code string) bool {
	return slices.ContainsFunc(all, func(h store.Hold) bool { return h.Code == code })
}

func TestAGroupThatSomebodyMadeByHandSinceYesterdayIsAConflictAndNoSurprise(t *testing.T) {
	c := organized(t)
	c.apply()
	c.clock.Pass(time.Hour)
	_, err := c.guard.CreateLocalGroup("Team-New")
	must(t, err)
	c.found("team-new", "p01")
	c.found("team-other", "p02")
	got := c.apply()
	if !held(got.Holds, "group-conflict") {
		t.Errorf("%d wait, none of them for a conflict", len(got.Holds))
	}
	if n := c.made(); n != 1 || got.Run.Counts.Failed > 0 {
		t.Errorf("%d groups were made, of which one has its name for itself; %+v", n, got.Run.Counts)
	}
	asked := 0
	for _, r := range c.guard.Requests() {
		if strings.Contains(r.Path, "/groups/search") {
			asked++
		}
	}
	if asked != 1 {
		t.Errorf("the organization was asked %d times for two groups", asked)
	}
	if again := c.apply(); again.Run.ID != "" || c.made() > 0 {
		t.Errorf("it does not rest: %+v", again.Run.Counts)
	}
}

func TestAnOrganizationThatDoesNotAnswerTakesNothingElseWithItAndNewGroupsWait(t *testing.T) {
	for name, fault := range map[string]labatlassian.Fault{
		"nothing of it answers":         {Path: "/admin/*", Status: 500},
		"its groups do not answer":      {Path: "*/groups/search", Status: 500},
		"it answers with something odd": {Path: "*/groups/search", Truncate: 7},
	} {
		t.Run(name, func(t *testing.T) {
			c := organized(t)
			c.guard.Inject(fault)
			got := c.apply()
			if got.Run.Counts.Done < 60 || c.made() > 0 {
				t.Errorf("%+v, %d groups were made of which nobody knows whether they are in the way", got.Run.Counts, c.made())
			}
			told := strings.Join(got.Plan.Plan.Gaps, "\n")
			if !strings.Contains(told, string(document.OrgGroups)) || got.Run.State != ledger.Ended {
				t.Errorf("the run is %s; gaps: %s", got.Run.State, told)
			}
			c.guard.ClearFaults()
			c.clock.Pass(5 * time.Minute)
			if c.apply(); c.made() != 6 {
				t.Errorf("%d of 6 groups were made when the organization answered again", c.made())
			}
			c.settled()
		})
	}
}

func TestAKeyThatMaySeeNoGroupsHoldsNoGroupUp(t *testing.T) {
	c := organized(t)
	c.guard.Inject(labatlassian.Fault{Path: "*/groups/search", Status: 403})
	if c.apply(); c.made() != 6 {
		t.Errorf("%d of 6 groups were made", c.made())
	}
}

// What a new plan touches for the first time is looked at as well.
func TestWhatANewPlanTouchesIsLookedAtToo(t *testing.T) {
	c := workshop(t)
	c.apply()
	// Somebody deletes the record of p01 at Atlassian, and takes p07's out of a group of theirs: the plan first knows of a
	// change of p01 only; with the record gone it makes one and brings it back into the group, where p07 is missing.
	must(t, c.entra.UpdateUser(c.users["p01"], labentra.Props{"displayName": "Person One"}))
	other, group := c.find("/Users", "p07@shop.example"), c.find("/Groups", "team-1")
	c.ask(http.MethodDelete, "/Users/"+c.find("/Users", "p01@shop.example"), "")
	c.ask(http.MethodPatch, "/Groups/"+group, `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"`+other+`\"]"}]}`)
	if strings.Contains(string(c.ask(http.MethodGet, "/Groups/"+group, "")), other) {
		t.Fatal("p07 is in the group still")
	}
	c.apply()
	for _, who := range []string{other, c.find("/Users", "p01@shop.example")} {
		if !strings.Contains(string(c.ask(http.MethodGet, "/Groups/"+group, "")), who) {
			t.Errorf("%s is not in the group", who)
		}
	}
	if last := c.apply(); last.Run.ID != "" {
		t.Errorf("something was left for the next run: %+v", last.Run.Counts)
	}
}

// ask sends a request to the directory as somebody else does.
func (c *company) ask(method, path, body string) []byte {
	c.t.Helper()
	r, err := http.NewRequestWithContext(c.t.Context(), method, "https://api.atlassian.com/scim/directory/"+labatlassian.DefaultDirectory+path, strings.NewReader(body))
	must(c.t, err)
	r.Header.Set("Authorization", "Bearer "+labatlassian.DefaultKey)
	answer, err := c.guard.Transport().RoundTrip(r)
	must(c.t, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	must(c.t, err)
	if answer.StatusCode >= 300 {
		c.t.Fatalf("%s %s: %d %s", method, path, answer.StatusCode, text)
	}
	return text
}

// find gives the id of a record or group of the directory.
func (c *company) find(list, name string) string {
	c.t.Helper()
	var page struct {
		Resources []struct{ ID, UserName, DisplayName string }
	}
	must(c.t, json.Unmarshal(c.ask(http.MethodGet, list+"?count=100", ""), &page))
	for _, o := range page.Resources {
		if strings.EqualFold(o.UserName, name) || o.DisplayName == name {
			return o.ID
		}
	}
	c.t.Fatalf("there is no %s", name)
	return ""
}
