package atlassian

import (
	"fmt"
	"net/url"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestMembersOfAGroupArePagedByStartAt(t *testing.T) {
	w := open(t, &Lab{Limits: Limits{JiraMembers: 10}})
	var ids []string
	for i := range 23 {
		ids = append(ids, w.user(fmt.Sprintf("u%02d@acme.example", i)))
	}
	w.team("crew", ids...)
	w.scim("PATCH", "/Users/"+ids[0], patch(object{"op": "replace", "path": "active", "value": false})).want(t, 200)
	var got []string
	for next := "https://" + testHost + "/rest/api/3/group/member?groupname=crew&maxResults=50"; next != ""; {
		r := w.ask("GET", next, basic("admin@acme.example", "site-token"), nil).want(t, 200)
		got = append(got, names(r.object["values"], "displayName")...)
		if r.object["total"] != 22.0 || r.object["maxResults"] != 10.0 {
			t.Fatalf("the page says total %v, maxResults %v", r.object["total"], r.object["maxResults"])
		}
		next = str(r.object["nextPage"])
		if (next == "") != (r.object["isLast"] == true) {
			t.Fatalf("isLast is %v, nextPage %q", r.object["isLast"], next)
		}
	}
	if len(got) != 22 || slices.Contains(got, "u00") {
		t.Errorf("the pages hold %v", got)
	}
	r := w.jira("/group/member?groupname=crew&includeInactiveUsers=true&maxResults=1").want(t, 200)
	want := object{
		"self":      "https://" + testHost + "/rest/api/3/user?accountId=" + url.QueryEscape(w.AccountID("u00@acme.example")),
		"accountId": w.AccountID("u00@acme.example"), "accountType": "atlassian", "displayName": "u00", "active": false, "emailAddress": "u00@acme.example",
	}
	one, _ := at(r.object, "values", 0).(object)
	delete(one, "avatarUrls")
	if diff := cmp.Diff(want, one); diff != "" {
		t.Errorf("a member differs:\n%s", diff)
	}
	w.jira("/group/member").want(t, 400)
	w.jira("/group/member?groupname=crew&groupId=x").want(t, 400)
	w.jira("/group/member?groupname=none").want(t, 404)
	w.jira("/group/member?groupname=crew&startAt=-1").want(t, 400)
}

func TestGroupsAndPeopleAreFoundAsJiraFindsThem(t *testing.T) {
	w := open(t, &Lab{})
	p := person("ann@acme.example")
	p["displayName"] = "Ann Ash"
	ann := w.scim("POST", "/Users", p).want(t, 201).id()
	w.team("Crew-a", ann)
	w.team("crew-b", ann)
	must(t, w.Grant("Crew-a", testHost, "jira-software", "atlassian/user"))
	account := url.QueryEscape(w.AccountID("ann@acme.example"))
	for path, want := range map[string][]string{
		"/groups/picker?query=crew":                      {"crew-b"}, // case counts unless told otherwise
		"/groups/picker?query=crew&caseInsensitive=true": {"Crew-a", "crew-b"},
		"/groups/picker?exclude=crew-b":                  {"Crew-a"},
	} {
		if got := names(w.jira(path).want(t, 200).object["groups"], "name"); !slices.Equal(got, want) {
			t.Errorf("%s finds %v, want %v", path, got, want)
		}
	}
	for path, want := range map[string]int{
		"/user/search?query=ann": 1, "/user/search?query=ASH": 1, "/user/search?query=nn": 0, "/user/search?query=ann@": 1,
		"/user/search?accountId=" + account: 1, "/users/search": 1, "/users/search?startAt=1": 0,
	} {
		if got := w.jira(path).want(t, 200).list; len(got) != want {
			t.Errorf("%s finds %v, want %d", path, got, want)
		}
	}
	w.jira("/user/search").want(t, 400)
	bulk := w.jira("/group/bulk?groupName=crew-b&groupName=none").want(t, 200)
	if got := names(bulk.object["values"], "name"); !slices.Equal(got, []string{"crew-b"}) {
		t.Errorf("group/bulk finds %v", got)
	}
	if got := names(w.jira("/group/bulk?applicationKey=jira-software").object["values"], "name"); !slices.Equal(got, []string{"Crew-a"}) {
		t.Errorf("group/bulk by product finds %v", got)
	}
	one := w.jira("/user?expand=groups,applicationRoles&accountId="+account).want(t, 200)
	if at(one.object, "groups", "size") != 2.0 || at(one.object, "applicationRoles", "items", 0, "key") != "jira-software" {
		t.Errorf("one person is %s", one.text)
	}
	if got := names(any(w.jira("/user/groups?accountId="+account).want(t, 200).list), "name"); !slices.Equal(got, []string{"Crew-a", "crew-b"}) {
		t.Errorf("the person's groups are %v", got)
	}
	if r := w.jira("/user/bulk?accountId="+account+"&accountId=none").want(t, 200); r.object["total"] != 1.0 {
		t.Errorf("user/bulk finds %s", r.text)
	}
	w.jira("/user?accountId=none").want(t, 404)
	w.jira("/user").want(t, 404)
	w.jira("/user/bulk").want(t, 400)
	w.jira("/serverInfo").want(t, 200)
	w.jira("/nothing").want(t, 404)
}

func TestWithoutThePermissionListsAreEmptyOrForbidden(t *testing.T) {
	w := open(t, &Lab{Sites: []Site{{Host: testHost, Email: "admin@acme.example", Token: "site-token", NotAdministrator: true}}})
	w.team("crew", w.user("ann@acme.example"))
	for _, path := range []string{"/group/member?groupname=crew", "/group/bulk", "/applicationrole", "/applicationrole/x", "/users/search"} {
		w.jira(path).want(t, 403)
	}
	if r := w.jira("/groups/picker?query=crew").want(t, 200); r.object["total"] != 0.0 {
		t.Errorf("the picker shows %s", r.text)
	}
	if r := w.jira("/user/search?query=ann").want(t, 200); len(r.list) != 0 {
		t.Errorf("the search shows %s", r.text)
	}
}

func TestSuspendedAccessIsNotRestoredByProvisioning(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	w.team("crew", id)
	must(t, w.SuspendSite("ann@acme.example", ""))
	for _, on := range []bool{false, true} {
		w.scim("PATCH", "/Users/"+id, patch(object{"op": "replace", "path": "active", "value": on})).want(t, 200)
	}
	if got := w.accountOf("ann@acme.example"); got["membershipStatus"] != "suspended" || got["accountStatus"] != "active" || got["status"] != "suspended" {
		t.Errorf("the account is %v", got)
	}
	if r := w.jira("/group/member?groupname=crew").want(t, 200); r.object["total"] != 0.0 {
		t.Errorf("the site lets the person in: %s", r.text)
	}
	must(t, w.RestoreSite("ann@acme.example", ""))
	if r := w.jira("/group/member?groupname=crew").want(t, 200); r.object["total"] != 1.0 {
		t.Errorf("the site does not let the person in again: %s", r.text)
	}
}

func TestPrivacySettingsHideAddresses(t *testing.T) {
	w := open(t, &Lab{Sites: []Site{{Host: testHost, Email: "admin@acme.example", Token: "site-token", HidesEmail: true}}})
	w.team("crew", w.user("ann@acme.example"))
	if r := w.jira("/group/member?groupname=crew"); at(r.object, "values", 0, "emailAddress") != nil {
		t.Errorf("the address is shown: %s", r.text)
	}
}

func TestTheOwnerOfTheTokenIsMyself(t *testing.T) {
	w := open(t, &Lab{})
	if r := w.jira("/myself").want(t, 200); r.object["emailAddress"] != "admin@acme.example" {
		t.Errorf("myself is %s", r.text)
	}
	id, err := w.InviteUser("admin@acme.example", "Admin")
	must(t, err)
	if r := w.jira("/myself").want(t, 200); r.object["accountId"] != id {
		t.Errorf("myself is %s", r.text)
	}
}
