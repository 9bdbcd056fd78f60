package mapping

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
	"github.com/rollcall/rollcall/internal/core/scope"
)

var wantColumns = []string{"id", "userPrincipalName", "displayName", "mail", "department", "otherMails"}

func drawCell(t *rapid.T, what string) document.AttributeValue {
	switch rapid.IntRange(0, 6).Draw(t, what) {
	case 0:
		return document.NotTold
	case 1:
		return document.NullValue
	case 2:
		return document.TextValue("")
	case 3:
		return document.ListValue([]string{"a@x.example", "b@x.example"})
	}
	return document.TextValue(rapid.SampledFrom([]string{"ada@x.example", "Ada", "no address", "a b@x.example"}).Draw(t, "text"))
}

func drawSnapshot(t *rapid.T) *directory.Snapshot {
	b := directory.NewSnapshot(wantColumns, []string{"id", "displayName"})
	for i := range rapid.IntRange(0, 6).Draw(t, "users") {
		row := []document.AttributeValue{document.TextValue(fmt.Sprintf("u%d", i))}
		for _, name := range wantColumns[1:] {
			row = append(row, drawCell(t, name))
		}
		b.User(row...)
	}
	for i := range rapid.IntRange(0, 4).Draw(t, "groups") {
		name := document.NullValue
		if rapid.Bool().Draw(t, "named") {
			name = document.TextValue(rapid.SampledFrom([]string{"devs", "Ops"}).Draw(t, "name"))
		}
		b.Group([]document.AttributeValue{document.TextValue(fmt.Sprintf("g%d", i)), name}, []string{"u0", "u1", "u3"}, nil, rapid.SampledFrom([]string{"", "why"}).Draw(t, "incomplete"))
	}
	return b.Snapshot(directory.Assigned{}, nil, directory.Gaps{})
}

func drawObject(t *rapid.T, object string, targets, sources []string) ObjectRules {
	o := ObjectRules{Object: object}
	for _, target := range rapid.SliceOfNDistinct(rapid.SampledFrom(targets), 0, len(targets), rapid.ID).Draw(t, "targets") {
		a := AttributeRule{Target: target, Source: rapid.SampledFrom(sources).Draw(t, "source"), FlowType: rapid.SampledFrom([]string{"Always", "ObjectAddOnly"}).Draw(t, "flow")}
		if rapid.IntRange(0, 4).Draw(t, "default") == 0 {
			a.Default = document.Some("fallback@x.example")
		}
		if a.Source != "" {
			a.Expr, a.Err = expr.Parse(a.Source)
		}
		a.Flow = a.Source != "" || a.Default.Known
		o.Attributes = append(o.Attributes, a)
	}
	return o
}

func drawSelection(t *rapid.T, s *directory.Snapshot) *scope.Selection {
	standing := rapid.SampledFrom([]scope.Standing{scope.In, scope.In, scope.In, scope.NotAssigned, scope.Disabled, scope.NotSettled})
	sel := &scope.Selection{Member: make([][]uint32, s.Groups.Len()), Incomplete: s.Incomplete}
	for range s.Users.Len() {
		sel.Users = append(sel.Users, standing.Draw(t, "user"))
	}
	for g := range s.Groups.Len() {
		sel.Groups = append(sel.Groups, standing.Draw(t, "group"))
		sel.Member[g] = s.Graph.Users(uint32(g))
	}
	return sel
}

// What is wanted of a user is what the rules give for that user alone, and so are the faults.
func TestWantIsMapForEveryUser(t *testing.T) {
	targets := []string{"userName", "externalId", "displayName", WorkEmail, "active", "title", `emails[type eq "other"].value`}
	sources := []string{
		"[userPrincipalName]", "[mail]", "[objectId]", "[otherMails]", "[missing]", "", `"constant"`, `Coalesce([mail], [displayName])`, `IgnoreFlowIfNullOrEmpty([mail])`,
		active, `Switch([department], "True", "Ada", "False")`, "Join(", "NoSuchFunction([mail])", `Mid([mail], 1, 3)`,
	}
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		sel := drawSelection(t, s)
		rules := Rules{User: drawObject(t, "User", targets, sources)}
		w := Want(s, sel, &rules)
		var faults []UserFault
		for u := range uint32(s.Users.Len()) {
			in := sel.Users[u] == scope.In
			get := func(name string) document.AttributeValue { return s.Users.Cell(u, s.Users.Column(sourceColumn(name))) }
			r := rules.User.Map(get, !in && sel.Users[u] != scope.NotSettled)
			if w.State.Users.Text(u, 0) != s.Users.Text(u, 0) {
				t.Fatalf("row %d is that of %s", u, w.State.Users.Text(u, 0))
			}
			for i, c := range w.Columns {
				m := r.Values[c.Target]
				if c.Unwritten { // read for matching: whose id is it?
					m = Mapped{Text: s.Users.Text(u, 0), Known: true}
				}
				want := document.AttributeValue{Text: m.Text, Values: m.Values, Known: m.Known && m.Err == nil, Null: m.Null}
				if want.Empty() {
					want = document.NullValue
				}
				if d := cmp.Diff(want, w.State.Users.Cell(u, i+1), cmpopts.EquateEmpty()); d != "" {
					t.Fatalf("%s of user %d ← %s differs (-map +want):\n%s", c.Target, u, m.From, d)
				}
				if got := w.FromDefault(u, i); got != m.Default {
					t.Fatalf("%s of user %d is the default: %v, want %v", c.Target, u, got, m.Default)
				}
			}
			a := r.Active()
			if want := in && (!a.Known || !strings.EqualFold(a.Text, "False")); w.State.Active[u] != want {
				t.Fatalf("user %d is active: %v, want %v (%+v)", u, w.State.Active[u], want, a)
			}
			if in {
				for _, f := range rules.User.Faults(r) {
					faults = append(faults, UserFault{u, f})
				}
				if _, filled := r.Values["active"]; filled && (!a.Known || a.Err != nil) {
					faults = append(faults, UserFault{u, Fault{Target: "active", Kind: Unknown, Text: a.Why}})
				}
			}
		}
		if d := cmp.Diff(faults, w.Faults); d != "" {
			t.Fatalf("the faults differ (-map +want):\n%s", d)
		}
	})
}

func sourceColumn(name string) string {
	if strings.EqualFold(name, "objectId") {
		return "id"
	}
	return name
}

// Groups in scope get what the rules give, and their own name and id where none does; the others get no row.
func TestWantedGroupsAreThoseInScope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := drawSnapshot(t)
		sel := drawSelection(t, s)
		rules := Rules{Group: drawObject(t, "Group", []string{"displayName", "externalId", "members"}, []string{"[displayName]", "[objectId]", `Append("x-", [displayName])`, `"constant"`, "Join("})}
		w := Want(s, sel, &rules)
		for g := range uint32(s.Groups.Len()) {
			st := sel.Groups[g]
			if st != scope.In && st != scope.NotSettled {
				if w.State.Groups.Row(g) != "" || w.State.Member[g] != nil {
					t.Fatalf("group %d is not in scope and has a row", g)
				}
				continue
			}
			get := func(name string) document.AttributeValue {
				return s.Groups.Cell(g, s.Groups.Column(sourceColumn(name)))
			}
			r := rules.Group.Map(get, false)
			for i, target := range []string{"externalId", "displayName"} {
				want := s.Groups.Cell(g, i)
				if m, ok := r.Values[target]; ok {
					want = document.AttributeValue{Text: m.Text, Known: m.Known && m.Err == nil, Null: m.Null}
				}
				if !want.Known {
					want = document.NotTold
				}
				if got := w.State.Groups.Cell(g, i+1); got.Text != want.Text || got.Known != want.Known || got.Null != want.Null {
					t.Fatalf("%s of group %d is %+v, want %+v", target, g, got, want)
				}
			}
			if w.State.Told[g] != (s.Incomplete[g] == "") || !cmp.Equal(w.State.Member[g], sel.Member[g]) {
				t.Fatalf("group %d: told %v, members %v", g, w.State.Told[g], w.State.Member[g])
			}
		}
	})
}

func TestColumnsAreTheAttributesThatTheRulesFill(t *testing.T) {
	o := withRows("userName", "[mail]", "USERNAME", "[userPrincipalName]", "active", `"True"`, "title", "", "displayName", "IgnoreFlowIfNullOrEmpty( [displayName] )", `emails[type eq "work"].value`, "[mail]")
	o.Attributes[4].FlowType = "ObjectAddOnly"
	want := []Column{
		{Target: "userName", Key: "username", Rule: 0, FoldCase: true},
		{Target: "displayName", Key: "displayname", Rule: 4, CreateOnly: true, Keeps: true},
		{Target: `emails[type eq "work"].value`, Key: `emails[typeeq"work"].value`, Rule: 5, FoldCase: true},
		{Target: "externalId", Key: "externalid", Rule: -1, Unwritten: true},
	}
	if d := cmp.Diff(want, o.Columns()); d != "" {
		t.Errorf("the columns differ (-want +got):\n%s", d)
	}
}
