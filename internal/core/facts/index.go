package facts

import (
	"slices"
	"sort"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// index finds rows by the keys that people and services use. Keys are folded to lower case; callers that care
// about case compare the rows.
type index struct {
	userID, userKey    map[string][]uint32 // key: UPN, mail, proxy addresses
	deletedKey         map[string][]uint32
	groupID            map[string]uint32
	groupName          map[string][]uint32
	assigned           map[string][]int // principal id -> assignments
	scimID             map[string]uint32
	scimExternal       map[string][]uint32
	scimName, scimMail map[string][]uint32
	scimAccount        map[string][]uint32
	scimGroupID        map[string]uint32
	scimGroupExternal  map[string][]uint32
	scimGroupName      map[string][]uint32
	account            map[string]uint32
	accountMail        map[string][]uint32
	orgGroupName       map[string][]uint32
	linkAccount        map[string][]int
	linkRecord         map[string][]int
	linkMail           map[string][]int
	record             map[string][]int // source object id -> provisioning records
	audit              map[string][]int // object id or user principal name -> audits
}

// Fold is how keys are compared: lower case, surrounding blanks gone.
func Fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func add[K comparable, V any](m map[K][]V, k K, v V) map[K][]V {
	var zero K
	if k == zero {
		return m
	}
	if m == nil {
		m = map[K][]V{}
	}
	m[k] = append(m[k], v)
	return m
}

func one[V any](m map[string]V, k string) (V, bool) { v, ok := m[Fold(k)]; return v, ok }

// UserByID finds a user of Entra.
func (w *World) UserByID(id string) (uint32, bool) {
	if l := w.index.userID[Fold(id)]; len(l) > 0 {
		return l[0], true
	}
	return 0, false
}

// UsersByKey finds users of Entra by user principal name, mail or proxy address.
func (w *World) UsersByKey(key string) []uint32 { return w.index.userKey[Fold(key)] }

// DeletedByKey finds deleted users by id, user principal name, mail or proxy address.
func (w *World) DeletedByKey(key string) []uint32 { return w.index.deletedKey[Fold(key)] }

// GroupByID finds a group of Entra.
func (w *World) GroupByID(id string) (uint32, bool) { return one(w.index.groupID, id) }

// GroupsByName finds groups of Entra by display name, whatever the case.
func (w *World) GroupsByName(name string) []uint32 { return w.index.groupName[Fold(name)] }

// AssignmentsOf are the assignments of a user or group to the application.
func (w *World) AssignmentsOf(principal string) []document.AppRoleAssignment {
	var out []document.AppRoleAssignment
	for _, i := range w.index.assigned[Fold(principal)] {
		out = append(out, w.Assignments[i])
	}
	return out
}

// ScimByID finds a record of the Guard directory.
func (w *World) ScimByID(id string) (uint32, bool) { return one(w.index.scimID, id) }

// ScimByExternal finds records by externalId, whatever the case.
func (w *World) ScimByExternal(id string) []uint32 { return w.index.scimExternal[Fold(id)] }

// ScimByUserName finds records by userName, whatever the case.
func (w *World) ScimByUserName(name string) []uint32 { return w.index.scimName[Fold(name)] }

// ScimByEmail finds records by any of their addresses.
func (w *World) ScimByEmail(mail string) []uint32 { return w.index.scimMail[Fold(mail)] }

// ScimByAccount finds records that are linked to the account.
func (w *World) ScimByAccount(account string) []uint32 { return w.index.scimAccount[Fold(account)] }

// ScimGroupByID finds a group of the Guard directory by its SCIM id.
func (w *World) ScimGroupByID(id string) (uint32, bool) { return one(w.index.scimGroupID, id) }

// ScimGroupsByExternal finds groups of the Guard directory by externalId.
func (w *World) ScimGroupsByExternal(id string) []uint32 { return w.index.scimGroupExternal[Fold(id)] }

// ScimGroupsByName finds groups of the Guard directory by name, whatever the case.
func (w *World) ScimGroupsByName(name string) []uint32 { return w.index.scimGroupName[Fold(name)] }

// Account finds an account of the organization.
func (w *World) Account(id string) (uint32, bool) { return one(w.index.account, id) }

// AccountsByEmail finds accounts of the organization by address.
func (w *World) AccountsByEmail(mail string) []uint32 { return w.index.accountMail[Fold(mail)] }

// OrgGroupsByName finds groups of the organization, whatever the case.
func (w *World) OrgGroupsByName(name string) []uint32 { return w.index.orgGroupName[Fold(name)] }

// LinksOf are the links that name the account, the SCIM record or, where the recorder noted it, the address.
func (w *World) LinksOf(account, record, mail string) []document.ScimLink {
	var at []int
	for _, l := range [][]int{w.index.linkAccount[Fold(account)], w.index.linkRecord[Fold(record)], w.index.linkMail[Fold(mail)]} {
		for _, i := range l {
			if !slices.Contains(at, i) {
				at = append(at, i)
			}
		}
	}
	sort.Ints(at)
	var out []document.ScimLink
	for _, i := range at {
		out = append(out, w.Links[i])
	}
	return out
}

// RecordsOf are the provisioning records of a source object, oldest first.
func (w *World) RecordsOf(id string) []*document.ProvisioningRecord {
	var out []*document.ProvisioningRecord
	for _, i := range w.index.record[Fold(id)] {
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
	var out []*document.DirectoryAudit
next:
	for _, i := range w.index.audit[Fold(keys[0])] {
		for _, k := range keys[1:] {
			if !slices.Contains(w.index.audit[Fold(k)], i) {
				continue next
			}
		}
		out = append(out, &w.Audits[i])
	}
	return out
}

// Domain is the domain of an address, folded.
func Domain(mail string) string {
	_, d, _ := strings.Cut(Fold(mail), "@")
	return d
}
