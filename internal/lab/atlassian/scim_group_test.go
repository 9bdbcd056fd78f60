package atlassian

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAGroupShowsItsMembersAndTheUserItsGroups(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	id := w.team("crew", ann)
	r := w.scim("GET", "/Groups/"+id, nil).want(t, 200)
	want := object{
		"schemas": []any{groupURN}, "id": id, "externalId": "x-crew", "displayName": "crew",
		"members": []any{object{"type": "User", "value": ann, "display": "ann@acme.example", "$ref": scimBase + "/Users/" + ann}},
		"meta": object{
			"resourceType": "Group", "location": scimBase + "/Groups/" + id,
			"created": "2026-11-20T12:00:00.000000Z", "lastModified": "2026-11-20T12:00:00.000000Z",
		},
	}
	if diff := cmp.Diff(want, r.object); diff != "" {
		t.Errorf("the group differs:\n%s", diff)
	}
	u := w.scim("GET", "/Users/"+ann, nil)
	if diff := cmp.Diff(object{"type": "Direct", "value": id, "display": "crew", "$ref": scimBase + "/Groups/" + id}, at(u.object, "groups", 0)); diff != "" {
		t.Errorf("the user's groups differ:\n%s", diff)
	}
}

func TestEveryFormOfMemberPatchThatClientsSendDoesWhatItMeans(t *testing.T) {
	for _, c := range []struct {
		name string
		ops  func(ann, bob, cid string) []object
		want string // of a group that begins with ann and bob
	}{
		{"Add, capital", func(_, _, cid string) []object {
			return []object{{"op": "Add", "path": "members", "value": []object{{"value": cid}}}}
		}, "ann bob cid"},
		{"with a null reference", func(_, _, cid string) []object {
			return []object{{"op": "Add", "path": "members", "value": []object{{"$ref": nil, "value": cid}}}}
		}, "ann bob cid"},
		{"twice the same", func(_, bob, _ string) []object {
			return []object{{"op": "add", "path": "members", "value": []object{{"value": bob}, {"value": bob}}}}
		}, "ann bob"},
		{"without a path", func(_, _, cid string) []object {
			return []object{{"op": "add", "value": object{"members": []object{{"value": cid}}}}}
		}, "ann bob cid"},
		{"Remove with a list, as Entra does", func(_, bob, _ string) []object {
			return []object{{"op": "Remove", "path": "members", "value": []object{{"value": bob}}}}
		}, "ann"},
		{"remove with a filter in the path", func(_, bob, _ string) []object {
			return []object{{"op": "remove", "path": `members[value eq "` + bob + `"]`}}
		}, "ann"},
		{"with the schema in the path", func(_, _, cid string) []object {
			return []object{{"op": "add", "path": groupURN + ":members", "value": []object{{"value": cid}}}}
		}, "ann bob cid"},
		{"remove of one who is no member", func(_, _, cid string) []object {
			return []object{{"op": "remove", "path": `members[value eq "` + cid + `"]`}}
		}, "ann bob"},
		{"remove of all", func(_, _, _ string) []object { return []object{{"op": "remove", "path": "members"}} }, ""},
		{"replace", func(_, _, cid string) []object {
			return []object{{"op": "replace", "path": "members", "value": []object{{"value": cid}}}}
		}, "cid"},
		{"add and remove in one request", func(ann, _, cid string) []object {
			return []object{
				{"op": "add", "path": "members", "value": []object{{"value": cid}}},
				{"op": "remove", "path": "members", "value": []object{{"value": ann}}},
			}
		}, "bob cid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := open(t, &Lab{})
			ann, bob, cid := w.user("ann@acme.example"), w.user("bob@acme.example"), w.user("cid@acme.example")
			id := w.team("crew", ann, bob)
			r := w.scim("PATCH", "/Groups/"+id, patch(c.ops(ann, bob, cid)...)).want(t, 200)
			name := map[string]string{ann: "ann", bob: "bob", cid: "cid"}
			got := ""
			for _, m := range who(r) {
				if got != "" {
					got += " "
				}
				got += name[m]
			}
			if got != c.want {
				t.Errorf("the members are %q, want %q", got, c.want)
			}
		})
	}
}

func TestAMemberWhoIsNoUserIsRefusedAndNothingElseOfTheRequestHappens(t *testing.T) {
	w := open(t, &Lab{})
	ann, bob := w.user("ann@acme.example"), w.user("bob@acme.example")
	id, inner := w.team("crew", ann), w.team("inner")
	add := patch(object{"op": "add", "path": "members", "value": []object{{"value": bob}, {"value": "nobody"}}})
	w.scim("PATCH", "/Groups/"+id, add).want(t, 404)
	w.scim("PATCH", "/Groups/"+id, patch(object{"op": "add", "path": "members", "value": []object{{"value": inner}}})).want(t, 404)
	r := w.scim("PUT", "/Groups/"+id, group1("crew", bob, "nobody")).want(t, 400)
	if r.object["responseStatus"] != "BAD_REQUEST" {
		t.Errorf("PUT refuses with %s", r.text)
	}
	if got := who(w.scim("GET", "/Groups/"+id, nil)); len(got) != 1 || got[0] != ann {
		t.Errorf("the members are %v, want only ann", got)
	}
	w.scim("PATCH", "/Groups/none", add).want(t, 404)

	w = open(t, &Lab{Readings: Readings{UnknownMemberIs400: true}})
	id = w.team("crew")
	w.scim("PATCH", "/Groups/"+id, patch(object{"op": "add", "path": "members", "value": []object{{"value": "nobody"}}})).want(t, 400)
}

func TestPutOfAGroupReplacesItsMembersOrInTheNewestTextLeavesThem(t *testing.T) {
	for ignores, want := range map[bool]int{false: 1, true: 2} {
		w := open(t, &Lab{Readings: Readings{PutIgnoresMembers: ignores}})
		ann, bob := w.user("ann@acme.example"), w.user("bob@acme.example")
		id := w.team("crew", ann, bob)
		if got := who(w.scim("PUT", "/Groups/"+id, group1("crew", bob)).want(t, 200)); len(got) != want {
			t.Errorf("ignoring members is %v: %d members are left, want %d", ignores, len(got), want)
		}
	}
}

func TestAGroupIsNeverRenamed(t *testing.T) {
	for refused, status := range map[bool]int{false: 200, true: 400} {
		w := open(t, &Lab{Readings: Readings{RenameRefused: refused}})
		id := w.team("crew")
		w.scim("PATCH", "/Groups/"+id, patch(object{"op": "Replace", "path": "displayName", "value": "team"})).want(t, status)
		w.scim("PATCH", "/Groups/"+id, patch(object{"op": "replace", "value": object{"id": id, "displayName": "team"}})).want(t, status)
		w.scim("PUT", "/Groups/"+id, group1("team")).want(t, status)
		w.scim("PATCH", "/Groups/"+id, patch(object{"op": "replace", "path": "displayName", "value": "crew"})).want(t, 200)
		r := w.scim("PATCH", "/Groups/"+id, patch(object{"op": "add", "path": "externalId", "value": "y"})).want(t, 200)
		if r.object["displayName"] != "crew" || r.object["externalId"] != "y" {
			t.Errorf("refused is %v: the group is %s", refused, r.text)
		}
	}
}

func TestANameIsTakenOnceInADirectory(t *testing.T) {
	w := open(t, &Lab{})
	w.team("crew")
	for _, name := range []string{"crew", "CREW"} {
		r := w.scim("POST", "/Groups", group1(name)).want(t, 409)
		if r.object["detail"] != "Resource [GROUP]: with displayName already exists." || r.object["scimType"] != "uniqueness" {
			t.Errorf("the conflict says %s", r.text)
		}
	}
	w.scim("POST", "/Groups", object{"schemas": []string{groupURN}}).want(t, 400)
	w = open(t, &Lab{Readings: Readings{ExactCase: true}})
	w.team("crew")
	w.team("Crew")
}

func TestADeletedGroupIsGoneEverywhereWithItsPermissions(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	id := w.team("crew", ann)
	if err := w.Grant("crew", testHost, "jira-software", "atlassian/user"); err != nil {
		t.Fatal(err)
	}
	if got := w.accountOf("ann@acme.example"); at(got, "productAccess", 0, "key") != "jira-software" {
		t.Fatalf("before, ann has no product: %v", got)
	}
	w.scim("DELETE", "/Groups/"+id, nil).want(t, 204)
	w.scim("GET", "/Groups/"+id, nil).want(t, 404)
	w.scim("DELETE", "/Groups/"+id, nil).want(t, 404)
	if w.inJira("crew") != nil {
		t.Error("the site still has the group")
	}
	if got := w.accountOf("ann@acme.example"); at(got, "productAccess", 0) != nil {
		t.Errorf("ann still has a product: %v", got)
	}
	w.team("crew", ann)
	if got := w.accountOf("ann@acme.example"); at(got, "productAccess", 0) != nil {
		t.Errorf("a group of the same name brought the permission back: %v", got)
	}
}

func TestLimitsAreKept(t *testing.T) {
	w := open(t, &Lab{Limits: Limits{Users: 3, Groups: 2, GroupMembers: 2, Memberships: 3, PatchMembers: 2}})
	ann, bob, cid := w.user("ann@acme.example"), w.user("bob@acme.example"), w.user("cid@acme.example")
	w.scim("POST", "/Users", person("dan@acme.example")).want(t, 400)
	crew := w.team("crew", ann, bob)
	add := func(ids ...string) object {
		list := []object{}
		for _, id := range ids {
			list = append(list, object{"value": id})
		}
		return patch(object{"op": "add", "path": "members", "value": list})
	}
	if r := w.scim("PATCH", "/Groups/"+crew, add(cid)).want(t, 400); r.object["scimType"] != "tooMany" {
		t.Errorf("a full group says %s", r.text)
	}
	w.scim("PATCH", "/Groups/"+crew, add(ann)).want(t, 200)
	w.scim("PATCH", "/Groups/"+crew, add(ann, bob, cid)).want(t, 400)
	team := w.team("team", ann)
	w.scim("PATCH", "/Groups/"+team, add(bob)).want(t, 400) // memberships of the directory
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "remove", "path": "members", "value": []object{{"value": ann}}})).want(t, 200)
	w.scim("PATCH", "/Groups/"+team, add(bob)).want(t, 200) // one is free again
	w.scim("POST", "/Groups", group1("third")).want(t, 400)
}

func TestLimitsCanBeAgreedOnLater(t *testing.T) {
	w := open(t, &Lab{})
	ann, bob := w.user("ann@acme.example"), w.user("bob@acme.example")
	w.SetLimits(2, 1)
	w.scim("POST", "/Users", person("cid@acme.example")).want(t, 400)
	crew := w.team("crew", ann)
	add := patch(object{"op": "add", "path": "members", "value": []object{{"value": bob}}})
	w.scim("PATCH", "/Groups/"+crew, add).want(t, 400)
	w.SetLimits(0, 0)
	w.scim("POST", "/Users", person("cid@acme.example")).want(t, 201)
	w.scim("PATCH", "/Groups/"+crew, add).want(t, 200)
}
