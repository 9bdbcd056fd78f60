package cli

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/store"
)

// viewSwitchOver tells how rollcall came to write, what it did, and what it left for a person.
func viewSwitchOver(p *text.Page, t *tale) {
	p.Table(0, 2, [][]text.Cell{
		{ink("refused", text.Bad), plain("never two writers: Entra's provisioning job is on, and each would undo what the other does. " + capital(t.refused.Do))},
		{ink("stopped", text.Good), plain("the administrator stops it there, and asks again")},
		{ink("applied", text.Good), plain(doneWords(t.entries) + ", in " + text.Count(t.writes, "request", "requests") + ". The ledger has each with what was meant and what came of it")},
	})
	viewFailures(p, t.applied.Failed)
	viewHolds(p, waitingHolds(t.applied.Holds), false)
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// doneWords count what a run did, the most telling first.
func doneWords(all []ledger.Entry) string {
	var words []string
	for _, part := range []struct {
		op        plan.Op
		kind      string
		one, many string
	}{
		{plan.Create, plan.KindUser, "record made", "records made"},
		{plan.Update, plan.KindUser, "record changed", "records changed"},
		{plan.AddMembers, plan.KindGroup, "membership added", "memberships added"},
		{plan.AddMembers, plan.KindPolicy, "person put into the right policy", "people put into the right policy"},
		{plan.Adopt, plan.KindUser, "record adopted as it is", "records adopted as they are"},
		{plan.Adopt, plan.KindGroup, "group too", "groups too"},
	} {
		n := 0
		for i := range all {
			if e := &all[i]; e.Outcome == ledger.Done && e.Op == string(part.op) && e.Kind == part.kind {
				n += max(1, len(e.Add))
			}
		}
		if n > 0 {
			words = append(words, text.Count(n, part.one, part.many))
		}
	}
	return strings.Join(words, ", ")
}

// viewAfter calls the roll again: then and now, and who decides about what is left.
func viewAfter(p *text.Page, t *tale) {
	before, now := []text.Cell{ink("before", text.Dim)}, []text.Cell{ink("now", text.Dim)}
	for _, part := range []struct {
		then, now int
		words     string
		shade     text.Ink
	}{
		{t.roll.Counts.Expected, t.after.Counts.Expected, "expected", text.Plain},
		{t.roll.Counts.Present, t.after.Counts.Present, "present", text.Good},
		{t.roll.Counts.Missing, t.after.Counts.Missing, "missing", tint(trace.Missing)},
		{t.roll.Counts.Wrong, t.after.Counts.Wrong, "wrong", tint(trace.Wrong)},
		{t.roll.Counts.Extra, t.after.Counts.Extra, "extra", tint(trace.Extra)},
		{t.roll.Counts.Unknown, t.after.Counts.Unknown, "unknown", tint(trace.Unknown)},
	} {
		if part.then+part.now > 0 {
			before = append(before, ink(text.Number(part.then)+" "+part.words, part.shade))
			now = append(now, ink(text.Number(part.now)+" "+part.words, part.shade))
		}
	}
	p.Table(0, 2, [][]text.Cell{before, now})
	for _, part := range t.left() {
		p.Blank()
		p.Para(2, ink(part.who, text.Bold))
		p.Table(4, 2, part.rows())
	}
}

// leftover is what somebody has to decide, or nobody has.
type leftover struct {
	who  string
	list []*trace.Finding
}

// left is what the second roll call found, by who decides: whoever lets go what waits, or the team where a cause is at
// home.
func (t *tale) left() []leftover {
	waits := map[string]store.Hold{}
	for _, h := range waitingHolds(t.applied.Holds) {
		waits[h.Subject.ID] = h
		if h.Item != "" {
			waits[h.Item] = h
		}
	}
	out := []leftover{{who: "You, with rollcall approve"}, {who: "The Entra team"}, {who: "The Atlassian team"}}
	concerned := affected(t.after.Findings)
	for i := range t.after.Findings {
		f := &t.after.Findings[i]
		if f.Subject.Kind == "group" && (f.Verdict == trace.Present || concerned[f.Subject.Name] > 0) {
			continue // its people say the same
		}
		hold, held := waits[f.Subject.ID]
		if held && f.Cause == cause.HeldForApproval { // each by its reason
			told := *f
			told.Cause = cause.Code(hold.Code)
			told.Summary, _, _ = strings.Cut(hold.Text, ";")
			f = &told
		}
		at := 2
		if c, ok := cause.Get(f.Cause); held {
			at = 0
		} else if ok && entraSide(c.Home) {
			at = 1
		}
		out[at].list = append(out[at].list, f)
	}
	return slices.DeleteFunc(out, func(l leftover) bool { return len(l.list) == 0 })
}

func (l *leftover) rows() [][]text.Cell {
	var out [][]text.Cell
	for _, b := range byCause(l.list) {
		who := known(b.list[0].Subject)
		if n := headcount(b.list); n > 1 {
			who = text.Count(n, "person", "people")
		} else if b.list[0].Subject.Kind != "group" {
			who, _, _ = strings.Cut(who, "@")
		}
		words := strings.TrimSuffix(b.list[0].Summary, ".")
		if c, ok := cause.Get(b.code); ok {
			words = c.Title
		}
		out = append(out, []text.Cell{plain(who), ink(label(b.code), text.Code), ink(words, text.Dim)})
	}
	return out
}

// viewTry names what a reader can do next.
func viewTry(p *text.Page, t *tale) {
	next := [][2]string{{"rollcall lab", "Entra and Atlassian in miniature on this machine, with this company in them"}}
	for _, own := range [][2]string{
		{"rollcall init", "your own tenant: asks, tests each answer, writes rollcall.yaml"},
		{"rollcall doctor", "whether rollcall may ask and write what it needs there"},
	} {
		if t.has(strings.Fields(own[0])[1]) {
			next = append(next, own)
		}
	}
	p.Commands(text.Cell{}, 2, append(next,
		[2]string{"rollcall causes " + string(t.commonest()), "what a cause means, what proves it, how it is mended"},
		[2]string{"rollcall --help", "everything else"},
	))
}
