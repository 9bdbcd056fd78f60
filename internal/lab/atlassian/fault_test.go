package atlassian

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"
)

func TestAFaultHitsTheRequestsItFitsAndNoOther(t *testing.T) {
	w := open(t, &Lab{Faults: []Fault{{Method: "POST", Path: "/scim/*/Users", Skip: 1, Times: 2, Status: 503}}})
	for i, want := range []int{201, 503, 503, 201} {
		if r := w.scim("POST", "/Users", person(fmt.Sprintf("u%d@acme.example", i))); r.status != want {
			t.Errorf("request %d gets %d, want %d", i, r.status, want)
		}
		w.scim("GET", "/Users", nil).want(t, 200)
		w.scim("POST", "/Groups", group1(fmt.Sprint("g", i))).want(t, 201)
	}
	w.Inject(Fault{Status: 500})
	w.scim("GET", "/Users", nil).want(t, 500)
	w.jira("/myself").want(t, 500)
	w.ClearFaults()
	w.scim("GET", "/Users", nil).want(t, 200)
}

func TestAThrottledRequestMayOrMayNotSayWhenToComeAgain(t *testing.T) {
	w := open(t, &Lab{Faults: []Fault{{Times: 1, Status: 429, RetryAfter: 1500 * time.Millisecond}, {Skip: 1, Times: 1, Status: 429}}})
	for _, want := range []string{"2", ""} {
		if r := w.scim("GET", "/Users", nil).want(t, 429); r.header.Get("Retry-After") != want {
			t.Errorf("Retry-After is %q, want %q", r.header.Get("Retry-After"), want)
		}
	}
}

func TestACutConnectionLosesTheRequestOrOnlyTheAnswer(t *testing.T) {
	for cut, want := range map[Cut]float64{CutBefore: 0, CutAfter: 1} {
		w := open(t, &Lab{Faults: []Fault{{Method: "POST", Cut: cut}}})
		if _, err := w.try("POST", scimBase+"/Users", "Bearer "+DefaultKey, person("ann@acme.example")); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Errorf("the connection ends with %v", err)
		}
		if got := w.scim("GET", "/Users", nil).object["totalResults"]; got != want {
			t.Errorf("cut %d: the directory has %v users, want %v", cut, got, want)
		}
	}
}

func TestABodyCanEndTooEarlyOrComeSlowly(t *testing.T) {
	var slept time.Duration
	w := open(t, &Lab{
		Sleep:  func(_ context.Context, d time.Duration) error { slept += d; return nil },
		Faults: []Fault{{Times: 1, Truncate: 20}, {Skip: 1, Times: 1, Latency: time.Second, Stall: time.Minute}},
	})
	r, err := w.try("GET", scimBase+"/Users", "Bearer "+DefaultKey, nil)
	if !errors.Is(err, io.ErrUnexpectedEOF) || len(r.text) != 20 {
		t.Errorf("the body ends after %d bytes with %v", len(r.text), err)
	}
	w.scim("GET", "/Users", nil).want(t, 200)
	if slept != time.Minute+time.Second {
		t.Errorf("the answer took %v", slept)
	}
	w.Sleep = func(context.Context, time.Duration) error { return context.DeadlineExceeded }
	w.Inject(Fault{Latency: time.Second})
	if _, err := w.try("GET", scimBase+"/Users", "Bearer "+DefaultKey, nil); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("who gives up while waiting gets %v", err)
	}
}

func TestListsCanIgnoreWhatWasAskedOrLoseAPage(t *testing.T) {
	w := open(t, &Lab{Limits: Limits{UserPage: 5, OrgPage: 5, JiraMembers: 5}})
	var ids []string
	for i := range 12 {
		ids = append(ids, w.user(fmt.Sprintf("u%02d@acme.example", i)))
	}
	w.team("crew", ids...)
	held := func(r reply, name string) int { t.Helper(); return len(names(r.want(t, 200).object[name], "x")) }
	w.Inject(Fault{IgnoreStart: true})
	if r := w.scim("GET", "/Users?startIndex=6", nil); at(r.object, "Resources", 0, "id") != ids[0] || r.object["startIndex"] != 1.0 {
		t.Errorf("startIndex is heeded: %.200s", r.text)
	}
	w.ClearFaults()
	w.Inject(Fault{IgnoreCount: true})
	if got := held(w.scim("GET", "/Users?count=2", nil), "Resources"); got != 5 {
		t.Errorf("count is heeded: %d", got)
	}
	if got := held(w.jira("/group/member?groupname=crew&maxResults=2"), "values"); got != 5 {
		t.Errorf("maxResults is heeded: %d", got)
	}
	if got := held(w.admin("POST", orgV2+"/directories/-/users/search", object{"limit": 2}), "data"); got != 5 {
		t.Errorf("limit is heeded: %d", got)
	}
	w.ClearFaults()
	w.Inject(Fault{LosePage: true})
	if r := w.scim("GET", "/Users", nil); held(r, "Resources") != 0 || r.object["totalResults"] != 12.0 {
		t.Errorf("the lost page shows: %.200s", r.text)
	}
	if r := w.jira("/group/member?groupname=crew"); held(r, "values") != 0 || r.object["nextPage"] == nil {
		t.Errorf("the lost page shows: %.200s", r.text)
	}
	if r := w.admin("POST", orgV2+"/directories/-/users/search", object{}); held(r, "data") != 0 || at(r.object, "links", "next") == nil {
		t.Errorf("the lost page shows: %.200s", r.text)
	}
}

func TestATokenBucketLetsSoManyThrough(t *testing.T) {
	w := open(t, &Lab{Rate: Rate{PerSecond: 0.5, Burst: 2, Path: "/admin/*"}})
	for i, want := range []string{"1", "0"} {
		r := w.admin("GET", orgV1, nil).want(t, 200)
		if r.header.Get("X-RateLimit-Remaining") != want || r.header.Get("X-RateLimit-Limit") != "2" || !strings.HasPrefix(r.header.Get("X-RateLimit-Reset"), "2026-11-20T12:00:") {
			t.Errorf("request %d: %v", i, r.header)
		}
	}
	r := w.admin("GET", orgV1, nil).want(t, 429)
	if r.header.Get("Retry-After") != "2" {
		t.Errorf("Retry-After is %q", r.header.Get("Retry-After"))
	}
	w.scim("GET", "/Users", nil).want(t, 200) // another path
	w.now = w.now.Add(1900 * time.Millisecond)
	w.admin("GET", orgV1, nil).want(t, 429)
	w.now = w.now.Add(100 * time.Millisecond)
	w.admin("GET", orgV1, nil).want(t, 200)
	w = open(t, &Lab{Rate: Rate{PerSecond: 1, WithoutRetryAfter: true}})
	w.scim("GET", "/Users", nil).want(t, 200)
	if r := w.scim("GET", "/Users", nil).want(t, 429); r.header.Get("Retry-After") != "" {
		t.Errorf("Retry-After is %q", r.header.Get("Retry-After"))
	}
}

func TestAPatternStandsForPaths(t *testing.T) {
	for _, c := range []struct {
		pattern, path string
		want          bool
	}{
		{"/a/b", "/a/b", true},
		{"/a/b", "/a/b/c", false},
		{"/a/*", "/a/b/c", true},
		{"*/Users", "/scim/directory/x/Users", true},
		{"*/Users", "/scim/Users/1", false},
		{"*/Users/*", "/scim/Users/1", true},
		{"/a*a", "/a", false},
		{"*", "", true},
		{"/*b*c", "/abc", true},
	} {
		if got := matches(c.pattern, c.path); got != c.want {
			t.Errorf("matches(%q, %q) = %v", c.pattern, c.path, got)
		}
	}
}

func TestTheLogCountsRequestsAndKeepsNoKey(t *testing.T) {
	w := open(t, &Lab{Faults: []Fault{{Path: "*/Groups", Cut: CutBefore}}})
	w.user("ann@acme.example")
	w.scim("GET", "/Users?startIndex=1", nil)
	w.jira("/myself")
	_, _ = w.try("GET", scimBase+"/Groups", "Bearer "+DefaultKey, nil)
	var got []string
	for _, r := range w.Requests() {
		got = append(got, fmt.Sprint(r.Method, " ", r.Host, " ", r.Path, " ", r.Query, " ", r.Status))
	}
	want := []string{
		"POST api.atlassian.com /scim/directory/dir-lab/Users  201", "GET api.atlassian.com /scim/directory/dir-lab/Users startIndex=1 200",
		"GET acme.atlassian.net /rest/api/3/myself  200", "GET api.atlassian.com /scim/directory/dir-lab/Groups  0",
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("the log is\n%s", strings.Join(got, "\n"))
	}
	if text := fmt.Sprintf("%+v", w.Requests()); strings.Contains(text, DefaultKey) || strings.Contains(text, "site-token") {
		t.Error("a key is in the log")
	}
	w.ForgetRequests()
	if len(w.Requests()) != 0 {
		t.Error("the log was not emptied")
	}
}
