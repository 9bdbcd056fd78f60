package atlassian

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestASearchForUsersFindsWhomItAsksFor(t *testing.T) {
	w := open(t, &Lab{})
	ann, bob := w.user("ann@acme.example"), w.user("bob@acme.example")
	_, err := w.InviteUser("pia@partner.example", "Pia Partner")
	must(t, err)
	w.team("crew", ann)
	must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
	w.scim("PATCH", "/Users/"+bob, patch(object{"op": "replace", "path": "active", "value": false})).want(t, 200)
	must(t, w.SuspendSite("pia@partner.example", ""))
	group := w.admin("POST", orgV2+"/directories/-/groups/search", object{"accountIds": []string{w.AccountID("ann@acme.example")}}).want(t, 200)
	groupID := str(at(group.object, "data", 0, "id"))
	for name, c := range map[string]struct {
		body object
		want []string
	}{
		"nothing":                {object{}, []string{"ann@acme.example", "bob@acme.example", "pia@partner.example"}},
		"by account":             {object{"accountIds": []string{w.AccountID("ann@acme.example"), "none"}}, []string{"ann@acme.example"}},
		"by address":             {object{"emails": []string{"BOB@acme.example", "none@x.example"}}, []string{"bob@acme.example"}},
		"by group":               {object{"groupIds": []string{groupID}}, []string{"ann@acme.example"}},
		"by a group not there":   {object{"groupIds": []string{"none"}}, []string{}},
		"by domain":              {object{"emailDomains": []string{"partner.example"}}, []string{"pia@partner.example"}},
		"unmanaged":              {object{"claimStatus": "unmanaged"}, []string{"pia@partner.example"}},
		"suspended":              {object{"membershipStatus": []string{"suspended"}}, []string{"pia@partner.example"}},
		"deactivated":            {object{"status": []string{"deactivated"}}, []string{"bob@acme.example"}},
		"inactive":               {object{"accountStatus": []string{"inactive"}}, []string{"bob@acme.example"}},
		"by word":                {object{"searchTerm": "PARTNER"}, []string{"pia@partner.example"}},
		"by role":                {object{"roleIds": []string{"atlassian/user"}}, []string{"ann@acme.example"}},
		"by role of another":     {object{"roleIds": []string{"atlassian/admin"}}, []string{}},
		"two conditions at odds": {object{"claimStatus": "unmanaged", "emails": []string{"ann@acme.example"}}, []string{}},
	} {
		r := w.admin("POST", orgV2+"/directories/-/users/search", c.body).want(t, 200)
		if diff := cmp.Diff(c.want, names(r.object["data"], "email")); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
	}
	w.admin("POST", orgV2+"/directories/-/users/search", object{"emails": []string{"a@b.example"}, "searchTerm": "a"}).want(t, 400)
	w.admin("POST", orgV2+"/directories/-/users/search", "{").want(t, 400)
	local := w.admin("POST", orgV2+"/directories/"+LocalDirectory+"/users/search", object{}).want(t, 200)
	if got := names(local.object["data"], "email"); !slices.Equal(got, []string{"pia@partner.example"}) {
		t.Errorf("the local directory holds %v", got)
	}
}

func TestOneSearchReadsTheMembershipsOfManyPeople(t *testing.T) {
	w := open(t, &Lab{})
	w.team("crew", w.user("ann@acme.example"), w.user("bob@acme.example"))
	must(t, w.Grant("crew", testHost, "confluence", "atlassian/user"))
	r := w.admin("POST", orgV2+"/directories/-/users/search", object{"expand": []string{"groups", "productAccess", "counts.resources", "platformRoles"}}).want(t, 200)
	for i := range 2 {
		if at(r.object, "data", i, "groups", 0, "name") != "crew" || at(r.object, "data", i, "productAccess", 0, "key") != "confluence" {
			t.Errorf("person %d is %v", i, at(r.object, "data", i))
		}
	}
	if plain := w.admin("POST", orgV2+"/directories/-/users/search", object{}); at(plain.object, "data", 0, "groups") != nil || at(plain.object, "data", 0, "productAccess") != nil {
		t.Errorf("groups and products come without being asked for: %s", plain.text)
	}
	account := w.AccountID("ann@acme.example")
	one := w.admin("GET", orgV2+"/directories/-/users/"+account, nil).want(t, 200)
	want := object{
		"accountId": account, "accountType": "atlassian", "status": "active", "accountStatus": "active", "membershipStatus": "active",
		"name": "ann", "email": "ann@acme.example", "emailVerified": true, "claimStatus": "managed", "managementSource": "synced",
		"addedToOrg": "2026-11-20T12:00:00.000000Z", "deactivatedOn": nil,
		"productAccess": []any{object{"key": "confluence", "name": "Confluence", "url": "https://acme.atlassian.net", "resourceId": "ari:cloud:confluence::site/acme"}},
	}
	if diff := cmp.Diff(want, one.object["data"]); diff != "" {
		t.Errorf("one user differs:\n%s", diff)
	}
	roles := w.admin("GET", orgV2+"/directories/-/users/"+account+"/role-assignments", nil).want(t, 200)
	if at(roles.object, "data", 0, "roleAssignments", 0, "roleAssignmentMethods", 0) != "group_direct" {
		t.Errorf("the role assignments are %s", roles.text)
	}
	for _, path := range []string{"none", "none/role-assignments"} {
		w.admin("GET", orgV2+"/directories/-/users/"+path, nil).want(t, 404)
	}
	w.admin("GET", orgV1+"/directory/users/"+account+"/last-active-dates", nil).want(t, 200)
	w.admin("GET", orgV1+"/directory/users/none/last-active-dates", nil).want(t, 404)
	w.admin("POST", orgV2+"/workspaces", object{"limit": 20}).want(t, 200)
	w.admin("GET", orgV1+"/policies", nil).want(t, 200)
}

func TestVersionOneListsManagedAccountsWithTheirProducts(t *testing.T) {
	w := open(t, &Lab{Sites: []Site{{Host: testHost, Email: "admin@acme.example", Token: "site-token", Products: []Product{
		{Key: "jira-servicedesk", Name: "Jira Service Management", Seats: 3}, {Key: "jira-software"},
	}}}})
	w.team("crew", w.user("ann@acme.example"))
	w.user("pia@partner.example")
	must(t, w.Grant("crew", testHost, "jira-servicedesk", "atlassian/user"))
	must(t, w.Grant("crew", testHost, "jira-servicedesk", "atlassian/admin"))
	must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
	r := w.admin("GET", orgV1+"/users", nil).want(t, 200)
	if diff := cmp.Diff([]string{"ann@acme.example"}, names(r.object["data"], "email")); diff != "" {
		t.Errorf("the managed accounts differ:\n%s", diff)
	}
	if diff := cmp.Diff([]string{"jira-service-desk", "jira-software"}, names(at(r.object, "data", 0, "product_access"), "key")); diff != "" {
		t.Errorf("the products differ:\n%s", diff)
	}
	account := w.AccountID("ann@acme.example")
	roles := w.admin("GET", orgV2+"/directories/-/users/"+account+"/role-assignments", nil).want(t, 200)
	if diff := cmp.Diff([]any{"atlassian/user", "atlassian/admin"}, at(roles.object, "data", 0, "roles")); diff != "" {
		t.Errorf("the roles differ:\n%s", diff)
	}
	w.admin("GET", orgV1+"/directory/users/"+account+"/last-active-dates", nil).want(t, 200)
	if r := w.admin("POST", orgV2+"/workspaces", object{}).want(t, 200); at(r.object, "data", 0, "attributes", "usage") != 1.0 || at(r.object, "data", 0, "attributes", "capacity") != 3.0 {
		t.Errorf("the workspaces are %s", r.text)
	}
	w.admin("GET", orgV1+"/users?cursor=x", nil).want(t, 400)
	w.admin("POST", orgV2+"/directories/-/groups/search", object{"cursor": "x"}).want(t, 400)
	w.admin("POST", orgV2+"/directories/-/groups/search", "{").want(t, 400)
	for _, body := range []object{
		{"searchTerm": "RE"}, {"resourceOwners": []string{"jira-software"}}, {"roleIds": []string{"atlassian/admin"}}, {"groupIds": "none"},
	} {
		r := w.admin("POST", orgV2+"/directories/-/groups/search", body).want(t, 200)
		if want := body["groupIds"] == nil; (len(names(r.object["data"], "name")) == 1) != want {
			t.Errorf("%v finds %s", body, r.text)
		}
	}
	w.admin("GET", orgV2+"/directories/-/groups/none/role-assignments", nil).want(t, 404)
	w.jira("/applicationrole/none").want(t, 404)
}
