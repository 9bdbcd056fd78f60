package compose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/port/evidence"
	entralog "github.com/rollcall/rollcall/internal/port/evidence/entra"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/source/entra"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/atlassian"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// StoreName is the store where the configuration names none.
const StoreName = "rollcall.db"

// Store opens what rollcall remembers, and gives the name of the connection that is meant.
func Store(ctx context.Context, c *Configuration) (store.Store, string, error) {
	of, err := c.file.Connection(c.connection)
	if err != nil {
		return nil, "", fmt.Errorf("%w; name it with --connection", err)
	}
	st, err := c.store(ctx)
	if err != nil {
		return nil, "", err
	}
	return st, of.Name, nil
}

func (c *Configuration) store(ctx context.Context) (store.Store, error) {
	if c.within != nil {
		return c.within.open(ctx)
	}
	if !c.file.Store.Postgres.IsZero() {
		return nil, fmt.Errorf("%s: store.postgres is not there yet; name a file with store.sqlite", c.file.Path)
	}
	st, err := sqlstore.Open(ctx, c.storePath())
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", c.storePath(), err)
	}
	return st, nil
}

func (c *Configuration) storePath() string {
	if c.file.Store.SQLite == "" {
		return c.file.Locate(StoreName)
	}
	return c.file.Locate(c.file.Store.SQLite)
}

// Remembers tells whether there is a store to look into; looking makes none.
func (c *Configuration) Remembers() bool {
	switch {
	case c == nil:
		return false
	case c.within != nil:
		return c.within.store != nil
	}
	_, err := os.Stat(c.storePath())
	return err == nil
}

// Sync puts together what a connection needs to be synced by rollcall; by is who asks for it. Close its store
// afterwards.
func Sync(ctx context.Context, c *Configuration, by string) (*engine.Sync, error) {
	l, err := c.live()
	if err != nil {
		return nil, err
	}
	switch of := l.of; {
	case of.Method != document.Rollcall:
		return nil, fmt.Errorf("%s, connection %s: its method is %s: rollcall only looks there and writes nothing; with `method: rollcall` it does the work", c.file.Path, of.Name, of.Method)
	case l.tenant == nil:
		return nil, fmt.Errorf("%s, connection %s: it names no source.entra", c.file.Path, of.Name)
	case of.Target.Atlassian == nil || of.Target.Atlassian.SCIMKey.IsZero() || of.Target.Atlassian.Directory == "":
		return nil, fmt.Errorf("%s, connection %s: writing needs target.atlassian.directory and scim_key", c.file.Path, of.Name)
	}
	manifest, err := l.manifest(ctx)
	if err != nil {
		return nil, err
	}
	to, err := l.target()
	if err != nil {
		return nil, err
	}
	st, err := c.store(ctx)
	if err != nil {
		return nil, err
	}
	s := &engine.Sync{
		Connection: manifest.Connection, Store: st, Source: following{l, manifest.Connection}, Target: to,
		Rules: c.Rules(), Holder: holder(), Dead: dead, By: by, Now: l.now, Sleep: l.sleep,
		World: func(ctx context.Context, m document.Bundle, fill func(evidence.Recorder) error) (*facts.World, error) {
			return assemble(ctx, m, nil, fill)
		},
		Live:  c.Expecting(l),
		Keep:  c.kept(),
		Watch: []evidence.Source{entralog.New(l.tenant, l.settings(manifest.Connection)).Jobs()},
	}
	organization, err := l.services.guard(manifest.Connection, nil)
	if err != nil {
		return nil, errors.Join(err, st.Close())
	}
	s.Beside = []evidence.Source{organization.Planning()}
	return s, nil
}

// kept is how much of the log is kept where the configuration says nothing else: a year and a month, so that a year's audit
// finds all of it, and no more than fits into some ten gigabytes.
func (c *Configuration) kept() store.Keep {
	said := c.file.Store.Keep
	return store.Keep{Age: time.Duration(cmp.Or(said.Days, 400)) * 24 * time.Hour, Entries: cmp.Or(said.Entries, 10_000_000)}
}

// target is the Guard directory, and with an admin key the authentication policies.
func (l *live) target() (*atlassian.Target, error) {
	a := l.of.Target.Atlassian
	transport, err := l.transport(a.CA)
	if err != nil {
		return nil, err
	}
	client := func(path, base string, key func() (string, error)) (*wire.Client, error) {
		c, err := wire.New(wire.Options{
			Base: base, Plain: true, Transport: transport, Agent: agent, MaxBody: 256 << 20, Now: l.now, Sleep: l.sleep,
			Authorize: func(_ context.Context, r *http.Request, _ string) error {
				secret, err := key()
				if err == nil {
					r.Header.Set("Authorization", "Bearer "+secret)
				}
				return err
			},
		})
		if err != nil {
			return nil, l.wrap(path, err)
		}
		return c, nil
	}
	key, err := l.key("target.atlassian.scim_key", a.SCIMKey)
	if err != nil {
		return nil, err
	}
	scim, err := client("target.atlassian", a.API()+"/scim/directory/"+a.Directory, key)
	if err != nil {
		return nil, err
	}
	o := atlassian.Options{Org: a.Org, Directory: a.Directory, Sleep: l.sleep}
	if a.AdminKey.IsZero() || a.Org == "" {
		return atlassian.New(scim, nil, o), nil
	}
	if key, err = l.key("target.atlassian.admin_key", a.AdminKey); err != nil {
		return nil, err
	}
	admin, err := client("target.atlassian", a.API(), key)
	if err != nil {
		return nil, err
	}
	return atlassian.New(scim, admin, o), nil
}

// following is Entra ID with the attributes that the rules read, which may be those of the tenant's own job.
type following struct {
	l *live
	c document.Connection
}

// Name implements source.Source.
func (f following) Name() string { return nameEntra }

// Read implements source.Source.
func (f following) Read(ctx context.Context, since source.Cursor, to source.Mirror) (source.Cursor, error) {
	var schema *document.Schema
	if f.l.of.Import != nil && f.l.of.Import.Schema == "" {
		watch := newSchemaWatch()
		if err := entralog.New(f.l.tenant, f.l.settings(f.c)).Jobs().Fetch(ctx, nil, watch.tap(nowhere{})); err != nil {
			return "", err
		}
		schema = watch.schema
	}
	users, groups := f.l.attributes(f.c, schema)
	s, err := entra.New(entra.Options{Graph: f.l.tenant, Application: f.c.Application, UserAttributes: users, GroupAttributes: groups})
	if err != nil {
		return "", err
	}
	return s.Read(ctx, since, to)
}

var _ target.Target = (*atlassian.Target)(nil)

// CountMembers asks Graph how many users any nesting leads into a group.
func CountMembers(ctx context.Context, c *Configuration, group string) (int, error) {
	l, err := c.live()
	if err != nil {
		return 0, err
	}
	if l.tenant == nil {
		return 0, fmt.Errorf("%s, connection %s: it names no source.entra", c.file.Path, l.of.Name)
	}
	s, err := entra.New(entra.Options{Graph: l.tenant})
	if err != nil {
		return 0, err
	}
	return s.CountMembers(ctx, group)
}
