package cli

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// viewTrace shows one trace: the answer in a sentence, the hops, then what was seen, what to do, what else is wrong
// and the commands that come next.
func viewTrace(p *text.Page, a engine.Answer, o WhyOptions) {
	viewAnswer(p, a, o)
	viewWhyNext(p, a.Trace, a, o)
}

func viewAnswer(p *text.Page, a engine.Answer, o WhyOptions) {
	t := a.Trace
	p.Para(0, ink(t.Summary, text.Bold))
	p.Blank()
	viewHops(p, t.Hops, o.Verbose)
	if o.Verbose {
		viewEvaluation(p, a.Evaluation)
		viewSection(p, "Unknown", unknowns(t.Hops))
	} else {
		viewSection(p, "Seen", some(proofs(t), "-v shows all"))
		viewSection(p, "Unknown", unknowns(t.Hops))
	}
	viewList(p, "Fix", t.Fix)
	viewSection(p, "Also", titles(t.Also))
	viewList(p, "Or", alternatives(t.Alternatives))
}

// viewHops is the table of the stations. Failed ones are in capitals, those that do not apply share a line.
func viewHops(p *text.Page, hops []trace.Hop, all bool) {
	var skipped []int
	var table [][]text.Cell
	flush := func() {
		p.Table(4, 2, table)
		table = nil
	}
	widest := 0
	for _, h := range hops {
		widest = max(widest, len(h.Hop))
	}
	for i, h := range hops {
		if h.Status == trace.Skipped && !all {
			skipped = append(skipped, i+1)
			continue
		}
		words := h.Summary
		if !all {
			words = clip(words)
		}
		if h.Cause != "" {
			words += " [" + string(h.Cause) + "]"
		}
		number := fmt.Sprintf("%*d", len(strconv.Itoa(len(hops))), i+1)
		table = append(table, []text.Cell{plain(number), plain(fmt.Sprintf("%-*s", widest, h.Hop)), status(h.Status), plain(words)})
		if all && len(h.Evidence) > 0 {
			flush()
			viewEvidence(p, 8, h.Evidence)
		}
	}
	flush()
	if len(skipped) > 0 {
		p.Line(4, 3, ink(ranges(skipped), text.Dim), ink("skipped", text.Dim))
	}
}

func status(s trace.Status) text.Cell {
	switch s {
	case trace.Fail:
		return ink("FAIL   ", text.Bad)
	case trace.Pass:
		return ink("pass   ", text.Good)
	case trace.NotKnown:
		return ink("unknown", text.Doubt)
	case trace.Follows, trace.Skipped:
	}
	return ink(fmt.Sprintf("%-7s", s), text.Dim)
}

// ranges writes 3, 4, 5, 7 as "3-5, 7".
func ranges(sorted []int) string {
	var parts []string
	for i := 0; i < len(sorted); {
		j := i
		for j+1 < len(sorted) && sorted[j+1] == sorted[j]+1 {
			j++
		}
		switch {
		case j == i:
			parts = append(parts, strconv.Itoa(sorted[i]))
		default:
			parts = append(parts, fmt.Sprintf("%d-%d", sorted[i], sorted[j]))
		}
		i = j + 1
	}
	return strings.Join(parts, ", ")
}

// proofs is the evidence of what failed, each fact once. Where nothing failed, that of the hop where the cause is at
// home.
func proofs(t trace.Trace) [][2]string {
	var out [][2]string
	add := func(h trace.Hop) {
		for _, e := range h.Evidence {
			if row := [2]string{e.Seen, e.Fact}; !slices.Contains(out, row) {
				out = append(out, row)
			}
		}
	}
	for _, h := range t.Hops {
		if h.Status == trace.Fail {
			add(h)
		}
	}
	if c, ok := cause.Get(t.Cause); ok && len(out) == 0 {
		for _, h := range t.Hops {
			if h.Hop == c.Home && h.Status != trace.NotKnown {
				add(h)
			}
		}
	}
	return out
}

// some keeps a long list of proofs short, with a hint where the rest is.
func some(list [][2]string, hint string) [][2]string {
	const few = 8
	if len(list) <= few+1 {
		return list
	}
	return append(list[:few:few], [2]string{fmt.Sprintf("and %d more", len(list)-few), hint})
}

// clip keeps a hop that failed in many ways to a few lines.
func clip(s string) string {
	const most = 240
	if len(s) <= most {
		return s
	}
	cut := strings.LastIndexByte(s[:most], ' ')
	if cut < 0 {
		return s
	}
	return s[:cut] + " …"
}

// unknowns is what was not there, with the call or file that would show it, and the menu.
func unknowns(hops []trace.Hop) [][2]string {
	var out [][2]string
	for _, h := range hops {
		if h.Status != trace.NotKnown {
			continue
		}
		for _, e := range h.Evidence {
			words := e.Seen + ": " + e.Fact
			if menu := byHand(e.Seen); menu != "" {
				words += "; by hand: " + menu
			}
			if row := [2]string{string(h.Hop), words}; !slices.Contains(out, row) {
				out = append(out, row)
			}
		}
	}
	return out
}

func titles(codes []cause.Code) [][2]string {
	var out [][2]string
	for _, code := range codes {
		c, _ := cause.Get(code)
		out = append(out, [2]string{string(code), c.Title})
	}
	return out
}

// onlyExpected are causes of people whom nobody but a list of names expects: a roll call without one has no others.
var onlyExpected = map[cause.Code]bool{
	cause.NotInSource: true, cause.NotAssigned: true, cause.GroupNotSelected: true, cause.SourceDisabled: true, cause.SourceDeleted: true,
}

func viewWhyNext(p *text.Page, t trace.Trace, a engine.Answer, o WhyOptions) {
	if t.Verdict == trace.Present {
		return
	}
	words := []string{a.Query.Subject}
	if a.Query.Group != "" {
		words = append(words, "--group", a.Query.Group)
	}
	var next [][2]string
	if t.Cause != "" || len(unknowns(t.Hops)) > 0 {
		next = append(next, [2]string{o.command("why", append(words, "--handoff")...), "a message for " + addressee(t).team()})
	}
	switch {
	case t.Subject.Kind == "group" && t.Subject.Name != "":
		next = append(next, [2]string{o.command("check", "--group", t.Subject.Name), "whom it concerns"})
	case t.Cause != "" && !onlyExpected[t.Cause]:
		next = append(next, [2]string{o.command("check", "--cause", string(t.Cause)), "who else has it"})
	}
	if len(next) > 0 {
		viewCommands(p, section, next)
	}
}
