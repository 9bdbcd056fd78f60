package cli

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// viewTale tells the demo. What stands under a heading is what the command beside it prints, without its hints and, of a
// roll call and a plan, without what the chapters after it tell.
func viewTale(p *text.Page, t tale, width int) {
	nested := 0
	for _, f := range t.roll.Findings {
		if f.Cause == cause.NestedGroup && f.Subject.Kind == "user" {
			nested++
		}
	}
	who := called(t.why.Answers[0].Trace.Subject)
	p.Para(0, ink("rollcall tells who is missing from Atlassian, and why; and does the provisioning, if you let it.", text.Bold))
	p.Blank()
	p.Para(0, plain(fmt.Sprintf("Kestrel Instruments is made up and lives inside this program. Entra ID's own service provisions its people into Jira. "+
		"%s should be there, and most are. The others have opened tickets, and neither vendor's pages say what is wrong with whom.",
		text.Count(t.roll.Counts.Expected, "person", "people"))))

	chapter(p, width, 1, "Who is missing, and why?", "rollcall check")
	aside(p, "Expected is every enabled person whom a group of the application leads to, however deep. "+
		"A cause is named only where the facts of both sides prove it.")
	people := t.roll
	people.Findings = slices.DeleteFunc(slices.Clone(people.Findings), func(f trace.Finding) bool { return f.Subject.Kind == "group" })
	viewRoll(p, people, CheckOptions{Globals: &Globals{}})

	chapter(p, width, 2, fmt.Sprintf("One of the %s: what is wrong with %s?", text.Number(nested), who), "rollcall why")
	aside(p, "Ten stations lie between Entra and Jira. What is red farther on often only follows from what failed before.")
	viewAnswer(p, t.why.Answers[0], WhyOptions{Globals: &Globals{}})

	chapter(p, width, 3, "What if rollcall did the provisioning?", "rollcall plan")
	aside(p, "Nothing is written: this is what would be. What could do harm waits for a person, item by item.")
	viewPlanTold(p, livePage(t.plan))

	chapter(p, width, 4, "Do it", "rollcall apply")
	viewSwitchOver(p, &t)

	chapter(p, width, 5, "Who is missing now, and who decides?", "rollcall check")
	viewAfter(p, &t)

	chapter(p, width, 0, "What to try next", "")
	viewTry(p, &t)
}

// aside is what a reader should know before what follows.
func aside(p *text.Page, words string) {
	p.Para(0, ink(words, text.Dim))
	p.Blank()
}

// commonest is the cause of most people's trouble.
func (t *tale) commonest() cause.Code {
	people, _ := split(t.roll.Findings)
	for _, v := range []trace.Verdict{trace.Missing, trace.Wrong, trace.Extra} {
		if all := byCause(people[v]); len(all) > 0 {
			return all[0].code
		}
	}
	return cause.NestedGroup
}

// chapter is a heading across the page, with the command that prints what follows.
func chapter(p *text.Page, width, number int, head, command string) {
	if number > 0 {
		head = fmt.Sprintf("%d  %s", number, head)
	}
	p.Blank()
	p.Blank()
	cells := []text.Cell{ink("──", text.Dim), ink(head, text.Bold)}
	fill := width - 4 - text.Width(head)
	if command != "" {
		fill -= text.Width(command) + 4
	}
	cells = append(cells, ink(strings.Repeat("─", max(fill, 2)), text.Dim))
	if command != "" {
		cells = append(cells, ink(command, text.Code), ink("──", text.Dim))
	}
	p.Line(0, 1, cells...)
	p.Blank()
}

// viewPlanTold is a plan in short: the counts, and what another method would give.
func viewPlanTold(p *text.Page, v planPage) {
	out := outlineOf(&v)
	viewPlanHead(p, &v, out)
	l := lister{p: p, v: &v, out: out, told: true}
	if s := v.change; s != nil {
		p.Blank()
		p.Para(0, ink("Switching from "+methodName(s.From)+" to "+methodName(s.To), text.Bold))
		if len(s.Users.Lost)+len(s.Groups.Lost)+len(s.Memberships.Lost) == 0 {
			p.Para(2, ink(nobodyLoses(s), text.Good))
		}
		l.gains(s.Users.Lost, "person would lose access", "people would lose access", "−")
		l.ways(s.Memberships.Lost, "membership would go", "memberships would go", "−")
		l.ways(s.Memberships.Gained, "membership would come", "memberships would come", "+")
	}
	viewAdopted(p, out)
}
