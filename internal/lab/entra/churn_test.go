package entra

import (
	"fmt"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestListsStayInOrderWhenMostOfThemIsRemoved(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}})
	var all []string
	for i := range 200 {
		all = append(all, g.user(fmt.Sprint("user", i)))
	}
	team := g.group("team", all...)
	first := g.get("/groups/" + team + "/members?$top=10")
	must(t, g.l.RemoveMember(team, all[5:195]...))
	rest, _ := g.all(first.link("nextLink"))
	if diff := cmp.Diff(all[195:], ids(rest)); diff != "" {
		t.Errorf("the rest of a list that shrank while it was read (-want +got):\n%s", diff)
	}
	must(t, g.l.AddMember(team, all[100], all[3])) // one of them is still in
	must(t, g.l.RemoveMember(team, all[199]))
	got, _ := g.all("/groups/" + team + "/members?$top=3")
	if diff := cmp.Diff(slices.Concat(all[:5], all[195:199], all[100:101]), ids(got)); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	for _, id := range all[:150] {
		must(t, g.l.DeleteUser(id))
	}
	got, _ = g.all("/users?$top=7")
	if diff := cmp.Diff(all[150:], ids(got)); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	got, _ = g.all("/directory/deletedItems/microsoft.graph.user?$top=7")
	if diff := cmp.Diff(all[:150], ids(got)); diff != "" {
		t.Errorf("deleted (-want +got):\n%s", diff)
	}
}

func TestALogIsPagedInBothDirections(t *testing.T) {
	c := newClock()
	g := open(t, &Lab{Now: c.now, Limits: Limits{Off: true}})
	for i := range 7 {
		g.user(fmt.Sprint("user", i))
		if i == 3 {
			c.pass(-time.Hour) // a clock that was set back
		}
	}
	down, _ := g.all("/auditLogs/directoryAudits?$top=2")
	up, _ := g.all("/auditLogs/directoryAudits?$top=2&$orderby=activityDateTime")
	want := ids(down)
	slices.Reverse(want)
	if diff := cmp.Diff(want, ids(up)); diff != "" || len(up) != 7 {
		t.Errorf("%d entries (-backwards +forwards):\n%s", len(up), diff)
	}
	if !slices.IsSortedFunc(up, func(a, b map[string]any) int {
		return moment(a["activityDateTime"].(string)).Compare(moment(b["activityDateTime"].(string)))
	}) {
		t.Errorf("not in the order of time: %v", up)
	}
}

func TestTextsAreComparedAsTextsWhateverTheirLetters(t *testing.T) {
	g := open(t, &Lab{})
	must(t, g.l.Load(bundle(map[string]string{"users.json": `{"value":[
		{"id":"1","displayName":"Zo\u00eb \"Z\" \u00c5berg","employeeId":"0042"},{"id":"2","displayName":"ZOË \"z\" ÅBERG"},{"id":"3","displayName":"Zoe"}]}`})))
	for filter, want := range map[string][]string{
		`displayName eq 'zoë "Z" åberg'`:        {"1", "2"},
		`startswith(displayName,'ZOË "')`:       {"1", "2"},
		`employeeId eq '0042'`:                  {"1"},
		`employeeId in ('0042')`:                {"1"},
		`(displayName eq 'zoe' or id eq '1')`:   {"1", "3"},
		`id in ('3','1','3') or id eq 'nobody'`: {"1", "3"},
	} {
		if diff := cmp.Diff(want, ids(g.get("/users?$filter="+url.QueryEscape(filter)).values())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", filter, diff)
		}
	}
	for _, bad := range []string{"id in ()", "id in ('1'", "id in '1'", "tags/any(x)", "tags/any(x:", "a/any(x:x/any(y:y eq 1))", "startswith(id", ":", "not", "id eq )"} {
		if n, err := parseFilter(bad); err == nil {
			t.Errorf("%s is read as %v", bad, n)
		}
	}
}

func TestARoundThatWasLeftLyingForTooLongIsGone(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}, Pages: Pages{DeltaObjects: 1}})
	g.user("ana")
	g.user("ben")
	old := g.get("/users/delta").link("nextLink")
	for range maxRounds {
		g.get("/users/delta")
	}
	if r := g.get(old); r.status != 410 || r.header.Get("Location") != "https://graph.microsoft.com/v1.0/users/delta?$deltatoken=" {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestTheHandlerWorksBehindAnyServer(t *testing.T) {
	l := &Lab{}
	s := httptest.NewServer(l.Handler())
	defer s.Close()
	g := &graph{t, l, l.Token(DefaultClient), s.Client()}
	if r := g.get(s.URL + "/v1.0/users"); r.body["@odata.context"] != s.URL+"/v1.0/$metadata#users" {
		t.Errorf("%d %s", r.status, r.raw)
	}
}

func TestTheTenantCanChangeWhileManyRead(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}, Pages: Pages{Default: 5, DeltaObjects: 3, DeltaMembers: 3, Logs: 7}})
	var people []string
	for i := range 20 {
		people = append(people, g.user(fmt.Sprint("user", i)))
	}
	team := g.group("team", people...)
	done := make(chan struct{})
	var wg sync.WaitGroup
	for _, path := range []string{
		"/users", "/groups/" + team + "/members", "/groups/" + team + "/transitiveMembers", "/groups/delta", "/users/delta", "/auditLogs/directoryAudits",
	} {
		wg.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
				}
				for link, pages := path, 0; link != "" && pages < 20; pages++ {
					r, err := g.try("GET", link, "")
					if err != nil || r.status != 200 {
						t.Errorf("%s: %d %s %v", link, r.status, r.raw, err)
						return
					}
					link = r.link("nextLink")
				}
			}
		})
	}
	for i := range 100 {
		who := people[i%len(people)]
		must(t, g.l.RemoveMember(team, who))
		must(t, g.l.AddMember(team, who))
		must(t, g.l.DeleteUser(who))
		must(t, g.l.Restore(who))
		must(t, g.l.UpdateUser(who, Props{"jobTitle": fmt.Sprint(i)}))
		g.l.Break(Fault{Path: "nowhere"})
		g.l.Mend()
		_ = g.l.Requests()
	}
	close(done)
	wg.Wait()
	if list, _ := g.all("/groups/" + team + "/members"); len(list) != len(people) {
		t.Errorf("%d members at the end, want %d", len(list), len(people))
	}
}

func TestANestingIsWalkedOnceUntilSomethingChanges(t *testing.T) {
	g := open(t, &Lab{})
	outer, _, inner, people := nested(t, g)
	top, ana := g.l.dir.groups.find(outer), g.l.dir.users.find(people[0])
	reach := &g.l.dir.reach
	down, up := reach.below(top), reach.above(ana)
	if &down[0] != &reach.below(top)[0] || &up[0] != &reach.above(ana)[0] {
		t.Error("every page of a list walks the whole nesting again")
	}
	must(t, g.l.AddMember(inner, people[0]))
	if &down[0] == &reach.below(top)[0] || len(reach.above(ana)) != 3 {
		t.Error("a new membership is not seen")
	}
}
