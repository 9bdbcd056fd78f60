package plan

import (
	"iter"
	"maps"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Moved says how a saved plan differs from one that is made now. A plan is carried out only where nothing moved.
type Moved struct {
	Source  bool     `json:"source"` // what Entra says is not what it was
	Target  bool     `json:"target"`
	Rules   bool     `json:"rules"`
	Gone    []Step   `json:"gone"` // no longer to be done
	New     []Step   `json:"new"`
	Changed []Change `json:"changed"`
}

// Change is a step that is to be done still, but not as it was planned.
type Change struct {
	Was Step `json:"was"`
	Is  Step `json:"is"`
}

// Any tells whether anything moved, be it that the steps are still the same.
func (m *Moved) Any() bool { return m.Source || m.Target || m.Rules }

// Compare holds a saved plan against the digests and steps of one that is made now, narrowed to the same.
func (s *Saved) Compare(now Digests, steps iter.Seq[Step]) Moved {
	m := Moved{Source: s.Digests.Source != now.Source, Target: s.Digests.Target != now.Target, Rules: s.Digests.Rules != now.Rules}
	if !m.Any() {
		return m // the same input gives the same plan
	}
	was := make(map[string]*Step, len(s.Steps))
	for i := range s.Steps {
		was[s.Steps[i].ID] = &s.Steps[i]
	}
	for is := range steps {
		old, ok := was[is.ID]
		switch delete(was, is.ID); {
		case !ok:
			m.New = append(m.New, is)
		case !old.same(&is):
			m.Changed = append(m.Changed, Change{*old, is})
		}
	}
	for i := range s.Steps {
		if _, left := was[s.Steps[i].ID]; left {
			m.Gone = append(m.Gone, s.Steps[i])
		}
	}
	return m
}

// same tells whether two steps of one id do the same to the same, and wait for the same.
func (s *Step) same(other *Step) bool {
	held := func(h *Held) string {
		if h == nil {
			return ""
		}
		return h.Code
	}
	items := func(list []Item) map[string]string {
		out := make(map[string]string, len(list))
		for _, i := range list {
			out[i.ID+"\x00"+i.Target] = held(i.Held)
		}
		return out
	}
	return held(s.Held) == held(other.Held) && s.Subject.Target == other.Subject.Target &&
		slices.EqualFunc(s.Fields, other.Fields, Field.Equal) && maps.Equal(items(s.Items), items(other.Items))
}

// Equal tells whether a field changes from the same to the same.
func (f Field) Equal(other Field) bool {
	return f.Path == other.Path && f.Old.Text == other.Old.Text && f.New.Text == other.New.Text &&
		slices.Equal(f.Old.Values, other.Old.Values) && slices.Equal(f.New.Values, other.New.Values) &&
		absent(f.Old) == absent(other.Old) && absent(f.New) == absent(other.New)
}

// absent tells whether a value is written as null.
func absent(v document.AttributeValue) bool { return !v.Known || v.Null }
