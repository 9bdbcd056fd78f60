package scenario

import (
	"fmt"
	"strings"
)

// PlanAsk is a "== plan" or "== switch" section: by which method and rules is planned, and the lines that are expected.
type PlanAsk struct {
	Line      string   // as the file has it
	Method    string   // "" is the world's
	Other     string   // of "== switch": the method that is switched to
	Full      bool     // steps are told with why, and with every value of somebody new
	Everybody bool     // verdicts of those who are as they should be are told too
	Rules     []string // lines of a connection in rollcall.yaml; nil: those of plan.Of
	Want      []string
}

// plan reads what stands behind "== plan", such as "rollcall, in full, with everybody".
func (s *Scenario) plan(head, rest string) error {
	a := PlanAsk{Line: head, Rules: s.rules}
	for i, word := range strings.Split(rest, ", ") {
		switch {
		case word == "in full":
			a.Full = true
		case word == "with everybody":
			a.Everybody = true
		case i == 0 && !strings.Contains(word, " "):
			a.Method = word
		default:
			return fmt.Errorf("== plan knows no %q", word)
		}
	}
	s.Plans = append(s.Plans, a)
	return nil
}

// change reads what stands behind "== switch": METHOD to METHOD.
func (s *Scenario) change(head, rest string) error {
	from, to, ok := strings.Cut(rest, " to ")
	if !ok {
		return fmt.Errorf("expected == switch METHOD to METHOD, not %q", rest)
	}
	s.Plans = append(s.Plans, PlanAsk{Line: head, Method: from, Other: to, Rules: s.rules})
	return nil
}

// Removed is what an earlier run of rollcall took away, in the words of the sentence.
type Removed struct {
	Verb  string // deactivated, removed, deleted
	Count int
	At    string // RFC 3339
}
