package cause

import (
	"slices"
	"testing"
)

func TestNoCauseOutranksItselfOverAnyWay(t *testing.T) {
	for _, c := range All() {
		if Outranks(c.Code, c.Code) {
			t.Errorf("%s outranks itself: the order has a cycle", c.Code)
		}
	}
}

func TestOutrankedCausesExist(t *testing.T) {
	for _, c := range All() {
		for i, o := range c.Outranks {
			if _, ok := Get(o); !ok {
				t.Errorf("%s outranks %q, which is no cause", c.Code, o)
			}
			if slices.Contains(c.Outranks[:i], o) {
				t.Errorf("%s names %s twice", c.Code, o)
			}
		}
	}
}

func TestOutrankingIsTransitive(t *testing.T) {
	for _, a := range All() {
		for _, b := range All() {
			for _, c := range All() {
				if Outranks(a.Code, b.Code) && Outranks(b.Code, c.Code) && !Outranks(a.Code, c.Code) {
					t.Errorf("%s > %s > %s, but not %s > %s", a.Code, b.Code, c.Code, a.Code, c.Code)
				}
			}
		}
	}
}

func TestOutrankedByIsTheReverseOfOutranks(t *testing.T) {
	for _, a := range All() {
		by := OutrankedBy(a.Code)
		for _, b := range All() {
			if slices.Contains(by, b.Code) != Outranks(b.Code, a.Code) {
				t.Errorf("OutrankedBy(%s) and Outranks(%s, %s) disagree", a.Code, b.Code, a.Code)
			}
		}
	}
}

// TestTheMoreSpecificCauseWins spells the order out, chain by chain: each cause outranks all that follow it.
func TestTheMoreSpecificCauseWins(t *testing.T) {
	chains := map[string][]Code{
		"after a 409, the holder of the address": {HeldByOtherDirectory, DuplicateAccount, StaleScimRecord, ProvisioningFailed, RecordMissing, MembershipMissing},
		"after a 409 on an update":               {HeldByOtherDirectory, EmailChangeRefused, StaleScimRecord, ProvisioningFailed},
		"a second record after a rename":         {RenamedUser, AmbiguousMatch, DuplicateAccount, StaleScimRecord},
		"a domain that is not ours":              {ManagedByOtherOrganization, DomainNotVerified, AccountUnlinked, PropagationLag, PropagationStuck, MembershipMissing},
		"no policy without a managed account":    {DomainNotVerified, WrongAuthenticationPolicy},
		"a default access group":                 {BuiltInGroup, DefaultAccessGroup, SeatLimit, PropagationStuck, MembershipMissing},
		"a default access group and a switch":    {DefaultAccessGroup, SiteAccessSuspended, PropagationStuck},
		"a group conflict":                       {DirectoryRecreated, GroupNameConflict, SeatLimit, PropagationStuck, MembershipMissing},
		"a directory that was recreated":         {DirectoryRecreated, HeldByOtherDirectory, DuplicateAccount},
		"an expired key":                         {CredentialExpired, Quarantine, ProvisioningStopped, CycleDelay, RecordMissing},
		"held deletions":                         {DeletionThresholdHeld, Quarantine, NotDeprovisioned},
		"a person inside the nested group":       {NestedGroup, CycleDelay, RecordMissing, MembershipMissing},
		"a reactivation that is due":             {CredentialExpired, CycleDelay, AccountDeactivated, PropagationLag},
		"old values after a refusal":             {DuplicateAccount, ProvisioningFailed, IdentityMismatched},
		"old values before the next cycle":       {Quarantine, CycleDelay, IdentityMismatched},
		"a guest's mangled name":                 {GuestUser, IdentityMismatched},
		"a full product is not a lag":            {SeatLimit, PropagationLag, PropagationStuck},
		"a suspended person is not a lag":        {SiteAccessSuspended, PropagationLag, PropagationStuck},
		"a membership inside the nested group":   {NestedGroup, LateScopeMember, MembershipMissing},
		"an old on-premises synchronization":     {OnPremisesSyncStale, NotAssigned, RecordMissing},
		"an attribute that AD would fill":        {OnPremisesSyncStale, RequiredAttributeMissing, ProvisioningFailed},
		"a user whom AD would enable":            {OnPremisesSyncStale, SourceDisabled},
		"a deleted user":                         {SourceDeleted, SourceDisabled, NotAssigned},
		"a role that does not entitle":           {AppRoleMissing, NotAssigned},
		"a group without security":               {GroupNotSecurityEnabled, NotAssigned},
		"hidden members":                         {HiddenMembership, NotAssigned},
		"a dynamic rule":                         {DynamicGroupPending, NotAssigned},
		"an eligible membership":                 {MembershipNotActive, NotAssigned},
		"case":                                   {CaseDifference, DuplicateAccount, StaleScimRecord},
		"a lag that is still short":              {PropagationLag, PropagationStuck},
		"a guest with another trouble":           {RequiredAttributeMissing, GuestUser, RecordMissing},
		"who left the scope was deactivated":     {NotAssigned, AccountDeactivated, PropagationStuck},
		"a full group":                           {SizeLimit, LateScopeMember},
	}
	for name, chain := range chains {
		t.Run(name, func(t *testing.T) {
			for i, a := range chain {
				for _, b := range chain[i+1:] {
					if !Outranks(a, b) {
						t.Errorf("%s should outrank %s", a, b)
					}
					if Outranks(b, a) {
						t.Errorf("%s should not outrank %s", b, a)
					}
				}
			}
		})
	}
}

func TestFallbacksGiveWayToWhateverExplainsTheSymptom(t *testing.T) {
	absent := []Code{
		NotInSource, NotAssigned, GroupNotSelected, ScopingFilter, SourceDisabled, SourceDeleted, OnPremisesSyncStale, AppRoleMissing,
		GroupNotSecurityEnabled, HiddenMembership, DynamicGroupPending, MembershipNotActive, NestedGroup, DuplicateAccount,
		StaleScimRecord, RenamedUser, GuestUser, ForeignDomainMember, RequiredAttributeMissing, CaseDifference, AmbiguousMatch,
		MappingError, CycleDelay, ProvisioningStopped, Quarantine, CredentialExpired, ConnectorConsentLost, DeletionThresholdHeld,
		Throttled, RestartNeeded, ObjectTypeDisabled, TargetRecordGone, SizeLimit, WrongDirectory, ProvisioningFailed, HeldByOtherDirectory,
	}
	inGroup := append([]Code{
		RecordMissing, LateScopeMember, GroupNameConflict, DefaultAccessGroup, BuiltInGroup, GroupRenamed, GroupNameInvalid,
		DirectoryRecreated, DomainNotVerified, AccountUnlinked, AccountDeactivated, SeatLimit, SiteAccessSuspended, PropagationLag, PropagationStuck,
	}, absent...)
	values := []Code{
		GuestUser, RenamedUser, DuplicateAccount, EmailChangeRefused, StaleScimRecord, HeldByOtherDirectory, MappingError, ProvisioningFailed,
		CycleDelay, ProvisioningStopped, Quarantine, CredentialExpired, ObjectTypeDisabled, Throttled, TargetRecordGone,
	}
	atSite := []Code{
		GroupNameConflict, DefaultAccessGroup, BuiltInGroup, GroupRenamed, DirectoryRecreated, DomainNotVerified, AccountUnlinked,
		AccountDeactivated, SeatLimit, SiteAccessSuspended, SizeLimit, PropagationLag, HeldByOtherDirectory,
	}
	failed := []Code{
		DuplicateAccount, StaleScimRecord, EmailChangeRefused, HeldByOtherDirectory, RenamedUser, RequiredAttributeMissing, AmbiguousMatch,
		MappingError, Throttled, TargetRecordGone, CredentialExpired, GroupNameConflict, GroupNameInvalid, SizeLimit,
	}
	active := []Code{CycleDelay, ProvisioningStopped, Quarantine, CredentialExpired, DeletionThresholdHeld, RestartNeeded, ObjectTypeDisabled}
	for fallback, by := range map[Code][]Code{
		RecordMissing: absent, MembershipMissing: inGroup, PropagationStuck: atSite, ProvisioningFailed: failed, NotDeprovisioned: active, IdentityMismatched: values,
	} {
		for _, c := range by {
			if !Outranks(c, fallback) {
				t.Errorf("%s should outrank %s", c, fallback)
			}
		}
	}
}

func TestWhatIsWrongAtTheSourceOutranksAllThatLiesBehind(t *testing.T) {
	source := []Code{NotInSource, SourceDeleted, SourceDisabled}
	for _, s := range source {
		for _, c := range All() {
			beside := slices.Contains(source, c.Code) || c.Code == OnPremisesSyncStale || c.Code == OrphanedRecord
			if !beside && !Outranks(s, c.Code) {
				t.Errorf("%s should outrank %s", s, c.Code)
			}
		}
	}
}

// TestIndependentTroublesAreNamedBesideEachOther: neither explains the other, so both are worth a line.
func TestIndependentTroublesAreNamedBesideEachOther(t *testing.T) {
	for _, pair := range [][2]Code{
		{DuplicateAccount, Quarantine},
		{MappingError, CredentialExpired},
		{RequiredAttributeMissing, ProvisioningStopped},
		{NestedGroup, Quarantine},
		{NotAssigned, NotDeprovisioned},
		{DuplicateAccount, CycleDelay},
		{AccountDeactivated, ProvisioningFailed},
		{EmailNotVerified, WrongAuthenticationPolicy},
		{ProductAccessNotGranted, SiteAccessSuspended},
		{ConnectorConsentLost, CycleDelay},
		{NestedGroup, ProvisioningFailed},
		{ObjectTypeDisabled, ProvisioningFailed},
		{AccountUnlinked, ProvisioningFailed},
		{NotInSource, OrphanedRecord},
		{EmailNotVerified, StaleScimRecord},
		{NestedGroup, WrongAuthenticationPolicy},
	} {
		if Outranks(pair[0], pair[1]) || Outranks(pair[1], pair[0]) {
			t.Errorf("%s and %s should be independent", pair[0], pair[1])
		}
	}
}

func TestAmongIndependentCausesTheOwnOneIsNamedFirst(t *testing.T) {
	got := []Code{Quarantine, "unheard-of", SeatLimit, CycleDelay, HeldByOtherDirectory, NestedGroup, ProvisioningStopped}
	slices.SortFunc(got, Compare)
	want := []Code{NestedGroup, CycleDelay, HeldByOtherDirectory, SeatLimit, ProvisioningStopped, Quarantine, "unheard-of"}
	if !slices.Equal(got, want) {
		t.Errorf("order is %v, want %v", got, want)
	}
}
