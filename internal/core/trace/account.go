package trace

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// domain proves that the domain of an address is not verified, so that Atlassian keeps no link to the account.
func (q *inquiry) domain(mail string, ev Evidence) { q.unverified(Wrong, mail, ev) }

func (q *inquiry) unverified(v Verdict, mail string, ev Evidence) {
	d := domainOf(mail)
	if d == "" {
		return
	}
	if !q.w.Has(document.Domains) {
		q.maybe(noGroup, document.Domains, cause.DomainNotVerified)
		return
	}
	claim, listed := q.w.Domains[d]
	status := strings.ToLower(claim.Attributes.Claim.Status)
	if status == "verified" {
		return
	}
	fact := d + " is not among the organization's domains"
	if listed {
		fact = fmt.Sprintf("%s: claim %s", d, orElse(status, "not told"))
	}
	q.fail(cause.DomainNotVerified, v, noGroup, "the domain "+d+" is not verified",
		fmt.Sprintf("%s's address is in %s, which the organization has not verified.", q.name(), d), values{"domain": d, "value": mail},
		seen(document.Domains, "%s", fact), ev)
}

// accountHop judges hop 7: is the account active, managed, its domain verified, held by this directory?
func (q *inquiry) accountHop() {
	w, o := q.w, q.p.org
	q.lostLink()
	if q.p.account == "" {
		if !q.p.linkKnown && q.record() != nil {
			q.unknownHop(cause.HopAccount, document.ScimLinks, "which account the record is linked to was not read")
		}
		return
	}
	q.managed()
	if !w.Has(document.OrgUsers) {
		q.unknownHop(cause.HopAccount, document.OrgUsers, "accounts were not read")
		return
	}
	if o == nil {
		q.mark(cause.HopAccount, NotKnown, "account "+q.p.account+" is not among the organization's users", seen(document.OrgUsers, "no account %s", q.p.account))
		return
	}
	q.accountState(o)
	mail := orElse(o.Email, q.p.email)
	d, listed := w.Domains[domainOf(mail)]
	if o.ClaimStatus == "unmanaged" && w.Has(document.Domains) && listed && !strings.EqualFold(d.Attributes.Claim.Status, "verified") && !strings.EqualFold(d.Attributes.Claim.Status, "superseded") {
		q.domain(mail, seen(document.OrgUsers, "account %s is unmanaged", o.AccountID))
	}
	if rec := q.record(); rec != nil && o.ClaimStatus == "unmanaged" && o.Email != "" && rec.Email() != "" && !same(o.Email, rec.Email()) {
		q.domain(rec.Email(), seen(document.OrgUsers, "account %s is unmanaged and still has %s", o.AccountID, o.Email))
	}
	if document.Is(o.EmailVerified, false) {
		q.fail(cause.EmailNotVerified, Wrong, noGroup, "the address was never verified",
			fmt.Sprintf("%s never verified %s.", q.name(), o.Email), values{"value": o.Email, "account": o.AccountID}, seen(document.OrgUsers, "account %s: emailVerified false", o.AccountID))
	} else if m, ok := w.Manage[facts.Fold(q.p.account)]; ok && m.ErrorKey == "forbidden.targetUnverified" && !q.proved(noGroup, cause.EmailChangeRefused) {
		q.fail(cause.EmailNotVerified, Wrong, noGroup, "the address was never verified",
			fmt.Sprintf("%s never verified the address of the account.", q.name()), values{"account": q.p.account}, seen(document.Manage, "account %s: %s", q.p.account, m.ErrorKey))
	}
	q.pass(cause.HopAccount, func() (string, []Evidence) {
		return join(", ", orElse(o.AccountStatus, "status not told"), o.ClaimStatus),
			[]Evidence{seen(document.OrgUsers, "account %s: %s", o.AccountID, join(", ", o.Email, orElse(o.AccountStatus, "status not told"), o.ClaimStatus, o.ManagementSource.Value))}
	})
}

// accountState proves that the account, or its access to the sites, was switched off.
func (q *inquiry) accountState(o *document.OrgUser) {
	if rec := q.record(); q.p.user == nil && (rec == nil || !rec.IsActive()) {
		return // whether the account should be active is for Entra to tell
	}
	if !q.guard() && !q.w.Has(document.ScimUsers) {
		q.maybe(noGroup, document.ScimUsers, cause.TargetRecordGone)
	}
	deletion := o.Status == "for_deletion" || document.Is(o.ForDeletion, true)
	if oneOf(o.AccountStatus, "inactive", "closed") || o.Status == "deactivated" || deletion {
		word := "deactivated"
		if deletion {
			word = "scheduled for deletion"
		}
		fact := join(", ", o.AccountStatus, o.Status)
		if !o.DeactivatedOn.IsZero() {
			fact += ", deactivated on " + day(o.DeactivatedOn.Time)
		}
		q.fail(cause.AccountDeactivated, Wrong, noGroup, word, fmt.Sprintf("%s's Atlassian account is %s.", q.name(), word), values{"account": o.AccountID},
			seen(document.OrgUsers, "account %s: %s", o.AccountID, fact))
		return
	}
	if o.MembershipStatus == "suspended" || o.Status == "suspended" {
		q.fail(cause.SiteAccessSuspended, Wrong, noGroup, "access was suspended by hand", fmt.Sprintf("%s's access was suspended in Atlassian Administration.", q.name()), values{"account": o.AccountID},
			seen(document.OrgUsers, "account %s: membershipStatus %s, accountStatus %s", o.AccountID, orElse(o.MembershipStatus, o.Status), o.AccountStatus))
	}
}

// managed proves that another organization or another directory holds the account.
func (q *inquiry) managed() {
	m, ok := q.w.Manage[facts.Fold(q.p.account)]
	if o := q.p.org; o != nil && o.ClaimStatus == "unmanaged" {
		q.ownedElsewhere(Wrong, o)
	} else if ok && m.ErrorKey == "forbidden" && o == nil && !q.w.Has(document.OrgUsers) {
		q.maybe(noGroup, document.OrgUsers, cause.ManagedByOtherOrganization)
	}
	if q.record() == nil && !q.guard() {
		return
	}
	for _, l := range q.w.LinksOf(q.p.account, "", "") {
		if q.elsewhere(l) {
			q.fail(cause.HeldByOtherDirectory, Wrong, noGroup, "held by another directory",
				fmt.Sprintf("%s's account is held by another directory (%s) as well.", q.name(), l.DirectoryID), values{"other": l.DirectoryID, "account": q.p.account, "record": l.ScimUserID},
				seen(document.ScimLinks, "record %s of directory %s holds account %s", l.ScimUserID, l.DirectoryID, q.p.account))
			return
		}
	}
	if ok {
		for _, action := range slices.Sorted(maps.Keys(m.Permissions)) { // a map has no order of its own; an answer has
			p := m.Permissions[action]
			if strings.HasPrefix(p.Reason.Key, "externalDirectory.") && p.Reason.Key != "externalDirectory.scim" {
				q.fail(cause.HeldByOtherDirectory, Wrong, noGroup, "held by another directory", fmt.Sprintf("%s's account is held by another directory (%s).", q.name(), p.Reason.Key),
					values{"account": q.p.account}, seen(document.Manage, "account %s: %s", q.p.account, p.Reason.Key))
				return
			}
		}
	}
}

// foreignAccount asks the same of accounts that have the address but are not linked to the record.
func (q *inquiry) foreignAccount(v Verdict, mail string) {
	for _, i := range q.w.AccountsByEmail(mail) {
		if o := &q.w.OrgUsers[i]; o.ClaimStatus == "unmanaged" && !same(o.AccountID, q.p.account) {
			q.ownedElsewhere(v, o)
		}
	}
}

// ownedElsewhere proves that an unmanaged account of a domain of ours is managed by another organization: the claim was
// superseded, or we may not manage the account.
func (q *inquiry) ownedElsewhere(v Verdict, o *document.OrgUser) {
	d, listed := q.w.Domains[domainOf(o.Email)]
	status := strings.ToLower(d.Attributes.Claim.Status)
	m := q.w.Manage[facts.Fold(o.AccountID)]
	var ev Evidence
	switch {
	case listed && status == "superseded":
		ev = seen(document.Domains, "%s: claim superseded", domainOf(o.Email))
	case listed && status == "verified" && m.ErrorKey == "forbidden":
		ev = seen(document.Manage, "account %s: %s", o.AccountID, m.ErrorKey)
	case m.ErrorKey == "forbidden" && !q.w.Has(document.Domains):
		q.maybe(noGroup, document.Domains, cause.ManagedByOtherOrganization)
		return
	case listed && status == "verified" && !q.w.Has(document.Manage):
		q.maybe(noGroup, document.Manage, cause.ManagedByOtherOrganization)
		return
	default:
		return
	}
	q.fail(cause.ManagedByOtherOrganization, v, noGroup, "managed by another organization",
		fmt.Sprintf("%s's account is managed by another organization.", q.name()), values{"account": o.AccountID, "domain": domainOf(o.Email), "value": o.Email}, ev,
		seen(document.OrgUsers, "account %s is unmanaged, its domain is %s", o.AccountID, orElse(domainOf(o.Email), "not told")))
}

// lostLink reads Guard's own log for the line that tells of a link dropped with a change of address.
func (q *inquiry) lostLink() {
	rec := q.record()
	if rec == nil {
		return
	}
	for _, l := range q.w.GuardLog {
		if strings.Contains(l.Text, "Email update to unmanaged user") && strings.Contains(l.Text, rec.ID) && q.p.account == "" {
			ev := Evidence{string(document.TroubleshootingLog), fmt.Sprintf("line %d: %s", l.Line, l.Text)}
			q.mark(cause.HopDirectory, Fail, "", ev)
			if !q.proved(noGroup, cause.DomainNotVerified) && !q.w.Has(document.Domains) {
				q.fail(cause.DomainNotVerified, Wrong, noGroup, "the account is not managed",
					fmt.Sprintf("%s's address changed to a domain that is not verified, and the link to the account was dropped.", q.name()), values{"domain": domainOf(rec.Email()), "value": rec.Email(), "record": rec.ID},
					ev)
			}
		}
	}
}
