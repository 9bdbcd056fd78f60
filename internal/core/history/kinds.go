package history

import "github.com/rollcall/rollcall/internal/core/document"

// Kind is what happened, whatever the words of the log are. An entry that none of the kinds fits has none: it is told, and
// no cause is put down to it.
type Kind string

// The kinds. Entra: people, groups, what is assigned, the application and its provisioning job.
const (
	UserCreated    Kind = "user-created"
	UserDeleted    Kind = "user-deleted"
	UserForgotten  Kind = "user-deleted-for-good"
	UserRestored   Kind = "user-restored"
	UserDisabled   Kind = "user-disabled"
	UserEnabled    Kind = "user-enabled"
	UserRenamed    Kind = "user-renamed" // another userPrincipalName or address
	UserChanged    Kind = "user-changed"
	MemberAdded    Kind = "member-added"
	MemberRemoved  Kind = "member-removed"
	MemberEligible Kind = "member-eligible"
	MemberExpired  Kind = "membership-expired" // an activation in Privileged Identity Management ended
	GroupCreated   Kind = "group-created"
	GroupRenamed   Kind = "group-renamed"
	GroupChanged   Kind = "group-changed"
	GroupDeleted   Kind = "group-deleted"
	GroupRestored  Kind = "group-restored"
	Assigned       Kind = "assigned"
	Unassigned     Kind = "unassigned"

	ApplicationChanged Kind = "application-changed" // its service principal: disabled, deleted, changed
	ConsentGiven       Kind = "consent-given"
	ConsentTaken       Kind = "consent-taken"

	JobStarted       Kind = "job-started"
	JobRestarted     Kind = "job-restarted"
	JobPaused        Kind = "job-paused"
	JobQuarantined   Kind = "job-quarantined"
	JobFailed        Kind = "job-failed" // a cycle as a whole
	RulesChanged     Kind = "rules-changed"
	ScopeSet         Kind = "scope-set"     // everybody or those who are assigned
	DeletionsSet     Kind = "deletions-set" // whether those are switched off who fall out of scope
	ThresholdSet     Kind = "threshold-set"
	TenantURLSet     Kind = "tenant-url-set"
	SettingsChanged  Kind = "settings-changed" // any other, or the log does not say which; the key is one of them
	ReadOnPremises   Kind = "read-from-active-directory"
	RefusedByConnect Kind = "refused-by-entra-connect"
)

// What the one who provisions did: Entra's service, or rollcall.
const (
	Provisioned Kind = "provisioned"
	TakenAway   Kind = "taken-away"
	Refused     Kind = "refused"
	Skipped     Kind = "skipped"
	HeldBack    Kind = "held-back"
)

// Atlassian: accounts, records, groups, and what stands around them.
const (
	AccountOpened      Kind = "account-opened"
	AccountDeactivated Kind = "account-deactivated"
	AccountReactivated Kind = "account-reactivated"
	AccountDeleted     Kind = "account-deleted"
	AccountKept        Kind = "account-deletion-canceled"
	AddressChanged     Kind = "address-changed"
	AccountUnlinked    Kind = "account-unlinked"
	AccountUnclaimed   Kind = "account-unclaimed"
	AccessSuspended    Kind = "access-suspended"
	AccessRestored     Kind = "access-restored"
	PolicyChanged      Kind = "policy-changed"
	RecordMade         Kind = "record-made"
	JoinedThere        Kind = "joined-at-atlassian"
	LeftThere          Kind = "left-at-atlassian"
	GroupMadeThere     Kind = "group-made-at-atlassian"
	GroupDeletedThere  Kind = "group-deleted-at-atlassian"
	GroupNotSynced     Kind = "group-not-synced"
	DefaultGroupSet    Kind = "default-group-set"
	ProductGranted     Kind = "product-granted"
	ProductRevoked     Kind = "product-revoked"
	SeatsChanged       Kind = "seats-changed"
	DomainChanged      Kind = "domain-changed"
	KeyReplaced        Kind = "key-replaced"
	KeyExpired         Kind = "key-expired"
	DirectoryMade      Kind = "directory-made"
	DirectoryDeleted   Kind = "directory-deleted"
)

// nature is what all events of a kind have in common.
type nature struct {
	file   document.File // of the log that tells it
	takes  bool          // it takes something away, or failed
	undone []Kind        // after one of these it is as if it had not been
	after  []Kind        // it may be but what one of these led to, or the same once more
}

// natures of all kinds. A kind without an entry is one of Entra's audit log that takes nothing away and is not undone.
var natures = map[Kind]nature{
	UserCreated:    {undone: []Kind{UserDeleted}},
	UserDeleted:    {takes: true, undone: []Kind{UserRestored, UserCreated}, after: []Kind{UserDisabled}},
	UserForgotten:  {takes: true, undone: []Kind{UserCreated}, after: []Kind{UserDeleted, AccountDeactivated, TakenAway}},
	UserDisabled:   {takes: true, undone: []Kind{UserEnabled, UserCreated}},
	UserRenamed:    {takes: true},
	UserChanged:    {takes: true},
	MemberAdded:    {undone: []Kind{MemberRemoved, MemberExpired, GroupDeleted}},
	MemberRemoved:  {takes: true, undone: []Kind{MemberAdded}},
	MemberExpired:  {takes: true, undone: []Kind{MemberAdded}, after: []Kind{MemberRemoved}},
	MemberEligible: {undone: []Kind{MemberAdded}},
	GroupRenamed:   {takes: true},
	GroupChanged:   {takes: true},
	GroupDeleted:   {takes: true, undone: []Kind{GroupRestored}},
	Assigned:       {undone: []Kind{Unassigned}},
	Unassigned:     {takes: true, undone: []Kind{Assigned}},

	ApplicationChanged: {takes: true, undone: []Kind{ConsentGiven}},
	ConsentTaken:       {takes: true, undone: []Kind{ConsentGiven}},
	JobPaused:          {takes: true, undone: []Kind{JobStarted, JobRestarted}},
	JobQuarantined:     {takes: true, undone: []Kind{JobStarted, JobRestarted}, after: []Kind{JobQuarantined, JobFailed, KeyReplaced, KeyExpired, TenantURLSet, SettingsChanged}},
	JobFailed:          {file: document.SynchronizationJobs, takes: true, undone: []Kind{JobStarted, JobRestarted}, after: []Kind{JobQuarantined, JobFailed, KeyReplaced, KeyExpired, TenantURLSet, SettingsChanged}},
	RulesChanged:       {takes: true},
	ScopeSet:           {takes: true},
	DeletionsSet:       {takes: true},
	ThresholdSet:       {takes: true},
	TenantURLSet:       {takes: true},
	SettingsChanged:    {takes: true},
	ReadOnPremises:     {file: document.Users},
	RefusedByConnect:   {file: document.Users, takes: true},

	Provisioned: {file: document.ProvisioningLogs, undone: []Kind{TakenAway}},
	TakenAway:   {file: document.ProvisioningLogs, takes: true, undone: []Kind{Provisioned}, after: []Kind{UserDeleted, UserDisabled, MemberRemoved, Unassigned}},
	Refused:     {file: document.ProvisioningLogs, takes: true, undone: []Kind{Provisioned}, after: []Kind{Refused}},
	Skipped:     {file: document.ProvisioningLogs, takes: true, undone: []Kind{Provisioned}, after: []Kind{Skipped}},
	HeldBack:    {file: document.ProvisioningLogs, takes: true, undone: []Kind{Provisioned, TakenAway}, after: []Kind{HeldBack}},

	AccountOpened:      {file: document.Events},
	AccountDeactivated: {file: document.Events, takes: true, undone: []Kind{AccountReactivated}, after: []Kind{UserDeleted, UserForgotten, UserDisabled, MemberRemoved, Unassigned, TakenAway, AccountDeleted}},
	AccountReactivated: {file: document.Events, undone: []Kind{AccountDeactivated}},
	AccountDeleted:     {file: document.Events, takes: true, undone: []Kind{AccountKept}, after: []Kind{AccountDeleted}},
	AccountKept:        {file: document.Events},
	AddressChanged:     {file: document.Events, takes: true, after: []Kind{UserRenamed}},
	AccountUnlinked:    {file: document.Events, takes: true, after: []Kind{UserRenamed, AddressChanged}},
	AccountUnclaimed:   {file: document.Events, takes: true},
	AccessSuspended:    {file: document.Events, takes: true, undone: []Kind{AccessRestored}},
	AccessRestored:     {file: document.Events},
	PolicyChanged:      {file: document.Events, takes: true},
	RecordMade:         {file: document.ScimUsers},
	JoinedThere:        {file: document.Events, undone: []Kind{LeftThere}},
	LeftThere:          {file: document.Events, takes: true, undone: []Kind{JoinedThere}, after: []Kind{MemberRemoved, Unassigned, UserDeleted, UserDisabled}},
	GroupMadeThere:     {file: document.Events, undone: []Kind{GroupDeletedThere}},
	GroupDeletedThere:  {file: document.Events, takes: true, undone: []Kind{GroupMadeThere}},
	GroupNotSynced:     {file: document.Events, takes: true, after: []Kind{MemberAdded, Assigned, GroupCreated, GroupRenamed}},
	DefaultGroupSet:    {file: document.Events},
	ProductGranted:     {file: document.Events, undone: []Kind{ProductRevoked}},
	ProductRevoked:     {file: document.Events, takes: true, undone: []Kind{ProductGranted}},
	SeatsChanged:       {file: document.Events},
	DomainChanged:      {file: document.Events, takes: true},
	KeyReplaced:        {file: document.Events, takes: true},
	KeyExpired:         {file: document.Events, takes: true},
	DirectoryMade:      {file: document.Events},
	DirectoryDeleted:   {file: document.Events, takes: true},
}

// file is the document that tells of events of the kind.
func (k Kind) file() document.File {
	if f := natures[k].file; f != "" {
		return f
	}
	return document.DirectoryAudits
}
