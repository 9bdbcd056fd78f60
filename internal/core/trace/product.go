package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

// stands tells whether a group is at Atlassian as a synced group, so that what it grants matters.
func (t *Tracer) stands(s *groupState) bool {
	if s.lost {
		return false
	}
	return s.scim >= 0 || t.orgSynced(s)
}

// orgSynced tells whether a group of that name in the organization came from an identity provider, or may have.
func (t *Tracer) orgSynced(s *groupState) bool {
	return slices.ContainsFunc(s.org, func(i uint32) bool { return !document.Is(t.w.OrgGroups[i].ExternalSynced, false) })
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
				q.notGranted(s, int32(wy.group), product, ev)
			case !told:
				q.unknownHop(cause.HopProduct, document.ApplicationRoles, "what "+s.at+" grants was not read")
			}
		}
	}
	q.noProduct(r)
	q.mark(cause.HopProduct, Pass, "no product is expected that could not be seen")
}

// groupProducts judges the products that are expected of a group, for the group's own sake.
func (q *inquiry) groupProducts(s *groupState) {
	for _, product := range q.w.Bundle.Connection.ExpectedProducts[s.name] {
		if granted, told, ev := q.grants(s.at, product); told && !granted && q.stands(s) {
			q.notGranted(s, noGroup, product, ev)
		}
	}
}

func (q *inquiry) notGranted(s *groupState, group int32, product string, ev Evidence) {
	q.fail(cause.ProductAccessNotGranted, Wrong, group, s.at+" does not grant "+product,
		fmt.Sprintf("%s does not grant %s, so its members have no access.", s.at, product), values{"group": s.at, "product": product}, ev)
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
	if slices.ContainsFunc(q.found, func(f *finding) bool { return f.state == proven && (f.verdict == Missing || f.hop == cause.HopAccount) }) {
		return // what keeps the person out elsewhere keeps the product away as well
	}
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
	if q.p.org == nil {
		return nil
	}
	ord := q.p.orgAt
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
		for _, r := range site.Roles {
			if contains(roleGroups(r), group) {
				return true, true, Evidence{}
			}
		}
		ev = seen(document.ForSite(document.ApplicationRoles, site.Host), "no product names %s", group)
	}
	// Jira's roles say nothing of Confluence; what the organization assigns does.
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
