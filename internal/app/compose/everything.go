package compose

import (
	"context"
	"errors"
	"sync"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
	entralog "github.com/rollcall/rollcall/internal/port/evidence/entra"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/source/entra"
)

// everything reads whole documents, the services side by side. Two things wait for each other: Entra's people are read
// once the tenant's own schema has said which attributes matter, and accounts that nobody is linked to are looked for by
// the addresses of these people.
func (l *live) everything(ctx context.Context, c document.Connection, to evidence.Recorder, t *tally) error {
	schema, people := newSchemaWatch(), &addressWatch{done: make(chan struct{})}
	var tasks []func(context.Context) error
	var addresses func() []string
	if l.tenant != nil {
		addresses = func() []string { return people.wait(ctx) }
		log := entralog.New(l.tenant, l.settings(c))
		tasks = append(tasks, func(ctx context.Context) error {
			defer schema.end()
			return asking(nameEntra, log.Fetch(ctx, nil, schema.tap(t.of(nameEntra, to))))
		}, func(ctx context.Context) error {
			defer close(people.done)
			users, groups := l.attributes(c, schema.wait(ctx))
			s, err := entra.New(entra.Options{Graph: l.tenant, Application: c.Application, UserAttributes: users, GroupAttributes: groups})
			if err != nil {
				return err
			}
			return asking(nameEntra, source.Collect(ctx, s, people.tap(t.of(nameEntra, to))))
		})
	}
	organization, err := l.services.guard(c, addresses)
	if err != nil {
		return err
	}
	if organization != nil {
		tasks = append(tasks, func(ctx context.Context) error {
			return asking(nameGuard, organization.Fetch(ctx, nil, t.of(nameGuard, to)))
		})
	}
	if l.sites != nil {
		tasks = append(tasks, func(ctx context.Context) error { return asking(nameJira, l.sites.Fetch(ctx, nil, t.of(nameJira, to))) })
	}
	return together(ctx, tasks...)
}

// attributes are what mappings and filters read of users and groups: those of the tenant's job and those of the file.
func (l *live) attributes(c document.Connection, schema *document.Schema) (users, groups []string) {
	w := tenantOf(c, schema)
	base := plan.Base(w, document.EntraSCIM)
	if schema != nil {
		base.Import(schema)
	}
	users, groups = base.UserAttributes(), base.GroupAttributes()
	// What is wrong with the file's own rules is said by the command that needs them.
	if own, _, err := rulesOf(l.file, l.of, w, l.of.Method); err == nil {
		users, groups = append(users, own.UserAttributes()...), append(groups, own.GroupAttributes()...)
	}
	return users, groups
}

// tenantOf is a world of nobody, in which the tenant's schema is known.
func tenantOf(c document.Connection, schema *document.Schema) *facts.World {
	b := facts.NewBuilder(document.Bundle{Connection: c}, facts.Focus{})
	b.SealPeople()
	if schema != nil {
		b.Have(document.SynchronizationRule)
		b.Schema(*schema)
	}
	return b.World()
}

// together runs tasks side by side. The first fault, in the order of the tasks, ends the others and is the answer.
func together(ctx context.Context, tasks ...func(context.Context) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	faults := make([]error, len(tasks))
	var all sync.WaitGroup
	for i, t := range tasks {
		all.Go(func() {
			if faults[i] = t(ctx); faults[i] != nil {
				stop()
			}
		})
	}
	all.Wait()
	var ended error
	for _, err := range faults {
		switch {
		case err == nil:
		case errors.Is(err, context.Canceled): // because another one failed, or somebody gave up
			ended = err
		default:
			return err
		}
	}
	return ended
}

// schemaWatch hands on what is recorded and notes the tenant's schema, which comes before the logs.
type schemaWatch struct {
	evidence.Recorder
	once   sync.Once
	done   chan struct{}
	schema *document.Schema
}

func newSchemaWatch() *schemaWatch { return &schemaWatch{done: make(chan struct{})} }

func (s *schemaWatch) tap(to evidence.Recorder) evidence.Recorder {
	s.Recorder = to
	return s
}

// Add implements evidence.Recorder.
func (s *schemaWatch) Add(file document.File, key string, object jsontext.Value) error {
	switch file {
	case document.SynchronizationRule:
		var schema document.Schema
		if json.Unmarshal(object, &schema, jsontext.AllowDuplicateNames(true)) == nil {
			s.schema = &schema
		}
	case document.ProvisioningLogs, document.DirectoryAudits:
		s.end()
	}
	return s.Recorder.Add(file, key, object)
}

// Whole implements evidence.Recorder.
func (s *schemaWatch) Whole(file document.File) error {
	if file == document.SynchronizationKeys {
		s.end()
	}
	return s.Recorder.Whole(file)
}

// Gap implements evidence.Recorder.
func (s *schemaWatch) Gap(gap document.Gap) error {
	if gap.File == string(document.SynchronizationKeys) {
		s.end()
	}
	return s.Recorder.Gap(gap)
}

// Count implements evidence.Counter.
func (s *schemaWatch) Count(file document.File, n int) error {
	return evidence.Count(s.Recorder, file, n)
}

func (s *schemaWatch) end() { s.once.Do(func() { close(s.done) }) }

func (s *schemaWatch) wait(ctx context.Context) *document.Schema {
	select {
	case <-s.done:
		return s.schema
	case <-ctx.Done():
		return nil
	}
}

// addressWatch hands on what is recorded and notes the addresses of people.
type addressWatch struct {
	evidence.Recorder
	all  []string
	done chan struct{}
}

func (a *addressWatch) tap(to evidence.Recorder) evidence.Recorder {
	a.Recorder = to
	return a
}

// Add implements evidence.Recorder.
func (a *addressWatch) Add(file document.File, key string, object jsontext.Value) error {
	if file == document.Users {
		var u struct {
			Name string `json:"userPrincipalName"`
			Mail string `json:"mail"`
		}
		if json.Unmarshal(object, &u, jsontext.AllowDuplicateNames(true)) == nil {
			for i, s := range []string{u.Name, u.Mail} {
				if s != "" && (i == 0 || s != u.Name) {
					a.all = append(a.all, s)
				}
			}
		}
	}
	return a.Recorder.Add(file, key, object)
}

func (a *addressWatch) wait(ctx context.Context) []string {
	select {
	case <-a.done:
		return a.all
	case <-ctx.Done():
		return nil
	}
}
