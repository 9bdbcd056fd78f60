package atlassian

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestALocalGroupHoldsASyncedOneBackUntilItIsReviewed(t *testing.T) {
	p := connected(t, &Lab{})
	_, err := p.InviteUser("dan@acme.example", "dan")
	must(t, err)
	_, err = p.CreateLocalGroup("jira-developers", "dan@acme.example")
	must(t, err)
	p.sync()
	p.sees("jira-developers", "dan")
	if g := p.orgGroup("jira-developers"); g["externalSynced"] != false {
		t.Errorf("the group is %v", g)
	}
	want := "Failed to create group of name jira-developers for OrgId org-lab due to existing group with same name in organization"
	if got := p.TroubleshootingLog(); got != want {
		t.Errorf("the troubleshooting log says %q", got)
	}
	p.later(8 * time.Hour)
	if diff := cmp.Diff([]string{"jira-developers"}, p.Conflicts()); diff != "" {
		t.Errorf("the groups to review differ:\n%s", diff)
	}
	must(t, p.ReviewGroup("jira-developers"))
	p.sees("jira-developers", "lena", "max")
	must(t, p.entra.RemoveMember(p.ids["jira-developers"], p.ids["max"]))
	p.later(4 * time.Hour)
	p.sees("jira-developers", "lena")
}

func TestADefaultOrBuiltInGroupIsNeverSynced(t *testing.T) {
	p := connected(t, &Lab{BuiltIn: []string{"platform-team"}})
	_, err := p.CreateLocalGroup("jira-developers")
	must(t, err)
	must(t, p.Grant("jira-developers", testHost, "jira-software", "atlassian/user"))
	must(t, p.MakeDefault("jira-developers", testHost, "jira-software"))
	p.sync()
	p.sees("jira-developers")
	if p.inJira("platform-team") != nil || p.TroubleshootingLog() != "" {
		t.Errorf("a built-in group reached the site, or the log says why not: %q", p.TroubleshootingLog())
	}
}

func TestAGroupThatGoesInEntraGoesWithItsPermissionsOrStays(t *testing.T) {
	for stays, want := range map[bool]any{false: nil, true: false} {
		p := connected(t, &Lab{Readings: Readings{DroppedGroupsStay: stays}})
		p.sync()
		must(t, p.Grant("jira-developers", testHost, "jira-software", "atlassian/user"))
		must(t, p.EditSync(SyncSettings{Groups: []string{p.ids["platform-team"]}}))
		p.sync()
		if got := p.orgGroup("jira-developers")["externalSynced"]; got != want {
			t.Errorf("stays is %v: the group is %v", stays, p.orgGroup("jira-developers"))
		}
		if access := p.field("lena@acme.example", "productAccess").([]any); len(access) == 1 != stays {
			t.Errorf("stays is %v: lena has %v", stays, access)
		}
		if got := p.field("max@acme.example", "accountStatus"); got != "inactive" {
			t.Errorf("max is in no chosen group and %v", got)
		}
		must(t, p.entra.DeleteGroup(p.ids["platform-team"]))
		p.sync()
		if got := p.orgGroup("platform-team") != nil; got != stays {
			t.Errorf("stays is %v: the deleted group is there: %v", stays, got)
		}
	}
}

func TestARenamedGroupKeepsItsNameOrFollows(t *testing.T) {
	for follows, name := range map[bool]string{false: "platform-team", true: "platform-crew"} {
		p := connected(t, &Lab{Readings: Readings{SyncRenames: follows}})
		p.sync()
		id := p.orgGroup("platform-team")["id"]
		must(t, p.entra.RenameGroup(p.ids["platform-team"], "platform-crew"))
		p.sync()
		if g := p.orgGroup(name); g["id"] != id {
			t.Errorf("follows is %v: %s is %v", follows, name, g)
		}
		p.sees(name, "lena")
		must(t, p.entra.RenameGroup(p.ids["platform-team"], "jira-developers"))
		p.sync()
		p.sees(name, "lena")
	}
}

func TestTwoGroupsOfOneNameAreOne(t *testing.T) {
	p := connected(t, &Lab{})
	p.person("ann@acme.example")
	p.group("Platform-Team", "ann")
	p.sync()
	p.sees("platform-team", "lena")
	if len(p.Reviews()) != 0 || p.SyncStatus().Groups != 2 || p.TroubleshootingLog() == "" {
		t.Errorf("to review are %v, %d groups are synced, the log says %q", p.Reviews(), p.SyncStatus().Groups, p.TroubleshootingLog())
	}
}

func TestAGroupWhoseMembersMayNotBeReadIsLeftAsItIs(t *testing.T) {
	p := connected(t, &Lab{})
	p.sync()
	p.entra.HiddenDenied = true
	p.entra.Clients = map[string]entra.Client{entra.DefaultClient: {Permissions: []string{"Directory.Read.All"}}}
	must(t, p.entra.UpdateGroup(p.ids["platform-team"], entra.Props{"visibility": "HiddenMembership"}))
	must(t, p.entra.RemoveMember(p.ids["platform-team"], p.ids["lena"]))
	p.sync()
	p.sees("platform-team", "lena")
	p.sees("jira-developers", "max")
}

func TestAnOrganizationHasOneConnectorAndKeepsWhatItSyncedWithoutIt(t *testing.T) {
	p := connected(t, &Lab{})
	p.sync()
	again := Connector{Transport: p.entra.Transport(), Token: func() (string, error) { return p.entra.Token(entra.DefaultClient), nil }}
	if err := p.Connect(again); err == nil {
		t.Error("a second connector was accepted")
	}
	if err := p.DeleteDirectory(ConnectorDirectory); err == nil {
		t.Error("the directory of a connected Microsoft account was deleted")
	}
	must(t, p.DisconnectMicrosoft())
	if p.SyncStatus().State != "Disconnected" || p.SyncNow() == nil || p.LoseConsent() == nil {
		t.Error("the connector is still at work")
	}
	p.person("nina@acme.example")
	p.later(8 * time.Hour)
	p.sees("jira-developers", "lena", "max")
	if p.accountOf("nina@acme.example") != nil || p.orgGroup("jira-developers")["externalSynced"] != true {
		t.Error("something was synced, or the group is no longer synced")
	}
	must(t, p.Connect(again))
	p.sync()
	if got := p.field("nina@acme.example", "managementSource"); got != "synced" {
		t.Errorf("after connecting again nina is %v", got)
	}
	must(t, p.DisconnectMicrosoft())
	must(t, p.DeleteDirectory(ConnectorDirectory))
	p.sees("jira-developers", "lena", "max")
	if g := p.orgGroup("jira-developers"); g["externalSynced"] != false {
		t.Errorf("after the directory is gone the group is %v", g)
	}
	if got := at(p.policiesOf("max@acme.example"), 0, "policyId"); got != "policy-local" {
		t.Errorf("max is in the policy %v", got)
	}
	if err := p.ReactivateByHand("max@acme.example"); err != nil {
		t.Errorf("the account is still held: %v", err)
	}
}
