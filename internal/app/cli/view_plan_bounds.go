package cli

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// viewGuards shows the limits that the plan is over, or near.
func viewGuards(p *text.Page, all []plan.Guard) {
	var table [][]text.Cell
	head := "Limits"
	for _, g := range all {
		near := g.Count > 0 && g.Count*5 >= g.Most*4
		if !g.Held && !near {
			continue
		}
		shade, words := text.Doubt, "near the limit"
		switch {
		case g.Held:
			shade, words = text.Bad, "over the limit, so all of it waits"
		case g.Count == g.Most:
			words = "at the limit"
		}
		window := "in this run"
		if g.Window == "day" {
			window = "in 24 hours, with earlier runs"
		}
		allowed := g.Limit
		if g.Limit != fmt.Sprint(g.Most) {
			allowed = fmt.Sprintf("%s of %s", g.Limit, text.Number(g.Of))
		}
		table = append(table, []text.Cell{
			ink(pad(head), text.Bold), ink(g.Name, text.Code),
			ink(fmt.Sprintf("%s of at most %s (%s) %s: %s", text.Number(g.Count), text.Number(g.Most), allowed, window, words), shade),
		})
		head = ""
	}
	if len(table) > 0 {
		p.Blank()
		p.Table(0, 2, table)
	}
}

// viewGaps shows what was not told.
func viewGaps(p *text.Page, gaps, faults []string) {
	if len(gaps) > 0 {
		p.Blank()
		p.Para(0, ink("Not complete: what this could hide is not taken away", text.Doubt))
		var table [][]text.Cell
		for i, g := range gaps {
			if i == few && len(gaps) > few+1 {
				table = append(table, []text.Cell{plain("-"), plain("and " + text.Number(len(gaps)-few) + " more: --json has all")})
				break
			}
			table = append(table, []text.Cell{plain("-"), plain(g)})
		}
		p.Table(2, 1, table)
	}
	if len(faults) > 0 {
		p.Blank()
		p.Para(0, ink("Rows of the attribute mapping that could not be read; nothing is written there", text.Doubt))
		var table [][]text.Cell
		for _, f := range faults {
			table = append(table, []text.Cell{plain("-"), plain(f)})
		}
		p.Table(2, 1, table)
	}
}
