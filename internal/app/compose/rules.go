package compose

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// Rules finds the rules that the configuration has for a world; nil where there is no configuration.
func (c *Configuration) Rules() func(*facts.World) (*engine.Rules, error) {
	if c == nil {
		return nil
	}
	return func(w *facts.World) (*engine.Rules, error) {
		of, err := c.of(w)
		switch {
		case err != nil:
			return nil, err
		case of == nil:
			return &engine.Rules{Elsewhere: fmt.Sprintf("%s has no connection %q", c.file.Path, w.Bundle.Connection.Name)}, nil
		}
		return &engine.Rules{Method: of.Method, Of: func(w *facts.World, method string) (plan.Rules, []error, error) {
			return rulesOf(c.file, of, w, method)
		}}, nil
	}
}

// rulesOf turns what the file says of a connection into rules: on the method's own as they are, or on those of the
// tenant's synchronization schema where the file imports it.
func rulesOf(file *config.File, c *config.Connection, w *facts.World, method string) (plan.Rules, []error, error) {
	r := plan.Base(w, method)
	r.Connection, r.Origin = c.Name, fmt.Sprintf("%s, connection %s", file.Path, c.Name)
	if c.Identifier != "" {
		r.Mapping = mapping.Default(method, c.Identifier)
	}
	own, err := written(file, c)
	if err != nil {
		return r, nil, err
	}
	faults, err := r.Write(w, own)
	switch {
	case errors.Is(err, plan.ErrNoSchema):
		return r, nil, fmt.Errorf("%s:%d: `import: schema` takes the synchronization schema of the Entra job, and it was not read (%s, %s)",
			file.Path, c.Import.Line, document.SynchronizationRule, w.Call(document.SynchronizationRule))
	case err != nil && c.Import != nil:
		return r, nil, fmt.Errorf("%s:%d: %w", file.Path, c.Import.Line, err)
	case err != nil:
		return r, nil, fmt.Errorf("%s:%d: %w", file.Path, c.Line, err)
	}
	if r.Mapping.Known {
		r.Origin += ", on the mapping and scoping filters of the Entra job"
	}
	if len(c.Policies) > 0 {
		r.Policies = nil
		for _, p := range c.Policies {
			r.Policies = append(r.Policies, plan.Policy{Group: p.Group, ID: p.ID, Equal: c.Method == document.Rollcall})
		}
	}
	r.Limits[plan.Deactivations] = limit(c.Limits.Deactivate, r.Limits[plan.Deactivations])
	r.Limits[plan.MemberRemovals] = limit(c.Limits.RemoveMembers, r.Limits[plan.MemberRemovals])
	r.Limits[plan.GroupDeletions] = limit(c.Limits.DeleteGroups, r.Limits[plan.GroupDeletions])
	r.Text = r.Canonical()
	return r, faults, nil
}

// written are the rules of the file as a recording holds them: scope, matching and mapping.
func written(file *config.File, c *config.Connection) (*document.OwnRules, error) {
	own := &document.OwnRules{Assigned: c.Scope.Assigned, Match: c.Match, Import: c.Import != nil}
	for _, g := range c.Scope.Groups {
		own.Groups = append(own.Groups, document.OwnGroup{Name: g.Name, Nested: g.Nested, Depth: g.Depth, Exclude: g.Exclude})
	}
	if f := c.Scope.Filter(); f != nil {
		for _, g := range f.Groups {
			own.Filters = append(own.Filters, g.Clauses)
		}
	}
	for _, m := range c.Map {
		own.Map = append(own.Map, document.OwnMapping{Target: m.Target, Expression: m.Expression})
	}
	if c.Import == nil || c.Import.Schema == "" {
		return own, nil
	}
	path := file.Locate(c.Import.Schema)
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s:%d: reading the schema to import: %w", file.Path, c.Import.Line, err)
	}
	if own.Schema = jsontext.Value(text); !own.Schema.IsValid(jsontext.AllowDuplicateNames(true)) || len(text) > maxSchema {
		return nil, fmt.Errorf("%s:%d: %s holds no synchronization schema: it is no JSON document, or larger than %d MiB", file.Path, c.Import.Line, filepath.Base(path), maxSchema>>20)
	}
	return own, nil
}

// maxSchema is the largest schema that is imported, in bytes.
const maxSchema = 16 << 20

// limit is what the file says, and the default for what it leaves open.
func limit(said config.Limit, usual plan.Limit) plan.Limit {
	if said.Run.Set {
		usual.Run = amount(said.Run)
	}
	if said.Day.Set {
		usual.Day = amount(said.Day)
	}
	return usual
}

func amount(a config.Amount) plan.Amount {
	if a.IsPercent {
		return plan.Amount{Percent: a.Percent, Kind: plan.Percent}
	}
	return plan.Amount{Number: a.Number, Kind: plan.Number}
}
