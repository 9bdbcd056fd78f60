package compose

import (
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/demo"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// kestrelRules are rules of the made-up company's own: a filter, and a group that is read without those inside.
const kestrelRules = `
    scope:
      groups: [{name: sales, nested: direct}, {name: "*", exclude: [legal]}]
      filters: [["employeeType NOT EQUALS Intern", "employeeId IS NULL"]]
    map: {title: "[jobTitle]"}
`

// kestrelLabs are labs with the made-up company in them, and their clock.
func kestrelLabs(t *testing.T) (*labs.Labs, *Clock) {
	t.Helper()
	files, err := demo.Documents(demo.At)
	if err != nil {
		t.Fatal(err)
	}
	world, files, done, err := Within(files, "the made-up company")
	if err != nil {
		t.Fatal(err)
	}
	defer done.Close()
	clock := StoppedAt(demo.At)
	l, err := labs.LoadAt(files, world.Connection, clock.Now)
	if err != nil {
		t.Fatal(err)
	}
	return l, clock
}

// kestrel is the made-up company in labs, provisioned by rollcall; the job of Entra's service is stopped.
func kestrel(t *testing.T, rules string) (*Configuration, *engine.Sync) {
	t.Helper()
	l, clock := kestrelLabs(t)
	if _, err := l.StopProvisioning(t.Context()); err != nil {
		t.Fatal(err)
	}
	c, err := InLabs(l, document.Rollcall, clock, strings.TrimPrefix(rules, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := Sync(t.Context(), c, "test")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Store.Close() })
	return c, s
}

func roll(t *testing.T, worlds engine.Worlds) trace.RollCall {
	t.Helper()
	r, err := (&engine.Engine{Worlds: worlds}).Check(t.Context(), engine.CheckRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func asked(t *testing.T, c *Configuration) engine.Worlds {
	t.Helper()
	worlds, err := Live(c)
	if err != nil {
		t.Fatal(err)
	}
	return worlds
}

// captured is what was recorded of the same moment.
func captured(t *testing.T, c *Configuration, redact bool) engine.Worlds {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bundle")
	e := &engine.Engine{Worlds: asked(t, c)}
	if _, err := e.Capture(t.Context(), engine.CaptureRequest{Path: path, Redact: redact}); err != nil {
		t.Fatal(err)
	}
	worlds, err := Bundle(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	return worlds
}

func TestTheMethodRollcallIsJudgedByItsOwnRulesBeforeAndAfterItRan(t *testing.T) {
	c, s := kestrel(t, kestrelRules)
	for _, moment := range []string{"before", "after"} {
		live := roll(t, asked(t, c))
		many := map[cause.Code]int{}
		for _, f := range live.Findings {
			many[f.Cause]++
		}
		t.Logf("%s: %+v %v", moment, live.Counts, many)
		if live.Counts.Unknown > 0 {
			t.Errorf("%s: %d are unknown", moment, live.Counts.Unknown)
		}
		if many[cause.ScopingFilter] != 2 {
			t.Errorf("%s: the filter keeps two interns out, %d are said", moment, many[cause.ScopingFilter])
		}
		if many[cause.NestedGroup] != 3 {
			t.Errorf("%s: three are in sales through a group inside alone, %d are said", moment, many[cause.NestedGroup])
		}
		if waits := many[cause.NotApplied]; (waits > 0) != (moment == "before") {
			t.Errorf("%s: %d are not applied yet", moment, waits)
		}
		if held := many[cause.HeldForApproval]; (held > 0) != (moment == "after") {
			t.Errorf("%s: %d wait for a person", moment, held)
		}
		recorded := roll(t, captured(t, c, false))
		recorded.At = live.At // asking takes time
		if diff := cmp.Diff(live, recorded); diff != "" {
			t.Errorf("%s (- live, + from the capture)\n%s", moment, diff)
		}
		if diff := cmp.Diff(kinds(live), kinds(roll(t, captured(t, c, true)))); diff != "" {
			t.Errorf("%s (- live, + from the redacted capture)\n%s", moment, diff)
		}
		theSameAlone(t, c, live)
		if moment == "before" {
			if _, err := s.Apply(t.Context(), engine.ApplyRequest{}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// theSameAlone asks about everybody in trouble alone: live, and by the recording.
func theSameAlone(t *testing.T, c *Configuration, r trace.RollCall) {
	t.Helper()
	recorded := &engine.Engine{Worlds: captured(t, c, false)}
	var all []trace.Query
	for _, f := range r.Findings {
		if f.Subject.Kind == "user" && !slices.ContainsFunc(all, func(q trace.Query) bool { return q.Subject == f.Subject.Name }) {
			all = append(all, trace.Query{Subject: f.Subject.Name})
		}
	}
	want, err := recorded.Why(t.Context(), all)
	if err != nil {
		t.Fatal(err)
	}
	for i, q := range all {
		got, err := (&engine.Engine{Worlds: asked(t, c)}).Why(t.Context(), []trace.Query{q})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want.Answers[i].Trace, got.Answers[0].Trace); diff != "" {
			t.Errorf("why %s (- recorded, + live)\n%s", q.Subject, diff)
		}
	}
}

// kinds are findings without names.
func kinds(r trace.RollCall) map[string]int {
	out := map[string]int{}
	for _, f := range r.Findings {
		out[f.Subject.Kind+" "+string(f.Verdict)+" "+string(f.Cause)]++
	}
	return out
}

func TestARecordThatNothingButTheLinkTellsOfIsTheirsLiveToo(t *testing.T) {
	c, s := kestrel(t, "")
	if _, err := s.Apply(t.Context(), engine.ApplyRequest{}); err != nil {
		t.Fatal(err)
	}
	links, err := s.Store.Links(t.Context(), s.Connection.Name)
	if err != nil {
		t.Fatal(err)
	}
	w, err := asked(t, c).Load(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range links { // somebody at Atlassian gives the record another name, address and id of a source
		u, ok := w.UserByID(l.Source)
		if !ok || w.Users[u].UserPrincipalName != demo.Person {
			continue
		}
		rename(t, c, l.Target)
		theSameAlone(t, c, trace.RollCall{Findings: []trace.Finding{{Subject: trace.Subject{Kind: "user", Name: demo.Person}}}})
		got, err := (&engine.Engine{Worlds: asked(t, c)}).Why(t.Context(), []trace.Query{{Subject: demo.Person}})
		if err != nil {
			t.Fatal(err)
		}
		if tr := got.Answers[0].Trace; tr.Cause == cause.TargetRecordGone || tr.Verdict == trace.Present {
			t.Errorf("%s %s: %s", tr.Verdict, tr.Cause, tr.Summary)
		}
		return
	}
	t.Fatal("nobody has a link")
}

// rename changes everything in a record by which somebody could find it.
func rename(t *testing.T, c *Configuration, record string) {
	t.Helper()
	l := c.within.labs
	body := `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"other@kestrel.example","externalId":"somebody-else","active":true,"displayName":"Other","emails":[{"type":"work","primary":true,"value":"other@kestrel.example"}]}`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPut, "https://api.atlassian.com/scim/directory/"+l.Connection.Directory+"/Users/"+record, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+l.Keys.SCIM)
	r.Header.Set("Content-Type", "application/scim+json")
	answer, err := l.Atlassian.Transport().RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	if answer.Body.Close(); answer.StatusCode != http.StatusOK {
		t.Fatalf("renaming: %s", answer.Status)
	}
}
