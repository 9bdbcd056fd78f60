package trace

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

// synced judges hop 6 for Guard's nested-groups connector, which has no SCIM key: the synced account stands for
// the record.
func (q *inquiry) synced(r reach) {
	o := q.p.org
	if !q.w.Has(document.OrgUsers) {
		q.unknownHop(cause.HopDirectory, document.OrgUsers, "accounts were not read")
		return
	}
	if o == nil {
		q.recordMissing(r, attempt{})
		return
	}
	if q.othersAccount(o) {
		q.p.org, q.p.account = nil, ""
		q.recordMissing(r, attempt{})
		return
	}
	if o.ManagementSource.Known && !o.ManagementSource.Null && o.ManagementSource.Value != "synced" {
		q.heldElsewhere(Missing, o.Email, attempt{})
		if !q.w.Has(document.ScimLinks) {
			q.maybe(noGroup, document.ScimLinks, cause.HeldByOtherDirectory)
		}
		if !q.proved(noGroup, cause.HeldByOtherDirectory) {
			q.recordMissing(r, attempt{})
			q.mark(cause.HopDirectory, Fail, "an account exists, but it is "+o.ManagementSource.Value+", not synced", seen(document.OrgUsers, "account %s: managementSource %s", o.AccountID, o.ManagementSource.Value))
		}
		return
	}
	q.mark(cause.HopDirectory, Pass, "account "+o.AccountID+" is synced", seen(document.OrgUsers, "account %s: %s, managementSource %s", o.AccountID, o.Email, orElse(o.ManagementSource.Value, "not told")))
	if want := q.p.email; want != "" && !same(o.Email, want) && !(guest(q.p.user) && contains(q.addresses(), o.Email)) {
		q.oldAddress(o, want)
	}
	q.twoAccounts()
}

// othersAccount tells whether the account with the user's address is another user's, who maps to the same address
// and whose name it bears.
func (q *inquiry) othersAccount(o *document.OrgUser) bool {
	if same(o.Name, q.p.user.DisplayName) {
		return false
	}
	for _, other := range q.w.UsersByKey(o.Email) {
		u := &q.w.Users[other]
		if other != q.p.ord && same(o.Name, u.DisplayName) && same(q.rules.User.Map(u.AttributeOf(q.told), false).Email().Text, o.Email) {
			return true
		}
	}
	return false
}

// connectorMissed asks why Guard's connector has not synced a user.
func (q *inquiry) connectorMissed(r reach) {
	u := q.p.user
	d := homeDomain(u, q.p.email)
	claim, listed := q.w.Domains[d]
	verified := listed && strings.EqualFold(claim.Attributes.Claim.Status, "verified")
	switch {
	case guest(u) || d == "":
	case !q.w.Has(document.Domains):
		q.maybe(noGroup, document.Domains, cause.ForeignDomainMember)
	case !verified && !external(u):
		q.unverified(Missing, orElse(q.p.email, u.UserPrincipalName), seen(document.Users, "%s", q.p.email))
	case !verified:
		q.fail(cause.ForeignDomainMember, Missing, noGroup, "a member of the domain "+d+", which is not verified",
			fmt.Sprintf("%s is a member (not a guest) with an address in %s, and the connector syncs members of verified domains only.", q.name(), d), values{"domain": d, "value": q.p.email},
			seen(document.Users, "userType %s, address %s", orElse(u.UserType, "Member"), q.p.email), seen(document.Domains, "%s is not verified", d))
	}
	q.consent(Missing, noGroup)
	for _, wy := range r.ways {
		q.groupFull(wy, noGroup)
		break
	}
	q.connectorDelay(r, noGroup)
	q.standstill()
	if verified && !guest(u) {
		q.unclaimed(d)
	}
}

// consent proves that the connector lost its permission at Entra. Which audit entries show it is unverified, so the
// ways in which a grant can go are all read.
func (q *inquiry) consent(v Verdict, group int32) {
	summary := "Guard's connector lost its permission to read Entra: the consent was withdrawn or its application was removed."
	if p := q.w.Principal; p != nil && document.Is(p.AccountEnabled, false) {
		q.fail(cause.ConnectorConsentLost, v, group, "the connector's application is disabled", summary, nil, seen(document.ServicePrincipals, "accountEnabled false"))
		return
	}
	if a := q.consentGone(); a != nil {
		q.fail(cause.ConnectorConsentLost, v, group, "the connector's consent was withdrawn", summary, values{"when": moment(a.ActivityDateTime.Time)},
			seen(document.DirectoryAudits, "%s on %s", a.ActivityDisplayName, moment(a.ActivityDateTime.Time)))
		return
	}
	if !q.w.Has(document.DirectoryAudits) {
		q.maybe(group, document.DirectoryAudits, cause.ConnectorConsentLost)
	}
	if !q.w.Has(document.ServicePrincipals) && q.w.Bundle.Connection.Application != "" {
		q.maybe(group, document.ServicePrincipals, cause.ConnectorConsentLost)
	}
}

// consentGone is the newest audit entry that took the connector's grant away, unless it was given again.
func (t *Tracer) consentGone() *document.DirectoryAudit {
	var gone *document.DirectoryAudit
	app := t.w.Bundle.Connection.Application
	for i := range t.w.Audits {
		a := &t.w.Audits[i]
		text := strings.ToLower(a.ActivityDisplayName)
		about := app == "" || len(a.TargetResources) == 0 || slices.ContainsFunc(a.TargetResources, func(r document.Target) bool { return same(r.ID, app) })
		if !about {
			continue
		}
		switch {
		case strings.Contains(text, "consent to application"), strings.Contains(text, "add delegated permission grant"), strings.Contains(text, "add app role assignment to service principal"), strings.Contains(text, "add service principal"):
			gone = nil
		case strings.Contains(text, "remove delegated permission grant"), strings.Contains(text, "remove oauth2permissiongrant"), strings.Contains(text, "revoke consent"),
			strings.Contains(text, "remove app role assignment from service principal"), strings.Contains(text, "remove service principal"), strings.Contains(text, "delete service principal"):
			gone = a
		}
	}
	return gone
}

// connectorDelay proves that the change is younger than the connector's interval.
func (q *inquiry) connectorDelay(r reach, group int32) {
	if q.proved(group, cause.ConnectorConsentLost) {
		return
	}
	c := q.enteredAt(r)
	if group != noGroup {
		for _, wy := range r.ways {
			if int32(wy.group) == group {
				c = q.wayAt(wy)
				c.known = q.w.Has(document.DirectoryAudits)
			}
		}
	}
	if c.entered.IsZero() {
		if !c.known {
			q.maybe(group, document.DirectoryAudits, cause.CycleDelay)
		}
		return
	}
	if !c.known {
		q.maybe(group, document.DirectoryAudits, cause.CycleDelay)
	}
	if age := q.now().Sub(c.entered); age >= 0 && age < q.w.Limits.ConnectorEvery {
		next := c.entered.Add(q.w.Limits.ConnectorEvery)
		q.fail(cause.CycleDelay, Missing, group, "changed within the connector's interval",
			fmt.Sprintf("%s changed %s ago; the connector syncs every %s.", q.name(), span(age), span(q.w.Limits.ConnectorEvery)), values{"when": moment(next)}, c.seen)
	}
}
