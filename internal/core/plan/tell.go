package plan

import (
	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// teller turns ordinals back into names and ids. It is for one goroutine.
type teller struct {
	*Plan
	walk      *directory.Walker
	ways      *scope.Ways
	have      *directory.State
	upn       int
	undecided func(u uint32) string // see Plan.explainer
	username  int
}

func (p *Plan) teller() *teller {
	t := &teller{Plan: p, walk: p.in.Source.Graph.Walk(), ways: p.sel.Ways(p.in.Source, &p.in.Rules.Scope), undecided: p.explainer(), have: p.in.Target.State, upn: p.in.Source.Users.Column("userPrincipalName"), username: -1}
	for i, c := range p.want.Columns {
		if c.Key == "username" {
			t.username = i + 1
		}
	}
	return t
}

// user is a user of the source as a subject, with the record if there is one.
func (t *teller) user(u uint32) Subject {
	s := Subject{Kind: KindUser, ID: t.in.Source.Users.Text(u, 0), Name: t.in.Source.Users.Text(u, t.upn)}
	if s.Name == "" {
		s.Name = s.ID
	}
	if h := t.users.Present[u]; h != match.None {
		s.Target = t.have.Users.Text(h, 0)
	}
	return s
}

// record is a record of the target; the id is the source's where a link tells it.
func (t *teller) record(h uint32) Subject {
	if u := t.users.Wanted[h]; u != match.None {
		return t.user(u)
	}
	s := Subject{Kind: KindUser, ID: t.in.Target.Users.Source[h], Target: t.have.Users.Text(h, 0)}
	if t.username > 0 {
		s.Name = t.have.Users.Text(h, t.username)
	}
	if s.ID == "" {
		s.ID = s.Target
	}
	if s.Name == "" {
		s.Name = s.ID
	}
	return s
}

func (t *teller) group(g uint32) Subject {
	s := Subject{Kind: KindGroup, ID: t.in.Source.Groups.Text(g, 0), Name: t.want.State.Groups.Text(g, directory.GroupName)}
	if s.Name == "" {
		s.Name = t.in.Source.Groups.Text(g, 1)
	}
	if h := t.groups.Present[g]; h != match.None {
		s.Target = t.have.Groups.Text(h, 0)
	}
	return s
}

func (t *teller) there(h uint32) Subject {
	s := Subject{Kind: KindGroup, ID: t.in.Target.Groups.Source[h], Name: t.have.Groups.Text(h, directory.GroupName), Target: t.have.Groups.Text(h, 0)}
	if s.ID == "" {
		s.ID = s.Target
	}
	return s
}

func (t *teller) subject(s *step) Subject {
	switch {
	case s.kind == kindPolicy:
		return Subject{Kind: KindPolicy, ID: t.in.Rules.Policies[s.source].ID, Name: t.policyGroups(s.source)}
	case s.kind == kindUser && s.source == none:
		return t.record(s.target)
	case s.kind == kindUser:
		out := t.user(s.source)
		if s.target != none {
			out.Target = t.have.Users.Text(s.target, 0)
		}
		return out
	case s.source == none:
		return t.there(s.target)
	}
	out := t.group(s.source)
	switch {
	case s.target != none:
		out.Target = t.have.Groups.Text(s.target, 0)
	case s.op == opCreate || s.kind == kindFill:
		out.Target = ""
	}
	if s.target != none { // also where the group was renamed since
		out.Name = t.have.Groups.Text(s.target, directory.GroupName)
	}
	return out
}
