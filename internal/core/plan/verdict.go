package plan

import (
	"iter"

	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Judgement is what the plan says of one subject, whether or not anything is to be done.
type Judgement struct {
	Subject Subject `json:"subject"`
	Verdict Verdict `json:"verdict"`
	Reason  string  `json:"reason"`
	Text    string  `json:"text"`
}

// Verdicts are the judgements of users, then groups, then memberships. Of all only those are given that are not as
// they should be, unless all is set: those that are present and stay, and those that are rightly absent, are most of a
// directory.
func (p *Plan) Verdicts(all bool) iter.Seq[Judgement] {
	return func(yield func(Judgement) bool) {
		t := p.teller()
		t.judgements(all, yield)
	}
}

func (t *teller) judgements(all bool, yield func(Judgement) bool) {
	for u, r := range t.userReason {
		verdict := t.userVerdict(uint32(u), r)
		if !all && (verdict == Present || verdict == Absent) {
			continue
		}
		if !yield(Judgement{t.user(uint32(u)), verdict, r.String(), t.text(subject{kindUser, uint32(u)}, r)}) {
			return
		}
	}
	for h, r := range t.recordReason {
		verdict := r.Verdict()
		if t.users.Wanted[h] != match.None || r == NoReason {
			continue
		}
		switch {
		case verdict == Extra && !t.have.Active[h]:
			verdict = Absent
		case verdict == Missing: // what is said of a user that is not there; the record is
			verdict = Wrong
		}
		if (all || verdict != Absent) && !yield(Judgement{t.record(uint32(h)), verdict, r.String(), r.Text()}) {
			return
		}
	}
	for g, r := range t.groupReason {
		verdict := t.groupVerdict(uint32(g), r)
		if !all && (verdict == Present || verdict == Absent) {
			continue
		}
		if !yield(Judgement{t.group(uint32(g)), verdict, r.String(), t.text(subject{kindGroup, uint32(g)}, r)}) {
			return
		}
	}
	for h, r := range t.thereReason {
		verdict := r.Verdict()
		if verdict == Missing {
			verdict = Wrong
		}
		if t.groups.Wanted[h] == match.None && r != NoReason && !yield(Judgement{t.there(uint32(h)), verdict, r.String(), r.Text()}) {
			return
		}
	}
	for _, m := range t.memberships {
		if !yield(t.membership(m)) {
			return
		}
	}
}

// userVerdict is how a user stands: somebody who should not be there and is not, or is inactive, is rightly absent.
func (p *Plan) userVerdict(u uint32, r Reason) Verdict {
	h := p.users.Present[u]
	if r.Verdict() == Extra && (h == match.None || !p.in.Target.State.Active[h]) {
		return Absent
	}
	if r.Verdict() == Missing && h != match.None {
		return Wrong
	}
	return r.Verdict()
}

func (p *Plan) groupVerdict(g uint32, r Reason) Verdict {
	h := p.groups.Present[g]
	switch {
	case r.Verdict() == Extra && h == match.None:
		return Absent
	case r.Verdict() == Missing && h != match.None:
		return Wrong
	case r.Verdict() == Wrong && h == match.None:
		return Missing
	case r == NotSettled && h == match.None && p.sel.UnsettledGroups == "":
		return Absent
	}
	return r.Verdict()
}

func (t *teller) text(of subject, r Reason) string {
	if note := t.notes[of]; note != "" {
		return r.Text() + ": " + note
	}
	if r == NotSettled && of.kind == kindUser {
		return sentence(r.Text(), t.unsettled(of.at))
	}
	return r.Text()
}

// unsettled says why it is not known whether a user is in scope.
func (t *teller) unsettled(u uint32) string {
	if t.sel.Users[u] == scope.NotSettled {
		if why := t.undecided(u); why != "" {
			return why
		}
	}
	return t.sel.UnsettledUsers
}

func (t *teller) membership(m membership) Judgement {
	j := Judgement{Verdict: m.reason.Verdict(), Reason: m.reason.String(), Text: m.reason.Text()}
	switch {
	case m.group&policyBit != 0:
		j.Subject = t.user(m.user)
		j.Subject.Kind, j.Subject.Group = KindPolicy, t.policyGroups(m.group&^policyBit)
		return j
	case m.there:
		j.Subject = t.record(m.user)
	default:
		j.Subject = t.user(m.user)
		j.Text += ": " + t.userReason[m.user].Text()
	}
	j.Subject.Kind, j.Subject.Group = "membership", t.group(m.group).Name
	return j
}
