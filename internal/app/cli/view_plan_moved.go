package cli

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// viewMoved says how a saved plan differs from one that would be made now.
func viewMoved(p *text.Page, saved *plan.Saved, m *plan.Moved, o PlanOptions) {
	l := lister{p: p, out: &outline{}, full: o.Full, altered: m.Altered}
	head := "The world moved since this plan was made: make a new plan."
	switch {
	case m.Altered:
		head = o.Saved + " is not what rollcall wrote: somebody changed it, or another version of rollcall wrote it. Make a new plan."
	case m.Rules:
		head = "The rules are not those that this plan was made with: it may be that nothing else moved, and nobody can tell."
	}
	p.Para(0, ink(head, text.Bold))
	p.Flow(0, 3, plain(orWords(saved.Connection, "unnamed connection")), plain(methodName(saved.Method)), plain("made for "+text.Date(saved.At)+" UTC"))
	switch {
	case m.Altered:
		p.Para(2, plain("Entra, Atlassian and the rules are as they were."))
	case m.Rules:
		p.Para(2, plain("The plan's rules: "+orWords(saved.Rules, "not said")+"."))
		p.Para(2, plain("Where a file holds them, name it with --config, and the connection with --connection."))
	default:
		sides(p, m)
	}
	if len(m.Gone)+len(m.New)+len(m.Changed) == 0 && !m.Altered {
		p.Blank()
		p.Para(0, plain("What is to be done is still the same, step by step."))
	}
	if m.Altered {
		l.steps(m.Gone, "step is in the file alone", "steps are in the file alone")
		l.steps(m.New, "step is missing from the file", "steps are missing from the file")
	} else {
		l.steps(m.Gone, "step is no longer to be done", "steps are no longer to be done")
		l.steps(m.New, "step is new", "steps are new")
	}
	l.changed(m.Changed)
	if len(m.Parts) > 0 {
		p.Blank()
		p.Para(0, ink("Also changed in the file: "+strings.Join(m.Parts, ", "), text.Bold))
	}
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

// sides says of each side whether it moved.
func sides(p *text.Page, m *plan.Moved) {
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
		lines[i] = line{sign: is.sign, what: is.what, id: is.id, words: l.difference(&all[i])}
	}
	l.table(lines, 2)
	l.rest(len(all) - n)
}

// difference words what became of a step; of an altered file, what it says and what was planned.
func (l *lister) difference(c *plan.Change) []string {
	now, only, also := "now ", "no longer ", "now also "
	if l.altered {
		now, only, also = "planned: ", "in the file alone: ", "missing from the file: "
	}
	var out []string
	differ := func(what, was, is string) {
		if was != is {
			out = append(out, what+orWords(was, "none")+", "+now+orWords(is, "none"))
		}
	}
	was, is := &c.Was, &c.Is
	differ("operation: ", string(was.Op), string(is.Op))
	differ("kind: ", was.Kind+" "+was.Subject.Kind, is.Kind+" "+is.Subject.Kind)
	differ("another subject: ", was.Subject.ID, is.Subject.ID)
	differ("named ", was.Subject.Name, is.Subject.Name)
	differ("another record or group: ", was.Subject.Target, is.Subject.Target)
	if l.altered {
		differ("reason: ", was.Reason, is.Reason)
		differ("needs: ", strings.Join(was.Needs, ", "), strings.Join(is.Needs, ", "))
	}
	values := func(f plan.Field) string { return shownValue(f.Old) + " → " + shownValue(f.New) }
	for _, f := range was.Fields {
		i := slices.IndexFunc(is.Fields, func(g plan.Field) bool { return g.Path == f.Path })
		switch {
		case i < 0:
			out = append(out, fieldName(f.Path)+": "+only+values(f))
		case !f.Equal(is.Fields[i]):
			out = append(out, fieldName(f.Path)+": "+values(f)+", "+now+values(is.Fields[i]))
		}
	}
	for _, f := range is.Fields {
		if !slices.ContainsFunc(was.Fields, func(g plan.Field) bool { return g.Path == f.Path }) {
			out = append(out, fieldName(f.Path)+": "+also+values(f))
		}
	}
	if names := without(is.Items, was.Items); len(names) > 0 {
		out = append(out, also+l.members(names))
	}
	if names := without(was.Items, is.Items); len(names) > 0 {
		out = append(out, only+l.members(names))
	}
	differ("", heldWords(*was), heldWords(*is))
	switch {
	case len(out) > 0:
	case l.altered:
		out = []string{"the names, needs or holds of its members, or their order"}
	default:
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
			names = append(names, named(i.Name, i.ID))
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
