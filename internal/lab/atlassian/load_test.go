package atlassian

import (
	"io/fs"
	"net/url"
	"testing"
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
