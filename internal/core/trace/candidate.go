package trace

import "github.com/rollcall/rollcall/internal/core/document"

// candidate is somebody or something that answers to a query.
type candidate struct {
	subject Subject
	user    uint32
	deleted int32 // -1: a living user
	group   int32 // -1: a person
	record  int32 // for people who are at the target only
	account string
}

func (c candidate) isGroup() bool { return c.group >= 0 || c.subject.Kind == "group" }

func (t *Tracer) userCandidate(ord uint32) candidate {
	u := &t.w.Users[ord]
	return candidate{subject: Subject{Kind: "user", ID: u.ID, Name: orElse(u.UserPrincipalName, u.ID), Display: u.DisplayName}, user: ord, deleted: -1, group: -1, record: -1}
}

func (t *Tracer) deletedCandidate(i uint32) candidate {
	u := &t.w.Deleted[i]
	return candidate{subject: Subject{Kind: "user", ID: u.ID, Name: orElse(u.UserPrincipalName, u.ID), Display: u.DisplayName}, deleted: int32(i), group: -1, record: -1}
}

func (t *Tracer) groupCandidate(g uint32) candidate {
	doc := &t.w.Groups[g]
	return candidate{subject: Subject{Kind: "group", ID: doc.ID, Name: orElse(doc.DisplayName, doc.ID), Display: doc.DisplayName}, deleted: -1, group: int32(g), record: -1}
}

func (t *Tracer) recordCandidate(r uint32) candidate {
	rec := &t.w.ScimUsers[r]
	return candidate{subject: Subject{Kind: "user", ID: rec.ID, Name: orElse(rec.UserName, rec.Email()), Display: rec.DisplayName}, deleted: -1, group: -1, record: int32(r)}
}

// accountCandidate leads from an account to its record, and from there to the user, where there is a way.
func (t *Tracer) accountCandidate(a uint32) candidate {
	o := &t.w.OrgUsers[a]
	if records := t.w.ScimByAccount(o.AccountID); len(records) > 0 {
		if ord, ok := t.w.UserByID(t.w.ScimUsers[records[0]].ExternalID); ok {
			return t.userCandidate(ord)
		}
		return t.recordCandidate(records[0])
	}
	if users := t.w.UsersByKey(o.Email); len(users) == 1 && !t.w.Has(document.ScimUsers) {
		return t.userCandidate(users[0]) // no record to follow, so the address is the only thread
	}
	return candidate{subject: Subject{Kind: "user", ID: o.AccountID, Name: orElse(o.Email, o.AccountID), Display: o.Name}, deleted: -1, group: -1, record: -1, account: o.AccountID}
}

// person makes the person of a candidate.
func (t *Tracer) personOf(c candidate) person {
	switch {
	case c.record >= 0:
		p := person{records: []uint32{uint32(c.record)}}
		rec := &t.w.ScimUsers[c.record]
		p.userName, p.email = rec.UserName, rec.Email()
		p.account, p.linkKnown = t.link(rec)
		if a, ok := t.w.Account(p.account); ok && p.account != "" {
			p.org, p.orgAt = &t.w.OrgUsers[a], a
		}
		return p
	case c.account != "":
		p := person{account: c.account}
		if a, ok := t.w.Account(c.account); ok {
			p.org, p.orgAt = &t.w.OrgUsers[a], a
			p.email = p.org.Email
		}
		return p
	case c.deleted >= 0:
		return t.resolve(&t.w.Deleted[c.deleted], 0, true)
	case c.subject.ID == "":
		return person{}
	}
	return t.resolve(&t.w.Users[c.user], c.user, false)
}
