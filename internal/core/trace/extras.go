package trace

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// extras notes people who are active at the target though they should not be.
func (r *roll) extras() {
	if !r.w.Has(document.Users) {
		return
	}
	note := func(c candidate) {
		q := r.inquire(c, true)
		if tr := q.verdictOnly(); tr.Verdict == Extra {
			r.Counts.Extra++
			r.note(q, tr)
		}
	}
	if r.guard() {
		for i := range r.w.Users {
			if !r.called[uint32(i)] {
				note(r.userCandidate(uint32(i)))
			}
		}
		for i := range r.w.Deleted {
			note(r.deletedCandidate(uint32(i)))
		}
		for i := range r.w.OrgUsers {
			o := &r.w.OrgUsers[i]
			if document.Is(o.ManagementSource, "synced") && len(r.w.UsersByKey(o.Email)) == 0 && len(r.w.DeletedByKey(o.Email)) == 0 && !r.owned(o.AccountID) {
				note(r.accountCandidate(uint32(i)))
			}
		}
		return
	}
	seenUser, seenDeleted := map[uint32]bool{}, map[int32]bool{}
	if r.own != nil {
		r.ownExtras(seenUser, seenDeleted, note)
	}
	for i := range r.w.ScimUsers {
		rec := &r.w.ScimUsers[i]
		if !rec.IsActive() || rec.ExternalID == "" {
			continue
		}
		if ord, ok := r.w.UserByID(rec.ExternalID); ok {
			if !r.called[ord] && !seenUser[ord] {
				seenUser[ord] = true
				note(r.userCandidate(ord))
			}
			continue
		}
		if d := r.w.DeletedByKey(rec.ExternalID); len(d) > 0 {
			if !seenDeleted[int32(d[0])] {
				seenDeleted[int32(d[0])] = true
				note(r.deletedCandidate(d[0]))
			}
			continue
		}
		if looksLikeID(rec.ExternalID) || len(r.w.UsersByKey(rec.UserName)) == 0 && len(r.w.UsersByKey(rec.Email())) == 0 && !r.nicknamed(rec.ExternalID) {
			note(r.recordCandidate(uint32(i)))
		}
	}
}

// ownExtras notes those whose records are theirs by rollcall's own links, whatever externalId the mapping gave these.
func (r *roll) ownExtras(users map[uint32]bool, deleted map[int32]bool, note func(candidate)) {
	for _, l := range r.w.OwnLinks {
		at, there := r.w.ScimByID(l.Target)
		if !strings.EqualFold(l.Kind, plan.KindUser) || !there || !r.w.ScimUsers[at].IsActive() {
			continue
		}
		if ord, ok := r.w.UserByID(l.Source); ok {
			if !r.called[ord] && !users[ord] {
				users[ord] = true
				note(r.userCandidate(ord))
			}
			continue
		}
		for _, d := range r.w.DeletedByKey(l.Source) {
			if same(r.w.Deleted[d].ID, l.Source) && !deleted[int32(d)] {
				deleted[int32(d)] = true
				note(r.deletedCandidate(d))
			}
		}
	}
}

// nicknamed tells whether an externalId is a user's mailNickname, as the generic application maps it.
func (r *roll) nicknamed(id string) bool {
	if r.nicknames == nil {
		r.nicknames = map[string]bool{}
		for i := range r.w.Users {
			r.nicknames[strings.ToLower(r.w.Users[i].MailNickname)] = true
		}
	}
	return r.nicknames[strings.ToLower(id)]
}

// targetAlone judges the records where Entra was not read: who should be there cannot be told, what is wrong with
// those who are there can.
func (r *roll) targetAlone() {
	for i := range r.w.ScimUsers {
		if !r.w.ScimUsers[i].IsActive() {
			continue
		}
		q := r.inquire(r.recordCandidate(uint32(i)), true)
		if ruling := decide(q.found); ruling.main != nil {
			r.Counts.Expected++
			r.Counts.Wrong++
			r.note(q, q.verdictOnly())
		}
	}
}
