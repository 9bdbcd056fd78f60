package entra

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// nested is a group in a group in a group, with a circle and a person on two ways.
func nested(t *testing.T, g *graph) (outer, middle, inner string, people []string) {
	t.Helper()
	people = []string{g.user("ana"), g.user("ben"), g.user("cleo")}
	inner = g.group("inner", people[2])
	middle = g.group("middle", people[1], inner)
	outer = g.group("outer", people[0], middle, people[1])
	must(t, g.l.AddMember(inner, middle))
	return outer, middle, inner, people
}

func TestMembersAreDirectAndCarryTheirType(t *testing.T) {
	g := open(t, &Lab{})
	outer, middle, _, people := nested(t, g)
	r := g.get("/groups/" + outer + "/members")
	if diff := cmp.Diff([]string{people[0], middle, people[1]}, ids(r.values())); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
	if a, b := r.values()[0]["@odata.type"], r.values()[1]["@odata.type"]; a != "#microsoft.graph.user" || b != "#microsoft.graph.group" {
		t.Errorf("types = %v, %v", a, b)
	}
	if _, there := r.values()[1]["userPrincipalName"]; there {
		t.Error("a group in the list has a userPrincipalName")
	}
}

func TestTransitiveMembersAreAFlatListWithoutRepeats(t *testing.T) {
	g := open(t, &Lab{})
	outer, middle, inner, people := nested(t, g)
	all := []string{people[0], people[1], people[2], inner, middle}
	for path, want := range map[string][]string{
		"/groups/" + outer + "/transitiveMembers":                                       all,
		"/groups/" + outer + "/transitiveMembers/microsoft.graph.user?$count=true":      people,
		"/groups/" + outer + "/transitivemembers/microsoft.graph.group?$count=true":     {inner, middle},
		"/groups/" + inner + "/transitiveMembers":                                       {people[1], people[2], middle},
		"/users/" + people[2] + "/transitiveMemberOf":                                   {inner, middle, outer},
		"/users/" + people[2] + "/transitiveMemberOf/microsoft.graph.group?$count=true": {inner, middle, outer},
		"/users/" + people[2] + "/memberOf":                                             {inner},
		"/users/" + people[1] + "/memberOf?$select=id":                                  {middle, outer},
		"/groups/" + inner + "/memberOf":                                                {middle},
	} {
		got, _ := g.all(path, eventual)
		if diff := cmp.Diff(want, ids(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if r := g.get("/groups/"+outer+"/transitiveMembers/$count", eventual); r.raw != "5" {
		t.Errorf("transitiveMembers/$count = %s, want 5", r.raw)
	}
	if r := g.get("/groups/"+outer+"/transitiveMembers/microsoft.graph.user/$count", eventual); r.raw != "3" {
		t.Errorf("…/microsoft.graph.user/$count = %s, want 3", r.raw)
	}
	must(t, g.l.RemoveMember(middle, inner))
	got, _ := g.all("/groups/" + outer + "/transitiveMembers")
	if diff := cmp.Diff([]string{people[0], people[1], middle}, ids(got)); diff != "" {
		t.Errorf("after a nesting ended (-want +got):\n%s", diff)
	}
}

func TestACastNeedsAnAdvancedQuery(t *testing.T) {
	g := open(t, &Lab{})
	outer, _, _, people := nested(t, g)
	cast := "/groups/" + outer + "/members/microsoft.graph.user"
	for path, headers := range map[string][]string{cast: {eventual}, cast + "?$count=true": nil, cast + "x?$count=true": {eventual}} {
		if r := g.get(path, headers...); r.status != 400 || r.code() != "Request_UnsupportedQuery" {
			t.Errorf("GET %s %v: %d %s", path, headers, r.status, r.raw)
		}
	}
	got, last := g.all(cast+"?$count=true&$top=1", eventual)
	if diff := cmp.Diff(people[:2], ids(got)); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	if _, typed := got[0]["@odata.type"]; typed || last.body["@odata.context"] != "https://graph.microsoft.com/v1.0/$metadata#users" {
		t.Errorf("a cast list is of one type: %s", last.raw)
	}
}

func TestExpandGivesTheFirstTwentyMembers(t *testing.T) {
	g := open(t, &Lab{})
	var people []string
	for i := range 25 {
		people = append(people, g.user(fmt.Sprintf("user%02d", i)))
	}
	big, none := g.group("big", people...), g.group("none")
	r := g.get("/groups?$select=id&$expand=members($select=id)")
	got := map[string]int{}
	for _, o := range r.values() {
		got[o["id"].(string)] = len(o["members"].([]any))
	}
	if diff := cmp.Diff(map[string]int{big: 20, none: 0}, got); diff != "" {
		t.Errorf("expanded members (-want +got):\n%s", diff)
	}
	if one := g.get("/groups/" + big + "?$expand=members"); len(one.body["members"].([]any)) != 20 {
		t.Errorf("one group: %s", one.raw)
	}
}

func TestServicePrincipalsAreMissingFromMembersButNotFromExpand(t *testing.T) {
	g := open(t, &Lab{})
	robot, err := g.l.AddServicePrincipal(Props{"displayName": "robot"})
	must(t, err)
	id := g.group("g", g.user("ana"), robot)
	if r := g.get("/groups/" + id + "/members"); len(r.values()) != 1 {
		t.Errorf("members: %s", r.raw)
	}
	if r := g.get("/groups/" + id + "?$expand=members"); len(r.body["members"].([]any)) != 2 {
		t.Errorf("expanded: %s", r.raw)
	}
}

func TestACallerWithoutTheRightToReadUsersSeesOnlyThatTheyAreThere(t *testing.T) {
	g := open(t, &Lab{Clients: map[string]Client{"groups-only": {Permissions: []string{"GroupMember.Read.All"}}}})
	id := g.group("g", g.user("ana"))
	g.token = g.l.Token("groups-only")
	r := g.get("/groups/" + id + "/members")
	want := map[string]any{"@odata.type": "#microsoft.graph.user", "id": r.values()[0]["id"]}
	for _, p := range shapes["user"].usual {
		if p != "id" {
			want[p] = nil
		}
	}
	if diff := cmp.Diff(want, r.values()[0]); diff != "" {
		t.Errorf("the member (-want +got):\n%s", diff)
	}
}

func TestHiddenMembershipIsHiddenFromWhoMayNotSeeIt(t *testing.T) {
	g := open(t, &Lab{Clients: map[string]Client{
		"blind": {Permissions: []string{"Group.Read.All", "User.Read.All"}},
		"seer":  {Permissions: []string{"Group.Read.All", "User.Read.All", "Member.Read.Hidden"}},
	}})
	id, err := g.l.AddGroup(Props{"displayName": "secret", "groupTypes": []string{"Unified"}, "visibility": "HiddenMembership"})
	must(t, err)
	ana := g.user("ana")
	must(t, g.l.AddMember(id, ana))
	g.token = g.l.Token("seer")
	if r := g.get("/users/" + ana + "/memberOf"); len(r.values()) != 1 {
		t.Errorf("ana's groups with Member.Read.Hidden: %s", r.raw)
	}
	if r := g.get("/groups/" + id + "/members"); len(r.values()) != 1 {
		t.Errorf("with Member.Read.Hidden: %s", r.raw)
	}
	g.token = g.l.Token("blind")
	if r := g.get("/groups/" + id + "/members"); r.status != 200 || len(r.values()) != 0 {
		t.Errorf("without: %d %s", r.status, r.raw)
	}
	if r := g.get("/users/" + ana + "/memberOf"); r.status != 200 || len(r.values()) != 0 {
		t.Errorf("ana's groups without: %d %s", r.status, r.raw)
	}
	if r := g.get("/groups/delta"); len(r.values()) != 1 || strings.Contains(r.raw, "members@delta") {
		t.Errorf("groups/delta: %s", r.raw)
	}
	g.l.HiddenDenied = true
	if r := g.get("/groups/" + id + "/members"); r.status != 403 {
		t.Errorf("the other reading: %d %s", r.status, r.raw)
	}
}
