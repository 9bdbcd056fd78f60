package cli

import (
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// viewAbout says how one person stands, and every group that leads them in.
func viewAbout(p *text.Page, a *plan.About) {
	if a == nil {
		return
	}
	p.Blank()
	p.Para(0, ink(nameOf(&a.Subject)+" "+stands(a.Verdict)+": "+a.Text+".", text.Bold))
	scoped := a.Verdict != plan.Extra && a.Verdict != plan.Absent && a.Verdict != plan.Unknown
	if scoped && len(a.Led) == 0 {
		p.Para(2, plain("assigned to the application, through no group"))
	}
	var table [][]text.Cell
	for _, w := range a.Led {
		state := ink("not a member yet", text.Doubt)
		if w.Member {
			state = ink("a member", text.Good)
		}
		table = append(table, []text.Cell{plain(clipWay(strings.Join(w.Chain, " ← "))), state})
	}
	p.Table(2, 2, table)
}

// stands is a verdict on a person in a sentence.
func stands(v plan.Verdict) string {
	switch v {
	case plan.Present:
		return "is at Atlassian"
	case plan.Missing:
		return "is missing from Atlassian"
	case plan.Wrong:
		return "is at Atlassian, but not as it should be"
	case plan.Extra:
		return "is active at Atlassian, and should not be"
	case plan.Absent:
		return "is not active at Atlassian, and should not be"
	case plan.Unknown:
	}
	return "cannot be judged"
}
