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
		most := text.Number(g.Most)
		if g.Limit != fmt.Sprint(g.Most) {
			most += fmt.Sprintf(" (%s of %s)", g.Limit, text.Number(g.Of))
		}
		table = append(table, []text.Cell{
			ink(pad(head), text.Bold), ink(g.Name, text.Code),
			ink(fmt.Sprintf("%s of at most %s %s: %s", text.Number(g.Count), most, window, words), shade),
		})
		head = ""
	}
	if len(table) > 0 {
		p.Blank()
		p.Table(0, 2, table)
	}
}

// viewGaps shows what was not told, and what else is worth knowing.
func viewGaps(p *text.Page, v *planPage) {
	gather := func(head string, all []string) {
		if len(all) == 0 {
			return
		}
		p.Blank()
		p.Para(0, ink(head, text.Doubt))
		var table [][]text.Cell
		for i, one := range all {
			if i == few && len(all) > few+1 {
				table = append(table, []text.Cell{plain("-"), plain("and " + text.Number(len(all)-few) + " more: --json has all")})
				break
			}
			table = append(table, []text.Cell{plain("-"), plain(one)})
		}
		p.Table(2, 1, table)
	}
	gather("Not complete: what was not told is not taken away; what is added may already be there or be refused", v.gaps)
	gather("Notes", v.notes)
	gather("Rows of the attribute mapping that could not be read; nothing is written there", v.faults)
}
