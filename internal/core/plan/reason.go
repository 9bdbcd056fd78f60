package plan

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
)

// Verdict says how somebody stands at the target before the plan is carried out.
type Verdict string

// The verdicts.
const (
	Present Verdict = "present" // there, as it should be
	Missing Verdict = "missing" // should be there and is not
	Wrong   Verdict = "wrong"   // there, with other values
	Extra   Verdict = "extra"   // there, and should not be
	Absent  Verdict = "absent"  // not there, and should not be
	Unknown Verdict = "unknown" // not everything was told
)

// Reason is a code of the closed list of reasons: why a step is in the plan, or why there is none. Where a cause of
// the catalogue says it, the code is the cause's.
type Reason uint8

// The reasons.
const (
	NoReason Reason = iota
	AsWanted
	ToLink
	InScope
	ValuesDiffer
	InactiveThere
	RecordGone
	NotAssigned
	GroupNotSelected
	ScopingFilter
	SourceDisabled
	SourceDeleted
	NotInSource
	ForeignDomain
	MappedInactive
	ValueMissing
	ValueInvalid
	ValueNotKnown
	Ambiguous
	StaleRecord
	CaseDifference
	SameAddress
	NotOurs
	NotSettled
	SourceNotRead
	TargetNotRead

	GroupRenamed
	GroupConflict
	DefaultGroup
	BuiltInGroup
	GroupNameInvalid
	GroupExcluded
	GroupsNotSynced
	GroupReplaced
	MembersNotTold
	MembersIncomplete
	TooManyMembers

	MemberInSource
	MemberNotInSource
	MemberStranger
	MemberLeft
	MemberWaits
	MemberKept

	PolicyDiffers
	PolicyNotKnown
	PolicyExtra
	PolicyTwice
	NoAccount
	reasonCount
)

// about says what a reason is: its code, the verdict on somebody it is said of, and a sentence.
type about struct {
	code    string
	verdict Verdict
	text    string
}

var reasons = [reasonCount]about{
	NoReason:          {"", Absent, ""},
	AsWanted:          {"as-wanted", Present, "there, with every value as it should be"},
	ToLink:            {"to-link", Present, "there as it should be, and not linked yet: adopting writes nothing at the target"},
	InScope:           {"in-scope", Missing, "in scope, and not there"},
	ValuesDiffer:      {"values-differ", Wrong, "there, with other values"},
	InactiveThere:     {"inactive-at-target", Wrong, "in scope and enabled, but deactivated there"},
	RecordGone:        {string(cause.TargetRecordGone), Missing, "the record it was linked to is gone; it is created again"},
	NotAssigned:       {string(cause.NotAssigned), Extra, "nothing brings it into scope"},
	GroupNotSelected:  {string(cause.GroupNotSelected), Extra, "in no group that is synced"},
	ScopingFilter:     {string(cause.ScopingFilter), Extra, "a scoping filter keeps it out"},
	SourceDisabled:    {string(cause.SourceDisabled), Extra, "disabled in Entra"},
	SourceDeleted:     {string(cause.SourceDeleted), Extra, "deleted in Entra"},
	NotInSource:       {string(cause.NotInSource), Extra, "no longer in Entra"},
	ForeignDomain:     {string(cause.ForeignDomainMember), Extra, "the address is of a domain that Guard's connector does not sync"},
	MappedInactive:    {"mapped-inactive", Extra, "the attribute mapping of active gives False"},
	ValueMissing:      {string(cause.RequiredAttributeMissing), Missing, "a value that Atlassian requires is missing"},
	ValueInvalid:      {string(cause.MappingError), Missing, "a mapped value cannot work"},
	ValueNotKnown:     {"value-not-known", Unknown, "a value that Atlassian requires could not be computed"},
	Ambiguous:         {string(cause.AmbiguousMatch), Missing, "more than one could be meant"},
	StaleRecord:       {string(cause.StaleScimRecord), Missing, "an old record holds the name or address"},
	CaseDifference:    {string(cause.CaseDifference), Missing, "a record's externalId differs in letter case alone"},
	SameAddress:       {"same-address", Missing, "a record without externalId has the address"},
	NotOurs:           {"not-ours", Extra, "nobody linked it, and nobody in scope matches it: it is left alone"},
	NotSettled:        {"not-settled", Unknown, "what decides whether it is in scope was not told"},
	SourceNotRead:     {"source-not-read", Unknown, "the source was not read fully, so that nothing is taken away"},
	TargetNotRead:     {"target-not-read", Unknown, "the target was not read fully, so that it may be there already"},
	GroupRenamed:      {string(cause.GroupRenamed), Wrong, "renamed in Entra; names of groups cannot be changed at Atlassian: a new group, filled, then the old one deleted"},
	GroupConflict:     {string(cause.GroupNameConflict), Missing, "Atlassian has a group of its own with this name"},
	DefaultGroup:      {string(cause.DefaultAccessGroup), Missing, "a default access group of Atlassian has this name; it is never synced"},
	BuiltInGroup:      {string(cause.BuiltInGroup), Missing, "a built-in group of Atlassian has this name; it is never synced"},
	GroupNameInvalid:  {string(cause.GroupNameInvalid), Missing, "a name that Atlassian cannot take"},
	GroupExcluded:     {"excluded", Absent, "excluded by the rules"},
	GroupsNotSynced:   {"groups-not-provisioned", Absent, "the connection provisions no groups"},
	GroupReplaced:     {"group-replaced", Extra, "replaced by a group with the new name"},
	MembersNotTold:    {"members-not-told", Unknown, "the target did not tell the members"},
	MembersIncomplete: {"members-incomplete", Unknown, "not all members were told by the source, so that nobody is taken out"},
	TooManyMembers:    {string(cause.SizeLimit), Wrong, "more members than Atlassian lets a group have"},
	MemberInSource:    {"in-group", Missing, "in the group in Entra"},
	MemberNotInSource: {"not-in-group", Extra, "not in the group in Entra"},
	MemberStranger:    {"member-not-ours", Extra, "a record in the group that nobody in Entra matches"},
	MemberLeft:        {"member-left", Extra, "no longer in Entra"},
	MemberWaits:       {"member-waits", Missing, "should be in the group, and has no record to put there"},
	MemberKept:        {"member-kept", Unknown, "not known to be out of the group"},
	PolicyDiffers:     {string(cause.WrongAuthenticationPolicy), Wrong, "the account is in another authentication policy than its group's"},
	PolicyNotKnown:    {"policy-not-told", Unknown, "the account's authentication policy was not told"},
	PolicyExtra:       {"policy-without-group", Extra, "in the authentication policy without being in its group; where it should be nobody says"},
	PolicyTwice:       {"two-policies", Unknown, "in the groups of two authentication policies"},
	NoAccount:         {"no-account", Unknown, "no Atlassian account is linked yet, so that no policy can take it"},
}

// String is the code.
func (r Reason) String() string { return reasons[r].code }

// Verdict is how somebody stands of whom the reason is said.
func (r Reason) Verdict() Verdict { return reasons[r].verdict }

// Text is the reason in words.
func (r Reason) Text() string { return reasons[r].text }

// Reasons are all reasons, in the order of the list.
func Reasons() []Reason {
	var out []Reason
	for r := NoReason + 1; r < reasonCount; r++ {
		out = append(out, r)
	}
	return out
}

// Hold says why a step waits for a person.
type Hold uint8

// The holds.
const (
	NotHeld Hold = iota
	HeldAdoption
	HeldStale
	HeldByAddress
	HeldRename
	HeldConflict
	HeldDelete
	HeldStranger
	HeldEmptied
	HeldTooMany
	HeldDomain
	HeldLimit
	HeldRepair
	holdCount
)

var holds = [holdCount][2]string{
	NotHeld:       {"", ""},
	HeldAdoption:  {"first-adoption", "it is not linked yet: an earlier service made it, and nobody has said that it is ours to take away"},
	HeldStale:     {"stale-record", "the record carries the externalId of somebody else; taking it over gives that account to this person"},
	HeldByAddress: {"same-address", "only the address says that it is the same person"},
	HeldRename:    {"group-renamed", "the new group has none of the old one's permissions until somebody grants them"},
	HeldConflict:  {"group-conflict", "taking over a group replaces its members"},
	HeldDelete:    {"group-delete", "deleting a synced group destroys its permissions for good"},
	HeldStranger:  {"member-not-ours", "nobody in Entra matches the record"},
	HeldEmptied:   {"empties-group", "nobody would be left in the group"},
	HeldTooMany:   {"size-limit", "Atlassian lets no group have as many members"},
	HeldDomain:    {"domain-not-verified", "Atlassian unlinks the account when its address moves to a domain that the organization has not verified"},
	HeldLimit:     {"over-limit", "more is taken away than the limits of the connection allow"},
	HeldRepair:    {"record-repair", "a SCIM record is deleted or unlinked to mend it (`rollcall repair`), which no request takes back"},
}

// String is the code.
func (h Hold) String() string { return holds[h][0] }

// Text is the hold in words.
func (h Hold) Text() string { return holds[h][1] }

// ReasonOf finds a reason by its code.
func ReasonOf(code string) (Reason, bool) {
	i := slices.IndexFunc(reasons[:], func(a about) bool { return a.code == code })
	return Reason(max(i, 0)), i > 0
}
