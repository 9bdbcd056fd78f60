package compose

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
	entralog "github.com/rollcall/rollcall/internal/port/evidence/entra"
	"github.com/rollcall/rollcall/internal/port/evidence/jira"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source/entra"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Live gives the world as the services of a connection tell it at this moment. A secret that is not there is an error at
// once; nothing is asked before Load. Every request is a read. Exported files (FILE or GROUP=FILE) are added.
func Live(c *Configuration, with ...string) (engine.Worlds, error) {
	l, err := c.live()
	if err != nil {
		return nil, err
	}
	l.with = with
	return l, nil
}

// live asks the services of one connection.
type live struct {
	services
	tenant *graph.Client // nil: not configured; likewise the others
	sites  *jira.Source
	with   []string // exported files
}

func (c *Configuration) live() (*live, error) {
	of, err := c.file.Connection(c.connection)
	if err != nil {
		return nil, fmt.Errorf("%w; name it with --connection", err)
	}
	l := &live{services: services{file: c.file, of: of, clockwork: c.clockwork, within: c.within}}
	if of.Source.Entra == nil && of.Target.Atlassian == nil {
		return nil, fmt.Errorf("%s, connection %s: it names no `source` and no `target`, so there is nobody to ask; name a recorded world with --bundle, or say where the services are (docs/config.md)", c.file.Path, of.Name)
	}
	if l.now == nil {
		l.now = time.Now
	}
	if l.tenant, err = l.graph(); err != nil {
		return nil, err
	}
	if _, err := l.services.guard(document.Connection{}, nil); err != nil { // for its secrets; the connection is known later
		return nil, err
	}
	if l.sites, err = l.jira(); err != nil {
		return nil, err
	}
	return l, nil
}

// Load implements engine.Worlds.
func (l *live) Load(ctx context.Context, focus *engine.Focus, progress engine.Progress) (*facts.World, error) {
	if focus == nil {
		m, err := l.manifest(ctx)
		if err != nil {
			return nil, err
		}
		return assemble(ctx, m, progress, func(to evidence.Recorder) error { return l.record(ctx, m.Connection, to, progress) }, l.with...)
	}
	m, people, err := l.begin(ctx)
	if err != nil {
		return nil, err
	}
	// What is recorded for a focus touches it already: it is loaded as a whole.
	part := false
	w, err := assemble(ctx, m, progress, func(to evidence.Recorder) error {
		links, err := l.ownDocuments(ctx, to)
		if err != nil {
			return err
		}
		part, err = l.around(ctx, m.Connection, people, focus, links, to, &tally{progress: progress})
		return err
	}, l.with...)
	if err == nil {
		w.Bundle.Part = part
	}
	return w, err
}

// manifest says whose world is read, and when.
func (l *live) manifest(ctx context.Context) (m document.Bundle, err error) {
	m = l.configured()
	if m.Connection.Application, err = l.application(ctx); err != nil {
		return m, err
	}
	m.Connection.Selected, err = l.selected(ctx)
	return m, err
}

// begin is manifest for a question, with the source of Entra's half; nil: none is configured. Where the application is
// named by its id, what the question opens with comes in the same request.
func (l *live) begin(ctx context.Context) (m document.Bundle, people *entralog.Source, err error) {
	m = l.configured()
	if l.tenant == nil {
		return m, nil, nil
	}
	if m.Connection.Selected, err = l.selected(ctx); err != nil {
		return m, nil, err
	}
	m.Connection.Application = l.of.Source.Entra.Application
	people = entralog.New(l.tenant, l.settings(m.Connection))
	id, err := people.Application(ctx)
	if err != nil {
		return m, nil, l.noApplication(err)
	}
	if id == "" { // it has another name, or none
		if id, err = l.application(ctx); err != nil {
			return m, nil, err
		}
		m.Connection.Application = id
		return m, entralog.New(l.tenant, l.settings(m.Connection)), nil
	}
	m.Connection.Application = id
	return m, people, nil
}

// application gives the id of the application by whatever name it goes; "" where none is configured.
func (l *live) application(ctx context.Context) (string, error) {
	e := l.of.Source.Entra
	if e == nil || e.Application == "" {
		return "", nil
	}
	id, err := entra.Application(ctx, l.tenant, e.Application)
	if err != nil {
		return "", l.noApplication(err)
	}
	return id, nil
}

func (l *live) noApplication(err error) error {
	return fmt.Errorf("asking Entra ID for the application %q: %w", l.of.Source.Entra.Application, err)
}

// selected is what Guard's connector was told to sync, with the groups by their ids; nil where that is not known.
func (l *live) selected(ctx context.Context) (*document.Selected, error) {
	s := l.of.Selected
	switch {
	case s == nil:
		return nil, nil
	case len(s.Groups) == 0:
		return &document.Selected{Users: "all"}, nil
	case l.tenant == nil:
		return nil, nil // Entra is not asked, so no group is known by its id
	}
	ids, err := entra.Groups(ctx, l.tenant, s.Groups)
	if err != nil {
		return nil, fmt.Errorf("asking Entra ID for the groups that `selected` names: %w", err)
	}
	return &document.Selected{Users: "groups", Groups: ids}, nil
}

// configured is what the file says of whose world is read, at this moment.
func (l *live) configured() document.Bundle {
	at := document.At(l.now().UTC().Truncate(time.Second))
	c := document.Connection{Name: l.of.Name, Method: l.of.Method, Identifier: l.of.Identifier}
	if a := l.of.Target.Atlassian; a != nil {
		c.Directory, c.Org, c.SizeLimits = a.Directory, a.Org, a.Sizes
		for _, s := range a.Sites {
			c.Sites = append(c.Sites, fullAddress(s.URL))
		}
	}
	for _, p := range l.of.Policies {
		if c.ExpectedPolicies == nil {
			c.ExpectedPolicies = map[string]string{}
		}
		c.ExpectedPolicies[p.Group] = p.ID
	}
	for _, p := range l.of.Products {
		if c.ExpectedProducts == nil {
			c.ExpectedProducts = map[string][]string{}
		}
		c.ExpectedProducts[p.Group] = slices.Clone(p.Keys)
	}
	return document.Bundle{Version: 1, CapturedAt: at, Connection: c}
}

// record asks the services for everything. The recorder must be for several goroutines.
func (l *live) record(ctx context.Context, c document.Connection, to evidence.Recorder, progress engine.Progress) error {
	if _, err := l.ownDocuments(ctx, to); err != nil {
		return err
	}
	return l.everything(ctx, c, to, &tally{progress: progress})
}

// around asks about a few people. Entra says who they are, Atlassian who else there may be, and then both are asked for
// what they know of them all. What the directory need not be asked about is known last, when the sites have answered. Part
// is false where everything was asked for.
func (l *live) around(ctx context.Context, c document.Connection, people *entralog.Source, asked *engine.Focus, links []store.Link, to evidence.Recorder, t *tally) (part bool, err error) {
	focus := &evidence.Focus{Texts: asked.Subjects, History: asked.History}
	if len(asked.Groups) == 1 {
		focus.Group = asked.Groups[0]
	} else {
		focus.Texts = asked.Texts()
	}
	if people != nil {
		t.begin(nameEntra)
		if err := people.Find(ctx, focus); err != nil {
			return false, asking(nameEntra, err)
		}
		if aboutGroup(asked, focus) {
			return false, l.everything(ctx, c, to, t)
		}
	}
	for _, k := range links { // what is theirs by rollcall's own word is looked up even if nothing in it tells so any more
		if k.Kind == plan.KindUser && slices.Contains(focus.Users, k.Source) {
			focus.Records = append(focus.Records, k.Target)
		}
	}
	organization, err := l.services.guard(c, nil)
	if err != nil {
		return false, err
	}
	at := copied(focus) // a focus is for one goroutine
	rest := func(context.Context) error { return nil }
	atlassian := func(ctx context.Context) error {
		if organization == nil {
			return nil
		}
		var err error
		rest, err = organization.Look(ctx, at, t.of(nameGuard, to))
		return asking(nameGuard, err)
	}
	sites := func(ctx context.Context) error {
		if l.sites == nil {
			return nil
		}
		return asking(nameJira, l.sites.Fetch(ctx, at, t.of(nameJira, to)))
	}
	known := people != nil && len(focus.Users) > 0
	if known && c.Method == document.GuardNested { // the audit log tells what groups and people were called at Atlassian
		if err := people.Fetch(ctx, focus, t.of(nameEntra, to)); err != nil {
			return false, asking(nameEntra, err)
		}
		at, people = copied(focus), nil
	}
	if !known { // Atlassian may know whom Entra does not; otherwise it adds nobody
		if err := atlassian(ctx); err != nil {
			return false, err
		}
		*focus = *copied(at) // the same focus: what Entra found for it is not asked again
	}
	return true, together(ctx,
		func(ctx context.Context) error {
			if people == nil {
				return nil
			}
			return asking(nameEntra, people.Fetch(ctx, focus, t.of(nameEntra, to)))
		},
		func(ctx context.Context) error {
			if known {
				if err := atlassian(ctx); err != nil {
					return err
				}
			}
			if err := sites(ctx); err != nil { // by the accounts that Atlassian named
				return err
			}
			return asking(nameGuard, rest(ctx))
		})
}

func copied(f *evidence.Focus) *evidence.Focus {
	c := *f
	for _, list := range []*[]string{&c.Users, &c.Groups, &c.Addresses, &c.GroupNames, &c.Records, &c.Accounts, &c.Outside, &c.Lacking} {
		*list = slices.Clone(*list)
	}
	return &c
}

// aboutGroup tells whether a subject is a group itself: then the answer counts everybody in it, whom no question about a
// few people asks about, and everything is read, as a recording is.
func aboutGroup(asked *engine.Focus, found *evidence.Focus) bool {
	return slices.ContainsFunc(asked.Subjects, func(s string) bool {
		is := func(text string) bool { return document.Fold(text) == document.Fold(s) }
		return slices.ContainsFunc(found.GroupNames, is) || slices.ContainsFunc(found.Groups, is)
	})
}

func (l *live) settings(c document.Connection) entralog.Settings {
	s := entralog.Settings{Connection: c, Back: l.of.Lookback, Now: l.now}
	if l.of.Method == document.Rollcall {
		s.Rules = func(schema *document.Schema) *mapping.Rules {
			own, _, err := rulesOf(l.file, l.of, tenantOf(c, schema), l.of.Method)
			if err != nil {
				return nil // it is said by the command that needs them
			}
			return &own.Mapping
		}
	}
	return s
}

// The services as progress and errors call them.
const (
	nameEntra = "Entra ID"
	nameGuard = "Atlassian"
	nameJira  = "Jira"
)

// asking says which service an error came from.
func asking(service string, err error) error {
	if err == nil || errors.Is(err, context.Canceled) {
		return err
	}
	return fmt.Errorf("asking %s: %w", service, err)
}
