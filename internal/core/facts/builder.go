package facts

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Builder collects documents into a World. People (users, SCIM records, accounts) come first, then SealPeople,
// then the groups that name them, then World. Methods of different kinds may run at the same time in
// different goroutines; one kind is for one goroutine.
//
// A builder with an Outline makes a focused world: the outline stands for everybody, so the groups come first. Then
// Select says which rows of people to hand over, and everything else follows: links, logs, what may be managed,
// policies.
type Builder struct {
	w       *World
	outline *Outline // nil: everybody is kept
	keep    *keySet  // of a focused world, after Select

	mu    sync.Mutex // guards notes and sites; everything else belongs to one kind of document
	notes []Note
	alike map[Note]int // file and format -> how many
	gaps  []document.Gap

	users, deleted rows[document.User]
	records        rows[document.ScimUser]
	accounts       rows[document.OrgUser]
	sealed         bool

	groupOf       map[string]uint32 // Entra group id -> order of arrival
	nested        [][]string        // member groups by id
	members       [][]uint32
	untyped       map[string]bool // members whose type the document does not tell and that are no known user
	sites         map[string]*Site
	jiraMembers   map[*JiraGroup][]uint64 // of a focused world, until the accounts are known: hashes of account ids
	seenOrgGroup  map[string]bool
	seenScimGroup map[string]bool
	policyNamed   map[string]bool
	permissions   []map[string]document.Permission // sets of permissions met so far, a few
}

// Focus limits a world to what touches a few subjects. The zero Focus keeps all.
type Focus struct{ Outline *Outline }

// NewBuilder starts a world. With an outline it will hold only what Select finds.
func NewBuilder(b document.Bundle, keep Focus) *Builder {
	outline := keep.Outline
	limits := DefaultLimits
	limits.UsersPerDirectory = cmp.Or(max(0, b.Connection.SizeLimits.Users), limits.UsersPerDirectory)
	limits.UsersPerGroup = cmp.Or(max(0, b.Connection.SizeLimits.GroupMembers), limits.UsersPerGroup)
	return &Builder{
		w: &World{
			Bundle: b, At: b.CapturedAt.Time, Limits: limits, have: map[document.File]bool{}, focused: outline != nil,
			Settings: map[string]string{}, Domains: map[string]document.Domain{}, Manage: map[string]document.ManageAnswer{},
			Policies: map[string]document.AuthPolicy{}, Totals: map[document.File]int{}, doubled: map[document.File]int{},
		},
		outline: outline, alike: map[Note]int{}, groupOf: map[string]uint32{}, untyped: map[string]bool{}, sites: map[string]*Site{},
		jiraMembers: map[*JiraGroup][]uint64{}, seenOrgGroup: map[string]bool{}, seenScimGroup: map[string]bool{}, policyNamed: map[string]bool{},
	}
}

// Have notes that a document was read to its end. It is not for use beside other methods.
func (b *Builder) Have(f document.File) { b.w.have[f] = true }

// Gap notes that a document is cut or could not be read; what it could hide is unknown.
func (b *Builder) Gap(g document.Gap) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.gaps = append(b.gaps, g)
}

// Note records an oddity that hides nothing. Of oddities that are alike the first ones are told, the others counted.
func (b *Builder) Note(f document.File, format string, args ...any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	alike := Note{f, format}
	if b.alike[alike]++; b.alike[alike] <= notesAlike || format == "%s" {
		b.notes = append(b.notes, Note{f, fmt.Sprintf(format, args...)})
	}
}

const notesAlike = 20

// allNotes adds how many more there were.
func (b *Builder) allNotes() []Note {
	notes := b.notes
	for alike, n := range b.alike {
		if n > notesAlike && alike.Text != "%s" {
			what, _, _ := strings.Cut(strings.NewReplacer("%s", "…", "%d", "…").Replace(alike.Text), ";")
			notes = append(notes, Note{alike.File, fmt.Sprintf("%d more of the kind: %s", n-notesAlike, what)})
		}
	}
	slices.SortFunc(notes, func(x, y Note) int { return cmp.Or(cmp.Compare(x.File, y.File), cmp.Compare(x.Text, y.Text)) })
	return notes
}

// Domain takes a domain.
func (b *Builder) Domain(d document.Domain) { b.w.Domains[Fold(d.Attributes.Name)] = d }

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

// Event takes an entry of the organization's audit log.
func (b *Builder) Event(e document.Event) { b.w.Events = append(b.w.Events, e) }

// LogLine takes a line of Guard's troubleshooting log.
func (b *Builder) LogLine(l document.LogLine) { b.w.GuardLog = append(b.w.GuardLog, l) }

// Record takes an entry of the provisioning log.
func (b *Builder) Record(r document.ProvisioningRecord) {
	if b.concernsRecord(&r) {
		b.w.Records = append(b.w.Records, r)
	}
}

// Audit takes an entry of Entra's audit log.
func (b *Builder) Audit(a document.DirectoryAudit) {
	if b.concernsAudit(&a) {
		b.w.Audits = append(b.w.Audits, a)
	}
}

// ManageAnswer takes what may be managed on an account.
func (b *Builder) ManageAnswer(account string, m document.ManageAnswer) {
	if b.outline != nil && !b.keep.has(hash(account)) {
		return
	}
	if _, have := b.w.Manage[Fold(account)]; have {
		b.Note(document.Manage, "account %s stands there more than once; the first is used", account)
		return
	}
	// Nearly all accounts have one of a few sets of permissions, so each set is kept once.
	at := slices.IndexFunc(b.permissions, func(p map[string]document.Permission) bool { return maps.Equal(p, m.Permissions) })
	switch {
	case at >= 0:
		m.Permissions = b.permissions[at]
	case len(b.permissions) < 16:
		b.permissions = append(b.permissions, m.Permissions)
	}
	b.w.Manage[Fold(account)] = m
}

// Policy takes the authentication policy of an account. An answer may name the account by its address.
func (b *Builder) Policy(account string, p document.AuthPolicy) {
	if p.Error != "" {
		b.Note(document.AuthPolicies, "account %s: the service answered %s", account, p.Error)
		return
	}
	for _, at := range b.w.AccountsByEmail(account) {
		account = b.w.OrgUsers[at].AccountID
	}
	// Any account tells the name of a policy, so one of each policy is kept.
	if b.outline != nil && !b.keep.has(hash(account)) && b.policyNamed[Fold(p.PolicyID)] {
		return
	}
	b.policyNamed[Fold(p.PolicyID)] = b.policyNamed[Fold(p.PolicyID)] || p.Name != ""
	b.w.Policies[Fold(account)] = p
}
