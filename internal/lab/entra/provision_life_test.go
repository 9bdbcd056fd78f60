package entra_test

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// wanted is what the target should have in the end: who is active, and who is in which assigned group. People are
// only ever direct members here, and nobody comes into scope late, so the service has no excuse.
func wanted(people map[string]bool, groups map[string]map[string]bool, assigned map[string]bool) (users, memberships []string) {
	in := map[string]bool{}
	for g, members := range groups {
		if !assigned[g] {
			continue
		}
		line := g + ":"
		var names []string
		for m := range members {
			if in[m] = true; people[m] {
				names = append(names, m)
			}
		}
		slices.Sort(names)
		memberships = append(memberships, strings.TrimSpace(line+" "+strings.Join(names, " ")))
	}
	for p, enabled := range people {
		if in[p] && enabled {
			users = append(users, p+"@fabrikam.example")
		}
	}
	slices.Sort(users)
	slices.Sort(memberships)
	return users, memberships
}

// active are the active users and the memberships of the target, sorted.
func (c *company) active() (users, memberships []string) {
	for _, u := range c.at("Users") {
		if !strings.HasSuffix(u, "(inactive)") {
			users = append(users, u)
		}
	}
	for _, g := range c.at("Groups") {
		head, rest, _ := strings.Cut(g, ":")
		names := strings.Fields(rest)
		slices.Sort(names)
		memberships = append(memberships, strings.TrimSpace(head+": "+strings.Join(names, " ")))
	}
	slices.Sort(users)
	slices.Sort(memberships)
	return users, memberships
}

func TestWhateverPeopleDoTheTargetFollows(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		c := begin(t, entra.Provisioning{})
		people, groups, assigned := map[string]bool{}, map[string]map[string]bool{}, map[string]bool{}
		for i := range 4 {
			n := fmt.Sprintf("p%d", i)
			c.user(n)
			people[n] = true
		}
		for i := range 2 {
			n := fmt.Sprintf("g%d", i)
			c.group(n)
			groups[n] = map[string]bool{}
		}
		for _, g := range []string{"g0", "g1"} {
			c.assigned(c.ids[g])
			assigned[g] = true
		}
		c.start()
		for range rapid.IntRange(5, 40).Draw(r, "events") {
			p := fmt.Sprintf("p%d", rapid.IntRange(0, 3).Draw(r, "person"))
			g := fmt.Sprintf("g%d", rapid.IntRange(0, 1).Draw(r, "group"))
			switch rapid.SampledFrom([]string{"join", "join", "leave", "assign", "unassign", "rename", "wait", "wait", "fault"}).Draw(r, "what") {
			case "join":
				c.must(c.AddMember(c.ids[g], c.ids[p]))
				groups[g][p] = true
			case "leave":
				c.must(c.RemoveMember(c.ids[g], c.ids[p]))
				delete(groups[g], p)
			case "assign":
				if !assigned[g] {
					c.assigned(c.ids[g])
				}
				assigned[g] = true
			case "unassign":
				if assigned[g] {
					c.must(c.Unassign(c.ids["grant of "+c.ids[g]]))
				}
				assigned[g] = false
			case "rename":
				c.must(c.UpdateUser(c.ids[p], entra.Props{"displayName": fmt.Sprintf("%s at %v", p, c.now.Unix())}))
			case "fault":
				c.target.Inject(atlassian.Fault{Method: rapid.SampledFrom([]string{"POST", "PATCH", "GET", "DELETE"}).Draw(r, "method"), Times: 1, Skip: rapid.IntRange(0, 3).Draw(r, "skip"), Status: 503})
			case "wait":
				c.cycle()
			}
		}
		c.target.ClearFaults()
		c.advance(30 * time.Hour) // quiet: every escrow is over
		users, memberships := wanted(people, groups, assigned)
		gotUsers, gotMemberships := c.active()
		if diff := cmp.Diff([][]string{users, memberships}, [][]string{gotUsers, gotMemberships}); diff != "" {
			r.Errorf("the target (-wanted +got):\n%s\n%s", diff, strings.Join(c.log(), "\n"))
		}
	})
}

func TestReadersAndAdministratorsDoNotDisturbACycle(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	var members []string
	for i := range 40 {
		members = append(members, c.user(fmt.Sprintf("u%02d", i)))
	}
	c.assigned(c.group("jira", members...))
	c.must(c.job.Start())
	var wg sync.WaitGroup
	token := c.Token(entra.DefaultClient)
	for range 4 {
		wg.Go(func() {
			for range 20 {
				c.reads("/auditLogs/provisioning", token)
				c.reads("/servicePrincipals/"+c.app+"/synchronization/jobs", token)
				_ = c.UpdateUser(members[0], entra.Props{"displayName": "x"})
				c.job.PreventDeletions(500)
			}
		})
	}
	_, err := c.Tick(t.Context())
	c.must(err)
	wg.Wait()
	c.cycle()
	if n := len(c.at("Users")); n != 40 {
		t.Errorf("%d users", n)
	}
}

func TestSomebodyDisabledWhomTheTargetActivatedIsDisabledAgainByAFullCycle(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana"), c.user("ben")))
	c.start()
	c.must(c.DisableUser(c.ids["ana"]))
	c.cycle()
	gone := []string{"ana@fabrikam.example (inactive)", "ben@fabrikam.example"}
	c.expect("disabled", gone, []string{"jira: ana ben"})
	ana := c.scim("GET", "/Users?filter="+url.QueryEscape(`userName eq "ana@fabrikam.example"`), nil)["Resources"].([]any)[0].(map[string]any)["id"].(string)
	c.scim("PATCH", "/Users/"+ana, map[string]any{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": []any{map[string]any{"op": "replace", "path": "active", "value": true}}})
	c.cycle()
	c.expect("activated by somebody else", []string{"ana@fabrikam.example", "ben@fabrikam.example"}, []string{"jira: ana ben"})
	c.must(c.job.Restart(entra.Restarted))
	c.cycle()
	c.expect("restarted", gone, []string{"jira: ana ben"})
}
