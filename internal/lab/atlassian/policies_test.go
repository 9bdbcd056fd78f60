package atlassian

import "testing"

func TestPoliciesAreMadeAndOneOfADirectoryIsTheDefault(t *testing.T) {
	w := open(t, policyLab())
	w.user("ann@acme.example")
	strict, err := w.CreatePolicy(Policy{Name: "Strict", Directory: DefaultDirectory, SSO: true})
	must(t, err)
	must(t, w.MakeDefaultPolicy(strict))
	w.user("bob@acme.example")
	for email, want := range map[string]string{"ann@acme.example": "p-sso", "bob@acme.example": strict} {
		if got := at(w.policiesOf(email), 0, "policyId"); got != want {
			t.Errorf("%s is in %v, want %v", email, got, want)
		}
	}
	w.admin("POST", controlBase+"/auth-policy/"+strict+"/add-users", object{"users": []string{"ann@acme.example"}}).want(t, 202)
	if got := w.policiesOf("ann@acme.example"); at(got, 0, "name") != "Strict" {
		t.Errorf("ann is in %v", got)
	}
	if err := w.DeletePolicy(strict); err == nil {
		t.Error("a default policy was deleted")
	}
	must(t, w.MakeDefaultPolicy("p-sso"))
	must(t, w.DeletePolicy(strict))
	if got := at(w.policiesOf("bob@acme.example"), 0, "policyId"); got != "p-sso" {
		t.Errorf("the policy is gone, bob is in %v", got)
	}
	free, err := w.CreatePolicy(Policy{Name: "Free", NonBillable: true, Default: true})
	must(t, err)
	w.user("lea@local.example")
	if got := at(w.policiesOf("lea@local.example"), 0, "policyId"); got != free {
		t.Errorf("lea is in %v", got)
	}
}

func TestPoliciesThatCannotBeAreRefused(t *testing.T) {
	w := open(t, policyLab())
	for what, p := range map[string]Policy{
		"single sign-on in the local directory":          {Name: "x", SSO: true},
		"an unknown directory":                           {Name: "x", Directory: "none"},
		"an id that is taken":                            {ID: "p-sso", Name: "x"},
		"not billed, and default of another directory's": {Name: "x", Directory: DefaultDirectory, NonBillable: true, Default: true},
	} {
		if _, err := w.CreatePolicy(p); err == nil {
			t.Errorf("%s was accepted", what)
		}
	}
	if w.MakeDefaultPolicy("none") == nil || w.DeletePolicy("none") == nil {
		t.Error("a policy that is not there was changed")
	}
}
