package graph_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/graph"
)

func count(t *testing.T, g *graph.Client, path string, query url.Values) (objects, pages int, delta string, err error) {
	t.Helper()
	for p, err := range g.Pages(t.Context(), path, query, nil) {
		if err != nil {
			return objects, pages, "", err
		}
		pages++
		objects += len(p.Values)
		delta = p.Delta
	}
	return objects, pages, delta, nil
}

func TestPagesAreFollowedToTheEnd(t *testing.T) {
	l := &entra.Lab{Pages: entra.Pages{Default: 3, DeltaObjects: 4}}
	g, _ := open(t, l)
	people(t, l, 10)
	if n, pages, _, err := count(t, g, "/users", url.Values{"$select": {"id,displayName"}}); n != 10 || pages != 4 || err != nil {
		t.Errorf("a list: %d objects on %d pages, %v", n, pages, err)
	}
	n, pages, delta, err := count(t, g, "/users/delta", nil)
	if n != 10 || pages != 3 || err != nil || !g.Own(delta) {
		t.Errorf("a delta query: %d objects on %d pages, then %q, %v", n, pages, delta, err)
	}
	if n, pages, again, err := count(t, g, delta, nil); n != 0 || pages != 1 || err != nil || again == "" {
		t.Errorf("its link: %d objects on %d pages, then %q, %v", n, pages, again, err)
	}
	if n, err := g.Count(t.Context(), "/users/$count", nil); n != 10 || err != nil {
		t.Errorf("the number of users: %d, %v", n, err)
	}
}

func TestAnAdvancedQuerySendsItsHeaderWithEveryPage(t *testing.T) {
	l := &entra.Lab{Pages: entra.Pages{Default: 2}}
	g, _ := open(t, l)
	people(t, l, 5)
	n := 0
	for _, err := range g.Objects(t.Context(), "/users", url.Values{"$filter": {"displayName ne 'x'"}, "$count": {"true"}}, graph.Eventual()) {
		must(t, err)
		n++
	}
	if n != 5 {
		t.Errorf("%d users", n)
	}
}

func TestPagesThatCannotBeTrustedEndTheWalk(t *testing.T) {
	for sentence, tt := range map[string]struct {
		fault entra.Fault
		says  string // "": all is read in spite of it
	}{
		"an empty page that says: ask again":        {entra.Fault{Path: "/v1.0/users", Skip: 1, Times: 3, EmptyPage: true}, ""},
		"one that says so forever":                  {entra.Fault{Path: "/v1.0/users", Skip: 1, EmptyPage: true}, "circle"},
		"a page of another host":                    {entra.Fault{Path: "/v1.0/users", Skip: 1, Host: "https://elsewhere.example"}, "another host"},
		"one page that is cut":                      {entra.Fault{Path: "/v1.0/users", Skip: 1, Times: 1, Cut: true}, ""},
		"one page that is cut but whole to the eye": {entra.Fault{Path: "/v1.0/users", Skip: 1, Times: 2, Truncate: true}, ""},
		"one page without a body":                   {entra.Fault{Path: "/v1.0/users", Skip: 1, Times: 2, Empty: true}, ""},
		"pages without a body":                      {entra.Fault{Path: "/v1.0/users", Skip: 1, Empty: true}, "found nothing"},
		"a page that is always cut":                 {entra.Fault{Path: "/v1.0/users", Skip: 1, Truncate: true}, "/users"},
		"a service that fails for a while":          {entra.Fault{Path: "/v1.0/users", Skip: 1, Times: 3, Status: 503}, ""},
		"a service that fails":                      {entra.Fault{Path: "/v1.0/users", Skip: 1, Status: 500, Message: "boom"}, "boom"},
		"a service that wants to be left alone":     {entra.Fault{Path: "/v1.0/users", Skip: 1, Times: 2, Status: 429, RetryAfter: "2.128"}, ""},
	} {
		t.Run(sentence, func(t *testing.T) {
			l := &entra.Lab{Pages: entra.Pages{Default: 3}, Faults: []entra.Fault{tt.fault}}
			g, _ := open(t, l)
			people(t, l, 10)
			n, _, _, err := count(t, g, "/users", nil)
			switch {
			case tt.says == "" && (err != nil || n != 10):
				t.Errorf("%d objects, %v", n, err)
			case tt.says != "" && (err == nil || !strings.Contains(err.Error(), tt.says)):
				t.Errorf("%d objects and the error %v, which should say %q", n, err, tt.says)
			}
		})
	}
}

// answers is a Graph that says one thing for each path.
func answers(bodies map[string]string) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		return &http.Response{
			StatusCode: http.StatusOK, Header: http.Header{"Content-Type": {"application/json"}}, ContentLength: -1, Request: r,
			Body: io.NopCloser(strings.NewReader(bodies[r.URL.RequestURI()])),
		}, nil
	})
}

func TestAnAnswerThatIsNoPageIsNoEmptyPage(t *testing.T) {
	for _, tt := range []struct{ body, says string }{
		{`{}`, `"value"`},
		{`{"value":null}`, "not one list"},
		{`{"value":{}}`, "not one list"},
		{`{"value":[],"value":[{}]}`, "not one list"},
		{`[]`, "a list"},
		{`{"error":{"code":"x"}}`, `"value"`},
		{`{"value":[{"id":"1"}]`, ""},
		{`{"value":[],"@odata.nextLink":"https://graph.microsoft.com/v1.0/a","@odata.deltaLink":"https://graph.microsoft.com/v1.0/b"}`, "both"},
		{`{"value":[{}],"@odata.nextLink":"https://graph.microsoft.com/v1.0/users"}`, "circle"},
		{`{"value":[],"@odata.nextLink":"https://graph.microsoft.com:444/v1.0/users?a"}`, "another host"},
		{`{"value":[],"@odata.nextLink":"http://graph.microsoft.com/v1.0/users?a"}`, "another host"},
		{`{"value":[],"@odata.nextLink":"https://graph.microsoft.com/beta/users?a"}`, "another host"},
		{`{"value":[],"@odata.nextLink":7}`, ""},
	} {
		g, _ := open(t, &entra.Lab{}, func(o *graph.Options) {
			o.Credential, o.Transport = graph.Credential{Token: given{}}, answers(map[string]string{"/v1.0/users": tt.body})
		})
		if _, _, _, err := count(t, g, "/users", nil); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: the error is %v, which should say %q", tt.body, err, tt.says)
		}
	}
}

func TestLinksThatLeadInACircleEnd(t *testing.T) {
	const base = "https://graph.microsoft.com/v1.0/users?p="
	bodies := map[string]string{
		"/v1.0/users":     `{"value":[{"id":"0"}],"@odata.nextLink":"` + base + `1"}`,
		"/v1.0/users?p=1": `{"value":[{"id":"1"}],"@odata.nextLink":"` + base + `2"}`,
		"/v1.0/users?p=2": `{"value":[],"@odata.nextLink":"` + base + `1"}`,
	}
	g, _ := open(t, &entra.Lab{}, func(o *graph.Options) {
		o.Credential, o.Transport = graph.Credential{Token: given{}}, answers(bodies)
	})
	n, pages, _, err := count(t, g, "/users", nil)
	if n != 2 || pages != 3 || err == nil || !strings.Contains(err.Error(), "circle") {
		t.Errorf("%d objects on %d pages, %v", n, pages, err)
	}
}

func TestARefusalNamesThePermission(t *testing.T) {
	l := &entra.Lab{Clients: map[string]entra.Client{entra.DefaultClient: {Secrets: []entra.Secret{{Value: entra.DefaultSecret}}}}}
	g, _ := open(t, l)
	people(t, l, 1)
	for path, want := range map[string]string{
		"/users/delta":  "User.Read.All",
		"/groups/delta": "GroupMember.Read.All",
		"/directory/deletedItems/microsoft.graph.user":                     "User.Read.All",
		"/directory/deletedItems/microsoft.graph.group":                    "Group.Read.All",
		"/servicePrincipals":                                               "Application.Read.All",
		"/servicePrincipals(appId='x')/appRoleAssignedTo":                  "Application.Read.All",
		"/servicePrincipals/x/synchronization/jobs":                        "Synchronization.Read.All",
		"/auditLogs/provisioning":                                          "ProvisioningLog.Read.All",
		"/auditLogs/directoryAudits":                                       "AuditLog.Read.All",
		"https://graph.microsoft.com/v1.0/groups/x/members?$skiptoken=abc": "GroupMember.Read.All",
	} {
		_, _, _, err := count(t, g, path, nil)
		e, ok := graph.Refused(err)
		if !ok || len(e.Needs) == 0 || e.Needs[0] != want || !strings.Contains(e.Why(), "403 Authorization_RequestDenied") ||
			!strings.Contains(err.Error(), want) || e.RequestID == "" || strings.Contains(err.Error(), "abc") {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestCodesAreFoundWhereverTheyStandAndHoweverTheyAreWritten(t *testing.T) {
	l := &entra.Lab{Faults: []entra.Fault{
		{Path: "/v1.0/users/a", Status: 410, Code: "SyncStateNotFound"},
		{Path: "/v1.0/users/b", Status: 400, Code: "resyncrequired"},
		{Path: "/v1.0/users/c", Status: 400, Code: "Directory_ExpiredPageToken"},
		{Path: "/v1.0/users/d", Status: 400, Code: "BadRequest"},
		{Path: "/v1.0/users/e", Status: 404},
	}}
	g, _ := open(t, l)
	for path, want := range map[string][2]bool{ // reset, missing
		"/users/a": {true, false}, "/users/b": {true, false}, "/users/c": {true, false}, "/users/d": {false, false}, "/users/e": {false, true},
	} {
		_, err := g.Get(t.Context(), path, nil)
		if got := [2]bool{graph.Reset(err), graph.Missing(err)}; got != want || err == nil {
			t.Errorf("%s: reset and missing are %v: %v", path, got, err)
		}
	}
}

func TestReportsAreAskedForFiveTimesInTenSeconds(t *testing.T) {
	l := &entra.Lab{}
	g, c := open(t, l)
	began := c.Now()
	for range 12 {
		if _, _, _, err := count(t, g, "/auditLogs/directoryAudits", nil); err != nil {
			t.Fatal(err)
		}
	}
	for _, r := range l.Requests() {
		if r.Status == http.StatusTooManyRequests {
			t.Fatal("the service refused a call")
		}
	}
	if took := c.Now().Sub(began); took < 20*time.Second || took > 24*time.Second {
		t.Errorf("twelve calls took %v", took)
	}
}

func TestAPostThatReadsIsRepeated(t *testing.T) {
	l := &entra.Lab{Faults: []entra.Fault{{Path: "/v1.0/directoryObjects/getByIds", Times: 1, Status: 502}}}
	g, _ := open(t, l)
	id, err := l.AddUser(entra.Props{"displayName": "Ana", "userPrincipalName": "ana@fabrikam.example"})
	must(t, err)
	v, err := g.Post(t.Context(), "/directoryObjects/getByIds", map[string]any{"ids": []string{id}, "types": []string{"user"}})
	if err != nil || !strings.Contains(string(v), "Ana") {
		t.Errorf("%s %v", v, err)
	}
}
