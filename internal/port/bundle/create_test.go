package bundle

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

var _ evidence.Recorder = (*Writer)(nil)

var noon = document.Bundle{CapturedAt: document.At(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)), Connection: document.Connection{Name: "x", Method: document.EntraSCIM}}

// copied records a bundle anew.
func copied(t testing.TB, from, to string) {
	t.Helper()
	b, err := Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := Create(to, b.Manifest)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Abort()
	if err := b.Record(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestABundleRecordedAnewIsTheSameWorld(t *testing.T) {
	fabrikam := filepath.Join("..", "..", "..", "examples", "fabrikam")
	for _, name := range []string{"folder", "file.zip"} {
		t.Run(name, func(t *testing.T) {
			again := filepath.Join(t.TempDir(), name)
			copied(t, fabrikam, again)
			if diff := cmp.Diff(roll(load(t, fabrikam)), roll(load(t, again)), cmp.AllowUnexported(trace.Trace{})); diff != "" {
				t.Errorf("the roll call differs (- original, + recorded):\n%s", diff)
			}
			w, v := load(t, fabrikam), load(t, again)
			for _, subject := range subjects(w) {
				if diff := cmp.Diff(answer(w, subject, ""), answer(v, subject, ""), cmp.AllowUnexported(trace.Trace{})); diff != "" {
					t.Errorf("why %s (- original, + recorded):\n%s", subject, diff)
				}
			}
		})
	}
}

func roll(w *facts.World) trace.RollCall { return trace.New(w).Check(trace.CheckOptions{All: true}) }

// recorded makes a bundle by what a test tells the writer.
func recorded(t *testing.T, tell func(*Writer)) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "b")
	w, err := Create(path, noon)
	if err != nil {
		t.Fatal(err)
	}
	tell(w)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func must(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestWhatIsRecordedStandsInTheShapeOfTheServices(t *testing.T) {
	path := recorded(t, func(w *Writer) {
		must(t,
			w.Add(document.Users, "", jsontext.Value(`{ "id": "a", "new": 1 }`)), w.Add(document.Users, "", jsontext.Value(`{"id":"b"}`)), w.Whole(document.Users),
			w.Whole(document.Groups), w.Whole(document.ScimUsers), w.Whole(document.ScimLinks), w.Whole(document.Manage), w.Whole(document.ApplicationRoles), w.Whole(document.OrgUsers),
			w.Add(document.ServicePrincipals, "", jsontext.Value(`{"id":"p"}`)), w.Whole(document.ServicePrincipals),
			w.Add("jira/a.example/groups.json", "devs \"x\"", jsontext.Value(`{"values":[]}`)), w.Whole("jira/a.example/groups.json"),
			w.Add(document.TroubleshootingLog, "", jsontext.Value(`"a \"line\""`)), w.Whole(document.TroubleshootingLog),
		)
	})
	for name, want := range map[document.File]string{
		document.Users: "{\"value\":[\n{\"id\":\"a\",\"new\":1},\n{\"id\":\"b\"}\n]}\n", document.Groups: "{\"value\":[]}\n",
		document.ScimUsers: "{\"Resources\":[]}\n", document.ScimLinks: "{\"scimLinks\":[]}\n", document.OrgUsers: "{\"data\":[]}\n", document.Manage: "{}\n",
		document.ApplicationRoles: "[]\n", document.ServicePrincipals: "{\"id\":\"p\"}\n", document.TroubleshootingLog: "a \"line\"\n",
		"jira/a.example/groups.json": "{\n\"devs \\\"x\\\"\":{\"values\":[]}\n}\n",
		document.Manifest:            "{\n \"version\": 1,\n \"captured_at\": \"2026-11-20T12:00:00Z\",\n \"connection\": {\n  \"name\": \"x\",\n  \"method\": \"entra-scim\"\n }\n}\n",
	} {
		at := filepath.Join(path, filepath.FromSlash(string(name)))
		text, err := os.ReadFile(at)
		if diff := cmp.Diff(want, string(text)); diff != "" || err != nil {
			t.Errorf("%s (-want +got): %v\n%s", name, err, diff)
			continue
		}
		file, err := os.Stat(at)
		must(t, err)
		dir, err := os.Stat(filepath.Dir(at))
		must(t, err)
		if file.Mode().Perm() != 0o600 || dir.Mode().Perm() != 0o700 {
			t.Errorf("%s may be read by others: %v in %v", name, file.Mode(), dir.Mode())
		}
	}
	if w := load(t, path); len(w.Users) != 2 || !w.Has(document.Groups) || w.Has(document.DirectoryAudits) {
		t.Error("it does not load as recorded")
	}
}

func TestSeveralSourcesRecordAtOnce(t *testing.T) {
	path := recorded(t, func(w *Writer) {
		var all sync.WaitGroup
		for i := range 8 {
			all.Go(func() {
				for n := range 100 {
					if err := w.Add(document.Users, "", jsontext.Value(fmt.Sprintf(`{"id":"u%d-%d"}`, i, n))); err != nil {
						t.Error(err)
					}
					if err := w.Add(document.Manage, fmt.Sprintf("a%d-%d", i, n), jsontext.Value(`{}`)); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		must(t, w.Whole(document.Users), w.Whole(document.Manage))
	})
	if w := load(t, path); len(w.Users) != 800 || len(w.Manage) != 800 {
		t.Errorf("%d users and %d answers, want 800", len(w.Users), len(w.Manage))
	}
}

func TestGapsAreKeptAndABrokenReadingIsOne(t *testing.T) {
	path := recorded(t, func(w *Writer) {
		must(t,
			w.Add(document.Users, "", jsontext.Value(`{"id":"a"}`)), // and no Whole
			w.Gap(document.Gap{File: string(document.Groups), Subject: "g", What: "members", Why: "403", Call: "GET"}),
			w.Gap(document.Gap{File: string(document.Groups), Subject: "g", What: "members", Why: "403", Call: "GET"}),
			w.Whole(document.Groups),
			w.Gap(document.Gap{File: string(document.Domains), What: "everything", Why: "401"}),
			w.Whole(document.SynchronizationRule),
			w.Add(document.Manage, "x", jsontext.Value(`{"a":1}`)), w.Add(document.Manage, "x", jsontext.Value(`{"a":2}`)), w.Whole(document.Manage),
		)
	})
	b, err := Open(path)
	must(t, err)
	defer b.Close()
	var got []string
	for _, g := range b.Manifest.Gaps {
		got = append(got, g.File+" "+g.Subject+": "+g.Why)
	}
	want := []string{
		"entra/users.json : the reading ended before the document did", "entra/synchronization-schema.json : the service has none",
		"atlassian/domains.json : 401", "atlassian/manage.json x: two answers differ", "entra/groups.json g: 403",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	w, err := b.Load(context.Background(), nil, nil)
	must(t, err)
	if w.Has(document.Users) || w.Has(document.Domains) || !w.Has(document.Groups) {
		t.Error("what broke off counts as read, or what was read does not")
	}
}

func TestThousandsOfGapsBecomeOne(t *testing.T) {
	path := recorded(t, func(w *Writer) {
		for i := range mostGaps + 1 {
			must(t, w.Gap(document.Gap{File: string(document.Groups), Subject: fmt.Sprint(i), What: "members", Why: "403"}))
		}
		must(t, w.Whole(document.Groups))
	})
	b, err := Open(path)
	must(t, err)
	defer b.Close()
	if len(b.Manifest.Gaps) != 1 || b.Manifest.Gaps[0].Subject != "" {
		t.Errorf("%d gaps, want one of the whole document", len(b.Manifest.Gaps))
	}
}

func TestNothingIsWrittenOver(t *testing.T) {
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "file"), nil, 0o600), os.Mkdir(filepath.Join(dir, "full"), 0o700), os.WriteFile(filepath.Join(dir, "full", "x"), nil, 0o600), os.Mkdir(filepath.Join(dir, "a.zip"), 0o700))
	for name, words := range map[string]string{
		"file": "there is a file of that name already", "full": "the folder is not empty", "a.zip": "there is a folder of that name already",
		"nowhere/b": "name a place in a folder that is there",
	} {
		if _, err := Create(filepath.Join(dir, name), noon); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", name, err, words)
		}
	}
}

func TestAnEmptyFolderIsFilled(t *testing.T) {
	dir := t.TempDir()
	w, err := Create(dir, noon)
	must(t, err, w.Whole(document.Users), w.Close())
	if v := load(t, dir); !v.Has(document.Users) {
		t.Error("the users are not there")
	}
}

func TestARecordingThatBrokeOffLeavesNothing(t *testing.T) {
	for sentence, end := range map[string]func(*Writer){
		"given up": func(w *Writer) { w.Abort() },
		"no room": func(w *Writer) {
			w.Limits.Document = 10
			_ = w.Add(document.Users, "", jsontext.Value(`{"id":"abc"}`))
			_ = w.Close()
		},
		"somebody came first": func(w *Writer) {
			_ = os.Mkdir(w.path, 0o700)
			_ = os.Mkdir(filepath.Join(w.path, "x"), 0o700)
			_ = w.Close()
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			dir := t.TempDir()
			w, err := Create(filepath.Join(dir, "b"), noon)
			must(t, err, w.Add(document.Users, "", jsontext.Value(`{}`)))
			if _, err := Open(w.path); err == nil {
				t.Error("there is a bundle before the end")
			}
			end(w)
			if left, _ := filepath.Glob(filepath.Join(dir, "b*", "*")); len(left) > 1 {
				t.Errorf("left: %v", left)
			}
			if left, _ := filepath.Glob(filepath.Join(dir, "*.part-*")); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
			if _, err := Open(w.path); err == nil {
				t.Error("there is a bundle")
			}
			if err := w.Add(document.Users, "", jsontext.Value(`{}`)); err == nil {
				t.Error("it goes on recording")
			}
		})
	}
}

func TestWhatIsNoDocumentIsNotRecorded(t *testing.T) {
	w, err := Create(filepath.Join(t.TempDir(), "b"), noon)
	must(t, err)
	defer w.Abort()
	for _, f := range []document.File{"entra/other.json", "jira/../groups.json", document.Manifest, "../x", "jira/a\\b/groups.json"} {
		if w.Add(f, "", jsontext.Value(`{}`)) == nil {
			t.Errorf("%s is recorded", f)
		}
	}
	if w.Add(document.Users, "", jsontext.Value(`{"id":`)) == nil {
		t.Error("broken JSON is recorded")
	}
}
