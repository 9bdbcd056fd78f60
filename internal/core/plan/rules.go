package plan

import (
	"maps"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Of gives the rules by which a method provisions in this world when no configuration says otherwise. Entra's own
// mappings and scoping filters are taken over where the world holds the tenant's synchronization schema, so that a move
// from Entra's service keeps them. The errors name rows of the schema that could not be read.
func Of(w *facts.World, method string) (Rules, []error) {
	r := Base(w, method)
	var faults []error
	if method != document.GuardNested {
		if w.Schema != nil && w.Has(document.SynchronizationRule) {
			faults = r.Import(w.Schema)
		}
		r.Unprovisioned(w)
	}
	r.Text = r.Canonical()
	return r, faults
}

// Base gives the rules of a method without those of the tenant's synchronization schema.
func Base(w *facts.World, method string) Rules {
	c := w.Bundle.Connection
	r := Rules{Connection: c.Name, Method: method, Limits: DefaultLimits, Mapping: mapping.Default(method, c.Identifier)}
	r.Scope = scope.Rules{Assigned: true, Nested: scope.Flatten}
	for _, group := range slices.Sorted(maps.Keys(c.ExpectedPolicies)) {
		r.Policies = append(r.Policies, Policy{Group: group, ID: c.ExpectedPolicies[group]})
	}
	switch method {
	case document.GuardNested:
		r.Scope.NestedToo, r.Scope.GroupLimit = true, w.Limits.ConnectorGroup
		if w.Has(document.Domains) {
			r.Scope.Domains = verified(w)
		}
		if sel := c.Selected; w.Method() == document.GuardNested && sel != nil && len(sel.Groups) > 0 {
			r.Scope.Assigned = false // the groups below, by id: see assigned
		}
	case document.EntraSCIM:
		r.Scope.Nested = scope.Direct
		r.Unprovisioned(w)
	}
	r.Text = r.Canonical()
	return r
}

// Unprovisioned takes over the setting of a job that nobody is taken away who leaves its scope.
func (r *Rules) Unprovisioned(w *facts.World) {
	if strings.EqualFold(w.Settings["SkipOutOfScopeDeletions"], "true") {
		r.Mapping.User.Delete, r.Mapping.Group.Delete = false, false
	}
}

// Import takes over the mappings and scoping filters of a job of Entra's provisioning service.
func (r *Rules) Import(s *document.Schema) []error {
	rules, faults := mapping.FromSchema(s)
	if !rules.Known {
		return faults
	}
	r.Mapping = rules
	r.Scope.UserFilter, r.Scope.GroupFilter = filter(rules.User.Scope), filter(rules.Group.Scope)
	r.Scope.NoGroups = !rules.Group.Present || !rules.Group.Enabled
	r.Match = nil
	for _, target := range append([]string{"externalId"}, rules.User.Matching...) {
		if key := document.TargetKey(target); key == "externalid" || key == "username" { // Atlassian finds users by these two
			r.Match = append(r.Match, target)
		}
	}
	r.Match = append(r.Match, "userName")
	return faults
}

func filter(f *document.Filter) *scope.Filter {
	if f == nil {
		return nil
	}
	return scope.Compile(f)
}

func verified(w *facts.World) map[string]bool {
	out := map[string]bool{}
	for _, d := range w.Domains {
		if strings.EqualFold(d.Attributes.Claim.Status, "verified") {
			out[facts.Fold(d.Attributes.Name)] = true
		}
	}
	return out
}
