package engine

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// CheckRequest says whose roll to call and which findings are wanted.
type CheckRequest struct {
	Expect []string     // UPNs or addresses of people who should be there beside those whom Entra sends
	All    bool         // findings for people who are as they should be, too
	Causes []cause.Code // only findings with one of these causes, as cause or beside it; empty: every cause
	Group  string       // only findings that concern this group or its people (name or id); empty: everybody
}

// ErrNobody says that no document of the world names people, so that there is no roll to call. Calling it empty would
// read as good news.
var ErrNobody = errors.New("nothing that was read names people: neither Entra's users (entra/users.json, GET /users) nor records or accounts of Atlassian")

// Check calls the roll. The counts are those of the whole connection, whatever the findings are narrowed to.
func (e *Engine) Check(ctx context.Context, r CheckRequest) (trace.RollCall, error) {
	w, err := e.load(ctx, nil)
	if err != nil {
		return trace.RollCall{}, err
	}
	if !w.Has(document.Users) && len(w.Users)+len(w.ScimUsers)+len(w.OrgUsers)+len(r.Expect) == 0 {
		return trace.RollCall{}, ErrNobody
	}
	concerns := func(trace.Finding) bool { return true }
	if r.Group != "" {
		if concerns, err = within(w, r.Group); err != nil {
			return trace.RollCall{}, err
		}
	}
	roll := trace.New(w).Check(trace.CheckOptions{Expect: r.Expect, All: r.All, Workers: min(runtime.NumCPU(), 8), Progress: func(done, total int) {
		e.progress("tracing", int64(done), int64(total))
	}})
	roll.Findings = slices.DeleteFunc(roll.Findings, func(f trace.Finding) bool {
		return !concerns(f) || len(r.Causes) > 0 && !named(f, r.Causes)
	})
	return roll, nil
}

// named tells whether a finding has one of the causes, as its own or beside it.
func named(f trace.Finding, causes []cause.Code) bool {
	return slices.Contains(causes, f.Cause) || slices.ContainsFunc(f.Also, func(c cause.Code) bool { return slices.Contains(causes, c) })
}

// NoGroupError says that no side knows a group of that name.
type NoGroupError struct {
	Name  string
	Known []string // the names of the groups that there are
}

func (e *NoGroupError) Error() string {
	return fmt.Sprintf("no group is called %q, in Entra, in the Guard directory or in the organization", e.Name)
}

// within gives a test for findings that concern a group: the group itself, memberships in it, and everybody whom any
// nesting leads into it in Entra.
func within(w *facts.World, name string) (func(trace.Finding) bool, error) {
	names, people := map[string]bool{facts.Fold(name): true}, map[string]bool{}
	groups := slices.Clone(w.GroupsByName(name))
	if g, ok := w.GroupByID(name); ok && !slices.Contains(groups, g) {
		groups = append(groups, g)
	}
	walk := w.Graph.Walk()
	for _, g := range groups {
		names[facts.Fold(w.Groups[g].DisplayName)] = true
		for _, u := range walk.Down(g) {
			people[facts.Fold(w.Users[u].ID)] = true
		}
	}
	if len(groups) == 0 && len(w.ScimGroupsByName(name)) == 0 && len(w.OrgGroupsByName(name)) == 0 {
		return nil, &NoGroupError{Name: name, Known: groupNames(w)}
	}
	return func(f trace.Finding) bool {
		switch f.Subject.Kind {
		case "user":
			return people[facts.Fold(f.Subject.ID)]
		case "group":
			return names[facts.Fold(f.Subject.Name)] || facts.Fold(f.Subject.ID) == facts.Fold(name)
		}
		return names[facts.Fold(f.Subject.Group)]
	}, nil
}

func groupNames(w *facts.World) []string {
	var names []string
	for i := range w.Groups {
		names = append(names, w.Groups[i].DisplayName)
	}
	for i := range w.ScimGroups {
		names = append(names, w.ScimGroups[i].DisplayName)
	}
	for i := range w.OrgGroups {
		names = append(names, w.OrgGroups[i].Name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
