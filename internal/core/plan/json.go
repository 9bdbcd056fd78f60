package plan

import (
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Saved is a plan as it was written down: the document of `plan --json` and `plan --out`.
type Saved struct {
	ID         string      `json:"id"`
	At         time.Time   `json:"at"`
	Connection string      `json:"connection"`
	Method     string      `json:"method"`
	Rules      string      `json:"rules"` // where the rules come from, in words
	Digests    Digests     `json:"digests"`
	Counts     Counts      `json:"counts"` // of the whole plan, whatever it is narrowed to
	Only       *Only       `json:"only,omitempty"`
	Switch     *Switch     `json:"switch,omitempty"`
	Steps      []Step      `json:"steps"`
	Verdicts   []Judgement `json:"verdicts"`
	Guards     []Guard     `json:"guards"`
	Gaps       []string    `json:"gaps"`
	Notes      []string    `json:"notes"`
	Complete   bool        `json:"complete"`
}

// Only is whom a narrowed plan is about.
type Only struct {
	User  *Subject `json:"user,omitempty"`
	Group *Subject `json:"group,omitempty"`
}

// Extract says what is written of a plan. The zero Extract is the plan as a whole.
type Extract struct {
	All    bool    // judgements of everybody, not only of those who are not as they should be
	Keep   *Keep   // only these steps and judgements
	Only   *Only   // whom Keep keeps
	Switch *Switch // what the change of the method would do
}

// Write writes the plan as one JSON document, step by step, so that the largest plan takes no more memory than its
// largest step. Bytes that are no UTF-8 become U+FFFD.
func (p *Plan) Write(to io.Writer, x Extract) error {
	e := jsontext.NewEncoder(to, jsontext.Multiline(true), jsontext.WithIndent(" "), jsontext.AllowInvalidUTF8(true))
	w := writer{e: e}
	w.token(jsontext.BeginObject)
	w.member("id", p.ID)
	w.member("at", p.At.UTC().Format(time.RFC3339Nano))
	w.member("connection", p.Connection)
	w.member("method", p.Method)
	w.member("rules", p.in.Rules.Origin)
	w.member("digests", p.Digests)
	w.member("counts", p.Counts)
	if x.Only != nil {
		w.member("only", x.Only)
	}
	if x.Switch != nil {
		w.member("switch", x.Switch)
	}
	w.list("steps")
	for s := range x.Keep.Steps(p.Steps()) {
		if w.value(s); w.err != nil {
			break
		}
	}
	w.token(jsontext.EndArray)
	w.list("verdicts")
	for j := range x.Keep.Judgements(p.Verdicts(x.All)) {
		if w.value(j); w.err != nil {
			break
		}
	}
	w.token(jsontext.EndArray)
	w.member("guards", nonNil(p.Guards))
	w.member("gaps", nonNil(p.Gaps))
	w.member("notes", nonNil(p.NotesFor(x.Only, x.Keep)))
	w.member("complete", p.Complete())
	w.token(jsontext.EndObject)
	if w.err != nil {
		return fmt.Errorf("writing the plan: %w", w.err)
	}
	return nil
}

func nonNil[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// Keep narrows what is told of a plan to some subjects. Nil keeps everything. Step may take items out of the step that
// it is given.
type Keep struct {
	Step      func(*Step) bool
	Judgement func(*Judgement) bool

	people map[string]bool // folded ids, at either side, of the group's people
}

func (k *Keep) step(s *Step) bool { return k == nil || k.Step(s) }

func (k *Keep) judgement(j *Judgement) bool { return k == nil || k.Judgement(j) }

// Steps are the steps of the plan that are kept.
func (k *Keep) Steps(all iter.Seq[Step]) iter.Seq[Step] {
	return func(yield func(Step) bool) {
		for s := range all {
			if k.step(&s) && !yield(s) {
				return
			}
		}
	}
}

// Judgements are those that are kept.
func (k *Keep) Judgements(all iter.Seq[Judgement]) iter.Seq[Judgement] {
	return func(yield func(Judgement) bool) {
		for j := range all {
			if k.judgement(&j) && !yield(j) {
				return
			}
		}
	}
}

type writer struct {
	e   *jsontext.Encoder
	err error
}

func (w *writer) token(t jsontext.Token) {
	if w.err == nil {
		w.err = w.e.WriteToken(t)
	}
}

func (w *writer) value(v any) {
	if w.err == nil {
		w.err = json.MarshalEncode(w.e, v)
	}
}

func (w *writer) member(name string, v any) {
	w.token(jsontext.String(name))
	w.value(v)
}

func (w *writer) list(name string) {
	w.token(jsontext.String(name))
	w.token(jsontext.BeginArray)
}
