package entra

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestADeltaQueryBeginsWithEverythingAndEndsWithADeltaLink(t *testing.T) {
	g := open(t, &Lab{Pages: Pages{DeltaObjects: 2}})
	want := []string{g.user("ana"), g.user("ben"), g.user("cleo")}
	first := g.get("/users/delta?$select=displayName,jobTitle")
	if c := first.body["@odata.context"]; c != "https://graph.microsoft.com/v1.0/$metadata#users(displayName,jobTitle)" {
		t.Errorf("context = %v", c)
	}
	if first.link("deltaLink") != "" || !strings.Contains(first.link("nextLink"), "/v1.0/users/delta?$skiptoken=") {
		t.Errorf("the first of two pages: %s", first.raw)
	}
	if diff := cmp.Diff(map[string]any{"id": want[0], "displayName": "ana"}, first.values()[0]); diff != "" {
		t.Errorf("what was never set is left out (-want +got):\n%s", diff)
	}
	rest, last := g.all(first.link("nextLink"))
	if diff := cmp.Diff(want, append(ids(first.values()), ids(rest)...)); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	if !strings.Contains(last.link("deltaLink"), "/v1.0/users/delta?$deltatoken=") {
		t.Errorf("the last page: %s", last.raw)
	}
	again := g.get(last.link("deltaLink"))
	if len(again.values()) != 0 || again.link("deltaLink") == "" || !strings.Contains(again.raw, `"value":[]`) {
		t.Errorf("without changes: %s", again.raw)
	}
}

func TestARoundShowsWhatChanged(t *testing.T) {
	g := open(t, &Lab{})
	ana, ben, cleo, dan := g.user("ana"), g.user("ben"), g.user("cleo"), g.user("dan")
	must(t, g.l.DeleteUser(dan))
	_, last := g.all("/users/delta?$select=displayName,jobTitle")

	must(t, g.l.UpdateUser(ana, Props{"jobTitle": "Chef"}))
	must(t, g.l.UpdateUser(ana, Props{"jobTitle": nil}))
	must(t, g.l.UpdateUser(ben, Props{"department": "Sales"})) // not selected
	must(t, g.l.DeleteUser(cleo))
	must(t, g.l.HardDelete(dan))
	eve := g.user("eve")
	got, last := g.all(last.link("deltaLink"))
	want := []map[string]any{
		{"id": ana, "displayName": "ana", "jobTitle": nil},
		{"id": cleo, "@removed": map[string]any{"reason": "changed"}},
		{"id": dan, "@removed": map[string]any{"reason": "deleted"}},
		{"id": eve, "displayName": "eve"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the round (-want +got):\n%s", diff)
	}
	must(t, g.l.Restore(cleo))
	got, _ = g.all(last.link("deltaLink"))
	if diff := cmp.Diff([]map[string]any{{"id": cleo, "displayName": "cleo"}}, got); diff != "" {
		t.Errorf("a restored user has no annotation (-want +got):\n%s", diff)
	}
}

func TestReturnMinimalGivesOnlyWhatChanged(t *testing.T) {
	g := open(t, &Lab{})
	ana := g.user("ana")
	_, last := g.all("/users/delta?$select=displayName,jobTitle,mail")
	must(t, g.l.UpdateUser(ana, Props{"jobTitle": "Chef"}))
	r := g.get(last.link("deltaLink"), "Prefer: return=minimal")
	if diff := cmp.Diff([]map[string]any{{"id": ana, "jobTitle": "Chef"}}, r.values()); diff != "" {
		t.Errorf("minimal (-want +got):\n%s", diff)
	}
	r = g.get(last.link("deltaLink"))
	if diff := cmp.Diff([]map[string]any{{"id": ana, "displayName": "ana", "jobTitle": "Chef", "mail": "ana@fabrikam.example"}}, r.values()); diff != "" {
		t.Errorf("the same link again, without the header (-want +got):\n%s", diff)
	}
}

func member(id string) map[string]any {
	return map[string]any{"@odata.type": "#microsoft.graph.user", "id": id}
}

func gone(id string) map[string]any {
	m := member(id)
	m["@removed"] = map[string]any{"reason": "deleted"}
	return m
}

func TestMembershipChangesComeAsMembersDelta(t *testing.T) {
	g := open(t, &Lab{})
	ana, ben, cleo := g.user("ana"), g.user("ben"), g.user("cleo")
	team, empty := g.group("team", ana, ben), g.group("empty")
	got, last := g.all("/groups/delta?$select=displayName,members")
	want := []map[string]any{
		{"id": team, "displayName": "team", "members@delta": []any{member(ana), member(ben)}},
		{"id": empty, "displayName": "empty"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("first round (-want +got):\n%s", diff)
	}
	must(t, g.l.RemoveMember(team, ana))
	must(t, g.l.AddMember(team, cleo))
	must(t, g.l.DeleteUser(ben))
	must(t, g.l.AddMember(empty, ana))
	must(t, g.l.RemoveMember(empty, ana))
	got, last = g.all(last.link("deltaLink"))
	want = []map[string]any{
		{"id": team, "displayName": "team", "members@delta": []any{gone(ana), member(cleo), gone(ben)}},
		{"id": empty, "displayName": "empty", "members@delta": []any{gone(ana)}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("second round (-want +got):\n%s", diff)
	}
	must(t, g.l.DeleteGroup(team))
	must(t, g.l.Restore(ben))
	must(t, g.l.Restore(team))
	got, _ = g.all(last.link("deltaLink"))
	want = []map[string]any{{"id": team, "displayName": "team", "members@delta": []any{member(ben), member(cleo)}}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("a restored group comes with its members (-want +got):\n%s", diff)
	}
}

func TestMembersComeByDefaultAndOnlyThenWithoutASelect(t *testing.T) {
	g := open(t, &Lab{})
	id := g.group("team", g.user("ana"))
	for query, want := range map[string]bool{"": true, "?$select=members": true, "?$select=displayName": false} {
		r := g.get("/groups/delta" + query)
		if _, is := r.values()[0]["members@delta"]; is != want {
			t.Errorf("groups/delta%s: members@delta is there: %v", query, is)
		}
	}
	r := g.get("/groups/delta?$select=members")
	if len(r.values()[0]) != 2 || r.values()[0]["id"] != id {
		t.Errorf("$select=members gives more than the id: %s", r.raw)
	}
}

func TestALargeGroupIsSplitOverPages(t *testing.T) {
	var people []string
	build := func(d Delta) (*graph, string, string) {
		g := open(t, &Lab{Pages: Pages{DeltaMembers: 4}, Delta: d})
		people = nil
		for i := range 10 {
			people = append(people, g.user(fmt.Sprint("user", i)))
		}
		return g, g.group("large", people...), g.group("small", people[:2]...)
	}
	for name, tt := range map[string]struct {
		d    Delta
		want []string // group:members on each page
	}{
		"one page after the other": {Delta{}, []string{"large:4", "large:4", "large:2 small:2"}},
		"scattered":                {Delta{Scatter: true}, []string{"large:4", "small:2", "large:4", "large:2"}},
	} {
		t.Run(name, func(t *testing.T) {
			g, _, _ := build(tt.d)
			var pages []string
			in := map[string]bool{}
			for link := "/groups/delta?$select=displayName,members"; link != ""; {
				r := g.get(link)
				var page []string
				for _, o := range r.values() {
					ms := o["members@delta"].([]any)
					page = append(page, fmt.Sprintf("%s:%d", o["displayName"], len(ms)))
					for _, m := range ms {
						if o["displayName"] == "large" {
							in[m.(map[string]any)["id"].(string)] = true
						}
					}
				}
				pages = append(pages, strings.Join(page, " "))
				link = r.link("nextLink")
			}
			if diff := cmp.Diff(tt.want, pages); diff != "" {
				t.Errorf("pages (-want +got):\n%s", diff)
			}
			if len(in) != len(people) {
				t.Errorf("the pieces hold %d members, want %d", len(in), len(people))
			}
		})
	}
}
