package atlassian

import (
	"strings"
	"testing"
)

func (w *testWorld) claim(email string) any { w.t.Helper(); return w.accountOf(email)["claimStatus"] }

func TestADomainIsVerifiedFirstAndItsAccountsAreClaimedThen(t *testing.T) {
	w := open(t, &Lab{Domains: []Domain{}})
	w.user("ann@acme.example")
	w.user("bob@acme.example")
	if err := w.ClaimAccounts("acme.example"); err == nil {
		t.Error("accounts of a domain were claimed that is not verified")
	}
	must(t, w.VerifyDomain("acme.example"))
	if got := w.claim("ann@acme.example"); got != "unmanaged" {
		t.Errorf("verified alone makes ann %v", got)
	}
	if err := w.LinkDomain("acme.example", DefaultDirectory); err == nil {
		t.Error("a domain without a claimed account was linked")
	}
	if err := w.ClaimAccounts("acme.example", "cid@acme.example"); err == nil {
		t.Error("an account was claimed that does not exist")
	}
	must(t, w.ClaimAccounts("acme.example", "ann@acme.example"))
	must(t, w.LinkDomain("acme.example", DefaultDirectory))
	w.user("eve@acme.example")
	for email, want := range map[string]string{"ann@acme.example": "managed", "bob@acme.example": "unmanaged", "eve@acme.example": "unmanaged"} {
		if got := w.claim(email); got != want {
			t.Errorf("claimed by a list with ann alone, %s is %v", email, got)
		}
	}
	if list := w.admin("GET", orgV1+"/users", nil).want(t, 200); len(list.object["data"].([]any)) != 1 {
		t.Errorf("the managed accounts are %s", list.text)
	}
	w.admin("GET", "https://api.atlassian.com/users/"+w.AccountID("bob@acme.example")+"/manage", nil).want(t, 403)
	must(t, w.ClaimAccounts("acme.example"))
	w.user("fay@acme.example")
	for _, email := range []string{"bob@acme.example", "eve@acme.example", "fay@acme.example"} {
		if got := w.claim(email); got != "managed" {
			t.Errorf("after all were claimed %s is %v", email, got)
		}
	}
}

func TestAnUnclaimedAccountLeavesItsPolicyAndKeepsItsAccess(t *testing.T) {
	w := open(t, &Lab{})
	crew := w.team("crew", w.user("ann@acme.example"))
	must(t, w.Grant("crew", testHost, "jira-software", "atlassian/user"))
	must(t, w.UnclaimAccounts("acme.example", "ann@acme.example"))
	if got := w.accountOf("ann@acme.example"); got["claimStatus"] != "unmanaged" || at(got, "productAccess", 0, "key") != "jira-software" {
		t.Errorf("the account is %v", got)
	}
	if got := w.policiesOf("ann@acme.example"); len(got) != 0 {
		t.Errorf("ann is still in a policy: %v", got)
	}
	r := w.admin("GET", orgV1+"/domains", nil)
	if at(r.object, "data", 0, "attributes", "claim", "status") != "verified" {
		t.Errorf("the domain is no longer verified: %s", r.text)
	}
	w.user("bob@acme.example")
	if got := w.claim("bob@acme.example"); got != "unmanaged" {
		t.Errorf("a new account is claimed by itself: %v", got)
	}
	// An account that is not managed is unlinked by another address, and leaves its groups.
	id := who(w.scim("GET", "/Groups/"+crew, nil))[0]
	w.scim("PATCH", "/Users/"+id, patch(object{"op": "replace", "path": `emails[type eq "work"].value`, "value": "ann.b@acme.example"})).want(t, 200)
	if got := w.inJira("crew"); len(got) != 0 || !strings.Contains(w.TroubleshootingLog(), "unlinked any associated atlassian account") {
		t.Errorf("the site shows %v, the log %q", got, w.TroubleshootingLog())
	}
	if err := w.UnclaimAccounts("other.example"); err == nil {
		t.Error("accounts of a foreign domain were unclaimed")
	}
}

func TestProvisioningClaimsInTheOtherReading(t *testing.T) {
	w := open(t, &Lab{Readings: Readings{ProvisioningClaims: true}})
	must(t, w.UnclaimAccounts("acme.example"))
	w.user("bob@acme.example")
	if got := w.claim("bob@acme.example"); got != "managed" {
		t.Errorf("bob is %v", got)
	}
	if got := at(w.policiesOf("bob@acme.example"), 0, "policyId"); got != "policy-"+DefaultDirectory {
		t.Errorf("bob is in the policy %v", got)
	}
}

func TestLinkingADomainIsForNewAccountsOrInTheOtherReadingForAll(t *testing.T) {
	for moves, want := range map[bool]string{false: "policy-local", true: "policy-" + DefaultDirectory} {
		w := open(t, &Lab{Domains: []Domain{{Name: "acme.example"}}, Readings: Readings{LinkMovesAccounts: moves}})
		w.user("ann@acme.example")
		must(t, w.LinkDomain("acme.example", DefaultDirectory))
		w.user("bob@acme.example")
		if got := at(w.policiesOf("ann@acme.example"), 0, "policyId"); got != want {
			t.Errorf("moves is %v: ann is in %v", moves, got)
		}
		if got := at(w.policiesOf("bob@acme.example"), 0, "policyId"); got != "policy-"+DefaultDirectory {
			t.Errorf("bob is in %v", got)
		}
	}
}

func TestPutWithTheSameAddressUnlinksAnExternalAccountInTheOtherReading(t *testing.T) {
	for unlinks, want := range map[bool]int{false: 1, true: 0} {
		w := open(t, &Lab{Readings: Readings{RewriteUnlinks: unlinks}})
		pia, ann := w.user("pia@partner.example"), w.user("ann@acme.example")
		w.team("crew", pia)
		w.scim("PUT", "/Users/"+pia, person("pia@partner.example")).want(t, 200)
		r := w.scim("PUT", "/Users/"+ann, person("ann@acme.example")).want(t, 200)
		if at(r.object, atlassianURN, "atlassianAccountId") == nil {
			t.Error("a managed account was unlinked")
		}
		if got := w.inJira("crew"); len(got) != want {
			t.Errorf("unlinks is %v: the site shows %v", unlinks, got)
		}
	}
}

func TestAnAccountOfSomebodysOwnIsNotSeenBeforeItIsClaimed(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	must(t, w.SignUp("ann.new@acme.example"))
	list := func() string { return w.admin("GET", orgV1+"/users", nil).want(t, 200).text }
	if strings.Contains(list(), "ann.new@") {
		t.Error("an account that was not claimed is listed")
	}
	w.scim("PATCH", "/Users/"+ann, object{
		"schemas":    []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"},
		"Operations": []object{{"op": "replace", "path": `emails[type eq "work"].value`, "value": "ann.new@acme.example"}},
	}).want(t, 409)
	must(t, w.ClaimAccounts("acme.example"))
	if !strings.Contains(list(), "ann.new@") {
		t.Error("a claimed account is not listed")
	}
}
