package trace

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// conflict decides who holds the value after the target answered 409: the account search and the links tell
// another directory from a second account, a refused change and a stale record.
func (q *inquiry) conflict(v Verdict, a attempt) {
	value := conflictAddress(wordsOf(a.record))
	if value == "" {
		value = orElse(q.p.email, q.p.userName)
	}
	if !q.w.Has(document.ScimUsers) && !q.guard() && (!contains([]string{q.p.email, q.p.userName, q.p.user.Mail.Value}, value) || q.bore(value)) {
		q.maybe(noGroup, document.ScimUsers, cause.RenamedUser) // an old address: their own record may hold it
	}
	if !q.w.Has(document.ScimUsers) && !q.guard() {
		q.maybe(noGroup, document.ScimUsers, cause.CaseDifference) // their own record may hold it, under an id in other case
	}
	q.heldElsewhere(v, value, a)
	q.foreignAccount(v, value)
	q.secondAccount(v, value, a)
	q.staleRecord(v, value, a)
	if rec := q.record(); rec != nil && strings.EqualFold(a.record.Action, "update") && !same(rec.Email(), value) {
		if !q.w.Has(document.OrgUsers) {
			q.maybe(noGroup, document.OrgUsers, cause.EmailChangeRefused)
		} else if len(q.strangers(value)) == 0 && len(q.p.foreign) == 0 {
			q.fail(cause.EmailChangeRefused, v, noGroup, "the change of the address was refused",
				fmt.Sprintf("%s's new address %s was refused; Atlassian still has %s.", q.name(), value, rec.Email()), values{"value": value, "record": rec.ID},
				recordSeen(a.record), seen(document.OrgUsers, "no other account has %s", value))
		}
	}
	if a.record.ID == "" || a.record.ID == ownRecord {
		return // a line of Guard's own log carries no date, so it may be long mended: it only helps to find a holder
	}
	q.prove(cause.ProvisioningFailed, v, noGroup, fmt.Sprintf("Entra could not provision %s: %s.", q.name(), quote(a.record)), nil, recordSeen(a.record))
}

// strangers are accounts that hold the value and are not this person's: not the account of their record, and not
// the account of a stale record of this directory, which is the record's affair.
func (q *inquiry) strangers(value string) []*document.OrgUser {
	var out []*document.OrgUser
	for _, i := range q.w.AccountsByEmail(value) {
		u := &q.w.OrgUsers[i]
		if same(u.AccountID, q.p.account) && len(q.p.records) > 0 {
			continue
		}
		if q.ofStaleRecord(u.AccountID) {
			continue
		}
		out = append(out, u)
	}
	return out
}

// ofStaleRecord tells whether an account belongs to a record of this directory that belongs to nobody in Entra.
func (q *inquiry) ofStaleRecord(account string) bool {
	for _, r := range q.w.ScimByAccount(account) {
		if _, living := q.w.UserByID(q.w.ScimUsers[r].ExternalID); !living {
			return true
		}
	}
	return false
}

// heldElsewhere proves that a directory other than this one holds the address.
func (q *inquiry) heldElsewhere(v Verdict, value string, a attempt) {
	// An account that was invited is synced by no directory; of any other, links and manage must have spoken.
	if synced := q.maybeSynced(value); synced && !q.w.Has(document.ScimLinks) {
		q.maybe(noGroup, document.ScimLinks, cause.HeldByOtherDirectory)
	} else if synced && !q.w.Has(document.Manage) {
		q.maybe(noGroup, document.Manage, cause.HeldByOtherDirectory)
	}
	if q.heldByLink(v, value, a) {
		return
	}
	for _, u := range q.w.AccountsByEmail(value) {
		account := q.w.OrgUsers[u].AccountID
		m, ok := q.w.Manage[facts.Fold(account)]
		if !ok || len(q.w.ScimByAccount(account)) > 0 {
			continue
		}
		for _, what := range []string{"lifecycle.enablement", "email.set", "profile.write"} {
			key := m.Permissions[what].Reason.Key
			if strings.HasPrefix(key, "externalDirectory.") && (key != "externalDirectory.scim" || q.w.Has(document.ScimUsers) && !q.guard()) {
				q.fail(cause.HeldByOtherDirectory, v, noGroup, "held by another directory",
					fmt.Sprintf("%s is held by another directory (%s).", value, key), values{"value": value, "account": account},
					seen(document.Manage, "account %s: %s not allowed, %s", account, what, key))
				return
			}
		}
	}
}

// linkedElsewhere asks the links only, where no refusal was seen.
func (q *inquiry) linkedElsewhere(v Verdict, mail string) {
	if !q.w.Has(document.ScimLinks) && len(q.w.AccountsByEmail(mail)) > 0 {
		q.maybe(noGroup, document.ScimLinks, cause.HeldByOtherDirectory)
	}
	q.heldByLink(v, mail, attempt{})
}

// elsewhere tells whether a link is into another directory than the connection's.
func (t *Tracer) elsewhere(l document.ScimLink) bool {
	ours := t.w.Bundle.Connection.Directory
	return l.DirectoryID != "" && ours != "" && !same(l.DirectoryID, ours)
}

// heldByLink proves by the links that another directory holds an account with the address.
func (q *inquiry) heldByLink(v Verdict, value string, a attempt) bool {
	links := q.w.LinksOf("", "", value)
	for _, u := range q.w.AccountsByEmail(value) {
		links = append(links, q.w.LinksOf(q.w.OrgUsers[u].AccountID, "", "")...)
	}
	if q.p.account != "" {
		links = append(links, q.w.LinksOf(q.p.account, "", "")...)
	}
	for _, l := range links {
		if a.record == nil && l.AtlassianAccountID.Known && l.AtlassianAccountID.Value == "" {
			continue // linked to no account it holds none; only where something was refused may it be in the way
		}
		if to, wrong := q.otherDirectory(); wrong && q.entra() && q.record() == nil && same(l.DirectoryID, to) {
			continue // that is where the job writes: it made the record there itself
		}
		if q.elsewhere(l) {
			ev := []Evidence{seen(document.ScimLinks, "record %s of directory %s holds account %s", l.ScimUserID, l.DirectoryID, orElse(l.AtlassianAccountID.Value, "none"))}
			if a.record != nil {
				ev = append(ev, recordSeen(a.record))
			}
			q.fail(cause.HeldByOtherDirectory, v, noGroup, "held by another directory",
				fmt.Sprintf("%s is held by another directory of the organization (%s).", value, l.DirectoryID), values{"value": value, "other": l.DirectoryID, "record": l.ScimUserID}, ev...)
			return true
		}
	}
	return false
}

// maybeSynced tells whether an account with the address may be held by a directory.
func (q *inquiry) maybeSynced(value string) bool {
	accounts := q.w.AccountsByEmail(value)
	for _, i := range accounts {
		if s := q.w.OrgUsers[i].ManagementSource; (!s.Known || s.Null || s.Value != "invited") && !q.ownMaster(q.w.OrgUsers[i].AccountID) {
			return true
		}
	}
	return len(accounts) == 0
}

// ownMaster tells whether Atlassian lets the account be managed by hand: then no directory holds it.
func (q *inquiry) ownMaster(account string) bool {
	m, ok := q.w.Manage[facts.Fold(account)]
	if !ok || m.ErrorKey != "" || len(m.Permissions) == 0 {
		return false
	}
	for _, p := range m.Permissions {
		if strings.HasPrefix(p.Reason.Key, "externalDirectory.") {
			return false
		}
	}
	return true
}

// secondAccount proves that another account has the address.
func (q *inquiry) secondAccount(v Verdict, value string, a attempt) {
	if !q.w.Has(document.OrgUsers) {
		q.maybe(noGroup, document.OrgUsers, cause.DuplicateAccount)
		return
	}
	strangers := q.strangers(value)
	if len(strangers) == 0 {
		return
	}
	u := strangers[0]
	ev := []Evidence{seen(document.OrgUsers, "account %s (%s) has %s, %s%s", u.AccountID, orElse(u.Name, "no name"), u.Email, orElse(u.AccountStatus, "status not told"), source(u))}
	if a.record != nil {
		ev = append(ev, recordSeen(a.record))
	}
	q.fail(cause.DuplicateAccount, v, noGroup, "another account has the address",
		fmt.Sprintf("%s is kept out: another account already has %s.", q.name(), value), values{"value": value, "other": u.AccountID, "account": u.AccountID}, ev...)
}

func source(u *document.OrgUser) string {
	if u.ManagementSource.Known && !u.ManagementSource.Null {
		return ", " + u.ManagementSource.Value
	}
	return ""
}

// staleRecord proves that an old record of this directory holds the user's name or address, or that the links of
// the address show several records or an unlinked one.
func (q *inquiry) staleRecord(v Verdict, value string, a attempt) {
	if !q.w.Has(document.ScimUsers) && !q.guard() {
		q.maybe(noGroup, document.ScimUsers, cause.StaleScimRecord)
		return
	}
	for _, r := range q.p.foreign {
		rec := &q.w.ScimUsers[r]
		if _, living := q.w.UserByID(rec.ExternalID); living {
			continue // another living user's: two users with one value
		}
		ev := []Evidence{seen(document.ScimUsers, "record %s has userName %s and address %s but externalId %s, not %s's", rec.ID, rec.UserName, rec.Email(), rec.ExternalID, q.first())}
		if a.record != nil {
			ev = append(ev, recordSeen(a.record))
		}
		q.fail(cause.StaleScimRecord, v, noGroup, "an old record holds the name or address",
			fmt.Sprintf("%s is kept out by an old SCIM record with %s.", q.name(), orElse(rec.UserName, rec.Email())), values{"record": rec.ID, "value": orElse(rec.Email(), rec.UserName)}, ev...)
		return
	}
	if a.record == nil {
		return
	}
	links, loose := q.w.LinksOf("", "", value), 0
	for _, l := range links {
		if l.AtlassianAccountID.Known && l.AtlassianAccountID.Value == "" {
			loose++
		}
	}
	if len(links) >= 2 || loose > 0 {
		q.fail(cause.StaleScimRecord, v, noGroup, "old records hold the address",
			fmt.Sprintf("%s is kept out by %s with %s.", q.name(), plural(len(links), "SCIM record"), value), values{"record": links[0].ScimUserID, "value": value},
			seen(document.ScimLinks, "%s for %s, %d of them not linked to an account", plural(len(links), "record"), value, loose), recordSeen(a.record))
	}
}
