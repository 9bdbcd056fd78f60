package cli

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/repair"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// viewRepair says what is broken, what mends it and what that means, what was done, and what comes next.
func viewRepair(p *text.Page, r *engine.RepairResult, o RepairOptions, looks bool) {
	t := &r.Trace
	viewRecovered(p, r.Settled)
	words := t.Summary
	if t.Cause != "" {
		words += " [" + string(t.Cause) + "]"
	}
	p.Para(0, ink(words, text.Bold))
	done := map[string]*ledger.Entry{}
	for i := range r.Done {
		done[r.Done[i].Step] = &r.Done[i]
	}
	waits := map[string]bool{}
	for _, h := range r.Holds {
		waits[h.Step] = true
	}
	for i := range r.Steps {
		s := &r.Steps[i]
		p.Blank()
		p.Flow(0, 2, ink(repairWords(s), text.Bold), repairState(done[s.ID], waits[s.ID], looks))
		p.Para(2, plain(s.Why+"."))
		row := func(head string, cell text.Cell) {
			p.Table(2, 2, [][]text.Cell{{ink(fmt.Sprintf("%-7s", head), text.Dim), cell}})
		}
		row("Call", ink(repair.Call(r.Connection, s), text.Code))
		switch e := done[s.ID]; {
		case e == nil:
			row("Means", plain(s.Held.Text+"."))
		case carried(e):
			row("Receipt", plain(receipt(e)))
		default:
			p.Para(2, ink(orWords(e.Text, string(e.Outcome)), text.Bad))
		}
	}
	for i := range r.Stale {
		p.Blank()
		p.Para(0, ink(repairWords(&r.Stale[i])+" was let go, and is not as it was then: nothing was sent. Ask once more.", text.Doubt))
	}
	viewList(p, "Not by rollcall", r.Rest)
	if len(r.Steps) == 0 && t.Verdict != trace.Present {
		if len(r.Rest) == 0 {
			p.Blank()
			p.Para(0, plain("No record of the person is broken in a way that a repair mends."))
		}
		viewList(p, "Fix", t.Fix)
	} else if looks {
		viewList(p, "Then", t.Fix)
	}
	if r.Stopped != nil {
		p.Blank()
		p.Para(0, ink("Stopped: "+r.Stopped.Error(), text.Bad))
	}
	if looks && len(r.Steps) > 0 {
		p.Blank()
		p.Para(0, plain("Nothing was written: rollcall only looks here."))
	}
	viewCommands(p, 7, repairNext(r, o, looks))
}

// repairWords are a step in words.
func repairWords(s *plan.Step) string {
	directory, record := repair.Split(s.Subject.Target)
	if s.Op == plan.Update {
		return "Unlink the record " + record + " of directory " + directory
	}
	return "Delete the record " + record
}

func repairState(e *ledger.Entry, waits, looks bool) text.Cell {
	switch {
	case e != nil && carried(e):
		return ink("done", text.Good)
	case e != nil:
		return ink(string(e.Outcome), text.Bad)
	case waits:
		return ink("waits for a person", text.Doubt)
	case looks:
		return ink("by hand", text.Doubt)
	}
	return ink("let go, not done", text.Doubt)
}

func repairNext(r *engine.RepairResult, o RepairOptions, looks bool) [][2]string {
	name := orWords(r.Trace.Subject.Name, o.User)
	switch {
	case looks:
		return [][2]string{{o.command("why", name), "the whole way, step by step"}}
	case len(r.Holds) > 0:
		return [][2]string{{o.command("approve", r.Holds[0].Run, name, "--note", "why"), "let it go"}, {o.command("repair", name), "then carry it out"}}
	case r.Run.Counts.Done > 0:
		return [][2]string{{o.command("apply"), "make what is missing now"}, {o.command("why", name), "see whether all is well"}}
	}
	return [][2]string{{o.command("why", name), "the whole way, step by step"}}
}

// receipt is what the service said to a step that was carried out.
func receipt(e *ledger.Entry) string {
	words := "no request was needed"
	if e.Status > 0 {
		words = fmt.Sprintf("answer %d", e.Status)
	}
	if e.Request != "" {
		words += ", request " + e.Request
	}
	if e.Text != "" {
		words += "; " + e.Text
	}
	return words + "; let go by " + e.Approved
}

type repairJSON struct {
	Subject trace.Subject  `json:"subject"`
	Verdict trace.Verdict  `json:"verdict"`
	Cause   cause.Code     `json:"cause,omitzero"`
	Also    []cause.Code   `json:"also"`
	Summary string         `json:"summary"`
	Steps   []repairStep   `json:"steps"`
	Rest    []string       `json:"rest"` // what no request mends
	Run     *ledger.Run    `json:"run,omitempty"`
	Held    []holdJSON     `json:"held"`
	Done    []ledger.Entry `json:"done"`
	Stale   []plan.Step    `json:"stale"`
	Settled []ledger.Entry `json:"settled"`
	Stopped string         `json:"stopped,omitempty"`
}

type repairStep struct {
	plan.Step
	Call string `json:"call"`
}

func jsonRepair(r *engine.RepairResult) repairJSON {
	out := repairJSON{
		Subject: r.Trace.Subject, Verdict: r.Trace.Verdict, Cause: r.Trace.Cause, Also: r.Trace.Also, Summary: r.Trace.Summary,
		Rest: r.Rest, Held: jsonHolds(r.Holds), Done: r.Done, Stale: r.Stale,
	}
	for i := range r.Steps {
		out.Steps = append(out.Steps, repairStep{r.Steps[i], repair.Call(r.Connection, &r.Steps[i])})
	}
	for _, s := range r.Settled {
		out.Settled = append(out.Settled, s.Entry)
	}
	if r.Run.ID != "" {
		out.Run = &r.Run
	}
	if r.Stopped != nil {
		out.Stopped = r.Stopped.Error()
	}
	return out
}
