package atlassian

import (
	"slices"
	"testing"
	"time"
)

func TestTheSitesHearOfTheDirectoryAfterTheDelay(t *testing.T) {
	w := open(t, &Lab{Propagation: 10 * time.Minute})
	ann := w.user("ann@acme.example")
	crew := w.team("crew", ann)
	later := func(d time.Duration) { w.now = w.now.Add(d) }
	if w.accountOf("ann@acme.example") != nil || w.inJira("crew") != nil {
		t.Error("organization and site know at once")
	}
	if r := w.admin("GET", "https://api.atlassian.com/users/"+w.AccountID("ann@acme.example")+"/manage", nil); r.status != 404 {
		t.Errorf("the user management API knows at once: %d", r.status)
	}
	later(9 * time.Minute)
	if w.inJira("crew") != nil {
		t.Error("the site knows after nine minutes")
	}
	bob := w.user("bob@acme.example")
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "add", "path": "members", "value": []object{{"value": bob}}})).want(t, 200)
	later(time.Minute)
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("after ten minutes the site shows %v, want ann alone", got)
	}
	later(9 * time.Minute)
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann", "bob"}) {
		t.Errorf("after nineteen minutes the site shows %v", got)
	}
	w.scim("PATCH", "/Users/"+ann, patch(object{"op": "replace", "path": "active", "value": false})).want(t, 200)
	if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "active" {
		t.Error("the account is deactivated at once")
	}
	later(10 * time.Minute)
	if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "inactive" {
		t.Error("the account is not deactivated after the delay")
	}
}

func TestWhatIsUnderWayIsNotOvertakenWhenTheDelayShrinks(t *testing.T) {
	w := open(t, &Lab{Propagation: time.Hour})
	ann := w.user("ann@acme.example")
	crew := w.team("crew", ann)
	w.SetPropagation(0)
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "remove", "path": "members", "value": []object{{"value": ann}}})).want(t, 200)
	w.now = w.now.Add(2 * time.Hour)
	if got := w.inJira("crew"); len(got) != 0 {
		t.Errorf("the removal overtook the addition: %v", got)
	}
	bob := w.user("bob@acme.example")
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "add", "path": "members", "value": []object{{"value": bob}}})).want(t, 200)
	if got := w.inJira("crew"); !slices.Equal(got, []string{"bob"}) {
		t.Errorf("without a delay the site shows %v", got)
	}
}

func TestAGroupDeletedOnItsWayNeverArrives(t *testing.T) {
	w := open(t, &Lab{Propagation: time.Hour})
	crew := w.team("crew", w.user("ann@acme.example"))
	w.scim("DELETE", "/Groups/"+crew, nil).want(t, 204)
	w.now = w.now.Add(3 * time.Hour)
	if got := w.inJira("crew"); got != nil {
		t.Errorf("the site shows a group that was deleted: %v", got)
	}
}

func TestPropagationCanGetStuck(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	crew := w.team("crew", ann)
	must(t, w.LoseMembership("crew", "ann@acme.example"))
	if got := w.inJira("crew"); len(got) != 0 {
		t.Errorf("the site shows %v", got)
	}
	add := patch(object{"op": "add", "path": "members", "value": []object{{"value": ann}}})
	w.scim("PATCH", "/Groups/"+crew, add).want(t, 200)
	if got := w.inJira("crew"); len(got) != 0 {
		t.Errorf("adding a member who is there healed it: %v", got)
	}
	w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "remove", "path": "members", "value": []object{{"value": ann}}})).want(t, 200)
	w.scim("PATCH", "/Groups/"+crew, add).want(t, 200)
	if got := w.inJira("crew"); !slices.Equal(got, []string{"ann"}) {
		t.Errorf("removing and adding did not heal it: %v", got)
	}
}

func TestAFullProductTakesNobodyMore(t *testing.T) {
	for keeps, want := range map[bool][]string{false: {"ann"}, true: {"ann", "bob"}} {
		w := open(t, &Lab{
			Readings: Readings{FullSeatKeepsMember: keeps},
			Sites:    []Site{{Host: testHost, Email: "admin@acme.example", Token: "site-token", Products: []Product{{Key: "jira-software", Seats: 1}}}},
		})
		crew := w.team("crew")
		must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
		ann, bob := w.user("ann@acme.example"), w.user("bob@acme.example")
		add := patch(object{"op": "add", "path": "members", "value": []object{{"value": ann}, {"value": bob}}})
		if got := who(w.scim("PATCH", "/Groups/"+crew, add).want(t, 200)); len(got) != 2 {
			t.Errorf("the directory shows %v", got)
		}
		if got := w.inJira("crew"); !slices.Equal(got, want) {
			t.Errorf("keeps is %v: the site shows %v, want %v", keeps, got, want)
		}
		if got := w.accountOf("bob@acme.example"); at(got, "productAccess", 0) != nil {
			t.Errorf("keeps is %v: bob has a product without a seat: %v", keeps, got)
		}
		role := w.jira("/applicationrole/jira-software").object
		if role["remainingSeats"] != 0.0 || role["userCount"] != 1.0 || role["hasUnlimitedSeats"] != false {
			t.Errorf("keeps is %v: the seats are %v", keeps, role)
		}
		w.scim("PATCH", "/Users/"+ann, patch(object{"op": "replace", "path": "active", "value": false})).want(t, 200)
		if role := w.jira("/applicationrole/jira-software").object; role["remainingSeats"] != 1.0 {
			t.Errorf("keeps is %v: a deactivated person keeps the seat: %v", keeps, role)
		}
		w.scim("PATCH", "/Users/"+ann, patch(object{"op": "replace", "path": "active", "value": true})).want(t, 200)
		w.scim("PATCH", "/Groups/"+crew, patch(object{"op": "remove", "path": "members", "value": []object{{"value": ann}}})).want(t, 200)
		if role := w.jira("/applicationrole/jira-software").object; role["userCount"] != 0.0 {
			t.Errorf("keeps is %v: a person who left the group keeps the seat: %v", keeps, role)
		}
		must(t, w.SetSeats(testHost, "jira-software", 0))
		if role := w.jira("/applicationrole/jira-software").object; role["hasUnlimitedSeats"] != true {
			t.Errorf("seats could not be made unlimited: %v", role)
		}
	}
}
