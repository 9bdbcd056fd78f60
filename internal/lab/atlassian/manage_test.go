package atlassian

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func (w *testWorld) manage(method, email, path string, body any) reply {
	w.t.Helper()
	return w.admin(method, "https://api.atlassian.com/users/"+w.AccountID(email)+"/manage"+path, body)
}

func TestTheUserManagementAPIKnowsWhoHoldsAnAccount(t *testing.T) {
	w := open(t, &Lab{Directories: []Directory{{ID: DefaultDirectory, Key: DefaultKey}, {ID: "dir-google", Key: "g", Google: true}}})
	w.user("ann@acme.example")
	_, err := w.InviteUser("bob@acme.example", "Bob")
	must(t, err)
	w.ask("POST", "https://api.atlassian.com/scim/directory/dir-google/Users", "Bearer g", person("cid@acme.example")).want(t, 201)
	for email, want := range map[string]any{
		"ann@acme.example": object{"allowed": false, "reason": object{"key": "externalDirectory.scim"}},
		"bob@acme.example": object{"allowed": true},
		"cid@acme.example": object{"allowed": false, "reason": object{"key": "externalDirectory.google"}},
	} {
		r := w.manage("GET", email, "", nil).want(t, 200)
		for _, action := range []string{"email.set", "lifecycle.enablement"} {
			if diff := cmp.Diff(want, r.object[action]); diff != "" {
				t.Errorf("%s of %s:\n%s", action, email, diff)
			}
		}
		if at(r.object, "lifecycle.delete", "allowed") != true {
			t.Errorf("%s cannot be deleted: %s", email, r.text)
		}
	}
	if r := w.manage("GET", "ann@acme.example", "?privileges=email.set", nil); len(r.object) != 1 {
		t.Errorf("one privilege was asked for: %s", r.text)
	}
}

func TestAnAccountThatIsNotManagedOrNotVerifiedIsForbidden(t *testing.T) {
	w := open(t, &Lab{})
	_, err := w.InviteUser("pia@partner.example", "Pia")
	must(t, err)
	w.user("ann@acme.example")
	expect := func(email, key string, status int) {
		t.Helper()
		if r := w.manage("GET", email, "", nil); r.status != status || r.object["key"] != key {
			t.Errorf("%s gets %d %s, want %d %s", email, r.status, r.text, status, key)
		}
	}
	expect("pia@partner.example", "forbidden", 403)
	must(t, w.SetEmailVerified("ann@acme.example", false))
	expect("ann@acme.example", "forbidden.targetUnverified", 403)
	must(t, w.SetForeign("ann@acme.example", true))
	expect("ann@acme.example", "forbidden", 403)
	if got := w.accountOf("ann@acme.example"); got["claimStatus"] != "unmanaged" || got["emailVerified"] != false {
		t.Errorf("the organization says %v", got)
	}
	if r := w.admin("GET", "https://api.atlassian.com/users/none/manage", nil); r.status != 404 || r.object["key"] != "accountNotFound" {
		t.Errorf("an unknown account gets %d %s", r.status, r.text)
	}
}

func TestAnAddressIsSetByHandOnlyWhereNobodyHoldsTheAccount(t *testing.T) {
	w := open(t, &Lab{})
	w.user("ann@acme.example")
	_, err := w.InviteUser("bob@acme.example", "Bob")
	must(t, err)
	put := func(who, email string) reply {
		t.Helper()
		return w.manage("PUT", who, "/email", object{"email": email})
	}
	if r := put("ann@acme.example", "x@acme.example").want(t, 403); r.object["key"] != "forbidden.action" || at(r.object, "context", "reason", "key") != "externalDirectory.scim" {
		t.Errorf("a held account says %s", r.text)
	}
	if r := put("bob@acme.example", "bob@other.example").want(t, 403); r.object["key"] != "forbidden.unclaimedDomain" || at(r.object, "context", "domain") != "other.example" {
		t.Errorf("an unclaimed domain says %s", r.text)
	}
	put("bob@acme.example", "ann@acme.example").want(t, 400)
	put("bob@acme.example", "nonsense").want(t, 400)
	w.manage("PUT", "bob@acme.example", "/email", "{").want(t, 400)
	put("bob@acme.example", "placeholder@acme.example").want(t, 204)
	w.user("bob@acme.example") // the address is free for the person who should have it
	if w.AccountID("placeholder@acme.example") == w.AccountID("bob@acme.example") {
		t.Error("the old account was taken over")
	}
}

func TestAnAccountIsDisabledDeletedAndBroughtBack(t *testing.T) {
	w := open(t, &Lab{})
	_, err := w.InviteUser("bob@acme.example", "Bob")
	must(t, err)
	status := func() any { t.Helper(); return w.accountOf("bob@acme.example")["status"] }
	for _, step := range []struct {
		call string
		code int
		want any
	}{
		{"disable", 204, "deactivated"},
		{"enable", 204, "active"},
		{"delete", 200, "for_deletion"},
		{"delete", 409, "for_deletion"},
		{"cancel-delete", 200, "active"},
		{"delete", 200, "for_deletion"},
	} {
		w.manage("POST", "bob@acme.example", "/lifecycle/"+step.call, object{}).want(t, step.code)
		if got := status(); got != step.want {
			t.Errorf("after %s the account is %v, want %v", step.call, got, step.want)
		}
	}
	id := w.AccountID("bob@acme.example")
	w.now = w.now.Add(14 * 24 * time.Hour)
	if w.accountOf("bob@acme.example") != nil {
		t.Error("after the days of grace the account is still there")
	}
	w.admin("GET", "https://api.atlassian.com/users/"+id+"/manage", nil).want(t, 404)

	w.user("ann@acme.example")
	if r := w.manage("POST", "ann@acme.example", "/lifecycle/disable", object{}); r.status != 403 || r.object["key"] != "forbidden.action" {
		t.Errorf("a held account could be disabled: %d %s", r.status, r.text)
	}
	w.manage("POST", "ann@acme.example", "/lifecycle/nothing", nil).want(t, 404)
}

func TestAProfileIsReadAndChangedWhereNobodyHoldsTheAccount(t *testing.T) {
	w := open(t, &Lab{})
	p := person("ann@acme.example")
	p["title"], p["timezone"], p[enterpriseURN] = "Engineer", "Europe/Berlin", object{"department": "R&D"}
	w.scim("POST", "/Users", p).want(t, 201)
	r := w.manage("GET", "ann@acme.example", "/profile", nil).want(t, 200)
	if at(r.object, "account", "extended_profile", "job_title") != "Engineer" || at(r.object, "account", "extended_profile", "department") != "R&D" || at(r.object, "account", "zoneinfo") != "Europe/Berlin" {
		t.Errorf("the profile is %s", r.text)
	}
	if r := w.manage("PATCH", "ann@acme.example", "/profile", object{"name": "X"}).want(t, 403); r.object["key"] != "forbidden.fieldMutation" {
		t.Errorf("a held profile says %s", r.text)
	}
	_, err := w.InviteUser("bob@acme.example", "Bob")
	must(t, err)
	r = w.manage("PATCH", "bob@acme.example", "/profile", object{"name": "Bob Oak", "extended_profile": object{"location": "Lompoc"}}).want(t, 200)
	if at(r.object, "account", "name") != "Bob Oak" || at(r.object, "account", "extended_profile", "location") != "Lompoc" {
		t.Errorf("the profile is %s", r.text)
	}
	w.manage("PATCH", "bob@acme.example", "/profile", object{"name": ""}).want(t, 400)
	w.manage("PATCH", "bob@acme.example", "/profile", "{").want(t, 400)
}

func TestDisplayNamesAreCutAtAHundredCharacters(t *testing.T) {
	w := open(t, &Lab{})
	p := person("ann@acme.example")
	long := ""
	for range 150 {
		long += "ü"
	}
	p["displayName"] = long
	w.scim("POST", "/Users", p).want(t, 201)
	if got := []rune(str(w.accountOf("ann@acme.example")["name"])); len(got) != 100 {
		t.Errorf("the account's name has %d characters", len(got))
	}
}

func TestADeletedAccountLeavesItsRecordUnlinkedAndItsGroups(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	w.team("crew", id)
	w.manage("POST", "ann@acme.example", "/lifecycle/delete", object{}).want(t, 200)
	w.now = w.now.Add(15 * 24 * time.Hour)
	if r := w.scim("GET", "/Users/"+id, nil).want(t, 200); r.object[atlassianURN] != nil {
		t.Errorf("the record is still linked to an account that is gone: %s", r.text)
	}
	if got := w.inJira("crew"); len(got) != 0 {
		t.Errorf("the account that is gone is still in its group: %v", got)
	}
}
