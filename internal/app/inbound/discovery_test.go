package inbound_test

import (
	"net/http"
	"strings"
	"testing"
)

func TestTheServiceSaysWhatItIs(t *testing.T) {
	s := start(t)
	v := s.do("GET", "/ServiceProviderConfig", "").is(http.StatusOK)
	for _, want := range []string{
		`"patch":{"supported":true}`, `"bulk":{"supported":true,"maxOperations":1000,"maxPayloadSize":33554432}`, `"filter":{"supported":true,"maxResults":1000}`,
		`"changePassword":{"supported":false}`, `"sort":{"supported":true}`, `"etag":{"supported":true}`, `"type":"oauthbearertoken"`, `"type":"oauth2"`,
		`"cursor":true`, `"index":true`, `"location":"https://scim.example.com/scim/v2/acme/ServiceProviderConfig"`,
	} {
		if !strings.Contains(v.Body.String(), want) {
			t.Errorf("%s is missing: %s", want, v.Body)
		}
	}
}

func TestSchemasAndResourceTypesAreListedAndFoundByName(t *testing.T) {
	s := start(t)
	if n, _ := s.do("GET", "/Schemas", "").list(); n != 3 {
		t.Errorf("%d schemas", n)
	}
	if n, _ := s.do("GET", "/ResourceTypes?sortBy=name&startIndex=2", "").list(); n != 2 {
		t.Errorf("%d types", n)
	}
	if v := s.do("GET", "/Schemas/urn:ietf:params:scim:schemas:core:2.0:User", "").is(http.StatusOK); strings.Contains(v.Body.String(), `"password"`) || v.json()["name"] != "User" {
		t.Errorf("got %s", v.Body)
	}
	if v := s.do("GET", "/ResourceTypes/User", "").json(); v["endpoint"] != "/Users" {
		t.Errorf("got %v", v)
	}
}

func TestWhatTheServiceIsCannotBeFiltered(t *testing.T) {
	s := start(t)
	for _, path := range []string{"/Schemas", "/ResourceTypes"} {
		s.do("GET", path+"?filter=name+eq+%22x%22", "").refused(http.StatusForbidden, "", "cannot be filtered")
	}
}
