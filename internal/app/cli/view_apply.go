package cli

import (
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/repair"
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
	viewHolds(p, waitingHolds(r.Holds), g.Verbose)
	var next [][2]string
	if r.Run.ID != "" {
		next = append(next, [2]string{g.command("log", "--run", r.Run.ID), "every change with what came of it"})
	}
	if hold := waitingHolds(r.Holds); len(hold) > 0 {
		next = append(next, [2]string{g.command("approve", hold[0].Run), "see what waits, and let it go"})
	}
	next = append(next, [2]string{g.command("check"), "the roll call as it is now"})
	viewCommands(p, 7, next)
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
	type words struct {
		outcome, text string
		fix           []string
	}
	var order []words
	by := map[string][]string{}
	for i := range all {
		w := words{string(all[i].Outcome), all[i].Text, remedies(&all[i])}
		key := w.outcome + "\x00" + w.text
		if by[key] == nil {
			order = append(order, w)
		}
		by[key] = append(by[key], entryWords(&all[i]))
	}
	for _, w := range order {
		p.Para(2, plain(w.outcome+": "+w.text))
		list := by[w.outcome+"\x00"+w.text]
		for _, line := range list[:min(len(list), 8)] {
			p.Para(4, plain(line))
		}
		if more := len(list) - 8; more > 0 {
			p.Para(4, ink("and "+text.Number(more)+" more", text.Dim))
		}
		for _, line := range w.fix {
			p.Para(4, ink("→ "+line, text.Good))
		}
	}
}

// remedies are what the catalogue says to do where a change was refused for what a cause of it describes.
func remedies(e *ledger.Entry) []string {
	if e.Status != http.StatusConflict {
		return nil
	}
	code := cause.DuplicateAccount
	if e.Kind == plan.KindGroup {
		code = cause.GroupNameConflict
	}
	c, ok := cause.Get(code)
	if !ok || len(c.Fix) == 0 {
		return nil
	}
	return []string{c.Render(c.Fix[0], map[string]string{e.Kind: orWords(e.Subject.Name, e.Subject.ID)})}
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
	if e.Kind == plan.KindUser && e.Op == string(plan.Delete) || strings.Contains(e.Subject.Target, "/") {
		return name + ": " + recordWords(e.Op, e.Subject.Target)
	}
	return e.Op + " " + e.Kind + " " + name
}

// recordWords say what a repair does to a record.
func recordWords(op, target string) string {
	directory, record := repair.Split(target)
	if op == string(plan.Delete) {
		return "delete the SCIM record " + record
	}
	return "unlink the SCIM record " + record + " of directory " + directory
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

// viewHolds shows what waits for a person, by why it waits: a line for each user or group, under the name by which
// approve lets it go.
func viewHolds(p *text.Page, all []store.Hold, full bool) {
	if len(all) == 0 {
		return
	}
	p.Blank()
	p.Para(0, ink("Waits for a person", text.Doubt))
	for _, why := range byReason(all) {
		p.Para(2, plain(why[0].text))
		var table [][]text.Cell
		shown := why
		if !full && len(why) > 12 {
			shown = why[:10]
		}
		for _, w := range shown {
			table = append(table, []text.Cell{ink(w.name, text.Bold), plain(w.words())})
		}
		if more := len(why) - len(shown); more > 0 {
			table = append(table, []text.Cell{ink("and "+text.Number(more)+" more", text.Dim), {}})
		}
		p.Table(4, 2, table)
	}
}

// waits is everything that waits on one user or group for one reason.
type waits struct {
	text, name string
	parts      []string // what would be done
	adds, outs []string // members
}

func (w *waits) words() string {
	out := slices.Clone(w.parts)
	if len(w.adds) > 0 {
		out = append(out, "add "+someNames(w.adds))
	}
	if len(w.outs) > 0 {
		out = append(out, "take out "+someNames(w.outs))
	}
	return strings.Join(out, "; ")
}

func someNames(all []string) string {
	if more := len(all) - 3; more > 0 {
		return strings.Join(all[:3], ", ") + " and " + text.Number(more) + " more"
	}
	return strings.Join(all, ", ")
}

// byReason gathers what waits by why, and then by whom, both in the order in which they come.
func byReason(all []store.Hold) [][]*waits {
	var out [][]*waits
	reasons, at := map[string]int{}, map[[2]string]*waits{}
	for i := range all {
		h := &all[i]
		key := [2]string{h.Text, h.Subject.ID}
		w := at[key]
		if w == nil {
			w = &waits{text: h.Text, name: orWords(h.Subject.Name, h.Subject.ID)}
			at[key] = w
			n, known := reasons[h.Text]
			if !known {
				n = len(out)
				reasons[h.Text] = n
				out = append(out, nil)
			}
			out[n] = append(out[n], w)
		}
		switch {
		case h.Command == "repair":
			w.parts = append(w.parts, recordWords(h.Op, h.Subject.Target))
		case h.Item == "":
			w.parts = append(w.parts, h.Op+" the "+h.Kind)
		case h.Op == string(plan.RemoveMembers):
			w.outs = append(w.outs, orWords(h.Member.Name, h.Item))
		default:
			w.adds = append(w.adds, orWords(h.Member.Name, h.Item))
		}
	}
	return out
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
