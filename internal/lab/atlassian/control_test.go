package atlassian

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

const controlBase = "https://api.atlassian.com/admin/control/v1/orgs/" + DefaultOrg

func policyLab() *Lab {
	return &Lab{
		Domains: []Domain{{Name: "acme.example", Directory: DefaultDirectory}, {Name: "local.example"}},
		Policies: []Policy{
			{ID: "p-local", Name: "Default policy", Directory: LocalDirectory, Default: true},
			{ID: "p-sso", Name: "SSO required", Directory: DefaultDirectory, Default: true},
			{ID: "p-contractors", Name: "Contractors", Directory: DefaultDirectory},
		},
	}
}

func (w *testWorld) policiesOf(emails ...string) []any {
	w.t.Helper()
	var ids []string
	for _, e := range emails {
		ids = append(ids, w.AccountID(e))
	}
	return w.admin("POST", controlBase+"/users/auth-policies/bulk-fetch", object{"accountIds": ids}).want(w.t, 200).list
}

func TestANewManagedAccountGetsTheDefaultPolicyOfItsDomainsDirectory(t *testing.T) {
	w := open(t, policyLab())
	w.user("ann@acme.example")
	w.user("lea@local.example")
	w.user("pia@partner.example")
	got := w.policiesOf("ann@acme.example", "lea@local.example", "pia@partner.example")
	if len(got) != 2 {
		t.Fatalf("an account that is not managed has a policy: %v", got)
	}
	for i, want := range []object{
		{"email": "ann@acme.example", "accountId": w.AccountID("ann@acme.example"), "policyId": "p-sso", "name": "SSO required"},
		{"email": "lea@local.example", "accountId": w.AccountID("lea@local.example"), "policyId": "p-local", "name": "Default policy"},
	} {
		if diff := cmp.Diff(want, got[i]); diff != "" {
			t.Errorf("entry %d:\n%s", i, diff)
		}
	}
	w.admin("POST", controlBase+"/users/auth-policies/bulk-fetch", object{"userIds": []string{"x"}}).want(t, 400)
}

func TestUsersAreAddedToAPolicyByATask(t *testing.T) {
	l := policyLab()
	w := open(t, l)
	w.user("ann@acme.example")
	w.user("pia@partner.example")
	w.SetPropagation(30 * time.Second)
	r := w.admin("POST", controlBase+"/auth-policy/p-contractors/add-users", object{"users": []string{"ANN@acme.example", "pia@partner.example", "nobody@acme.example"}}).want(t, 202)
	link, id := str(r.object["taskLink"]), str(r.object["taskId"])
	if link != controlBase+"/auth-policy/task/"+id {
		t.Errorf("the link to the task is %q", link)
	}
	if task := w.admin("GET", link, nil).want(t, 200); task.object["inProgressCount"] != 3.0 {
		t.Errorf("at first the task is %s", task.text)
	}
	w.now = w.now.Add(30 * time.Second)
	want := object{
		"inProgressCount": 0.0, "successCount": 1.0, "failureCount": 2.0,
		"failureReasons": []any{
			object{"emails": []any{"nobody@acme.example"}, "details": object{"status": 404.0, "title": "Not Found", "detail": "No account has this address"}},
			object{"emails": []any{"pia@partner.example"}, "details": object{"status": 400.0, "title": "Bad Request", "detail": "Only managed accounts can be members of an authentication policy"}},
		},
	}
	if diff := cmp.Diff(want, w.admin("GET", link, nil).want(t, 200).object); diff != "" {
		t.Errorf("the task at its end:\n%s", diff)
	}
	if got := w.policiesOf("ann@acme.example"); at(got, 0, "policyId") != "p-contractors" {
		t.Errorf("ann's policy is %v", got)
	}
	must(t, w.MoveToPolicy("ann@acme.example", "p-sso"))
	if err := w.MoveToPolicy("pia@partner.example", "p-sso"); err == nil {
		t.Error("an account that is not managed was put into a policy")
	}
	w.admin("POST", controlBase+"/auth-policy/none/add-users", object{"users": []string{"ann@acme.example"}}).want(t, 404)
	w.admin("POST", controlBase+"/auth-policy/p-sso/add-users", object{"users": []string{}}).want(t, 400)
	w.admin("GET", controlBase+"/auth-policy/task/none", nil).want(t, 404)
	w.admin("GET", controlBase+"/auth-policy/p-sso", nil).want(t, 404) // nothing lists a policy's members
}

func TestClaimingADomainMakesItsAccountsManaged(t *testing.T) {
	w := open(t, policyLab())
	_, err := w.InviteUser("pia@partner.example", "Pia")
	must(t, err)
	if err := w.LinkDomain("partner.example", DefaultDirectory); err == nil {
		t.Error("a domain without a claimed account was linked")
	}
	must(t, w.SetDomain("partner.example", VerifiedUnclaimed))
	if got := w.accountOf("pia@partner.example"); got["claimStatus"] != "unmanaged" {
		t.Errorf("verified but not claimed counts: %v", got["claimStatus"])
	}
	must(t, w.ClaimDomain("partner.example"))
	must(t, w.LinkDomain("partner.example", DefaultDirectory))
	if got := w.accountOf("pia@partner.example"); got["claimStatus"] != "managed" {
		t.Errorf("the account is %v", got["claimStatus"])
	}
	if got := w.policiesOf("pia@partner.example"); at(got, 0, "policyId") != "p-local" {
		t.Errorf("the account was claimed into the local directory, its policy is %v", got)
	}
	must(t, w.SetDomain("partner.example", Superseded))
	if got := w.accountOf("pia@partner.example"); got["claimStatus"] != "unmanaged" {
		t.Errorf("another organization took the domain: %v", got["claimStatus"])
	}
}
