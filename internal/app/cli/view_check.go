package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// viewRollCall shows a roll call: the counts first, then who is missing or wrong by cause, then what could not be
// told, then the commands that come next.
func viewRollCall(p *text.Page, r trace.RollCall, o CheckOptions) {
	viewRoll(p, r, o)
	viewNext(p, r.Findings, o)
}

func viewRoll(p *text.Page, r trace.RollCall, o CheckOptions) {
	p.Flow(0, 3, ink(called(trace.Subject{Name: r.Connection, ID: "unnamed connection"}), text.Bold), plain(methodName(r.Method)), plain(text.Date(r.At)+" UTC"))
	p.Flow(0, 3, counts(r.Counts)...)
	persons, groups := split(r.Findings)
	listing := o.listing()
	switch {
	case len(r.Findings) > 0:
	case len(o.Causes) > 0 || o.Group != "":
		p.Blank()
		p.Para(0, plain("Nothing to report for what was asked."))
	case r.Counts.Expected == 0 && r.Unscoped != "":
		p.Blank()
		p.Para(0, plain("Nobody is known to be expected: "+r.Unscoped+"."))
	case r.Counts.Expected == 0:
		p.Blank()
		p.Para(0, plain("Nobody is expected: no enabled user is known to be in scope, directly or through a group."))
	default:
		p.Blank()
		p.Para(0, ink("Nothing to report: everybody who should be there is there, as they should be.", text.Good))
	}
	for _, v := range []trace.Verdict{trace.Missing, trace.Wrong, trace.Extra, trace.Unknown, trace.Present} {
		if section := persons[v]; len(section) > 0 {
			p.Blank()
			p.Line(2, 1, ink(text.Number(headcount(section)), text.Bold), ink(string(v), tint(v)))
			if listing {
				viewListing(p, byCause(section), o)
			} else {
				p.Table(5, 2, rows(byCause(section)))
				viewOpen(p, section, "person", "people")
			}
		}
	}
	doubt := func(f *trace.Finding) bool { return f.Verdict == trace.Unknown }
	people := affected(r.Findings)
	viewGroups(p, "in trouble", slices.DeleteFunc(slices.Clone(groups), doubt), people, o, listing)
	viewGroups(p, "not known", slices.DeleteFunc(groups, func(f *trace.Finding) bool { return !doubt(f) }), people, o, listing)
	viewNotes(p, r.Notes, o.Verbose)
}

// listing tells whether people are listed one by one.
func (o *CheckOptions) listing() bool { return o.All || o.Group != "" || len(o.Causes) > 0 }

func counts(c trace.Counts) []text.Cell {
	cells := []text.Cell{plain(text.Number(c.Expected) + " expected"), ink(text.Number(c.Present)+" present", text.Good)}
	for _, part := range []struct {
		n int
		v trace.Verdict
	}{{c.Missing, trace.Missing}, {c.Wrong, trace.Wrong}, {c.Extra, trace.Extra}, {c.Unknown, trace.Unknown}} {
		if part.n > 0 || part.v == trace.Missing {
			shade := tint(part.v)
			if part.n == 0 {
				shade = text.Plain
			}
			cells = append(cells, ink(text.Number(part.n)+" "+string(part.v), shade))
		}
	}
	return cells
}

func rows(all []bundleOf) [][]text.Cell {
	width := 0
	for _, b := range all {
		width = max(width, len(text.Number(headcount(b.list))))
	}
	var out [][]text.Cell
	for _, b := range all {
		out = append(out, []text.Cell{plain(fmt.Sprintf("%*s", width, text.Number(headcount(b.list)))), ink(label(b.code), text.Code), plain(meaning(b.list))})
	}
	return out
}

func viewListing(p *text.Page, all []bundleOf, o CheckOptions) {
	for _, b := range all {
		if b.code != "" {
			c, _ := cause.Get(b.code)
			p.Table(4, 2, [][]text.Cell{{ink(string(b.code), text.Code), ink(c.Title, text.Dim)}})
		} else if b.list[0].Verdict != trace.Present {
			p.Line(4, 2, ink(label(""), text.Code))
		}
		var table [][]text.Cell
		for _, f := range b.list {
			row := []text.Cell{plain(known(f.Subject)), plain(said(f))}
			if o.Verbose {
				p.Table(6, 2, [][]text.Cell{row})
				viewEvidence(p, 8, f.Evidence)
				continue
			}
			table = append(table, row)
		}
		p.Table(6, 2, table)
	}
}

// said is what a list says of one finding.
func said(f *trace.Finding) string {
	if f.Verdict == trace.Present {
		return called(f.Subject) // the heading says that they are where they should be
	}
	words := strings.TrimSuffix(f.Summary, ".")
	if len(f.Also) > 0 {
		words += "; also " + join(f.Also)
	}
	return words
}

// viewGroups shows groups that are in trouble as such, with how many people that concerns; the people stand above.
func viewGroups(p *text.Page, how string, groups []*trace.Finding, people map[string]int, o CheckOptions, listing bool) {
	if len(groups) == 0 {
		return
	}
	p.Blank()
	p.Line(2, 1, ink(text.Count(len(groups), "group", "groups"), text.Bold), plain(how))
	const few = 12 // more than that are told by cause
	if !listing && len(groups) > few {
		p.Table(5, 2, rows(byCause(groups)))
		viewOpen(p, groups, "group", "groups")
		return
	}
	var table [][]text.Cell
	for _, f := range groups {
		words := said(f)
		if n := people[f.Subject.Name]; n > 0 {
			words += "; concerns " + text.Count(n, "person", "people")
		}
		row := []text.Cell{plain(known(f.Subject)), ink(label(f.Cause), text.Code), plain(words)}
		if o.Verbose {
			p.Table(5, 2, [][]text.Cell{row})
			viewEvidence(p, 8, f.Evidence)
			continue
		}
		table = append(table, row)
	}
	p.Table(5, 2, table)
}

// viewNotes shows what could not be told, and oddities of the documents.
func viewNotes(p *text.Page, notes []string, all bool) {
	if len(notes) == 0 {
		return
	}
	p.Blank()
	const some = 6
	var table [][]text.Cell
	head := "Notes"
	for i, n := range notes {
		if i == some && !all && len(notes) > some+1 {
			table = append(table, []text.Cell{plain(""), plain(fmt.Sprintf("and %s more: -v shows all", text.Number(len(notes)-some)))})
			break
		}
		table = append(table, []text.Cell{ink(head, text.Bold), plain("- " + n)})
		head = ""
	}
	p.Table(0, 2, table)
}

// viewNext says how to go on, with names from the answer.
func viewNext(p *text.Page, findings []trace.Finding, o CheckOptions) {
	listing := o.listing()
	first := slices.IndexFunc(findings, func(f trace.Finding) bool { return f.Verdict != trace.Present })
	if first < 0 {
		return
	}
	var biggest bundleOf
	people, groups := split(findings)
	for _, v := range []trace.Verdict{trace.Missing, trace.Wrong, trace.Extra, trace.Unknown} {
		if all := byCause(people[v]); len(all) > 0 && biggest.list == nil {
			biggest = all[0]
		}
	}
	if biggest.list == nil {
		biggest = byCause(groups)[0]
	}
	var next [][2]string
	if !listing && biggest.code != "" && biggest.list[0].Subject.Kind != "group" {
		next = append(next, [2]string{o.command("check", "--cause", string(biggest.code)), "who they are"})
	}
	s := biggest.list[0].Subject
	words := []string{typed(s)}
	if s.Kind == "membership" {
		words = append(words, "--group", s.Group)
	}
	next = append(next, [2]string{o.command("why", words...), "one of them, step by step"})
	if listing && biggest.code != "" {
		next = append(next, [2]string{"rollcall causes " + string(biggest.code), "what the cause means"})
	}
	viewCommands(p, 7, next)
}
