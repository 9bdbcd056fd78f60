package atlassian

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// in asks a directory that a test added.
func (w *testWorld) in(dir, key, method, path string, body any) reply {
	w.t.Helper()
	return w.ask(method, "https://api.atlassian.com/scim/directory/"+dir+path, "Bearer "+key, body)
}

func TestASecondDirectoryHasItsOwnKeyPolicyAndPeople(t *testing.T) {
	w := open(t, &Lab{Domains: []Domain{{Name: "acme.example", Directory: DefaultDirectory}, {Name: "sub.example"}}})
	w.user("ann@acme.example")
	dir, key, err := w.AddDirectory("Subsidiary")
	must(t, err)
	must(t, w.LinkDomain("sub.example", dir))
	w.in(dir, key, "POST", "/Users", person("sue@sub.example")).want(t, 201)
	w.in(dir, DefaultKey, "GET", "/Users", nil).want(t, 403)
	if r := w.scim("GET", "/Users", nil); r.object["totalResults"] != 1.0 {
		t.Errorf("the first directory shows %s", r.text)
	}
	if got := at(w.policiesOf("sue@sub.example"), 0, "policyId"); got != "policy-"+dir {
		t.Errorf("sue is in %v", got)
	}
	// The first who holds an account keeps it.
	w.in(dir, key, "POST", "/Users", person("ann@acme.example")).want(t, 409)
	if got := w.TroubleshootingLog(); got != refusedLine("ann@acme.example") {
		t.Errorf("the troubleshooting log says %q", got)
	}
	if until, err := w.KeyExpires(dir); err != nil || !until.Equal(noon.AddDate(1, 0, 0)) {
		t.Errorf("the key ends %s: %v", until, err)
	}
	list := w.admin("GET", orgV2+"/directories", nil).want(t, 200)
	if got := names(list.object["data"], "name"); !cmp.Equal(got, []string{"Local directory", "Lab", "Subsidiary"}) {
		t.Errorf("the directories are %v", got)
	}
	if _, err := w.KeyExpires("none"); err == nil {
		t.Error("a directory that is not there has a key")
	}
}

func TestInTheOtherReadingTheDomainDecidesWhichDirectoryHoldsAnAccount(t *testing.T) {
	w := open(t, &Lab{Readings: Readings{DomainDecidesHolder: true}})
	ann := w.user("ann@acme.example")
	w.team("crew", ann)
	dir, key, err := w.AddDirectory("Subsidiary")
	must(t, err)
	r := w.in(dir, key, "POST", "/Users", person("ann@acme.example")).want(t, 201)
	second := r.id()
	w.in(dir, key, "POST", "/Groups", group1("club", second)).want(t, 201)
	held := func() []any {
		r := w.admin("GET", links+"/user/"+w.AccountID("ann@acme.example")+"/get-scim-links", nil).want(t, 200)
		out := []any{}
		for _, l := range r.object["scimLinks"].([]any) {
			out = append(out, at(l, "directoryId"))
		}
		return out
	}
	if got := held(); !cmp.Equal(got, []any{DefaultDirectory}) || len(w.inJira("crew")) != 1 || len(w.inJira("club")) != 0 {
		t.Errorf("the domain is linked to the first directory, the account is held by %v, crew has %v, club %v", got, w.inJira("crew"), w.inJira("club"))
	}
	must(t, w.LinkDomain("acme.example", dir))
	if got := held(); !cmp.Equal(got, []any{dir}) || len(w.inJira("crew")) != 0 || len(w.inJira("club")) != 1 {
		t.Errorf("after linking it to the second one it is held by %v, crew has %v, club %v", got, w.inJira("crew"), w.inJira("club"))
	}
	r = w.admin("POST", links+"/get-scim-links-for-email", object{"email": "ann@acme.example"}).want(t, 200)
	if len(r.object["scimLinks"].([]any)) != 2 {
		t.Errorf("the records of the address are %s", r.text)
	}
}

func TestADeletedDirectoryLeavesAccountsAndGroupsToTheOrganization(t *testing.T) {
	w := open(t, &Lab{})
	w.team("crew", w.user("ann@acme.example"))
	must(t, w.DeleteDirectory(DefaultDirectory))
	w.scim("GET", "/Users", nil).want(t, 401)
	if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "active" || got["claimStatus"] != "managed" {
		t.Errorf("the account is %v", got)
	}
	if g := w.orgGroup("crew"); g["externalSynced"] != false || g["directoryId"] != LocalDirectory || len(w.inJira("crew")) != 1 {
		t.Errorf("the group is %v with %v", g, w.inJira("crew"))
	}
	if got := at(w.policiesOf("ann@acme.example"), 0, "policyId"); got != "policy-local" {
		t.Errorf("ann is in %v", got)
	}
	must(t, w.DeactivateByHand("ann@acme.example"))
	must(t, w.ReactivateByHand("ann@acme.example"))
	dir, key, err := w.AddDirectory("Again")
	must(t, err)
	w.in(dir, key, "POST", "/Groups", group1("crew")).want(t, 409)
	w.user2(dir, key, "bob@acme.example")
	if got := at(w.policiesOf("bob@acme.example"), 0, "policyId"); got != "policy-local" {
		t.Errorf("the domain went to the local directory, bob is in %v", got)
	}
}

func (w *testWorld) user2(dir, key, email string) {
	w.t.Helper()
	w.in(dir, key, "POST", "/Users", person(email)).want(w.t, 201)
}

func TestALapsedSubscriptionTakesTheDirectoriesAndKeepsTheirHold(t *testing.T) {
	for missing, status := range map[bool]int{false: 403, true: 404} {
		w := open(t, &Lab{Readings: Readings{LapsedIs404: missing}})
		w.user("ann@acme.example")
		w.LapseSubscription()
		w.scim("GET", "/Users", nil).want(t, status)
		if err := w.DeactivateByHand("ann@acme.example"); err == nil {
			t.Error("the removed directory holds ann no longer")
		}
		w.RenewSubscription()
		dir, key, err := w.AddDirectory("New")
		must(t, err)
		w.user2(dir, key, "ann@acme.example")
		if got := w.accountOf("ann@acme.example"); got["managementSource"] != "synced" {
			t.Errorf("the new directory did not link ann: %v", got)
		}
	}
}

func TestAKeyEndsWithoutAWordOrInTheOtherReadingWithAnEvent(t *testing.T) {
	for told, want := range map[bool]int{false: 0, true: 1} {
		w := open(t, &Lab{Readings: Readings{KeyExpiryIsAnEvent: told}, Directories: []Directory{{ID: DefaultDirectory, Key: DefaultKey, Expires: noon.Add(time.Hour)}}})
		w.scim("GET", "/Users", nil).want(t, 200)
		w.now = w.now.Add(2 * time.Hour)
		w.scim("GET", "/Users", nil).want(t, 401)
		r := w.admin("GET", orgV1+"/events-stream?action=scim_key_expired", nil).want(t, 200)
		list, _ := r.object["data"].([]any)
		if len(list) != want {
			t.Errorf("told is %v: %s", told, r.text)
		}
		if want == 1 && at(list, 0, "attributes", "time") != stamp(noon.Add(time.Hour)) {
			t.Errorf("the event is of the wrong moment: %s", r.text)
		}
	}
}
