package compose

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	madeup "github.com/rollcall/rollcall/bench/company"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/testkit"
)

// traffic is what one question sent, signing in included. A batch is one request of as many calls as it has parts.
type traffic struct{ requests, calls int }

func (s *served) traffic() (n traffic) {
	for _, r := range s.Entra.Requests() {
		n.calls++
		if !r.Part {
			n.requests++
		}
		if strings.HasSuffix(r.Path, "/$batch") {
			n.calls-- // its parts are
		}
	}
	there := len(s.Atlassian.Requests())
	s.Entra.ForgetRequests()
	s.Atlassian.ForgetRequests()
	return traffic{n.requests + there, n.calls + there}
}

// edges counts the memberships of a group in a group that lead from assigned groups to a person, and the assigned groups
// that the person is in over any nesting. That the person is in a group is no edge.
func edges(w *facts.World, user uint32) (edges, groups int) {
	assigned, above := map[uint32]bool{}, map[uint32]bool{}
	walk := w.Graph.Walk()
	for _, g := range walk.Up(user) {
		above[g] = true
	}
	for _, a := range w.Assignments {
		if g, ok := w.GroupByID(a.PrincipalID); ok && above[g] {
			assigned[g] = true
		}
	}
	led := map[uint32]bool{} // from an assigned group
	for g := range assigned {
		led[g] = true
	}
	for grew := true; grew; {
		grew = false
		for g := range led {
			for _, inner := range w.Graph.Children(g) {
				if above[inner] && !led[inner] {
					led[inner], grew = true, true
				}
			}
		}
	}
	for g := range led {
		for _, inner := range w.Graph.Children(g) {
			if above[inner] {
				edges++
			}
		}
	}
	return edges, len(assigned)
}

// mostPast is how many requests a history may send beside those of the question why: nine searches of the organization's
// log, and up to three pages of Entra's about groups that lead nobody in any more.
const mostPast = 12

func TestALiveQuestionSendsThirtyRequestsAndOneForEachNestingEdge(t *testing.T) {
	companies := map[string]string{"the example": fabrikam, "teams": t.TempDir(), "many teams": t.TempDir(), "teams in units": t.TempDir()}
	for name, memberships := range map[string]int{"teams": 4000, "many teams": 7000, "teams in units": 4000} {
		if err := madeup.Write(companies[name], 400, memberships, 1); err != nil {
			t.Fatal(err)
		}
	}
	assignUnits(t, companies["teams in units"])
	groupsSeen, everybody := map[int]bool{}, true
	for name, dir := range companies {
		t.Run(name, func(t *testing.T) {
			s := serve(t, dir)
			whole := s.load(t, nil)
			most, nested, more := traffic{}, 0, 0
			verdicts := map[string]int{}
			people := make([]uint32, len(whole.Users))
			for i := range people {
				people[i] = uint32(i)
			}
			some := testkit.Sample(t, people, 10)
			everybody = everybody && len(some) == len(people)
			for _, i := range some {
				q := trace.Query{Subject: whole.Users[i].UserPrincipalName}
				want, err := trace.New(whole).Why(q)
				if err != nil {
					t.Fatal(err)
				}
				edges, groups := edges(whole, i)
				kind := fmt.Sprint(want.Verdict, want.Cause, groups)
				if verdicts[kind]++; verdicts[kind] > 2 {
					continue
				}
				s.traffic()
				world := s.load(t, &engine.Focus{Subjects: []string{q.Subject}})
				n := s.traffic()
				if diff := answers(whole, world, q); diff != "" {
					t.Errorf("why %s (- everything read, + asked about)\n%s", q.Subject, diff)
				}
				limit := 30 + edges
				s.load(t, &engine.Focus{Subjects: []string{q.Subject}, History: true})
				past := s.traffic()
				more = max(more, past.requests-n.requests)
				if past.requests > n.requests+mostPast {
					t.Errorf("%d requests for the history of %s, and %d for the question alone", past.requests, q.Subject, n.requests)
				}
				// Each group that should have somebody and does not show them is looked at by itself, at the directory
				// and at the site: what the answer says of it is told by no other call.
				inOrder := want.Verdict == trace.Present || want.Cause == "nested-group"
				if !inOrder && groups > 1 {
					limit = 26 + edges + 2*groups
				}
				if n.requests > limit {
					t.Errorf("%d requests for %s, who is %s %s in %d groups over %d nesting edges", n.requests, q.Subject, want.Verdict, want.Cause, groups, edges)
				}
				if inOrder {
					groupsSeen[groups] = true
					nested = max(nested, edges)
					most.requests, most.calls = max(most.requests, n.requests), max(most.calls, n.calls)
				}
			}
			t.Logf("people without other trouble: at most %d requests, %d calls, over at most %d edges; a history at most %d more", most.requests, most.calls, nested, more)
		})
	}
	for _, n := range []int{1, 7, 11, 15} {
		if everybody && !groupsSeen[n] {
			t.Errorf("nobody in %d groups was asked about: %v", n, groupsSeen)
		}
	}
}

// assignUnits assigns the groups that hold the teams of a made-up company. Entra's service reads direct members only, so
// that they are there at Atlassian and empty.
func assignUnits(t *testing.T, dir string) {
	t.Helper()
	type object = map[string]any
	change := func(file string, f func(doc object)) {
		path := filepath.Join(dir, filepath.FromSlash(file))
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var doc object
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		f(doc)
		if text, err = json.Marshal(doc); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var units []object
	change("entra/groups.json", func(doc object) {
		for _, g := range doc["value"].([]any) {
			if unit := g.(object); strings.HasPrefix(unit["displayName"].(string), "unit-") {
				units = append(units, unit)
			}
		}
	})
	each := func(key string, like func(unit, other object) object) func(object) {
		return func(doc object) {
			list := doc[key].([]any)
			other := list[0].(object)
			for _, u := range units {
				list = append(list, like(u, other))
			}
			doc[key] = list
		}
	}
	change("entra/app-role-assignments.json", each("value", func(u, other object) object {
		return object{
			"id": "unit" + u["id"].(string), "appRoleId": other["appRoleId"], "resourceId": other["resourceId"], "resourceDisplayName": other["resourceDisplayName"],
			"principalId": u["id"], "principalType": "Group", "principalDisplayName": u["displayName"], "createdDateTime": u["createdDateTime"],
		}
	}))
	change("atlassian/scim-groups.json", each("Resources", func(u, other object) object {
		return object{"schemas": other["schemas"], "id": "5c1" + u["id"].(string)[3:], "externalId": u["id"], "displayName": u["displayName"], "meta": other["meta"], "members": []any{}}
	}))
	change("atlassian/org-groups.json", each("data", func(u, other object) object {
		return object{"id": "06a" + u["id"].(string)[3:], "name": u["displayName"], "directoryId": other["directoryId"], "externalSynced": true, "managedBy": "external", "members": []any{}}
	}))
	change("jira/groups.json", func(doc object) {
		for _, u := range units {
			doc[u["displayName"].(string)] = object{"values": []any{}, "total": 0}
		}
	})
}
