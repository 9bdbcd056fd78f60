package plan

import (
	"iter"
	"maps"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Moved says how a saved plan differs from one that is made now. A plan is carried out only where nothing moved.
type Moved struct {
	Source  bool // what Entra says is not what it was; not known, and false, where the rules are others
	Target  bool // likewise what Atlassian says
	Rules   bool // they decide also which attributes are read, and so what is compared of the two sides
	Altered bool // nothing moved, and yet the file holds another plan than the one that it names

	Parts   []string // of an altered file: what differs beside the steps, by its JSON name
	Gone    []Step   // no longer to be done; of an altered file: in the file alone
	New     []Step   // of an altered file: missing there
	Changed []Change
}

// Change is a step that is to be done still, but not as it was planned.
type Change struct {
	Was Step `json:"was"`
	Is  Step `json:"is"`
}

// Any tells whether anything moved, be it that the steps are still the same.
func (m *Moved) Any() bool { return m.Source || m.Target || m.Rules || m.Altered }

// Compare holds a saved plan against one that is made now, of which x keeps the same. The same input gives the same
// plan; where the steps differ although nothing moved, somebody changed the file.
func (s *Saved) Compare(now *Plan, x Extract) Moved {
	d := now.Digests
	m := Moved{Source: s.Digests.Source != d.Source, Target: s.Digests.Target != d.Target, Rules: s.Digests.Rules != d.Rules}
	if m.Rules {
		m.Source, m.Target = false, false
	}
	same := (*Step).same
	if !m.Any() {
		same = (*Step).exactly
	}
	ordered := m.steps(s.Steps, x.Keep.Steps(now.Steps()), same)
	if m.Any() {
		return m
	}
	if m.Parts = s.parts(now, x); len(m.Gone)+len(m.New)+len(m.Changed) == 0 && !ordered {
		m.Parts = append(m.Parts, "steps (their order)")
	}
	m.Altered = len(m.Gone)+len(m.New)+len(m.Changed)+len(m.Parts) > 0
	return m
}

// steps compares steps by their ids, and tells whether they are in the same order.
func (m *Moved) steps(before []Step, now iter.Seq[Step], same func(a, b *Step) bool) (ordered bool) {
	was := make(map[string]int, len(before))
	for i := range before {
		was[before[i].ID] = i
	}
	ordered = true
	n := 0
	for is := range now {
		at, ok := was[is.ID]
		ordered = ordered && ok && at == n
		n++
		switch delete(was, is.ID); {
		case !ok:
			m.New = append(m.New, is)
		case !same(&before[at], &is):
			m.Changed = append(m.Changed, Change{before[at], is})
		}
	}
	for i := range before {
		if at, left := was[before[i].ID]; left && at == i {
			m.Gone = append(m.Gone, before[i])
		}
	}
	return ordered
}

// parts are what the file says otherwise than the plan beside its steps. The plan of another moment may count other
// removals of the last day, so that only the plan itself is compared.
func (s *Saved) parts(now *Plan, x Extract) []string {
	if s.ID != now.ID {
		return nil
	}
	var out []string
	for _, p := range []struct {
		name string
		same bool
	}{
		{"at", s.At.Equal(now.At)},
		{"counts", s.Counts == now.Counts},
		{"verdicts", s.judges(now, x, false) || s.judges(now, x, true)},
		{"guards", slices.Equal(s.Guards, now.Guards)},
		{"gaps", slices.Equal(s.Gaps, now.Gaps)},
		{"notes", slices.Equal(s.Notes, now.NotesFor(x.Only, x.Keep))},
		{"complete", s.Complete == now.Complete()},
	} {
		if !p.same {
			out = append(out, p.name)
		}
	}
	return out
}

// judges tells whether the file holds the judgements of the plan.
func (s *Saved) judges(now *Plan, x Extract, all bool) bool {
	at := 0
	for j := range x.Keep.Judgements(now.Verdicts(all)) {
		if at == len(s.Verdicts) || s.Verdicts[at] != j {
			return false
		}
		at++
	}
	return at == len(s.Verdicts)
}

// same tells whether two steps of one id do the same to the same, and wait for the same.
func (s *Step) same(other *Step) bool {
	return code(s.Held) == code(other.Held) && s.Subject.Target == other.Subject.Target &&
		slices.EqualFunc(s.Fields, other.Fields, Field.Equal) && maps.Equal(itemsOf(s, false), itemsOf(other, false))
}

// exactly is stricter: also the names and what must be done first are the same.
func (s *Step) exactly(other *Step) bool {
	return s.same(other) && s.Op == other.Op && s.Kind == other.Kind && s.Subject == other.Subject && s.Reason == other.Reason &&
		slices.Equal(s.Needs, other.Needs) && len(s.Items) == len(other.Items) && maps.Equal(itemsOf(s, true), itemsOf(other, true))
}

func code(h *Held) string {
	if h == nil {
		return ""
	}
	return h.Code
}

func itemsOf(s *Step, exactly bool) map[string]string {
	out := make(map[string]string, len(s.Items))
	for _, i := range s.Items {
		held := code(i.Held)
		if exactly {
			held += "\x00" + i.Name + "\x00" + i.Needs
		}
		out[i.ID+"\x00"+i.Target] = held
	}
	return out
}

// Equal tells whether a field changes from the same to the same.
func (f Field) Equal(other Field) bool {
	return f.Path == other.Path && f.Old.Text == other.Old.Text && f.New.Text == other.New.Text &&
		slices.Equal(f.Old.Values, other.Old.Values) && slices.Equal(f.New.Values, other.New.Values) &&
		absent(f.Old) == absent(other.Old) && absent(f.New) == absent(other.New)
}

// absent tells whether a value is written as null.
func absent(v document.AttributeValue) bool { return !v.Known || v.Null }
