package jira_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	lab "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/evidence/jira"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// group reads a recorded group as the program does.
func group(t *testing.T, k *labkit.Kept, f document.File, name string) document.JiraGroup {
	t.Helper()
	var g document.JiraGroup
	if err := json.Unmarshal(k.Objects[f][name], &g); err != nil {
		t.Fatalf("%s, %s: %v", f, name, err)
	}
	return g
}

const (
	first  = "https://acme.atlassian.net"
	second = "https://acme-help.atlassian.net"
)

// sites are two sites that know one group of the directory with so many members.
func sites(t *testing.T, members int) *lab.Lab {
	t.Helper()
	l := &lab.Lab{Sites: []lab.Site{
		{Host: "acme.atlassian.net", Email: lab.DefaultEmail, Token: lab.DefaultToken, Products: []lab.Product{{Key: "jira-software"}}},
		{Host: "acme-help.atlassian.net", Email: lab.DefaultEmail, Token: lab.DefaultToken, Products: []lab.Product{{Key: "jira-servicedesk"}}},
	}, Domains: []lab.Domain{{Name: "acme.example"}}}
	send := func(path string, body any) string {
		text, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		r := request(t, path, string(text))
		answer, err := l.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		var made struct {
			ID string `json:"id"`
		}
		if err := json.UnmarshalRead(answer.Body, &made); err != nil || made.ID == "" {
			t.Fatalf("POST %s: %s %v", path, answer.Status, err)
		}
		return made.ID
	}
	var ids []map[string]string
	for i := range members {
		mail := fmt.Sprintf("person%d@acme.example", i)
		ids = append(ids, map[string]string{"value": send("/Users", map[string]any{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": mail, "emails": []map[string]any{{"value": mail, "primary": true}},
		})})
	}
	send("/Groups", map[string]any{"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Group"}, "displayName": "developers", "members": ids})
	l.ForgetRequests()
	return l
}

func source(t *testing.T, l *lab.Lab, change func(*jira.Options)) *jira.Source {
	t.Helper()
	c := labkit.At(labkit.Noon)
	token := labkit.Secret(lab.DefaultToken)
	o := jira.Options{
		Sites:     []jira.Site{{URL: first, Email: lab.DefaultEmail, Token: token}, {URL: second, Email: lab.DefaultEmail, Token: token}},
		Transport: l.Transport(), Now: c.Now, Sleep: c.Sleep,
	}
	if change != nil {
		change(&o)
	}
	s, err := jira.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestEveryMemberOfEverySiteIsReadPageByPage(t *testing.T) {
	l := sites(t, 120)
	k := &labkit.Kept{}
	if err := source(t, l, nil).Fetch(t.Context(), nil, k); err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"acme.atlassian.net", "acme-help.atlassian.net"} {
		f := document.ForSite(document.JiraGroups, host)
		g := group(t, k, f, "developers")
		if len(g.Values.Value) != 120 || g.Cut || !k.Read[f] || !k.Read[document.ForSite(document.ApplicationRoles, host)] {
			t.Errorf("%s: %d members, cut %v, whole %v", host, len(g.Values.Value), g.Cut, k.Read)
		}
	}
	if len(k.Gaps) > 0 {
		t.Errorf("gaps: %v", k.Gaps)
	}
}

func TestASiteThatIgnoresStartAtLeavesAGapAndNoCompleteList(t *testing.T) {
	l := sites(t, 120)
	l.Inject(lab.Fault{Path: "*/group/member", IgnoreStart: true})
	k := &labkit.Kept{}
	if err := source(t, l, nil).Fetch(t.Context(), nil, k); err != nil {
		t.Fatal(err)
	}
	f := document.ForSite(document.JiraGroups, "acme.atlassian.net")
	if g := group(t, k, f, "developers"); !g.Cut || len(g.Values.Value) != 50 {
		t.Errorf("%d members, cut %v", len(g.Values.Value), g.Cut)
	}
	if len(k.Gaps) == 0 || k.Gaps[0].Subject != "developers" {
		t.Errorf("gaps: %v", k.Gaps)
	}
}

func TestAQuestionNamesWhomItAskedAboutAndHowManyThereAre(t *testing.T) {
	l := sites(t, 120)
	k := &labkit.Kept{}
	focus := &evidence.Focus{GroupNames: []string{"developers", "nobody-knows"}, Accounts: []string{"stranger"}}
	if err := source(t, l, nil).Fetch(t.Context(), focus, k); err != nil {
		t.Fatal(err)
	}
	f := document.ForSite(document.JiraGroups, "acme.atlassian.net")
	g := group(t, k, f, "developers")
	if g.Cut || g.MaxSize != 120 || len(g.Values.Value) != 0 || !g.Asked.Known || len(g.Asked.Value) != 1 || g.Asked.Value[0] != "stranger" {
		t.Errorf("recorded %+v", g)
	}
	if k.Objects[f]["nobody-knows"] != nil {
		t.Error("a group that the site does not have was recorded")
	}
	if n := len(l.Requests()); n != 8 {
		t.Errorf("%d requests for two sites, want 8", n)
	}
}

func TestASiteThatCannotBeAskedIsAGapAndTheOtherIsRead(t *testing.T) {
	l := sites(t, 3)
	for name, c := range map[string]struct {
		change func(*jira.Options)
		says   string
	}{
		"no token":      {func(o *jira.Options) { o.Sites[0].Token = nil }, "no token of acme.atlassian.net"},
		"a wrong token": {func(o *jira.Options) { o.Sites[0].Token = labkit.Secret("stale-token") }, "401"},
	} {
		k := &labkit.Kept{}
		if err := source(t, l, c.change).Fetch(t.Context(), nil, k); err != nil {
			t.Fatal(err)
		}
		if len(k.Gaps) != 2 || k.Read[document.ForSite(document.JiraGroups, "acme.atlassian.net")] {
			t.Errorf("%s: gaps %v", name, k.Gaps)
		}
		for _, g := range k.Gaps {
			if !strings.Contains(g.Why, c.says) || strings.Contains(g.Why, "stale-token") || g.Call == "" {
				t.Errorf("%s: the gap is %+v", name, g)
			}
		}
		if !k.Read[document.ForSite(document.JiraGroups, "acme-help.atlassian.net")] {
			t.Errorf("%s: the other site was not read", name)
		}
	}
}

func request(t *testing.T, path, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "https://api.atlassian.com/scim/directory/"+lab.DefaultDirectory+path, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+lab.DefaultKey)
	r.Header.Set("Content-Type", "application/scim+json")
	return r
}
