package compose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// ConfigName is the configuration that is read where nobody names one.
const ConfigName = "rollcall.yaml"

// Configuration is a configuration that was read, and which connection of it is meant. Nil is none.
type Configuration struct {
	file       *config.File
	implied    bool   // nobody named the file: it may be there for other connections
	connection string // "": the one that the world is of

	clockwork // of live worlds
	within    *within
}

// Configured reads a configuration. An empty path is rollcall.yaml of the working directory, where there is one; without
// it the answer is nil. An empty connection is the one that the world is of. An error about what the file holds is a
// *config.Faults.
func Configured(path, connection string) (*Configuration, error) {
	file, err := config.Read(cmp.Or(path, ConfigName))
	switch {
	case path == "" && errors.Is(err, fs.ErrNotExist):
		if connection != "" {
			return nil, fmt.Errorf("there is no %s here that could hold the connection %q; name the file with --config", ConfigName, connection)
		}
		return nil, nil
	case err != nil:
		return nil, err
	}
	if connection != "" {
		if _, err := file.Connection(connection); err != nil {
			return nil, err
		}
	}
	return &Configuration{file: file, implied: path == "" && connection == "", connection: connection}, nil
}

// Method is that of the connection that is meant.
func (c *Configuration) Method() (string, error) {
	of, err := c.file.Connection(c.connection)
	if err != nil {
		return "", fmt.Errorf("%w; name it with --connection", err)
	}
	return of.Method, nil
}

// of is the connection that is meant for a world; nil where a file that nobody named does not have it.
func (c *Configuration) of(w *facts.World) (*config.Connection, error) {
	found, err := c.file.Connection(cmp.Or(c.connection, w.Bundle.Connection.Name))
	if err != nil && c.implied {
		return nil, nil
	}
	return found, err
}

// Expecting gives worlds in which the configuration says which policies and products groups should give, and by which
// rules rollcall provisions; what it does not say stays as it was recorded.
func (c *Configuration) Expecting(worlds engine.Worlds) engine.Worlds {
	if c == nil {
		return worlds
	}
	return expecting{worlds, c}
}

type expecting struct {
	engine.Worlds
	config *Configuration
}

func (e expecting) Load(ctx context.Context, focus *engine.Focus, progress engine.Progress) (*facts.World, error) {
	if _, recording := e.Worlds.(recorded); recording && e.config.maps() {
		focus = nil // a part of the recording was chosen by the rules that it holds: other rules may need another part
	}
	w, err := e.Worlds.Load(ctx, focus, progress)
	if err != nil {
		return nil, err
	}
	of, err := e.config.of(w)
	if err != nil || of == nil {
		return w, err
	}
	if a := of.Target.Atlassian; a != nil {
		w.Limits.UsersPerDirectory = cmp.Or(a.Sizes.Users, w.Limits.UsersPerDirectory)
		w.Limits.UsersPerGroup = cmp.Or(a.Sizes.GroupMembers, w.Limits.UsersPerGroup)
	}
	if len(of.Policies) > 0 {
		w.Bundle.Connection.ExpectedPolicies = map[string]string{}
	}
	for _, p := range of.Policies {
		w.Bundle.Connection.ExpectedPolicies[p.Group] = p.ID
	}
	if len(of.Products) > 0 {
		w.Bundle.Connection.ExpectedProducts = map[string][]string{}
	}
	for _, p := range of.Products {
		w.Bundle.Connection.ExpectedProducts[p.Group] = p.Keys
	}
	if of.Method == document.Rollcall {
		if w.OwnRules, err = written(e.config.file, of); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// maps tells whether a connection of the file that rollcall provisions has a mapping of its own.
func (c *Configuration) maps() bool {
	return slices.ContainsFunc(c.file.Connections, func(of config.Connection) bool {
		return of.Method == document.Rollcall && (len(of.Map) > 0 || of.Import != nil)
	})
}
