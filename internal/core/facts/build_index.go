package facts

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

func (w *World) indexUsers() {
	x := &w.index
	x.userKey, x.deletedKey = newLookup(2*len(w.Users)), newLookup(3*len(w.Deleted))
	var keys []string
	for i := range w.Users {
		u := &w.Users[i]
		x.userID.put(hash(u.ID), i)
		keys = names(keys[:0], u)
		for _, k := range keys {
			x.userKey.add(k, i)
		}
	}
	for i := range w.Deleted {
		u := &w.Deleted[i]
		keys = distinct(names(keys[:0], u), Fold(u.ID))
		for _, k := range keys {
			x.deletedKey.add(k, i)
		}
	}
}

// names are the distinct user principal name, mail and proxy addresses of a user.
func names(to []string, u *document.User) []string {
	to = distinct(distinct(to, Fold(u.UserPrincipalName)), Fold(u.Mail.Value))
	for _, p := range u.ProxyAddresses {
		to = distinct(to, Fold(Address(p)))
	}
	return to
}

// distinct appends a folded key that is not there yet.
func distinct(to []string, key string) []string {
	if key == "" || slices.Contains(to, key) {
		return to
	}
	return append(to, key)
}

func (w *World) indexRecords() {
	x, n := &w.index, len(w.ScimUsers)
	x.scimExternal, x.scimName, x.scimMail, x.scimAccount = newLookup(n), newLookup(n), newLookup(n), newLookup(n)
	var mails []string
	for i := range w.ScimUsers {
		u := &w.ScimUsers[i]
		x.scimID.put(hash(u.ID), i)
		x.scimExternal.add(Fold(u.ExternalID), i)
		x.scimName.add(Fold(u.UserName), i)
		x.scimAccount.add(Fold(u.Atlassian.Value.AtlassianAccountID.Value), i)
		mails = mails[:0]
		for _, e := range u.Emails {
			mails = distinct(mails, Fold(e.Value))
		}
		for _, m := range mails {
			x.scimMail.add(m, i)
		}
	}
}

func (w *World) indexAccounts() {
	x, n := &w.index, len(w.OrgUsers)
	x.accountMail = newLookup(n)
	for i := range w.OrgUsers {
		u := &w.OrgUsers[i]
		x.account.put(hash(u.AccountID), i)
		x.accountMail.add(Fold(u.Email), i)
	}
}

func (w *World) indexGroups() {
	x := &w.index
	x.groupID, x.groupName = newLookup(len(w.Groups)), newLookup(len(w.Groups))
	for i := range w.Groups {
		x.groupID.add(Fold(w.Groups[i].ID), i)
		x.groupName.add(Fold(w.Groups[i].DisplayName), i)
	}
	n := len(w.ScimGroups)
	x.scimGroupID, x.scimGroupExternal, x.scimGroupName = newLookup(n), newLookup(n), newLookup(n)
	for i := range w.ScimGroups {
		g := &w.ScimGroups[i]
		x.scimGroupID.add(Fold(g.ID), i)
		x.scimGroupExternal.add(Fold(g.ExternalID), i)
		x.scimGroupName.add(Fold(g.DisplayName), i)
	}
	x.orgGroupName = newLookup(len(w.OrgGroups))
	for i := range w.OrgGroups {
		x.orgGroupName.add(Fold(w.OrgGroups[i].Name), i)
	}
	x.assigned, x.assignee = newLookup(len(w.Assignments)), make([]uint32, len(w.Assignments))
	for i, a := range w.Assignments {
		x.assigned.add(Fold(a.PrincipalID), i)
		x.assignee[i] = noGroup
		if g, ok := w.GroupByID(a.PrincipalID); ok {
			x.assignee[i] = g
		}
	}
}

func (w *World) indexLinks() {
	x, n := &w.index, len(w.Links)
	x.linkAccount, x.linkRecord, x.linkMail = newLookup(n), newLookup(n), newLookup(n)
	for i := range w.Links {
		l := &w.Links[i]
		x.linkAccount.add(Fold(l.AtlassianAccountID.Value), i)
		x.linkRecord.add(Fold(l.ScimUserID), i)
		x.linkMail.add(Fold(l.Email), i)
	}
}

func (w *World) indexLogs() {
	x := &w.index
	x.record, x.audit = newLookup(len(w.Records)), newLookup(2*len(w.Audits))
	for i := range w.Records {
		x.record.add(Fold(w.Records[i].SourceIdentity.ID), i)
	}
	for i := range w.Audits {
		for _, k := range auditKeys(&w.Audits[i]) {
			x.audit.add(k, i)
		}
	}
}
