package scenario_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/bundle"
	"github.com/rollcall/rollcall/internal/testkit"
)

// teams are the nested teams of a real organization, read here by the plainest means as a reference.
type teams struct {
	upn      map[string]string   // user id -> user principal name
	name     map[string]string   // group id -> display name
	members  map[string][]string // group id -> member ids
	assigned []string
}

func readTeams(t *testing.T, dir string) teams {
	t.Helper()
	var users, groups, assignments struct {
		Value []struct {
			ID, UserPrincipalName, DisplayName, PrincipalID string
			Members                                         []struct{ ID string }
		}
	}
	for name, to := range map[string]any{"users.json": &users, "groups.json": &groups, "app-role-assignments.json": &assignments} {
		text, err := os.ReadFile(filepath.Join(dir, "entra", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(text, to); err != nil {
			t.Fatal(err)
		}
	}
	x := teams{upn: map[string]string{}, name: map[string]string{}, members: map[string][]string{}}
	for _, u := range users.Value {
		x.upn[u.ID] = u.UserPrincipalName
	}
	for _, g := range groups.Value {
		x.name[g.ID] = g.DisplayName
		for _, m := range g.Members {
			x.members[g.ID] = append(x.members[g.ID], m.ID)
		}
	}
	for _, a := range assignments.Value {
		x.assigned = append(x.assigned, a.PrincipalID)
	}
	return x
}

// lost are the memberships that direct reading loses: "user in group", sorted.
func (x teams) lost() []string {
	var out []string
	for _, g := range x.assigned {
		all := map[string]bool{}
		x.flatten(g, map[string]bool{}, all)
		for _, direct := range x.members[g] {
			delete(all, direct)
		}
		for u := range all {
			out = append(out, x.upn[u]+" in "+x.name[g])
		}
	}
	slices.Sort(out)
	return out
}

func (x teams) flatten(g string, seen, into map[string]bool) {
	if seen[g] {
		return
	}
	seen[g] = true
	for _, m := range x.members[g] {
		if x.upn[m] != "" {
			into[m] = true
		} else {
			x.flatten(m, seen, into)
		}
	}
}

func TestEverybodyWhomNestingLosesInARealOrganizationIsFound(t *testing.T) {
	t.Parallel()
	dir := testkit.Shared(t, "data", "kubernetes-teams")
	b, err := bundle.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	w, err := b.Load(context.Background(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	w.Bundle.Connection.Method = document.EntraSCIM // the recording is of a connection that flattens

	tracer := trace.New(w)
	var got []string
	for _, f := range tracer.Check(trace.CheckOptions{Workers: 2}).Findings {
		if f.Cause == cause.NestedGroup {
			got = append(got, f.Subject.Name+" in "+f.Subject.Group)
		}
	}
	slices.Sort(got)
	want := readTeams(t, dir).lost()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("memberships lost by nesting (-reference +check):\n%s", diff)
	}
	if len(want) == 0 {
		t.Fatal("the organization has no nested teams: the test proves nothing")
	}

	user, group, _ := strings.Cut(want[0], " in ")
	tr, err := tracer.Why(trace.Query{Subject: user, Group: group})
	if err != nil {
		t.Fatal(err)
	}
	i := slices.IndexFunc(tr.Hops, func(h trace.Hop) bool { return h.Hop == cause.HopAssignment })
	if tr.Cause != cause.NestedGroup || !strings.Contains(tr.Hops[i].Summary, " ← "+group+" ← ") {
		t.Errorf("why %s in %s: %s, %q; want the chain through the nested group", user, group, tr.Cause, tr.Hops[i].Summary)
	}
}
