package cli

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func shown(width int, write func(*text.Page)) string {
	var b strings.Builder
	p := text.NewPage(&b, width, false)
	write(p)
	if err := p.Flush(); err != nil {
		panic(err)
	}
	return b.String()
}

func same(t *testing.T, want, got string) {
	t.Helper()
	if d := cmp.Diff(strings.TrimPrefix(want, "\n"), got); d != "" {
		t.Errorf("(-want +got)\n%s\nwhole:\n%s", d, got)
	}
}

func person(id, name, upn string) trace.Subject {
	return trace.Subject{Kind: "user", ID: id, Name: upn, Display: name}
}

func exampleRoll() trace.RollCall {
	lena, jonas := person("1", "Lena Vogel", "lena@fabrikam.example"), person("2", "Jonas Brandt", "jonas@fabrikam.example")
	nested := func(s trace.Subject) trace.Finding {
		return trace.Finding{
			Subject: s, Verdict: trace.Missing, Cause: cause.NestedGroup, Family: cause.Nested, Hop: cause.HopAssignment,
			Evidence: []trace.Evidence{{Seen: "entra/groups.json", Fact: "platform-team contains " + s.Display}},
			Fix:      []string{"assign platform-team itself"},
			Summary:  s.Display + " is missing from Atlassian: in jira-developers only through platform-team.",
		}
	}
	selin := person("4", "Selin Kaya", "selin@fabrikam.example")
	selin.Kind, selin.Group = "membership", "confluence-users"
	return trace.RollCall{
		Connection: "fabrikam", Method: "entra-scim", At: noon,
		Counts: trace.Counts{Expected: 1203, Present: 1199, Missing: 4},
		Findings: []trace.Finding{
			nested(lena), nested(jonas),
			{Subject: person("3", "Tom Baker", "tom@fabrikam.example"), Verdict: trace.Missing, Cause: cause.DuplicateAccount, Summary: "Tom Baker is kept out: another account already has tom@fabrikam.example."},
			{Subject: selin, Verdict: trace.Missing, Cause: cause.DefaultAccessGroup, Summary: "confluence-users is a default access group."},
			{Subject: trace.Subject{Kind: "group", ID: "g", Name: "confluence-users"}, Verdict: trace.Missing, Cause: cause.DefaultAccessGroup, Summary: "confluence-users is a default access group."},
		},
		Notes: []string{"atlassian/manage.json is not there: GET /users/{accountId}/manage would tell who manages an account"},
	}
}

func options() CheckOptions { return CheckOptions{Globals: &Globals{Bundle: "my bundle"}} }

func TestARollCallTellsTheCountsThenTheCausesThenWhatComesNext(t *testing.T) {
	same(t, `
fabrikam   Entra's SCIM app → Guard   20 Nov 2026 12:00 UTC
1,203 expected   1,199 present   4 missing

  4 missing
     2  nested-group          in jira-developers only through platform-team
     1  default-access-group  confluence-users is a default access group
     1  duplicate-account     Tom Baker is kept out: another account already has
                              tom@fabrikam.example

  1 group in trouble
     confluence-users  default-access-group  confluence-users is a default access group; concerns 1
                                             person

Notes  - atlassian/manage.json is not there: GET /users/{accountId}/manage would tell who manages an
       account

Next   rollcall check --bundle 'my bundle' --cause nested-group   who they are
       rollcall why --bundle 'my bundle' lena@fabrikam.example    one of them, step by step
`, shown(100, func(p *text.Page) { viewRollCall(p, exampleRoll(), options()) }))
}

func TestARollCallOfACauseListsItsPeople(t *testing.T) {
	roll, o := exampleRoll(), options()
	roll.Findings, roll.Notes, o.Causes = roll.Findings[:2], nil, []string{"nested-group"}
	same(t, `
fabrikam   Entra's SCIM app → Guard
20 Nov 2026 12:00 UTC
1,203 expected   1,199 present   4 missing

  2 missing
    nested-group  member only through a group inside the
                  assigned group
      lena@fabrikam.example
        Lena Vogel is missing from Atlassian: in
        jira-developers only through platform-team
      jonas@fabrikam.example
        Jonas Brandt is missing from Atlassian: in
        jira-developers only through platform-team

Next   rollcall why --bundle 'my bundle' lena@fabrikam.example
         one of them, step by step
       rollcall causes nested-group
         what the cause means
`, shown(56, func(p *text.Page) { viewRollCall(p, roll, o) }))
}

func TestNothingToReportIsSaidInASentence(t *testing.T) {
	roll := trace.RollCall{Connection: "fabrikam", Method: "guard-nested", At: noon, Counts: trace.Counts{Expected: 3, Present: 3}}
	same(t, `
fabrikam   Entra → Guard's nested-groups connector   20 Nov 2026 12:00 UTC
3 expected   3 present   0 missing

Nothing to report: everybody who should be there is there, as they should be.
`, shown(100, func(p *text.Page) { viewRollCall(p, roll, options()) }))
	if got := shown(100, func(p *text.Page) { viewRollCall(p, trace.RollCall{At: noon}, options()) }); !strings.Contains(got, "Nobody is expected") {
		t.Errorf("an empty roll reads as good news:\n%s", got)
	}
	o := options()
	o.Group = "finance"
	if got := shown(100, func(p *text.Page) { viewRollCall(p, roll, o) }); !strings.Contains(got, "Nothing to report for what was asked.") {
		t.Error(got)
	}
}

func exampleTrace() trace.Trace {
	hop := func(h cause.Hop, s trace.Status, words string, ev ...trace.Evidence) trace.Hop {
		return trace.Hop{Hop: h, Status: s, Summary: words, Evidence: ev}
	}
	t := trace.Trace{
		Subject: person("0f1e", "Lena Vogel", "lena@fabrikam.example"), Verdict: trace.Missing, Cause: cause.NestedGroup, Family: cause.Nested,
		Summary: "Lena Vogel is missing from Atlassian: in jira-developers only through platform-team.",
		Hops: []trace.Hop{
			hop(cause.HopSource, trace.Pass, "enabled, created 2024-03-01"),
			hop(cause.HopAssignment, trace.Fail, "Atlassian Cloud ← jira-developers ← platform-team ← Lena",
				trace.Evidence{Seen: "entra/groups.json", Fact: "jira-developers contains the group platform-team, not Lena"},
				trace.Evidence{Seen: "entra/groups.json", Fact: "platform-team contains Lena and 3 others"}),
			hop(cause.HopScope, trace.Skipped, ""), hop(cause.HopMapping, trace.Skipped, ""), hop(cause.HopProvisioning, trace.Skipped, ""),
			hop(cause.HopDirectory, trace.Follows, "no SCIM record"), hop(cause.HopAccount, trace.Skipped, ""),
			hop(cause.HopGroup, trace.Follows, "not in jira-developers"),
			hop(cause.HopPolicy, trace.NotKnown, "policies were not read", trace.Evidence{Seen: "POST /admin/control/v1/orgs/{org}/users/auth-policies/bulk-fetch", Fact: "not read: atlassian/auth-policies.json is not there"}),
			hop(cause.HopProduct, trace.Skipped, ""),
		},
		Fix:          []string{"assign platform-team itself: Entra admin center › Enterprise applications › Atlassian Cloud › Users and groups › Add", "or make Lena a direct member"},
		Also:         []cause.Code{cause.CycleDelay},
		Alternatives: []trace.Alternative{{Cause: cause.HiddenMembership, TellApart: "GET /groups shows it"}},
	}
	t.Hops[1].Cause = cause.NestedGroup
	return t
}

func answer() engine.Answer {
	return engine.Answer{Query: trace.Query{Subject: "lena@fabrikam.example"}, Trace: exampleTrace()}
}

func TestATraceGivesTheAnswerThenTheProofThenTheFix(t *testing.T) {
	o := WhyOptions{Globals: &Globals{Bundle: "b"}}
	same(t, `
Lena Vogel is missing from Atlassian: in jira-developers only through platform-team.

     1  source        pass     enabled, created 2024-03-01
     2  assignment    FAIL     Atlassian Cloud ← jira-developers ← platform-team ← Lena
                               [nested-group]
     6  directory     follows  no SCIM record
     8  group         follows  not in jira-developers
     9  policy        unknown  policies were not read
    3-5, 7, 10   skipped

Seen     entra/groups.json  jira-developers contains the group platform-team, not Lena
         entra/groups.json  platform-team contains Lena and 3 others

Unknown  policy  POST /admin/control/v1/orgs/{org}/users/auth-policies/bulk-fetch: not read:
                 atlassian/auth-policies.json is not there; by hand: Atlassian Administration ›
                 Security › Authentication policies

Fix      - assign platform-team itself: Entra admin center › Enterprise applications › Atlassian
           Cloud › Users and groups › Add
         - or make Lena a direct member

Also     cycle-delay  changed after the last cycle; not picked up yet

Or       hidden-membership: GET /groups shows it

Next     rollcall why --bundle b lena@fabrikam.example --handoff   a message for the Entra team
         rollcall check --bundle b --cause nested-group            who else has it
`, shown(100, func(p *text.Page) { viewTrace(p, answer(), o) }))
}

func TestAHandoffIsAMessageToTheOtherTeam(t *testing.T) {
	same(t, `
To:       the Entra team
Subject:  Lena Vogel: missing at Atlassian (nested-group)

Hello,

Lena Vogel is missing from Atlassian: in jira-developers only through platform-team.
Entra's provisioning service reads the direct members of an assigned group and nothing below. The
person is in a group inside the group, so the service never sees the person there, and logs nothing.

Who
  name  Lena Vogel
  user  lena@fabrikam.example
  id    0f1e

What is seen (fabrikam, Entra's SCIM app → Guard, recorded 20 Nov 2026 12:00 UTC)
  1. entra/groups.json: jira-developers contains the group platform-team, not Lena
  2. entra/groups.json: platform-team contains Lena and 3 others

What we ask you to do
  1. assign platform-team itself: Entra admin center › Enterprise applications › Atlassian Cloud ›
     Users and groups › Add
  2. or make Lena a direct member

What we could not see; please look it up and tell us
  1. policy (policies were not read): Atlassian Administration › Security › Authentication policies,
     or POST /admin/control/v1/orgs/{org}/users/auth-policies/bulk-fetch

What it could be
  1. hidden-membership: GET /groups shows it

What else was found, not asked of you here
  1. cycle-delay: changed after the last cycle; not picked up yet (the Entra team)

Thank you.
`, shown(100, func(p *text.Page) {
		viewHandoff(p, answer(), engine.Answers{Connection: "fabrikam", Method: "entra-scim", At: noon})
	}))
}

func TestAHandoffWithoutACauseGoesToWhoeverCanLook(t *testing.T) {
	a := answer()
	a.Trace.Cause, a.Trace.Verdict = "", trace.Unknown
	a.Trace.Hops[1].Status = trace.Pass
	if got := addressee(a.Trace).team(); got != "the Atlassian team" {
		t.Errorf("only the policy is unknown, and the message goes to %s", got)
	}
	a.Trace.Hops[4].Status = trace.NotKnown
	if got := addressee(a.Trace).team(); got != "the Entra and the Atlassian team" {
		t.Errorf("policy and provisioning are unknown, and the message goes to %s", got)
	}
}

func TestSkippedHopsShareALine(t *testing.T) {
	for want, list := range map[string][]int{"": nil, "7": {7}, "3-5, 7, 9-10": {3, 4, 5, 7, 9, 10}, "1-10": {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}} {
		if got := ranges(list); got != want {
			t.Errorf("ranges(%v) = %q, want %q", list, got, want)
		}
	}
}

func TestNamesFromDocumentsNeverSteerTheTerminal(t *testing.T) {
	evil := "Eve\x1b]0;owned\a\x1b[2J\u202e\u009b31m"
	roll, a := exampleRoll(), answer()
	for i := range roll.Findings {
		f := &roll.Findings[i]
		f.Subject.Name, f.Subject.Display, f.Summary = evil, evil, evil
		f.Evidence = []trace.Evidence{{Seen: evil, Fact: evil}}
	}
	roll.Connection, roll.Notes = evil, []string{evil}
	a.Trace.Subject, a.Trace.Summary, a.Trace.Fix = person(evil, evil, evil), evil, []string{evil}
	a.Trace.Hops[1].Evidence[0].Fact, a.Query.Subject = evil, evil
	o := options()
	o.Verbose, o.All = true, true
	out := shown(80, func(p *text.Page) {
		viewRollCall(p, roll, o)
		viewTrace(p, a, WhyOptions{Globals: o.Globals})
		viewHandoff(p, a, engine.Answers{Connection: evil})
	})
	var b bytes.Buffer
	if err := writeRollCall(&b, roll); err != nil {
		t.Fatal(err)
	}
	var errs strings.Builder
	s := Streams{Out: &b, Err: &errs}
	s.complain(fmt.Errorf("reading %s: broken", evil), true)
	viewAmbiguous(Streams{Err: &errs, Env: func(string) string { return "" }}, &trace.Ambiguous{Query: evil, Candidates: []trace.Subject{a.Trace.Subject}}, o.Globals, func(id string) string { return o.command("why", id) })
	for what, text := range map[string]string{"text": out, "json": b.String(), "errors": errs.String()} {
		if i := strings.IndexAny(text, "\x1b\a\u009b\u202e"); i >= 0 {
			t.Errorf("%s lets %q through", what, text[i:min(len(text), i+20)])
		}
		if !strings.Contains(text, "Eve") {
			t.Errorf("%s does not name Eve at all", what)
		}
	}
}

func TestEveryLineOfTextFitsASmallWindow(t *testing.T) {
	o := options()
	o.Bundle = "b"
	out := shown(60, func(p *text.Page) {
		viewRollCall(p, exampleRoll(), o)
		viewTrace(p, answer(), WhyOptions{Globals: o.Globals})
		viewHandoff(p, answer(), engine.Answers{Connection: "fabrikam", Method: "entra-scim", At: noon})
		for _, c := range cause.All() {
			viewCause(p, c)
		}
	})
	for line := range strings.SplitSeq(out, "\n") {
		if strings.HasSuffix(line, " ") {
			t.Errorf("ends in blanks: %q", line)
		}
		// Commands, addresses of pages and API paths stay in one piece, however long.
		words := strings.Fields(line)
		if text.Width(line) > 60 && !strings.Contains(line, "rollcall ") && len(words) > 1 {
			t.Errorf("%d columns: %s", text.Width(line), line)
		}
	}
}
