package atlassian

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestMembersOfForeignDomainsArePassedOverAndGuestsAreNot(t *testing.T) {
	p := connected(t, &Lab{})
	p.person("zoe@partner.example")
	p.person("gil@partner.example", entra.Props{"userType": "Guest", "userPrincipalName": "gil_partner.example#EXT#@acme.onmicrosoft.com"})
	must(t, p.entra.AddMember(p.ids["platform-team"], p.ids["zoe"], p.ids["gil"]))
	p.sync()
	p.sees("jira-developers", "gil", "lena", "max")
	if p.accountOf("zoe@partner.example") != nil {
		t.Error("a member of a foreign domain is synced")
	}
	if got := p.accountOf("gil@partner.example"); got["managementSource"] != "synced" || got["claimStatus"] != "unmanaged" {
		t.Errorf("the guest's account is %v", got)
	}
	line := "Skipped user zoe@partner.example: the domain is not verified for OrgId org-lab."
	p.sync()
	if n := strings.Count(p.TroubleshootingLog(), line); n != 1 {
		t.Errorf("the troubleshooting log tells %d times of zoe: %q", n, p.TroubleshootingLog())
	}
	must(t, p.entra.UpdateUser(p.ids["zoe"], entra.Props{"userType": "Guest"}))
	p.sync()
	p.sees("platform-team", "gil", "lena", "zoe")
}

func TestASyncVerifiesAndClaimsTheDomainsOfEntra(t *testing.T) {
	for local, directory := range map[bool]string{false: "policy-" + ConnectorDirectory, true: "policy-local"} {
		p := connected(t, &Lab{Domains: []Domain{}, Readings: Readings{SyncedDomainsStayLocal: local}})
		p.entra.Domains = []string{"acme.example", "acme.onmicrosoft.com"}
		must(t, p.EditSync(SyncSettings{Domains: []string{"acme.example"}}))
		p.sync()
		r := p.admin("GET", orgV1+"/domains", nil).want(t, 200)
		if len(r.object["data"].([]any)) != 1 || at(r.object, "data", 0, "attributes", "claim", "status") != "verified" {
			t.Errorf("the domains are %s", r.text)
		}
		if got := p.field("max@acme.example", "claimStatus"); got != "managed" {
			t.Errorf("max is %v", got)
		}
		if got := at(p.policiesOf("max@acme.example"), 0, "policyId"); got != directory {
			t.Errorf("local is %v: max is in the policy %v", local, got)
		}
	}
}

func TestTheFixedMappingTakesMailOrTheUserPrincipalName(t *testing.T) {
	build := func(r Readings, identifier string) *pair {
		p := connected(t, &Lab{Readings: r, Connector: &Connector{Settings: SyncSettings{Identifier: identifier}}})
		p.person("eva@acme.example", entra.Props{"mail": nil, "jobTitle": "Engineer", "department": "Platform", "mobilePhone": "+49 1"})
		p.person("gil@partner.example", entra.Props{"userType": "Guest", "userPrincipalName": "gil_partner.example#EXT#@acme.example"})
		p.sync()
		return p
	}
	p := build(Readings{}, "")
	if p.accountOf("eva@acme.example") != nil || !strings.Contains(p.TroubleshootingLog(), "the attribute for the email address is empty") {
		t.Error("without mail eva is synced, or nobody says why she is not")
	}
	p = build(Readings{MailOrUPN: true}, "mail")
	if got := p.accountOf("eva@acme.example"); got["jobTitle"] != "Engineer" || got["department"] != "Platform" {
		t.Errorf("eva's account is %v", got)
	}
	p = build(Readings{}, "userPrincipalName")
	if p.accountOf("eva@acme.example") == nil || p.accountOf("gil_partner.example#EXT#@acme.example") == nil {
		t.Error("the userPrincipalName is not the identifier")
	}
	p = build(Readings{GuestsByMail: true}, "userPrincipalName")
	if p.accountOf("gil@partner.example") == nil {
		t.Error("the guest is not synced by mail")
	}
	if err := p.EditSync(SyncSettings{Identifier: "mailNickname"}); err == nil {
		t.Error("another attribute was mapped")
	}
}

func TestAnExistingAccountIsMatchedByItsAddressOnce(t *testing.T) {
	p := connected(t, &Lab{})
	id, err := p.InviteUser("lena@acme.example", "Lena V.")
	must(t, err)
	p.sync()
	if got := p.accountOf("lena@acme.example"); got["accountId"] != id || got["managementSource"] != "synced" || got["name"] != "lena" {
		t.Errorf("the account is %v", got)
	}
	must(t, p.entra.UpdateUser(p.ids["lena"], entra.Props{"mail": "lena.vogel@acme.example", "displayName": "Lena Vogel"}))
	p.later(4 * time.Hour)
	if got := p.accountOf("lena.vogel@acme.example"); got["accountId"] != id || got["name"] != "Lena Vogel" {
		t.Errorf("after the marriage the account is %v", got)
	}
	_, err = p.InviteUser("max.other@acme.example", "Max")
	must(t, err)
	must(t, p.entra.UpdateUser(p.ids["max"], entra.Props{"mail": "max.other@acme.example"}))
	p.sync()
	if p.accountOf("max@acme.example") == nil || !strings.HasSuffix(p.TroubleshootingLog(), refusedLine("max.other@acme.example")) {
		t.Errorf("an address that another account has: %q", p.TroubleshootingLog())
	}
}

func TestAGuestWhoseAddressChangesIsUnlinkedAndNeverComesBackIntoTheGroups(t *testing.T) {
	p := connected(t, &Lab{})
	p.person("gil@partner.example", entra.Props{"userType": "Guest"})
	must(t, p.entra.AddMember(p.ids["platform-team"], p.ids["gil"]))
	p.sync()
	for _, mail := range []string{"gil@other.example", "gil@partner.example"} {
		must(t, p.entra.UpdateUser(p.ids["gil"], entra.Props{"mail": mail}))
		p.sync()
		p.sees("platform-team", "lena")
	}
	if !strings.Contains(p.TroubleshootingLog(), "primary email gil@other.example, unlinked any associated atlassian account.") {
		t.Errorf("the troubleshooting log says %q", p.TroubleshootingLog())
	}
}

func TestWhoLeavesIsDeactivatedAtTheNextSync(t *testing.T) {
	for deleted, manage := range map[bool]any{false: false, true: true} {
		p := connected(t, &Lab{Readings: Readings{LeaversAreDeleted: deleted}})
		p.person("idle@acme.example", entra.Props{"accountEnabled": false})
		p.sync()
		if p.accountOf("idle@acme.example") != nil {
			t.Error("somebody disabled was created")
		}
		must(t, p.entra.DisableUser(p.ids["lena"]))
		must(t, p.entra.DeleteUser(p.ids["max"]))
		p.sync()
		for _, who := range []string{"lena@acme.example", "max@acme.example"} {
			if got := p.field(who, "accountStatus"); got != "inactive" {
				t.Errorf("deleted is %v: %s is %v", deleted, who, got)
			}
		}
		p.sees("jira-developers", "lena")
		r := p.admin("GET", "https://api.atlassian.com/users/"+p.AccountID("max@acme.example")+"/manage", nil).want(t, 200)
		if got := at(r.object, "lifecycle.enablement", "allowed"); got != manage {
			t.Errorf("deleted is %v: max may be reactivated by hand: %v", deleted, got)
		}
		must(t, p.entra.Restore(p.ids["max"]))
		must(t, p.entra.EnableUser(p.ids["lena"]))
		p.sync()
		for _, who := range []string{"lena@acme.example", "max@acme.example"} {
			if got := p.field(who, "accountStatus"); got != "active" {
				t.Errorf("deleted is %v: %s came back and is %v", deleted, who, got)
			}
		}
	}
}

func TestInTheOtherReadingTheDisabledAreCreatedDeactivated(t *testing.T) {
	p := connected(t, &Lab{Readings: Readings{SyncCreatesDisabled: true}})
	p.person("idle@acme.example", entra.Props{"accountEnabled": false})
	p.sync()
	if got := p.field("idle@acme.example", "accountStatus"); got != "inactive" {
		t.Errorf("the account is %v", got)
	}
}
