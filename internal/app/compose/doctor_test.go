package compose

import (
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/app/labs"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// clinic is the example's company served by labs, with something broken on purpose.
type clinic struct {
	t      *testing.T
	labs   *labs.Labs
	folder string
}

func clinicOf(t *testing.T, sick func(*labs.Labs)) *clinic {
	t.Helper()
	m, files, done, err := Files(fabrikam)
	if err != nil {
		t.Fatal(err)
	}
	defer done.Close()
	c := &clinic{t: t, folder: t.TempDir()}
	if c.labs, err = labs.Load(files, m.Connection); err != nil {
		t.Fatal(err)
	}
	if sick != nil {
		sick(c.labs)
	}
	if err := c.labs.Serve("127.0.0.1:0", nil); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.labs.Close() })
	if err := c.labs.Write(c.folder); err != nil {
		t.Fatal(err)
	}
	return c
}

// examine is what the doctor says of a connection, by the name of the check.
func (c *clinic) examine(ours bool) map[string]engine.Check {
	c.t.Helper()
	name, byUs := c.labs.Names()
	if ours {
		name = byUs
	}
	config := configured(c.t, filepath.Join(c.folder, labs.ConfigName), name)
	var clock labkit.Clock // logs are asked for five times in ten seconds
	config.clockwork = clockwork{clock.Now, clock.Sleep}
	d, _, _, err := Doctor(config)
	if err != nil {
		c.t.Fatal(err)
	}
	parts, err := d.Examine(c.t.Context())
	if err != nil {
		c.t.Fatal(err)
	}
	out := map[string]engine.Check{}
	for _, p := range parts {
		for _, check := range p.Checks {
			if _, twice := out[check.Name]; twice {
				c.t.Errorf("%s is told twice", check.Name)
			}
			if check.Name == "" || check.Fact == "" || check.State == "" {
				c.t.Errorf("a check that says too little: %+v", check)
			}
			out[check.Name] = check
		}
	}
	return out
}

func TestADoctorFindsNothingWrongWithAHealthyConnection(t *testing.T) {
	got := clinicOf(t, nil).examine(false)
	for name, c := range got {
		switch name {
		case "domains": // the company has a domain that is not verified
			if c.State != evidence.Warning || !strings.Contains(c.Fact, "fabrikam-labs.example") {
				t.Errorf("%+v", c)
			}
		case "SCIM key's end", "admin key's end":
			if c.State != evidence.Unknown || !strings.Contains(c.Fact, "at the latest") {
				t.Errorf("%+v", c)
			}
		default:
			if c.State != evidence.OK || c.Lost+c.Fix != "" {
				t.Errorf("%+v", c)
			}
		}
	}
	for _, name := range []string{
		"configuration", "client_secret", "scim_key", "admin_key", "sign-in", "client secret's end", "User.Read.All", "GroupMember.Read.All",
		"Application.Read.All", "Synchronization.Read.All", "ProvisioningLog.Read.All", "AuditLog.Read.All", "Member.Read.Hidden",
		"enterprise application", "provisioning job", "job's SCIM key", "SCIM key", "users in the directory", "groups in the directory",
		"admin key", "admin key's reach", "organization's audit log", "site fabrikam.atlassian.example", "clock", "store",
	} {
		if _, told := got[name]; !told {
			t.Errorf("nothing is said of %s", name)
		}
	}
}

func TestADoctorSendsOnlyReads(t *testing.T) {
	c := clinicOf(t, nil)
	c.examine(true)
	tokens := 0
	for _, r := range c.labs.Entra.Requests() {
		if strings.HasSuffix(r.Path, "/oauth2/v2.0/token") {
			tokens++
		} else if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	for _, r := range c.labs.Atlassian.Requests() {
		if r.Method != http.MethodGet {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if n := len(c.labs.Entra.Requests()) + len(c.labs.Atlassian.Requests()); n > 50 || tokens == 0 {
		t.Errorf("%d requests, %d of them for tokens", n, tokens)
	}
}

// forget takes permissions away.
func forget(l *labs.Labs, names ...string) {
	c := l.Entra.Clients[l.ClientID]
	c.Permissions = slices.DeleteFunc(slices.Clone(c.Permissions), func(p string) bool { return slices.Contains(names, p) })
	l.Entra.Clients[l.ClientID] = c
}

func secretEnds(l *labs.Labs, in time.Duration) {
	c := l.Entra.Clients[l.ClientID]
	c.Secrets[0].Expires = time.Now().Add(in)
}

const dayLong = 24 * time.Hour

func TestADoctorNamesWhatIsBroken(t *testing.T) {
	for sentence, c := range map[string]struct {
		sick  func(*labs.Labs)
		ours  bool
		check string
		state evidence.State
		fact  string
		fix   string
	}{
		"a secret that ends in ten days": {
			sick: func(l *labs.Labs) { secretEnds(l, 10*dayLong+time.Hour) }, check: "client secret's end", state: evidence.Warning, fact: "ends ", fix: "New client secret",
		},
		"a secret that ended": {
			sick: func(l *labs.Labs) { secretEnds(l, -time.Hour) }, check: "sign-in", state: evidence.Bad, fact: "AADSTS7000222", fix: "Certificates & secrets",
		},
		"an end that may not be read": {
			sick:  func(l *labs.Labs) { forget(l, "Application.Read.All", "Directory.Read.All") },
			check: "client secret's end", state: evidence.Unknown, fact: "lacks the Microsoft Graph permission Application.Read.All", fix: "look at",
		},
		"users that may not be read": {
			sick:  func(l *labs.Labs) { forget(l, "User.Read.All", "Directory.Read.All") },
			check: "User.Read.All", state: evidence.Bad, fact: "403", fix: "Grant admin consent",
		},
		"groups that may not be read": {
			sick:  func(l *labs.Labs) { forget(l, "GroupMember.Read.All", "Group.Read.All", "Directory.Read.All") },
			check: "GroupMember.Read.All", state: evidence.Bad, fact: "403", fix: "GroupMember.Read.All",
		},
		"a log that may not be read": {
			sick: func(l *labs.Labs) { forget(l, "AuditLog.Read.All") }, check: "AuditLog.Read.All", state: evidence.Warning, fact: "403", fix: "AuditLog.Read.All",
		},
		"a log without a licence": {
			sick: func(l *labs.Labs) {
				l.Entra.Break(labentra.Fault{Path: "/v1.0/auditLogs/directoryAudits", Status: 403, Code: "Authentication_RequestFromNonPremiumTenantOrB2CTenant"})
			},
			check: "AuditLog.Read.All", state: evidence.Warning, fact: "NonPremiumTenant", fix: "P1",
		},
		"a job that may not be seen, where it would be a second writer": {
			sick: func(l *labs.Labs) { forget(l, "Synchronization.Read.All") }, ours: true,
			check: "Synchronization.Read.All", state: evidence.Bad, fact: "403", fix: "Synchronization.Read.All",
		},
		"a job whose state is not known": {
			sick: func(l *labs.Labs) { forget(l, "Synchronization.Read.All") }, ours: true,
			check: "provisioning job", state: evidence.Unknown, fact: "could not be read", fix: "grant",
		},
		"Entra's job beside rollcall": {
			ours: true, check: "provisioning job", state: evidence.Bad, fact: "is on (Active, Active) and writes the same directory", fix: "Stop provisioning",
		},
		"a job that writes another directory": {
			sick: func(l *labs.Labs) {
				if err := l.Entra.PutSecrets(l.Connection.Application, map[string]string{"BaseAddress": "https://api.atlassian.com/scim/directory/other"}); err != nil {
					panic(err)
				}
			},
			check: "job's SCIM key", state: evidence.Bad, fact: "scim/directory/other", fix: "tenant URL",
		},
		"a permission that no group needs": {
			sick:  func(l *labs.Labs) { forget(l, "Member.Read.Hidden") },
			check: "Member.Read.Hidden", state: evidence.OK, fact: "no group hides its members",
		},
		"a group that hides its members": {
			sick: func(l *labs.Labs) {
				forget(l, "Member.Read.Hidden")
				if _, err := l.Entra.AddGroup(labentra.Props{"displayName": "board", "visibility": "HiddenMembership", "groupTypes": []string{"Unified"}, "mailEnabled": true, "securityEnabled": false, "mailNickname": "board"}); err != nil {
					panic(err)
				}
			},
			check: "Member.Read.Hidden", state: evidence.Warning, fact: "groups that hide their members", fix: "Member.Read.Hidden",
		},
		"a revoked SCIM key": {
			sick: func(l *labs.Labs) { l.Keys.SCIM = "revoked" }, check: "SCIM key", state: evidence.Bad, fact: "refused", fix: "Regenerate API key",
		},
		"the SCIM key of another directory": {
			sick:  func(l *labs.Labs) { l.Atlassian.Inject(labatlassian.Fault{Path: "/scim/*", Status: 403}) },
			check: "SCIM key", state: evidence.Bad, fact: "another directory", fix: "Directory base URL",
		},
		"an admin key that ended": {
			sick: func(l *labs.Labs) { l.Atlassian.AdminKeys[0].Expires = time.Now().Add(-time.Hour) }, check: "admin key", state: evidence.Bad, fact: "refused", fix: "without scopes",
		},
		"an admin key with scopes": {
			sick:  func(l *labs.Labs) { l.Atlassian.AdminKeys[0].Scopes = []string{"read:accounts:admin"} },
			check: "admin key's reach", state: evidence.Warning, fact: "403", fix: "without scopes",
		},
		"a token that was revoked": {
			sick:  func(l *labs.Labs) { l.Keys.Token = "revoked" },
			check: "site fabrikam.atlassian.example", state: evidence.Bad, fact: "refused", fix: "API tokens",
		},
		"an owner of a token who administers nothing": {
			sick:  func(l *labs.Labs) { l.Atlassian.Inject(labatlassian.Fault{Path: "*/applicationrole", Status: 403}) },
			check: "site fabrikam.atlassian.example", state: evidence.Warning, fact: "may not administer", fix: "Administer Jira",
		},
		"a clock that is five minutes behind": {
			sick:  func(l *labs.Labs) { l.Entra.Now = func() time.Time { return time.Now().Add(5 * time.Minute) } },
			check: "clock", state: evidence.Bad, fact: "behind 127.0.0.1", fix: "NTP",
		},
		"a service that is down": {
			sick:  func(l *labs.Labs) { l.Atlassian.Inject(labatlassian.Fault{Path: "/admin/*/domains", Status: 404}) },
			check: "domains", state: evidence.Unknown, fact: "404", fix: "status.atlassian.com",
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			t.Parallel()
			got := clinicOf(t, c.sick).examine(c.ours)[c.check]
			if got.State != c.state || !strings.Contains(got.Fact, c.fact) || !strings.Contains(got.Fix, c.fix) || (got.State == evidence.Bad || got.State == evidence.Warning) && got.Lost == "" {
				t.Errorf("%+v", got)
			}
			if strings.HasPrefix(sentence, "a secret that ends") && (got.DaysLeft == nil || *got.DaysLeft != 10) {
				t.Errorf("%v days are left", got.DaysLeft)
			}
		})
	}
}

func TestADoctorNeverShowsASecret(t *testing.T) {
	c := clinicOf(t, func(l *labs.Labs) { secretEnds(l, -time.Hour); l.Keys.SCIM = "hunter2hunter2" })
	for name, check := range c.examine(true) {
		for _, key := range []string{c.labs.Keys.ClientSecret, c.labs.Keys.SCIM, c.labs.Keys.Admin, c.labs.Keys.Token} {
			if strings.Contains(check.Fact+check.Fix+check.Lost, key) {
				t.Errorf("%s shows a key", name)
			}
		}
	}
}

func TestOneMissingSecretHidesNothingElse(t *testing.T) {
	c := clinicOf(t, nil)
	if err := os.Remove(filepath.Join(c.folder, "keys", "scim")); err != nil {
		t.Fatal(err)
	}
	got := c.examine(false)
	if s := got["scim_key"]; s.State != evidence.Bad || !strings.Contains(s.Fix, "put the secret into the file") {
		t.Errorf("%+v", s)
	}
	if s := got["SCIM key"]; s.State != evidence.Unknown || !strings.Contains(s.Fact, "not asked") {
		t.Errorf("%+v", s)
	}
	if s := got["admin key"]; s.State != evidence.OK {
		t.Errorf("%+v", s)
	}
}

func TestSecretsThatOthersMayReadAreWarnedAbout(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("files have no such modes there")
	}
	c := clinicOf(t, nil)
	key := filepath.Join(c.folder, "keys", "admin")
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	if s := c.examine(false)["admin_key"]; s.State != evidence.Warning || !strings.Contains(s.Fact, "0644") || s.Fix != "chmod 600 "+key {
		t.Errorf("%+v", s)
	}
}

func TestAKeyWhoseFileIsElevenMonthsOldIsWarnedAbout(t *testing.T) {
	c := clinicOf(t, nil)
	old := time.Now().Add(-340 * dayLong)
	if err := os.Chtimes(filepath.Join(c.folder, "keys", "scim"), old, old); err != nil {
		t.Fatal(err)
	}
	got := c.examine(false)
	if s := got["SCIM key's end"]; s.State != evidence.Warning || !strings.Contains(s.Fix, "new key") {
		t.Errorf("%+v", s)
	}
	if s := got["admin key's end"]; s.State != evidence.Unknown {
		t.Errorf("%+v", s)
	}
}

func TestADoctorSeesAnotherRollcallAndTheStoresHealth(t *testing.T) {
	c := clinicOf(t, nil)
	path := filepath.Join(c.folder, "rollcall.db")
	if s := c.examine(true)["store"]; s.State != evidence.OK || !strings.Contains(s.Fact, "will be made") {
		t.Errorf("%+v", s)
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("looking made a store")
	}
	st, err := sqlstore.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	_, ours := c.labs.Names()
	if s := c.examine(true)["another rollcall"]; s.State != evidence.OK {
		t.Errorf("%+v", s)
	}
	if _, _, _, _, err := st.Claim(t.Context(), ours, "host-7:4711", time.Now(), time.Minute); err != nil {
		t.Fatal(err)
	}
	got := c.examine(true)
	if s := got["another rollcall"]; s.State != evidence.Warning || !strings.Contains(s.Fact, "host-7:4711") {
		t.Errorf("%+v", s)
	}
	if s := got["store"]; s.State != evidence.OK || !strings.Contains(s.Fact, "sound") {
		t.Errorf("%+v", s)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("this is no store, but it is long enough to look like something"), 0o600); err != nil {
		t.Fatal(err)
	}
	if s := c.examine(true)["store"]; s.State != evidence.Bad {
		t.Errorf("%+v", s)
	}
}
