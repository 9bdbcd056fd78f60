package facts

import "slices"

func (w *World) indexPeople() {
	x := &w.index
	for i := range w.Users {
		u, at := &w.Users[i], uint32(i)
		x.userID = add(x.userID, Fold(u.ID), at)
		for _, k := range distinctKeys(append(UserKeys(u)[1:3], addresses(u.ProxyAddresses)...)) {
			x.userKey = add(x.userKey, k, at)
		}
	}
	for i := range w.Deleted {
		u, at := &w.Deleted[i], uint32(i)
		for _, k := range distinctKeys(append(UserKeys(u)[:3], addresses(u.ProxyAddresses)...)) {
			x.deletedKey = add(x.deletedKey, k, at)
		}
	}
	x.scimID = make(map[string]uint32, len(w.ScimUsers))
	for i := range w.ScimUsers {
		u, at := &w.ScimUsers[i], uint32(i)
		x.scimID[Fold(u.ID)] = at
		x.scimExternal = add(x.scimExternal, Fold(u.ExternalID), at)
		x.scimName = add(x.scimName, Fold(u.UserName), at)
		x.scimAccount = add(x.scimAccount, Fold(u.Atlassian.Value.AtlassianAccountID.Value), at)
		var mails []string
		for _, e := range u.Emails {
			mails = append(mails, e.Value)
		}
		for _, k := range distinctKeys(mails) {
			x.scimMail = add(x.scimMail, k, at)
		}
	}
	x.account = make(map[string]uint32, len(w.OrgUsers))
	for i := range w.OrgUsers {
		u, at := &w.OrgUsers[i], uint32(i)
		x.account[Fold(u.AccountID)] = at
		x.accountMail = add(x.accountMail, Fold(u.Email), at)
	}
}

func (w *World) indexGroups() {
	x := &w.index
	x.groupID = make(map[string]uint32, len(w.Groups))
	for i := range w.Groups {
		x.groupID[Fold(w.Groups[i].ID)] = uint32(i)
		x.groupName = add(x.groupName, Fold(w.Groups[i].DisplayName), uint32(i))
	}
	x.scimGroupID = make(map[string]uint32, len(w.ScimGroups))
	for i := range w.ScimGroups {
		g, at := &w.ScimGroups[i], uint32(i)
		x.scimGroupID[Fold(g.ID)] = at
		x.scimGroupExternal = add(x.scimGroupExternal, Fold(g.ExternalID), at)
		x.scimGroupName = add(x.scimGroupName, Fold(g.DisplayName), at)
	}
	for i := range w.OrgGroups {
		x.orgGroupName = add(x.orgGroupName, Fold(w.OrgGroups[i].Name), uint32(i))
	}
	for i, a := range w.Assignments {
		x.assigned = add(x.assigned, Fold(a.PrincipalID), i)
	}
	for i, l := range w.Links {
		x.linkAccount = add(x.linkAccount, Fold(l.AtlassianAccountID.Value), i)
		x.linkRecord = add(x.linkRecord, Fold(l.ScimUserID), i)
		x.linkMail = add(x.linkMail, Fold(l.Email), i)
	}
	for i := range w.Records {
		x.record = add(x.record, Fold(w.Records[i].SourceIdentity.ID), i)
	}
	for i := range w.Audits {
		for _, k := range auditKeys(&w.Audits[i]) {
			x.audit = add(x.audit, k, i)
		}
	}
}

func addresses(proxies []string) []string {
	var out []string
	for _, p := range proxies {
		out = append(out, Address(p))
	}
	return out
}

func distinctKeys(keys []string) []string {
	var out []string
	for _, k := range keys {
		if k = Fold(k); k != "" && !slices.Contains(out, k) {
			out = append(out, k)
		}
	}
	return out
}
