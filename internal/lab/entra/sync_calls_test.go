package entra_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// tenant is a company whose provisioning nobody has set up yet, and what somebody with Graph Explorer does to it.
func tenant(t *testing.T) *company {
	t.Helper()
	c := begin(t, entra.Provisioning{})
	c.must(c.job.Delete())
	c.Lab.Through = c
	c.Clients = map[string]entra.Client{
		entra.DefaultClient: {Permissions: append(entra.Everything(), "Synchronization.ReadWrite.All")},
		"reader":            {Permissions: entra.Everything()},
	}
	return c
}

// ask calls Graph below the application's synchronization, and fails unless the answer is the status wanted.
func (c *company) ask(want int, method, path, body string) map[string]any {
	c.t.Helper()
	return c.askAs(entra.DefaultClient, want, method, path, body)
}

func (c *company) askAs(client string, want int, method, path, body string) map[string]any {
	c.t.Helper()
	req, err := http.NewRequestWithContext(c.t.Context(), method, "https://graph.microsoft.com/v1.0/servicePrincipals/"+c.app+"/synchronization/"+path, strings.NewReader(body))
	c.must(err)
	req.Header.Set("Authorization", "Bearer "+c.Token(client))
	resp, err := (&http.Client{Transport: c.Transport()}).Do(req)
	c.must(err)
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	c.must(err)
	if resp.StatusCode != want {
		c.t.Fatalf("%s %s: %d, want %d: %s", method, path, resp.StatusCode, want, raw)
	}
	if want == http.StatusNoContent {
		return nil
	}
	var out map[string]any
	c.must(json.Unmarshal(raw, &out))
	return out
}

// code is the code of an error.
func code(answer map[string]any) string { return answer["error"].(map[string]any)["code"].(string) }

const credentials = `{"value":[{"key":"BaseAddress","value":"` + tenantURL + `"},{"key":"SecretToken","value":"` + atlassian.DefaultKey + `"},{"key":"SyncAll","value":"false"}]}`

// setUp makes a job with Graph's calls, up to the start.
func (c *company) setUp() (job string) {
	c.t.Helper()
	id := c.ask(201, "POST", "jobs", `{"templateId":"atlassianCloud"}`)["id"].(string)
	c.ask(204, "PUT", "secrets", credentials)
	return "jobs/" + id
}

func TestAJobIsSetUpRunAndDeletedWithCallsOfGraph(t *testing.T) {
	c := tenant(t)
	ana, ben := c.user("ana"), c.user("ben")
	c.assigned(c.group("jira", ana))
	job := c.setUp()
	c.ask(204, "POST", job+"/validateCredentials", `{"useSavedCredentials":true}`)
	c.cycle()
	c.expect("before it is started", nil, nil)
	c.ask(204, "POST", job+"/start", "")
	c.cycle()
	c.expect("started", []string{"ana@fabrikam.example"}, []string{"jira: ana"})
	c.ask(204, "POST", job+"/pause", "")
	c.must(c.AddMember(c.ids["jira"], ben))
	c.cycle()
	c.expect("paused", []string{"ana@fabrikam.example"}, []string{"jira: ana"})
	c.ask(204, "POST", job+"/restart", "")
	c.cycle()
	c.expect("restarted", []string{"ana@fabrikam.example", "ben@fabrikam.example"}, []string{"jira: ana ben"})
	c.ask(204, "DELETE", job, "")
	c.must(c.RemoveMember(c.ids["jira"], ben))
	c.cycle()
	c.expect("deleted", []string{"ana@fabrikam.example", "ben@fabrikam.example"}, []string{"jira: ana ben"})
	if left := c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs")["value"].([]any); len(left) > 0 {
		t.Errorf("jobs that are left: %v", left)
	}
	for _, gone := range []string{"", "/schema"} {
		if a := c.ask(404, "GET", job+gone, ""); code(a) != "Request_ResourceNotFound" {
			t.Errorf("%s of the deleted job: %v", gone, a)
		}
	}
	c.ask(404, "POST", job+"/start", "")
	if second := c.setUp(); second == job {
		t.Errorf("the second job has the id of the first, %s", job)
	}
	var told []string
	for _, a := range c.graph("/auditLogs/directoryAudits?$filter=loggedByService eq 'Account Provisioning'&$orderby=activityDateTime asc")["value"].([]any) {
		told = append(told, a.(map[string]any)["activityDisplayName"].(string))
	}
	want := []string{
		"Add provisioning configuration", "Delete provisioning configuration", // of the job that the test began with
		"Add provisioning configuration", "Update provisioning setting or credentials", "Enable/start provisioning configuration",
		"Disable/pause provisioning configuration", "Enable/restart provisioning configuration", "Delete provisioning configuration",
		"Add provisioning configuration", "Update provisioning setting or credentials",
	}
	if diff := cmp.Diff(want, told); diff != "" {
		t.Errorf("the audit log (-want +told):\n%s", diff)
	}
}

func TestOnlyWhoMayWriteJobsDoes(t *testing.T) {
	c := tenant(t)
	job := c.setUp()
	for _, x := range [][3]string{
		{"POST", "jobs", `{"templateId":"scim"}`},
		{"DELETE", job, ""},
		{"POST", job + "/start", ""},
		{"POST", job + "/pause", ""},
		{"POST", job + "/restart", ""},
		{"POST", job + "/validateCredentials", "{}"},
		{"POST", job + "/provisionOnDemand", "{}"},
		{"PUT", "secrets", credentials},
		{"PUT", job + "/schema", "{}"},
		{"PATCH", job + "/schema", "{}"},
		{"GET", job + "/schema/filterOperators", ""},
		{"GET", job + "/schema/functions", ""},
		{"POST", job + "/schema/parseExpression", "{}"},
	} {
		if a := c.askAs("reader", 403, x[0], x[1], x[2]); code(a) != "Authorization_RequestDenied" {
			t.Errorf("%s %s: %v", x[0], x[1], a)
		}
	}
	c.askAs("reader", 200, "GET", "templates", "")
	for _, x := range [][2]string{{"PUT", "jobs"}, {"GET", job + "/start"}, {"PATCH", job}, {"DELETE", "secrets"}, {"POST", "templates"}} {
		c.ask(405, x[0], x[1], "")
	}
	if a := c.ask(400, "GET", job+"/nothing", ""); code(a) != "BadRequest" {
		t.Errorf("an action that is none: %v", a)
	}
}

func TestCredentialsAreValidatedAtTheTarget(t *testing.T) {
	c := tenant(t)
	job := c.setUp()
	validate := job + "/validateCredentials"
	given := func(key string) string {
		return `{"credentials":[{"key":"BaseAddress","value":"` + tenantURL + `"},{"key":"SecretToken","value":"` + key + `"}]}`
	}
	c.ask(204, "POST", validate, given(atlassian.DefaultKey))
	if got := code(c.ask(400, "POST", validate, given("another"))); got != "SystemForCrossDomainIdentityManagementCredentialValidationFailure" {
		t.Errorf("a wrong key: %s", got)
	}
	c.target.Inject(atlassian.Fault{Status: 500, Times: 1})
	if got := code(c.ask(400, "POST", validate, `{"useSavedCredentials":true}`)); got != "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable" {
		t.Errorf("a target that fails: %s", got)
	}
	if a := c.ask(500, "POST", validate, `{"credentials":[{"key":"baseAddress","value":"x"}]}`); code(a) != "InternalError" {
		t.Errorf("a misspelt key: %v", a)
	}
	c.ask(204, "POST", validate, `{"useSavedCredentials":true,"credentials":[{"key":"SecretToken","value":"another"}]}`)
}

func TestSecretsAreReplacedAndNeverGivenOut(t *testing.T) {
	c := tenant(t)
	job := c.setUp()
	read := func() (keys []string) {
		raw, err := json.Marshal(c.ask(200, "GET", "secrets", ""))
		c.must(err)
		if bytes.Contains(raw, []byte(atlassian.DefaultKey)) || bytes.Contains(raw, []byte("SecretToken")) {
			t.Errorf("the secret token is given out: %s", raw)
		}
		for _, p := range c.ask(200, "GET", "secrets", "")["value"].([]any) {
			keys = append(keys, p.(map[string]any)["key"].(string))
		}
		return keys
	}
	if diff := cmp.Diff([]string{"BaseAddress", "SyncAll", "SyncNotificationSettings"}, read()); diff != "" {
		t.Error(diff)
	}
	c.ask(204, "PUT", "secrets", `{"value":[{"key":"BaseAddress","value":"`+tenantURL+`"},{"key":"SkipOutOfScopeDeletions","value":"true"}]}`)
	if got := code(c.ask(400, "POST", job+"/validateCredentials", `{"useSavedCredentials":true}`)); got != "SystemForCrossDomainIdentityManagementCredentialValidationFailure" {
		t.Errorf("the token was not typed again, and the test says %s", got)
	}
	c.ask(400, "PUT", "secrets", "")
	if diff := cmp.Diff([]string{"BaseAddress", "SkipOutOfScopeDeletions", "SyncAll", "SyncNotificationSettings"}, read()); diff != "" {
		t.Error(diff)
	}
}

func TestARestartForgetsWhatItsCriteriaName(t *testing.T) {
	c := tenant(t)
	ana := c.user("ana")
	c.assigned(c.group("jira", ana))
	job := c.setUp()
	c.ask(204, "POST", job+"/start", "")
	c.cycle()
	for scope, want := range map[string]int{"None": 0, "Escrows": 0, "Watermark": 1, "watermark, quarantineState": 1, "Full": 1, "": 1} {
		c.ask(204, "POST", job+"/restart", `{"criteria":{"resetScope":"`+scope+`"}}`)
		c.cycle()
		read := 0
		for _, line := range c.sent {
			if strings.HasPrefix(line, "GET /Users/") || strings.HasPrefix(line, `GET /Users?filter=userName eq "ana`) {
				read = 1
			}
		}
		if read != want {
			t.Errorf("resetScope %q: Ana was looked at %d times, want %d: %q", scope, read, want, c.sent)
		}
	}
	if a := c.ask(400, "POST", job+"/restart", `{"criteria":{"resetScope":"Everything"}}`); code(a) != "BadRequest" {
		t.Errorf("a word that is none: %v", a)
	}
}
