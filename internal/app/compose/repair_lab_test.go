package compose

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/target"
)

// hospital is a company of four whose records are broken, each in another way, with a connection of rollcall's.
//
//	ann   in order
//	lena  was hired again: the record with her address is that of her former life
//	tom   his record is linked to no account
//	uma   her account is held by a record of another directory
type hospital struct {
	*testing.T
	labs *labs.Labs
	conf *Configuration
	sync *engine.Sync
}

// Ids of the hospital: the object ids at Entra, and the one that Lena had before.
var (
	hospitalIDs = map[string]string{"ann": guid(1), "lena": guid(2), "tom": guid(3), "uma": guid(4), "bert": guid(5)}
	formerLena  = guid(9)
)

const hospitalApp = "aaaaaaaa-0000-4000-8000-000000000000"

func guid(n int) string { return fmt.Sprintf("00000000-0000-4000-8000-%012d", n) }

func list(key string, objects ...string) *fstest.MapFile {
	return &fstest.MapFile{Data: []byte(`{"` + key + `":[` + strings.Join(objects, ",") + `]}`)}
}

// openHospital loads the company; change may alter its documents first.
func openHospital(t *testing.T, change func(fstest.MapFS)) *hospital {
	t.Helper()
	user := func(name string) string {
		return fmt.Sprintf(`{"id":%q,"userPrincipalName":"%[2]s@clinic.example","mail":"%[2]s@clinic.example","displayName":%[2]q,"accountEnabled":true,"userType":"Member"}`, hospitalIDs[name], name)
	}
	member := func(name string) string {
		return fmt.Sprintf(`{"@odata.type":"#microsoft.graph.user","id":%q}`, hospitalIDs[name])
	}
	account := func(name string) string {
		return fmt.Sprintf(`{"accountId":"a-%[1]s","accountType":"atlassian","status":"active","accountStatus":"active","membershipStatus":"active","claimStatus":"managed","managementSource":"synced","emailVerified":true,"email":"%[1]s@clinic.example","name":%[1]q}`, name)
	}
	files := fstest.MapFS{
		"bundle.json":      {Data: []byte(`{"version":1,"captured_at":"2026-11-20T12:00:00Z","connection":{"name":"clinic","method":"rollcall","application":"` + hospitalApp + `","directory":"dir-here","org":"org-clinic","sites":["https://clinic.atlassian.example"],"expected_products":{"ward":["jira-software"]}}}`)},
		"entra/users.json": list("value", user("ann"), user("lena"), user("tom"), user("uma")),
		"entra/groups.json": list("value", `{"id":"`+guid(50)+`","displayName":"ward","securityEnabled":true,"groupTypes":[],"members":[`+
			strings.Join([]string{member("ann"), member("lena"), member("tom"), member("uma")}, ",")+`]}`),
		"entra/service-principal.json":    {Data: []byte(`{"id":"` + hospitalApp + `","appId":"` + hospitalApp + `","displayName":"Atlassian Cloud","appRoles":[{"id":"` + guid(70) + `","displayName":"User","isEnabled":true,"allowedMemberTypes":["User"]}]}`)},
		"entra/app-role-assignments.json": list("value", `{"id":"as1","appRoleId":"`+guid(70)+`","principalId":"`+guid(50)+`","principalType":"Group","principalDisplayName":"ward","resourceId":"`+hospitalApp+`"}`),
		"entra/synchronization-jobs.json": list("value"),
		"atlassian/scim-users.json":       list("Resources", record("r-ann", hospitalIDs["ann"], "ann", `"a-ann"`), record("r-old-lena", formerLena, "lena", `"a-lena"`), record("r-tom", hospitalIDs["tom"], "tom", "null")),
		"atlassian/scim-groups.json":      list("Resources", `{"id":"g-ward","externalId":"`+guid(50)+`","displayName":"ward","members":[{"value":"r-ann"},{"value":"r-old-lena"},{"value":"r-tom"}]}`),
		"atlassian/org-users.json":        list("data", account("ann"), account("lena"), account("tom"), account("uma")),
		"atlassian/org-groups.json":       list("data", `{"id":"og-ward","name":"ward","directoryId":"dir-here","externalSynced":true,"managedBy":"external","members":["a-ann","a-lena"]}`),
		"jira/groups.json":                {Data: []byte(`{"ward":{"values":[{"accountId":"a-ann","displayName":"ann","active":true},{"accountId":"a-lena","displayName":"lena","active":true}]}}`)},
		"jira/application-roles.json":     {Data: []byte(`[{"key":"jira-software","name":"Jira","groups":["ward"],"defaultGroups":[],"defined":true,"numberOfSeats":50,"remainingSeats":48,"userCount":2,"hasUnlimitedSeats":false}]`)},
		"atlassian/domains.json":          list("data", `{"id":"d","attributes":{"name":"clinic.example","claim":{"type":"dns","status":"verified"}}}`),
		"atlassian/scim-links.json":       list("scimLinks", link("r-ann", "a-ann", "dir-here"), link("r-old-lena", "a-lena", "dir-here"), link("r-uma-there", "a-uma", "dir-okta")),
	}
	if change != nil {
		change(files)
	}
	world, within, done, err := Within(files, "the hospital")
	must(t, err)
	t.Cleanup(func() { _ = done.Close() })
	clock := StoppedAt(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC))
	c := &hospital{T: t}
	c.labs, err = labs.LoadAt(within, world.Connection, clock.Now)
	must(t, err)
	c.conf, err = InLabs(c.labs, document.Rollcall, clock)
	must(t, err)
	c.sync, err = Sync(t.Context(), c.conf, "nurse")
	must(t, err)
	t.Cleanup(func() { _ = c.sync.Store.Close() })
	return c
}

func record(id, external, name, account string) string {
	return fmt.Sprintf(`{"id":%q,"externalId":%q,"userName":"%[3]s@clinic.example","displayName":%[3]q,"active":true,"emails":[{"value":"%[3]s@clinic.example","type":"work","primary":true}],
		"urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":%s}}`, id, external, name, account)
}

func link(record, account, directory string) string {
	return fmt.Sprintf(`{"scimUserId":%q,"atlassianAccountId":%q,"orgId":"org-clinic","directoryId":%q}`, record, account, directory)
}

// writes are what was sent to Atlassian since the last question.
func (c *hospital) writes() (out []string) {
	for _, r := range c.labs.Atlassian.Requests() {
		if r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/search") || strings.HasSuffix(r.Path, "/bulk-fetch") || strings.HasSuffix(r.Path, "-for-email") {
			continue
		}
		out = append(out, r.Method+" "+r.Path)
	}
	c.labs.Atlassian.ForgetRequests()
	return out
}

func (c *hospital) repair(who string) *engine.RepairResult {
	c.Helper()
	got, err := c.sync.Repair(c.Context(), who+"@clinic.example")
	must(c, err)
	return got
}

func (c *hospital) apply() *engine.ApplyResult {
	c.Helper()
	got, err := c.sync.Apply(c.Context(), engine.ApplyRequest{})
	must(c, err)
	return got
}

func (c *hospital) letGo(r *engine.RepairResult) {
	c.Helper()
	_, err := c.sync.Store.Approve(c.Context(), "clinic", r.Run.ID, nil, "head nurse", "looked at it", time.Now())
	must(c, err)
}

// broken are the findings of a roll call, each person with the cause.
func (c *hospital) broken() (out []string) {
	c.Helper()
	worlds, err := Live(c.conf)
	must(c, err)
	r, err := (&engine.Engine{Worlds: worlds}).Check(c.Context(), engine.CheckRequest{})
	must(c, err)
	for _, f := range r.Findings {
		name, _, _ := strings.Cut(f.Subject.Name, "@")
		out = append(out, name+" "+string(f.Cause))
	}
	slices.Sort(out)
	return out
}

func (c *hospital) want(what string, got, want []string) {
	c.Helper()
	if !slices.Equal(got, want) {
		c.Errorf("%s: %q, want %q", what, got, want)
	}
}

func TestABrokenRecordIsNamedRepairedWithAWordOfAPersonAndMadeAnew(t *testing.T) {
	const org = "/admin/user-provisioning/v1/org/org-clinic"
	everything := []string{"lena orphaned-record", "lena stale-scim-record", "tom account-unlinked", "uma held-by-other-directory"}
	for who, want := range map[string]struct {
		cause cause.Code
		sent  string
	}{
		"lena": {cause.StaleScimRecord, "DELETE " + org + "/user/a-lena/onlyDeleteUserInDB"},
		"tom":  {cause.AccountUnlinked, "DELETE /scim/directory/dir-here/Users/r-tom"},
		"uma":  {cause.HeldByOtherDirectory, "PATCH " + org + "/scimDirectoryId/dir-okta/scimUserId/r-uma-there/unlink"},
	} {
		for reading, readings := range map[string]atlassian.Readings{"2026": {}, "2024": {DeleteKeepsRecord: true}} {
			t.Run(who+", text of "+reading, func(t *testing.T) {
				c := openHospital(t, nil)
				c.labs.Atlassian.Readings = readings
				c.want("before", c.broken(), everything)

				first := c.repair(who)
				c.want("looking sends", c.writes(), nil)
				if first.Trace.Cause != want.cause || len(first.Steps) != 1 || len(first.Rest) > 0 || len(first.Holds) != 1 || first.Run.ID == "" {
					t.Fatalf("%s: steps %+v, rest %q, waits %+v, run %q", first.Trace.Cause, first.Steps, first.Rest, first.Holds, first.Run.ID)
				}
				again := c.repair(who)
				if len(again.Holds) != 1 || again.Run.ID != "" || again.Holds[0].Run != first.Run.ID {
					t.Errorf("asked once more: %+v", again.Holds)
				}
				c.apply() // replaces what its own plans hold, and nothing else
				c.writes()
				c.letGo(first)
				done := c.repair(who)
				c.want("once let go it sends", c.writes(), []string{want.sent})
				if done.Run.Counts != (ledger.Counts{Done: 1}) || len(done.Done) != 1 || done.Done[0].Outcome != ledger.Done || done.Done[0].Approved != "head nurse" {
					t.Fatalf("came to %+v, %+v", done.Run.Counts, done.Done)
				}
				if r, err := c.sync.Store.Run(t.Context(), done.Run.ID); err != nil || r.Command != "repair" || r.State != ledger.Ended {
					t.Errorf("the run is %+v, %v", r, err)
				}
				if after := c.repair(who); slices.Contains([]cause.Code{cause.StaleScimRecord, cause.AccountUnlinked, cause.HeldByOtherDirectory}, after.Trace.Cause) || len(after.Steps) > 0 {
					t.Errorf("after the repair: %s, %+v", after.Trace.Cause, after.Steps)
				}
				c.want("after the repair it sends", c.writes(), nil)

				applied := c.apply()
				if slices.ContainsFunc(applied.Failed, func(e ledger.Entry) bool { return strings.HasPrefix(e.Subject.Name, who) }) {
					t.Errorf("the next apply: %+v", applied.Failed)
				}
				others := slices.DeleteFunc(slices.Clone(everything), func(s string) bool { return strings.HasPrefix(s, who+" ") })
				c.want("after the next apply", c.broken(), others)
				c.sync.Full = time.Nanosecond
				if last := c.apply(); last.Run.Counts.Done > 0 {
					t.Errorf("read anew, there was still something to do: %+v", last.Run.Counts)
				}
			})
		}
	}
}

func TestEverybodyRepairedTheRollCallIsClean(t *testing.T) {
	c := openHospital(t, nil)
	for _, who := range []string{"lena", "tom", "uma"} {
		c.letGo(c.repair(who))
	}
	for _, who := range []string{"lena", "tom", "uma"} {
		if got := c.repair(who); got.Run.Counts.Done != 1 {
			t.Errorf("%s: %+v", who, got.Run.Counts)
		}
	}
	holds, err := c.sync.Store.Holds(t.Context(), "clinic")
	must(t, err)
	if len(holds) > 0 {
		t.Errorf("still waiting: %+v", holds)
	}
	c.apply()
	c.want("afterwards", c.broken(), nil)
}

func TestWhatIsNotAsItWasWhenLetGoIsNotRepaired(t *testing.T) {
	c := openHospital(t, nil)
	first := c.repair("uma")
	c.letGo(first)
	c.writes()
	if err := c.labs.Atlassian.SetEmail("a-uma", "someone.else@clinic.example"); err != nil { // the account has become another person's
		t.Fatal(err)
	}
	got := c.repair("uma")
	if len(got.Done) > 0 || len(got.Steps) > 0 {
		t.Errorf("%+v, %+v", got.Done, got.Steps)
	}
	c.want("sent", c.writes(), nil)
}

func TestARecordOfSomebodyWhoIsInEntraIsNeverTouched(t *testing.T) {
	for name, change := range map[string]func(fstest.MapFS){
		"its externalId is a living user's": func(files fstest.MapFS) {
			files["entra/users.json"].Data = []byte(strings.Replace(string(files["entra/users.json"].Data), `{"value":[`,
				`{"value":[{"id":"`+formerLena+`","userPrincipalName":"other@clinic.example","mail":"other@clinic.example","displayName":"Other","accountEnabled":true,"userType":"Member"},`, 1))
		},
		"its externalId is no object id": func(files fstest.MapFS) {
			files["atlassian/scim-users.json"].Data = []byte(strings.ReplaceAll(string(files["atlassian/scim-users.json"].Data), formerLena, "payroll-77"))
		},
		"its account has a record elsewhere too": func(files fstest.MapFS) {
			files["atlassian/scim-links.json"] = list("scimLinks", link("r-ann", "a-ann", "dir-here"), link("r-old-lena", "a-lena", "dir-here"), link("r-lena-there", "a-lena", "dir-okta"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := openHospital(t, change)
			got := c.repair("lena")
			if slices.ContainsFunc(got.Steps, func(s plan.Step) bool { return s.Op == plan.Delete }) {
				t.Errorf("%s: %+v", got.Trace.Cause, got.Steps)
			}
			t.Logf("%s: %q", got.Trace.Cause, got.Rest)
			c.want("sent", c.writes(), nil)
		})
	}
}

func TestNothingIsRepairedBesideAnotherWriter(t *testing.T) {
	c := openHospital(t, func(files fstest.MapFS) {
		files["entra/synchronization-jobs.json"] = list("value", `{"id":"job","schedule":{"state":"Active","interval":"PT40M"},"status":{"code":"Active"}}`)
	})
	first := c.repair("tom")
	c.letGo(first)
	c.writes()
	_, err := c.sync.Repair(t.Context(), "tom@clinic.example")
	if _, ok := errors.AsType[*engine.SecondWriter](err); !ok {
		t.Errorf("it came to %v", err)
	}
	c.want("sent", c.writes(), nil)
}

func TestALostAnswerIsAskedAfterBeforeARepairIsRepeated(t *testing.T) {
	for name, cut := range map[string]atlassian.Cut{"before": atlassian.CutBefore, "after": atlassian.CutAfter} {
		t.Run("the connection is cut "+name+" it is carried out", func(t *testing.T) {
			c := openHospital(t, nil)
			c.letGo(c.repair("uma"))
			c.labs.Atlassian.Inject(atlassian.Fault{Method: http.MethodPatch, Cut: cut, Times: 1})
			if got := c.repair("uma"); got.Run.Counts.Done != 1 {
				t.Errorf("came to %+v, %+v", got.Run.Counts, got.Done)
			}
		})
	}
}

func TestARepairThatIsKilledIsLookedUpAndNotRepeated(t *testing.T) {
	for name, sent := range map[string]bool{"before the request": false, "after it": true} {
		t.Run(name, func(t *testing.T) {
			c := openHospital(t, nil)
			first := c.repair("uma")
			c.letGo(first)
			s := first.Steps[0]
			fields, err := json.Marshal(s.Fields)
			must(t, err)
			f, _, _, _, err := c.sync.Store.Claim(t.Context(), "clinic", "killed", c.sync.Now(), time.Second)
			must(t, err)
			must(t, c.sync.Store.BeginRun(t.Context(), f, ledger.Run{ID: "killed", Connection: "clinic", Command: "repair", State: ledger.Running}))
			_, err = c.sync.Store.Intend(t.Context(), f, []ledger.Entry{{
				Run: "killed", Step: s.ID, Op: string(s.Op), Kind: s.Kind, Subject: ledger.Subject{ID: s.Subject.ID, Name: s.Subject.Name, Target: s.Subject.Target}, Fields: fields, Outcome: ledger.Intended,
			}})
			must(t, err)
			if sent {
				_, err := c.sync.Target.Do(t.Context(), target.Change{Op: s.Op, Kind: s.Kind, ID: s.Subject.Target, Fields: s.Fields})
				must(t, err)
			}
			must(t, c.sync.Store.Release(t.Context(), f))
			c.writes()
			got := c.repair("uma")
			want := target.NotDone
			if sent {
				want = target.Done
			}
			if len(got.Settled) != 1 || got.Settled[0].Said != want {
				t.Errorf("looked up: %+v", got.Settled)
			}
			if n := len(c.writes()); sent != (n == 0) {
				t.Errorf("%d requests", n)
			}
			if got = c.repair("uma"); got.Trace.Cause == cause.HeldByOtherDirectory {
				t.Errorf("still %s", got.Trace.Summary)
			}
		})
	}
}
