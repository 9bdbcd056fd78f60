package cli

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// viewExamined shows what a doctor saw: the sum first, then a line for each check, and under what is not well what is
// lost by it and how to mend it.
func viewExamined(p *text.Page, name, method string, parts []engine.Examined) {
	p.Flow(0, 3, ink(name, text.Bold), plain(methodName(method)))
	n := tallied(parts)
	cells := []text.Cell{ink(fmt.Sprintf("%d bad", n[evidence.Bad]), inkIf(n[evidence.Bad] > 0, text.Bad)), ink(text.Count(n[evidence.Warning], "warning", "warnings"), inkIf(n[evidence.Warning] > 0, text.Doubt))}
	if n[evidence.Bad]+n[evidence.Warning] == 0 {
		cells = []text.Cell{ink("Nothing is wrong that can be seen.", text.Good)}
	}
	p.Flow(0, 3, append(cells, plain(fmt.Sprintf("%d unknown", n[evidence.Unknown])), plain(fmt.Sprintf("%d ok", n[evidence.OK])))...)
	for _, part := range parts {
		if len(part.Checks) == 0 {
			continue
		}
		p.Blank()
		p.Para(0, ink(part.Name, text.Bold))
		viewChecks(p, part.Checks)
	}
}

// viewChecks is a table of checks.
func viewChecks(p *text.Page, checks []engine.Check) {
	var rows [][]text.Cell
	for _, c := range checks {
		fact := c.Fact
		if c.DaysLeft != nil && *c.DaysLeft >= 0 {
			fact += ", in " + text.Count(*c.DaysLeft, "day", "days")
		}
		rows = append(rows, []text.Cell{stateCell(c.State), plain(c.Name), plain(fact)})
		if c.Lost != "" && c.State != evidence.OK {
			rows = append(rows, []text.Cell{{}, {}, ink("lost: "+c.Lost, text.Dim)})
		}
		if c.Fix != "" && c.State != evidence.OK {
			rows = append(rows, []text.Cell{{}, {}, plain("fix: " + c.Fix)})
		}
	}
	p.Table(3, 2, rows)
}

func stateCell(s evidence.State) text.Cell {
	switch s {
	case evidence.OK:
		return ink("ok     ", text.Good)
	case evidence.Warning:
		return ink("warning", text.Doubt)
	case evidence.Bad:
		return ink("BAD    ", text.Bad)
	case evidence.Unknown:
	}
	return ink("unknown", text.Dim)
}

func inkIf(is bool, i text.Ink) text.Ink {
	if is {
		return i
	}
	return text.Plain
}
