// Package facts holds what the documents of a recorded or live world say, indexed for questions: typed facts of
// users, groups, jobs, logs, records, links, accounts, policies and products. A fact is known, with the place where it was
// seen, or unknown, with the call that would tell. It decides nothing; package trace does.
package facts

import (
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// World is everything the documents say. It is immutable once built.
type World struct {
	Bundle document.Bundle
	At     time.Time // the moment of the recording: "now" for every decision
	Limits Limits

	Users       []document.User // sorted by id
	Deleted     []document.User
	Groups      []Group // sorted by id; Graph's group ordinals
	Graph       *directory.Graph
	Assignments []document.AppRoleAssignment
	Principal   *document.ServicePrincipal
	Jobs        []document.Job
	Schema      *document.Schema
	Settings    map[string]string // of the synchronization job, by key

	ScimUsers  []document.ScimUser // sorted by id
	ScimGroups []ScimGroup         // sorted by id
	Links      []document.ScimLink
	OwnLinks   []document.OwnLink // of records and groups that rollcall manages
	OwnRules   *document.OwnRules // by which rollcall provisions; nil: not told
	OwnRuns    []document.OwnRun
	OwnLog     []document.OwnEntry
	OrgUsers   []document.OrgUser // sorted by account id
	OrgGroups  []OrgGroup         // sorted by name, then id
	Domains    map[string]document.Domain
	Manage     map[string]document.ManageAnswer
	Policies   map[string]document.AuthPolicy
	Sites      []Site // sorted by host
	Events     []document.Event
	GuardLog   []document.LogLine

	Records []document.ProvisioningRecord // sorted by time, then id
	Audits  []document.DirectoryAudit     // sorted by time, then id

	Totals map[document.File]int // rows of people documents before focus: users, records, accounts

	From map[document.File][]string // exports that stand for a document, by name; recorded documents have no entry

	Notes []Note // oddities met while reading that hide nothing: duplicate ids, members that do not exist

	have    map[document.File]bool
	told    map[string]bool
	doubled map[document.File]int // ids of people that stand in a document more than once
	untold  []string              // ids of users that groups name and nothing else tells of, at most maxUntold
	index   index
	focused bool
}

// Limits are numbers that the vendors publish and change; see atlassian.md 1.9 and 3.5.
type Limits struct {
	UsersPerDirectory int           // SCIM records that a directory may hold
	UsersPerGroup     int           // members of one synced group
	ConnectorGroup    int           // users that the nested-groups connector puts into one group
	Propagation       time.Duration // after this, a change that has not reached the site is stuck
	ConnectorEvery    time.Duration // interval of the nested-groups connector
	OnPremisesStale   time.Duration // age of the last on-premises synchronization that counts as stale
}

// DefaultLimits are the documented values of November 2026.
var DefaultLimits = Limits{
	UsersPerDirectory: 1_000_000, UsersPerGroup: 290_000, ConnectorGroup: 10_000,
	Propagation: time.Hour, ConnectorEvery: 4 * time.Hour, OnPremisesStale: 24 * time.Hour,
}

// Group is an Entra group; its members are in the Graph under the same ordinal.
type Group struct {
	document.Group     // Members.List is nil; Members.Known stays
	Count          int // direct members of every type
	Unresolved     int // direct members that are no user or group of the documents
	Departed       int // direct members that are deleted users: they are known not to be there any more
	MissingGroups  int // direct members that are groups, but of which the documents say nothing: a gap in the nesting
}

// ScimGroup is a group of the Guard directory; its members are ordinals of ScimUsers.
type ScimGroup struct {
	document.ScimGroup          // Members.Value is nil; Members.Known stays
	Members            []uint32 // sorted
	Count              int      // members told, those without a record too
	Unresolved         []string // ids without a record, at most ten
}

// OrgGroup is a group of the organization; its members are ordinals of OrgUsers.
type OrgGroup struct {
	document.OrgGroup
	Members []uint32
	Count   int
}

// Site is one Jira site.
type Site struct {
	Host   string // empty where the bundle holds a single site
	Groups map[string]*JiraGroup
	Roles  []document.ApplicationRole
}

// JiraGroup is a group as a site sees it; members are account ids, sorted.
type JiraGroup struct {
	Known   bool // the site told the members
	Error   string
	Members []string
	Count   int
	Some    bool // only some accounts were asked about: others may be members

	hashes []uint64 // of Members, sorted: a roll call asks for every membership, and strings lie scattered in memory
}

// Has tells whether the member list has the account.
func (g *JiraGroup) Has(account string) bool {
	_, ok := slices.BinarySearch(g.hashes, exactHash(account))
	return ok
}

// sealed sorts the members.
func (g *JiraGroup) sealed() {
	slices.Sort(g.Members)
	g.hashes = make([]uint64, len(g.Members))
	for i, id := range g.Members {
		g.hashes[i] = exactHash(id)
	}
	slices.Sort(g.hashes)
}

// Note is an oddity of a document.
type Note struct {
	File document.File
	Text string
}

// Has tells whether the document was there and could be read as a whole. A gap of bundle.json on the whole
// file makes it not known even where the file exists.
func (w *World) Has(f document.File) bool { return w.have[f] }

// HasSite tells whether a document of that site was there.
func (w *World) HasSite(base document.File, host string) bool {
	return w.have[document.ForSite(base, host)]
}

// Told are the plain attributes of users that the recording has at all: what is empty there is null. See document.Told.
func (w *World) Told() map[string]bool { return w.told }

// Focused tells whether only some subjects and what touches them were loaded.
func (w *World) Focused() bool { return w.focused }

// Gap is a gap that hides facts of the subject in this document, if there is one. A gap without a subject hides
// the whole document.
func (w *World) Gap(f document.File, subjects ...string) (document.Gap, bool) {
	for _, g := range w.Bundle.Gaps {
		if g.File != string(f) {
			continue
		}
		if g.Subject == "" {
			return g, true
		}
		for _, s := range subjects {
			if s != "" && strings.EqualFold(g.Subject, s) {
				return g, true
			}
		}
	}
	return document.Gap{}, false
}

// Call is the API call that would tell what the document tells, as a gap names it or as documented.
func (w *World) Call(f document.File) string {
	if g, ok := w.Gap(f); ok && g.Call != "" {
		return g.Call
	}
	return document.Of(f).Call
}

// Method is the connection's method; entra-scim where the bundle does not say.
func (w *World) Method() string {
	if w.Bundle.Connection.Method == "" {
		return document.EntraSCIM
	}
	return w.Bundle.Connection.Method
}
