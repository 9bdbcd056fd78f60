package guard_test

import (
	"context"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
	lab "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/port/evidence/guard"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

func filesOf(folder string) fs.FS { return os.DirFS(folder) }

// calls are the calls of which each document is made.
var calls = map[document.File]string{
	document.ScimUsers:        "*/scim/directory/*/Users",
	document.ScimGroups:       "*/scim/directory/*/Groups",
	document.ScimLinks:        "*/get-scim-links-for-email",
	document.OrgUsers:         "*/users/search",
	document.OrgGroups:        "*/groups/search",
	document.Domains:          "*/domains",
	document.Manage:           "*/manage",
	document.AuthPolicies:     "*/bulk-fetch",
	document.Events:           "*/events*",
	document.JiraGroups:       "*/group/member",
	document.ApplicationRoles: "*/applicationrole",
}

// whatGoesWrong goes on for good, so that no repetition heals it.
var whatGoesWrong = map[string]lab.Fault{
	"refused":                  {Status: 403},
	"not found":                {Status: 404},
	"broken":                   {Status: 500},
	"no answer":                {Cut: lab.CutBefore},
	"the answer breaks off":    {Truncate: 40},
	"startIndex is ignored":    {IgnoreStart: true},
	"count is ignored":         {IgnoreCount: true},
	"a page is lost":           {LosePage: true},
	"the second page is lost":  {LosePage: true, Skip: 1, Times: 1},
	"the second is refused":    {Status: 403, Skip: 1, Times: 1},
	"the second breaks off":    {Truncate: 40, Skip: 1},
	"the third is not there":   {Status: 404, Skip: 2},
	"busy, and then it is not": {Status: 429, Times: 2},
}

// objects are those of a recorded document, without what pages leave behind.
func objects(t *testing.T, folder string, f document.File) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, filepath.FromSlash(string(f))))
	if errors.Is(err, fs.ErrNotExist) {
		return "absent"
	}
	if err != nil {
		t.Fatal(err)
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		t.Fatal(err)
	}
	if o, ok := doc.(map[string]any); ok {
		for _, list := range o { // whom was asked about first is no difference
			if list, ok := list.([]any); ok {
				slices.SortFunc(list, func(x, y any) int { return strings.Compare(written(x), written(y)) })
			}
		}
	}
	return written(doc)
}

func written(v any) string {
	text, err := json.Marshal(v, json.Deterministic(true))
	if err != nil {
		panic(err) // it was read from JSON
	}
	return string(text)
}

func TestWhateverGoesWrongIsAGapOrAnErrorAndNeverASilentLoss(t *testing.T) {
	folder := company(t, 205)
	clean := start(t, folder, lab.Readings{}).record(nil)
	for _, c := range testkit.Sample(t, troubles(slices.Sorted(maps.Keys(whatGoesWrong))...), 15) {
		t.Run(c.name(), func(t *testing.T) {
			t.Parallel()
			l := start(t, folder, lab.Readings{})
			l.lab.Inject(c.fault())
			if c.file != document.ScimLinks && c.file != document.Manage { // a request for everybody, which takes its time
				l.change = func(o *guard.Options) { o.OneByOne = -1 }
			}
			got, err := l.tryRecord(nil)
			if err != nil {
				return
			}
			b, err := bundle.Open(got)
			if err != nil {
				t.Fatal(err)
			}
			defer b.Close()
			gaps := map[string]bool{}
			for _, g := range b.Manifest.Gaps {
				gaps[g.File] = true
				if g.Why == "" || g.What == "" || g.Call == "" {
					t.Errorf("a gap says too little: %+v", g)
				}
			}
			for f := range calls {
				if objects(t, got, f) != objects(t, clean, f) && !gaps[string(f)] {
					t.Errorf("%s is not what it was and there is no gap: %s", f, cmp.Diff(names(t, clean, f), names(t, got, f)))
				}
			}
		})
	}
}

// trouble is one thing that goes wrong with the calls of one document.
type trouble struct {
	file document.File
	what string
}

// troubles is each of some things that go wrong with each document.
func troubles(what ...string) (all []trouble) {
	for _, file := range slices.Sorted(maps.Keys(calls)) {
		for _, w := range what {
			all = append(all, trouble{file, w})
		}
	}
	return all
}

func (c trouble) name() string { return string(c.file) + ", " + c.what }

func (c trouble) fault() lab.Fault {
	f := whatGoesWrong[c.what]
	f.Path = calls[c.file]
	return f
}

// names are what tells two recordings of a document apart, short enough to be read.
func names(t *testing.T, folder string, f document.File) []string {
	t.Helper()
	var lines []string
	for line := range strings.Lines(objects(t, folder, f)) {
		lines = append(lines, line[:min(len(line), 300)])
	}
	return lines
}

func TestAQuestionDuringTroubleNamesNoOtherCause(t *testing.T) {
	folder := filepath.FromSlash(fabrikam)
	plain := start(t, folder, lab.Readings{})
	complete := labkit.Load(t, plain.record(nil))
	for _, c := range testkit.Sample(t, troubles("refused", "no answer", "a page is lost"), 7) {
		t.Run(c.name(), func(t *testing.T) {
			t.Parallel()
			l := start(t, folder, lab.Readings{})
			for i, s := range l.subjects() {
				if i%12 != 0 && s != "selin.kaya@fabrikam.example" {
					continue
				}
				l.lab.ClearFaults()
				l.lab.Inject(c.fault())
				q := trace.Query{Subject: s}
				got, err := l.tryRecord(l.about(q))
				if err != nil {
					continue
				}
				want, have := why(t, complete, q), why(t, labkit.Load(t, got, s), q)
				if have.Cause != "" && have.Cause != want.Cause && !gapsOf(t, got, c.file) {
					t.Errorf("why %s: %s, of the whole organization %s, and nothing says that %s was not read", s, have.Cause, want.Cause, c.file)
				}
			}
		})
	}
}

func gapsOf(t *testing.T, folder string, f document.File) bool {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(folder, "bundle.json"))
	if err != nil {
		t.Fatal(err)
	}
	var m document.Bundle
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	for _, g := range m.Gaps {
		if base, _ := document.SplitSite(document.File(g.File)); base == f {
			return true
		}
	}
	return false
}

func TestAReadingThatIsCalledOffEnds(t *testing.T) {
	l := start(t, company(t, 20), lab.Readings{})
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if err := l.fetch(ctx, nil, &labkit.Kept{}); !errors.Is(err, context.Canceled) {
		t.Errorf("the error is %v", err)
	}
}
