package cli

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// described is a subject in a list of choices: what it is, what it is called, and the name by which it signs in.
func described(s trace.Subject) string {
	words := s.Kind + " " + called(s)
	if s.Name != "" && s.Name != called(s) {
		words += ", " + s.Name
	}
	return words
}

// viewAmbiguous lists whom a subject could mean, on standard error, each with the command that asks about that one.
func viewAmbiguous(s Streams, a *trace.Ambiguous, g *Globals, ask func(id string) string) {
	p := text.NewPage(s.Err, s.width(g), false)
	p.Para(0, plain(fmt.Sprintf("rollcall: %q could be any of %d; which one is meant?", a.Query, len(a.Candidates))))
	const most = 20
	var list [][2]string
	for _, c := range a.Candidates[:min(most, len(a.Candidates))] {
		id := c.ID
		if id == "" {
			id = c.Name
		}
		list = append(list, [2]string{ask(id), described(c)})
	}
	p.Commands(plain(""), 2, list)
	if more := len(a.Candidates) - most; more > 0 {
		p.Line(2, 1, plain("and "+text.Number(more)+" more"))
	}
	_ = p.Flush()
}
