package scenario_test

import (
	"context"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
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
	if s.Base == kubernetes {
		tenant := inSync(t)
		if err := s.On(tenant); err != nil {
			t.Fatal(err)
		}
		return tenant
	}
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
			tenant := build(t, dir, s)
			w := load(t, saved(t, tenant), s)
			answers := map[string][][]string{}
			for _, a := range s.Asks {
				got, _ := why(w, a)
				answers["why"] = append(answers["why"], got)
				if diff := cmp.Diff(a.Want, got); diff != "" && !*update {
					t.Errorf("why %s %s (-want +got):\n%s", a.Subject, a.Group, diff)
				}
			}
			if s.Check {
				got, _ := check(w, s.Expect)
				answers["check"] = append(answers["check"], got)
				if diff := cmp.Diff(sortedCheck(s.Want), got); diff != "" && !*update {
					t.Errorf("check (-want +got):\n%s", diff)
				}
			}
			for _, a := range s.Plans {
				got := planned(t, w, a, tenant.History())
				answers[kind(a.Line)] = append(answers[kind(a.Line)], got)
				if diff := cmp.Diff(a.Want, got); diff != "" && !*update {
					t.Errorf("%s (-want +got):\n%s", a.Line, diff)
				}
			}
			if *update {
				if err := rewrite(s, answers); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

// kind is the first word of a section's head.
func kind(head string) string {
	word, _, _ := strings.Cut(head, " ")
	return word
}

// rewrite puts answers, by kind of section, in the place of the expected ones.
func rewrite(s *scenario.Scenario, answers map[string][][]string) error {
	file := filepath.Join("testdata", s.File)
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	var out []string
	skip := false
	for line := range strings.Lines(string(content)) {
		line = strings.TrimSuffix(line, "\n")
		if head, ok := strings.CutPrefix(line, "== "); ok {
			out = append(out, line)
			section := answers[kind(head)]
			skip = len(section) > 0
			if skip {
				out = append(out, section[0]...)
				answers[kind(head)] = section[1:]
			}
		} else if !skip {
			out = append(out, line)
		}
	}
	return os.WriteFile(file, []byte(strings.Join(out, "\n")+"\n"), 0o644)
}

func TestPeopleWithoutAFindingArePresent(t *testing.T) {
	dir, all := asking(t)
	for _, s := range testkit.Sample(t, all, 10) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			w := load(t, saved(t, build(t, dir, s)), s)
			_, rc := check(w, s.Expect)
			for i := range w.Users {
				u := &w.Users[i]
				found := slices.ContainsFunc(rc.Findings, func(f trace.Finding) bool { return f.Subject.ID == u.ID })
				_, tr := why(w, scenario.Ask{Subject: u.UserPrincipalName})
				intended := healthy(u.UserPrincipalName)
				scoped := rc.Unscoped == "" || tr.Verdict != trace.Unknown // where nobody is known to be in scope, nobody is called
				if intended && scoped && !found && tr.Verdict != trace.Present && u.AccountEnabled.Value {
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
