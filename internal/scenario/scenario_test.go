package scenario_test

import (
	"context"
	"flag"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/scenario"
)

var update = flag.Bool("update", false, "rewrite the expected answers of the scenarios")

// saved writes the documents of a tenant to a folder of the test.
func saved(t *testing.T, tenant *scenario.Tenant) string {
	t.Helper()
	dir := t.TempDir()
	if err := tenant.Write(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// load reads a saved bundle as the program does.
func load(t *testing.T, dir string, s *scenario.Scenario, focus ...string) *facts.World {
	t.Helper()
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Load(context.Background(), focus, nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := lower(w, s.Limits); err != nil {
		t.Fatal(err)
	}
	return w
}

func build(t *testing.T, dir fs.FS, s *scenario.Scenario) *scenario.Tenant {
	t.Helper()
	tenant, err := s.Tenant(dir)
	if err != nil {
		t.Fatal(err)
	}
	return tenant
}

func TestScenariosAreAnsweredAsExpected(t *testing.T) {
	dir, all := scenarios(t)
	for _, s := range all {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			w := load(t, saved(t, build(t, dir, s)), s)
			var answers [][]string
			for _, a := range s.Asks {
				got, _ := why(w, a)
				answers = append(answers, got)
				if diff := cmp.Diff(a.Want, got); diff != "" && !*update {
					t.Errorf("why %s %s (-want +got):\n%s", a.Subject, a.Group, diff)
				}
			}
			got, _ := check(w, s.Expect)
			answers = append(answers, got)
			if diff := cmp.Diff(sortedCheck(s.Want), got); diff != "" && !*update {
				t.Errorf("check (-want +got):\n%s", diff)
			}
			if *update {
				if err := rewrite(s, answers); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// rewrite puts answers in the place of the expected ones, section by section.
func rewrite(s *scenario.Scenario, answers [][]string) error {
	file := filepath.Join("testdata", s.File)
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var out []string
	skip := false
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "== ") {
			skip = strings.HasPrefix(line, "== why") || strings.HasPrefix(line, "== check")
			out = append(out, line)
			if skip {
				out = append(out, answers[0]...)
				answers = answers[1:]
			}
		} else if !skip {
			out = append(out, line)
		}
	}
	return os.WriteFile(file, []byte(strings.Join(out, "\n")+"\n"), 0o644)
}

func TestPeopleWithoutAFindingArePresent(t *testing.T) {
	dir, all := scenarios(t)
	for _, s := range all {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			w := load(t, saved(t, build(t, dir, s)), s)
			_, rc := check(w, s.Expect)
			for i := range w.Users {
				u := &w.Users[i]
				found := slices.ContainsFunc(rc.Findings, func(f trace.Finding) bool { return f.Subject.ID == u.ID })
				_, tr := why(w, scenario.Ask{Subject: u.UserPrincipalName})
				intended := healthy(u.UserPrincipalName)
				if intended && !found && tr.Verdict != trace.Present && u.AccountEnabled.Value {
					t.Errorf("%s has no finding, but why says %s, %s", u.UserPrincipalName, tr.Verdict, tr.Cause)
				}
				if found && tr.Verdict == trace.Present {
					t.Errorf("%s has a finding, but why says present", u.UserPrincipalName)
				}
			}
		})
	}
}

// healthy tells whether the healthy tenant expects the person: everybody but those who are not assigned.
func healthy(upn string) bool {
	name, _, _ := strings.Cut(strings.ToLower(upn), "@")
	return slices.Contains([]string{
		"lena.vogel", "omar.haddad", "mia.keller", "ravi.patel", "jonas.weber", "petra.lang", "anna.schmidt", "anna.schmidt2",
		"dan.fisher", "kofi.mensah", "sara.novak", "nora.quist_partner.example#ext#",
	}, name)
}

func TestAWorldWithoutOneOfItsDocumentsNamesNoOtherCause(t *testing.T) {
	dir, all := scenarios(t)
	for _, s := range all {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			tenant := build(t, dir, s)
			folder := saved(t, tenant)
			whole := allowed(load(t, folder, s), s)
			for _, file := range tenant.Files() {
				if file != "bundle.json" {
					t.Run(strings.ReplaceAll(file, "/", "_"), func(t *testing.T) { without(t, folder, []string{file}, s, whole) })
				}
			}
			for name, kept := range poor {
				gone := slices.DeleteFunc(tenant.Files(), func(f string) bool { return f == "bundle.json" || kept(f) })
				t.Run(name, func(t *testing.T) { without(t, folder, gone, s, whole.leavers()) })
			}
		})
	}
}

// poor are recordings by somebody without rights on one side, or without any key: what is kept of the bundle.
var poor = map[string]func(file string) bool{
	"Entra's side alone":     func(f string) bool { return strings.HasPrefix(f, "entra/") },
	"Atlassian's side alone": func(f string) bool { return !strings.HasPrefix(f, "entra/") },
	"no logs": func(f string) bool {
		return !strings.Contains(f, "log") && !strings.Contains(f, "audits") && !strings.Contains(f, "events")
	},
	"no job": func(f string) bool { return !strings.Contains(f, "synchronization") },
	"no organization": func(f string) bool {
		return strings.HasPrefix(f, "entra/") || strings.Contains(f, "scim-users") || strings.Contains(f, "scim-groups")
	},
	"no directory": func(f string) bool { return !strings.Contains(f, "scim-") },
	"exports by hand": func(f string) bool {
		return slices.Contains([]string{"entra/users.json", "entra/groups.json", "entra/provisioning-logs.json", "atlassian/org-users.json"}, f)
	},
}

// causes are those that a whole world gives: to the subject of each question, to each name of the roll call, and at all.
type causes struct {
	ask    []map[cause.Code]bool
	byName map[string]map[cause.Code]bool
	any    map[cause.Code]bool
	known  map[string]bool // names that the whole world's subjects have
	extra  []bool          // for each question: active at the target though they should not be
}

// leavers also allows why somebody should be gone, for those who are still active: without any sight of Atlassian
// that is all that can be told, and it is true.
func (c causes) leavers() causes {
	c.ask = slices.Clone(c.ask)
	for i := range c.ask {
		if c.extra[i] {
			c.ask[i] = maps.Clone(c.ask[i])
			for _, code := range []cause.Code{cause.SourceDisabled, cause.SourceDeleted, cause.NotAssigned, cause.NotInSource} {
				c.ask[i][code] = true
			}
		}
	}
	return c
}

func allowed(w *facts.World, s *scenario.Scenario) causes {
	c := causes{byName: map[string]map[cause.Code]bool{}, any: map[cause.Code]bool{}, known: map[string]bool{}}
	note := func(name string, list ...cause.Code) {
		if c.byName[name] == nil {
			c.byName[name] = map[cause.Code]bool{}
		}
		for _, code := range list {
			c.byName[name][code], c.any[code] = true, true
		}
	}
	for i := range w.Users {
		c.known[w.Users[i].UserPrincipalName] = true
	}
	for i := range w.Groups {
		c.known[w.Groups[i].DisplayName] = true
	}
	for _, a := range s.Asks {
		_, tr := why(w, a)
		note(tr.Subject.Name, append(tr.Also, tr.Cause)...)
		of := map[cause.Code]bool{tr.Cause: true}
		for _, code := range tr.Also {
			of[code] = true
		}
		c.ask, c.extra = append(c.ask, of), append(c.extra, tr.Verdict == trace.Extra)
	}
	_, rc := check(w, s.Expect)
	for _, f := range rc.Findings {
		note(f.Subject.Name, append(f.Also, f.Cause)...)
	}
	return c
}

// without asks again while documents are put aside: fewer answers are right, other ones are not.
func without(t *testing.T, folder string, gone []string, s *scenario.Scenario, whole causes) {
	t.Helper()
	defer putAside(t, folder, gone)()
	w := load(t, folder, s)
	for i, a := range s.Asks {
		if got, tr := why(w, a); tr.Cause != "" && !whole.ask[i][tr.Cause] && !whole.byName[tr.Subject.Name][tr.Cause] && !general(tr, whole.ask[i]) {
			t.Errorf("why %s %s: the whole world gives no such cause: %s", a.Subject, a.Group, strings.Join(got, "; "))
		}
	}
	_, rc := check(w, s.Expect)
	for _, f := range rc.Findings {
		_, tr := why(w, scenario.Ask{Subject: f.Subject.Name})
		if f.Cause != "" && !whole.byName[f.Subject.Name][f.Cause] && (whole.known[f.Subject.Name] || !whole.any[f.Cause]) && !general(tr, whole.byName[f.Subject.Name]) {
			t.Errorf("check: the whole world gives no such cause: %s %s %s %s: %s", f.Verdict, f.Subject.Kind, f.Subject.Name, f.Subject.Group, f.Cause)
		}
	}
}

// general tells whether an answer names a cause that is true as far as it goes ("not assigned") and says beside it that a
// more particular one could not be seen: the one that the whole world gives, or, for people who are still active at
// a target that was not read, that they may be.
func general(tr trace.Trace, whole map[cause.Code]bool) bool {
	if !slices.Contains([]cause.Code{cause.NotInSource, cause.NotAssigned, cause.GroupNotSelected, cause.SourceDisabled, cause.SourceDeleted, cause.RequiredAttributeMissing}, tr.Cause) {
		return false
	}
	return slices.ContainsFunc(tr.Alternatives, func(a trace.Alternative) bool {
		return whole[a.Cause] || a.Cause == cause.NotDeprovisioned
	})
}

// putAside moves documents out of a saved bundle; the function that it returns brings them back.
func putAside(t *testing.T, folder string, gone []string) (back func()) {
	t.Helper()
	aside := folder + ".aside"
	if err := os.Mkdir(aside, 0o755); err != nil {
		t.Fatal(err)
	}
	place := func(file string) (inside, outside string) {
		return filepath.Join(folder, filepath.FromSlash(file)), filepath.Join(aside, strings.ReplaceAll(file, "/", "_"))
	}
	for _, file := range gone {
		inside, outside := place(file)
		if err := os.Rename(inside, outside); err != nil {
			t.Fatal(err)
		}
	}
	return func() {
		for _, file := range gone {
			inside, outside := place(file)
			if err := os.Rename(outside, inside); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Remove(aside); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheOrderOfRecordsDoesNotMatter(t *testing.T) {
	dir, all := scenarios(t)
	for _, s := range all {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			w := load(t, saved(t, build(t, dir, s)), s)
			for seed := range uint64(2) {
				tenant := build(t, dir, s)
				tenant.Shuffle(seed)
				shuffled := load(t, saved(t, tenant), s)
				compare(t, w, shuffled, s)
				want, _ := check(w, s.Expect)
				got, _ := check(shuffled, s.Expect)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("check, seed %d (-in order +shuffled):\n%s", seed, diff)
				}
			}
		})
	}
}

func TestLoadingOneSubjectGivesTheSameAnswer(t *testing.T) {
	dir, all := scenarios(t)
	for _, s := range all {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			folder := saved(t, build(t, dir, s))
			whole := load(t, folder, s)
			for _, a := range s.Asks {
				one := *s
				one.Asks = []scenario.Ask{a}
				compare(t, whole, load(t, folder, s, a.Subject), &one)
			}
		})
	}
}

func compare(t *testing.T, a, b *facts.World, s *scenario.Scenario) {
	t.Helper()
	for _, ask := range s.Asks {
		want, _ := why(a, ask)
		got, _ := why(b, ask)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("why %s %s (-before +after):\n%s", ask.Subject, ask.Group, diff)
		}
	}
}
