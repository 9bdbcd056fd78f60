package entra

import (
	"slices"
	"testing"
)

func TestEveryCallNeedsOneOfItsPermissions(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}})
	user := g.user("ana")
	group := g.group("team", user)
	app, err := g.l.AddServicePrincipal(Props{"displayName": "Atlassian Cloud", "appId": "a0"})
	must(t, err)
	must(t, g.l.PutJob(app, Props{"id": "job"}, Props{"version": "1"}))
	calls := map[string][]string{
		"/users":                        {"User.Read.All", "Directory.Read.All"},
		"/users/" + user:                {"User.Read.All"},
		"/users/delta":                  {"User.Read.All"},
		"/groups":                       {"GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"},
		"/groups/delta":                 {"GroupMember.Read.All"},
		"/groups/" + group + "/members": {"GroupMember.Read.All"},
		"/groups/" + group + "/transitiveMembers":                          {"GroupMember.Read.All", "Group.Read.All"},
		"/users/" + user + "/transitiveMemberOf":                           {"Directory.Read.All", "GroupMember.Read.All"},
		"/servicePrincipals":                                               {"Application.Read.All", "Application.ReadWrite.OwnedBy", "Directory.Read.All"},
		"/servicePrincipals/" + app + "/appRoleAssignedTo":                 {"Application.Read.All", "Directory.Read.All"},
		"/applications(appId='app')":                                       {"Application.Read.All", "Directory.Read.All"},
		"/servicePrincipals(appId='app')/appRoleAssignments":               {"Application.Read.All"},
		"/servicePrincipals(appId='00000003-0000-0000-c000-000000000000')": {"Application.Read.All"},
		"/directory/deletedItems/microsoft.graph.user":                     {"User.Read.All"},
		"/directory/deletedItems/microsoft.graph.group":                    {"Group.Read.All"},
		"/auditLogs/directoryAudits":                                       {"AuditLog.Read.All"},
		"/auditLogs/provisioning":                                          {"ProvisioningLog.Read.All", "AuditLog.Read.All"},
		"/servicePrincipals/" + app + "/synchronization/jobs":              {"Synchronization.Read.All", "Application.ReadWrite.OwnedBy"},
		"/servicePrincipals/" + app + "/synchronization/secrets":           {"Synchronization.Read.All"},
		"/servicePrincipals/" + app + "/synchronization/jobs/job/schema":   {"Synchronization.Read.All", "CustomSecAttributeProvisioning.Read.All"},
	}
	for path, enough := range calls {
		t.Run(path, func(t *testing.T) {
			for _, p := range Everything() {
				g.l.Clients = map[string]Client{"app": {Permissions: []string{p}}}
				g.token = g.l.Token("app")
				r := g.get(path)
				switch {
				case slices.Contains(enough, p) && r.status != 200:
					t.Errorf("%s should be enough: %d %s", p, r.status, r.raw)
				case r.status != 200 && (r.status != 403 || r.code() != "Authorization_RequestDenied"):
					t.Errorf("with %s: %d %s", p, r.status, r.raw)
				}
			}
			g.l.Clients = map[string]Client{"app": {Permissions: []string{"Mail.Read"}}}
			g.token = g.l.Token("app")
			if r := g.get(path); r.status != 403 || r.code() != "Authorization_RequestDenied" {
				t.Errorf("with Mail.Read: %d %s", r.status, r.raw)
			}
		})
	}
	for sentence, token := range map[string]string{"no token": "", "a token of somebody else": (&Lab{Tenant: "other"}).Token(DefaultClient), "noise": "eyJ0"} {
		g.token = token
		if r := g.get("/users"); r.status != 401 || r.code() != "InvalidAuthenticationToken" {
			t.Errorf("%s: %d %s", sentence, r.status, r.raw)
		}
	}
}
