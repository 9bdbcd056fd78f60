package facts

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Outline is everybody in the documents in a few dozen bytes each: hashes of the keys by which they are found, and
// where their row stands in its document. With it a focused world is built: Builder.Select finds who touches a few
// subjects, and only those rows are read again and kept. Methods of different kinds may run at the same time in
// different goroutines.
type Outline struct {
	users, deleted, records, accounts, links outlined

	accountOf  []uint64 // record -> hash of the account it is linked to, by the record's own extension
	active     []bool   // record -> active
	synced     []bool   // account -> managementSource says that an identity provider made it
	linkRecord []uint64 // link -> hash of the record
	linkTo     []uint64 // link -> hash of the account
	ours       uint64   // hash of the connection's directory
	mapped     func(*document.User) []string

	// What somebody's row tells about the documents as a whole; that row is always kept.
	textTold      [8]bool   // a user has a text in that plain field: the recording has that attribute
	mailTold      bool      // a user has a mail: the recording has that attribute
	extensionTold bool      // a record carries Atlassian's extension: those without are not linked
	freshest      time.Time // of directory synchronization from on-premises: nobody is stale before that
	freshestRow   int
}

// outlined is one kind of rows.
type outlined struct {
	at     []int64  // where the row begins in its document
	from   []uint32 // row -> first of its keys; the id comes first
	keys   []uint64 // empty ones are left out, but for the id
	names  []uint64 // row -> display name, by which people look but which belongs to nobody alone
	byID   table
	kept   map[int]bool // rows that touch the subjects
	always map[int]bool // rows that tell something about the documents as a whole, whoever the subjects are
}

func (o *outlined) len() int { return len(o.at) }

func (o *outlined) row(at int64, name string) int {
	o.at, o.from, o.names = append(o.at, at), append(o.from, uint32(len(o.keys))), append(o.names, hash(name))
	return len(o.at) - 1
}

func (o *outlined) key(k string) {
	if h := hash(k); h != 0 {
		o.keys = append(o.keys, h)
	}
}

// identify comes first for every row: the id is the first key.
func (o *outlined) identify(id string, row int) {
	h := hash(id)
	o.keys = append(o.keys, h)
	o.byID.put(h, row)
}

func (o *outlined) keysOf(row int) []uint64 {
	if row+1 < len(o.from) {
		return o.keys[o.from[row]:o.from[row+1]]
	}
	return o.keys[o.from[row]:]
}

func newOutlined() outlined {
	return outlined{kept: map[int]bool{}, always: map[int]bool{}}
}

// NewOutline starts an outline. mapped gives the values that the connection's own mapping makes of a user, where it
// is not the default one: others may collide with them.
func NewOutline(c document.Connection, mapped func(*document.User) []string) *Outline {
	return &Outline{
		users: newOutlined(), deleted: newOutlined(), records: newOutlined(), accounts: newOutlined(), links: newOutlined(),
		ours: hash(c.Directory), mapped: mapped, freshestRow: -1,
	}
}

// User takes a user of Entra whose row begins at that place.
func (o *Outline) User(at int64, u *document.User) {
	row := o.users.row(at, u.DisplayName)
	o.users.identify(u.ID, row)
	eachUserKey(u, o.users.key)
	if o.mapped != nil {
		for _, v := range o.mapped(u) {
			o.users.key(v)
		}
	}
	for i, text := range u.PlainTexts() {
		if text != "" && !o.textTold[i] {
			o.textTold[i], o.users.always[row] = true, true
		}
	}
	if u.Mail.Known && !o.mailTold {
		o.mailTold, o.users.always[row] = true, true
	}
	if last := u.OnPremisesLastSyncDateTime.Time; document.Is(u.OnPremisesSyncEnabled, true) && last.After(o.freshest) {
		o.freshest, o.freshestRow = last, row
	}
}

// DeletedUser takes a deleted user.
func (o *Outline) DeletedUser(at int64, u *document.User) {
	o.deleted.identify(u.ID, o.deleted.row(at, u.DisplayName))
	eachUserKey(u, o.deleted.key)
}

// ScimUser takes a record of the Guard directory.
func (o *Outline) ScimUser(at int64, u *document.ScimUser) {
	row := o.records.row(at, u.DisplayName)
	o.records.identify(u.ID, row)
	eachRecordKey(u, o.records.key)
	o.accountOf = append(o.accountOf, hash(u.Atlassian.Value.AtlassianAccountID.Value))
	o.active = append(o.active, u.IsActive())
	if u.Atlassian.Known && !o.extensionTold {
		o.extensionTold, o.records.always[row] = true, true
	}
}

// OrgUser takes an account.
func (o *Outline) OrgUser(at int64, u *document.OrgUser) {
	row := o.accounts.row(at, u.Name)
	o.accounts.identify(u.AccountID, row)
	o.accounts.key(u.Email)
	o.synced = append(o.synced, u.ManagementSource.Value == "synced")
}

// ScimLink takes a link. Links into another directory tell that there was one, so they are always kept.
func (o *Outline) ScimLink(at int64, l *document.ScimLink) {
	row := o.links.row(at, "")
	o.links.identify(l.ScimUserID, row)
	o.links.key(l.AtlassianAccountID.Value)
	o.links.key(l.Email)
	o.linkRecord, o.linkTo = append(o.linkRecord, hash(l.ScimUserID)), append(o.linkTo, hash(l.AtlassianAccountID.Value))
	if l.DirectoryID != "" && o.ours != 0 && hash(l.DirectoryID) != o.ours {
		o.links.always[row] = true
	}
}

// UserByID finds a row of users.
func (o *Outline) UserByID(id string) (uint32, bool) { return o.users.find(id) }

// IsDeleted tells whether the id is that of a deleted user.
func (o *Outline) IsDeleted(id string) bool {
	_, deleted := o.deleted.find(id)
	return deleted
}

// ScimByID finds a row of records.
func (o *Outline) ScimByID(id string) (uint32, bool) { return o.records.find(id) }

// Account finds a row of accounts.
func (o *Outline) Account(id string) (uint32, bool) { return o.accounts.find(id) }

func (o *outlined) find(id string) (uint32, bool) {
	return o.byID.get(hash(id))
}
