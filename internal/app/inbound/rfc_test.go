package inbound_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// The examples of RFC 7644 with their bodies, sent in the order of its sections.
func TestTheExamplesOfRFC7644(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bjensen","externalId":"bjensen","name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen","givenName":"Barbara"}}`).created()
	user := "/Users/" + id
	s.do("POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"jsmith"}`).created()
	for _, filter := range []string{ // 3.4.2.2, figure 2
		`userName Eq "bjensen"`, `urn:ietf:params:scim:schemas:core:2.0:User:userName sw "B"`, `name.familyName co "en"`, `userName sw "b"`, `externalId pr`,
		`meta.lastModified ge "2011-05-13T04:42:34Z" and userName eq "bjensen"`, `name.familyName pr and not (userType eq "Employee" or emails co "example.com")`,
		`schemas eq "urn:ietf:params:scim:schemas:core:2.0:User" and externalId pr`,
	} {
		if n, names := s.do("GET", "/Users?filter="+url.QueryEscape(filter), "").list(); n != 1 || names[0] != "bjensen" {
			t.Errorf("%s: %d %v", filter, n, names)
		}
	}
	a := s.do("POST", "/.search", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["displayName","userName"],"filter":"displayName sw \"smith\" or userName sw \"j\"","startIndex":1,"count":10}`) // 3.4.3
	if n, names := a.list(); n != 1 || names[0] != "jsmith" || strings.Contains(a.Body.String(), "externalId") {
		t.Errorf("search: %s", a.Body)
	}
	a = s.do("PUT", user, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"`+id+`","userName":"bjensen","externalId":"bjensen","name":{"formatted":"Ms. Barbara J Jensen III","familyName":"Jensen","givenName":"Barbara","middleName":"Jane"},
		"roles":[],"emails":[{"value":"bjensen@example.com"},{"value":"babs@jensen.org"}]}`, "If-Match", `W/"1"`).is(http.StatusOK) // 3.5.1
	if body := a.Body.String(); a.Header().Get("ETag") != `W/"2"` || strings.Contains(body, "roles") || !strings.Contains(body, `"middleName":"Jane"`) {
		t.Errorf("PUT: %s", body)
	}
	group := "/Groups/" + s.do("POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Tour Guides"}`).created()
	members := func() int {
		all, _ := s.do("GET", group, "").json()["members"].([]any)
		return len(all)
	}
	for _, c := range []struct { // 3.5.2.1 to 3.5.2.3
		path, operation string
		members         int
	}{
		{group, `{"op":"add","path":"members","value":[{"display":"Babs Jensen","$ref":"https://example.com/v2/Users/` + id + `","value":"` + id + `"}]}`, 1},
		{user, `{"op":"add","value":{"emails":[{"value":"babs@jensen.org","type":"home"}],"nickname":"Babs"}}`, 1},
		{group, `{"op":"remove","path":"members[value eq \"` + id + `\"]"}`, 0},
		{user, `{"op":"remove","path":"emails[type eq \"work\" and value ew \"example.com\"]"}`, 0},
		{group, `{"op":"remove","path":"members"},{"op":"add","path":"members","value":[{"value":"` + id + `"}]}`, 1},
		{group, `{"op":"replace","path":"members","value":[{"display":"Babs Jensen","value":"` + id + `"}]}`, 1},
		{user, `{"op":"replace","path":"emails[value eq \"babs@jensen.org\"].type","value":"other"}`, 1},
	} {
		if got := s.do("PATCH", c.path, patchOf(c.operation)); got.Code >= 300 || members() != c.members {
			t.Errorf("%s: %d, %d members: %s", c.operation, got.Code, members(), got.Body)
		}
	}
	s.do("PATCH", user, patchOf(`{"op":"replace","path":"emails[value eq \"nobody\"].display","value":"x"}`)).is(http.StatusOK)                             // NewElements: Entra wants it made
	s.do("GET", "/Users?attributes=userName&filter="+url.QueryEscape(`userName co "jensen" and (`), "").refused(http.StatusBadRequest, "invalidFilter", "") // 3.12
	s.do("DELETE", user, "", "If-Match", `W/"1"`).refused(http.StatusPreconditionFailed, "", "")                                                            // 3.14
	s.do("DELETE", user, "").is(http.StatusNoContent)                                                                                                       // 3.6
	s.do("GET", user, "").refused(http.StatusNotFound, "", "")
}
