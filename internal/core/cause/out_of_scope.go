package cause

// behindSource are the causes that stop mattering while the person is not there, deleted or switched off in Entra
// and no record is active; a record that still is active is a matter of not-deprovisioned or orphaned-record. With what
// these outrank in turn, they are everything but the causes at the source itself.
var behindSource = []Code{
	NotAssigned, GroupNotSelected, ScopingFilter, AppRoleMissing, GroupNotSecurityEnabled, HiddenMembership, DynamicGroupPending,
	MembershipNotActive, NestedGroup, GroupRenamed, GroupNameInvalid, DirectoryRecreated, BuiltInGroup, IdentityMismatched,
	RenamedUser, ForeignDomainMember, RequiredAttributeMissing, CaseDifference, MappingError, CredentialExpired,
	DeletionThresholdHeld, ConnectorConsentLost, Throttled, RestartNeeded, ObjectTypeDisabled, TargetRecordGone, SizeLimit,
	WrongDirectory, NotApplied, HeldForApproval, AccountDeactivated, ManagedByOtherOrganization, EmailNotVerified, ProductAccessNotGranted,
}

// missing are the answers to an absent or deactivated record that hold only for people in scope: Entra deactivates
// whoever leaves it.
var missing = []Code{RecordMissing, GuestUser, AccountDeactivated}

var outOfScope = []Cause{
	{
		Code: NotInSource, Family: OutOfScope, Home: HopSource, Shows: []Hop{HopAssignment, HopDirectory, HopAccount, HopGroup},
		Title:    "no such user in Entra",
		Text:     "Entra has no user of that name, address or id, and none among the deleted ones. What is not in Entra cannot be provisioned.",
		Proof:    "`GET /users` was read as a whole and holds nobody with that userPrincipalName, mail, proxy address, id or display name; nor do the deleted users, as far as they were read; no active SCIM record bears the name.",
		Outranks: behindSource,
		Fix: []string{
			"Check the spelling: `rollcall why` takes a whole userPrincipalName with its domain, a mail or proxy address, an id or a whole display name",
			"Create or invite the person: Entra admin center › Users › New user",
		},
		Links: []Link{msHow}, Seen: true,
	},
	{
		Code: NotAssigned, Ref: "C1", Family: OutOfScope, Home: HopAssignment, Shows: []Hop{HopProvisioning, HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "not assigned to the application",
		Text:     "The application takes only assigned users and groups, and neither the person nor any group that holds the person is assigned.",
		Proof:    "The job's setting SyncAll is not true; `…/appRoleAssignedTo` names neither the person nor a group that reaches the person over any nesting; no group with hidden members could hold the person. The log may show a skip with \"Assigned to the application: False\".",
		Outranks: missing,
		Fix: []string{
			"Assign the person, or better a group that holds the person directly: " + entraAssign,
			"Or add the person to a group that is assigned already: Entra admin center › Groups › the group › Members › Add members",
			"Do not wait for the next cycle: " + entraOnDemand,
		},
		Links: []Link{msHow, msNoUsers}, Seen: true,
	},
	{
		Code: GroupNotSelected, Family: OutOfScope, Home: HopAssignment, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "in no group that is selected for syncing",
		Text:     "Guard's connector, or rollcall by its rules, was told to sync selected groups only, and none of them holds the person, not even over nesting.",
		Proof:    "connection.selected.users is \"groups\"; no selected group reaches the person over any nesting in `GET /groups`.",
		Outranks: append([]Code{ForeignDomainMember}, missing...),
		Fix: []string{
			"Select a group that holds the person: " + atlassianProvider + " › Edit, the sync settings",
			"Or add the person to a selected group: Entra admin center › Groups › the group › Members › Add members",
			"Start a sync on that page, or wait for the next one (every 4 hours)",
		},
		Links: []Link{atGuardSet, atGuardHow}, Seen: true,
	},
	{
		Code: ScopingFilter, Ref: "C26", Family: OutOfScope, Home: HopScope, Shows: []Hop{HopProvisioning, HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "a scoping filter keeps them out",
		Text:     "The person or group is assigned, but a scoping filter (of Entra's job, or of rollcall's rules) is not true for it. It is skipped without an error.",
		Proof:    "The object mapping's scope in the synchronization schema is false for the object's values; or the newest log entry has a ScopeEvaluationResult that is false.",
		Outranks: missing,
		Fix: []string{
			"Compare the clause with the object's value ({value}): " + entraMapping + " › the object › Source Object Scope. Texts are compared by case, and an empty value is never true",
			"Correct the value in Entra, or change the clause. Saving a filter starts a full cycle and deactivates whoever no longer passes",
			lateMember,
		},
		Links: []Link{msScoping, msKnown}, Seen: true,
	},
	{
		Code: SourceDisabled, Ref: "C13", Family: OutOfScope, Home: HopSource, Shows: []Hop{HopProvisioning, HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "sign-in is blocked in Entra",
		Text:     "The user is disabled in Entra. Disabled users are not created at Atlassian, and those that were there are deactivated.",
		Proof:    "`accountEnabled` is false in `GET /users`, and the SCIM record, if there is one, is not active.",
		Outranks: behindSource,
		Fix: []string{
			"If the person should work: " + entraUser + " › Properties › Account enabled. For a user synced from Active Directory, enable the account there",
			"Then provision at once: " + entraOnDemand,
			lateMember,
		},
		Links: []Link{msHow, msKnown}, Seen: true,
	},
	{
		Code: SourceDeleted, Ref: "C13", Family: OutOfScope, Home: HopSource, Shows: []Hop{HopProvisioning, HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "deleted in Entra",
		Text:     "The user was deleted in Entra and lies among the deleted users, where it can be restored for 30 days.",
		Proof:    "The user is in `GET /directory/deletedItems/microsoft.graph.user` and not in `GET /users`, and the SCIM record, if there is one, is not active.",
		Outranks: []Code{SourceDisabled},
		Fix: []string{
			"If that was a mistake: Entra admin center › Users › Deleted users › {user} › Restore user",
			"Check the group memberships and assignments afterwards, then wait for the next cycle: provisioning on demand cannot bring back a deleted user",
			lateMember,
		},
		Links: []Link{graphDeleted, msHow, msOnDemand}, Seen: true,
	},
	{
		Code: OnPremisesSyncStale, Family: OutOfScope, Home: HopSource, Shows: []Hop{HopAssignment, HopMapping, HopDirectory, HopGroup},
		Title:    "Entra has not heard from Active Directory",
		Text:     "The object is mastered in Active Directory, and the synchronization into Entra is old or refuses it. What was changed there has not arrived in Entra yet.",
		Proof:    "`onPremisesSyncEnabled` is true, and either `onPremisesLastSyncDateTime` is more than 24 hours old and no synced object of the tenant is fresher, or `onPremisesProvisioningErrors` has an entry; and the trouble is one that Active Directory would mend (disabled, not a member, attribute empty).",
		Outranks: []Code{NotAssigned, SourceDisabled, RequiredAttributeMissing},
		Fix: []string{
			"See how synchronization is: Entra admin center › Entra Connect",
			"On the server of Entra Connect look for errors, then start a cycle: `Start-ADSyncSyncCycle -PolicyType Delta`",
			"Where an entry names a conflict ({value}), change that address in Active Directory: two objects claim it",
			lateMember,
		},
		Links: []Link{graphOnPrem}, Seen: true,
	},
	{
		Code: AppRoleMissing, Ref: "C42", Family: OutOfScope, Home: HopAssignment, Shows: []Hop{HopProvisioning, HopDirectory},
		Title:    "assigned with a role that does not entitle",
		Text:     "The assignment carries an app role that the application does not offer, so Entra says \"not effectively entitled\" and skips everybody under it.",
		Proof:    "The application's enabled `appRoles` hold only msiam_access, or lack the assignment's `appRoleId`; no assignment with an offered role reaches the person; there is no SCIM record.",
		Outranks: []Code{NotAssigned},
		Fix: []string{
			"Remove the assignment and add it again with the role User: " + entraApp + " › Users and groups",
			"If no role User is offered, add one: Entra admin center › App registrations › {application} › App roles › Create app role",
			"Provision one person to see that it works: " + entraOnDemand,
		},
		Links: []Link{msNoUsers, issueRole}, Seen: true,
	},
	{
		Code: GroupNotSecurityEnabled, Ref: "C34", Family: OutOfScope, Home: HopAssignment, Shows: []Hop{HopProvisioning, HopDirectory, HopGroup},
		Title:    "the assigned group is not security-enabled",
		Text:     "Entra provisions the members of an assigned group only if the group is security-enabled. This one is a mail or Microsoft 365 group without it.",
		Proof:    "Every assigned group that reaches the person has `securityEnabled` false.",
		Outranks: []Code{NotAssigned},
		Fix: []string{
			"Assign a security group with the same members instead: " + entraAssign,
			"Or, for a Microsoft 365 group of the cloud, switch it on: `PATCH https://graph.microsoft.com/v1.0/groups/<group id>` with `{\"securityEnabled\": true}`",
		},
		Links: []Link{msHow}, Seen: true,
	},
	{
		Code: HiddenMembership, Ref: "C34", Family: OutOfScope, Home: HopAssignment, Shows: []Hop{HopGroup},
		Title:    "the group hides its members from this reader",
		Text:     "An assigned group, or one inside it, has hidden membership, and its members were not told. The person may be in it: nobody can say without the permission.",
		Proof:    "No group that shows its members holds the person, and one with visibility HiddenMembership has no members in the answer, or a gap is noted on it.",
		Outranks: []Code{NotAssigned, GroupNotSelected},
		Fix: []string{
			"Give the reader the permission Member.Read.Hidden: Entra admin center › App registrations › the reading application › API permissions › Add a permission › Microsoft Graph, then Grant admin consent",
			"Or look at the members as an owner of the group: " + entraGroup + " › Members",
			"Ask again with what that shows: `rollcall why {user}`",
			"A sync by rollcall, for its part, sees the members at its next full reading, within a day: Entra does not tell again by itself what it once left out",
		},
		Links: []Link{graphMembers}, Seen: true,
	},
	{
		Code: DynamicGroupPending, Ref: "C33", Family: OutOfScope, Home: HopAssignment, Shows: []Hop{HopDirectory, HopGroup},
		Title:    "the dynamic group has not taken them in yet",
		Text:     "The rule of the assigned dynamic group is true for the person, but the group does not list the person: the rule is paused, failed, or not processed yet.",
		Proof:    "The group has `groupTypes` DynamicMembership, its `membershipRule` is true for the person's values, and its members lack the person. `membershipRuleProcessingState` may say Paused.",
		Outranks: []Code{NotAssigned, GroupNotSelected},
		Fix: []string{
			"See the state of the rule: " + entraGroup + " › Dynamic membership rules, and the processing status on the group's overview",
			"If processing is paused, resume it there; if it failed, validate the rule with {user} on the tab Validate rules",
			"Once the group lists the person, provision at once: " + entraOnDemand,
		},
		Links: []Link{graphRule, msHow}, Seen: true,
	},
	{
		Code: MembershipNotActive, Family: OutOfScope, Home: HopAssignment, Shows: []Hop{HopDirectory, HopGroup},
		Title:    "the membership is only eligible, or has expired",
		Text:     "The person holds the group through Privileged Identity Management: eligible but not activated, or activated and expired. Only an active membership counts.",
		Proof:    "The newest audit entry about the person and the assigned group comes from the service PIM and speaks of eligibility, expiry or deactivation, and the group's members lack the person.",
		Outranks: []Code{NotAssigned, GroupNotSelected},
		Fix: []string{
			"The person activates the membership: Entra admin center › Identity Governance › Privileged Identity Management › My roles › Groups › Activate",
			"Or make it permanent: Entra admin center › Identity Governance › Privileged Identity Management › Groups › {group} › Assignments › Add assignments › Active",
		},
		Links: []Link{msPIM}, Seen: false,
	},
}
