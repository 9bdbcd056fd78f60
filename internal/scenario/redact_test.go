package scenario_test

import (
	"cmp"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
)

// redacted writes a bundle anew without the people in it.
func redacted(t *testing.T, dir string) (string, *bundle.Redaction) {
	t.Helper()
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	r := bundle.NewRedaction([]byte("a key of tests"))
	out := filepath.Join(t.TempDir(), "redacted")
	w, err := bundle.Create(out, r.Manifest(b.Manifest))
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := b.Record(t.Context(), r.Recorder(w)); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out, r
}

// gist is what an answer comes to, without names.
func gist(rc trace.RollCall) []string {
	out := []string{fmt.Sprintf("%+v", rc.Counts)}
	for _, f := range rc.Findings {
		also := slices.Sorted(slices.Values(f.Also))
		out = append(out, fmt.Sprint(f.Subject.Kind, " ", f.Verdict, " ", f.Cause, " ", f.Hop, " ", also))
	}
	slices.Sort(out[1:])
	return out
}

func TestARedactedBundleHasTheSameCauses(t *testing.T) {
	dir, all := scenarios(t)
	var some []*scenario.Scenario
	for i, s := range all {
		if i%5 == 0 && (len(s.Asks) > 0 || s.Check) {
			some = append(some, s)
		}
	}
	if len(some) < 30 {
		t.Errorf("%d worlds, want 30", len(some))
	}
	for _, s := range testkit.Sample(t, some, 6) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			from := saved(t, build(t, dir, s))
			to, r := redacted(t, from)
			whole, other := load(t, from, s), load(t, to, s)
			_, was := check(whole, s.Expect)
			var expect []string
			for _, e := range s.Expect {
				expect = append(expect, r.Name(e))
			}
			_, is := check(other, expect)
			if diff := gocmp.Diff(gist(was), gist(is)); diff != "" {
				t.Errorf("check (- original, + redacted):\n%s", diff)
			}
			for _, a := range s.Asks {
				_, was := why(whole, a)
				_, is := why(other, scenario.Ask{Subject: r.Name(scenario.ID(a.Subject)), Group: r.Name(scenario.ID(a.Group))})
				if was.Verdict != is.Verdict || was.Cause != is.Cause || !gocmp.Equal(hops(was), hops(is)) {
					t.Errorf("why %s %s: %s %s, redacted %s %s\n%s", a.Subject, a.Group, was.Verdict, was.Cause, is.Verdict, is.Cause, gocmp.Diff(hops(was), hops(is)))
				}
			}
		})
	}
}

func hops(t trace.Trace) (out []string) {
	for _, h := range t.Hops {
		out = append(out, fmt.Sprint(h.Hop, " ", h.Status, " ", h.Cause))
	}
	return out
}

func TestARedactedBundleNamesNobody(t *testing.T) {
	fabrikam := filepath.Join("..", "..", "examples", "fabrikam")
	to, r := redacted(t, fabrikam)
	open := func(dir string) *facts.World { return load(t, dir, &scenario.Scenario{}) }
	whole := open(fabrikam)
	if diff := gocmp.Diff(gist(trace.New(whole).Check(trace.CheckOptions{All: true})), gist(trace.New(open(to)).Check(trace.CheckOptions{All: true}))); diff != "" {
		t.Errorf("check (- original, + redacted):\n%s", diff)
	}
	for _, user := range testkit.Sample(t, whole.Users, 5) {
		u := user.UserPrincipalName
		_, was := why(whole, scenario.Ask{Subject: u})
		_, is := why(open(to), scenario.Ask{Subject: r.Name(u)})
		if was.Cause != is.Cause || !gocmp.Equal(hops(was), hops(is)) {
			t.Errorf("why %s: %s, redacted %s\n%s", u, was.Cause, is.Cause, gocmp.Diff(hops(was), hops(is)))
		}
	}
	names := named(whole)
	if len(names) < 150 {
		t.Fatalf("%d names to look for", len(names))
	}
	err := filepath.WalkDir(to, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		lower := strings.ToLower(path[len(to):] + "\n" + string(text))
		for _, n := range names {
			if holdsWord(lower, n) {
				t.Errorf("%s holds %q", path[len(to):], n)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// holdsWord tells whether a text holds a name that is not a piece of a longer word.
func holdsWord(text, name string) bool {
	letter := func(s string, decode func(string) (rune, int)) bool { c, _ := decode(s); return unicode.IsLetter(c) }
	for at := 0; ; {
		i := strings.Index(text[at:], name)
		if i < 0 {
			return false
		}
		at += i + len(name)
		if !letter(text[:at-len(name)], utf8.DecodeLastRuneInString) && !letter(text[at:], utf8.DecodeRuneInString) {
			return true
		}
	}
}

// named are all names, parts of names, addresses and domains of a world, in lower case. A group that is named with words
// of the products alone is no secret.
func named(w *facts.World) []string {
	var all []string
	add := func(texts ...string) {
		for _, s := range texts {
			if s = strings.ToLower(s); len(s) > 2 {
				all = append(all, s)
			}
		}
	}
	for _, u := range slices.Concat(w.Users, w.Deleted) {
		add(u.UserPrincipalName, u.DisplayName, u.GivenName, u.Surname, u.Mail.Value, u.MailNickname, u.JobTitle, u.Department)
		add(u.ProxyAddresses...)
		add(u.OtherMails...)
	}
	for i := range w.ScimUsers {
		add(w.ScimUsers[i].UserName, w.ScimUsers[i].DisplayName, w.ScimUsers[i].Email())
	}
	for i := range w.OrgUsers {
		add(w.OrgUsers[i].Name, w.OrgUsers[i].Email)
	}
	for i := range w.Groups {
		add(w.Groups[i].DisplayName, w.Groups[i].Description)
	}
	for i := range w.OrgGroups {
		add(w.OrgGroups[i].Name)
	}
	for d := range w.Domains {
		add(d)
	}
	add("fabrikam", w.Bundle.Connection.Name)
	all = slices.DeleteFunc(all, func(s string) bool {
		return slices.Contains([]string{"confluence-users", "jira-software-users", "site-admins"}, s)
	})
	slices.SortFunc(all, cmp.Compare[string])
	return slices.Compact(all)
}
