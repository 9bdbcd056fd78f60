package scenario_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
)

func TestAWorldWithoutOneOfItsDocumentsNamesNoOtherCause(t *testing.T) {
	dir, all := asking(t)
	for _, s := range testkit.Sample(t, all, 6) {
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
	if !slices.Contains([]cause.Code{cause.NotInSource, cause.NotAssigned, cause.GroupNotSelected, cause.SourceDisabled, cause.SourceDeleted, cause.RequiredAttributeMissing, cause.NotDeprovisioned}, tr.Cause) {
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
