package facts

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Builder collects documents into a World. People (users, SCIM records, accounts) come first, then SealPeople,
// then the groups that name them, then World. Methods of different kinds may run at the same time in
// different goroutines; one kind is for one goroutine.
type Builder struct {
	w     *World
	keep  Focus
	mu    sync.Mutex // guards notes and jiraByHost; everything else belongs to one kind of document
	notes []Note

	users0, records0, accounts0 int // rows met, kept or not

	groupOf       map[string]uint32 // Entra group id -> order of arrival
	nested        [][]string        // member groups by id
	users         [][]uint32
	jiraByHost    map[string]*Site
	untyped       map[string]bool // members whose type the document does not tell and that are no known user
	seenOrgGroup  map[string]bool
	seenScimGroup map[string]bool
}

// Focus limits what is kept to what touches a few keys (folded ids, names, addresses). The zero Focus keeps all.
type Focus struct{ Keys map[string]bool }

// Any tells whether one of the keys is wanted, or everything is.
func (f Focus) Any(keys ...string) bool {
	if f.Keys == nil {
		return true
	}
	for _, k := range keys {
		if k != "" && f.Keys[Fold(k)] {
			return true
		}
	}
	return false
}

// NewBuilder starts a world.
func NewBuilder(b document.Bundle, keep Focus) *Builder {
	return &Builder{
		w: &World{
			Bundle: b, At: b.CapturedAt.Time, Limits: DefaultLimits, have: map[document.File]bool{}, focused: keep.Keys != nil,
			Settings: map[string]string{}, Domains: map[string]document.Domain{}, Manage: map[string]document.ManageAnswer{},
			Policies: map[string]document.AuthPolicy{}, Totals: map[document.File]int{},
		},
		keep: keep, groupOf: map[string]uint32{}, jiraByHost: map[string]*Site{},
		untyped: map[string]bool{}, seenOrgGroup: map[string]bool{}, seenScimGroup: map[string]bool{},
	}
}

// Have notes that a document was read to its end.
func (b *Builder) Have(f document.File) { b.w.have[f] = true }

// Gap notes that a document is cut or could not be read; what it could hide is unknown.
func (b *Builder) Gap(g document.Gap) { b.w.Bundle.Gaps = append(slices.Clip(b.w.Bundle.Gaps), g) }

// Note records an oddity that hides nothing.
func (b *Builder) Note(f document.File, format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.notes = append(b.notes, Note{f, fmt.Sprintf(format, args...)})
}

// UserKeys are the keys by which people look for a user.
func UserKeys(u *document.User) []string {
	keys := []string{u.ID, u.UserPrincipalName, u.Mail.Value, u.DisplayName}
	for _, p := range u.ProxyAddresses {
		keys = append(keys, Address(p))
	}
	return append(keys, u.OtherMails...)
}

// Address strips the kind (smtp:, SMTP:) from a proxy address; other kinds (X500:, SIP:) give "".
func Address(proxy string) string {
	kind, rest, ok := strings.Cut(proxy, ":")
	if !ok {
		return proxy
	}
	if strings.EqualFold(kind, "smtp") {
		return rest
	}
	return ""
}

// User takes a user of Entra.
func (b *Builder) User(u document.User) {
	b.users0++
	if b.keep.Any(UserKeys(&u)...) {
		b.w.Users = append(b.w.Users, u)
	}
}

// DeletedUser takes a deleted user.
func (b *Builder) DeletedUser(u document.User) {
	if b.keep.Any(UserKeys(&u)...) {
		b.w.Deleted = append(b.w.Deleted, u)
	}
}

// ScimKeys are the keys by which people look for a record.
func ScimKeys(u *document.ScimUser) []string {
	keys := []string{u.ID, u.ExternalID, u.UserName, u.DisplayName, u.Atlassian.Value.AtlassianAccountID.Value}
	for _, e := range u.Emails {
		keys = append(keys, e.Value)
	}
	return keys
}

// ScimUser takes a record of the Guard directory.
func (b *Builder) ScimUser(u document.ScimUser) {
	b.records0++
	if b.keep.Any(ScimKeys(&u)...) {
		b.w.ScimUsers = append(b.w.ScimUsers, u)
	}
}

// OrgUser takes an account.
func (b *Builder) OrgUser(u document.OrgUser) {
	b.accounts0++
	if b.keep.Any(u.AccountID, u.Email, u.Name) {
		b.w.OrgUsers = append(b.w.OrgUsers, u)
	}
}

// ScimLink takes a link.
func (b *Builder) ScimLink(l document.ScimLink) {
	if b.keep.Any(l.ScimUserID, l.AtlassianAccountID.Value, l.Email) {
		b.w.Links = append(b.w.Links, l)
	}
}

// Domain takes a domain.
func (b *Builder) Domain(d document.Domain) { b.w.Domains[Fold(d.Attributes.Name)] = d }

// ManageAnswer takes what may be managed on an account.
func (b *Builder) ManageAnswer(account string, m document.ManageAnswer) {
	b.w.Manage[Fold(account)] = m
}

// Policy takes the authentication policy of an account.
func (b *Builder) Policy(account string, p document.AuthPolicy) { b.w.Policies[Fold(account)] = p }

// Principal takes the enterprise application.
func (b *Builder) Principal(p document.ServicePrincipal) { b.w.Principal = &p }

// Assignment takes an assignment to the application.
func (b *Builder) Assignment(a document.AppRoleAssignment) {
	b.w.Assignments = append(b.w.Assignments, a)
}

// Job takes a synchronization job.
func (b *Builder) Job(j document.Job) { b.w.Jobs = append(b.w.Jobs, j) }

// Schema takes the synchronization schema.
func (b *Builder) Schema(s document.Schema) { b.w.Schema = &s }

// Setting takes a setting of the job.
func (b *Builder) Setting(k document.KeyValue) { b.w.Settings[k.Key] = k.Value }

// Record takes an entry of the provisioning log.
func (b *Builder) Record(r document.ProvisioningRecord) { b.w.Records = append(b.w.Records, r) }

// Audit takes an entry of Entra's audit log.
func (b *Builder) Audit(a document.DirectoryAudit) { b.w.Audits = append(b.w.Audits, a) }

// Event takes an entry of the organization's audit log.
func (b *Builder) Event(e document.Event) { b.w.Events = append(b.w.Events, e) }

// LogLine takes a line of Guard's troubleshooting log.
func (b *Builder) LogLine(l document.LogLine) { b.w.GuardLog = append(b.w.GuardLog, l) }

// SealPeople sorts and indexes people. Of two with one id the first in the document is kept and a note says so.
func (b *Builder) SealPeople() {
	w := b.w
	w.Totals[document.Users], w.Totals[document.ScimUsers], w.Totals[document.OrgUsers] = b.users0, b.records0, b.accounts0
	w.Users = distinct(b, document.Users, w.Users, func(u *document.User) string { return u.ID })
	w.Deleted = distinct(b, document.DeletedUsers, w.Deleted, func(u *document.User) string { return u.ID })
	w.ScimUsers = distinct(b, document.ScimUsers, w.ScimUsers, func(u *document.ScimUser) string { return u.ID })
	w.OrgUsers = distinct(b, document.OrgUsers, w.OrgUsers, func(u *document.OrgUser) string { return u.AccountID })
	w.indexPeople()
}

// distinct sorts by id and keeps the first row of each.
func distinct[T any](b *Builder, f document.File, list []T, id func(*T) string) []T {
	slices.SortStableFunc(list, func(x, y T) int { return cmp.Compare(Fold(id(&x)), Fold(id(&y))) })
	out := list[:0]
	for i := range list {
		if key := Fold(id(&list[i])); key != "" && len(out) > 0 && Fold(id(&out[len(out)-1])) == key {
			b.Note(f, "id %s stands there more than once; the first is used", id(&list[i]))
			continue
		}
		out = append(out, list[i])
	}
	return out
}
