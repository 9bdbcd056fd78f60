package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// whyMember follows a person in a group: the person's own way, and of the memberships this one only.
func (t *Tracer) whyMember(c candidate, found bool, g candidate, groupFound bool, groupName string) Trace {
	subject := c.subject
	subject.Kind, subject.Group = "membership", groupName
	if groupFound {
		subject.Group = g.subject.Name
	}
	q := &inquiry{Tracer: t, p: t.personOf(c), subject: subject, asked: orElse(c.subject.Display, c.subject.Name)}
	if !found || c.isGroup() || !groupFound || g.group < 0 {
		q.subjectMissing(found)
		return q.trace()
	}
	only := uint32(g.group)
	q.only = &only
	q.person()
	if q.p.user != nil && !slices.ContainsFunc(q.r.ways, func(w way) bool { return w.group == only }) && !q.proved(noGroup, cause.SourceDisabled, cause.NotAssigned, cause.GroupNotSelected) {
		q.notExpected(only)
	}
	return q.trace()
}

// subjectMissing judges a membership of which the person or the group is not there.
func (q *inquiry) subjectMissing(found bool) {
	if !found {
		q.source()
		return
	}
	if !q.w.Has(document.Groups) {
		q.unknownHop(cause.HopSource, document.Groups, "Entra's groups were not read")
		return
	}
	q.fail(cause.NotInSource, Missing, noGroup, "no group of that name in Entra", fmt.Sprintf("There is no group %s in Entra.", q.subject.Group), nil,
		seen(document.Groups, "no group named %s", q.subject.Group))
	q.found[len(q.found)-1].fix = []string{"Check the spelling of the group: `--group` takes its display name or its object id"}
}

// notExpected names why the source does not give the membership.
func (q *inquiry) notExpected(g uint32) {
	name := q.w.Groups[g].DisplayName
	q.walk.Up(q.p.ord)
	if q.walk.Reached(g) {
		chain := q.walk.Chain(g)
		q.groupOutOfScope(g, q.chain(chain, q.first())[len(q.application()):])
		return
	}
	before := len(q.found)
	q.sourceSide(int32(g))
	if len(q.found) > before {
		return // what keeps the user out is named
	}
	if q.stillIn(g, fmt.Sprintf("%s is not in %s in Entra", q.name(), name)) {
		return
	}
	if doc := &q.w.Groups[g]; !doc.Members.Known || doc.MissingGroups > 0 {
		q.mark(cause.HopAssignment, NotKnown, "members of "+name+" were not all told", Evidence{q.w.Call(document.Groups), "members of " + name})
		return
	}
	if !q.w.Has(document.DirectoryAudits) {
		q.alternatives = append(q.alternatives, Alternative{cause.MembershipNotActive, "an eligible or expired membership: " + q.tell(document.DirectoryAudits)})
	}
	q.fail(cause.NotInSource, Missing, int32(g), "not in "+name+" in Entra", fmt.Sprintf("%s is not in %s in Entra, directly or through any nesting.", q.name(), name), values{"group": name},
		seen(document.Groups, "%s has %s, not %s", name, plural(q.w.Groups[g].Count, "member"), q.first()))
	q.found[len(q.found)-1].fix = []string{fmt.Sprintf("Add %s to the group: Entra admin center › Groups › %s › Members › Add members", q.subject.Name, name)}
}

// stillIn proves that a membership which the source does not give is there at the target all the same.
func (q *inquiry) stillIn(g uint32, why string) bool {
	s := q.groupOf(g)
	if s.scim < 0 {
		return false
	}
	for _, r := range q.p.records {
		if _, in := slices.BinarySearch(q.w.ScimGroups[s.scim].Members, r); in {
			q.awaits(change{verdict: Extra, group: int32(g), kind: plan.KindGroup, id: q.w.Groups[g].ID, member: q.planID(), what: q.name() + "'s membership of " + s.name})
			q.fail(cause.NotDeprovisioned, Extra, int32(g), "still in "+s.called()+" at Atlassian", why+", but still a member at Atlassian.", values{"group": s.name},
				seen(document.ScimGroups, "%s has record %s", s.at, q.w.ScimUsers[r].ID))
			return true
		}
	}
	return false
}

// groupOutOfScope judges a group that is not assigned (not selected): inside an assigned one, or not at all.
func (q *inquiry) groupOutOfScope(g uint32, way string) {
	name := q.w.Groups[g].DisplayName
	for _, up := range q.walk.UpFrom(g) {
		if !q.scoped[up] {
			continue
		}
		outer := q.w.Groups[up].DisplayName
		chain := append(q.walk.Chain(up), g)
		if q.entra() {
			q.fail(cause.NestedGroup, Missing, int32(g), q.chain(chain, ""), fmt.Sprintf("%s is not synced: it is only inside %s, and Entra reads direct members only.", name, outer), values{"group": outer, "nested": name},
				seen(document.Groups, "%s contains the group %s", q.w.Groups[chain[len(chain)-2]].DisplayName, name), seen(document.AppRoleAssignments, "%s is assigned, %s is not", outer, name))
			return
		}
		q.mark(cause.HopAssignment, Pass, "inside "+outer+", into which its members are flattened", seen(document.Groups, "%s is inside %s", name, outer))
		return
	}
	if q.subject.Kind == "membership" && q.scopeKnown && q.stillIn(g, fmt.Sprintf("%s is not in scope", name)) {
		return
	}
	c, word := cause.NotAssigned, "assigned to "+q.application()
	if q.guard() {
		c, word = cause.GroupNotSelected, "selected for Guard's connector"
	}
	if q.own != nil && !q.own.rules.Scope.Assigned {
		c, word = cause.GroupNotSelected, "among the groups that rollcall's rules name"
	}
	if q.own != nil && q.own.standing[g] == scope.Excluded {
		q.fail(cause.GroupNotSelected, Missing, int32(g), name+" is excluded by the rules", fmt.Sprintf("%s is excluded by rollcall's rules.", name), values{"group": name},
			seen(document.OwnRulesFile, "scope.groups: exclude fits %s", name))
		q.ownSelection()
		return
	}
	if !q.scopeKnown {
		q.unknownHop(cause.HopAssignment, q.scopeFile(), "what is assigned was not read")
		return
	}
	q.fail(c, Missing, int32(g), name+" is not "+word, fmt.Sprintf("%s is not %s.", name, word), values{"group": name}, seen(q.scopeFile(), "no entry for %s%s", name, way))
}

// whyGroup follows a group.
func (t *Tracer) whyGroup(c candidate) Trace {
	q := &inquiry{Tracer: t, subject: c.subject, asked: orElse(c.subject.Display, c.subject.Name)}
	if c.group < 0 {
		if !t.w.Has(document.Groups) {
			q.unknownHop(cause.HopSource, document.Groups, "Entra's groups were not read")
			return q.trace()
		}
		if !t.w.Has(document.ScimGroups) && !t.guard() {
			q.unknownHop(cause.HopSource, document.ScimGroups, "no group of that name in Entra; whose it is, the Guard directory would tell")
			return q.trace()
		}
		for _, g := range t.w.ScimGroupsByName(c.subject.Name) {
			if sg := &t.w.ScimGroups[g]; sg.ExternalID != "" {
				q.mark(cause.HopSource, Fail, "not in Entra", seen(document.Groups, "no group with id %s", sg.ExternalID))
				q.fail(cause.OrphanedRecord, Extra, noGroup, "the group is synced, its externalId is nobody's", fmt.Sprintf("The group %s is still synced at Atlassian but is no longer in Entra.", sg.DisplayName),
					values{"record": sg.ID, "group": sg.DisplayName}, seen(document.ScimGroups, "group %s, externalId %s, %s", sg.ID, sg.ExternalID, plural(sg.Count, "member")))
				return q.trace()
			}
		}
		q.fail(cause.NotInSource, Missing, noGroup, "not in Entra", fmt.Sprintf("The group %s is known at Atlassian only, not in Entra.", c.subject.Name), nil, seen(document.Groups, "no group named %s", c.subject.Name))
		return q.trace()
	}
	g := uint32(c.group)
	doc := &t.w.Groups[g]
	q.mark(cause.HopSource, Pass, fmt.Sprintf("a group of %s", plural(doc.Count, "direct member")), seen(document.Groups, "%s: %s", doc.DisplayName, plural(doc.Count, "direct member")))
	if !t.scoped[g] {
		q.groupOutOfScope(g, "")
		return q.trace()
	}
	q.groupScope(g)
	s := t.groupOf(g)
	for _, f := range s.found {
		q.found = append(q.found, f)
		if slices.Contains(s.stands, f) {
			q.mark(f.hop, Fail, hopWords(f), f.evidence...)
			q.setCause(f.hop, f.code)
		}
	}
	switch {
	case s.scim >= 0:
		q.mark(cause.HopDirectory, Pass, "there as "+s.at, seen(document.ScimGroups, "group %s: %s", t.w.ScimGroups[s.scim].ID, plural(t.w.ScimGroups[s.scim].Count, "member")))
	case !s.known:
		f := document.ScimGroups
		if t.guard() {
			f = document.OrgGroups
		}
		q.unknownHop(cause.HopDirectory, f, s.how)
	case len(s.found) > 0:
		q.mark(cause.HopDirectory, Fail, "not at Atlassian", s.found[len(s.found)-1].evidence...)
	}
	q.groupMembers(g, s)
	q.groupProducts(s)
	return q.trace()
}

// groupScope judges hops 2 and 3 of a group in scope.
func (q *inquiry) groupScope(g uint32) {
	doc := &q.w.Groups[g]
	switch {
	case document.Is(doc.SecurityEnabled, false) && q.entra():
		q.insecure(way{group: g, direct: true, chain: []uint32{g}}, noGroup)
	default:
		q.mark(cause.HopAssignment, Pass, q.application()+" ← "+doc.DisplayName, seen(q.scopeFile(), "%s is in scope", doc.DisplayName))
	}
	if res := q.groupFilter.Evaluate(doc.Attribute); q.rules.Known && len(res.Groups) > 0 && res.Outcome == scope.Pass {
		q.mark(cause.HopScope, Pass, "the scoping filter lets the group through", q.clausesSeen(res)...)
	}
}

// groupMembers counts the people whom the source gives and who are not in the group at Atlassian, by cause.
func (q *inquiry) groupMembers(g uint32, s *groupState) {
	if q.w.Focused() || s.lost || !q.entitledGroup(g) {
		return
	}
	people := document.ScimUsers
	if q.guard() {
		people = document.OrgUsers
	}
	if !q.w.Has(people) {
		q.unknownHop(cause.HopGroup, people, "who is missing from it was not read")
		return
	}
	counts, all, absent, inside := map[cause.Code]int{}, 0, 0, 0
	sample := map[cause.Code]*finding{}
	for _, u := range q.walk.Down(g) {
		if document.Is(q.w.Users[u].AccountEnabled, false) {
			continue
		}
		all++
		m := &inquiry{Tracer: q.Tracer, p: q.resolve(&q.w.Users[u], u, false), subject: q.userCandidate(u).subject}
		m.only, m.quiet = &g, true
		m.person()
		r := decide(m.found)
		if r.main != nil && (r.main.verdict == Missing || r.main.group == int32(g) && r.main.verdict != Present) {
			absent++
			if r.main.verdict != Missing {
				inside++
			}
			counts[r.main.code]++
			if sample[r.main.code] == nil {
				sample[r.main.code] = r.main
			}
		}
	}
	if absent == 0 {
		q.mark(cause.HopGroup, Pass, fmt.Sprintf("%s, all there as far as could be seen", plural(all, "expected member")))
		return
	}
	var codes []cause.Code
	for c := range counts {
		codes = append(codes, c)
	}
	slices.SortFunc(codes, func(a, b cause.Code) int { return cmp.Or(counts[b]-counts[a], strings.Compare(string(a), string(b))) })
	var words []string
	for _, c := range codes {
		words = append(words, fmt.Sprintf("%d %s", counts[c], c))
	}
	lack, lacks := "are not in it", "are not in "+s.name+" at Atlassian"
	if inside > 0 {
		lack, lacks = "do not have what it gives", "do not have what "+s.name+" gives"
	}
	summary := fmt.Sprintf("%d of %s %s: %s", absent, plural(all, "expected member"), lack, strings.Join(words, ", "))
	q.mark(cause.HopGroup, Fail, summary)
	for i, c := range codes {
		f := *sample[c]
		f.summary = fmt.Sprintf("%d of %s %s: %s.", absent, plural(all, "expected member"), lacks, strings.Join(words, ", "))
		f.group = int32(i) // independent of one another: each is about other people
		q.found = append(q.found, &f)
	}
}
