package inbound_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// patchOf wraps operations as Microsoft's services do.
func patchOf(operations string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`
}

// microsoftUser is the shape of what Entra creates, explicit nulls and empty lists included.
func microsoftUser(name string) string {
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","` + enterprise + `"],"externalId":"` + name + `","userName":"` + name + `@contoso.example","active":true,
		"addresses":null,"displayName":"` + name + `","emails":[{"type":"work","value":"` + name + `@contoso.example","primary":true}],"meta":{"resourceType":"User"},
		"name":{"formatted":"A B","familyName":"B","givenName":"A"},"roles":[],"title":null,"` + enterprise + `":{"department":"Sales","manager":null}}`
}

// The cases of scimvalidator.microsoft.com for users, in its order.
func TestMicrosoftsValidatorOfUsers(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", microsoftUser("one")).created()
	manager := s.do("POST", "/Users", microsoftUser("boss")).created()
	user := "/Users/" + id
	find := func(filter string) []any {
		t.Helper()
		all, _ := s.do("GET", "/Users?filter="+url.QueryEscape(filter), "").is(http.StatusOK).json()["Resources"].([]any)
		return all
	}
	s.do("POST", "/Users", microsoftUser("one")).refused(http.StatusConflict, "uniqueness", "userName")
	if n := len(find(`userName eq "one@contoso.example"`)); n != 1 {
		t.Errorf("existing user: %d", n)
	}
	if n := len(find(`userName eq "nobody@contoso.example"`)); n != 0 {
		t.Errorf("missing user: %d", n)
	}
	if n := len(find(`userName eq "ONE@Contoso.example"`)); n != 1 {
		t.Errorf("in other case: %d", n)
	}
	v := s.do("PATCH", user, patchOf(`{"op":"replace","path":"emails[type eq \"work\"].value","value":"new@contoso.example"},
		{"op":"replace","path":"emails[type eq \"work\"].primary","value":"True"},
		{"op":"replace","value":{"displayName":"New","name.givenName":"G","`+enterprise+`:department":"IT","active":true}}`)).is(http.StatusOK)
	for _, want := range []string{`"displayName":"New"`, `"givenName":"G"`, `"department":"IT"`, `"value":"new@contoso.example"`, `"primary":true`} {
		if !strings.Contains(v.Body.String(), want) {
			t.Errorf("replace attributes: no %s in %s", want, v.Body)
		}
	}
	v = s.do("PATCH", user, patchOf(`{"op":"add","path":"phoneNumbers[type eq \"mobile\"].value","value":"1"},{"op":"add","path":"roles[primary eq \"True\"].value","value":"r"},
		{"op":"add","path":"addresses[type eq \"work\"].locality","value":"Bonn"},{"op":"add","path":"addresses[type eq \"work\"].country","value":"DE"}`)).is(http.StatusOK)
	if body := v.Body.String(); strings.Count(body, `"locality":"Bonn","country":"DE"`)+strings.Count(body, `"type":"work","locality":"Bonn"`) == 0 || !strings.Contains(body, `"phoneNumbers":[{`) {
		t.Errorf("add attributes: %s", body)
	}
	s.do("PATCH", user, patchOf(`{"op":"replace","value":{"userName":"moved@contoso.example"}}`)).is(http.StatusOK)
	if n := len(find(`userName eq "moved@contoso.example"`)) - len(find(`userName eq "one@contoso.example"`)); n != 1 {
		t.Error("update of the userName")
	}
	s.do("PATCH", user, patchOf(`{"op":"Replace","path":"active","value":"False"}`)).is(http.StatusOK)
	if m, _ := find(`userName eq "moved@contoso.example"`)[0].(map[string]any); m["active"] != false {
		t.Errorf("disabled: %v", m)
	}
	for _, op := range []string{
		`{"op":"add","path":"` + enterprise + `:manager","value":{"value":"` + manager + `"}}`, `{"op":"replace","path":"` + enterprise + `:manager","value":"` + manager + `"}`,
	} {
		if v := s.do("PATCH", user, patchOf(op)).is(http.StatusOK); !strings.Contains(v.Body.String(), `"manager":{"value":"`+manager+`"`) {
			t.Errorf("manager: %s", v.Body)
		}
	}
	if n := len(find(`id eq "` + id + `" and manager eq "` + manager + `"`)); n != 1 {
		t.Errorf("Entra's question whether the manager is set: %d", n)
	}
	if v := s.do("PATCH", user, patchOf(`{"op":"remove","path":"`+enterprise+`:manager"}`)).is(http.StatusOK); strings.Contains(v.Body.String(), "manager") {
		t.Errorf("manager removed: %s", v.Body)
	}
	v = s.do("PATCH", user, patchOf(`{"op":"replace","path":"title","value":"1"},{"op":"replace","path":"title","value":"2"},{"op":"add","path":"nickName","value":"n"},{"op":"remove","path":"nickName"}`))
	if body := v.is(http.StatusOK).Body.String(); !strings.Contains(body, `"title":"2"`) || strings.Contains(body, "nickName") {
		t.Errorf("several operations: %s", body)
	}
	s.do("PATCH", user, patchOf(``)).is(http.StatusOK)
	s.do("DELETE", user, "").is(http.StatusNoContent)
	s.do("DELETE", user, "").refused(http.StatusNotFound, "", "")
	s.do("DELETE", "/Users/00000000-0000-0000-0000-000000000000", "").refused(http.StatusNotFound, "", "")
}

// The same for groups.
func TestMicrosoftsValidatorOfGroups(t *testing.T) {
	s := start(t)
	u1, u2 := s.do("POST", "/Users", microsoftUser("one")).created(), s.do("POST", "/Users", microsoftUser("two")).created()
	const body = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],"externalId":"o1","displayName":"Sales","meta":{"resourceType":"Group"}}`
	id := s.do("POST", "/Groups", body).created()
	group := "/Groups/" + id
	s.do("POST", "/Groups", body).refused(http.StatusConflict, "uniqueness", "displayName")
	members := func() int {
		t.Helper()
		all, _ := s.do("GET", group, "").is(http.StatusOK).json()["members"].([]any)
		return len(all)
	}
	s.do("PATCH", group, patchOf(`{"op":"Add","path":"members","value":[{"$ref":null,"value":"`+u1+`"}]}`)).is(http.StatusNoContent)
	if v := s.do("GET", group+"?excludedAttributes=members", "").is(http.StatusOK); strings.Contains(v.Body.String(), "members") {
		t.Errorf("without members: %s", v.Body)
	}
	for filter, want := range map[string]int{`displayName eq "Sales"`: 1, `displayName eq "sALES"`: 1, `displayName eq "None"`: 0, `externalId eq "o1"`: 1, `id eq "` + id + `" and members eq "` + u1 + `"`: 1} {
		for _, more := range []string{"", "&excludedAttributes=members"} {
			if n, _ := s.do("GET", "/Groups?filter="+url.QueryEscape(filter)+more, "").list(); n != want {
				t.Errorf("%s: %d", filter, n)
			}
		}
	}
	s.do("PATCH", group, patchOf(`{"op":"replace","value":{"displayName":"Marketing","externalId":"o2"}}`)).is(http.StatusNoContent)
	s.do("PATCH", group, patchOf(`{"op":"replace","path":"externalId","value":"o3"}`)).is(http.StatusNoContent)
	if v := s.do("GET", group, "").json(); v["displayName"] != "Marketing" || v["externalId"] != "o3" {
		t.Errorf("replace attributes: %v", v)
	}
	for _, c := range []struct {
		operations string
		want       int
	}{
		{`{"op":"add","path":"members","value":[{"value":"` + u2 + `"}]}`, 2},
		{`{"op":"remove","path":"members[value eq \"` + u1 + `\"]"}`, 1},
		{`{"op":"add","path":"members","value":[{"value":"` + u1 + `"}]},{"op":"Remove","path":"members","value":[{"value":"` + u2 + `"}]},{"op":"add","path":"members","value":[{"value":"` + u2 + `"}]}`, 2},
		{`{"op":"remove","path":"members"}`, 0},
	} {
		if s.do("PATCH", group, patchOf(c.operations)).is(http.StatusNoContent); members() != c.want {
			t.Errorf("%s: %d members", c.operations, members())
		}
	}
	s.do("DELETE", group, "").is(http.StatusNoContent)
	s.do("DELETE", group, "").refused(http.StatusNotFound, "", "")
}
