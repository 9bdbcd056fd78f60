package inbound_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// What Okta's documentation shows of its requests, in the order in which it sends them: a test of the connection, a user who
// is assigned, changed, deactivated and comes back, a group that is pushed, renamed and filled.
func TestOktasTraffic(t *testing.T) {
	s := start(t)
	s.do("GET", "/Users?startIndex=1&count=2", "").is(http.StatusOK)
	if n, _ := s.do("GET", "/Users?filter="+url.QueryEscape(`userName eq "test.user@okta.example"`)+"&startIndex=1&count=100", "").list(); n != 0 {
		t.Fatalf("%d users", n)
	}
	id := s.do("POST", "/Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"test.user@okta.example","name":{"givenName":"Test","familyName":"User"},
		"emails":[{"primary":true,"value":"test.user@okta.example","type":"work"}],"displayName":"Test User","locale":"en-US","externalId":"00ujl29u0le5T6Aj10h7","groups":[],"password":"1mz050nq","active":true}`).created()
	user := s.do("GET", "/Users/"+id, "").is(http.StatusOK)
	changed := strings.Replace(user.Body.String(), `"givenName":"Test"`, `"givenName":"Another"`, 1)
	if v := s.do("PUT", "/Users/"+id, changed).is(http.StatusOK); !strings.Contains(v.Body.String(), `"givenName":"Another"`) {
		t.Errorf("changed: %s", v.Body)
	}
	for _, active := range []string{"false", "true"} {
		if v := s.do("PATCH", "/Users/"+id, patchOf(`{"op":"replace","value":{"active":`+active+`}}`)).is(http.StatusOK); !strings.Contains(v.Body.String(), `"active":`+active) {
			t.Errorf("active: %s", v.Body)
		}
	}
	s.do("GET", "/Groups?startIndex=1&count=100", "").is(http.StatusOK)
	group := s.do("POST", "/Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"Test SCIMv2","members":[]}`).created()
	s.do("PATCH", "/Groups/"+group, patchOf(`{"op":"replace","value":{"id":"`+group+`","displayName":"Test SCIMv2 renamed"}}`)).is(http.StatusNoContent)
	s.do("PATCH", "/Groups/"+group, patchOf(`{"op":"remove","path":"members[value eq \"nobody\"]"},{"op":"add","path":"members","value":[{"value":"`+id+`","display":"test.user@okta.example"}]}`)).is(http.StatusNoContent)
	v := s.do("GET", "/Groups/"+group, "").is(http.StatusOK)
	for _, want := range []string{`"displayName":"Test SCIMv2 renamed"`, `"display":"test.user@okta.example"`} {
		if !strings.Contains(v.Body.String(), want) {
			t.Errorf("no %s in %s", want, v.Body)
		}
	}
	s.do("PUT", "/Groups/"+group, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"id":"`+group+`","displayName":"Test SCIMv2","members":[{"value":"`+id+`","display":"test.user@okta.example"}]}`).is(http.StatusOK)
	s.do("DELETE", "/Groups/"+group, "").is(http.StatusNoContent)
}
