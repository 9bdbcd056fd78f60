package cli

import (
	"slices"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// viewMoved says how a saved plan differs from one that would be made now.
func viewMoved(p *text.Page, saved *plan.Saved, m *plan.Moved, o PlanOptions) {
	p.Para(0, ink("The world moved since this plan was made: make a new plan.", text.Bold))
	p.Flow(0, 3, plain(orWords(saved.Connection, "unnamed connection")), plain(methodName(saved.Method)), plain("made for "+text.Date(saved.At)+" UTC"))
	var table [][]text.Cell
	for _, side := range []struct {
		name, same string
		moved      bool
	}{{"Entra", "as it was", m.Source}, {"Atlassian", "as it was", m.Target}, {"the rules", "as they were", m.Rules}} {
		state := ink(side.same, text.Good)
		if side.moved {
			state = ink("not "+side.same, text.Bad)
		}
		table = append(table, []text.Cell{plain(side.name), state})
	}
	p.Table(2, 2, table)
	l := lister{p: p, out: &outline{}, full: o.Full}
	if len(m.Gone)+len(m.New)+len(m.Changed) == 0 {
		p.Blank()
		p.Para(0, plain("What is to be done is still the same, step by step."))
	}
	l.steps(m.Gone, "step is no longer to be done", "steps are no longer to be done")
	l.steps(m.New, "step is new", "steps are new")
	l.changed(m.Changed)
	other := PlanOptions{Globals: o.Globals, Method: saved.Method}
	if saved.Only != nil && saved.Only.User != nil {
		other.User = saved.Only.User.Name
	}
	if saved.Only != nil && saved.Only.Group != nil {
		other.Group = saved.Only.Group.Name
	}
	next := [][2]string{{other.again("--out", o.Saved), "a new plan in its place"}}
	if l.out.cut {
		next = append(next, [2]string{o.again("--full"), "everything, line by line"})
	}
	viewCommands(p, section, next)
}

// steps lists steps of any kind.
func (l *lister) steps(all []plan.Step, one, many string) {
	if len(all) == 0 {
		return
	}
	l.p.Blank()
	l.p.Para(0, ink(text.Count(len(all), one, many), text.Bold))
	n := l.shown(len(all))
	lines := make([]line, n)
	for i := range lines {
		lines[i] = wholeLine(all[i])
	}
	l.table(lines, 2)
	l.rest(len(all) - n)
}

// wholeLine words a step whether or not something of it waits.
func wholeLine(s plan.Step) line {
	held := s.Held
	s.Held, s.Items = nil, slices.Clone(s.Items)
	for i := range s.Items {
		s.Items[i].Held = nil
	}
	l := lineOf(&s, "")
	if l.members == nil && s.Op != plan.Update {
		l.words[0] = verb(&s) + ": " + l.words[0]
	}
	if held != nil {
		l.words = append(l.words, "held: "+held.Code)
	}
	return l
}

// changed lists steps that are other than they were planned, each with what differs.
func (l *lister) changed(all []plan.Change) {
	if len(all) == 0 {
		return
	}
	l.p.Blank()
	l.p.Para(0, ink(text.Count(len(all), "step is not as planned", "steps are not as planned"), text.Bold))
	n := l.shown(len(all))
	lines := make([]line, n)
	for i := range lines {
		is := wholeLine(all[i].Is)
		lines[i] = line{sign: is.sign, what: is.what, words: l.difference(&all[i])}
	}
	l.table(lines, 2)
	l.rest(len(all) - n)
}

// difference words what became of a step.
func (l *lister) difference(c *plan.Change) []string {
	var out []string
	if c.Was.Subject.Target != c.Is.Subject.Target {
		out = append(out, "another record or group: "+orWords(c.Was.Subject.Target, "none")+", now "+orWords(c.Is.Subject.Target, "none"))
	}
	values := func(f plan.Field) string { return shownValue(f.Old) + " → " + shownValue(f.New) }
	for _, f := range c.Was.Fields {
		i := slices.IndexFunc(c.Is.Fields, func(g plan.Field) bool { return g.Path == f.Path })
		switch {
		case i < 0:
			out = append(out, fieldName(f.Path)+": no longer "+values(f))
		case !f.Equal(c.Is.Fields[i]):
			out = append(out, fieldName(f.Path)+": "+values(f)+", now "+values(c.Is.Fields[i]))
		}
	}
	for _, f := range c.Is.Fields {
		if !slices.ContainsFunc(c.Was.Fields, func(g plan.Field) bool { return g.Path == f.Path }) {
			out = append(out, fieldName(f.Path)+": now also "+values(f))
		}
	}
	if names := without(c.Is.Items, c.Was.Items); len(names) > 0 {
		out = append(out, "now also "+l.members(names))
	}
	if names := without(c.Was.Items, c.Is.Items); len(names) > 0 {
		out = append(out, "no longer "+l.members(names))
	}
	if was, is := heldWords(c.Was), heldWords(c.Is); was != is {
		out = append(out, was+", now "+is)
	}
	if len(out) == 0 {
		out = []string{"other records of the same people"}
	}
	return out
}

// without names the items of a list that are not in another.
func without(all, other []plan.Item) []string {
	there := make(map[string]bool, len(other))
	for _, i := range other {
		there[i.ID] = true
	}
	var names []string
	for _, i := range all {
		if !there[i.ID] {
			names = append(names, i.Name)
		}
	}
	slices.Sort(names)
	return names
}

func heldWords(s plan.Step) string {
	switch n := heldCount(&s); {
	case s.Held != nil:
		return "held (" + s.Held.Code + ")"
	case n > 0:
		return text.Number(n) + " held"
	}
	return "not held"
}
