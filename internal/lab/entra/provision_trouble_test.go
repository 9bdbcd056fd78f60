package entra_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// advance lets time pass.
func (c *company) advance(d time.Duration) {
	c.t.Helper()
	c.sent = nil
	c.must(c.Advance(c.t.Context(), d))
}

func (c *company) last(of string) map[string]any {
	c.t.Helper()
	var out map[string]any
	for _, r := range c.records() {
		if r["sourceIdentity"].(map[string]any)["displayName"] == of {
			out = r
		}
	}
	if out == nil {
		c.t.Fatalf("the log has nothing of %s", of)
	}
	return out
}

func reason(r map[string]any) string {
	e, _ := r["provisioningStatusInfo"].(map[string]any)["errorInformation"].(map[string]any)
	s, _ := e["reason"].(string)
	return s
}

// attempts are the hours since the first at which the log tells of a failure for somebody.
func (c *company) attempts(of string) []float64 {
	c.t.Helper()
	var first time.Time
	var out []float64
	for _, r := range c.records() {
		if r["sourceIdentity"].(map[string]any)["displayName"] != of || r["provisioningStatusInfo"].(map[string]any)["status"] != "failure" {
			continue
		}
		at, err := time.Parse(time.RFC3339Nano, r["activityDateTime"].(string))
		c.must(err)
		if first.IsZero() {
			first = at
		}
		out = append(out, at.Sub(first).Truncate(time.Minute).Hours())
	}
	return out
}

func TestAConflictIsKeptInEscrowAndRetriedLessAndLessOften(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.scim("POST", "/Users", map[string]any{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:User"}, "userName": "old.ana",
		"emails": []any{map[string]any{"value": "ana@fabrikam.example", "primary": true}},
	})
	c.assigned(c.group("jira", c.user("ana"), c.user("ben")))
	c.start()
	r := c.last("Ana")
	e := r["provisioningStatusInfo"].(map[string]any)["errorInformation"].(map[string]any)
	if e["errorCode"] != "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering" || e["errorCategory"] != "nonServiceFailure" {
		t.Errorf("errorInformation: %v", e)
	}
	for _, want := range []string{"StatusCode: Conflict Message: ", "with email[ana@fabrikam.example] already exists.", "This operation was retried 0 times. It will be retried again after this date: 2026-11-20T18:00:00.0000000Z UTC"} {
		if !strings.Contains(reason(r), want) {
			t.Errorf("the reason lacks %q: %s", want, reason(r))
		}
	}
	if s := c.status(); s["code"] != "Active" || s["lastExecution"].(map[string]any)["state"] != "EntryLevelErrors" || s["lastExecution"].(map[string]any)["countEscrowed"] != 2.0 { // she and her membership
		t.Errorf("the job: %v", s)
	}
	c.advance(73 * time.Hour)
	if diff := cmp.Diff([]float64{0, 6, 12, 24, 48, 72}, c.attempts("Ana")); diff != "" {
		t.Errorf("tried after hours (-want +got):\n%s", diff)
	}
	c.advance(28 * 24 * time.Hour)
	n := len(c.attempts("Ana"))
	if c.advance(72 * time.Hour); len(c.attempts("Ana")) != n {
		t.Errorf("retried after 28 days: %v", c.attempts("Ana")[n:])
	}
	c.must(c.UpdateUser(c.ids["ana"], entra.Props{"userPrincipalName": "old.ana"})) // now she matches
	c.cycle()
	if diff := cmp.Diff([]string{"jira: ben"}, c.at("Groups")); diff != "" {
		t.Errorf("her membership was dropped with the escrow (-want +got):\n%s", diff)
	}
	c.must(c.job.Restart(entra.Restarted))
	c.cycle()
	if diff := cmp.Diff([]string{"jira: ben old.ana"}, c.at("Groups")); diff != "" {
		t.Errorf("after a restart (-want +got):\n%s", diff)
	}
}

func TestATransientErrorIsRetriedWithTheNextCycle(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana")))
	c.target.Inject(atlassian.Fault{Method: "POST", Path: "*/Users", Times: 1, Status: 503})
	c.start()
	if diff := cmp.Diff([]string{"create failure of Ana: InternalServerError", "create success of jira", "update skipped of jira: UnableToResolveReferenceAttributeValue"}, c.log()); diff != "" {
		t.Errorf("the log (-want +got):\n%s", diff)
	}
	c.cycle()
	c.expect("mended", []string{"ana@fabrikam.example"}, []string{"jira: ana"})
	if s := c.status()["lastExecution"].(map[string]any); s["state"] != "Succeeded" || s["countEscrowed"] != 0.0 {
		t.Errorf("the last cycle: %v", s)
	}
}

func TestAThrottledRequestWaitsAndIsSentAgain(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.user("ana"))
	c.target.Inject(atlassian.Fault{Method: "POST", Path: "*/Users", Times: 2, Status: 429, RetryAfter: 7 * time.Second})
	began := c.now
	c.start()
	if c.now.Sub(began) != 14*time.Second || len(c.at("Users")) != 1 {
		t.Errorf("after %v: %q", c.now.Sub(began), c.at("Users"))
	}
}

func TestTooManyDeletionsAreHeldUntilTheyAreAllowed(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.job.PreventDeletions(2)
	c.assigned(c.group("jira", c.user("ana"), c.user("ben"), c.user("cyd"), c.user("dan")))
	c.start()
	c.must(c.DisableUser(c.ids["ana"]))
	c.must(c.DisableUser(c.ids["ben"]))
	if c.cycle(); c.status()["code"] != "Active" || c.at("Users")[0] != "ana@fabrikam.example (inactive)" {
		t.Errorf("two of two: %v, %q", c.status()["code"], c.at("Users"))
	}
	for _, n := range []string{"ana", "ben", "cyd", "dan"} {
		c.must(c.EnableUser(c.ids[n]))
	}
	c.cycle()
	c.must(c.Unassign(c.ids["grant of "+c.ids["jira"]]))
	c.assigned(c.user("eve"))
	c.cycle()
	q, _ := c.status()["quarantine"].(map[string]any)
	if q == nil || q["reason"] != "TooManyDeletes" || c.at("Users")[0] != "ana@fabrikam.example" || len(c.at("Groups")) != 1 {
		t.Errorf("five of two: %v, %q", q, c.at("Users"))
	}
	if len(c.at("Users")) != 5 {
		t.Errorf("what is no deletion is done: %q", c.at("Users"))
	}
	staged := 0
	for _, line := range c.log() {
		if strings.HasPrefix(line, "stagedDelete") {
			staged++
		}
	}
	if staged != 5 {
		t.Errorf("%d entries about staged deletions, want the 4 people and the group", staged)
	}
	c.must(c.job.AllowDeletes())
	c.cycle()
	if s := c.status(); s["code"] != "Active" || c.at("Users")[3] != "dan@fabrikam.example (inactive)" || len(c.at("Groups")) != 0 {
		t.Errorf("allowed: %v, %q, %q", s, c.at("Users"), c.at("Groups"))
	}
	c.must(c.DisableUser(c.ids["eve"]))
	if c.cycle(); c.status()["code"] != "Active" {
		t.Errorf("allowed once, and the threshold counts again: %v", c.status())
	}
}
