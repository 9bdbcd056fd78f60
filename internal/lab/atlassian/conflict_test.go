package atlassian

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// withLocal is an organization with a local group crew, in which dan is.
func withLocal(t *testing.T, r Readings) *testWorld {
	t.Helper()
	w := open(t, &Lab{Readings: r})
	if _, err := w.InviteUser("dan@acme.example", "Dan"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.CreateLocalGroup("crew", "dan@acme.example"); err != nil {
		t.Fatal(err)
	}
	return w
}

const conflictLine = "Failed to create group of name crew for OrgId " + DefaultOrg + " due to existing group with same name in organization"

func TestALocalGroupOfTheSameNameIsInTheWayUntilItIsReviewed(t *testing.T) {
	w := withLocal(t, Readings{})
	ann := w.user("ann@acme.example")
	r := w.scim("POST", "/Groups", group1("crew", ann)).want(t, 409)
	if r.object["detail"] != "Resource [GROUP]: with displayName already exists." {
		t.Errorf("the conflict says %s", r.text)
	}
	if got := w.TroubleshootingLog(); got != conflictLine {
		t.Errorf("the troubleshooting log says %q, want %q", got, conflictLine)
	}
	if diff := cmp.Diff([]string{"crew"}, w.Conflicts()); diff != "" {
		t.Errorf("the groups to review differ:\n%s", diff)
	}
	if err := w.ReviewGroup("crew"); err != nil {
		t.Fatal(err)
	}
	w.team("crew", ann)
	if diff := cmp.Diff([]string{"ann"}, w.inJira("crew")); diff != "" {
		t.Errorf("the identity provider's members did not replace the others:\n%s", diff)
	}
}

func TestInTheOtherReadingAConflictingGroupIsHeldBackInTheDirectory(t *testing.T) {
	w := withLocal(t, Readings{ConflictHeld: true})
	ann, bob := w.user("ann@acme.example"), w.user("bob@acme.example")
	id := w.team("crew", ann)
	w.scim("PATCH", "/Groups/"+id, patch(object{"op": "add", "path": "members", "value": []object{{"value": bob}}})).want(t, 200)
	if got := w.inJira("crew"); !slices.Equal(got, []string{"Dan"}) {
		t.Errorf("before the review the local group has %v", got)
	}
	if err := w.ReviewGroup("crew"); err != nil {
		t.Fatal(err)
	}
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann", "bob"}) {
		t.Errorf("after the review the group has %v", got)
	}
	if len(w.Conflicts()) != 0 {
		t.Errorf("there is still something to review: %v", w.Conflicts())
	}
	if err := w.ReviewGroup("crew"); err == nil {
		t.Error("a synced group was reviewed again")
	}
}

func TestADefaultAccessGroupIsASuccessThatNeverReachesTheSites(t *testing.T) {
	w := withLocal(t, Readings{})
	ann := w.user("ann@acme.example")
	must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
	must(t, w.MakeDefault("crew", testHost, "jira-software"))
	id := w.team("crew", ann)
	if got := who(w.scim("GET", "/Groups/"+id, nil)); len(got) != 1 {
		t.Errorf("the directory shows %v", got)
	}
	if got := w.inJira("crew"); !slices.Equal(got, []string{"Dan"}) {
		t.Errorf("the site shows %v, want the local group unchanged", got)
	}
	if w.TroubleshootingLog() != "" {
		t.Errorf("the troubleshooting log says something: %q", w.TroubleshootingLog())
	}
	roles := w.jira("/applicationrole/jira-software").want(t, 200)
	if at(roles.object, "defaultGroups", 0) != "crew" {
		t.Errorf("the default groups are %v", roles.object["defaultGroups"])
	}
	g := w.admin("POST", orgV2+"/directories/-/groups/search", object{"groupNames": []string{"crew"}})
	groupID := str(at(g.object, "data", 0, "id"))
	if at(g.object, "data", 0, "externalSynced") != false {
		t.Errorf("the group counts as synced: %s", g.text)
	}
	r := w.admin("GET", orgV2+"/directories/-/groups/"+groupID+"/role-assignments", nil)
	if at(r.object, "data", 0, "defaultRole") != "atlassian/user" {
		t.Errorf("the role assignments say %s", r.text)
	}
	if err := w.ReviewGroup("crew"); err == nil {
		t.Error("a default access group was taken over")
	}
	_, err := w.CreateLocalGroup("others")
	must(t, err)
	must(t, w.Grant("others", testHost, "jira-software", "atlassian/user"))
	must(t, w.MakeDefault("others", testHost, "jira-software"))
	must(t, w.ReviewGroup("crew"))
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("after the default status went to another group the site shows %v", got)
	}
}

func TestABuiltInGroupIsASuccessThatNeverReachesTheSites(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	w.team("Site-Admins", ann)
	if got := w.inJira("site-admins"); got != nil {
		t.Errorf("the site shows %v", got)
	}
	if err := w.ReviewGroup("site-admins"); err == nil {
		t.Error("a group of Atlassian's own was taken over")
	}
	w = open(t, &Lab{BuiltIn: []string{"crew"}})
	w.team("crew")
	w.team("site-admins")
	if w.inJira("crew") != nil || w.inJira("site-admins") == nil {
		t.Error("the lab's own list of built-in groups is not the one that counts")
	}
}

func TestARecreatedDirectoryCollidesWithTheGroupsOfTheOldOne(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	w.team("crew", ann)
	id, err := w.RecreateDirectory(DefaultDirectory)
	must(t, err)
	w.scim("GET", "/Users", nil).want(t, 404)
	fresh := func(method, path string, body any) reply {
		t.Helper()
		return w.ask(method, "https://api.atlassian.com/scim/directory/"+id+path, "Bearer "+DefaultKey, body)
	}
	if r := fresh("GET", "/Users", nil).want(t, 200); r.object["totalResults"] != 0.0 {
		t.Errorf("the new directory is not empty: %s", r.text)
	}
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("the old group lost its members: %v", got)
	}
	manage := w.admin("GET", "https://api.atlassian.com/users/"+w.AccountID("ann@acme.example")+"/manage", nil).want(t, 200)
	if at(manage.object, "email.set", "reason", "key") != "externalDirectory.scim" {
		t.Errorf("the removed directory no longer holds the account: %s", manage.text)
	}
	fresh("POST", "/Groups", group1("crew")).want(t, 409)
	r := fresh("POST", "/Users", person("ann@acme.example")).want(t, 201)
	if at(r.object, atlassianURN, "atlassianAccountId") != w.AccountID("ann@acme.example") {
		t.Errorf("the new record is not linked to the old account: %s", r.text)
	}
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
