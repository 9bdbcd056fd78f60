package plan

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// MaxSaved is the largest saved plan that is read, in bytes.
const MaxSaved = 1 << 30

// Read reads a plan that Write wrote. It is strict: what the document does not have, or has beside what is known, is an
// error that names the place, such as /steps/3/op; a *ReadError where it is known at which byte.
func Read(from io.Reader) (*Saved, error) {
	limited := &io.LimitedReader{R: from, N: MaxSaved + 1}
	var s Saved
	err := json.UnmarshalRead(limited, &s, json.RejectUnknownMembers(true))
	switch {
	case limited.N <= 0:
		return nil, fmt.Errorf("it is larger than %d MB", MaxSaved>>20)
	case err != nil && limited.N == MaxSaved+1:
		return nil, errors.New("it is empty")
	case err != nil:
		return nil, unread(err)
	}
	return &s, s.check()
}

// ReadError is what is wrong at one place of a saved plan.
type ReadError struct {
	At   int64 // bytes before it
	Path string
	Text string
	err  error
}

func (e *ReadError) Error() string {
	if e.Path == "" {
		return e.Text
	}
	return e.Path + ": " + e.Text
}

// Unwrap gives what the JSON reader said.
func (e *ReadError) Unwrap() error { return e.err }

// unread words what the JSON reader found.
func unread(err error) error {
	if at, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		out := &ReadError{At: at.ByteOffset, err: err}
		switch {
		case errors.Is(err, io.ErrUnexpectedEOF):
			out.Text = "the file ends in the middle of the plan"
		case errors.Is(err, jsontext.ErrDuplicateName):
			out.Path, out.Text = string(at.JSONPointer), "this name is there a second time"
		default:
			out.Text = "no JSON: " + bare(at.Err)
		}
		return out
	}
	at, ok := errors.AsType[*json.SemanticError](err)
	if !ok {
		return err
	}
	out := &ReadError{At: at.ByteOffset, Path: string(at.JSONPointer), err: err}
	switch {
	case errors.Is(err, json.ErrUnknownName):
		out.Text = "a plan has nothing of that name"
	case out.Path == "" && at.JSONKind != jsontext.KindBeginObject:
		out.Text = "a plan is a JSON object, and this is " + kindWords(at.JSONKind)
	case at.GoType == reflect.TypeFor[time.Time]() && at.JSONKind == jsontext.KindString:
		out.Text = "this is no moment such as 2026-11-20T12:00:00Z"
	case at.Err == nil || at.GoType == reflect.TypeFor[time.Time]():
		out.Text = "a value of another kind belongs there; it is " + kindWords(at.JSONKind)
	default:
		out.Text = bare(at.Err)
	}
	return out
}

func kindWords(k jsontext.Kind) string {
	switch k {
	case jsontext.KindBeginArray:
		return "a list"
	case jsontext.KindBeginObject:
		return "an object"
	case jsontext.KindString:
		return "a text"
	case jsontext.KindNumber:
		return "a number"
	case jsontext.KindTrue, jsontext.KindFalse:
		return "true or false"
	case jsontext.KindNull:
		return "null"
	}
	return "something else"
}

// bare is what an error of the JSON packages says without their names.
func bare(err error) string {
	if err == nil {
		return "it cannot be read"
	}
	return strings.NewReplacer("jsontext: ", "", "json: ", "").Replace(err.Error())
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
