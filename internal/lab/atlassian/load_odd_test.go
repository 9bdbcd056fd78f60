package atlassian

import (
	"strings"
	"testing"
	"testing/fstest"
	"time"
)

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
	if got := w.TroubleshootingLog(); got != "one line\nanother\n"+refusedLine("cid@acme.example") {
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
