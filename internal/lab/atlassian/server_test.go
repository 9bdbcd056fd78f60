package atlassian

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// onTheWire starts a lab and gives a client of it.
func onTheWire(t *testing.T, l *Lab) *testWorld {
	t.Helper()
	w := open(t, l)
	must(t, w.Start())
	t.Cleanup(func() { must(t, w.Close()) })
	w.http = w.Client()
	t.Cleanup(w.http.CloseIdleConnections)
	return w
}

func TestAStartedLabIsFoundUnderItsNamesAndByTheFirstPartOfThePath(t *testing.T) {
	w := onTheWire(t, &Lab{})
	ann := w.user("ann@acme.example") // through https://api.atlassian.com
	w.team("crew", ann)
	if got := w.inJira("crew"); len(got) != 1 { // through https://acme.atlassian.net
		t.Errorf("the site shows %v", got)
	}
	r := w.ask("GET", w.URL()+"/scim/directory/"+DefaultDirectory+"/Users/"+ann, "Bearer "+DefaultKey, nil).want(t, 200)
	if want := w.URL() + "/scim/directory/" + DefaultDirectory + "/Users/" + ann; at(r.object, "meta", "location") != want {
		t.Errorf("the location is %v, want %s", at(r.object, "meta", "location"), want)
	}
	prefix := w.URL() + "/" + testHost
	jira := w.ask("GET", prefix+"/rest/api/3/group/member?groupname=crew&maxResults=1", basic("admin@acme.example", "site-token"), nil).want(t, 200)
	if !strings.HasPrefix(str(jira.object["self"]), prefix+"/rest/api/3/group/member?") {
		t.Errorf("links lead elsewhere: %v", jira.object["self"])
	}
	w.ask("GET", w.URL()+"/api.atlassian.com/admin/v1/orgs", "Bearer "+DefaultAdminKey, nil).want(t, 200)
}

func TestNobodyTrustsTheLabByAccident(t *testing.T) {
	w := onTheWire(t, &Lab{})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, w.URL()+"/admin/v1/orgs", http.NoBody)
	must(t, err)
	if resp, err := (&http.Client{Transport: &http.Transport{}}).Do(req); err == nil {
		resp.Body.Close()
		t.Error("a client without the lab's authority connected")
	}
	if w.CA() == nil || (&Lab{}).CA() != nil || (&Lab{}).URL() != "" || (&Lab{}).Close() != nil {
		t.Error("a lab that was not started has an address or an authority")
	}
}

func TestFaultsBreakRealConnectionsToo(t *testing.T) {
	w := onTheWire(t, &Lab{Faults: []Fault{
		{Path: "*/Users", Latency: time.Microsecond, Stall: time.Microsecond},
		{Path: "*/cut", Cut: CutBefore},
		{Method: "POST", Path: "*/Users", Times: 1, Cut: CutAfter},
		{Method: "GET", Path: "*/Users", Times: 1, Truncate: 10},
	}})
	if _, err := w.try("POST", scimBase+"/cut", "Bearer "+DefaultKey, object{}); err == nil {
		t.Error("a cut connection gave an answer")
	}
	if _, err := w.try("POST", scimBase+"/Users", "Bearer "+DefaultKey, person("ann@acme.example")); err == nil {
		t.Error("the lost answer arrived")
	}
	if r, err := w.try("GET", scimBase+"/Users", "Bearer "+DefaultKey, nil); err == nil || len(r.text) > 10 {
		t.Errorf("a truncated body is whole: %v %s", err, r.text)
	}
	if r := w.scim("GET", "/Users", nil); r.object["totalResults"] != 1.0 {
		t.Errorf("the write whose answer was lost did not happen: %s", r.text)
	}
}

func TestABodyBeyondTheBoundIsRefused(t *testing.T) {
	w := open(t, &Lab{})
	big := fmt.Sprintf(`{"schemas":["%s"]}`, strings.Repeat("x", maxBody))
	if r, err := w.try("POST", scimBase+"/Users", "Bearer "+DefaultKey, big); err != nil || r.status != 413 {
		t.Errorf("33 MB get %d, %v", r.status, err)
	}
}
