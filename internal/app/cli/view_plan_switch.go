package cli

import (
	"cmp"
	"slices"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// switching says what another method would provision that today's does not, those who would lose access first.
func (l *lister) switching(s *plan.Switch) {
	if s == nil {
		return
	}
	l.p.Blank()
	l.p.Para(0, ink("Switching from "+methodName(s.From)+" to "+methodName(s.To), text.Bold))
	if s.Unknown > 0 {
		l.p.Para(2, ink(text.Count(s.Unknown, "person could not be judged, and is", "people could not be judged, and are")+" counted nowhere below.", text.Doubt))
	}
	if len(s.Users.Lost)+len(s.Groups.Lost)+len(s.Memberships.Lost) == 0 {
		l.p.Para(2, ink(nobodyLoses(s), text.Good))
	}
	l.gains(s.Users.Lost, "person would lose access", "people would lose access", "−")
	l.gains(s.Groups.Lost, "group would no longer be provisioned", "groups would no longer be provisioned", "−")
	l.ways(s.Memberships.Lost, "membership would go", "memberships would go", "−")
	if len(s.Users.Gained)+len(s.Groups.Gained)+len(s.Memberships.Gained) == 0 {
		l.p.Para(2, plain("Nobody would gain access."))
	}
	l.gains(s.Users.Gained, "person would gain access", "people would gain access", "+")
	l.gains(s.Groups.Gained, "group would be provisioned", "groups would be provisioned", "+")
	l.ways(s.Memberships.Gained, "membership would come", "memberships would come", "+")
}

// nobodyLoses says that nothing is lost, as far as that is known.
func nobodyLoses(s *plan.Switch) string {
	if s.Unknown > 0 {
		return "Of the others nobody would lose access, and no group or membership would go."
	}
	return "Nobody would lose access, and no group or membership would go."
}

// gains lists people or groups, each with what leads there.
func (l *lister) gains(all []plan.Gain, one, many, sign string) {
	if len(all) == 0 {
		return
	}
	l.p.Para(2, ink(text.Count(len(all), one, many), signInk(sign)))
	all = byName(all)
	n := l.shown(len(all))
	lines := make([]line, n)
	for i, g := range all[:n] {
		lines[i] = line{sign: sign, what: nameOf(&g.Subject), id: g.Subject.ID, words: []string{clipWay(g.Why)}}
	}
	l.table(lines, 4)
	l.rest(len(all) - n)
}

// ways lists memberships by the way that leads into the group.
func (l *lister) ways(all []plan.Gain, one, many, sign string) {
	if len(all) == 0 {
		return
	}
	l.p.Para(2, ink(text.Count(len(all), one, many), signInk(sign)))
	at := map[string]int{}
	var lines []line
	for _, g := range byName(all) {
		why := orWords(g.Why, g.Subject.Group)
		i, ok := at[why]
		if !ok {
			i = len(lines)
			at[why] = i
			lines = append(lines, line{sign: sign, what: clipWay(why)})
		}
		lines[i].members = append(lines[i].members, nameOf(&g.Subject))
	}
	n := l.shown(len(lines))
	l.table(lines[:n], 4)
	l.rest(len(lines) - n)
}

// byName puts people, or the groups of memberships and then people, in the order of their names.
func byName(all []plan.Gain) []plan.Gain {
	return slices.SortedStableFunc(slices.Values(all), func(a, b plan.Gain) int {
		return cmp.Or(cmp.Compare(a.Subject.Group, b.Subject.Group), cmp.Compare(a.Subject.Name, b.Subject.Name))
	})
}

// shown is how many lines of a list are shown.
func (l *lister) shown(n int) int {
	if l.full {
		return n
	}
	return min(n, few)
}

// rest says how much of a list is not shown.
func (l *lister) rest(more int) {
	if more > 0 {
		l.out.cut = true
		l.p.Para(7, ink(l.more(more), text.Dim))
	}
}

// more says that so many are not shown, and where they are.
func (l *lister) more(n int) string {
	if l.told {
		return "and " + text.Number(n) + " more"
	}
	return "and " + text.Number(n) + " more: --full"
}
