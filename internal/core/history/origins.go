package history

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/cause"
)

// origin says what a cause can come from. A kind of event that is not named here is never put down as what did it. Of
// events of one moment that of the kind that is named first counts.
type origin struct {
	by     []Kind // any of these produces the cause by itself
	keeps  []Kind // any of these keeps a change from being carried over: it broke with the change
	from   []Kind // what those that keep may come from in turn
	waits  bool   // a change that was not carried over yet is all that it takes
	untold string // where no log that rollcall reads records it: what would tell
}

const (
	scriptDeletes = "No log that rollcall reads is known to record what is deleted through the SCIM API; Guard's troubleshooting log may show it, and whoever holds the key knows"
	siteLoses     = "No log records what a site has lost that the directory still has; Atlassian support can see it"
)

// comesIn are the changes with which somebody or a group should be there, or be there otherwise; goesOut and fallsOut those
// with which they should not. A person goes out by any one of goesOut, and falls out with the last way in.
var (
	comesIn  = []Kind{UserCreated, UserEnabled, UserRestored, UserRenamed, UserChanged, MemberAdded, Assigned, GroupCreated, GroupRenamed, GroupRestored}
	goesOut  = []Kind{UserDisabled, UserDeleted, UserForgotten}
	fallsOut = []Kind{MemberRemoved, MemberExpired, Unassigned, GroupDeleted, ScopeSet}
)

// meets are the ways in which a group comes to stand against another of its name.
var meets = []Kind{MemberAdded, Assigned, GroupRenamed, GroupCreated, GroupMadeThere, GroupNotSynced}

// switchedOff are the changes after which a person's account is off, with what follows from them at Atlassian.
func switchedOff(by ...Kind) []Kind { return append(by, TakenAway, AccountDeactivated) }

// origins of all causes of the catalogue.
var origins = map[cause.Code]origin{
	cause.NotInSource:             {by: switchedOff(UserDeleted, UserForgotten)},
	cause.NotAssigned:             {by: fallsOut},
	cause.GroupNotSelected:        {by: append(switchedOff(MemberRemoved, GroupDeleted), GroupRenamed, LeftThere, GroupDeletedThere), untold: "Nothing records when a group was taken out of what Guard's connector syncs, or out of rollcall.yaml"},
	cause.ScopingFilter:           {by: []Kind{RulesChanged, UserChanged, UserRenamed, GroupRenamed, GroupChanged}},
	cause.SourceDisabled:          {by: switchedOff(UserDisabled)},
	cause.SourceDeleted:           {by: switchedOff(UserDeleted)},
	cause.OnPremisesSyncStale:     {by: []Kind{RefusedByConnect, ReadOnPremises}},
	cause.AppRoleMissing:          {by: []Kind{ApplicationChanged, Assigned}},
	cause.GroupNotSecurityEnabled: {by: []Kind{GroupChanged, Assigned, MemberAdded}},
	cause.HiddenMembership:        {untold: "When rollcall's own permission was taken away stands in Entra's audit log under rollcall's application, which is not asked about"},
	cause.DynamicGroupPending:     {by: []Kind{GroupChanged, UserChanged, MemberRemoved}},
	cause.MembershipNotActive:     {by: []Kind{MemberExpired, MemberEligible, MemberRemoved}},

	cause.NestedGroup: {by: []Kind{MemberRemoved, MemberAdded, Unassigned, LeftThere}},

	cause.GroupNameConflict:  {by: meets},
	cause.DefaultAccessGroup: {by: append(slices.Clone(meets), DefaultGroupSet)},
	cause.BuiltInGroup:       {by: meets},
	cause.GroupRenamed:       {by: []Kind{GroupRenamed}},
	cause.GroupNameInvalid:   {by: []Kind{GroupCreated, GroupRenamed, Assigned, MemberAdded}},
	cause.DirectoryRecreated: {by: []Kind{DirectoryDeleted}},

	cause.IdentityMismatched:       {by: []Kind{AccountOpened, UserRenamed, AddressChanged, RulesChanged}},
	cause.DuplicateAccount:         {by: []Kind{UserRenamed, AccountOpened}},
	cause.StaleScimRecord:          {by: []Kind{UserCreated, UserRenamed, RulesChanged, JobRestarted}},
	cause.RenamedUser:              {by: []Kind{UserRenamed}},
	cause.GuestUser:                {by: []Kind{AccountOpened, UserRenamed, UserChanged}},
	cause.ForeignDomainMember:      {by: []Kind{UserRenamed, UserChanged, DomainChanged}},
	cause.RequiredAttributeMissing: {by: []Kind{UserRenamed, UserChanged, RulesChanged}},
	cause.CaseDifference:           {by: []Kind{UserRenamed, GroupRenamed, RulesChanged}},
	cause.AmbiguousMatch:           {by: []Kind{RecordMade, UserCreated, UserRenamed}},
	cause.EmailChangeRefused:       {by: []Kind{UserRenamed}},
	cause.MappingError:             {by: []Kind{RulesChanged, UserRenamed, UserChanged}, keeps: []Kind{Refused, Skipped}},

	cause.RecordMissing:         {by: switchedOff(AccountDeleted), untold: scriptDeletes},
	cause.CycleDelay:            {waits: true},
	cause.ProvisioningStopped:   {keeps: []Kind{JobPaused}},
	cause.Quarantine:            {keeps: []Kind{JobQuarantined, JobFailed}},
	cause.CredentialExpired:     {keeps: []Kind{JobQuarantined, JobFailed, KeyExpired}, from: []Kind{KeyReplaced, TenantURLSet, SettingsChanged}, untold: "The end of a SCIM key stands on the directory's page at Atlassian alone"},
	cause.ConnectorConsentLost:  {keeps: []Kind{ConsentTaken, ApplicationChanged}},
	cause.DeletionThresholdHeld: {keeps: []Kind{JobQuarantined, HeldBack}},
	cause.Throttled:             {keeps: []Kind{Refused, Skipped}},
	cause.RestartNeeded:         {by: []Kind{ScopeSet, SettingsChanged}},
	cause.LateScopeMember:       {by: []Kind{UserEnabled, UserRestored, UserChanged, UserRenamed, RulesChanged, Assigned}},
	cause.ObjectTypeDisabled:    {keeps: []Kind{RulesChanged}},
	cause.TargetRecordGone:      {by: append(switchedOff(AccountDeleted), DirectoryDeleted, GroupDeletedThere), untold: scriptDeletes},
	cause.OrphanedRecord:        {by: []Kind{UserDeleted, UserForgotten}},
	cause.NotDeprovisioned:      {by: []Kind{AccountReactivated}, keeps: []Kind{DeletionsSet, RulesChanged, JobRestarted, SettingsChanged}},
	cause.SizeLimit:             {keeps: []Kind{Refused, Skipped}},
	cause.WrongDirectory:        {keeps: []Kind{TenantURLSet, SettingsChanged}},
	cause.ProvisioningFailed:    {keeps: []Kind{Refused, Skipped}},
	cause.NotApplied:            {by: []Kind{LeftThere, GroupDeletedThere, AccountDeactivated, AddressChanged}, waits: true},
	cause.HeldForApproval:       {keeps: []Kind{HeldBack}},
	cause.MembershipMissing:     {by: []Kind{LeftThere, GroupDeletedThere}, untold: scriptDeletes},

	cause.DomainNotVerified:          {by: []Kind{UserRenamed, AddressChanged, DomainChanged}},
	cause.AccountUnlinked:            {by: []Kind{UserRenamed, AddressChanged, AccountUnlinked}},
	cause.AccountDeactivated:         {by: []Kind{AccountDeactivated, AccountDeleted, AccessSuspended}},
	cause.HeldByOtherDirectory:       {by: []Kind{DirectoryMade}, untold: "No log that rollcall reads records when another directory took an account"},
	cause.ManagedByOtherOrganization: {by: []Kind{AccountUnclaimed, DomainChanged}, untold: "That another organization took an account over stands in the audit log of that organization"},
	cause.EmailNotVerified:           {by: []Kind{AddressChanged}, untold: "No log records whether an address is confirmed"},
	cause.WrongAuthenticationPolicy:  {by: []Kind{PolicyChanged, MemberAdded}},

	cause.ProductAccessNotGranted: {by: []Kind{ProductRevoked, GroupDeletedThere, LeftThere, MemberRemoved}},
	cause.SeatLimit:               {by: []Kind{SeatsChanged, MemberAdded, JoinedThere}},
	cause.SiteAccessSuspended:     {by: []Kind{AccessSuspended}},
	cause.PropagationLag:          {by: []Kind{MemberAdded, JoinedThere}},
	cause.PropagationStuck:        {untold: siteLoses},
}
