package cli

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/config"
)

// viewFaults shows everything that is wrong in a configuration: the place, what it is, the line with a caret, and what
// was probably meant.
func viewFaults(p *text.Page, f *config.Faults) {
	p.Para(0, plain("rollcall: "+text.Count(len(f.List)+f.More, "fault", "faults")+" in "+f.File))
	for i, one := range f.List {
		p.Blank()
		p.Para(0, plain(fmt.Sprintf("%s:%d:%d: %s", f.File, one.Line, one.Column, one.Text)))
		for row := range strings.SplitSeq(f.Excerpt(i), "\n") {
			p.Line(2, 1, plain(row))
		}
		if one.Hint != "" {
			p.Para(2, plain(one.Hint))
		}
	}
	if f.More > 0 {
		p.Blank()
		p.Para(0, plain("and "+text.Number(f.More)+" more"))
	}
}
