package trace

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// person is one human being as both sides know them.
type person struct {
	user    *document.User // nil: not among the users of Entra
	ord     uint32         // of user
	deleted *document.User

	mapped   mapping.Result // what the connection's mapping makes of the user
	userName string         // wanted values; empty where they are missing or not known
	email    string

	records []uint32 // SCIM records that are this user's, the best first
	foreign []uint32 // SCIM records that hold the user's userName or address but carry another externalId
	byCase  bool     // the first record is found by externalId only when case is ignored

	linkKnown bool   // it is known whether the record is linked
	account   string // account id: of the record's link, else of the address
	org       *document.OrgUser
	orgAt     uint32 // ordinal of org
}

// record is the user's SCIM record, or nil.
func (q *inquiry) record() *document.ScimUser {
	if len(q.p.records) == 0 {
		return nil
	}
	return &q.w.ScimUsers[q.p.records[0]]
}

// source is the user whether deleted or not.
func (p *person) source() *document.User {
	if p.user != nil {
		return p.user
	}
	return p.deleted
}

// resolve finds everything that belongs to a user of Entra, living or deleted.
func (t *Tracer) resolve(user *document.User, ord uint32, deleted bool) person {
	p := person{ord: ord}
	if deleted {
		p.deleted = user
	} else {
		p.user = user
	}
	off := document.Is(user.AccountEnabled, false) || deleted
	p.mapped = t.rules.User.Map(user.AttributeOf(t.told), off)
	p.userName, p.email = p.mapped.UserName().Text, p.mapped.Email().Text
	if !t.guard() {
		t.findRecords(&p, user)
	}
	t.findAccount(&p, user)
	return p
}

// findRecords sorts the records that could be the user's into theirs and others'. externalId decides where it
// tells; userName and address decide where it does not (gallery and generic applications map externalId
// differently; entra.md 7.1).
func (t *Tracer) findRecords(p *person, user *document.User) {
	w := t.w
	exact, folded := []uint32{}, []uint32{}
	for _, r := range w.ScimByExternal(user.ID) {
		if w.ScimUsers[r].ExternalID == user.ID {
			exact = append(exact, r)
		} else {
			folded = append(folded, r)
		}
	}
	p.records = slices.Concat(exact, folded)
	if t.own != nil { // what rollcall made or adopted is theirs, whatever the record carries
		mine := t.ownRecords(user.ID)
		p.records = slices.Concat(mine, slices.DeleteFunc(p.records, func(r uint32) bool { return slices.Contains(mine, r) }))
	}
	p.byCase = len(exact) == 0 && len(folded) > 0 && !(t.rules.Known && w.ScimUsers[folded[0]].ExternalID == p.mapped.ExternalID().Text)
	consider := func(list []uint32) {
		for _, r := range list {
			if slices.Contains(p.records, r) || slices.Contains(p.foreign, r) {
				continue
			}
			if t.compatible(p, user, &w.ScimUsers[r]) {
				if wanted := p.mapped.ExternalID(); len(p.records) == 0 && t.rules.Known && same(w.ScimUsers[r].ExternalID, wanted.Text) && w.ScimUsers[r].ExternalID != wanted.Text && wanted.Text != "" {
					p.byCase = true
				}
				p.records = append(p.records, r)
			} else {
				p.foreign = append(p.foreign, r)
			}
		}
	}
	for _, name := range []string{p.userName, user.UserPrincipalName} {
		if name != "" {
			consider(w.ScimByUserName(name))
		}
	}
	for _, mail := range []string{p.email, user.Mail.Value, user.UserPrincipalName} {
		if mail != "" {
			consider(w.ScimByEmail(mail))
		}
	}
	if len(p.records) > 1 && len(exact) > 1 {
		slices.SortStableFunc(p.records, func(a, b uint32) int { return t.fit(p, a) - t.fit(p, b) })
	}
}

// fit orders records of one user: the one that carries the wanted userName first.
func (t *Tracer) fit(p *person, r uint32) int {
	if same(t.w.ScimUsers[r].UserName, p.userName) {
		return 0
	}
	return 1
}

// compatible tells whether a record found by name or address may be this user's: it carries no externalId, the
// one that the mapping gives, or one that is nobody's object id.
func (t *Tracer) compatible(p *person, user *document.User, r *document.ScimUser) bool {
	wanted := p.mapped.ExternalID()
	if r.ExternalID == "" || same(r.ExternalID, user.MailNickname) || same(r.ExternalID, user.UserPrincipalName) || same(r.ExternalID, wanted.Text) {
		return true
	}
	if t.rules.Known && wanted.Known {
		return false
	}
	return !looksLikeID(r.ExternalID)
}

// looksLikeID recognises an object id: a GUID.
func looksLikeID(s string) bool {
	if len(s) != 36 {
		return false
	}
	for i, c := range facts.Fold(s) {
		switch {
		case i == 8 || i == 13 || i == 18 || i == 23:
			if c != '-' {
				return false
			}
		case (c < '0' || c > '9') && (c < 'a' || c > 'f'):
			return false
		}
	}
	return true
}

// findAccount follows the record's link to the account, or looks for the wanted address where there is no record.
func (t *Tracer) findAccount(p *person, user *document.User) {
	w := t.w
	if len(p.records) > 0 {
		p.account, p.linkKnown = t.link(&w.ScimUsers[p.records[0]])
		if p.account == "" && !p.linkKnown {
			p.account = t.accountOf(w.ScimUsers[p.records[0]].Email())
		}
	} else if t.guard() || !w.Has(document.ScimUsers) {
		for _, mail := range []string{p.email, user.Mail.Value, user.UserPrincipalName} {
			if p.account == "" && mail != "" {
				p.account = t.accountOf(mail)
			}
		}
		if t.guard() && !t.synchronized(p.account) {
			p.account = orElse(t.formerAccount(user), p.account)
		}
	}
	if a, ok := w.Account(p.account); ok && p.account != "" {
		p.org, p.orgAt = &w.OrgUsers[a], a
	}
}

func (t *Tracer) accountOf(mail string) string {
	best := ""
	for _, a := range t.w.AccountsByEmail(mail) {
		u := &t.w.OrgUsers[a]
		if u.AccountType == "app" {
			continue
		}
		if best == "" || (u.ManagementSource.Value == "synced" && !u.ManagementSource.Null) {
			best = u.AccountID
		}
	}
	return best
}

// link tells which account a record is linked to, and whether that is known. The extension in the record comes
// first; where no record of the directory carries it, the links that the organization tells.
func (t *Tracer) link(r *document.ScimUser) (account string, known bool) {
	ext := r.Atlassian.Value.AtlassianAccountID
	if ext.Known && !ext.Null && ext.Value != "" {
		return ext.Value, true
	}
	told := false
	for _, l := range t.w.LinksOf("", r.ID, "") {
		told = true
		if l.AtlassianAccountID.Value != "" {
			return l.AtlassianAccountID.Value, true
		}
	}
	return "", told || r.Atlassian.Known || t.linksTold
}
