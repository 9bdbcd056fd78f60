package compose

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/scope"
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
	faults, err := imported(file, c, w, &r)
	if err != nil {
		return r, nil, err
	}
	scoped(c, &r)
	for _, m := range c.Map {
		if err := override(&r.Mapping.User, m); err != nil {
			return r, nil, fmt.Errorf("%s:%d:%d: %w", file.Path, m.Line, m.Column, err)
		}
	}
	if c.Match != nil {
		r.Match = c.Match
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

// imported takes over the mapping and the scoping filters of an Entra job: those of a saved file, or those that the
// tenant has. What Entra's own service does is judged by them without being asked.
func imported(file *config.File, c *config.Connection, w *facts.World, r *plan.Rules) ([]error, error) {
	schema := w.Schema
	switch {
	case c.Import == nil && r.Method != document.EntraSCIM, r.Method == document.GuardNested:
		return nil, nil
	case c.Import != nil && c.Import.Schema != "":
		path := file.Locate(c.Import.Schema)
		f, err := os.Open(path)
		if err != nil {
			return nil, fmt.Errorf("%s:%d: reading the schema to import: %w", file.Path, c.Import.Line, err)
		}
		defer f.Close()
		all, _, err := document.Objects[document.Schema](document.SynchronizationRule, f)
		if err != nil || len(all) != 1 {
			return nil, fmt.Errorf("%s:%d: %s holds no synchronization schema: %w", file.Path, c.Import.Line, filepath.Base(path), errorOr(err, "one is expected"))
		}
		schema = all[0]
	case schema == nil && c.Import != nil:
		return nil, fmt.Errorf("%s:%d: `import: schema` takes the synchronization schema of the Entra job, and it was not read (%s, %s)",
			file.Path, c.Import.Line, document.SynchronizationRule, w.Call(document.SynchronizationRule))
	case schema == nil:
		return nil, nil
	}
	faults := r.Import(schema)
	if schema == w.Schema {
		r.Unprovisioned(w)
	}
	if !r.Mapping.Known && c.Import != nil {
		return nil, fmt.Errorf("%s:%d: the schema to import maps no users to the application", file.Path, c.Import.Line)
	}
	r.Origin += ", on the mapping and scoping filters of the Entra job"
	return faults, nil
}

func errorOr(err error, text string) error {
	if err != nil {
		return err
	}
	return errors.New(text)
}

// scoped says who is in. Filters of the file replace those that were imported.
func scoped(c *config.Connection, r *plan.Rules) {
	if !c.Scope.Assigned {
		r.Scope.Assigned = false
	}
	for _, g := range c.Scope.Groups {
		r.Scope.Groups = append(r.Scope.Groups, scope.GroupRule{Name: g.Name, Nested: g.Nested, Depth: g.Depth, Exclude: g.Exclude})
	}
	if f := c.Scope.Filter(); f != nil {
		r.Mapping.User.Scope = f // there, too: it names the attributes that must be read
		r.Scope.UserFilter = scope.Compile(f)
	}
}

// override fills an attribute of the target by another expression. The row keeps its place, and its part in matching.
func override(o *mapping.ObjectRules, m config.Mapping) error {
	e, err := expr.Parse(m.Expression)
	if err != nil {
		return err
	}
	row := mapping.AttributeRule{Target: m.Target, Source: m.Expression, Expr: e, FlowType: "Always", Flow: true}
	key, found := document.TargetKey(m.Target), -1
	targets := make([]string, len(o.Attributes))
	for i, a := range o.Attributes {
		if targets[i] = a.Target; found < 0 && document.TargetKey(a.Target) == key {
			found = i
		}
	}
	if found < 0 && mapping.EmailTarget([]string{m.Target}) == 0 { // the address, however the tenant's schema spells it
		found = mapping.EmailTarget(targets)
	}
	if found < 0 {
		o.Attributes = append(o.Attributes, row)
		return nil
	}
	row.Target, row.Matching = o.Attributes[found].Target, o.Attributes[found].Matching
	o.Attributes[found] = row
	return nil
}

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
