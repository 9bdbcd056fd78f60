package plan

import (
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
)

// MaxSaved is the largest saved plan that is read, in bytes.
const MaxSaved = 1 << 30

// Read reads a plan that Write wrote. It is strict: what the document does not have, or has beside what is known, is an
// error that names the place, such as /steps/3/op.
func Read(from io.Reader) (*Saved, error) {
	limited := &io.LimitedReader{R: from, N: MaxSaved + 1}
	var s Saved
	err := json.UnmarshalRead(limited, &s, json.RejectUnknownMembers(true))
	switch semantic, ok := errors.AsType[*json.SemanticError](err); {
	case limited.N <= 0:
		return nil, fmt.Errorf("it is larger than %d MB", MaxSaved>>20)
	case err != nil && limited.N == MaxSaved+1:
		return nil, errors.New("it is empty")
	case ok && errors.Is(err, json.ErrUnknownName):
		return nil, fmt.Errorf("%s: a plan has nothing of that name", semantic.JSONPointer)
	case ok && semantic.Err == nil:
		return nil, fmt.Errorf("%s: a value of another kind belongs there (it is a JSON %s)", semantic.JSONPointer, semantic.JSONKind)
	case err != nil:
		return nil, err
	}
	return &s, s.check()
}

// check finds what JSON alone does not tell.
func (s *Saved) check() error {
	switch {
	case s.ID == "" || s.Digests == (Digests{}):
		return errors.New("/id, /digests: it names no plan")
	case s.At.IsZero():
		return errors.New("/at: it does not say of which moment it is")
	case !slices.Contains([]string{document.Rollcall, document.EntraSCIM, document.GuardNested}, s.Method):
		return fmt.Errorf("/method: there is no method %q", s.Method)
	}
	seen := make(map[string]bool, len(s.Steps))
	for i := range s.Steps {
		step := &s.Steps[i]
		switch {
		case step.ID == "" || seen[step.ID]:
			return fmt.Errorf("/steps/%d/id: %q is no id of its own", i, step.ID)
		case !slices.Contains(ops[:], step.Op):
			return fmt.Errorf("/steps/%d/op: there is no operation %q", i, step.Op)
		case !slices.Contains([]string{KindUser, KindGroup, KindPolicy}, step.Kind):
			return fmt.Errorf("/steps/%d/kind: there is no kind %q", i, step.Kind)
		}
		seen[step.ID] = true
	}
	if s.Only != nil {
		return nil // a step that is needed may be about somebody else, and left out
	}
	return s.checkNeeds(seen)
}

// checkNeeds finds what is to wait for a step that there is not.
func (s *Saved) checkNeeds(steps map[string]bool) error {
	for i := range s.Steps {
		step := &s.Steps[i]
		for j, need := range step.Needs {
			if !steps[need] || need == step.ID {
				return fmt.Errorf("/steps/%d/needs/%d: the plan has no other step %q", i, j, need)
			}
		}
		for j := range step.Items {
			if need := step.Items[j].Needs; need != "" && !steps[need] {
				return fmt.Errorf("/steps/%d/items/%d/needs: the plan has no step %q", i, j, need)
			}
		}
	}
	return nil
}
