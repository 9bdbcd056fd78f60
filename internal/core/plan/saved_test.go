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
		if m := s.Compare(p.Digests, p.Steps()); m.Any() {
			t.Fatalf("it moved: %+v", m)
		}
		s.Digests.Source = "another" // so that the steps are compared, too
		m := s.Compare(p.Digests, p.Steps())
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
			m := s.Compare(now.Digests, now.Steps())
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
		"no JSON":                     {"hello", "invalid"},
		"another document":            {`{"findings":[]}`, "/findings: a plan has nothing of that name"},
		"an empty object":             {`{}`, "it names no plan"},
		"half a plan":                 {whole[:len(whole)/2], "unexpected EOF"},
		"two plans":                   {whole + whole, "after top-level value"},
		"an id that is a number":      {`{"id": 3}`, "/id: a value of another kind"},
		"an operation nobody knows":   {strings.Replace(whole, `"op": "create"`, `"op": "adjust"`, 1), `/steps/0/op: there is no operation "adjust"`},
		"a kind nobody knows":         {strings.Replace(whole, `"kind": "user"`, `"kind": "dog"`, 1), `/steps/0/kind: there is no kind "dog"`},
		"a method nobody knows":       {strings.Replace(whole, `"method": "rollcall"`, `"method": "by hand"`, 1), "/method"},
		"a value that is no text":     {strings.Replace(whole, `"old": null`, `"old": 7`, 1), "/steps/0/fields/0"},
		"a step that is there twice":  {twice(whole), "/steps/1/id"},
		"a key that is there twice":   {strings.Replace(whole, `"id":`, `"id": "x", "id":`, 1), "duplicate"},
		"a plan of no moment":         {strings.Replace(whole, "2026-11-20T12", "0001-01-01T00", 1), "/at"},
		"a moment that is no moment":  {strings.Replace(whole, "2026-11-20", "yesterday", 1), "/at"},
		"a key beside those of steps": {strings.Replace(whole, `"op":`, `"mood": 1, "op":`, 1), "/steps/0/mood"},
	} {
		t.Run(sentence, func(t *testing.T) {
			_, err := plan.Read(strings.NewReader(c.doc))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error = %v, want %q", err, c.want)
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
