package plan_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/plan"
)

// saved is a plan as it comes back from a file.
func saved(t failer, p *plan.Plan, x plan.Extract) *plan.Saved {
	var b bytes.Buffer
	if err := p.Write(&b, x); err != nil {
		t.Fatalf("%v", err)
	}
	s, err := plan.Read(&b)
	if err != nil {
		t.Fatalf("what was written cannot be read: %v", err)
	}
	return s
}

func TestASavedPlanDoesNotDifferFromItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		p, err := plan.Compute(w.input())
		if err != nil {
			t.Skip(err)
		}
		s := saved(t, p, plan.Extract{})
		if m := s.Compare(p, plan.Extract{}); m.Any() {
			t.Fatalf("it moved: %+v", m)
		}
		s.Digests.Source = "another" // so that the steps are compared, too
		m := s.Compare(p, plan.Extract{})
		if d := cmp.Diff(plan.Moved{Source: true}, m); d != "" {
			t.Fatalf("the steps are the same, and yet (-want +got)\n%s", d)
		}
	})
}

func TestAPlanKnowsWhatMoved(t *testing.T) {
	company := func() *world {
		return newWorld().hires("ada", "bo").assigns("ada", "bo").holds("r-ada", "ada").links("ada", "r-ada")
	}
	compute := func(w *world) *plan.Plan {
		p, err := plan.Compute(w.input())
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	for sentence, c := range map[string]struct {
		move                func(*world)
		gone, fresh, others string
		sides               [3]bool
	}{
		"nothing":                   {func(*world) {}, "", "", "", [3]bool{}},
		"somebody is hired":         {func(w *world) { w.hires("cy").assigns("cy") }, "", "create:user:cy", "", [3]bool{true, false, false}},
		"somebody was created":      {func(w *world) { w.holds("r-bo", "bo").links("bo", "r-bo") }, "create:user:bo", "", "", [3]bool{false, true, false}},
		"somebody's name changed":   {func(w *world) { w.people[1].name = "Bonnie" }, "", "", "create:user:bo", [3]bool{true, false, false}},
		"the rules changed":         {func(w *world) { w.rules.Text = "others" }, "", "", "", [3]bool{false, false, true}},
		"a change without any step": {func(w *world) { w.deleted = []string{"old"} }, "", "", "", [3]bool{true, false, false}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := saved(t, compute(company()), plan.Extract{})
			w := company()
			c.move(w)
			now := compute(w)
			m := s.Compare(now, plan.Extract{})
			if got := [3]bool{m.Source, m.Target, m.Rules}; got != c.sides {
				t.Errorf("moved: %v, want %v", got, c.sides)
			}
			var gone, fresh, others []string
			for _, x := range m.Gone {
				gone = append(gone, x.ID)
			}
			for _, x := range m.New {
				fresh = append(fresh, x.ID)
			}
			for _, x := range m.Changed {
				others = append(others, x.Is.ID)
			}
			got := []string{strings.Join(gone, " "), strings.Join(fresh, " "), strings.Join(others, " ")}
			if d := cmp.Diff([]string{c.gone, c.fresh, c.others}, got); d != "" {
				t.Errorf("gone, new, changed (-want +got)\n%s", d)
			}
		})
	}
}

// Where the rules are others, other attributes are read, and nobody can tell whether a side moved.
func TestOtherRulesSayNothingOfTheTwoSides(t *testing.T) {
	w := newWorld().hires("ada").assigns("ada")
	s := saved(t, compute(t, w), plan.Extract{})
	w.rules.Text = "others"
	s.Digests.Source, s.Digests.Target = "another", "another"
	if d := cmp.Diff(plan.Moved{Rules: true}, s.Compare(compute(t, w), plan.Extract{})); d != "" {
		t.Error(d)
	}
}

func TestAFileThatSomebodyChangedIsNotVouchedFor(t *testing.T) {
	w := newWorld().hires("ada", "bo", "cy").assigns("ada", "bo").has("devs", "ada", "bo").holds("r-cy", "cy")
	w.records[0].values["active"] = "True"
	p := compute(t, w)
	find := func(s *plan.Saved, op plan.Op) *plan.Step {
		for i := range s.Steps {
			if s.Steps[i].Op == op {
				return &s.Steps[i]
			}
		}
		t.Fatalf("no step does %s", op)
		return nil
	}
	for sentence, change := range map[string]func(s *plan.Saved){
		"a step is gone": func(s *plan.Saved) { s.Steps = s.Steps[1:] },
		"a step more": func(s *plan.Saved) {
			s.Steps = append(s.Steps, plan.Step{ID: "x", Op: plan.Delete, Kind: plan.KindGroup})
		},
		"another order":             func(s *plan.Saved) { s.Steps[0], s.Steps[1] = s.Steps[1], s.Steps[0] },
		"another operation":         func(s *plan.Saved) { find(s, plan.Create).Op = plan.Deactivate },
		"another kind":              func(s *plan.Saved) { find(s, plan.Create).Kind = plan.KindPolicy },
		"another person":            func(s *plan.Saved) { find(s, plan.Create).Subject.ID = "eve" },
		"another name":              func(s *plan.Saved) { find(s, plan.Create).Subject.Name = "eve" },
		"another record":            func(s *plan.Saved) { find(s, plan.Create).Subject.Target = "r-eve" },
		"another value":             func(s *plan.Saved) { find(s, plan.Create).Fields[0].New.Text = "eve" },
		"a value less":              func(s *plan.Saved) { find(s, plan.Create).Fields = nil },
		"a hold that is added":      func(s *plan.Saved) { find(s, plan.Create).Held = &plan.Held{Code: "x"} },
		"another reason":            func(s *plan.Saved) { find(s, plan.Create).Reason = "x" },
		"a need less":               func(s *plan.Saved) { find(s, plan.AddMembers).Needs = nil },
		"a member less":             func(s *plan.Saved) { m := find(s, plan.AddMembers); m.Items = m.Items[1:] },
		"a member twice":            func(s *plan.Saved) { m := find(s, plan.AddMembers); m.Items = append(m.Items, m.Items[0]) },
		"another member":            func(s *plan.Saved) { find(s, plan.AddMembers).Items[0].ID = "eve" },
		"a member of another name":  func(s *plan.Saved) { find(s, plan.AddMembers).Items[0].Name = "eve" },
		"a member that needs less":  func(s *plan.Saved) { find(s, plan.AddMembers).Items[0].Needs = "" },
		"other counts":              func(s *plan.Saved) { s.Counts.Held++ },
		"another moment":            func(s *plan.Saved) { s.At = s.At.Add(1) },
		"a limit that is not there": func(s *plan.Saved) { s.Guards = append(s.Guards, plan.Guard{Name: "x"}) },
		"completeness":              func(s *plan.Saved) { s.Complete = !s.Complete },
		"a judgement less":          func(s *plan.Saved) { s.Verdicts = s.Verdicts[1:] },
		"a gap less or more":        func(s *plan.Saved) { s.Gaps = append(s.Gaps, "x") },
		"another note":              func(s *plan.Saved) { s.Notes = append(s.Notes, "x") },
	} {
		t.Run(sentence, func(t *testing.T) {
			s := saved(t, p, plan.Extract{})
			change(s)
			m := s.Compare(p, plan.Extract{})
			if !m.Altered || m.Source || m.Target || m.Rules || len(m.Gone)+len(m.New)+len(m.Changed)+len(m.Parts) == 0 {
				t.Errorf("what differs: %+v", m)
			}
		})
	}
}

func TestWhatIsNoSavedPlanIsRefusedWithItsPlace(t *testing.T) {
	p, err := plan.Compute(newWorld().hires("ada").assigns("ada").input())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.Write(&b, plan.Extract{}); err != nil {
		t.Fatal(err)
	}
	whole := b.String()
	for sentence, c := range map[string]struct{ doc, want string }{
		"nothing":                     {"", "it is empty"},
		"no JSON":                     {"hello", "no JSON: invalid"},
		"another document":            {`{"findings":[]}`, "/findings: a plan has nothing of that name"},
		"an empty object":             {`{}`, "it names no plan"},
		"half a plan":                 {whole[:len(whole)/2], "the file ends in the middle of the plan"},
		"two plans":                   {whole + whole, "after top-level value"},
		"a list":                      {"[1]", "a plan is a JSON object, and this is a list"},
		"a moment that is a number":   {strings.Replace(whole, `"at": "2026-11-20T12:00:00Z"`, `"at": 3`, 1), "/at: a value of another kind belongs there; it is a number"},
		"an id that is a number":      {`{"id": 3}`, "/id: a value of another kind"},
		"an operation nobody knows":   {strings.Replace(whole, `"op": "create"`, `"op": "adjust"`, 1), `/steps/0/op: there is no operation "adjust"`},
		"a kind nobody knows":         {strings.Replace(whole, `"kind": "user"`, `"kind": "dog"`, 1), `/steps/0/kind: there is no kind "dog"`},
		"a method nobody knows":       {strings.Replace(whole, `"method": "rollcall"`, `"method": "by hand"`, 1), "/method"},
		"a value that is no text":     {strings.Replace(whole, `"old": null`, `"old": 7`, 1), "/steps/0/fields/0"},
		"a need that is no step":      {strings.Replace(whole, `"needs": []`, `"needs": ["create:user:eve"]`, 1), `/steps/0/needs/0: the plan has no other step "create:user:eve"`},
		"a member's need of no step":  {strings.Replace(whole, `"needs": []`, `"items": [{"id": "eve", "name": "eve", "needs": "create:user:eve"}], "needs": []`, 1), `/steps/0/items/0/needs: the plan has no step "create:user:eve"`},
		"a step that is there twice":  {twice(whole), "/steps/1/id"},
		"a key that is there twice":   {strings.Replace(whole, `"id":`, `"id": "x", "id":`, 1), "/id: this name is there a second time"},
		"a plan of no moment":         {strings.Replace(whole, "2026-11-20T12", "0001-01-01T00", 1), "/at"},
		"a moment that is no moment":  {strings.Replace(whole, "2026-11-20", "yesterday", 1), "/at: this is no moment such as"},
		"a key beside those of steps": {strings.Replace(whole, `"op":`, `"mood": 1, "op":`, 1), "/steps/0/mood"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := plan.Read(strings.NewReader(c.doc))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error = %v, want %q", err, c.want)
			}
			if strings.Contains(err.Error(), "json") {
				t.Errorf("the error names a package: %v", err)
			}
		})
	}
	if _, err := plan.Read(strings.NewReader(whole)); err != nil {
		t.Errorf("the plan itself: %v", err)
	}
}

// twice is a plan of one step with that step a second time.
func twice(whole string) string {
	before, after, _ := strings.Cut(whole, `"steps": [`)
	steps, after, _ := strings.Cut(after, `],
 "verdicts"`)
	return before + `"steps": [` + steps + "," + steps + `],
 "verdicts"` + after
}

func FuzzRead(f *testing.F) {
	p, err := plan.Compute(newWorld().hires("ada").assigns("ada").input())
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := p.Write(&b, plan.Extract{}); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte(`{"steps":[{"fields":[{"path":"a","old":["x"],"new":null}]}]}`))
	f.Fuzz(func(t *testing.T, doc []byte) {
		s, err := plan.Read(bytes.NewReader(doc))
		if err == nil && (s.ID == "" || s.At.IsZero()) {
			t.Error("a plan without a name or a moment was read")
		}
	})
}
