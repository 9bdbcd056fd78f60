package engine

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// told is what a plan says in words that can be compared: its steps, then each member of a membership step.
func told(r *PlanResult) []string {
	var out []string
	for s := range r.Steps() {
		if s.Items == nil {
			out = append(out, string(s.Op)+" "+s.Subject.Name)
		}
		for _, i := range s.Items {
			out = append(out, string(s.Op)+" "+s.Subject.Name+" "+i.Name)
		}
	}
	slices.Sort(out)
	return out
}

func planOf(t *testing.T, w *facts.World, r PlanRequest) *PlanResult {
	t.Helper()
	p, err := (&Engine{Worlds: &shelf{world: w}}).Plan(t.Context(), r)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPlanIsMadeForTodaysMethodOrForAnother(t *testing.T) {
	today := planOf(t, small(), PlanRequest{})
	want := []string{"add-members readers ada@small.example", "create ada@small.example", "create readers"}
	if d := cmp.Diff(want, told(today)); d != "" || today.Switch != nil || today.Plan.Method != document.EntraSCIM {
		t.Errorf("%s, switch %+v\n%s", today.Plan.Method, today.Switch, d)
	}
	other := planOf(t, small(), PlanRequest{Method: document.Rollcall})
	want = append(want, "add-members readers bo@small.example", "create bo@small.example")
	slices.Sort(want)
	if d := cmp.Diff(want, told(other)); d != "" {
		t.Error(d)
	}
	if other.Switch == nil || len(other.Switch.Users.Lost) > 0 || len(other.Switch.Users.Gained) != 1 {
		t.Fatalf("switch = %+v, want one who gains access", other.Switch)
	}
	if g := other.Switch.Users.Gained[0]; g.Subject.Name != "bo@small.example" || g.Why != "readers ← inner" {
		t.Errorf("who gains access: %+v", g)
	}
	if !today.Changes() || !other.Changes() {
		t.Error("there is something to do, and nobody is told")
	}
}

func TestAPlanIsNarrowed(t *testing.T) {
	for sentence, c := range map[string]struct {
		ask  PlanRequest
		want []string
	}{
		"to a person":                   {PlanRequest{User: "bo"}, []string{"add-members readers bo@small.example", "create bo@small.example"}},
		"to a person with nothing":      {PlanRequest{User: "cy@small.example"}, nil},
		"to a group and its people":     {PlanRequest{Group: "READERS"}, []string{"add-members readers ada@small.example", "add-members readers bo@small.example", "create ada@small.example", "create bo@small.example", "create readers"}},
		"to the people of another":      {PlanRequest{Group: "inner"}, []string{"create bo@small.example"}},
		"to a person in a group":        {PlanRequest{User: "bo", Group: "id-readers"}, []string{"add-members readers bo@small.example", "create bo@small.example", "create readers"}},
		"to a person in another's room": {PlanRequest{User: "ada", Group: "inner"}, []string{"create ada@small.example"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			c.ask.Method = document.Rollcall
			r := planOf(t, small(), c.ask)
			if d := cmp.Diff(c.want, told(r)); d != "" {
				t.Error(d)
			}
			if r.Plan.Counts.Creates != 2 {
				t.Errorf("the counts are narrowed, too: %+v", r.Plan.Counts)
			}
			if (r.About != nil) != (c.ask.User != "") {
				t.Errorf("about = %+v", r.About)
			}
			for j := range r.Verdicts(true) {
				if c.ask.User != "" && c.ask.Group == "" && !strings.HasPrefix(j.Subject.Name, strings.TrimSuffix(c.ask.User, "@small.example")) {
					t.Errorf("a verdict on %+v", j.Subject)
				}
			}
		})
	}
	r := planOf(t, small(), PlanRequest{Method: document.Rollcall, User: "ada"})
	if len(r.Switch.Users.Gained) > 0 {
		t.Errorf("somebody else gains access on a page about ada: %+v", r.Switch)
	}
}

func TestNobodyIsNotEverybody(t *testing.T) {
	e := &Engine{Worlds: &shelf{world: small()}}
	_, err := e.Plan(t.Context(), PlanRequest{User: "bob@small.example"})
	if none, ok := errors.AsType[*NoUserError](err); !ok || !slices.Contains(none.Known, "bo@small.example") {
		t.Errorf("error = %v, want the names that there are", err)
	}
	_, err = e.Plan(t.Context(), PlanRequest{Group: "raeders"})
	if _, ok := errors.AsType[*NoGroupError](err); !ok {
		t.Errorf("error = %v, want NoGroupError", err)
	}
	empty := facts.NewBuilder(document.Bundle{}, facts.Focus{})
	empty.SealPeople()
	if _, err := (&Engine{Worlds: &shelf{world: empty.World()}}).Plan(t.Context(), PlanRequest{}); !errors.Is(err, ErrNobody) {
		t.Errorf("a plan for a world without people: %v", err)
	}
}

func TestANameThatSeveralBearIsAskedBack(t *testing.T) {
	b := facts.NewBuilder(document.Bundle{Connection: document.Connection{Name: "twins"}}, facts.Focus{})
	for _, id := range []string{"a1", "a2"} {
		b.User(document.User{ID: id, UserPrincipalName: id + "@twins.example", DisplayName: "Ada Twin"})
	}
	b.SealPeople()
	b.Have(document.Users)
	_, err := (&Engine{Worlds: &shelf{world: b.World()}}).Plan(t.Context(), PlanRequest{User: "ada twin"})
	if a, ok := errors.AsType[*trace.Ambiguous](err); !ok || len(a.Candidates) != 2 {
		t.Errorf("error = %v, want two candidates", err)
	}
}

// written are rules as a configuration gives them: for the method rollcall, of direct members alone.
func written(w *facts.World) (*Rules, error) {
	return &Rules{Method: document.Rollcall, Of: func(_ *facts.World, method string) (plan.Rules, []error, error) {
		r := plan.Base(w, method)
		r.Scope.Nested, r.Origin = "direct", "a file"
		r.Text = r.Canonical()
		return r, []error{errors.New("a row")}, nil
	}}, nil
}

func TestWrittenRulesAreForTheirOwnMethod(t *testing.T) {
	r := planOf(t, small(), PlanRequest{Rules: written})
	if r.Plan.Method != document.Rollcall || r.Plan.Rules().Origin != "a file" {
		t.Errorf("planned as %s by %q", r.Plan.Method, r.Plan.Rules().Origin)
	}
	if d := cmp.Diff([]string{"a row"}, r.Faults); d != "" {
		t.Error(d)
	}
	if len(r.Switch.Users.Gained)+len(r.Switch.Users.Lost) > 0 {
		t.Errorf("the same people by both methods, and yet %+v", r.Switch)
	}
	none := planOf(t, small(), PlanRequest{Rules: func(*facts.World) (*Rules, error) {
		return &Rules{Elsewhere: "the file is of others"}, nil
	}})
	if got := none.Plan.Rules().Origin; got != "the method's defaults; the file is of others" {
		t.Errorf("rules: %s", got)
	}
	recorded := small()
	recorded.OwnRules = &document.OwnRules{Groups: []document.OwnGroup{{Name: "readers"}}}
	theirs := planOf(t, recorded, PlanRequest{Method: document.Rollcall, Rules: func(*facts.World) (*Rules, error) {
		return &Rules{Elsewhere: "the file is of others"}, nil
	}})
	if got := theirs.Plan.Rules(); got.Scope.Assigned || got.Origin != "rollcall's rules as they were recorded (rollcall/rules.json); the file is of others" {
		t.Errorf("beside a file of others the recorded rules do not count: %s, assigned %v", got.Origin, got.Scope.Assigned)
	}
	broken := errors.New("the rules are broken")
	_, err := (&Engine{Worlds: &shelf{world: small()}}).Plan(t.Context(), PlanRequest{Rules: func(*facts.World) (*Rules, error) { return nil, broken }})
	if !errors.Is(err, broken) {
		t.Errorf("error = %v", err)
	}
}

func TestPlanningSaysHowFarItIs(t *testing.T) {
	var steps []string
	e := &Engine{Worlds: &shelf{world: small()}, Progress: func(step string, _, _ int64) { steps = append(steps, step) }}
	if _, err := e.Plan(t.Context(), PlanRequest{Method: document.Rollcall}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"planning: scope", "planning: plan", "planning as it is today: matching"} {
		if !slices.Contains(steps, want) {
			t.Errorf("nobody was told of %q: %q", want, steps)
		}
	}
}

func TestASavedPlanIsHeldAgainstTheWorldAndTheRules(t *testing.T) {
	r := planOf(t, small(), PlanRequest{Method: document.Rollcall, Group: "readers"})
	saved := &plan.Saved{Connection: "small", Method: document.Rollcall, Digests: r.Plan.Digests, Only: r.Only, Steps: slices.Collect(r.Steps())}
	e := &Engine{Worlds: &shelf{world: small()}}
	m, err := e.Moved(t.Context(), saved, PlanRequest{})
	if err != nil || m.Any() {
		t.Errorf("nothing moved, and yet %+v, %v", m, err)
	}
	m, err = e.Moved(t.Context(), saved, PlanRequest{Rules: written})
	if err != nil || !m.Rules || m.Source || m.Target {
		t.Errorf("by other rules: %+v, %v", m, err)
	}
	if len(m.Gone) != 1 || m.Gone[0].Subject.Name != "bo@small.example" || len(m.Changed) != 1 || len(m.New) > 0 {
		t.Errorf("what differs by other rules: %+v", m)
	}
	saved.Connection = "large"
	if _, err := e.Moved(t.Context(), saved, PlanRequest{}); err == nil || !strings.Contains(err.Error(), `"large"`) {
		t.Errorf("a plan of another connection: %v", err)
	}
}

func TestOnePersonIsDeletedOrNotOfTheGroup(t *testing.T) {
	w := small(func(b *facts.Builder) {
		b.DeletedUser(document.User{ID: "old", UserPrincipalName: "old@small.example"})
	})
	for sentence, c := range map[string]struct {
		ask            PlanRequest
		deleted, apart bool
	}{
		"of the group":     {PlanRequest{User: "bo", Group: "readers"}, false, false},
		"not of the group": {PlanRequest{User: "cy@small.example", Group: "readers"}, false, true},
		"no group":         {PlanRequest{User: "cy@small.example"}, false, false},
		"deleted":          {PlanRequest{User: "old@small.example"}, true, false},
	} {
		t.Run(sentence, func(t *testing.T) {
			c.ask.Method = document.Rollcall
			if r := planOf(t, w, c.ask); r.Deleted != c.deleted || r.Apart != c.apart {
				t.Errorf("deleted %v, apart %v", r.Deleted, r.Apart)
			}
		})
	}
}
