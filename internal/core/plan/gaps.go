package plan

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// gap notes what was not told, once.
func (p *planner) gap(text string) {
	if text != "" && !p.told[text] {
		p.told[text] = true
		p.Gaps = append(p.Gaps, text)
	}
}

// noteGaps gathers what the input says was not told, and what a filter could not decide.
func (p *planner) noteGaps() {
	s := p.in.Source
	for _, text := range []string{
		p.sel.UnsettledUsers, p.sel.UnsettledGroups, s.Gaps.Users, p.have.Gaps.Users, p.have.Gaps.Groups, p.in.RulesGap, p.in.Target.LocalGap,
	} {
		p.gap(text)
	}
	if len(p.in.Rules.Policies) > 0 {
		p.gap(p.in.Target.PolicyGap)
	}
	for g := range uint32(s.Groups.Len()) {
		if why := p.sel.Incomplete[g]; why != "" {
			p.gap(s.Groups.Text(g, 1) + ": " + why)
		}
	}
	if p.in.Rules.Scope.UserFilter == nil {
		return
	}
	n, first, undecided := 0, "", p.explainer()
	for u, standing := range p.sel.Users {
		if standing != scope.NotSettled {
			continue
		}
		if why := undecided(uint32(u)); why != "" {
			if n++; n == 1 {
				first = why
			}
		}
	}
	if n > 0 {
		p.gap(fmt.Sprintf("the scoping filter could not be evaluated for %d users; %s", n, first))
	}
}

// explainer says of a user which clause of the scoping filter could not be evaluated, and why; "" where all could.
func (p *Plan) explainer() func(u uint32) string {
	explain := p.in.Rules.Scope.Explain(p.in.Source)
	return func(u uint32) string {
		r := explain(u)
		if r.Outcome != scope.Unknown {
			return ""
		}
		for _, clause := range r.Unknowns() {
			return clause.Text + ": " + clause.Reason
		}
		return "a scoping filter could not be evaluated"
	}
}

// noteRules notes what the rules name and nothing is, and what could not be computed. A name that is mistyped must not
// look like an empty group.
func (p *planner) noteRules() {
	s := p.in.Source
	for _, f := range p.want.Failed {
		p.Notes = append(p.Notes, fmt.Sprintf("%s is left alone for %d users: it could not be computed; for %s: %s", f.Target, f.Users, s.Users.Text(f.First, 1), f.Text))
	}
	if s.Gaps.Groups != "" {
		return
	}
	var patterns []string
	for _, g := range p.in.Rules.Scope.Groups {
		patterns = append(append(patterns, g.Name), g.Exclude...)
	}
	for _, rule := range p.in.Rules.Policies {
		patterns = append(patterns, rule.Group)
	}
	fits := make([]bool, len(patterns))
	for g := range uint32(s.Groups.Len()) {
		if !slices.Contains(fits, false) {
			break
		}
		name := s.Groups.Text(g, 1)
		for i, pattern := range patterns {
			literal := i >= len(patterns)-len(p.in.Rules.Policies)
			fits[i] = fits[i] || literal && document.Fold(pattern) == document.Fold(name) || !literal && scope.Like(pattern, name)
		}
	}
	for i, pattern := range patterns {
		if !fits[i] && pattern != "*" {
			p.Notes = append(p.Notes, fmt.Sprintf("the rules name a group %q, and no group of Entra is called that", pattern))
		}
	}
}
