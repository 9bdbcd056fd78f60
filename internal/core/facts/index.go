package facts

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// index finds rows by the keys that people and services use. Keys are folded to lower case; callers that care
// about case compare the rows. The ids of people, which millions of memberships name, are found by hash.
type index struct {
	userID            table
	userKey           lookup // UPN, mail, proxy addresses
	deletedKey        lookup
	groupID           lookup
	groupName         lookup
	assigned          lookup   // principal id -> assignments
	assignee          []uint32 // assignment -> the group that is assigned, or noGroup
	scimID            table
	scimExternal      lookup
	scimName          lookup
	scimMail          lookup
	scimAccount       lookup
	scimGroupID       lookup
	scimGroupExternal lookup
	scimGroupName     lookup
	account           table
	accountMail       lookup
	orgGroupName      lookup
	linkAccount       lookup
	linkRecord        lookup
	linkMail          lookup
	record            lookup // source object id -> provisioning records
	audit             lookup // object id or user principal name -> audits
}

// lookup gives the rows of a key in the order in which they were added. Nearly every key has one row, so that one
// is kept apart from the others.
type lookup struct {
	first map[string]uint32
	more  map[string][]uint32
}

func newLookup(size int) lookup { return lookup{first: make(map[string]uint32, size)} }

// add takes a folded key.
func (l *lookup) add(key string, row int) {
	if key == "" {
		return
	}
	if _, have := l.first[key]; !have {
		l.first[key] = uint32(row)
		return
	}
	if l.more == nil {
		l.more = map[string][]uint32{}
	}
	l.more[key] = append(l.more[key], uint32(row))
}

func (l *lookup) one(key string) (uint32, bool) {
	row, ok := l.first[Fold(key)]
	return row, ok
}

func (l *lookup) all(key string) []uint32 {
	key = Fold(key)
	row, ok := l.first[key]
	if !ok {
		return nil
	}
	return append([]uint32{row}, l.more[key]...)
}

// UserByID finds a user of Entra.
func (w *World) UserByID(id string) (uint32, bool) { return w.index.userID.get(hash(id)) }

// UsersByKey finds users of Entra by user principal name, mail or proxy address.
func (w *World) UsersByKey(key string) []uint32 { return w.index.userKey.all(key) }

// DeletedByKey finds deleted users by id, user principal name, mail or proxy address.
func (w *World) DeletedByKey(key string) []uint32 { return w.index.deletedKey.all(key) }

// IsDeleted tells whether the id is that of a user in the deleted items.
func (w *World) IsDeleted(id string) bool {
	for _, d := range w.index.deletedKey.all(id) {
		if Fold(w.Deleted[d].ID) == Fold(id) {
			return id != ""
		}
	}
	return false
}

// GroupByID finds a group of Entra.
func (w *World) GroupByID(id string) (uint32, bool) { return w.index.groupID.one(id) }

// GroupsByName finds groups of Entra by display name, whatever the case.
func (w *World) GroupsByName(name string) []uint32 { return w.index.groupName.all(name) }

// AssignmentsOf are the assignments of a user or group to the application.
func (w *World) AssignmentsOf(principal string) []document.AppRoleAssignment {
	var out []document.AppRoleAssignment
	for _, i := range w.index.assigned.all(principal) {
		out = append(out, w.Assignments[i])
	}
	return out
}

const noGroup = ^uint32(0)

// AssignedGroup is the group of an assignment, if it is a group of the documents.
func (w *World) AssignedGroup(assignment int) (uint32, bool) {
	g := w.index.assignee[assignment]
	return g, g != noGroup
}

// ScimByID finds a record of the Guard directory.
func (w *World) ScimByID(id string) (uint32, bool) { return w.index.scimID.get(hash(id)) }

// ScimByExternal finds records by externalId, whatever the case.
func (w *World) ScimByExternal(id string) []uint32 { return w.index.scimExternal.all(id) }

// ScimByUserName finds records by userName, whatever the case.
func (w *World) ScimByUserName(name string) []uint32 { return w.index.scimName.all(name) }

// ScimByEmail finds records by any of their addresses.
func (w *World) ScimByEmail(mail string) []uint32 { return w.index.scimMail.all(mail) }

// ScimByAccount finds records that are linked to the account.
func (w *World) ScimByAccount(account string) []uint32 { return w.index.scimAccount.all(account) }

// ScimGroupByID finds a group of the Guard directory by its SCIM id.
func (w *World) ScimGroupByID(id string) (uint32, bool) { return w.index.scimGroupID.one(id) }

// ScimGroupsByExternal finds groups of the Guard directory by externalId.
func (w *World) ScimGroupsByExternal(id string) []uint32 { return w.index.scimGroupExternal.all(id) }

// ScimGroupsByName finds groups of the Guard directory by name, whatever the case.
func (w *World) ScimGroupsByName(name string) []uint32 { return w.index.scimGroupName.all(name) }

// Account finds an account of the organization.
func (w *World) Account(id string) (uint32, bool) { return w.index.account.get(hash(id)) }

// AccountsByEmail finds accounts of the organization by address.
func (w *World) AccountsByEmail(mail string) []uint32 { return w.index.accountMail.all(mail) }

// OrgGroupsByName finds groups of the organization, whatever the case.
func (w *World) OrgGroupsByName(name string) []uint32 { return w.index.orgGroupName.all(name) }

// LinksOf are the links that name the account, the SCIM record or, where the recorder noted it, the address.
func (w *World) LinksOf(account, record, mail string) []document.ScimLink {
	at := slices.Concat(w.index.linkAccount.all(account), w.index.linkRecord.all(record), w.index.linkMail.all(mail))
	slices.Sort(at)
	var out []document.ScimLink
	for _, i := range slices.Compact(at) {
		out = append(out, w.Links[i])
	}
	return out
}

// RecordsOf are the provisioning records of a source object, oldest first.
func (w *World) RecordsOf(id string) []*document.ProvisioningRecord {
	var out []*document.ProvisioningRecord
	for _, i := range w.index.record.all(id) {
		out = append(out, &w.Records[i])
	}
	return out
}

// AuditsOf are the audit entries that name the object as a target, oldest first. Where several keys are given,
// entries must name all of them.
func (w *World) AuditsOf(keys ...string) []*document.DirectoryAudit {
	if len(keys) == 0 {
		return nil
	}
	found := w.index.audit.all(keys[0])
	for _, k := range keys[1:] {
		also := w.index.audit.all(k)
		found = slices.DeleteFunc(found, func(i uint32) bool {
			_, ok := slices.BinarySearch(also, i)
			return !ok
		})
	}
	var out []*document.DirectoryAudit
	for _, i := range found {
		out = append(out, &w.Audits[i])
	}
	return out
}
