package cli

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// fabrikam is a plan of the example company.
func fabrikam(t *testing.T, method string) *engine.PlanResult {
	t.Helper()
	worlds, err := compose.Bundle(filepath.Join("..", "..", "..", "examples", "fabrikam"), nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := (&engine.Engine{Worlds: worlds}).Plan(t.Context(), engine.PlanRequest{Method: method})
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestTextAndJSONTellTheSameNumbers(t *testing.T) {
	for _, method := range methods {
		t.Run(method, func(t *testing.T) {
			r := fabrikam(t, method)
			var b bytes.Buffer
			if err := writePlan(&b, r.Plan, r.Extract(false)); err != nil {
				t.Fatal(err)
			}
			saved, err := plan.Read(&b)
			if err != nil {
				t.Fatal(err)
			}
			live, again := outlineOf(pointer(livePage(r))), outlineOf(pointer(savedPage(saved)))
			for name, out := range map[string]*outline{"made now": live, "saved": again} {
				if d := cmp.Diff(saved.Counts, countsOf(out)); d != "" {
					t.Errorf("%s: the page counts other than the document (-JSON +text)\n%s", name, d)
				}
			}
			show := func(v planPage) string {
				return shown(100, func(p *text.Page) { viewPlan(p, v, PlanOptions{Globals: &Globals{}, Full: true}) })
			}
			if d := cmp.Diff(show(livePage(r)), show(savedPage(saved))); d != "" {
				t.Errorf("a saved plan is shown in another way\n%s", d)
			}
		})
	}
}

func pointer(v planPage) *planPage { return &v }

// countsOf sums a page up as the document does: what waits belongs to the counts of what it would do.
func countsOf(out *outline) plan.Counts {
	w := func(i int) int { return out.waiting[i].count }
	c := plan.Counts{
		Adopts: out.adoptedUsers + out.adoptedGroups + w(0) + w(1), Creates: out.appear[0].count + w(2), Groups: out.appear[1].count + w(3),
		Updates: out.change[0].count + w(4), Reactivates: out.change[1].count + w(5), Adds: out.appear[2].count + w(6), Policies: out.change[2].count + w(7),
		Removes: out.away[0].count + w(8), Deactivates: out.away[1].count + w(9), GroupDeletes: out.away[2].count + w(10),
	}
	for _, h := range out.holds {
		c.Held += h.count
	}
	return c
}

func TestTheLargestPlanIsShownFromAFewOfItsLines(t *testing.T) {
	const n = 50_000
	page := planPage{method: document.Rollcall, verdicts: slices.Values[[]plan.Judgement](nil), steps: func(yield func(plan.Step) bool) {
		for i := range n {
			if !yield(stepOn(plan.Create, plan.KindUser, fmt.Sprintf("person%06d", n-i), plan.InScope)) {
				return
			}
		}
	}}
	out := outlineOf(&page)
	if p := out.appear[0]; p.count != n || len(p.lines) != few || cap(p.lines) > 4*few {
		t.Errorf("%d users, of whom %d lines are kept (%d)", p.count, len(p.lines), cap(p.lines))
	}
	short := shown(100, func(p *text.Page) { viewPlan(p, page, planOptions()) })
	for _, want := range []string{"50,000 users are created\n    +  person000001@", "and 49,992 more: --full", "everything, line by line"} {
		if !strings.Contains(short, want) {
			t.Errorf("%q is not on the page\n%s", want, short)
		}
	}
	o := planOptions()
	o.Full = true
	if got := strings.Count(shown(100, func(p *text.Page) { viewPlan(p, page, o) }), "\n    +  "); got != n {
		t.Errorf("%d lines with --full, want %d", got, n)
	}
}

func TestNothingToDoIsSaidInTheRightTone(t *testing.T) {
	for sentence, c := range map[string]struct {
		change func(*planPage)
		want   string
	}{
		"all is well":            {func(*planPage) {}, "Nothing to do: everybody is as the rules want them."},
		"something was not read": {func(v *planPage) { v.gaps = []string{"a page"} }, "Nothing to do, as far as it was told; not everything was."},
		"nothing can be done": {func(v *planPage) {
			v.verdicts = slices.Values([]plan.Judgement{{Subject: plan.Subject{Kind: "group", Name: "site-admins"}, Verdict: plan.Missing, Reason: plan.BuiltInGroup.String(), Text: plan.BuiltInGroup.Text()}})
		}, "There is nothing that could be done"},
		"one person is as wanted": {func(v *planPage) {
			v.only, v.about = &plan.Only{User: &plan.Subject{Name: "ada@acme.example"}}, &plan.About{}
		}, "Nothing to do here."},
		"one person was deleted": {func(v *planPage) {
			v.only, v.deleted = &plan.Only{User: &plan.Subject{Name: "ada@acme.example"}}, true
		}, "No plan concerns them: they were deleted in Entra"},
		"one person is not of the group": {func(v *planPage) {
			v.only, v.apart = &plan.Only{User: &plan.Subject{Name: "ada@acme.example"}, Group: &plan.Subject{Name: "ops"}}, true
		}, "ada@acme.example is not to be in ops."},
		"somebody has an account alone": {func(v *planPage) { v.only = &plan.Only{User: &plan.Subject{Name: "ada@acme.example"}} }, "No plan concerns them"},
	} {
		t.Run(sentence, func(t *testing.T) {
			v := planPage{connection: "acme", method: document.Rollcall, at: noon, steps: slices.Values[[]plan.Step](nil), verdicts: slices.Values[[]plan.Judgement](nil)}
			c.change(&v)
			if got := shown(100, func(p *text.Page) { viewPlan(p, v, planOptions()) }); !strings.Contains(got, c.want) {
				t.Errorf("%q is not on the page\n%s", c.want, got)
			}
		})
	}
}

func TestForeignNamesCannotSteerThePageOfAPlan(t *testing.T) {
	const evil = "Eve\x1b[2J\u202e"
	page := examplePage()
	s := stepOn(plan.AddMembers, plan.KindGroup, evil, plan.MemberInSource)
	s.Items = []plan.Item{{ID: "1", Name: evil}}
	c := stepOn(plan.Update, plan.KindUser, evil, plan.ValuesDiffer)
	c.Fields = []plan.Field{{Path: "title", Old: document.TextValue(evil), New: document.TextValue("x")}}
	page.steps, page.gaps, page.rules = slices.Values([]plan.Step{s, c}), []string{evil}, evil
	m := plan.Moved{Source: true, Gone: []plan.Step{s}, Changed: []plan.Change{{Was: c, Is: s}}}
	out := shown(60, func(p *text.Page) {
		viewPlan(p, page, planOptions())
		viewMoved(p, &plan.Saved{Connection: evil}, &m, planOptions())
	})
	var b bytes.Buffer
	if err := writeSaved(&b, &plan.Saved{Connection: "Eve\u009b\u202e", Steps: []plan.Step{c}}); err != nil {
		t.Fatal(err)
	}
	for what, text := range map[string]string{"text": out, "json": b.String()} {
		if i := strings.IndexAny(text, "\x1b\u009b\u202e"); i >= 0 || !strings.Contains(text, "Eve") {
			t.Errorf("%s lets something through, or does not name Eve: %q", what, text[max(i, 0):min(len(text), max(i, 0)+20)])
		}
	}
}

func TestTheCleanerDoesNotMindWhereTextIsCut(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		whole := rapid.StringMatching(`("[a-zäø田🚀\x{202e}\x{9b}]*"\n){0,5}`).Draw(t, "json")
		var b bytes.Buffer
		c := &cleaner{to: bufio.NewWriter(&b)}
		for rest := whole; rest != ""; {
			n := rapid.IntRange(1, len(rest)).Draw(t, "bytes")
			if _, err := c.Write([]byte(rest[:n])); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		if err := c.to.Flush(); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(string(text.CleanJSON([]byte(whole))), b.String()); d != "" {
			t.Fatal(d)
		}
	})
}

func TestASavedPlanIsThereWholeOrNotAtAll(t *testing.T) {
	r := fabrikam(t, document.Rollcall)
	dir := t.TempDir()
	path := filepath.Join(dir, "plan.json")
	if err := os.WriteFile(path, []byte(`{"id": "x", "at": "", "connection": "", "method": "", "cut`), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := savePlan(path, r.Plan, r.Extract(false)); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("others can read it: %v", info.Mode())
	}
	if _, err := readPlan(path); err != nil {
		t.Errorf("it cannot be read: %v", err)
	}
	if err := savePlan(filepath.Join(dir, "nowhere", "plan.json"), r.Plan, r.Extract(false)); err == nil {
		t.Error("it was saved where nothing is")
	}
	if err := savePlan(dir, r.Plan, r.Extract(false)); err == nil {
		t.Error("a folder was replaced")
	}
	if err := savePlan(os.DevNull, r.Plan, r.Extract(false)); err == nil {
		t.Error("a device was replaced")
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 1 {
		t.Errorf("what is left in the folder: %v, %v", left, err)
	}
}

func TestWhatMovedIsSaidStepByStep(t *testing.T) {
	steps := slices.Collect(examplePage().steps)
	was, is := steps[9], steps[9] // jira-developers
	is.Items = []plan.Item{member("lena"), member("zoe")}
	update := steps[7]
	now := update
	now.Fields = []plan.Field{{Path: "title", Old: document.TextValue("Engineer"), New: document.TextValue("Director")}}
	same(t, `
The world moved since this plan was made: make a new plan.
acme   Entra → rollcall → Guard   made for 20 Nov 2026 12:00 UTC
  Entra      not as it was
  Atlassian  as it was
  the rules  as they were

2 steps are no longer to be done
  ~  old@acme.example   adopt the record: an old record holds the name or address
                        held: stale-record
  +  lena@acme.example  create the user: jira-developers ← platform-team

2 steps are new
  −  jira-admins        tom@acme.example
  −  karl@acme.example  deactivate: disabled in Entra

2 steps are not as planned
  +  jira-developers     now also zoe@acme.example
                         no longer nils@acme.example, old@acme.example
                         1 held, now not held
  ~  amira@acme.example  title: Engineer → Senior Engineer, now Engineer → Director
                         department: no longer nothing → Sales
                         work email: no longer a@acme.example → amira@acme.example

Next     rollcall plan --bundle b --config my.yaml --method rollcall --group jira-developers --out plan.json
           a new plan in its place
`, shown(100, func(p *text.Page) {
		viewMoved(p, &plan.Saved{Connection: "acme", Method: document.Rollcall, At: noon, Only: &plan.Only{Group: &plan.Subject{Name: "jira-developers"}}},
			&plan.Moved{Source: true, Gone: steps[2:4], New: steps[12:], Changed: []plan.Change{{Was: was, Is: is}, {Was: update, Is: now}}},
			PlanOptions{Globals: &Globals{Bundle: "b", Config: "my.yaml"}, Saved: "plan.json"})
	}))
}

func TestOfOtherRulesNothingIsSaidOfTheTwoSides(t *testing.T) {
	got := shown(100, func(p *text.Page) {
		viewMoved(p, &plan.Saved{Rules: "my.yaml, connection acme"}, &plan.Moved{Rules: true}, PlanOptions{Globals: &Globals{Bundle: "b"}, Saved: "plan.json"})
	})
	if !strings.Contains(got, "The rules are not those") || !strings.Contains(got, "The plan's rules: my.yaml, connection acme.") || strings.Contains(got, "as it was") {
		t.Errorf("the page is\n%s", got)
	}
	var b bytes.Buffer
	if err := writeJSON(&b, movedOf(&plan.Moved{Rules: true})); err != nil || strings.Contains(b.String(), "source") {
		t.Errorf("the document is %s, %v", b.String(), err)
	}
}

func TestOfAFileThatWasChangedIsSaidWhatDiffers(t *testing.T) {
	steps := slices.Collect(examplePage().steps)
	was, is := steps[3], steps[3]
	was.Subject.ID, was.Needs, was.Held = "eve", []string{"create:user:x"}, holdOf(plan.HeldStale)
	same(t, `
plan.json is not what rollcall wrote: somebody changed it, or another version of rollcall wrote it.
Make a new plan.
acme   Entra → rollcall → Guard   made for 20 Nov 2026 12:00 UTC
  Entra, Atlassian and the rules are as they were.

1 step is in the file alone
  −  karl@acme.example  deactivate: disabled in Entra

1 step is not as planned
  +  lena@acme.example  another subject: eve, planned: id-lena
                        needs: create:user:x, planned: none
                        held (stale-record), planned: not held

Also changed in the file: counts

Next     rollcall plan --bundle b --method rollcall --out plan.json   a new plan in its place
`, shown(100, func(p *text.Page) {
		viewMoved(p, &plan.Saved{Connection: "acme", Method: document.Rollcall, At: noon},
			&plan.Moved{Altered: true, Gone: steps[len(steps)-1:], Changed: []plan.Change{{Was: was, Is: is}}, Parts: []string{"counts"}},
			PlanOptions{Globals: &Globals{Bundle: "b"}, Saved: "plan.json"})
	}))
}

func TestNothingButAnOlderPlanIsWrittenOver(t *testing.T) {
	dir := t.TempDir()
	in := func(name string) string { return filepath.Join(dir, name) }
	for name, text := range map[string]string{
		"rules.yaml": "connections: []", "world.zip": "PK", "members.csv": "id", "letter": "Dear", "old.json": `{"id": "x", "at": "", "connection": "", "method": "", "steps": []}`,
		"empty": "", "other.json": `{"findings": []}`,
	} {
		if err := os.WriteFile(in(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.MkdirAll(in("world/entra"), 0o700); err != nil {
		t.Fatal(err)
	}
	for name, to := range map[string]string{"link.yaml": "rules.yaml", "into": "world", "dangling": "nowhere", "to-old": "old.json"} {
		if err := os.Symlink(to, in(name)); err != nil {
			t.Skip("no links here: ", err)
		}
	}
	if err := os.Link(in("rules.yaml"), in("hard.json")); err != nil {
		t.Skip("no links here: ", err)
	}
	for out, want := range map[string]string{
		"new.json": "", "old.json": "", "empty": "", "to-old": "",
		"rules.yaml": "is no saved plan", "link.yaml": "is no saved plan", "hard.json": "is no saved plan", "letter": "is no saved plan", "other.json": "is no saved plan",
		"world.zip": "is no saved plan", "world": "is a folder", "world/plan.json": "the bundle", "world/entra/plan.json": "the bundle", "into/plan.json": "the bundle",
		"members.csv": "is no saved plan", "dangling": "is a link to nowhere, and nothing is there", "no/plan.json": "there is no folder " + in("no"),
	} {
		o := PlanOptions{Globals: &Globals{Bundle: in("world"), Config: in("rules.yaml"), With: []string{"group=" + in("members.csv")}}, Out: in(out)}
		switch err := o.checkOut(); {
		case want == "" && err != nil:
			t.Errorf("%s: %v", out, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), out)):
			t.Errorf("%s: error = %v, want %q", out, err, want)
		}
	}
	for what, o := range map[string]PlanOptions{
		"the configuration":  {Globals: &Globals{Config: in("old.json")}, Out: in("to-old")},
		"the bundle":         {Globals: &Globals{Bundle: in("old.json")}, Out: in("old.json")},
		"--with":             {Globals: &Globals{With: []string{"devs=" + in("old.json")}}, Out: in("old.json")},
		"--out names a file": {Globals: &Globals{}, Out: "-"},
	} {
		if err := o.checkOut(); err == nil || !strings.Contains(err.Error(), what) {
			t.Errorf("error = %v, want %q", err, what)
		}
	}
}

func TestNamesThatAreHugeMissingOrSharedAreToldApart(t *testing.T) {
	page := planPage{method: document.Rollcall, verdicts: slices.Values([]plan.Judgement{
		{Subject: plan.Subject{Kind: "group", ID: "id-7", Name: "guests"}, Reason: plan.DefaultGroup.String(), Verdict: plan.Wrong},
		{Subject: plan.Subject{Kind: "group", ID: "id-8", Name: "Guests"}, Reason: plan.DefaultGroup.String(), Verdict: plan.Wrong},
	})}
	group := func(op plan.Op, id, name string, items ...plan.Item) plan.Step {
		s := stepOn(op, plan.KindGroup, name, plan.InScope)
		s.Subject.ID, s.Items = id, items
		return s
	}
	huge := strings.Repeat("n", 5000)
	page.steps = slices.Values([]plan.Step{
		group(plan.Create, "id-1", huge), group(plan.Create, "id-2", ""), group(plan.Create, "id-3", "ops"),
		group(plan.AddMembers, "id-4", "ops", plan.Item{ID: "u1", Name: "bo"}, plan.Item{ID: "u2", Name: "bo"}, plan.Item{ID: "u3", Name: "cy"}, plan.Item{ID: "u4", Name: huge}),
	})
	got := shown(200, func(p *text.Page) { viewPlan(p, page, planOptions()) })
	for _, want := range []string{"+  (id-2)\n", "+  ops (id-3)\n", "+  ops (id-4)  bo (u1), bo (u2), cy, nnn", "+  " + strings.Repeat("n", 119) + "…\n", "guests (id-7), Guests (id-8)"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not on the page\n%s", want, got)
		}
	}
	if strings.Contains(got, strings.Repeat("n", 120)) {
		t.Errorf("the huge name is shown whole\n%s", got)
	}
}
