package entra

import (
	"strings"
	"testing"
	"time"
)

func TestARegistrationShowsWhenItsSecretsEndAndNotWhatTheyAre(t *testing.T) {
	end := time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)
	g := open(t, &Lab{Clients: map[string]Client{"app": {Secrets: []Secret{{Value: "hunter2~", Expires: end}}, Permissions: []string{"Application.Read.All"}}}})
	g.token = g.l.Token("app")
	r := g.get("/applications(appId='app')?$select=passwordCredentials,keyCredentials")
	if !strings.Contains(r.raw, `"endDateTime":"2026-12-01T00:00:00Z"`) || !strings.Contains(r.raw, `"hint":"hun"`) || strings.Contains(r.raw, "hunter2") {
		t.Errorf("%d %s", r.status, r.raw)
	}
	if r := g.get("/applications(appId='other')"); r.status != 404 {
		t.Errorf("an application of another tenant: %d %s", r.status, r.raw)
	}
}

func TestTheGrantedPermissionsAreAppRolesOfGraph(t *testing.T) {
	g := open(t, &Lab{Clients: map[string]Client{"app": {Permissions: []string{"Application.Read.All"}}}})
	g.token = g.l.Token("app")
	roles := g.get("/servicePrincipals(appId='" + graphApp + "')?$select=id,appRoles")
	granted := g.get("/servicePrincipals(appId='app')/appRoleAssignments")
	mine, hidden := permissionID("Application.Read.All"), permissionID("Member.Read.Hidden")
	if !strings.Contains(roles.raw, mine) || !strings.Contains(roles.raw, hidden) || !strings.Contains(granted.raw, mine) || strings.Contains(granted.raw, hidden) {
		t.Errorf("roles %s\ngranted %s", roles.raw, granted.raw)
	}
}
