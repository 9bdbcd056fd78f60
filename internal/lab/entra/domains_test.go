package entra

import "testing"

func TestTheVerifiedDomainsOfTheTenantAreListed(t *testing.T) {
	g := open(t, &Lab{Domains: []string{"fabrikam.example", "contoso.onmicrosoft.com"}})
	list, r := g.all("/domains")
	if len(list) != 2 || list[1]["id"] != "fabrikam.example" || list[1]["isDefault"] != true || list[0]["isInitial"] != true || list[0]["isVerified"] != true {
		t.Errorf("%d %s", r.status, r.raw)
	}
	l := &Lab{Clients: map[string]Client{"app": {Permissions: []string{"User.Read.All"}}}}
	h := open(t, l)
	h.token = l.Token("app")
	if r := h.get("/domains"); r.status != 403 {
		t.Errorf("without the permission: %d %s", r.status, r.raw)
	}
}
