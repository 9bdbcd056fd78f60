package entra_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestAKeyThatIsRefusedPutsTheJobIntoQuarantineAndANewOneEndsIt(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.assigned(c.group("jira", c.user("ana")))
	c.start()
	c.job.UseCredentials(tenantURL, "expired")
	c.cycle()
	if s := c.status(); s["code"] != "Active" {
		t.Errorf("nothing changed, so nothing was asked: %v", s)
	}
	c.must(c.AddMember(c.ids["jira"], c.user("ben")))
	c.cycle()
	began := c.now
	job := c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs")["value"].([]any)[0].(map[string]any)
	s := job["status"].(map[string]any)
	q := s["quarantine"].(map[string]any)
	if s["code"] != "Quarantine" || q["reason"] != "EncounteredQuarantineException" || job["schedule"].(map[string]any)["state"] != "Active" {
		t.Errorf("the job: %v", job)
	}
	if e := q["error"].(map[string]any); e["code"] != "SystemForCrossDomainIdentityManagementCredentialValidationFailure" || e["tenantActionable"] != true {
		t.Errorf("the error: %v", e)
	}
	if last := s["lastExecution"].(map[string]any); last["state"] != "Failed" || last["error"] == nil {
		t.Errorf("the last cycle: %v", last)
	}
	if q["nextAttempt"] != began.Add(5*time.Minute).Format("2006-01-02T15:04:05.0000000Z") {
		t.Errorf("next attempt %v, in quarantine since %v", q["nextAttempt"], began)
	}
	for _, line := range c.log() {
		if strings.Contains(line, "Ben") {
			t.Errorf("an expired key leaves nothing in the log, but: %s", line)
		}
	}
	c.advance(5 * time.Hour)
	if n := c.status()["quarantine"].(map[string]any)["seriesCount"]; n != 6.0 && n != 7.0 {
		t.Errorf("attempts in five hours: %v", n)
	}
	c.job.UseCredentials(tenantURL, atlassian.DefaultKey)
	c.advance(24 * time.Hour)
	if s := c.status(); s["code"] != "Active" || s["quarantine"] != nil || len(c.at("Users")) != 2 {
		t.Errorf("with a new key: %v, %q", s, c.at("Users"))
	}
	var audits []string
	for _, v := range c.graph("/auditLogs/directoryAudits?$filter=loggedByService eq 'Account Provisioning'&$orderby=activityDateTime asc")["value"].([]any) {
		audits = append(audits, v.(map[string]any)["activityDisplayName"].(string))
	}
	if diff := cmp.Diff([]string{
		"Add provisioning configuration", "Enable/start provisioning configuration", "Update provisioning setting or credentials", "Quarantine", "Update provisioning setting or credentials",
	}, audits); diff != "" {
		t.Errorf("the audit log (-want +got):\n%s", diff)
	}
}

func TestAfterFourWeeksInQuarantineTheJobIsSwitchedOff(t *testing.T) {
	c := begin(t, entra.Provisioning{SecretToken: "wrong"})
	c.assigned(c.user("ana"))
	c.start()
	c.advance(27 * 24 * time.Hour)
	if c.status()["code"] != "Quarantine" {
		t.Errorf("after 27 days: %v", c.status())
	}
	c.advance(3 * 24 * time.Hour)
	job := c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs/" + c.job.ID())
	if job["schedule"].(map[string]any)["state"] != "Disabled" {
		t.Errorf("after 30 days: %v", job)
	}
}

func TestAnAddressThatIsNoDirectoryPutsTheJobIntoQuarantine(t *testing.T) {
	for address, code := range map[string]string{
		"https://api.atlassian.com/elsewhere": "SystemForCrossDomainIdentityManagementServiceIncompatible",
	} {
		c := begin(t, entra.Provisioning{TenantURL: address})
		c.assigned(c.user("ana"))
		c.start()
		q, _ := c.status()["quarantine"].(map[string]any)
		if q == nil || q["error"].(map[string]any)["code"] != code {
			t.Errorf("%s: %v", address, q)
		}
	}
	c := begin(t, entra.Provisioning{})
	c.target.Inject(atlassian.Fault{Cut: atlassian.CutBefore})
	c.assigned(c.user("ana"))
	c.start()
	if q, _ := c.status()["quarantine"].(map[string]any); q == nil || q["error"].(map[string]any)["code"] != "SystemForCrossDomainIdentityManagementCredentialValidationUnavailable" {
		t.Errorf("nobody answers: %v", q)
	}
}

func TestManyFailuresPutTheJobIntoQuarantine(t *testing.T) {
	c := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{EscrowFrom: 2}})
	c.assigned(c.user("ana"))
	c.start()
	c.target.Inject(atlassian.Fault{Method: "POST", Path: "*/Users", Status: 400})
	c.assigned(c.user("ben"))
	if c.cycle(); c.status()["code"] != "Active" {
		t.Errorf("one failure is too few to be judged: %v", c.status())
	}
	c.assigned(c.user("cyd"))
	c.cycle()
	if q, _ := c.status()["quarantine"].(map[string]any); q == nil || q["reason"] != "EncounteredEscrowProportionThreshold" {
		t.Errorf("two of three: %v", c.status())
	}
	if diff := cmp.Diff("SystemForCrossDomainIdentityManagementBadRequest", c.last("Cyd")["provisioningStatusInfo"].(map[string]any)["errorInformation"].(map[string]any)["errorCode"]); diff != "" {
		t.Error(diff)
	}
	other := begin(t, entra.Provisioning{Readings: entra.ProvisioningReadings{EscrowFrom: 1}})
	other.target.Inject(atlassian.Fault{Method: "POST", Path: "*/Users", Status: 400})
	other.assigned(other.user("ana"))
	other.start()
	if s := other.status(); s["escrowsPruned"] != true || s["code"] != "Paused" || s["quarantine"] != nil {
		t.Errorf("too many failures in an initial cycle: %v", s)
	}
}
