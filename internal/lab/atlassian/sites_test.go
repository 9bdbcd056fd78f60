package atlassian

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestASiteCanLoseAMemberWhomTheOrganizationShows(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	crew := w.team("crew", ann, w.user("bob@acme.example"))
	must(t, w.LoseAtSite(testHost, "crew", "ann@acme.example"))
	if got := w.inJira("crew"); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("the site shows %v", got)
	}
	if got := w.accountOf("ann@acme.example"); at(got, "groups", 0, "name") != "crew" {
		t.Errorf("the organization shows %v", got)
	}
	member := []object{{"value": ann}}
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "add", "path": "members", "value": member})).want(t, 200)
	if len(w.inJira("crew")) != 1 {
		t.Error("adding a member who is there healed it")
	}
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "remove", "path": "members", "value": member})).want(t, 200)
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "add", "path": "members", "value": member})).want(t, 200)
	if got := w.inJira("crew"); len(got) != 2 {
		t.Errorf("removing and adding did not heal it: %v", got)
	}
	must(t, w.LoseGroupAtSite(testHost, "crew"))
	if w.inJira("crew") != nil || w.orgGroup("crew") == nil {
		t.Error("the site knows the group, or the organization does not")
	}
	must(t, w.FindGroupAtSite(testHost, "crew"))
	if len(w.inJira("crew")) != 2 {
		t.Error("the site still does not know the group")
	}
	if w.LoseAtSite("other.atlassian.net", "crew", "ann@acme.example") == nil || w.LoseAtSite(testHost, "crew", "nobody") == nil {
		t.Error("what is not there was lost")
	}
}

func TestAnInvitationToAProductGivesItsDefaultGroupWhileThereAreSeats(t *testing.T) {
	w := open(t, &Lab{Sites: []Site{{Host: testHost, Email: "admin@acme.example", Token: "site-token", Products: []Product{{Key: "jira-software", Seats: 1}}}}})
	_, err := w.CreateLocalGroup("jira-software-users-acme")
	must(t, err)
	must(t, w.Grant("jira-software-users-acme", testHost, "jira-software", "atlassian/user"))
	must(t, w.MakeDefault("jira-software-users-acme", testHost, "jira-software"))
	_, err = w.InviteTo("ann@acme.example", "ann", testHost, "jira-software")
	must(t, err)
	if got := w.accountOf("ann@acme.example"); got["managementSource"] != "invited" || at(got, "productAccess", 0, "key") != "jira-software" {
		t.Errorf("ann's account is %v", got)
	}
	if got := w.inJira("jira-software-users-acme"); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("the default group has %v", got)
	}
	if _, err := w.InviteTo("bob@acme.example", "bob", testHost, "jira-software"); err == nil || w.AccountID("bob@acme.example") != "" {
		t.Error("somebody was invited without a seat")
	}
	if _, err := w.InviteTo("bob@acme.example", "bob", testHost, "confluence"); err == nil {
		t.Error("somebody was invited to a product that is not there")
	}
}

func TestASeatThatBecomesFreeIsTakenInTheOtherReading(t *testing.T) {
	for _, keeps := range []bool{false, true} {
		for filled, want := range map[bool]string{false: "", true: "jira-software"} {
			w := open(t, &Lab{
				Readings: Readings{SeatsAreFilled: filled, FullSeatKeepsMember: keeps},
				Sites:    []Site{{Host: testHost, Email: "admin@acme.example", Token: "site-token", Products: []Product{{Key: "jira-software", Seats: 1}}}},
			})
			crew := w.team("crew")
			must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
			ann, bob, cid := w.user("ann@acme.example"), w.user("bob@acme.example"), w.user("cid@acme.example")
			w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "add", "path": "members", "value": []object{{"value": ann}, {"value": bob}, {"value": cid}}})).want(t, 200)
			has := func(email string) string { return str(at(w.accountOf(email), "productAccess", 0, "key")) }
			w.scim("PATCH", "/Users/"+ann, patch(object{"op": "replace", "path": "active", "value": false})).want(t, 200)
			if got := has("bob@acme.example"); got != want {
				t.Errorf("filled is %v, keeps is %v: ann is deactivated, bob has %q", filled, keeps, got)
			}
			must(t, w.SetSeats(testHost, "jira-software", 2))
			if got := has("cid@acme.example"); got != want {
				t.Errorf("filled is %v, keeps is %v: a seat was bought, cid has %q", filled, keeps, got)
			}
		}
	}
}

func TestTheReviewSaysWhatTakingOverWouldDo(t *testing.T) {
	w := withLocal(t, Readings{ConflictHeld: true})
	must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
	w.team("crew", w.user("ann@acme.example"), w.user("bob@acme.example"))
	want := []GroupReview{{Name: "crew", Products: []string{"jira-software on " + testHost}, Sites: []string{testHost}, Add: 2, Remove: 1}}
	if diff := cmp.Diff(want, w.Reviews()); diff != "" {
		t.Errorf("the page differs:\n%s", diff)
	}
	must(t, w.ReviewAllGroups())
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann", "bob"}) || len(w.Reviews()) != 0 {
		t.Errorf("after the review the site shows %v, the page %v", got, w.Reviews())
	}
}

func TestAGroupThatIsDefaultNoLongerCanBeReviewed(t *testing.T) {
	w := withLocal(t, Readings{UnsyncedGroupIsAnEvent: true})
	_, err := w.CreateLocalGroup("others")
	must(t, err)
	for _, name := range []string{"crew", "others"} {
		must(t, w.Grant(name, testHost, "jira-software", "atlassian/user"))
	}
	must(t, w.MakeDefault("crew", testHost, "jira-software"))
	w.team("crew", w.user("ann@acme.example"))
	if len(w.Reviews()) != 0 {
		t.Errorf("a default access group is on the page: %v", w.Reviews())
	}
	r := w.admin("GET", orgV1+"/events-stream?action=group_not_synced", nil).want(t, 200)
	if at(r.object, "data", 0, "attributes", "context", 0, "attributes", "name") != "crew" {
		t.Errorf("the audit log says %s", r.text)
	}
	must(t, w.MakeDefault("others", testHost, "jira-software"))
	must(t, w.ReviewAllGroups())
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("the site shows %v", got)
	}
}

func TestASyncedGroupThatBecomesADefaultOneGoesOnOrStops(t *testing.T) {
	for stops, want := range map[bool]int{false: 1, true: 0} {
		w := open(t, &Lab{Readings: Readings{DefaultStopsSync: stops}})
		crew := w.team("crew")
		must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
		must(t, w.MakeDefault("crew", testHost, "jira-software"))
		w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "add", "path": "members", "value": []object{{"value": w.user("ann@acme.example")}}})).want(t, 200)
		if got := w.inJira("crew"); len(got) != want {
			t.Errorf("stops is %v: the site shows %v", stops, got)
		}
	}
}

func TestAGroupThatLosesAProductLeavesItsMembersWithoutIt(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	w.team("crew", ann)
	must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
	if got := w.accountOf("ann@acme.example"); at(got, "productAccess", 0, "key") != "jira-software" {
		t.Fatalf("ann has %v", got["productAccess"])
	}
	must(t, w.Ungrant("crew", testHost, "jira-software"))
	if got, _ := w.accountOf("ann@acme.example")["productAccess"].([]any); len(got) > 0 {
		t.Errorf("ann still has %v", got)
	}
	if w.Ungrant("crew", testHost, "jira-software") == nil {
		t.Error("what is not granted was taken")
	}
}
