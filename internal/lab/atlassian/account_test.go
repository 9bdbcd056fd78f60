package atlassian

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func emailConflict(email string) object {
	return object{
		"schemas": []any{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status": "409",
		"scimType": "uniqueness", "detail": "Resource [USER]: with email[" + email + "] already exists.",
	}
}

func TestARecordLinksToTheAccountOfItsAddress(t *testing.T) {
	w := open(t, &Lab{})
	id, err := w.InviteUser("ann@acme.example", "Ann")
	if err != nil {
		t.Fatal(err)
	}
	r := w.scim("POST", "/Users", person("ANN@acme.example")).want(t, 201)
	if at(r.object, atlassianURN, "atlassianAccountId") != id {
		t.Errorf("the record is not linked to the invited account: %s", r.text)
	}
	if got := w.accountOf("ann@acme.example"); got["managementSource"] != "synced" {
		t.Errorf("the account is %v, want synced", got["managementSource"])
	}
}

func TestAnAddressThatAnotherHoldsIsRefused(t *testing.T) {
	w := open(t, &Lab{Directories: []Directory{{ID: DefaultDirectory, Key: DefaultKey}, {ID: "dir-two", Key: "key-two"}}})
	w.user("ann@acme.example")
	bob := w.user("bob@acme.example")
	another := func(change func(object)) reply {
		p := person("ann@acme.example")
		p["externalId"] = "x-other"
		change(p)
		return w.scim("POST", "/Users", p)
	}
	for name, r := range map[string]reply{
		"the same again":    another(func(object) {}),
		"the same address":  another(func(p object) { p["userName"] = "ann2@acme.example" }),
		"the same userName": another(func(p object) { p["emails"] = person("ann2@acme.example")["emails"] }),
		"PUT": w.scim("PUT", "/Users/"+bob, func() object {
			p := person("bob@acme.example")
			p["emails"] = person("ann@acme.example")["emails"]
			return p
		}()),
		"PATCH":             w.scim("PATCH", "/Users/"+bob, patch(object{"op": "replace", "path": `emails[type eq "work"].value`, "value": "Ann@acme.example"})),
		"another directory": w.ask("POST", strings.Replace(scimBase, DefaultDirectory, "dir-two", 1)+"/Users", "Bearer key-two", person("ann@acme.example")),
	} {
		if r.status != 409 || r.object["scimType"] != "uniqueness" || !strings.Contains(str(r.object["detail"]), "already exists.") {
			t.Errorf("%s gets %d %s", name, r.status, r.text)
		}
	}
	if diff := cmp.Diff(emailConflict("ann@acme.example"), another(func(object) {}).object); diff != "" {
		t.Errorf("the body differs from the vendor's:\n%s", diff)
	}
	if _, err := w.InviteUser("cid@acme.example", "Cid"); err != nil {
		t.Fatal(err)
	}
	w.scim("PATCH", "/Users/"+bob, patch(object{"op": "replace", "path": `emails[type eq "work"].value`, "value": "cid@acme.example"})).want(t, 409)
	p := person("dan@acme.example")
	p["externalId"] = "x-ann"
	w.scim("POST", "/Users", p).want(t, 201) // uniqueness of externalId is left to the client
	if r := w.scim("GET", "/Users?filter="+url.QueryEscape(`externalId eq "x-ann"`), nil); r.object["totalResults"] != 2.0 {
		t.Errorf("two records have the externalId, the filter finds %v", r.object["totalResults"])
	}
}

func TestAnAccountThatWaitsForItsDeletionHoldsItsAddress(t *testing.T) {
	w := open(t, &Lab{})
	if _, err := w.InviteUser("ann@acme.example", "Ann"); err != nil {
		t.Fatal(err)
	}
	if err := w.ScheduleDeletion("ann@acme.example"); err != nil {
		t.Fatal(err)
	}
	w.scim("POST", "/Users", person("ann@acme.example")).want(t, 409)
	if got := w.accountOf("ann@acme.example"); got["status"] != "for_deletion" || got["accountStatus"] != "inactive" {
		t.Errorf("the account is %v, %v", got["status"], got["accountStatus"])
	}
	w.now = w.now.Add(15 * 24 * time.Hour)
	w.scim("POST", "/Users", person("ann@acme.example")).want(t, 201)
}

func TestInactiveDeactivatesAManagedAccountAndActiveBringsItBack(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	crew := w.team("crew", id)
	off := w.scim("PATCH", "/Users/"+id, patch(object{"op": "Replace", "path": "active", "value": "False"})).want(t, 200)
	if off.object["active"] != false || at(off.object, atlassianURN, "atlassianAccountId") == nil {
		t.Errorf("the record must stay, inactive and linked: %s", off.text)
	}
	if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "inactive" || got["status"] != "deactivated" || got["deactivatedOn"] == nil {
		t.Errorf("the account is %v", got)
	}
	if err := w.ReactivateByHand("ann@acme.example"); err == nil || !strings.Contains(err.Error(), "held by the directory") {
		t.Errorf("an administrator could bring a held account back: %v", err)
	}
	if got := who(w.scim("GET", "/Groups/"+crew, nil)); len(got) != 1 {
		t.Errorf("an inactive user left its group: %v", got)
	}
	w.scim("PATCH", "/Users/"+id, patch(object{"op": "Replace", "path": "active", "value": "True"})).want(t, 200)
	if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "active" || got["deactivatedOn"] != nil {
		t.Errorf("the account is %v", got)
	}
}

func TestAnExternalAccountTakesNothingOver(t *testing.T) {
	w := open(t, &Lab{})
	p := person("pia@partner.example")
	id := w.scim("POST", "/Users", p).want(t, 201).id()
	w.scim("PATCH", "/Users/"+id, patch(object{"op": "replace", "value": object{"displayName": "New", "active": false}})).want(t, 200)
	got := w.accountOf("pia@partner.example")
	if got["claimStatus"] != "unmanaged" || got["name"] != "pia" || got["accountStatus"] != "active" {
		t.Errorf("the external account is %v", got)
	}
}

func TestAnAddressOfAnUnclaimedDomainEndsTheLink(t *testing.T) {
	for _, state := range []DomainState{VerifiedUnclaimed, Unverified} {
		w := open(t, &Lab{Domains: []Domain{{Name: "acme.example"}, {Name: "other.example", State: state}}})
		id := w.user("ann@acme.example")
		crew := w.team("crew", id)
		if got := w.inJira("crew"); len(got) != 1 {
			t.Fatalf("before, the group has %v", got)
		}
		r := w.scim("PATCH", "/Users/"+id, patch(object{"op": "Replace", "path": `emails[type eq "work"].value`, "value": "ann@other.example"})).want(t, 200)
		if r.object[atlassianURN] != nil {
			t.Errorf("the record is still linked: %s", r.text)
		}
		line := "Email update to unmanaged user with ID " + id + ", primary email ann@other.example, unlinked any associated atlassian account."
		if got := w.TroubleshootingLog(); got != line {
			t.Errorf("the troubleshooting log says %q, want %q", got, line)
		}
		if got := w.inJira("crew"); len(got) != 0 {
			t.Errorf("the account is still in the group: %v", got)
		}
		if got := who(w.scim("GET", "/Groups/"+crew, nil)); len(got) != 1 {
			t.Errorf("the directory forgot the member: %v", got)
		}
		if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "active" {
			t.Errorf("the account changed: %v", got)
		}
		back := w.scim("PATCH", "/Users/"+id, patch(object{"op": "Replace", "path": `emails[type eq "work"].value`, "value": "ann@acme.example"}))
		if back.status != 409 {
			t.Errorf("the way back gets %d, but the old account holds the address", back.status)
		}
	}
}

func TestAnAddressOfAClaimedDomainBecomesTheAccounts(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	account := w.AccountID("ann@acme.example")
	w.scim("PATCH", "/Users/"+id, patch(object{"op": "Replace", "path": `emails[type eq "work"].value`, "value": "ann.ash@acme.example"})).want(t, 200)
	if w.AccountID("ann.ash@acme.example") != account || w.AccountID("ann@acme.example") != "" {
		t.Error("the account did not move to its new address")
	}
}

func TestADeletedUserIsGoneForGoodOrInTheOlderTextHidden(t *testing.T) {
	for keeps, sameID := range map[bool]bool{false: false, true: true} {
		w := open(t, &Lab{Readings: Readings{DeleteKeepsRecord: keeps}})
		id := w.user("ann@acme.example")
		account := w.AccountID("ann@acme.example")
		w.scim("DELETE", "/Users/"+id, nil).want(t, 204)
		for _, method := range []string{"GET", "DELETE"} {
			w.scim(method, "/Users/"+id, nil).want(t, 404)
		}
		w.scim("PATCH", "/Users/"+id, patch(object{"op": "replace", "path": "active", "value": true})).want(t, 404)
		if r := w.scim("GET", "/Users?filter="+url.QueryEscape(`userName eq "ann@acme.example"`), nil); r.object["totalResults"] != 0.0 {
			t.Errorf("keeps is %v: a deleted user is found", keeps)
		}
		if r := w.scim("GET", "/Users", nil); r.object["totalResults"] != 0.0 {
			t.Errorf("keeps is %v: a deleted user is listed", keeps)
		}
		if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "inactive" {
			t.Errorf("keeps is %v: the account is %v", keeps, got["accountStatus"])
		}
		if !keeps {
			if err := w.ReactivateByHand("ann@acme.example"); err != nil {
				t.Errorf("an unlinked account can be brought back by hand: %v", err)
			}
		}
		r := w.scim("POST", "/Users", person("ann@acme.example")).want(t, 201)
		if (r.id() == id) != sameID || at(r.object, atlassianURN, "atlassianAccountId") != account {
			t.Errorf("keeps is %v: the new record is %s", keeps, r.text)
		}
		if got := w.accountOf("ann@acme.example"); got["accountStatus"] != "active" {
			t.Errorf("keeps is %v: the account is %v after the new POST", keeps, got["accountStatus"])
		}
	}
}
