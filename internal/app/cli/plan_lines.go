package cli

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// lineOf words a step. code is what is held for; "" words what waits for nobody.
func lineOf(s *plan.Step, code string) line {
	l := line{what: nameOf(&s.Subject), id: s.Subject.ID, count: 1}
	if s.Op == plan.AddMembers || s.Op == plan.RemoveMembers {
		return membersLine(s, code, l)
	}
	switch s.Op {
	case plan.Create:
		l.sign, l.words = "+", []string{led(s)}
	case plan.Adopt:
		l.sign, l.words = "~", []string{s.Why}
	case plan.Update:
		l.sign = "~"
		for _, f := range s.Fields {
			l.words = append(l.words, fieldName(f.Path)+": "+shownValue(f.Old)+" → "+shownValue(f.New))
		}
	case plan.Reactivate:
		l.sign, l.words = "+", []string{s.Why}
	case plan.Deactivate, plan.Delete:
		l.sign, l.words = "−", []string{s.Why}
	case plan.AddMembers, plan.RemoveMembers:
	}
	if code != "" && s.Op != plan.Update { // among others, what is to be done must be said
		l.words[0] = verb(s) + ": " + l.words[0]
	}
	if c := s.Conflict; c != nil {
		l.words = append(l.words, conflict(c))
	}
	return l
}

// verb is what is to be done with a user or group.
func verb(s *plan.Step) string {
	switch s.Op {
	case plan.Adopt:
		if s.Kind == plan.KindUser {
			return "adopt the record"
		}
		return "adopt the group"
	case plan.Create:
		return "create the " + s.Kind
	case plan.Delete:
		return "delete the " + s.Kind
	case plan.Update, plan.Deactivate, plan.Reactivate, plan.AddMembers, plan.RemoveMembers:
	}
	return string(s.Op)
}

func membersLine(s *plan.Step, code string, l line) line {
	l.sign, l.count = "+", 0
	switch {
	case s.Op == plan.RemoveMembers:
		l.sign = "−"
	case s.Kind == plan.KindPolicy:
		l.sign, l.what = "~", "policy of "+nameOf(&s.Subject)
	}
	l.members = itemNames(s.Items, func(i *plan.Item) bool {
		held := s.Held
		if held == nil {
			held = i.Held
		}
		return (held == nil) == (code == "") && (held == nil || held.Code == code)
	})
	l.count = len(l.members)
	return l
}

// led is what brings somebody in; that they are not there the heading says.
func led(s *plan.Step) string {
	if s.Reason != plan.InScope.String() {
		return clipWay(s.Why)
	}
	switch why := strings.TrimPrefix(strings.TrimPrefix(s.Why, plan.InScope.Text()), "; "); why {
	case "assigned":
		return "assigned to the application"
	default:
		return clipWay(why)
	}
}

// conflict is what taking over a group of the organization would do.
func conflict(c *plan.Conflict) string {
	if !c.Told {
		return "who is in that group was not told, so nobody can say who would leave it"
	}
	names := make([]string, len(c.Removes))
	for i := range names {
		names[i] = short(c.Removes[i])
	}
	words := text.Number(c.Adds) + " would join it, "
	if len(c.Removes) == 0 {
		return words + "nobody would leave"
	}
	return words + text.Number(len(c.Removes)) + " would leave: " + listed(names, few)
}

// listed names the first few.
func listed(names []string, most int) string {
	if len(names) <= most+1 {
		return strings.Join(names, ", ")
	}
	return strings.Join(names[:most], ", ") + " and " + text.Number(len(names)-most) + " more"
}

// fieldName is a target attribute in short: department for urn:…:User:department.
func fieldName(path string) string {
	if i := strings.LastIndex(path, ":User:"); i >= 0 && strings.HasPrefix(path, "urn:") {
		return path[i+len(":User:"):]
	}
	name, rest, ok := strings.Cut(path, `[type eq "`)
	if kind, value, more := strings.Cut(rest, `"].`); ok && more && value == "value" {
		return kind + " " + strings.TrimSuffix(name, "s")
	}
	return path
}

// shownValue is a value between an arrow: nothing is said as such.
func shownValue(v document.AttributeValue) string {
	const most = 60
	s := v.Text
	if v.Multi() {
		s = strings.Join(v.Values, ", ")
	}
	switch r := []rune(s); {
	case !v.Known || v.Null, s == "":
		return "nothing"
	case len(r) > most:
		return string(r[:most]) + "…"
	case strings.TrimSpace(s) != s:
		return fmt.Sprintf("%q", s)
	}
	return s
}
