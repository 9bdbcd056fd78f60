package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// Where a cause could not be told, the same absent document often hides ten of them. These views turn the list
// around: what to look at, and what it would decide.

// told is one thing to look at, with the causes that it would decide between.
type told struct {
	by       string
	codes    []cause.Code
	findings int
}

func byTell(list []trace.Alternative) []told {
	var out []told
	for _, a := range list {
		i := slices.IndexFunc(out, func(t told) bool { return t.by == a.TellApart })
		if i < 0 {
			i = len(out)
			out = append(out, told{by: a.TellApart})
		}
		out[i].codes = append(out[i].codes, a.Cause)
	}
	return out
}

// alternatives words what else the cause could be.
func alternatives(list []trace.Alternative) []string {
	var out []string
	for _, t := range byTell(list) {
		if len(t.codes) == 1 {
			out = append(out, string(t.codes[0])+": "+t.by)
			continue
		}
		out = append(out, t.by+": one of "+join(t.codes))
	}
	return out
}

// open gathers over all findings without a cause what would tell, the most common first.
func open(findings []*trace.Finding) []told {
	var out []told
	at := map[string]int{}
	for _, f := range findings {
		mine := map[string]bool{}
		for _, e := range f.Evidence {
			code, tell, ok := strings.Cut(e.Fact, ": ")
			if _, known := cause.Get(cause.Code(code)); !ok || !known || mine[tell] || strings.HasPrefix(tell, "it remains") {
				continue // what remains when the others are ruled out is nothing to look at
			}
			mine[tell] = true
			i, ok := at[tell]
			if !ok {
				i = len(out)
				at[tell] = i
				out = append(out, told{by: tell})
			}
			out[i].findings++
		}
	}
	slices.SortStableFunc(out, func(a, b told) int { return b.findings - a.findings })
	return out
}

// viewOpen says below findings without a cause what to look at; one and many name what they are about.
func viewOpen(p *text.Page, findings []*trace.Finding, one, many string) {
	all := open(findings)
	if len(all) == 0 {
		return
	}
	const few = 6
	p.Line(5, 1, plain("What would tell:"))
	var table [][]text.Cell
	for i, t := range all {
		if i == few {
			table = append(table, []text.Cell{plain("-"), plain(fmt.Sprintf("and %d more", len(all)-few))})
			break
		}
		table = append(table, []text.Cell{plain("-"), plain(t.by + ", for " + text.Count(t.findings, one, many))})
	}
	p.Table(5, 1, table)
}
