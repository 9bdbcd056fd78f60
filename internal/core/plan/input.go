package plan

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Input is everything that a plan is computed from.
type Input struct {
	At       time.Time // "now"
	Rules    Rules
	Source   *directory.Snapshot
	Target   Target
	RulesGap string // why the rules may not be those that count; "" where they are

	History []Removal // what earlier runs took away; only those of the last day count

	Stage func(name string) // told when a part of the work begins; may be nil
}

// Rules are the rules of a connection.
type Rules struct {
	Connection string
	Method     string // document.Rollcall, EntraSCIM or GuardNested
	Scope      scope.Rules
	Mapping    mapping.Rules
	Match      []string // target attributes of users by which records are found, in order; empty: externalId, userName
	Policies   []Policy
	Limits     Limits
	Text       string // the rules in one text, for the digest: equal texts, equal rules; see Canonical
	Origin     string // where they come from, in words; not part of the digest
}

// Policy puts the members of a group into an authentication policy.
type Policy struct {
	Group string // display name of a group of the source
	ID    string // of the authentication policy
	Equal bool   // nobody else should be in the policy
}

// Target is what is present.
type Target struct {
	// State has the columns UserColumns of the rules.
	State *directory.State

	Users, Groups match.Links

	Local    map[string]Local  // groups that the organization has, by folded name
	LocalGap string            // why they are not known; "" where they are
	Unasked  map[string]string // folded names of groups of which it is not known whether the organization has them, and why

	// Accounts are words about accounts that no record of the directory is linked to, by folded address: whoever is
	// created with the address meets them.
	Accounts map[string]string

	// Verified are the folded domains that the organization has verified; nil: not told, and VerifiedGap says why.
	Verified    map[string]bool
	VerifiedGap string

	AccountsGap string // why accounts are not known; "" where they are

	PolicyOf  map[string]string // folded account id -> authentication policy
	PolicyGap string            // why they are not known; "" where they are

	GroupMembers int // most members that a group may have
}

// UserColumns are the columns that the users of a target's state must have under these rules: the id, the mapped
// attributes, and the account that the record is linked to.
func (r *Rules) UserColumns() []string {
	out := []string{"id"}
	for _, c := range r.Mapping.User.Columns() {
		out = append(out, c.Target)
	}
	return append(out, AccountColumn)
}

// AccountColumn holds the Atlassian account of a record.
const AccountColumn = "accountId"

// UserAttributes are the source attributes that the users of a snapshot must have under these rules.
func (r *Rules) UserAttributes() []string {
	return columns(r.Mapping.User, "id", "userPrincipalName", "displayName", "accountEnabled", "mail", "userType")
}

// GroupAttributes are likewise those of groups.
func (r *Rules) GroupAttributes() []string { return columns(r.Mapping.Group, "id", "displayName") }

// Local is a group of the organization.
type Local struct {
	Name    string
	Kind    LocalKind
	Members []LocalMember // sorted by account
	Told    bool          // the members are known
}

// LocalMember is an account in a group of the organization.
type LocalMember struct{ Account, Name string }

// LocalKind says what a synced group of that name would meet.
type LocalKind uint8

// The kinds.
const (
	LocalGroup    LocalKind = iota // made by hand: a conflict
	DefaultAccess                  // grants a product to everybody: never synced
	BuiltIn                        // Atlassian's own: never synced
)

// Removal is what a run took away.
type Removal struct {
	At    time.Time
	Class Class
	Count int
}

// Class is what limits count.
type Class uint8

// The classes.
const (
	Deactivations Class = iota
	MemberRemovals
	GroupDeletions
	classes
)

var classNames = [classes]string{"deactivate", "remove_members", "delete_groups"}

// String is the name as the configuration spells it.
func (c Class) String() string { return classNames[c] }

// Limits bound what is taken away. The zero Limits hold nothing back; see DefaultLimits.
type Limits [classes]Limit

// Limit bounds one class, in one run and in any 24 hours.
type Limit struct{ Run, Day Amount }

// Amount is a number, or a share of what is ours. None is no bound.
type Amount struct {
	Number  int
	Percent float64
	Kind    AmountKind
}

// AmountKind tells what an amount is.
type AmountKind uint8

// The kinds of amount.
const (
	None AmountKind = iota
	Number
	Percent
)

// DefaultLimits are the limits of a connection that names none: 5 % of the active users, 10 % of the memberships; no
// group is deleted without a person anyway.
var DefaultLimits = Limits{
	Deactivations:  {Amount{Percent: 5, Kind: Percent}, Amount{Percent: 10, Kind: Percent}},
	MemberRemovals: {Amount{Percent: 10, Kind: Percent}, Amount{Percent: 20, Kind: Percent}},
	GroupDeletions: {Amount{Kind: Number}, Amount{Kind: Number}},
}
