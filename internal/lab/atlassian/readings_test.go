package atlassian

import (
	"net/url"
	"testing"
)

func TestAnExternalAccountIsLinkedOrInTheOtherReadingInTheWay(t *testing.T) {
	for refused, status := range map[bool]int{false: 201, true: 409} {
		w := open(t, &Lab{Readings: Readings{ExternalAccountIs409: refused}})
		for _, email := range []string{"pia@partner.example", "ann@acme.example"} {
			_, err := w.InviteUser(email, "Somebody")
			must(t, err)
		}
		w.scim("POST", "/Users", person("pia@partner.example")).want(t, status)
		w.scim("POST", "/Users", person("ann@acme.example")).want(t, 201)
	}
}

func TestAnExternalIDIsHeldOnceInTheOtherReading(t *testing.T) {
	w := open(t, &Lab{Readings: Readings{UniqueExternalID: true}})
	id := w.user("ann@acme.example")
	p := person("bob@acme.example")
	p["externalId"] = "x-ann"
	w.scim("POST", "/Users", p).want(t, 409)
	w.scim("PUT", "/Users/"+id, person("ann@acme.example")).want(t, 200) // its own
}

func TestCaseCountsInTheOtherReading(t *testing.T) {
	w := open(t, &Lab{Readings: Readings{ExactCase: true}})
	w.user("ann@acme.example")
	if r := w.scim("GET", "/Users?filter="+url.QueryEscape(`userName eq "ANN@acme.example"`), nil).want(t, 200); r.object["totalResults"] != 0.0 {
		t.Errorf("another case is found: %s", r.text)
	}
	w.user("Ann@acme.example")
}

func TestEventsNeedAKeyWithoutScopesInTheOtherReading(t *testing.T) {
	for without, status := range map[bool]int{false: 200, true: 403} {
		w := open(t, &Lab{
			Readings:  Readings{EventsWithoutScopes: without},
			AdminKeys: []AdminKey{{Key: DefaultAdminKey}, {Key: "events", Scopes: []string{"read:events:admin"}}},
		})
		w.ask("GET", orgV1+"/events", "Bearer events", nil).want(t, status)
		w.admin("GET", orgV1+"/events", nil).want(t, 200)
	}
}

func TestWhatIsDoneByHandIsRefusedWhereItCannotBe(t *testing.T) {
	w := open(t, &Lab{})
	w.user("ann@acme.example")
	for _, email := range []string{"bob@acme.example", "pia@partner.example"} {
		_, err := w.InviteUser(email, "Somebody")
		must(t, err)
	}
	_, err := w.CreateLocalGroup("local")
	must(t, err)
	w.team("crew")
	invite := func(email string) error { _, err := w.InviteUser(email, "x"); return err }
	create := func(name string) error { _, err := w.CreateLocalGroup(name); return err }
	recreate := func(id string) error { _, err := w.RecreateDirectory(id); return err }
	for name, err := range map[string]error{
		"inviting twice":               invite("bob@acme.example"),
		"deactivating a stranger":      w.DeactivateByHand("pia@partner.example"),
		"deactivating nobody":          w.DeactivateByHand("none"),
		"taking an address":            w.SetEmail("bob@acme.example", "ann@acme.example"),
		"suspending on no site":        w.SuspendSite("bob@acme.example", "none"),
		"moving to no policy":          w.MoveToPolicy("bob@acme.example", "none"),
		"a group that exists":          create("crew"),
		"nobody into a group":          w.AddToGroup("local", "none"),
		"somebody into no group":       w.AddToGroup("none", "bob@acme.example"),
		"out of a synced group":        w.RemoveFromGroup("crew", "ann@acme.example"),
		"nobody out of a group":        w.RemoveFromGroup("local", "none"),
		"granting on no site":          w.Grant("local", "none", "jira-software", "atlassian/user"),
		"granting no product":          w.Grant("local", testHost, "none", "atlassian/user"),
		"default without a grant":      w.MakeDefault("local", testHost, "jira-software"),
		"default of no product":        w.MakeDefault("local", testHost, "none"),
		"reviewing without a conflict": w.ReviewGroup("local"),
		"losing nobody":                w.LoseMembership("crew", "none"),
		"linking to no directory":      w.LinkDomain("acme.example", "none"),
		"expiring no directory's key":  w.ExpireKey("none"),
		"recreating no directory":      recreate("none"),
		"seats of no product":          w.SetSeats(testHost, "none", 1),
		"deleting nobody":              w.ScheduleDeletion("none"),
		"keeping nobody":               w.CancelDeletion("none"),
	} {
		if err == nil {
			t.Errorf("%s was not refused", name)
		}
	}
	must(t, w.Grant("local", testHost, "jira-software", "atlassian/user"))
	must(t, w.MakeDefault("local", testHost, "jira-software"))
	if err := w.DeleteLocalGroup("local"); err == nil {
		t.Error("a default access group was deleted")
	}
	must(t, w.SetSeats(testHost, "jira-software", 1))
	must(t, w.AddToGroup("local", "bob@acme.example"))
	if err := w.AddToGroup("local", "pia@partner.example"); err == nil {
		t.Error("a full product took somebody by hand")
	}
}

func TestDeletionIsCalledOffAndAnAddressIsChangedByHand(t *testing.T) {
	w := open(t, &Lab{})
	_, err := w.InviteUser("bob@acme.example", "Bob")
	must(t, err)
	must(t, w.ScheduleDeletion("bob@acme.example"))
	must(t, w.CancelDeletion("bob@acme.example"))
	w.now = w.now.AddDate(0, 1, 0)
	must(t, w.SetEmail("bob@acme.example", "robert@acme.example"))
	if got := w.accountOf("robert@acme.example"); got["status"] != "active" || got["managementSource"] != "invited" {
		t.Errorf("the account is %v", got)
	}
}
