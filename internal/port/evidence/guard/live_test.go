package guard_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
	lab "github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/evidence/guard"
	"github.com/rollcall/rollcall/internal/port/evidence/jira"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// live is a recorded world whose Atlassian half a lab answers for.
type live struct {
	t      *testing.T
	folder string // of the recording
	lab    *lab.Lab
	at     *facts.World
	clock  *labkit.Clock
	change func(*guard.Options)
}

func start(t *testing.T, folder string, readings lab.Readings) *live {
	t.Helper()
	w := labkit.Load(t, folder)
	l := &lab.Lab{Now: func() time.Time { return w.At }, Readings: readings}
	if err := l.Load(os.DirFS(folder)); err != nil {
		t.Fatal(err)
	}
	return &live{t: t, folder: folder, lab: l, at: w, clock: labkit.At(w.At)}
}

// options are those of a connection in good order.
func (l *live) options() guard.Options {
	c := l.at.Bundle.Connection
	o := guard.Options{
		Connection: c, AdminKey: labkit.Secret(lab.DefaultAdminKey), Transport: l.lab.Transport(), Now: l.clock.Now, Sleep: l.clock.Sleep,
		OneByOne: 100_000, Addresses: l.addresses,
	}
	if c.Method != document.GuardNested {
		o.SCIMKey = labkit.Secret(lab.DefaultKey)
	}
	if l.change != nil {
		l.change(&o)
	}
	return o
}

func (l *live) addresses() []string {
	var all []string
	for i := range l.at.Users {
		all = append(all, l.at.Users[i].Mail.Value, l.at.Users[i].UserPrincipalName)
	}
	return all
}

// about is the focus of a question after the sources have looked for whom it is about.
func (l *live) about(q trace.Query) *evidence.Focus {
	l.t.Helper()
	f := l.focus(q)
	if len(f.Users)+len(f.Groups) > 0 {
		return f
	}
	g, err := guard.New(l.options())
	if err != nil {
		l.t.Fatal(err)
	}
	if err := g.Find(l.t.Context(), f); err != nil {
		l.t.Fatal(err)
	}
	for _, id := range f.Users {
		own := l.focus(trace.Query{Subject: id, Group: q.Group})
		f.Groups, f.GroupNames, f.Addresses = own.Groups, own.GroupNames, own.Addresses
	}
	return f
}

// record asks the lab and gives the folder of what came, with Entra's half from the recording.
func (l *live) record(focus *evidence.Focus) string {
	l.t.Helper()
	folder, err := l.tryRecord(focus)
	if err != nil {
		l.t.Fatal(err)
	}
	return folder
}

func (l *live) tryRecord(focus *evidence.Focus) (string, error) {
	l.t.Helper()
	manifest := l.at.Bundle
	manifest.Gaps = slices.DeleteFunc(slices.Clone(manifest.Gaps), func(g document.Gap) bool { return !strings.HasPrefix(g.File, "entra/") })
	folder, err := labkit.Record(l.t, manifest, func(to evidence.Recorder) error { return l.fetch(l.t.Context(), focus, to) })
	if err != nil {
		return "", err
	}
	labkit.Copy(l.t, l.folder, folder, "entra", string(document.TroubleshootingLog)) // the log has no API
	return folder, nil
}

// focus is what Entra's half tells of whom a question is about, as its source would.
func (l *live) focus(q trace.Query) *evidence.Focus {
	f := &evidence.Focus{Texts: []string{q.Subject}, Group: q.Group}
	w := l.at
	add := func(list *[]string, values ...string) {
		for _, v := range values {
			if v != "" && !slices.Contains(*list, v) {
				*list = append(*list, v)
			}
		}
	}
	group := func(g uint32) {
		add(&f.Groups, w.Groups[g].ID)
		add(&f.GroupNames, w.Groups[g].DisplayName)
	}
	walk := w.Graph.Walk()
	user := func(u *document.User) {
		add(&f.Users, u.ID)
		add(&f.Addresses, u.UserPrincipalName, u.Mail.Value)
		for _, p := range u.ProxyAddresses {
			add(&f.Addresses, facts.Address(p))
		}
	}
	for i := range w.Users {
		u := &w.Users[i]
		if !slices.Contains(append(addressesOf(u), facts.Fold(u.ID), facts.Fold(u.DisplayName)), facts.Fold(q.Subject)) {
			continue
		}
		user(u)
		for _, g := range walk.Up(uint32(i)) {
			group(g)
		}
	}
	for i := range w.Deleted {
		if u := &w.Deleted[i]; slices.Contains(append(addressesOf(u), facts.Fold(u.ID), facts.Fold(u.DisplayName)), facts.Fold(q.Subject)) {
			user(u)
		}
	}
	for g := range w.Groups {
		if name, id := w.Groups[g].DisplayName, w.Groups[g].ID; strings.EqualFold(name, q.Subject) || id == q.Subject || q.Group != "" && (strings.EqualFold(name, q.Group) || id == q.Group) {
			group(uint32(g))
			for _, up := range walk.UpFrom(uint32(g)) {
				group(up)
			}
		}
	}
	return f
}

func addressesOf(u *document.User) []string {
	all := []string{facts.Fold(u.UserPrincipalName), facts.Fold(u.Mail.Value)}
	for _, p := range u.ProxyAddresses {
		all = append(all, facts.Fold(facts.Address(p)))
	}
	return slices.DeleteFunc(all, func(s string) bool { return s == "" })
}

func why(t *testing.T, w *facts.World, q trace.Query) trace.Trace {
	t.Helper()
	tr, err := trace.New(w).Why(q)
	if err != nil {
		return trace.Trace{Subject: trace.Subject{Name: err.Error()}}
	}
	return tr
}

// fetch asks the directory and the organization, then the sites.
func (l *live) fetch(ctx context.Context, focus *evidence.Focus, to evidence.Recorder) error {
	l.t.Helper()
	g, err := guard.New(l.options())
	if err != nil {
		l.t.Fatal(err)
	}
	var sites []jira.Site
	for _, s := range l.at.Bundle.Connection.Sites {
		sites = append(sites, jira.Site{URL: s, Email: lab.DefaultEmail, Token: labkit.Secret(lab.DefaultToken)})
	}
	j, err := jira.New(jira.Options{Sites: sites, Transport: l.lab.Transport(), Now: l.clock.Now, Sleep: l.clock.Sleep})
	if err != nil {
		l.t.Fatal(err)
	}
	if focus == nil {
		if err := g.Fetch(ctx, nil, to); err != nil {
			return err
		}
		return j.Fetch(ctx, nil, to)
	}
	rest, err := g.Look(ctx, focus, to)
	if err == nil {
		err = j.Fetch(ctx, focus, to)
	}
	if err == nil {
		err = rest(ctx)
	}
	return err
}
