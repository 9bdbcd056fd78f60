package entra

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/testkit"
)

func TestTheLabKnowsThePropertiesThatTheContractHas(t *testing.T) {
	c := readCSDL(t)
	for kind, s := range shapes {
		want := map[string]bool{}
		for typ := kind; typ != ""; typ = strings.TrimPrefix(c.types[typ].Base, "graph.") {
			for _, p := range c.types[typ].Props {
				want[p.Name] = strings.HasPrefix(p.Type, "Collection(")
			}
		}
		want["id"], want["deletedDateTime"] = false, false // the lab lets every type have them
		if diff := cmp.Diff(want, s.has); diff != "" {
			t.Errorf("%s (-contract +lab):\n%s", kind, diff)
		}
		for _, p := range s.usual {
			if _, ok := s.has[p]; !ok {
				t.Errorf("%s gives %s without $select, which the contract does not have", kind, p)
			}
		}
	}
}

// everything does all that the lab can do to a tenant.
func everything(t *testing.T, g *graph) (user, group, app string) {
	t.Helper()
	must(t, g.l.Load(os.DirFS(filepath.Join(testkit.Root(t), "examples", "fabrikam"))))
	user = g.user("ana")
	inner := g.group("inner", user)
	group = g.group("outer", user, inner)
	app = g.get("/servicePrincipals?$filter=displayName eq 'Atlassian Cloud'").values()[0]["id"].(string)
	a, err := g.l.Assign(app, user, "")
	must(t, err)
	_, err = g.l.Assign(app, group, "")
	must(t, err)
	must(t, g.l.Unassign(a))
	must(t, g.l.UpdateUser(user, Props{"jobTitle": "Chef", "businessPhones": []string{"1"}, "employeeHireDate": "2026-01-01T00:00:00Z"}))
	must(t, g.l.DisableUser(user))
	must(t, g.l.RenameGroup(group, "Outer"))
	unified, err := g.l.AddGroup(Props{"displayName": "unified", "groupTypes": []string{"Unified"}})
	must(t, err)
	must(t, g.l.AddMember(unified, user, app))
	must(t, g.l.RemoveMember(unified, user))
	must(t, g.l.DeleteUser(g.user("gone")))
	must(t, g.l.DeleteGroup(g.group("gone")))
	g.l.Actor = Actor{ID: app, App: "Sync"}
	must(t, g.l.EnableUser(user))
	return user, group, app
}

func TestAnswersAreWhatTheContractSays(t *testing.T) {
	c := readCSDL(t)
	g := open(t, &Lab{Limits: Limits{Off: true}})
	user, group, app := everything(t, g)
	job := g.get("/servicePrincipals/" + app + "/synchronization/jobs").values()[0]["id"].(string)
	for path, typ := range map[string]string{
		"/users?$top=999": "user",
		"/users?$select=" + strings.Join(selectableOf("user"), ","):                "user",
		"/groups?$expand=members":                                                  "group",
		"/groups?$select=" + strings.Join(selectableOf("group"), ","):              "group",
		"/groups/" + group + "/members":                                            "directoryObject",
		"/groups/" + group + "/members/microsoft.graph.user?$count=true":           "user",
		"/groups/" + group + "/transitiveMembers":                                  "directoryObject",
		"/users/" + user + "/memberOf":                                             "directoryObject",
		"/users/" + user + "/transitiveMemberOf/microsoft.graph.group?$count=true": "group",
		"/users/delta":       "user",
		"/groups/delta":      "group",
		"/servicePrincipals": "servicePrincipal",
		"/servicePrincipals/" + app + "/appRoleAssignedTo":                             "appRoleAssignment",
		"/servicePrincipals/" + app + "/synchronization/jobs":                          "synchronizationJob",
		"/servicePrincipals/" + app + "/synchronization/secrets":                       "synchronizationSecretKeyStringValuePair",
		"/directory/deletedItems/microsoft.graph.user?$select=id,deletedDateTime,mail": "user",
		"/directory/deletedItems/microsoft.graph.group":                                "group",
		"/auditLogs/directoryAudits":                                                   "directoryAudit",
		"/auditLogs/provisioning":                                                      "provisioningObjectSummary",
	} {
		list, _ := g.all(path, eventual)
		if len(list) == 0 {
			t.Errorf("%s gives nothing to check", path)
		}
		for _, o := range list {
			for _, wrong := range c.check(path, o, "graph."+typ) {
				t.Error(wrong)
			}
		}
	}
	for path, typ := range map[string]string{
		"/users/" + user: "user", "/groups/" + group: "group", "/servicePrincipals/" + app: "servicePrincipal",
		"/servicePrincipals/" + app + "/synchronization/jobs/" + job:             "synchronizationJob",
		"/servicePrincipals/" + app + "/synchronization/jobs/" + job + "/schema": "synchronizationSchema",
	} {
		for _, wrong := range c.check(path, g.get(path).body, "graph."+typ) {
			t.Error(wrong)
		}
	}
}

// selectableOf are the properties that a list of a kind can give.
func selectableOf(kind string) []string {
	var out []string
	for p := range shapes[kind].has {
		if !shapes[kind].apart[p] {
			out = append(out, p)
		}
	}
	return out
}

func TestTheContractCheckSeesWhatIsWrong(t *testing.T) {
	c := readCSDL(t)
	for sentence, o := range map[string]map[string]any{
		"a misspelt property":     {"acountEnabled": true},
		"a text for a flag":       {"accountEnabled": "True"},
		"a text for a collection": {"businessPhones": "1"},
		"null for a collection":   {"proxyAddresses": nil},
		"a date of another form":  {"createdDateTime": "20 Nov 2026"},
		"a wrong inner property":  {"employeeOrgData": map[string]any{"division": 7.0}},
	} {
		if len(c.check("x", o, "graph.user")) == 0 {
			t.Errorf("%s passes", sentence)
		}
	}
	if len(c.check("x", "gone", "graph.operationResult")) == 0 {
		t.Error("a misspelt enumeration passes")
	}
}
