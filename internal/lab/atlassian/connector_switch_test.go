package atlassian

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestSwitchingFromSCIMToTheConnectorMatchesPeopleAndReviewsGroups(t *testing.T) {
	tenant := &entra.Lab{}
	w := open(t, &Lab{})
	p := &pair{testWorld: w, entra: tenant, ids: map[string]string{}}
	tenant.Now = w.Now
	ann := w.user("ann@acme.example")
	w.team("crew", ann)
	must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
	account := w.AccountID("ann@acme.example")
	p.person("ann@acme.example")
	p.group("crew", "ann")
	must(t, w.DeleteDirectory(DefaultDirectory))
	must(t, w.Connect(Connector{Transport: tenant.Transport(), Token: func() (string, error) { return tenant.Token(entra.DefaultClient), nil }}))
	p.sync()
	if w.AccountID("ann@acme.example") != account || w.accountOf("ann@acme.example")["managementSource"] != "synced" {
		t.Error("ann was not matched by her address")
	}
	want := []GroupReview{{Name: "crew", Products: []string{"jira-software on " + testHost}, Sites: []string{testHost}}}
	if diff := cmp.Diff(want, w.Reviews()); diff != "" {
		t.Errorf("the page of conflicts differs:\n%s", diff)
	}
	must(t, w.ReviewAllGroups())
	if got := w.accountOf("ann@acme.example"); at(got, "productAccess", 0, "key") != "jira-software" || w.orgGroup("crew")["externalSynced"] != true {
		t.Errorf("the group is %v, ann has %v", w.orgGroup("crew"), got["productAccess"])
	}
}

func TestSwitchingBackRemovesTheDomainsThatWereSyncedOrKeepsThem(t *testing.T) {
	for keeps, claim := range map[bool]string{false: "unmanaged", true: "managed"} {
		p := connected(t, &Lab{Domains: []Domain{}, Readings: Readings{DisconnectKeepsDomains: keeps}})
		p.sync()
		if got := p.claim("max@acme.example"); got != "managed" {
			t.Fatalf("max is %v", got)
		}
		must(t, p.DisconnectMicrosoft())
		must(t, p.DeleteDirectory(ConnectorDirectory))
		if got := p.claim("max@acme.example"); got != claim {
			t.Errorf("keeps is %v: max is %v", keeps, got)
		}
		if got := p.inJira("platform-team"); !slices.Equal(got, []string{"lena"}) {
			t.Errorf("keeps is %v: the group has %v", keeps, got)
		}
	}
}

func TestAnExternalAccountIsVerifiedWhenItsOwnerSignsIn(t *testing.T) {
	for _, verified := range []bool{false, true} {
		p := connected(t, &Lab{Readings: Readings{NewAccountsAreVerified: verified}})
		p.person("gil@partner.example", entra.Props{"userType": "Guest"})
		p.sync()
		if got := p.field("gil@partner.example", "emailVerified"); got != verified {
			t.Errorf("the guest's address is verified: %v, want %v", got, verified)
		}
		must(t, p.SetEmailVerified("gil@partner.example", true))
		if got := p.field("gil@partner.example", "emailVerified"); got != true {
			t.Errorf("after the first sign-in it is %v", got)
		}
	}
}
