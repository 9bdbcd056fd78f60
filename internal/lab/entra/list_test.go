package entra

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheZeroValueIsAnEmptyTenantThatWorks(t *testing.T) {
	g := open(t, &Lab{})
	r := g.get("/users")
	if r.status != 200 || len(r.values()) != 0 || r.link("nextLink") != "" {
		t.Errorf("GET /users of an empty tenant: %d %s", r.status, r.raw)
	}
	if want := "https://graph.microsoft.com/v1.0/$metadata#users"; r.body["@odata.context"] != want {
		t.Errorf("context = %v, want %s", r.body["@odata.context"], want)
	}
}

func TestAListIsReadPageByPage(t *testing.T) {
	g := open(t, &Lab{})
	var want []string
	for i := range 250 {
		want = append(want, g.user(fmt.Sprintf("user%03d", i)))
	}
	for path, pages := range map[string]int{"/users": 3, "/users?$top=999": 1, "/users?$top=50": 5, "/users?$select=id&$top=125": 2} {
		g.l.ForgetRequests()
		got, _ := g.all(path)
		if diff := cmp.Diff(want, ids(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		if n := len(g.l.Requests()); n != pages {
			t.Errorf("%s took %d requests, want %d", path, n, pages)
		}
	}
}

func TestPagingNeitherSkipsNorRepeatsWhenUsersComeAndGo(t *testing.T) {
	g := open(t, &Lab{})
	var all []string
	for i := range 10 {
		all = append(all, g.user(fmt.Sprintf("user%d", i)))
	}
	first := g.get("/users?$top=4")
	must(t, g.l.DeleteUser(all[1])) // seen already
	must(t, g.l.DeleteUser(all[5])) // not yet seen
	late := g.user("late")
	rest, _ := g.all(first.link("nextLink"))
	want := append([]string{all[4]}, append(append([]string{}, all[6:]...), late)...)
	if diff := cmp.Diff(want, ids(rest)); diff != "" {
		t.Errorf("after the first page (-want +got):\n%s", diff)
	}
}

func TestWithoutSelectAUserHasElevenProperties(t *testing.T) {
	g := open(t, &Lab{})
	id := g.user("lena")
	r := g.get("/users/" + id)
	if len(r.body) != 12 { // and @odata.context
		t.Errorf("GET /users/{id} gives %d keys: %s", len(r.body), r.raw)
	}
	if _, there := r.body["accountEnabled"]; there {
		t.Error("accountEnabled is given without $select")
	}
	if v, there := r.body["jobTitle"]; !there || v != nil {
		t.Errorf("jobTitle = %v, want null", v)
	}
	if diff := cmp.Diff([]any{}, r.body["businessPhones"]); diff != "" {
		t.Errorf("businessPhones (-want +got):\n%s", diff)
	}
}

func TestSelectGivesWhatIsNamedAndNothingElse(t *testing.T) {
	g := open(t, &Lab{})
	id := g.user("lena")
	must(t, g.l.UpdateUser(id, Props{"department": "Sales", "extension_2c4b_team": "A"}))
	r := g.get("/users/" + id + "?$select=department,accountEnabled,proxyAddresses,employeeId,extension_2c4b_team,extension_2c4b_other")
	delete(r.body, "@odata.context")
	want := map[string]any{
		"department": "Sales", "accountEnabled": true, "proxyAddresses": []any{}, "employeeId": nil, "extension_2c4b_team": "A",
	}
	if diff := cmp.Diff(want, r.body); diff != "" {
		t.Errorf("body (-want +got):\n%s", diff)
	}
}

func TestAUserIsFoundByIdOrPrincipalName(t *testing.T) {
	g := open(t, &Lab{})
	id := g.user("lena")
	guest, err := g.l.AddUser(Props{"userPrincipalName": "kim_contoso.example#EXT#@fabrikam.example"})
	must(t, err)
	for path, want := range map[string]string{
		"/users/" + id: id, "/users/" + strings.ToUpper(id): id, "/users/Lena@fabrikam.example": id, "/users('" + id + "')": id,
		"/users/kim_contoso.example%23EXT%23@fabrikam.example": guest,
	} {
		if r := g.get(path); r.body["id"] != want {
			t.Errorf("GET %s: %d %s", path, r.status, r.raw)
		}
	}
	if r := g.get("/users/nobody@fabrikam.example"); r.status != 404 || r.code() != "Request_ResourceNotFound" {
		t.Errorf("an unknown user: %d %s", r.status, r.raw)
	}
}

func TestCountNeedsTheHeaderOfAdvancedQueries(t *testing.T) {
	g := open(t, &Lab{})
	for i := range 3 {
		g.user(fmt.Sprint("user", i))
	}
	if r := g.get("/users/$count", eventual); r.raw != "3" || r.header.Get("Content-Type") != "text/plain" {
		t.Errorf("/users/$count = %q as %s", r.raw, r.header.Get("Content-Type"))
	}
	if r := g.get("/users/$count"); r.code() != "Request_BadRequest" {
		t.Errorf("/users/$count without the header: %d %s", r.status, r.raw)
	}
	first := g.get("/users?$count=true&$top=2", eventual)
	if first.body["@odata.count"] != 3.0 {
		t.Errorf("@odata.count = %v, want 3", first.body["@odata.count"])
	}
	next := g.get(first.link("nextLink"), eventual)
	if _, there := next.body["@odata.count"]; there || len(next.values()) != 1 {
		t.Errorf("the second page should hold one user and no count: %s", next.raw)
	}
	if r := g.get(first.link("nextLink")); r.status != 400 || r.code() != "Directory_ExpiredPageToken" {
		t.Errorf("the second page without the header: %d %s", r.status, r.raw)
	}
	if _, there := g.get("/users?$count=true").body["@odata.count"]; there {
		t.Error("$count=true without the header is ignored, but the answer has a count")
	}
}

func TestWhatIsNotSupportedIsRefused(t *testing.T) {
	g := open(t, &Lab{})
	id := g.group("g")
	tests := map[string]struct {
		path   string
		status int
		code   string
	}{
		"an unknown option":                   {"/users?$nonsense=1", 400, "BadRequest"},
		"an option without its dollar sign":   {"/users?select=id", 400, "BadRequest"},
		"$skip":                               {"/users?$skip=10", 400, "Request_BadRequest"},
		"a page that is too large":            {"/users?$top=1000", 400, "Request_UnsupportedQuery"},
		"a page of nothing":                   {"/users?$top=0", 400, "Request_UnsupportedQuery"},
		"a top that is no number":             {"/users?$top=ten", 400, "BadRequest"},
		"an unknown property":                 {"/users?$select=id,shoeSize", 400, "BadRequest"},
		"a property kept elsewhere, in lists": {"/users?$select=id,skills", 501, "NotImplemented"},
		"$expand of something else":           {"/groups?$expand=owners", 400, "ExpandNotSupported"},
		"$search without the header":          {"/users?$search=\"displayName:x\"", 400, "Request_UnsupportedQuery"},
		"an option given twice":               {"/users?$top=1&$top=2", 400, "BadRequest"},
		"a token of another query":            {"/users?$skiptoken=AAAA", 400, "BadRequest"},
		"an unknown collection":               {"/planets", 400, "BadRequest"},
		"an unknown relation":                 {"/groups/" + id + "/friends", 400, "BadRequest"},
		"deleted items without a type":        {"/directory/deletedItems", 400, "BadRequest"},
		"another version":                     {"https://graph.microsoft.com/beta/users", 400, "BadRequest"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			if r := g.get(tt.path); r.status != tt.status || r.code() != tt.code {
				t.Errorf("GET %s: %d %s", tt.path, r.status, r.raw)
			}
		})
	}
	if r := g.do("DELETE", "/users", ""); r.status != 405 {
		t.Errorf("DELETE /users: %d", r.status)
	}
	if r := g.get("/users?utm_source=x"); r.status != 200 {
		t.Errorf("a name that is nobody's option should be ignored: %d %s", r.status, r.raw)
	}
}

func TestATokenOfOneListDoesNotWorkInAnother(t *testing.T) {
	g := open(t, &Lab{})
	for i := range 5 {
		g.user(fmt.Sprint("user", i))
	}
	next := g.get("/users?$top=2&$select=id").link("nextLink")
	if r := g.get(strings.Replace(next, "$select=id", "$select=mail", 1)); r.status != 400 {
		t.Errorf("a rebuilt link: %d %s", r.status, r.raw)
	}
}

func TestPropertiesKeptElsewhereCanBeReadOfOneUser(t *testing.T) {
	g := open(t, &Lab{})
	if r := g.get("/users/" + g.user("lena") + "?$select=skills"); r.status != 200 {
		t.Errorf("skills of one user: %d %s", r.status, r.raw)
	}
}
