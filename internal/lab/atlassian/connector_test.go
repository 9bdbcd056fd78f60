package atlassian

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestTheConnectorFlattensNestedGroups(t *testing.T) {
	p := connected(t, &Lab{})
	p.sync()
	p.sees("jira-developers", "lena", "max")
	p.sees("platform-team", "lena")
	account := p.accountOf("lena@acme.example")
	if account["managementSource"] != "synced" || account["claimStatus"] != "managed" || account["accountStatus"] != "active" {
		t.Errorf("lena's account is %v", account)
	}
	if g := p.orgGroup("jira-developers"); g["externalSynced"] != true || g["directoryId"] != ConnectorDirectory {
		t.Errorf("the group is %v", g)
	}
	if got := p.SyncStatus(); !cmp.Equal(got, SyncStatus{State: "Sync enabled", Last: noon, Next: noon.Add(4 * time.Hour), Users: 2, Groups: 2, Domains: 1}) {
		t.Errorf("the page of the directory says %+v", got)
	}
	for _, r := range p.entra.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("the connector wrote to Entra: %s %s", r.Method, r.Path)
		}
	}
}

func TestWhatTheConnectorSyncedIsNotInTheSCIMAPI(t *testing.T) {
	for hidden, want := range map[bool]int{false: 1, true: 0} {
		p := connected(t, &Lab{
			Readings:    Readings{ConnectorLinksHidden: hidden},
			Directories: []Directory{{ID: DefaultDirectory, Key: DefaultKey}},
		})
		p.sync()
		if r := p.scim("GET", "/Users", nil).want(t, 200); r.object["totalResults"] != 0.0 {
			t.Errorf("the other directory shows %s", r.text)
		}
		other := "https://api.atlassian.com/scim/directory/" + ConnectorDirectory + "/Users"
		p.ask("GET", other, "Bearer "+DefaultKey, nil).want(t, 403)
		p.ask("GET", other, "Bearer "+DefaultAdminKey, nil).want(t, 401)
		p.ask("GET", other, "Bearer ", nil).want(t, 401)
		if _, err := p.RegenerateKey(ConnectorDirectory); err == nil {
			t.Error("the connector's directory got a key")
		}
		id := p.AccountID("lena@acme.example")
		r := p.admin("GET", links+"/user/"+id+"/get-scim-links", nil).want(t, 200)
		if list, _ := r.object["scimLinks"].([]any); len(list) != want {
			t.Errorf("hidden is %v: the links are %s", hidden, r.text)
		}
		manage := p.admin("GET", "https://api.atlassian.com/users/"+id+"/manage", nil).want(t, 200)
		if at(manage.object, "email.set", "reason", "key") != "externalDirectory.scim" { // of a closed list of SCIM and Google
			t.Errorf("a synced account's address can be set by hand: %s", manage.text)
		}
	}
}

func TestASyncComesEveryFourHoursAfterTheFirst(t *testing.T) {
	p := connected(t, &Lab{})
	p.later(24 * time.Hour)
	if p.accountOf("max@acme.example") != nil {
		t.Error("a sync came that nobody started")
	}
	p.sync()
	p.person("nina@acme.example")
	p.later(4*time.Hour - time.Second)
	if p.accountOf("nina@acme.example") != nil {
		t.Error("a sync came before its time")
	}
	p.later(time.Second)
	if p.accountOf("nina@acme.example") == nil {
		t.Error("after four hours nina is not synced")
	}
	calls := len(p.entra.Requests())
	p.later(41 * time.Hour)
	if s := p.SyncStatus(); !s.Last.Equal(noon.Add(68*time.Hour)) || !s.Next.Equal(noon.Add(72*time.Hour)) {
		t.Errorf("after 41 hours the last sync was at %s, the next one is at %s", s.Last, s.Next)
	}
	if again := len(p.entra.Requests()) - calls; again != calls/2 {
		t.Errorf("ten periods at once made %d calls, want those of one sync, %d", again, calls/2)
	}
	must(t, p.EditSync(SyncSettings{Manual: true}))
	p.person("omar@acme.example")
	p.later(10 * time.Hour)
	if p.accountOf("omar@acme.example") != nil || p.SyncStatus().State != "Sync disabled" {
		t.Error("a sync came although automatic syncing is disabled")
	}
	p.sync()
	if p.accountOf("omar@acme.example") == nil {
		t.Error("Sync now did nothing")
	}
}

func TestChosenGroupsAndThoseInsideThemAreSynced(t *testing.T) {
	for only, inner := range map[bool][]string{false: {"lena"}, true: nil} {
		p := connected(t, &Lab{Readings: Readings{OnlyChosenGroups: only}})
		p.person("sara@acme.example")
		p.group("sales", "sara")
		must(t, p.EditSync(SyncSettings{Groups: []string{p.ids["jira-developers"]}}))
		p.sync()
		p.sees("jira-developers", "lena", "max")
		p.sees("platform-team", inner...)
		if p.orgGroup("sales") != nil || p.accountOf("sara@acme.example") != nil {
			t.Error("somebody is synced who was not chosen")
		}
		if got := p.orgGroup("platform-team") != nil; got == only {
			t.Errorf("only the chosen is %v: the inner group exists: %v", only, got)
		}
	}
}

func TestALostConsentStopsTheConnectorWithoutAWord(t *testing.T) {
	p := connected(t, &Lab{})
	p.sync()
	events := len(p.admin("GET", orgV1+"/events-stream?limit=500", nil).object["data"].([]any))
	must(t, p.LoseConsent())
	p.person("nina@acme.example")
	p.later(24 * time.Hour)
	if s := p.SyncStatus(); s.State != "Sign in again" || !s.Next.IsZero() || s.Problem == "" {
		t.Errorf("the page of the directory says %+v", s)
	}
	if err := p.SyncNow(); err == nil {
		t.Error("a sync ran without consent")
	}
	p.sees("jira-developers", "lena", "max")
	if got := len(p.admin("GET", orgV1+"/events-stream?limit=500", nil).object["data"].([]any)); got != events {
		t.Errorf("the audit log has %d events more", got-events)
	}
	p.later(10 * time.Hour)
	must(t, p.GiveConsent())
	if s := p.SyncStatus(); s.State != "Sync enabled" || !s.Next.Equal(p.now.Add(4*time.Hour)) {
		t.Errorf("after signing in again the page says %+v", s)
	}
	p.later(4 * time.Hour)
	if p.accountOf("nina@acme.example") == nil {
		t.Error("after signing in again nothing is synced")
	}
}

func TestATokenThatMicrosoftRefusesIsALostConsent(t *testing.T) {
	p := connected(t, &Lab{})
	p.entra.Clients = map[string]entra.Client{entra.DefaultClient: {}} // the grants were removed
	if err := p.SyncNow(); !errors.Is(err, errConsent) || p.SyncStatus().State != "Sign in again" {
		t.Errorf("a token without permissions: %v", err)
	}
	p = connected(t, &Lab{})
	p.entra.Faults = []entra.Fault{{Status: 401, Times: 1, Path: "/v1.0/groups*"}}
	if err := p.SyncNow(); !errors.Is(err, errConsent) {
		t.Errorf("a refused token: %v", err)
	}
}

func TestASyncThatFailsChangesNothing(t *testing.T) {
	p := connected(t, &Lab{})
	p.sync()
	must(t, p.entra.DeleteUser(p.ids["max"]))
	p.entra.Faults = []entra.Fault{{Status: 503, Times: 1, Path: "/v1.0/users*"}}
	if err := p.SyncNow(); err == nil || errors.Is(err, errConsent) {
		t.Errorf("a Graph that is down: %v", err)
	}
	p.sees("jira-developers", "lena", "max")
	if s := p.SyncStatus(); s.State != "Sync enabled" || !strings.Contains(s.Problem, "503") {
		t.Errorf("the page of the directory says %+v", s)
	}
	p.later(4 * time.Hour)
	p.sees("jira-developers", "lena")
}

func TestAGroupGetsTenThousandUsersAtMost(t *testing.T) {
	for skipped, want := range map[bool][]string{false: {"max", "u0"}, true: {"max"}} {
		p := connected(t, &Lab{Readings: Readings{LargeGroupsAreSkipped: skipped}, Limits: Limits{ConnectorGroup: 2}})
		p.group("all", "max")
		p.sync()
		for i := range 3 {
			p.person(fmt.Sprintf("u%d@acme.example", i))
			must(t, p.entra.AddMember(p.ids["all"], p.ids[fmt.Sprint("u", i)]))
		}
		p.sync()
		p.sees("all", want...)
		if p.accountOf("u2@acme.example") == nil {
			t.Error("who has no place in the group has no account either")
		}
		if !strings.Contains(p.TroubleshootingLog(), "Group all has 4 users: 2 can be synced.") {
			t.Errorf("the troubleshooting log says %q", p.TroubleshootingLog())
		}
	}
}
