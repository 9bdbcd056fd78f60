package entra

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/testkit"
)

// bundle makes a bundle's folder of documents.
func bundle(files map[string]string) fstest.MapFS {
	m := fstest.MapFS{}
	for name, text := range files {
		m["entra/"+name] = &fstest.MapFile{Data: []byte(text)}
	}
	return m
}

func TestDocumentsAreLoadedAndNothingInThemIsForgotten(t *testing.T) {
	g := open(t, &Lab{})
	must(t, g.l.Load(bundle(map[string]string{
		"users.json":         `{"@odata.context":"x","value":[{"id":"U1","userPrincipalName":"a@x","mail":null,"novel":{"deep":[1.50, "é"]},"businessPhones":["1"]}]}`,
		"deleted-users.json": `{"value":[{"id":"U2","userPrincipalName":"b@x","deletedDateTime":"2026-11-01T00:00:00Z"},{"id":"U3"}]}`,
		"groups.json": `{"value":[
			{"id":"G1","displayName":"outer","members":[{"@odata.type":"#microsoft.graph.group","id":"G2"},{"@odata.type":"#microsoft.graph.user","id":"u1"},
				{"@odata.type":"#microsoft.graph.device","id":"D1"},{"@odata.type":"#microsoft.graph.device","id":"d1"},{"@odata.type":"#microsoft.graph.user","id":"U2"}]},
			{"id":"G2","displayName":"inner","members":[]}]}`,
	})))
	if r := g.do("POST", "/directoryObjects/getByIds", `{"ids":["u1"]}`); !strings.Contains(r.raw, `"novel":{"deep":[1.50,"é"]}`) {
		t.Errorf("a property that Graph does not have: %s", r.raw)
	}
	r := g.get("/groups/g1/members?$select=id")
	if diff := cmp.Diff([]string{"G2", "U1", "D1"}, ids(r.values())); diff != "" {
		t.Errorf("members; a deleted one is hidden, a twofold one is one (-want +got):\n%s", diff)
	}
	if r.values()[2]["@odata.type"] != "#microsoft.graph.device" {
		t.Errorf("a member nobody knows more of: %v", r.values()[2])
	}
	if list, _ := g.all("/directory/deletedItems/microsoft.graph.user"); len(list) != 2 {
		t.Errorf("deleted users: %v", list)
	}
	must(t, g.l.Restore("U2"))
	if list, _ := g.all("/groups/g1/members"); len(list) != 4 {
		t.Errorf("after the deleted member came back: %v", list)
	}
}

func TestTheApplicationsDocumentsBelongToTheBundlesApplication(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}})
	must(t, g.l.Load(bundle(map[string]string{
		"service-principal.json":       `{"id":"SP","displayName":"Atlassian Cloud","appRoles":[]}`,
		"app-role-assignments.json":    `{"value":[{"id":"A1","principalId":"G1","resourceId":"SP"},{"id":"A2","principalId":"G1","resourceId":"OTHER","resourceDisplayName":"Other"}]}`,
		"synchronization-jobs.json":    `{"value":[{"id":"scim.1","status":{"code":"Active"}}]}`,
		"synchronization-schema.json":  `{"version": "v1", "synchronizationRules": []}`,
		"synchronization-secrets.json": `{"value":[{"key":"SyncAll","value":"false"}]}`,
		"provisioning-logs.json":       `{"value":[{"id":"P1","activityDateTime":"2026-11-20T10:00:00Z"},{"id":"P2","activityDateTime":"2026-11-20T11:00:00.5Z"}]}`,
		"directory-audits.json":        `{"value":[{"id":"D2","activityDateTime":"2026-11-20T11:00:00Z"},{"id":"D1","activityDateTime":"2026-11-20T10:00:00Z"}]}`,
	})))
	base := "/servicePrincipals/SP"
	for path, want := range map[string][]string{
		"/servicePrincipals":                         {"SP", "OTHER"},
		base + "/appRoleAssignedTo":                  {"A1"},
		"/servicePrincipals/OTHER/appRoleAssignedTo": {"A2"},
		base + "/synchronization/jobs":               {"scim.1"},
		"/auditLogs/provisioning":                    {"P2", "P1"},
		"/auditLogs/directoryAudits":                 {"D2", "D1"},
	} {
		if diff := cmp.Diff(want, ids(g.get(path).values())); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	job := g.get(base + "/synchronization/jobs/scim.1")
	if diff := cmp.Diff(map[string]any{"code": "Active"}, job.body["status"]); diff != "" {
		t.Errorf("the job (-want +got):\n%s", diff)
	}
	if r := g.get(base + "/synchronization/jobs/scim.1/schema"); r.body["version"] != "v1" {
		t.Errorf("the schema: %s", r.raw)
	}
	if r := g.get(base + "/synchronization/secrets"); !strings.Contains(r.raw, `"value":[{"key":"SyncAll","value":"false"}]`) {
		t.Errorf("the secrets: %s", r.raw)
	}
	for _, path := range []string{
		"/servicePrincipals/x/synchronization/jobs", base + "/synchronization/jobs/x", base + "/synchronization/jobs/x/schema",
		"/servicePrincipals/x", "/servicePrincipals(appId='x')/appRoleAssignedTo",
	} {
		if r := g.get(path); r.status != 404 || r.code() != "Request_ResourceNotFound" {
			t.Errorf("%s: %d %s", path, r.status, r.raw)
		}
	}
	if r := g.get("/servicePrincipals/OTHER/synchronization/jobs"); r.status != 200 || len(r.values()) != 0 {
		t.Errorf("an application without jobs: %d %s", r.status, r.raw)
	}
	must(t, g.l.PutJob("SP", Props{"id": "scim.1", "status": Props{"code": "Quarantine"}}, Props{"version": "v2"}))
	must(t, g.l.PutSecrets("SP", map[string]string{"SyncAll": "true", "BaseAddress": "https://x"}))
	if r := g.get(base + "/synchronization/jobs"); len(r.values()) != 1 || !strings.Contains(r.raw, "Quarantine") {
		t.Errorf("the job in its new state: %s", r.raw)
	}
	if r := g.get(base + "/synchronization/jobs/scim.1/schema"); r.body["version"] != "v2" {
		t.Errorf("the new schema: %s", r.raw)
	}
	if r := g.get(base + "/synchronization/secrets"); !strings.Contains(r.raw, `[{"key":"BaseAddress","value":"https://x"},{"key":"SyncAll","value":"true"}]`) {
		t.Errorf("the new secrets: %s", r.raw)
	}
}

func TestADocumentThatCannotBeReadIsNamed(t *testing.T) {
	for sentence, files := range map[string]map[string]string{
		"users.json":                {"users.json": `{"value":[{"id":"1"},`},
		"users.json: byte":          {"users.json": `[]`},
		"an object without an id":   {"users.json": `{"value":[{"displayName":"x"}]}`},
		"has that id already":       {"users.json": `{"value":[{"id":"1"},{"id":"1"}]}`},
		"has the userPrincipalName": {"users.json": `{"value":[{"id":"1","userPrincipalName":"a"},{"id":"2","userPrincipalName":"A"}]}`},
		"expected a JSON object":    {"users.json": `{"value":[7]}`},
		"a member without an id":    {"groups.json": `{"value":[{"id":"1","members":[{}]}]}`},
		"has no resourceId":         {"app-role-assignments.json": `{"value":[{"id":"1"}]}`},
		"service-principal.json":    {"synchronization-jobs.json": `{"value":[{"id":"1"}]}`},
		"a schema belongs to a job": {"service-principal.json": `{"id":"1"}`, "synchronization-schema.json": `{}`},
		"has no activityDateTime":   {"provisioning-logs.json": `{"value":[{"id":"1"}]}`},
		`no array "value"`:          {"service-principal.json": `{"id":"1"}`, "synchronization-secrets.json": `{}`},
		"deleted-users.json":        {"users.json": `{"value":[{"id":"1"}]}`, "deleted-users.json": `{"value":[{"id":"1"}]}`},
		"two jobs have the id":      {"service-principal.json": `{"id":"1"}`, "synchronization-jobs.json": `{"value":[{"id":"1"},{"id":"1"}]}`},
		"the id is taken":           {"app-role-assignments.json": `{"value":[{"id":"1","resourceId":"r"},{"id":"1","resourceId":"r"}]}`},
		"unexpected EOF":            {"groups.json": `{"value":[{"id":"1","members":[{"id":"2"}`},
	} {
		err := (&Lab{}).Load(bundle(files))
		if err == nil || !strings.Contains(err.Error(), sentence) || !strings.HasPrefix(err.Error(), "loading entra/") {
			t.Errorf("%v: %v, want %q", files, err, sentence)
		}
	}
	if err := (&Lab{}).Load(fstest.MapFS{}); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}

// sizes counts what a lab gives out.
func sizes(t *testing.T, g *graph) map[string]int {
	t.Helper()
	out := map[string]int{}
	users, _ := g.all("/users?$top=999&$select=id")
	groups, _ := g.all("/groups?$top=999&$select=id")
	out["users"], out["groups"] = len(users), len(groups)
	for _, o := range groups {
		members, _ := g.all("/groups/" + o["id"].(string) + "/members?$top=999&$select=id")
		out["memberships"] += len(members)
	}
	apps, _ := g.all("/servicePrincipals")
	for _, o := range apps {
		assigned, _ := g.all("/servicePrincipals/" + o["id"].(string) + "/appRoleAssignedTo?$top=999")
		out["assignments"] += len(assigned)
	}
	return out
}

func TestTheExampleCompanyIsServedWhole(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}})
	dir := filepath.Join(testkit.Root(t), "examples", "fabrikam")
	must(t, g.l.Load(os.DirFS(dir)))
	got := sizes(t, g)
	if got["users"] == 0 || got["groups"] == 0 || got["memberships"] == 0 || got["assignments"] == 0 {
		t.Errorf("served: %v", got)
	}
	for path, file := range map[string]string{
		"/users?$top=999": "users", "/auditLogs/directoryAudits": "directory-audits", "/auditLogs/provisioning": "provisioning-logs",
		"/directory/deletedItems/microsoft.graph.user": "deleted-users",
	} {
		raw, err := os.ReadFile(filepath.Join(dir, "entra", file+".json"))
		must(t, err)
		want := strings.Count(string(raw), "\n   \"id\": ")
		if all, _ := g.all(path); len(all) != want || want == 0 {
			t.Errorf("%s gives %d objects, want the %d of the file", path, len(all), want)
		}
	}
}

func TestARealProjectsTeamsAreServedWhole(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Off: true}})
	must(t, g.l.Load(os.DirFS(testkit.Shared(t, "data", "kubernetes-teams"))))
	count := func(file, what string) int {
		raw, err := os.ReadFile(filepath.Join(testkit.Shared(t, "data", "kubernetes-teams"), "entra", file))
		must(t, err)
		return strings.Count(string(raw), what)
	}
	want := map[string]int{
		"users": count("users.json", "userPrincipalName"), "groups": count("groups.json", "displayName"),
		"memberships": count("groups.json", "@odata.type"), "assignments": count("app-role-assignments.json", "principalId"),
	}
	if diff := cmp.Diff(want, sizes(t, g)); diff != "" {
		t.Errorf("served (-want +got):\n%s", diff)
	}
}
