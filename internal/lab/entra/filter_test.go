package entra

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFiltersOfProvisioningClientsFindWhatTheyName(t *testing.T) {
	g := open(t, &Lab{})
	lena, tom, olga := g.user("lena"), g.user("tom"), g.user("o'hara")
	must(t, g.l.DisableUser(tom))
	must(t, g.l.UpdateUser(olga, Props{"proxyAddresses": []string{"SMTP:o@fabrikam.example", "smtp:hara@fabrikam.example"}}))
	jira := g.group("jira-users")
	unified, err := g.l.AddGroup(Props{"displayName": "Jira team", "groupTypes": []string{"Unified"}, "mailEnabled": true})
	must(t, err)
	tests := map[string][]string{
		"/users|id eq '" + lena + "'":                                             {lena},
		"/users|id in ('" + tom + "','" + lena + "')":                             {lena, tom},
		"/users|userPrincipalName eq 'LENA@fabrikam.example'":                     {lena},
		"/users|mail eq 'tom@fabrikam.example'":                                   {tom},
		"/users|displayName eq 'o''hara'":                                         {olga},
		"/users|displayName eq 'lena' or displayName eq 'tom'":                    {lena, tom},
		"/users|startswith(displayName,'L')":                                      {lena},
		"/users|startsWith(displayName, 'l') or (mail eq 'tom@fabrikam.example')": {lena, tom},
		"/users|accountEnabled eq false":                                          {tom},
		"/users|accountEnabled eq true and startswith(userPrincipalName,'o')":     {olga},
		"/users|proxyAddresses/any(x:x eq 'smtp:hara@fabrikam.example')":          {olga},
		"/users|proxyAddresses/any(x:startswith(x,'smtp:'))":                      {olga},
		"/users|jobTitle eq null":                                                 {lena, tom, olga},
		"/users|createdDateTime ge 2026-11-20T12:00:00Z":                          {lena, tom, olga},
		"/users|createdDateTime lt 2026-11-20T12:00:00Z":                          {},
		"/users|id eq 'nobody'":                                                   {},
		"/users|id eq '" + lena + "' and accountEnabled eq false":                 {},
		"/groups|displayName eq 'JIRA-users'":                                     {jira},
		"/groups|startswith(displayName,'jira')":                                  {jira, unified},
		"/groups|groupTypes/any(c:c eq 'Unified')":                                {unified},
		"/groups|mailEnabled eq false and securityEnabled eq true":                {jira},
	}
	for question, want := range tests {
		t.Run(question, func(t *testing.T) {
			path, filter, _ := strings.Cut(question, "|")
			r := g.get(path + "?$filter=" + url.QueryEscape(filter))
			if r.status != 200 {
				t.Fatalf("%d %s", r.status, r.raw)
			}
			if diff := cmp.Diff(want, ids(r.values())); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

func TestSomeOperatorsNeedAnAdvancedQuery(t *testing.T) {
	g := open(t, &Lab{})
	lena, tom := g.user("lena"), g.user("tom")
	must(t, g.l.DisableUser(tom))
	for filter, want := range map[string]string{
		"accountEnabled ne true":                              tom,
		"not(accountEnabled eq true)":                         tom,
		"endsWith(mail,'na@fabrikam.example')":                lena,
		"NOT startsWith(displayName,'t')":                     lena,
		"startswith(companyName,'x') or id eq '" + lena + "'": lena,
	} {
		path := "/users?$count=true&$filter=" + url.QueryEscape(filter)
		if r := g.get(path); r.status != 400 || r.code() != "Request_UnsupportedQuery" {
			t.Errorf("%s without the header: %d %s", filter, r.status, r.raw)
		}
		r := g.get(path, eventual)
		if diff := cmp.Diff([]string{want}, ids(r.values())); diff != "" || r.body["@odata.count"] != 1.0 {
			t.Errorf("%s: %s%s", filter, r.raw, diff)
		}
	}
}

func TestAFilterThatIsNotSupportedIsRefused(t *testing.T) {
	g := open(t, &Lab{})
	sixteen := make([]string, 16)
	for i := range sixteen {
		sixteen[i] = fmt.Sprintf("'%d'", i)
	}
	tests := map[string]string{ // filter -> code
		"skills/any(s:s eq 'x')":                               "Request_UnsupportedQuery",
		"contains(displayName,'x')":                            "Request_UnsupportedQuery",
		"id in (" + strings.Join(sixteen, ",") + ")":           "Request_UnsupportedQuery",
		"id eq " + strings.Join(sixteen, " or id eq "):         "Request_UnsupportedQuery",
		"userType ge 'a'":                                      "Request_UnsupportedQuery",
		"displayName":                                          "BadRequest",
		"displayName eq":                                       "BadRequest",
		"displayName eq 'x' and":                               "BadRequest",
		"displayName eq 'x":                                    "BadRequest",
		"(displayName eq 'x'":                                  "BadRequest",
		"displayName eq 'x' displayName":                       "BadRequest",
		strings.Repeat("(", 500) + strings.Repeat(")", 500):    "BadRequest",
		strings.Repeat("not ", 500) + "accountEnabled eq true": "BadRequest",
	}
	for filter, code := range tests {
		r := g.get("/users?$filter=" + url.QueryEscape(filter))
		if r.status != 400 || r.code() != code {
			t.Errorf("%.60s: %d %s, want %s", filter, r.status, r.raw, code)
		}
	}
	fifteen := "id in (" + strings.Join(sixteen[:15], ",") + ")"
	if r := g.get("/users?$filter=" + url.QueryEscape(fifteen)); r.status != 200 {
		t.Errorf("fifteen are allowed: %d %s", r.status, r.raw)
	}
}

func TestAFilteredListIsPagedToo(t *testing.T) {
	g := open(t, &Lab{})
	var want []string
	for i := range 60 {
		id := g.user(fmt.Sprintf("user%02d", i))
		if i%3 == 0 {
			must(t, g.l.DisableUser(id))
			want = append(want, id)
		}
	}
	got, _ := g.all("/users?$top=7&$filter=accountEnabled%20eq%20false")
	if diff := cmp.Diff(want, ids(got)); diff != "" {
		t.Errorf("disabled users (-want +got):\n%s", diff)
	}
}

func FuzzFilter(f *testing.F) {
	for _, s := range []string{"id eq 'a'", "a/any(x:x/b eq 'c''d') or not (c in ('d',null))", "startswith(a,'b') and c ge 2026-01-01T00:00:00Z"} {
		f.Add(s)
	}
	o := &object{kind: "user", id: "1", fields: []field{{name: "id", raw: []byte(`"1"`)}, {name: "proxyAddresses", raw: []byte(`["a",{"b":"c"}]`)}}}
	f.Fuzz(func(t *testing.T, s string) {
		n, err := parseFilter(s)
		if (n == nil) == (err == nil) {
			t.Fatalf("parseFilter(%q) = %v, %v", s, n, err)
		}
		if n != nil {
			matcher{}.object(n, o)
			_ = userFilter.check(n, true)
			points(n)
		}
	})
}
