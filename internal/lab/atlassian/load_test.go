package atlassian

import (
	"io/fs"
	"net/url"
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

// loaded gives a lab with a bundle in it, and the ids by which its calls go.
func loaded(t *testing.T, files fs.FS) (w *testWorld, dir, org string) {
	t.Helper()
	w = &testWorld{Lab: &Lab{}, t: t, now: noon, recorded: true}
	w.http = clientOf(w.Lab)
	must(t, w.Load(files))
	dir, org = DefaultDirectory, DefaultOrg
	if len(w.Directories) > 0 {
		dir, org = w.Directories[0].ID, w.Org.ID
	}
	return w, dir, org
}

func TestALoadedWorldAnswersWhatWasRecorded(t *testing.T) {
	for name, files := range bundles(t) {
		t.Run(name, func(t *testing.T) {
			w, dir, org := loaded(t, files)
			say := func(problems []string) {
				t.Helper()
				for i, p := range problems {
					if i < 10 {
						t.Error(p)
					}
				}
			}
			scim := func(kind string) []any {
				return w.allOf("https://api.atlassian.com/scim/directory/"+dir+"/"+kind, "Resources")
			}
			say(lacking(at(document(t, files, "atlassian/scim-users.json"), "Resources"), any(scim("Users")), "scim-users"))
			say(lacking(at(document(t, files, "atlassian/scim-groups.json"), "Resources"), any(scim("Groups")), "scim-groups"))
			admin := "https://api.atlassian.com/admin/v2/orgs/" + org + "/directories/-/"
			users := w.searched(admin+"users/search", object{"expand": []string{"productAccess"}})
			say(lacking(at(document(t, files, "atlassian/org-users.json"), "data"), any(users), "org-users"))
			groups := w.searched(admin+"groups/search", object{})
			for _, g := range groups {
				g, _ := g.(object)
				members := []any{}
				for _, a := range w.searched(admin+"users/search", object{"groupIds": []any{g["id"]}}) {
					members = append(members, at(a, "accountId"))
				}
				g["members"] = members
				g["roleAssignments"] = at(w.admin("GET", admin+"groups/"+str(g["id"])+"/role-assignments", nil).object, "data")
			}
			want, _ := at(document(t, files, "atlassian/org-groups.json"), "data").([]any)
			say(lacking(any(want), any(groups[:min(len(groups), len(want))]), "org-groups"))
			say(lacking(at(document(t, files, "atlassian/domains.json"), "data"), at(w.admin("GET", "https://api.atlassian.com/admin/v1/orgs/"+org+"/domains", nil).object, "data"), "domains"))
			manage, _ := document(t, files, "atlassian/manage.json").(object)
			for id, want := range manage {
				say(lacking(want, any(w.admin("GET", "https://api.atlassian.com/users/"+id+"/manage", nil).object), "manage "+id))
			}
			policies, _ := document(t, files, "atlassian/auth-policies.json").(object)
			for id, want := range policies {
				got := w.admin("POST", "https://api.atlassian.com/admin/control/v1/orgs/"+org+"/users/auth-policies/bulk-fetch", object{"accountIds": []string{id}})
				say(lacking(want, at(got.list, 0), "policy "+id))
			}
			for _, s := range w.Sites {
				w.sameSite(files, s, say)
			}
		})
	}
}

func TestALoadedWorldGoesOn(t *testing.T) {
	w, dir, _ := loaded(t, bundles(t)["healthy"])
	w.Now = nil
	base := "https://api.atlassian.com/scim/directory/" + dir
	ask := func(method, path string, body any) reply {
		t.Helper()
		return w.ask(method, base+path, "Bearer "+DefaultKey, body)
	}
	members := func() int {
		t.Helper()
		r := w.ask("GET", "https://fabrikam.atlassian.net/rest/api/3/group/member?groupname=jira-developers", basic(DefaultEmail, DefaultToken), nil)
		return int(r.want(t, 200).object["total"].(float64))
	}
	before := members()
	found := ask("GET", "/Groups?filter="+url.QueryEscape(`displayName eq "jira-developers"`), nil)
	group := str(at(found.object, "Resources", 0, "id"))
	id := ask("POST", "/Users", person("new@fabrikam.example")).want(t, 201).id()
	ask("PATCH", "/Groups/"+group, patch(object{"op": "Add", "path": "members", "value": []object{{"value": id}}})).want(t, 200)
	if got := members(); got != before+1 {
		t.Errorf("the site lists %d members, want %d", got, before+1)
	}
	if got := w.accountOf2("new@fabrikam.example"); at(got, "productAccess", 0, "key") != "jira-software" {
		t.Errorf("the new member got no product: %v", got)
	}
	ask("POST", "/Users", person("lena.vogel@fabrikam.example")).want(t, 409)
	ask("POST", "/Groups", group1("freelancers")).want(t, 409) // local, in the recorded organization
	ask("POST", "/Groups", group1("jira-software-users-fabrikam")).want(t, 201)
}

func (w *testWorld) accountOf2(email string) object {
	w.t.Helper()
	r := w.admin("POST", "https://api.atlassian.com/admin/v2/orgs/"+w.Org.ID+"/directories/-/users/search", object{"emails": []string{email}, "expand": []string{"productAccess"}})
	o, _ := at(r.want(w.t, 200).object, "data", 0).(object)
	return o
}

func TestAnyDocumentMayBeAbsentAndABrokenOneIsNamed(t *testing.T) {
	w, _, _ := loaded(t, fstest.MapFS{})
	w.scim("GET", "/Users", nil).want(t, 200)
	if err := w.Load(fstest.MapFS{}); err == nil || !strings.Contains(err.Error(), "in use") {
		t.Errorf("a lab in use was loaded: %v", err)
	}
	for _, name := range []string{
		"bundle.json", "atlassian/domains.json", "atlassian/org-users.json", "atlassian/org-groups.json", "atlassian/scim-users.json",
		"atlassian/scim-groups.json", "atlassian/scim-links.json", "atlassian/manage.json", "atlassian/auth-policies.json", "atlassian/events.json",
	} {
		l := &Lab{}
		err := l.Load(fstest.MapFS{name: {Data: []byte(`{"data":[`)}})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("a broken %s gives %v", name, err)
		}
	}
	l := &Lab{Sites: []Site{{Host: testHost}}}
	if err := l.Load(fstest.MapFS{"jira/groups.json": {Data: []byte(`[]`)}}); err == nil || !strings.Contains(err.Error(), "jira/groups.json") {
		t.Errorf("a broken jira/groups.json gives %v", err)
	}
}

func TestOddDocumentsAreLoadedAsFarAsTheyGo(t *testing.T) {
	w, _, _ := loaded(t, fstest.MapFS{
		"bundle.json":                      {Data: []byte(`{"connection":{"sites":["https://acme.atlassian.net"]}}`)},
		"atlassian/scim-users.json":        {Data: []byte(`{"Resources":[null,{},{"id":"s-ann","userName":7,"emails":"none","active":"yes"}]}`)},
		"atlassian/scim-groups.json":       {Data: []byte(`{"Resources":[null,{"id":"g","displayName":"crew","members":[null,7,{"value":"s-ann"}]}]}`)},
		"atlassian/org-users.json":         {Data: []byte(`{"data":[null,{},{"accountId":"a","productAccess":[null]}]}`)},
		"atlassian/org-groups.json":        {Data: []byte(`{"data":null}`)},
		"atlassian/scim-links.json":        {Data: []byte(`{"scimLinks":[null,{}]}`)},
		"atlassian/manage.json":            {Data: []byte(`{"a":null,"b":{}}`)},
		"atlassian/auth-policies.json":     {Data: []byte(`{"a":null,"b":{"errors":[]}}`)},
		"atlassian/events.json":            {Data: []byte(`{"data":[null,{}]}`)},
		"jira/application-roles.json":      {Data: []byte(`[null,{"key":"jira-software","numberOfSeats":"many","groups":[null]}]`)},
		"jira/acme.atlassian.net/nonsense": {Data: []byte(`x`)},
		"jira/groups.json":                 {Data: []byte(`{"crew":null,"team":{"values":[null,{}]}}`)},
	})
	if r := w.scim("GET", "/Groups/g", nil).want(t, 200); len(who(r)) != 1 {
		t.Errorf("the group is %s", r.text)
	}
	w.admin("POST", orgV2+"/directories/-/users/search", object{"expand": []string{"productAccess", "groups"}}).want(t, 200)
	w.admin("GET", orgV1+"/events", nil).want(t, 200)
	w.scim("DELETE", "/Users/s-ann", nil).want(t, 204)
	r := w.ask("GET", "https://"+testHost+"/rest/api/3/applicationrole", basic(DefaultEmail, DefaultToken), nil).want(t, 200)
	if len(r.list) != 1 {
		t.Errorf("the application roles are %s", r.text)
	}
}

func TestPartsOfAWorldAreEnough(t *testing.T) {
	w, _, _ := loaded(t, fstest.MapFS{
		"bundle.json": {Data: []byte(`{"connection":{"directory":"dir-lab","org":"org-lab","sites":["https://acme.atlassian.net"]}}`)},
		"atlassian/scim-users.json": {Data: []byte(`{"Resources":[
			{"id":"s-ann","userName":"ann@acme.example","emails":[{"value":"ann@acme.example","primary":true}],"active":true,"shoeSize":42,
			 "urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"a-ann"}},
			{"id":"s-bob","userName":"bob@acme.example","emails":[{"value":"bob@acme.example","primary":true}],"urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":null}}]}`)},
		"atlassian/scim-groups.json": {Data: []byte(`{"Resources":[{"id":"g-crew","displayName":"crew","colour":"red","members":[{"value":"s-ann"},{"value":"s-gone","display":"gone@acme.example"}]}]}`)},
		"atlassian/scim-links.json": {Data: []byte(`{"scimLinks":[
			{"scimUserId":"s-old","atlassianAccountId":null,"orgId":"org-lab","directoryId":"dir-lab","email":"ann@acme.example"},
			{"scimUserId":"s-other","atlassianAccountId":"a-cid","orgId":"org-lab","directoryId":"dir-other","email":"cid@acme.example"}]}`)},
		"atlassian/manage.json":             {Data: []byte(`{"a-ann":{"key":"forbidden.targetUnverified"}}`)},
		"atlassian/events.json":             {Data: []byte(`{"data":[{"id":"e1","type":"events","attributes":{"time":"2026-11-19T12:00:00Z","action":"x","actor":{"id":""},"context":[]}}]}`)},
		"atlassian/troubleshooting-log.txt": {Data: []byte("one line\r\nanother\n")},
		"jira/groups.json":                  {Data: []byte(`{"crew":{"values":[{"accountId":"a-dan","displayName":"Dan","active":false}]},"closed":{"errorMessages":["no"]}}`)},
	})
	w.Now = func() time.Time { return noon }
	if r := w.scim("GET", "/Users/s-ann", nil).want(t, 200); r.object["shoeSize"] != 42.0 || at(r.object, atlassianURN, "atlassianAccountId") != "a-ann" {
		t.Errorf("the record is %s", r.text)
	}
	if r := w.scim("GET", "/Users/s-bob", nil).want(t, 200); at(r.object, atlassianURN, "atlassianAccountId") != nil {
		t.Errorf("the unlinked record is %s", r.text)
	}
	if r := w.scim("GET", "/Groups/g-crew", nil).want(t, 200); len(who(r)) != 2 || r.object["colour"] != "red" {
		t.Errorf("the group is %s", r.text)
	}
	if r := w.admin("POST", links+"/get-scim-links-for-email", object{"email": "ann@acme.example"}); len(r.object["scimLinks"].([]any)) != 2 {
		t.Errorf("the links of ann are %s", r.text)
	}
	w.scim("POST", "/Users", person("cid@acme.example")).want(t, 409) // held by the other directory
	if r := w.admin("GET", "https://api.atlassian.com/users/a-ann/manage", nil); r.status != 403 || r.object["key"] != "forbidden.targetUnverified" {
		t.Errorf("the recorded refusal is %d %s", r.status, r.text)
	}
	if got := w.TroubleshootingLog(); got != "one line\nanother" {
		t.Errorf("the troubleshooting log is %q", got)
	}
	if r := w.admin("GET", orgV1+"/events", nil); at(r.object, "data", 0, "id") != "e1" {
		t.Errorf("the events are %s", r.text)
	}
	members := "https://" + testHost + "/rest/api/3/group/member?includeInactiveUsers=true&groupname="
	if r := w.ask("GET", members+"crew", basic(DefaultEmail, DefaultToken), nil).want(t, 200); at(r.object, "values", 0, "displayName") != "Dan" || r.object["total"] != 1.0 {
		t.Errorf("the site shows %s", r.text)
	}
	w.ask("GET", members+"closed", basic(DefaultEmail, DefaultToken), nil).want(t, 404)
}
