package atlassian

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestTheOrganizationNamesItselfAndItsDomains(t *testing.T) {
	w := open(t, &Lab{Org: Org{ID: DefaultOrg, Name: "Acme"}, Domains: []Domain{
		{Name: "acme.example"},
		{Name: "half.example", State: VerifiedUnclaimed},
		{Name: "new.example", State: Unverified},
		{Name: "lost.example", State: Superseded},
		{Name: "old.example", State: Deleted},
		{Name: "bare.example", State: MissingToken},
	}})
	if r := w.admin("GET", "https://api.atlassian.com/admin/v1/orgs", nil).want(t, 200); at(r.object, "data", 0, "attributes", "name") != "Acme" {
		t.Errorf("the organizations are %s", r.text)
	}
	r := w.admin("GET", orgV1+"/domains", nil).want(t, 200)
	var got []string
	for _, d := range at(r.object, "data").([]any) {
		got = append(got, fmt.Sprint(at(d, "attributes", "name"), " ", at(d, "attributes", "claim", "status")))
	}
	want := []string{
		"acme.example verified", "half.example verified", "new.example unverified", "lost.example superseded",
		"old.example deleted", "bare.example missing_token",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the domains differ:\n%s", diff)
	}
	id := str(at(r.object, "data", 1, "id"))
	if one := w.admin("GET", orgV1+"/domains/"+id, nil).want(t, 200); at(one.object, "data", "attributes", "name") != "half.example" {
		t.Errorf("one domain is %s", one.text)
	}
	w.admin("GET", orgV1+"/domains/none", nil).want(t, 404)
	if r := w.admin("GET", orgV2+"/directories", nil).want(t, 200); len(names(r.object["data"], "directoryId")) != 2 {
		t.Errorf("the directories are %s", r.text)
	}
}

func TestListsOfTheOrganizationArePagedByCursor(t *testing.T) {
	for _, asURL := range []bool{false, true} {
		w := open(t, &Lab{Limits: Limits{OrgPage: 10}, Readings: Readings{CursorIsURL: asURL}})
		for i := range 25 {
			w.user(fmt.Sprintf("u%02d@acme.example", i))
		}
		var got []string
		body := object{"limit": 7}
		for pages := 0; ; pages++ {
			r := w.admin("POST", orgV2+"/directories/-/users/search", body).want(t, 200)
			got = append(got, names(r.object["data"], "email")...)
			next := str(at(r.object, "links", "next"))
			if next == "" {
				if pages != 3 {
					t.Errorf("there are %d pages, want 4", pages+1)
				}
				break
			}
			if strings.HasPrefix(next, "https://") != asURL {
				t.Fatalf("the link to the next page is %q", next)
			}
			if u, err := url.Parse(next); err == nil && asURL {
				next = u.Query().Get("cursor")
			}
			body["cursor"] = next
		}
		if len(got) != 25 || !slices.IsSorted(got) {
			t.Errorf("the pages hold %v", got)
		}
		got = nil
		for next := orgV1 + "/users"; next != ""; {
			r := w.admin("GET", next, nil).want(t, 200)
			got = append(got, names(r.object["data"], "email")...)
			next = str(at(r.object, "links", "next"))
		}
		if len(got) != 25 {
			t.Errorf("version 1 lists %d managed accounts, want 25", len(got))
		}
		if r := w.admin("POST", orgV2+"/directories/-/users/search", object{"cursor": "nonsense"}); at(r.object, "errors", 0, "code") != "ADMIN-400-1" {
			t.Errorf("a wrong cursor gets %s", r.text)
		}
	}
}

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

func TestAGroupOfTheOrganizationSaysWhoEditsIt(t *testing.T) {
	w := open(t, &Lab{})
	w.team("crew", w.user("ann@acme.example"))
	_, err := w.CreateLocalGroup("local")
	must(t, err)
	r := w.admin("POST", orgV2+"/directories/-/groups/search", object{"expand": []string{"counts.users"}}).want(t, 200)
	for i, want := range []object{
		{"name": "crew", "externalSynced": true, "managedBy": "external", "directoryId": DefaultDirectory},
		{"name": "local", "externalSynced": false, "managedBy": "admins", "directoryId": LocalDirectory},
	} {
		for k, v := range want {
			if got := at(r.object, "data", i, k); got != v {
				t.Errorf("group %d: %s is %v, want %v", i, k, got, v)
			}
		}
	}
	if at(r.object, "data", 0, "counts", "users") != 1.0 {
		t.Errorf("the counts are %s", r.text)
	}
	id := str(at(r.object, "data", 0, "id"))
	w.admin("GET", orgV2+"/directories/-/groups/"+id, nil).want(t, 200)
	w.admin("GET", orgV2+"/directories/"+LocalDirectory+"/groups/"+id, nil).want(t, 404)
	w.admin("GET", orgV2+"/directories/-/groups/none", nil).want(t, 404)
	stats := w.admin("GET", orgV2+"/directories/-/groups/stats", nil).want(t, 200)
	if diff := cmp.Diff(object{"all": 2.0, "managed": 1.0, "synced": 1.0}, stats.object["totals"]); diff != "" {
		t.Errorf("the totals differ:\n%s", diff)
	}
	if err := w.AddToGroup("crew", "ann@acme.example"); err == nil || !strings.Contains(err.Error(), "synced") {
		t.Errorf("a synced group took a member by hand: %v", err)
	}
	if err := w.DeleteLocalGroup("crew"); err == nil {
		t.Error("a synced group was deleted by hand")
	}
	must(t, w.AddToGroup("local", "ann@acme.example"))
	must(t, w.RemoveFromGroup("local", "ann@acme.example"))
	must(t, w.DeleteLocalGroup("local"))
}

func TestWhatHappensIsInTheAuditLog(t *testing.T) {
	w := open(t, &Lab{Limits: Limits{EventPage: 2, EventsPerMinute: 3}})
	w.team("crew", w.user("ann@acme.example"))
	must(t, w.SuspendSite("ann@acme.example", testHost))
	must(t, w.RestoreSite("ann@acme.example", testHost))
	actions := func(list any) []string {
		out := []string{}
		for _, e := range list.([]any) {
			out = append(out, str(at(e, "attributes", "action")))
		}
		return out
	}
	r := w.admin("GET", orgV1+"/events", nil).want(t, 200)
	if diff := cmp.Diff([]string{"user_access_restored", "user_access_suspended"}, actions(r.object["data"])); diff != "" {
		t.Errorf("the newest events differ:\n%s", diff)
	}
	if at(r.object, "meta", "page_size") != 2.0 || at(r.object, "meta", "next") == nil {
		t.Errorf("the page says %v", r.object["meta"])
	}
	next := w.admin("GET", str(at(r.object, "links", "next")), nil).want(t, 200)
	if diff := cmp.Diff([]string{"user_added_to_group", "group_created"}, actions(next.object["data"])); diff != "" {
		t.Errorf("the next page differs:\n%s", diff)
	}
	id := str(at(next.object, "data", 0, "id"))
	one := w.admin("GET", orgV1+"/events/"+id, nil).want(t, 200)
	if at(one.object, "data", "attributes", "actor", "name") != "User provisioning" || at(one.object, "data", "attributes", "context", 1, "attributes", "name") != "crew" {
		t.Errorf("one event is %s", one.text)
	}
	w.admin("GET", orgV1+"/events/none", nil).want(t, 404)
	w.admin("GET", orgV1+"/events?from=yesterday", nil).want(t, 400)
	if r := w.admin("GET", orgV1+"/events", nil).want(t, 429); r.header.Get("Retry-After") != "60" {
		t.Errorf("the fourth call of a minute may come again after %q", r.header.Get("Retry-After"))
	}
	stream := w.admin("GET", orgV1+"/events-stream?sortOrder=asc&limit=100", nil).want(t, 200)
	if got := actions(stream.object["data"]); got[0] != "group_created" || len(got) != 4 {
		t.Errorf("the stream has %v", got)
	}
	if r := w.admin("GET", orgV1+"/events-stream?q=ann&action=user_added_to_group", nil).want(t, 200); len(actions(r.object["data"])) != 1 {
		t.Errorf("the search finds %s", r.text)
	}
	w.now = w.now.Add(200 * 24 * time.Hour)
	if r := w.admin("GET", orgV1+"/events", nil).want(t, 200); len(actions(r.object["data"])) != 0 {
		t.Errorf("after the retention there are still events: %s", r.text)
	}
	known := names(w.admin("GET", orgV1+"/event-actions", nil).want(t, 200).object["data"], "id")
	for _, a := range actions(stream.object["data"]) {
		if !slices.Contains(known, a) {
			t.Errorf("the action %s is not in the list of actions", a)
		}
	}
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
