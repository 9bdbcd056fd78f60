package cli

import (
	"iter"
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// planPage is a plan as it is shown: made now, or saved.
type planPage struct {
	connection, method, now string // now: today's method; "": not known
	at                      time.Time
	rules                   string
	only                    *plan.Only
	about                   *plan.About
	deleted                 bool // the one person was deleted in Entra
	apart                   bool // the one person is not to be in the one group
	change                  *plan.Switch
	guards                  []plan.Guard
	gaps, notes, faults     []string
	steps                   iter.Seq[plan.Step]
	verdicts                iter.Seq[plan.Judgement] // of those who are not as they should be
	saved                   bool
	fits                    bool // a saved plan that was held against the world
}

// livePage is a plan that was made now.
func livePage(r *engine.PlanResult) planPage {
	p := r.Plan
	return planPage{
		connection: p.Connection, method: p.Method, now: r.Now, at: p.At, rules: p.Rules().Origin, only: r.Only, about: r.About, deleted: r.Deleted, apart: r.Apart, change: r.Switch,
		guards: p.Guards, gaps: p.Gaps, notes: r.Notes(), faults: r.Faults, steps: r.Steps(), verdicts: r.Verdicts(false),
	}
}

// savedPage is a plan that was read from a file.
func savedPage(s *plan.Saved) planPage {
	now := ""
	if s.Switch != nil {
		now = s.Switch.From
	}
	return planPage{
		saved: true, connection: s.Connection, method: s.Method, now: now, at: s.At, rules: s.Rules, only: s.Only, change: s.Switch,
		guards: s.Guards, gaps: s.Gaps, notes: s.Notes, steps: slices.Values(s.Steps), verdicts: slices.Values(s.Verdicts),
	}
}

// forecast tells whether another service would carry the plan out.
func (v *planPage) forecast() bool { return v.method != document.Rollcall }

// viewPlan shows a plan like a good diff: the counts, then who appears, what changes, who loses what, what waits, what
// cannot be done, and how sure all of that is. It goes through the steps once, and with --full once for each paragraph,
// so that the largest plan takes no more memory than what is shown of it.
func viewPlan(p *text.Page, v planPage, o PlanOptions) {
	out := outlineOf(&v)
	viewPlanHead(p, &v, out)
	viewAbout(p, v.about)
	l := lister{p: p, v: &v, full: o.Full, out: out}
	l.switching(v.change)
	l.section("Appears", text.Good, out.appear)
	l.section("Changes", text.Plain, out.change)
	l.section("Is taken away", text.Bad, out.away)
	l.held()
	l.undone()
	viewGuards(p, v.guards)
	viewGaps(p, &v)
	viewAdopted(p, out)
	l.next(o)
}

func viewPlanHead(p *text.Page, v *planPage, out *outline) {
	head := []text.Cell{ink(orWords(v.connection, "unnamed connection"), text.Bold)}
	if v.now != "" && v.now != v.method {
		head = append(head, plain("today "+methodName(v.now)), plain("planned "+methodName(v.method)))
	} else {
		head = append(head, plain(methodName(v.method)))
	}
	p.Flow(0, 3, append(head, plain(text.Date(v.at)+" UTC"))...)
	if v.only != nil {
		p.Para(0, ink(narrowedTo(v.only), text.Bold))
	}
	if v.apart {
		p.Para(0, plain(nameOf(v.only.User)+" is not to be in "+nameOf(v.only.Group)+"."))
	}
	p.Flow(0, 3, out.sums()...)
	if v.fits {
		p.Para(0, ink("The world is as it was: the plan still fits.", text.Good))
	}
	if v.forecast() {
		p.Para(0, ink("A forecast: what "+service(v.method)+" would change by its own rules. rollcall writes nothing there.", text.Dim))
	}
	if v.rules != "" {
		p.Para(0, ink("Rules: "+v.rules, text.Dim))
	}
	if out.steps == 0 {
		p.Blank()
		words, shade := "Nothing to do: everybody is as the rules want them.", text.Good
		switch {
		case len(v.gaps) > 0:
			words, shade = "Nothing to do, as far as it was told; not everything was.", text.Doubt
		case len(out.undone) > 0:
			words, shade = "There is nothing that could be done; what is not as it should be stands below.", text.Plain
		case v.deleted:
			words, shade = "No plan concerns them: they were deleted in Entra, and no record of the Guard directory is theirs.", text.Plain
		case v.only != nil && v.only.User != nil && v.about == nil && !v.saved:
			words, shade = "No plan concerns them: Entra does not have them, and no record of the Guard directory is theirs.", text.Plain
		case v.only != nil:
			words = "Nothing to do here."
		}
		p.Para(0, ink(words, shade))
	}
}

func narrowedTo(o *plan.Only) string {
	switch {
	case o.User != nil && o.Group != nil:
		return "Only " + nameOf(o.User) + " in " + nameOf(o.Group)
	case o.User != nil:
		return "Only " + nameOf(o.User)
	}
	return "Only " + nameOf(o.Group) + " and its people"
}

// service is who carries a method out.
func service(method string) string {
	switch method {
	case document.EntraSCIM:
		return "Entra's provisioning service"
	case document.GuardNested:
		return "Guard's nested-groups connector"
	}
	return "rollcall"
}

func orWords(s, or string) string {
	if s == "" {
		return or
	}
	return s
}

// viewAdopted says in one line what is only written down.
func viewAdopted(p *text.Page, out *outline) {
	users, groups := out.adoptedUsers, out.adoptedGroups
	var what string
	switch {
	case users+groups == 0:
		return
	case groups == 0:
		what = text.Count(users, "record", "records")
	case users == 0:
		what = text.Count(groups, "group", "groups")
	default:
		what = text.Count(users, "record", "records") + " and " + text.Count(groups, "group", "groups")
	}
	verb := " are adopted as they are"
	if users+groups == 1 {
		verb = " is adopted as it is"
	}
	p.Blank()
	p.Table(0, 2, [][]text.Cell{{ink(pad("Adopt"), text.Bold), plain(what + verb + ": rollcall notes whose they are, and nothing is written at Atlassian.")}})
}
