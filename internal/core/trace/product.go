package trace

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// propagated judges whether a membership of the directory has reached the organization and the sites.
func (q *inquiry) propagated(wy way, s *groupState) {
	if q.p.account == "" || s.lost {
		return
	}
	g := int32(wy.group)
	in, out := q.whereIn(s.at)
	if len(out) == 0 {
		if len(in) > 0 {
			q.pass(cause.HopProduct, func() (string, []Evidence) { return "in " + s.at + " at Atlassian", in })
		}
		if len(in) == 0 && q.w.Has(document.OrgGroups) && len(s.org) == 0 && s.scim >= 0 {
			out = []Evidence{seen(document.OrgGroups, "no group %s in the organization", s.at)}
		} else {
			return
		}
	}
	if len(s.org) > 0 && !slices.ContainsFunc(s.org, func(i uint32) bool { return !document.Is(q.w.OrgGroups[i].ExternalSynced, false) }) {
		return // the local group of that name is the trouble, and groupReaches names it
	}
	q.mark(cause.HopProduct, Fail, "not in "+s.at+" at Atlassian", out...)
	q.noSeat(g, s)
	if !q.everySite(document.ApplicationRoles) {
		q.maybe(g, document.ApplicationRoles, cause.SeatLimit, cause.DefaultAccessGroup)
	}
	if !q.w.Has(document.OrgUsers) {
		q.maybe(noGroup, document.OrgUsers, cause.AccountDeactivated, cause.SiteAccessSuspended)
	}
	if contains(builtIn, s.at) && !q.everySite(document.JiraGroups) {
		q.maybe(g, document.JiraGroups, cause.BuiltInGroup)
	}
	if !q.w.Has(document.OrgGroups) {
		q.maybe(g, document.OrgGroups, cause.DefaultAccessGroup, cause.BuiltInGroup, cause.GroupNameConflict)
	}
	changed := q.membershipChanged(s)
	age := q.now().Sub(changed)
	if !changed.IsZero() && age < q.w.Limits.Propagation {
		q.prove(cause.PropagationLag, Wrong, g, fmt.Sprintf("%s is in %s in the Guard directory; the sites do not have it yet (%s).", q.name(), s.at, span(age)), values{"group": s.at, "when": moment(changed)},
			append(out, seen(document.ScimGroups, "%s was last modified %s", s.at, moment(changed)))...)
		q.setCause(cause.HopProduct, cause.PropagationLag)
		return
	}
	q.prove(cause.PropagationStuck, Wrong, g, fmt.Sprintf("%s is in %s in the Guard directory, but Atlassian never passed it on.", q.name(), s.at), values{"group": s.at},
		append(out, seen(document.ScimGroups, "%s has the record; last modified %s", s.at, moment(changed)))...)
	q.setCause(cause.HopProduct, cause.PropagationStuck)
}

// everySite tells whether a document was read of every site of the connection: one site that was not read can hide
// a default group or a product without seats.
func (t *Tracer) everySite(base document.File) bool {
	read := 0
	for i := range t.w.Sites {
		if !t.w.HasSite(base, t.w.Sites[i].Host) {
			return false
		}
		read++
	}
	return read > 0 && read >= len(t.w.Bundle.Connection.Sites)
}

// stands tells whether a group is at Atlassian as a synced group, so that what it grants matters.
func (t *Tracer) stands(s *groupState) bool {
	if s.lost {
		return false
	}
	return s.scim >= 0 || slices.ContainsFunc(s.org, func(i uint32) bool { return !document.Is(t.w.OrgGroups[i].ExternalSynced, false) })
}

// membershipChanged is when the membership was last touched at the directory: the later of group and record.
func (q *inquiry) membershipChanged(s *groupState) time.Time {
	var last time.Time
	if s.scim >= 0 {
		last = q.w.ScimGroups[s.scim].Meta.LastModified.Time
	}
	if rec := q.record(); rec != nil && rec.Meta.Created.After(last) {
		last = rec.Meta.Created.Time
	}
	return last
}

// noSeat proves that a product of the group has no seat left.
func (q *inquiry) noSeat(g int32, s *groupState) {
	for i := range q.w.Sites {
		site := &q.w.Sites[i]
		for _, r := range site.Roles {
			if !contains(roleGroups(r), s.at) || r.HasUnlimitedSeats || !document.Is(r.RemainingSeats, 0) {
				continue
			}
			if members := site.Groups[s.at]; members != nil && members.Known && members.Has(q.p.account) {
				continue
			}
			q.fail(cause.SeatLimit, Wrong, g, "no seat left in "+orElse(r.Name, r.Key), fmt.Sprintf("%s has no seat left, so %s got no access through %s.", orElse(r.Name, r.Key), q.name(), s.at), values{"group": s.at, "product": orElse(r.Name, r.Key)},
				seen(document.ForSite(document.ApplicationRoles, site.Host), "%s: remainingSeats 0 of %d", orElse(r.Name, r.Key), r.NumberOfSeats.Value))
			return
		}
	}
}

func roleGroups(r document.ApplicationRole) []string {
	names := append(slices.Clone(r.Groups), r.DefaultGroups...)
	for _, d := range r.GroupDetails {
		names = append(names, d.Name)
	}
	return names
}

// products judges hop 10: does a group grant the products that are expected, and has the person any?
func (q *inquiry) products(r reach) {
	if q.p.account == "" || !q.personThere() {
		return
	}
	expected := q.w.Bundle.Connection.ExpectedProducts
	for _, wy := range r.ways {
		s := q.groupOf(wy.group)
		for _, product := range expected[s.name] {
			granted, told, ev := q.grants(s.at, product)
			switch {
			case granted:
				q.mark(cause.HopProduct, Pass, s.at+" grants "+product, ev)
			case told && q.stands(s):
				q.fail(cause.ProductAccessNotGranted, Wrong, int32(wy.group), s.at+" does not grant "+product,
					fmt.Sprintf("%s does not grant %s, so its members have no access.", s.at, product), values{"group": s.at, "product": product}, ev)
			case !told:
				q.unknownHop(cause.HopProduct, document.ApplicationRoles, "what "+s.at+" grants was not read")
			}
		}
	}
	q.noProduct(r)
	q.mark(cause.HopProduct, Pass, "no product is expected that could not be seen")
}

// grants tells whether a group grants a product, on any site, and whether that could be seen.
func (q *inquiry) grants(group, product string) (granted, told bool, ev Evidence) {
	for i := range q.w.Sites {
		site := &q.w.Sites[i]
		if !q.w.HasSite(document.ApplicationRoles, site.Host) {
			continue
		}
		for _, r := range site.Roles {
			if !sameProduct(r.Key, product) {
				continue
			}
			told = true
			if contains(roleGroups(r), group) {
				return true, true, seen(document.ForSite(document.ApplicationRoles, site.Host), "%s: groups contains %s", orElse(r.Name, r.Key), group)
			}
			ev = seen(document.ForSite(document.ApplicationRoles, site.Host), "%s: groups does not contain %s", orElse(r.Name, r.Key), group)
		}
	}
	told = told && q.everySite(document.ApplicationRoles)
	for _, i := range q.w.OrgGroupsByName(group) {
		roles := q.w.OrgGroups[i].RoleAssignments
		if !roles.Known || roles.Null {
			continue
		}
		told = true
		for _, r := range roles.Value {
			if len(r.Roles) > 0 && (sameProduct(r.ResourceOwner, product) || strings.Contains(strings.ToLower(r.ResourceID), strings.ToLower(product))) {
				return true, true, seen(document.OrgGroups, "%s: %s on %s", group, strings.Join(r.Roles, ", "), orElse(r.ResourceOwner, r.ResourceID))
			}
		}
		if ev.Fact == "" {
			ev = seen(document.OrgGroups, "%s: no role on %s", group, product)
		}
	}
	return false, told, ev
}

// sameProduct compares product keys of the two APIs: jira-software, jira-servicedesk, confluence, …
func sameProduct(a, b string) bool {
	norm := func(s string) string {
		s = strings.NewReplacer("-", "", "_", "", ".", "", " ", "", "ondemand", "").Replace(strings.ToLower(s))
		if s == "jiraservicemanagement" {
			return "jiraservicedesk"
		}
		return s
	}
	return norm(a) == norm(b)
}

// noProduct proves that a person whose groups all arrived has no product at all.
func (q *inquiry) noProduct(r reach) {
	o := q.p.org
	if o == nil || !o.ProductAccess.Known || o.ProductAccess.Null || len(o.ProductAccess.Value) > 0 || len(r.ways) == 0 {
		return
	}
	var ev []Evidence
	for _, wy := range r.ways {
		s := q.groupOf(wy.group)
		granted, told, fact := q.grantsAny(s.at)
		if granted || !told || s.lost {
			return
		}
		ev = append(ev, fact)
	}
	for _, i := range q.localGroups() {
		if granted, _, _ := q.grantsAny(q.w.OrgGroups[i].Name); granted {
			return
		}
	}
	s := q.groupOf(r.ways[0].group)
	q.fail(cause.ProductAccessNotGranted, Wrong, noGroup, "no group grants a product",
		fmt.Sprintf("%s is synced, but none of the groups grants any product.", q.name()), values{"group": s.at, "product": "a product"},
		append(ev, seen(document.OrgUsers, "account %s: productAccess is empty", o.AccountID))...)
}

// localGroups are the groups of the organization that the account is in.
func (q *inquiry) localGroups() []int {
	var out []int
	ord, ok := q.w.Account(q.p.account)
	if !ok {
		return nil
	}
	for i := range q.w.OrgGroups {
		if _, in := slices.BinarySearch(q.w.OrgGroups[i].Members, ord); in {
			out = append(out, i)
		}
	}
	return out
}

// grantsAny tells whether a group grants any product.
func (q *inquiry) grantsAny(group string) (granted, told bool, ev Evidence) {
	for i := range q.w.Sites {
		site := &q.w.Sites[i]
		if !q.w.HasSite(document.ApplicationRoles, site.Host) {
			continue
		}
		told = true
		for _, r := range site.Roles {
			if contains(roleGroups(r), group) {
				return true, true, Evidence{}
			}
		}
		ev = seen(document.ForSite(document.ApplicationRoles, site.Host), "no product names %s", group)
	}
	told = told && q.everySite(document.ApplicationRoles)
	for _, i := range q.w.OrgGroupsByName(group) {
		roles := q.w.OrgGroups[i].RoleAssignments
		if !roles.Known || roles.Null {
			continue
		}
		told = true
		for _, r := range roles.Value {
			if len(r.Roles) > 0 {
				return true, true, Evidence{}
			}
		}
		ev = seen(document.OrgGroups, "%s: no role on any product", group)
	}
	return false, told, ev
}

// policy judges hop 9: is the account in the authentication policy that one of its groups should give it?
func (q *inquiry) policy(r reach) {
	expected := q.w.Bundle.Connection.ExpectedPolicies
	var wanted []string
	through := map[string]string{}
	for _, wy := range r.ways {
		name := q.w.Groups[wy.group].DisplayName
		if id := expected[name]; id != "" && !slices.Contains(wanted, id) {
			wanted = append(wanted, id)
			through[id] = name
		}
	}
	if len(wanted) == 0 || q.p.account == "" || !q.personThere() {
		return
	}
	have, ok := q.w.Policies[facts.Fold(q.p.account)]
	switch {
	case !q.w.Has(document.AuthPolicies) || !ok:
		q.unknownHop(cause.HopPolicy, document.AuthPolicies, "the authentication policy was not read")
	case slices.ContainsFunc(wanted, func(id string) bool { return same(id, have.PolicyID) }):
		q.mark(cause.HopPolicy, Pass, "in "+orElse(have.Name, have.PolicyID), seen(document.AuthPolicies, "account %s: %s", q.p.account, orElse(have.Name, have.PolicyID)))
	default:
		q.fail(cause.WrongAuthenticationPolicy, Wrong, noGroup, "in "+orElse(have.Name, have.PolicyID)+", expected "+wanted[0],
			fmt.Sprintf("%s is in the policy %q, expected %s through %s.", q.name(), orElse(have.Name, have.PolicyID), q.policyName(wanted[0]), through[wanted[0]]),
			values{"policy": q.policyName(wanted[0]), "group": through[wanted[0]], "other": orElse(have.Name, have.PolicyID), "account": q.p.account},
			seen(document.AuthPolicies, "account %s: policy %s (%s), expected %s", q.p.account, have.PolicyID, have.Name, wanted[0]))
	}
}

// policyName is the name of a policy, as any account in it tells.
func (t *Tracer) policyName(id string) string {
	if t.policyNames == nil {
		t.policyNames = map[string]string{}
		for _, p := range t.w.Policies {
			if p.Name != "" {
				t.policyNames[facts.Fold(p.PolicyID)] = p.Name
			}
		}
	}
	if n := t.policyNames[facts.Fold(id)]; n != "" {
		return fmt.Sprintf("%q", n)
	}
	return id
}
