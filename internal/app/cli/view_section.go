package cli

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// The pieces that answers are made of: a heading with pairs, sentences or commands beside it.

// viewSection is a heading and pairs beside it.
func viewSection(p *text.Page, head string, pairs [][2]string) {
	if len(pairs) == 0 {
		return
	}
	p.Blank()
	var table [][]text.Cell
	for i, pair := range pairs {
		if i > 0 {
			head = ""
		}
		table = append(table, []text.Cell{ink(pad(head), text.Bold), ink(pair[0], text.Dim), plain(pair[1])})
	}
	p.Table(0, 2, table)
}

// viewList is a heading and sentences beside it.
func viewList(p *text.Page, head string, lines []string) {
	if len(lines) == 0 {
		return
	}
	p.Blank()
	var table [][]text.Cell
	for i, line := range lines {
		if i > 0 {
			head = ""
		}
		row := []text.Cell{ink(pad(head)+" ", text.Bold)}
		if len(lines) > 1 {
			row = append(row, plain("-"))
		}
		table = append(table, append(row, plain(line)))
	}
	p.Table(0, 1, table)
}

// section is the column in which what stands beside a heading begins.
const section = 9

func pad(head string) string { return fmt.Sprintf("%-*s", section-2, head) }

func viewEvidence(p *text.Page, indent int, list []trace.Evidence) {
	var table [][]text.Cell
	for _, e := range list {
		table = append(table, []text.Cell{ink(e.Seen, text.Dim), plain(e.Fact)})
	}
	p.Table(indent, 2, table)
}

// viewCommands says how to go on.
func viewCommands(p *text.Page, column int, next [][2]string) {
	p.Blank()
	p.Commands(ink("Next", text.Bold), column, next)
}
