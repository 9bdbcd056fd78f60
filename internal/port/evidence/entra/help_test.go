package entra_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/trace"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/evidence/entra"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source"
	people "github.com/rollcall/rollcall/internal/port/source/entra"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// tenant is a lab that holds Entra's side of a recorded world, at the moment of the recording.
type tenant struct {
	dir      string // the complete recording
	lab      *lab.Lab
	manifest document.Bundle
	clock    *labkit.Clock
}

func tenantOf(t *testing.T, dir string) *tenant {
	t.Helper()
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w := &tenant{dir: dir, manifest: b.Manifest, clock: labkit.At(b.Manifest.CapturedAt.Time)}
	w.lab = &lab.Lab{Now: w.clock.Now}
	if err := w.lab.Load(os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *tenant) client(t *testing.T) *graph.Client {
	t.Helper()
	c, err := graph.New(graph.Options{
		Tenant: lab.DefaultTenant, ClientID: lab.DefaultClient, Credential: graph.Credential{Secret: lab.DefaultSecret},
		LoginURL: "https://login.lab.example", GraphURL: "https://graph.lab.example", Transport: w.lab.Transport(),
		Now: w.clock.Now, Sleep: w.clock.Sleep,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (w *tenant) source(t *testing.T) *entra.Source {
	return entra.New(w.client(t), entra.Settings{Connection: w.manifest.Connection, Now: func() time.Time { return w.manifest.CapturedAt.Time }})
}

// requests are the calls of Graph since the last time, a batch counted once.
func (w *tenant) requests() (n int) {
	for _, r := range w.lab.Requests() {
		if !r.Part && len(r.Path) > 6 && r.Path[:6] == "/v1.0/" {
			n++
		}
	}
	w.lab.ForgetRequests()
	return n
}

// live records what the source says about a focus (nil: all, with source/entra beside it), and everything that is not
// Entra's as it was recorded.
func (w *tenant) live(t *testing.T, focus *evidence.Focus) string {
	t.Helper()
	m := w.manifest
	m.Gaps = slices.DeleteFunc(slices.Clone(m.Gaps), func(g document.Gap) bool { return filepath.Dir(g.File) == "entra" })
	dir, err := labkit.Record(t, m, func(to evidence.Recorder) error {
		s := w.source(t)
		if focus == nil {
			if err := s.Fetch(t.Context(), nil, to); err != nil {
				return err
			}
			return w.collect(t, to)
		}
		if err := s.Find(t.Context(), focus); err != nil {
			return err
		}
		w.atlassian(t, focus)
		return s.Fetch(t.Context(), focus, to)
	})
	if err != nil {
		t.Fatal(err)
	}
	labkit.Copy(t, w.dir, dir, "atlassian", "jira", "rollcall")
	return dir
}

// atlassian adds to the focus what the Guard directory knows by the words that were typed: whose record, and whose group.
func (w *tenant) atlassian(t *testing.T, focus *evidence.Focus) {
	t.Helper()
	world := labkit.Load(t, w.dir)
	for _, text := range focus.Texts {
		for i := range world.ScimUsers {
			if r := &world.ScimUsers[i]; text == r.ID || text == r.UserName || text == r.Email() || text == r.Atlassian.Value.AtlassianAccountID.Value {
				focus.Users = append(focus.Users, r.ExternalID)
			}
		}
		for i := range world.ScimGroups {
			if g := &world.ScimGroups[i]; text == g.DisplayName || text == g.ID {
				focus.Groups = append(focus.Groups, g.ExternalID)
			}
		}
	}
}

// collect records what is source/entra's, with every attribute that the tenant's own mapping reads.
func (w *tenant) collect(t *testing.T, to evidence.Recorder) error {
	t.Helper()
	world := labkit.Load(t, w.dir)
	o := people.Options{Graph: w.client(t), Application: w.manifest.Connection.Application}
	if world.Schema != nil {
		rules, _ := mapping.FromSchema(world.Schema)
		o.UserAttributes, o.GroupAttributes = rules.User.Sources(), rules.Group.Sources()
	}
	s, err := people.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return source.Collect(t.Context(), s, to)
}

type world = facts.World

// answer is what "why" says, or that the subject is ambiguous.
func answer(w *facts.World, subject, group string) any {
	a, err := trace.New(w).Why(trace.Query{Subject: subject, Group: group})
	if err != nil {
		return err.Error()
	}
	return a
}
