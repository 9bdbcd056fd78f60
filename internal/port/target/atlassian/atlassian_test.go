package atlassian_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	lab "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/atlassian"
	"github.com/rollcall/rollcall/internal/port/target/targettest"
	"github.com/rollcall/rollcall/internal/port/wire"
)

const host = "https://api.atlassian.com"

func client(t *testing.T, base, key string, transport http.RoundTripper) *wire.Client {
	t.Helper()
	c, err := wire.New(wire.Options{
		Base: base, Transport: transport, Attempts: 3,
		Authorize: func(_ context.Context, r *http.Request, _ string) error {
			r.Header.Set("Authorization", "Bearer "+key)
			return nil
		},
		Sleep: func(ctx context.Context, _ time.Duration) error { return ctx.Err() },
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// open gives a target over a lab; time passes only where the target waits.
func open(t *testing.T, l *lab.Lab, o atlassian.Options) (*atlassian.Target, *targettest.Lossy) {
	t.Helper()
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	l.Now = func() time.Time { return now }
	l.Domains = []lab.Domain{{Name: "fabrikam.example", Directory: lab.DefaultDirectory}}
	lossy := &targettest.Lossy{To: l.Transport()}
	o.Org = lab.DefaultOrg
	o.Sleep = func(ctx context.Context, d time.Duration) error { now = now.Add(d); return ctx.Err() }
	scim := client(t, host+"/scim/directory/"+lab.DefaultDirectory, lab.DefaultKey, lossy)
	return atlassian.New(scim, client(t, host, lab.DefaultAdminKey, lossy), o), lossy
}

func TestTheSuiteOverTheLab(t *testing.T) {
	for name, c := range map[string]struct {
		readings lab.Readings
		limits   lab.Limits
		opts     atlassian.Options
	}{
		"as it is":              {},
		"few members at a time": {limits: lab.Limits{PatchMembers: 5, UserPage: 10}, opts: atlassian.Options{PatchMembers: 5, MembersInCreate: 2}},
		"the other readings of what the vendor leaves open": {readings: lab.Readings{
			DeleteKeepsRecord: true, RenameRefused: true, UnknownMemberIs400: true, ListsWithoutMembers: true, UniqueExternalID: true, PutIgnoresMembers: true,
		}},
	} {
		t.Run(name, func(t *testing.T) {
			targettest.Run(t, func(t *testing.T) *targettest.Harness {
				to, lossy := open(t, &lab.Lab{Readings: c.readings, Limits: c.limits}, c.opts)
				return &targettest.Harness{Target: to, LoseNext: lossy.LoseNext, Writes: lossy.Writes}
			})
		})
	}
}

// people makes records, and gives their accounts.
func people(t *testing.T, to target.Target, names ...string) []string {
	t.Helper()
	var accounts []string
	for _, name := range names {
		c := target.Change{Op: plan.Create, Kind: plan.KindUser, Name: name}
		for _, f := range [][2]string{{"externalId", "id-" + name}, {"userName", name}, {"displayName", name}, {`emails[type eq "work"].value`, name}, {"active", "True"}} {
			c.Fields = append(c.Fields, plan.Field{Path: f[0], Old: document.NullValue, New: document.TextValue(f[1])})
		}
		r, err := to.Do(t.Context(), c)
		if err != nil || r.Account == "" {
			t.Fatalf("making %s: %+v, %v", name, r, err)
		}
		accounts = append(accounts, r.Account)
	}
	return accounts
}

const strict = "policy-strict"

func withPolicy(l *lab.Lab) *lab.Lab {
	l.Policies = []lab.Policy{
		{ID: "policy-usual", Name: "Default", Directory: lab.DefaultDirectory, Default: true},
		{ID: "policy-local", Name: "Local", Directory: lab.LocalDirectory, Default: true},
		{ID: strict, Name: "SSO required", Directory: lab.DefaultDirectory},
	}
	return l
}

func TestAccountsEnterAPolicyAndAreSeenThere(t *testing.T) {
	for name, l := range map[string]*lab.Lab{"at once": {}, "after a while": {Propagation: 20 * time.Second}} {
		t.Run(name, func(t *testing.T) {
			to, lossy := open(t, withPolicy(l), atlassian.Options{PolicyBatch: 2})
			accounts := people(t, to, "a@fabrikam.example", "b@fabrikam.example", "c@fabrikam.example")
			if l.Propagation > 0 {
				at := l.Now().Add(time.Hour) // the accounts are there
				l.Now = func() time.Time { at = at.Add(time.Second); return at }
			}
			c := target.Change{Op: plan.AddMembers, Kind: plan.KindPolicy, ID: strict, Name: "SSO required", Add: accounts}
			if _, said, err := to.Confirm(t.Context(), c); err != nil || said != target.NotDone {
				t.Fatalf("before: %v, %v", said, err)
			}
			r, err := to.Do(t.Context(), c)
			if err != nil || r.ID != strict || r.Status != http.StatusAccepted {
				t.Fatalf("%+v, %v", r, err)
			}
			if _, said, err := to.Confirm(t.Context(), c); err != nil || said != target.Done {
				t.Fatalf("after: %v, %v", said, err)
			}
			before := len(added(l))
			if r, err := to.Do(t.Context(), c); err != nil || r.Status != 0 || len(added(l)) != before {
				t.Errorf("once more: %+v, %v, %d requests", r, err, lossy.Writes())
			}
		})
	}
}

// added are the requests that put accounts into a policy.
func added(l *lab.Lab) []lab.Request {
	var out []lab.Request
	for _, r := range l.Requests() {
		if strings.HasSuffix(r.Path, "/add-users") {
			out = append(out, r)
		}
	}
	return out
}

func TestWhatCannotBeDoneAboutPoliciesIsSaid(t *testing.T) {
	to, _ := open(t, withPolicy(&lab.Lab{}), atlassian.Options{})
	managed := people(t, to, "a@fabrikam.example")
	foreign := people(t, to, "b@elsewhere.example")
	without := atlassian.New(client(t, host, lab.DefaultKey, (&lab.Lab{}).Transport()), nil, atlassian.Options{})
	for name, c := range map[string]struct {
		to     *atlassian.Target
		change target.Change
		class  target.Class
		text   string
	}{
		"nobody is taken out":          {to, target.Change{ID: strict, Remove: managed}, target.Permanent, "by entering another one"},
		"a policy that is not there":   {to, target.Change{ID: "none", Add: managed}, target.Person, "there is no authentication policy none"},
		"an account that is not known": {to, target.Change{ID: strict, Add: []string{"712020:nobody"}}, target.Permanent, "does not know the account 712020:nobody as managed"},
		"an account that is not ours":  {to, target.Change{ID: strict, Add: foreign}, target.Permanent, "managed"},
		"no organization":              {without, target.Change{ID: strict, Add: managed}, target.Permanent, "not configured"},
	} {
		t.Run(name, func(t *testing.T) {
			c.change.Op, c.change.Kind, c.change.Name = plan.AddMembers, plan.KindPolicy, "SSO required"
			_, err := c.to.Do(t.Context(), c.change)
			failed, ok := errors.AsType[*target.Error](err)
			if !ok || failed.Class != c.class || !strings.Contains(failed.Error(), c.text) {
				t.Errorf("%v (%+v)", err, failed)
			}
		})
	}
}

func TestATaskThatDoesNotEndIsNotKnownToBeDone(t *testing.T) {
	l := withPolicy(&lab.Lab{})
	to, _ := open(t, l, atlassian.Options{Settle: 10 * time.Second})
	accounts := people(t, to, "a@fabrikam.example")
	l.Inject(lab.Fault{Method: http.MethodGet, Path: "*/auth-policy/task/*", Status: http.StatusNotFound})
	c := target.Change{Op: plan.AddMembers, Kind: plan.KindPolicy, ID: strict, Name: "SSO required", Add: accounts}
	_, err := to.Do(t.Context(), c)
	if failed, ok := errors.AsType[*target.Error](err); !ok || failed.Class != target.Lost {
		t.Fatalf("%v", err)
	}
	if _, said, err := to.Confirm(t.Context(), c); err != nil || said != target.Done {
		t.Errorf("where they are says more than the task: %v, %v", said, err)
	}
}

func TestItSaysWhatItCan(t *testing.T) {
	to, _ := open(t, &lab.Lab{}, atlassian.Options{})
	got, err := to.Can(t.Context())
	if want := (target.Abilities{Patch: true, Filter: true, Policies: true, Repairs: true, PatchMembers: 500, MembersInCreate: 500}); err != nil || got != want {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestTheAccountOfARecordIsFound(t *testing.T) {
	for record, want := range map[string]string{
		`{"urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":"712020:a"}}`: "712020:a",
		`{"urn:scim:schemas:extension:atlassian-external:1.0":{"atlassianAccountId":null}}`:       "",
		`{"id":"x"}`: "", `no JSON`: "",
	} {
		if got := atlassian.Account([]byte(record)); got != want {
			t.Errorf("%s: %q", record, got)
		}
	}
}
