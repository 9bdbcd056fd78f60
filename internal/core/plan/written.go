package plan

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// ErrNoSchema says that the synchronization schema which rules import was not read.
var ErrNoSchema = errors.New("the synchronization schema of the Entra job, on which the rules build, was not read")

// Own gives the rules by which rollcall provisions in this world: those that somebody wrote down, or where nobody did
// the method's own with what the tenant's job says.
func Own(w *facts.World) (Rules, []error, error) {
	if w.OwnRules == nil {
		r, faults := Of(w, document.Rollcall)
		return r, faults, nil
	}
	r := Base(w, document.Rollcall)
	faults, err := r.Write(w, w.OwnRules)
	if err == nil {
		r.Text = r.Canonical()
	}
	return r, faults, err
}

// Write lays rules that somebody wrote down over those of the method. The first errors name rows of an imported schema
// that could not be read, the last one says what of the rules cannot be used.
func (r *Rules) Write(w *facts.World, own *document.OwnRules) ([]error, error) {
	if !own.Assigned && len(own.Groups) == 0 { // no configuration says so: it is no rules, and all would leave
		return nil, errors.New("they select nobody: neither what is assigned nor any group")
	}
	faults, err := r.imports(w, own)
	if err != nil {
		return faults, err
	}
	r.Scope.Assigned = r.Scope.Assigned && own.Assigned
	for _, g := range own.Groups {
		r.Scope.Groups = append(r.Scope.Groups, scope.GroupRule{Name: g.Name, Nested: g.Nested, Depth: g.Depth, Exclude: g.Exclude})
	}
	if len(own.Filters) > 0 { // they replace those that were imported
		f := &document.Filter{}
		for i, clauses := range own.Filters {
			f.Groups = append(f.Groups, document.FilterGroup{Name: "scope.filters[" + strconv.Itoa(i) + "]", Clauses: clauses})
		}
		r.Mapping.User.Scope = f // there, too: it names the attributes that must be read
		r.Scope.UserFilter = scope.Compile(f)
	}
	for _, m := range own.Map {
		if err := override(&r.Mapping.User, m); err != nil {
			return faults, fmt.Errorf("map.%s: %w", m.Target, err)
		}
	}
	if own.Match != nil {
		r.Match = own.Match
	}
	return faults, nil
}

// imports takes over the mapping and the scoping filters of an Entra job: those of a saved schema, or those that the
// tenant has. What Entra's own service does is judged by them without being asked.
func (r *Rules) imports(w *facts.World, own *document.OwnRules) ([]error, error) {
	schema := w.Schema
	switch {
	case r.Method == document.GuardNested, !own.Import && len(own.Schema) == 0 && r.Method != document.EntraSCIM:
		return nil, nil
	case len(own.Schema) > 0:
		all, _, err := document.Objects[document.Schema](document.SynchronizationRule, bytes.NewReader(own.Schema))
		if err != nil {
			return nil, fmt.Errorf("the file to import holds no synchronization schema: %w", err)
		}
		if len(all) != 1 {
			return nil, errors.New("the file to import holds no synchronization schema: one is expected")
		}
		schema = all[0]
	case schema == nil && own.Import:
		return nil, ErrNoSchema
	case schema == nil:
		return nil, nil
	}
	faults := r.Import(schema)
	if schema == w.Schema {
		r.Unprovisioned(w)
	}
	if !r.Mapping.Known && (own.Import || len(own.Schema) > 0) {
		return faults, errors.New("the schema to import maps no users to the application")
	}
	return faults, nil
}

// override fills an attribute of the target by another expression. The row keeps its place, and its part in matching.
func override(o *mapping.ObjectRules, m document.OwnMapping) error {
	e, err := expr.Parse(m.Expression)
	if err != nil {
		return err
	}
	row := mapping.AttributeRule{Target: m.Target, Source: m.Expression, Expr: e, FlowType: "Always", Flow: true}
	key := document.TargetKey(m.Target)
	found := slices.IndexFunc(o.Attributes, func(a mapping.AttributeRule) bool { return document.TargetKey(a.Target) == key })
	if found < 0 && mapping.EmailTarget([]string{m.Target}) == 0 { // the address, however the tenant's schema spells it
		targets := make([]string, len(o.Attributes))
		for i, a := range o.Attributes {
			targets[i] = a.Target
		}
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
