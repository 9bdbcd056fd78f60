package exports

import (
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// Documents are the files as the APIs would have told them. What an export does not tell stays unknown there:
// an OrgGroup has no externalSynced, an OrgUser no managementSource, nobody has a SCIM record.
type Documents struct {
	Users       []document.User
	Deleted     []document.User
	Groups      []document.Group
	Assignments []document.AppRoleAssignment
	Records     []document.ProvisioningRecord
	OrgUsers    []document.OrgUser
	OrgGroups   []document.OrgGroup
	GuardLog    []document.LogLine
}

// Documents are the joined documents. The caller must not change them.
func (s *Set) Documents() *Documents { return &s.join().Documents }

// Have lists the documents that the files tell as a whole, so that what is not in them does not exist. A document
// that only some people or groups are known of is not in the list, although it is fed.
func (s *Set) Have() []document.File {
	j := s.join()
	var out []document.File
	for f := range j.have {
		out = append(out, f)
	}
	slices.Sort(out)
	return out
}

// Gaps are what the files leave open: of single groups, or of a document that is known in part only.
func (s *Set) Gaps() []document.Gap { return s.join().gaps }

// Newest is the latest moment that any file speaks of. The files were downloaded at that moment or later; it is
// a better guess for "now" than nothing, and worse than the files' own dates.
func (s *Set) Newest() time.Time {
	j := s.join()
	var newest time.Time
	see := func(t document.Time) {
		if t.After(newest) {
			newest = t.Time
		}
	}
	for i := range j.Users {
		see(j.Users[i].CreatedDateTime)
	}
	for i := range j.Records {
		see(j.Records[i].ActivityDateTime)
	}
	for i := range j.OrgUsers {
		see(j.OrgUsers[i].AddedToOrg)
	}
	return newest
}

// FeedPeople gives the builder what comes before SealPeople: users and accounts. It may be called for several
// builders, and must not run beside other readers of the same kinds.
func (s *Set) FeedPeople(b *facts.Builder) {
	j := s.join()
	for i := range j.Users {
		b.User(j.Users[i])
	}
	for i := range j.Deleted {
		b.DeletedUser(j.Deleted[i])
	}
	for i := range j.OrgUsers {
		b.OrgUser(j.OrgUsers[i])
	}
}

// FeedGroups gives the builder what comes after SealPeople: groups with members, assignments, logs, and every note.
// It marks what Have lists and what Gaps lists.
func (s *Set) FeedGroups(b *facts.Builder) {
	j := s.join()
	for i := range j.Groups {
		b.Group(j.Groups[i])
	}
	for i := range j.Assignments {
		b.Assignment(j.Assignments[i])
	}
	for i := range j.Records {
		b.Record(j.Records[i])
	}
	for i := range j.OrgGroups {
		b.OrgGroup(j.OrgGroups[i])
	}
	for _, l := range j.GuardLog {
		b.LogLine(l)
	}
	for _, n := range s.Notes() {
		b.Note(n.Document, "%s", n)
	}
	for _, g := range s.Gaps() {
		b.Gap(g)
	}
	for _, f := range s.Have() {
		b.Have(f)
	}
}
