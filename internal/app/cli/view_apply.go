package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// viewApplied says what a run did: the counts, what failed and why, what waits, and what to do next.
func viewApplied(p *text.Page, r *engine.ApplyResult, g *Globals) {
	p.Flow(0, 3, ink(orWords(r.Run.Connection, "unnamed connection"), text.Bold), plain("run "+orWords(r.Run.ID, "not needed")), plain(text.Date(r.Run.Started)+" UTC"))
	viewRecovered(p, r.Settled)
	c := r.Run.Counts
	if c == (ledger.Counts{}) && r.Stopped == nil {
		p.Para(0, ink("Nothing to do: everybody is as the rules want them. Nothing was written.", text.Good))
		return
	}
	p.Flow(0, 3, runCounts(c)...)
	if r.Stopped != nil {
		p.Blank()
		p.Para(0, ink("Stopped: "+r.Stopped.Error(), text.Bad))
		p.Para(0, plain("What was done is in the ledger; the next run does the rest."))
	}
	viewFailures(p, r.Failed)
	viewHolds(p, waitingHolds(r.Holds))
	var next [][2]string
	if r.Run.ID != "" {
		next = append(next, [2]string{g.command("log", "--run", r.Run.ID), "every change with what came of it"})
	}
	if hold := waitingHolds(r.Holds); len(hold) > 0 {
		next = append(next, [2]string{g.command("approve", hold[0].Run), "see what waits, and let it go"})
	}
	next = append(next, [2]string{g.command("check"), "the roll call as it is now"})
	viewCommands(p, 0, next)
}

func viewRecovered(p *text.Page, settled []engine.Recovered) {
	if len(settled) == 0 {
		return
	}
	n := map[target.Confirmation]int{}
	for _, s := range settled {
		n[s.Said]++
	}
	words := fmt.Sprintf("An earlier run was interrupted. Of %s that it had begun, %d had been carried out, %d had not",
		count(len(settled), "change", "changes"), n[target.Done], n[target.NotDone])
	if doubt := n[target.Unsure] + n[target.Other]; doubt > 0 {
		words += fmt.Sprintf(", and of %d the target does not say", doubt)
	}
	p.Para(0, plain(words+"."))
}

func runCounts(c ledger.Counts) []text.Cell {
	cells := []text.Cell{ink(text.Number(c.Done)+" done", text.Good)}
	for _, part := range []struct {
		n     int
		words string
		shade text.Ink
	}{{c.Failed, "failed", text.Bad}, {c.Blocked, "blocked", text.Bad}, {c.Stale, "no longer needed", text.Plain}, {c.Held, "waiting for a person", text.Doubt}} {
		if part.n > 0 {
			cells = append(cells, ink(text.Number(part.n)+" "+part.words, part.shade))
		}
	}
	return cells
}

// viewFailures shows what did not end well, what was said about it once.
func viewFailures(p *text.Page, all []ledger.Entry) {
	if len(all) == 0 {
		return
	}
	p.Blank()
	p.Para(0, ink("Not done", text.Bad))
	type words struct{ outcome, text string }
	var order []words
	by := map[words][]string{}
	for i := range all {
		w := words{string(all[i].Outcome), all[i].Text}
		if by[w] == nil {
			order = append(order, w)
		}
		by[w] = append(by[w], entryWords(&all[i]))
	}
	for _, w := range order {
		p.Para(2, plain(w.outcome+": "+w.text))
		list := by[w]
		for _, line := range list[:min(len(list), 8)] {
			p.Para(4, plain(line))
		}
		if more := len(list) - 8; more > 0 {
			p.Para(4, ink("and "+text.Number(more)+" more", text.Dim))
		}
	}
}

// entryWords say what an entry is about.
func entryWords(e *ledger.Entry) string {
	name := orWords(e.Subject.Name, e.Subject.ID)
	switch {
	case len(e.Add) > 0 && len(e.Remove) > 0:
		return name + ": add " + memberNames(e.Add) + ", take out " + memberNames(e.Remove)
	case len(e.Remove) > 0:
		return name + ": take out " + memberNames(e.Remove)
	case len(e.Add) > 0 && e.Op == string(plan.Create):
		return "create " + e.Kind + " " + name + " with " + memberNames(e.Add)
	case len(e.Add) > 0:
		return name + ": add " + memberNames(e.Add)
	}
	return e.Op + " " + e.Kind + " " + name
}

func memberNames(all []ledger.Member) string {
	var names []string
	for _, m := range all[:min(len(all), 3)] {
		names = append(names, orWords(m.Name, m.ID))
	}
	if more := len(all) - 3; more > 0 {
		names = append(names, text.Number(more)+" more")
	}
	return strings.Join(names, ", ")
}

func waitingHolds(all []store.Hold) []store.Hold {
	return slices.DeleteFunc(slices.Clone(all), func(h store.Hold) bool { return h.Approved != "" })
}

// viewHolds shows what waits for a person, by why it waits.
func viewHolds(p *text.Page, all []store.Hold) {
	if len(all) == 0 {
		return
	}
	p.Blank()
	p.Para(0, ink("Waits for a person", text.Doubt))
	var order []string
	by := map[string][]string{}
	for i := range all {
		h := &all[i]
		if by[h.Text] == nil {
			order = append(order, h.Text)
		}
		by[h.Text] = append(by[h.Text], holdWords(h))
	}
	for _, why := range order {
		p.Para(2, plain(why))
		list := by[why]
		for _, line := range list[:min(len(list), 12)] {
			p.Para(4, plain(line))
		}
		if more := len(list) - 12; more > 0 {
			p.Para(4, ink("and "+text.Number(more)+" more", text.Dim))
		}
	}
}

// holdWords name what waits as approve takes it, and say what it is.
func holdWords(h *store.Hold) string {
	name := orWords(h.Subject.Name, h.Subject.ID)
	switch {
	case h.Item == "":
		return h.Step + "   " + h.Op + " " + h.Kind + " " + name
	case h.Op == string(plan.RemoveMembers):
		return h.Step + "/" + h.Item + "   take " + orWords(h.Member.Name, h.Item) + " out of " + name
	}
	return h.Step + "/" + h.Item + "   add " + orWords(h.Member.Name, h.Item) + " to " + name
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return text.Number(n) + " " + many
}

type appliedJSON struct {
	Run     ledger.Run     `json:"run"`
	Failed  []ledger.Entry `json:"failed"`
	Held    []holdJSON     `json:"held"`
	Settled []ledger.Entry `json:"settled"`
	Stale   []plan.Step    `json:"stale"`
	Stopped string         `json:"stopped,omitempty"`
}

type holdJSON struct {
	Run      string         `json:"run"`
	Step     string         `json:"step"`
	Item     string         `json:"item,omitempty"`
	Op       string         `json:"op"`
	Kind     string         `json:"kind"`
	Subject  ledger.Subject `json:"subject"`
	Member   *ledger.Member `json:"member,omitempty"`
	Code     string         `json:"code"`
	Text     string         `json:"text"`
	Approved string         `json:"approved,omitempty"`
	Note     string         `json:"note,omitempty"`
}

func jsonApplied(r *engine.ApplyResult) appliedJSON {
	out := appliedJSON{Run: r.Run, Failed: r.Failed, Held: jsonHolds(waitingHolds(r.Holds)), Stale: r.Stale}
	for _, s := range r.Settled {
		out.Settled = append(out.Settled, s.Entry)
	}
	if r.Stopped != nil {
		out.Stopped = r.Stopped.Error()
	}
	return out
}

func jsonHolds(all []store.Hold) []holdJSON {
	out := make([]holdJSON, 0, len(all))
	for _, h := range all {
		j := holdJSON{Run: h.Run, Step: h.Step, Item: h.Item, Op: h.Op, Kind: h.Kind, Subject: h.Subject, Code: h.Code, Text: h.Text, Approved: h.Approved, Note: h.Note}
		if h.Item != "" {
			j.Member = &h.Member
		}
		out = append(out, j)
	}
	return out
}
