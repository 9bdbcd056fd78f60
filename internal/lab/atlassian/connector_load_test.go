package atlassian

import (
	"testing"
	"testing/fstest"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestALoadedWorldIsSyncedOnByTheConnector(t *testing.T) {
	tenant := &entra.Lab{}
	l := &Lab{Connector: &Connector{Transport: tenant.Transport(), Token: func() (string, error) { return tenant.Token(entra.DefaultClient), nil }}}
	must(t, l.Load(fstest.MapFS{
		"bundle.json":            {Data: []byte(`{"connection":{"method":"guard-nested","directory":"dir-guard","org":"org-lab","sites":["https://acme.atlassian.net"]}}`)},
		"atlassian/domains.json": {Data: []byte(`{"data":[{"id":"d","attributes":{"name":"acme.example","claim":{"type":"dns","status":"verified"}}}]}`)},
		"atlassian/org-users.json": {Data: []byte(`{"data":[
			{"accountId":"a-ann","email":"ann@acme.example","name":"ann","accountStatus":"active","claimStatus":"managed","managementSource":"synced"},
			{"accountId":"a-bob","email":"bob@acme.example","name":"bob","accountStatus":"active","claimStatus":"managed","managementSource":"synced"}]}`)},
		"atlassian/org-groups.json": {Data: []byte(`{"data":[{"id":"og-crew","name":"crew","directoryId":"dir-guard","externalSynced":true,"members":["a-ann","a-bob"]}]}`)},
	}))
	p := &pair{testWorld: &testWorld{Lab: l, t: t, now: noon, http: clientOf(l)}, entra: tenant, ids: map[string]string{}}
	p.person("ann@acme.example")
	p.person("cid@acme.example")
	p.group("crew", "ann", "cid")
	p.sync()
	g := p.orgGroup("crew")
	if g["id"] != "og-crew" || g["externalSynced"] != true || len(p.Conflicts()) != 0 {
		t.Errorf("the group is %v, to review are %v", g, p.Conflicts())
	}
	r := p.admin("POST", orgV2+"/directories/-/users/search", object{"groupIds": []string{"og-crew"}}).want(t, 200)
	if got := names(r.object["data"], "email"); len(got) != 2 || got[0] != "ann@acme.example" || got[1] != "cid@acme.example" {
		t.Errorf("the group has %v", got)
	}
	if p.AccountID("ann@acme.example") != "a-ann" || p.SyncStatus().Users != 2 {
		t.Errorf("ann is %s, %d users are synced", p.AccountID("ann@acme.example"), p.SyncStatus().Users)
	}
	p.ask("GET", "https://api.atlassian.com/scim/directory/dir-guard/Users", "Bearer "+DefaultKey, nil).want(t, 401)
}
