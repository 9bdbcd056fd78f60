package cause

// pending are the answers that a service which has not run, or not fully, accounts for: what is absent, what still
// has old values, and what is still active although it should not be.
var pending = []Code{RecordMissing, GuestUser, MembershipMissing, NotDeprovisioned, IdentityMismatched}

// restartCall is what the menu's "Restart provisioning" does.
const restartCall = "`POST https://graph.microsoft.com/v1.0/servicePrincipals/<application id>/synchronization/jobs/<job id>/restart`"

// entraForget drops what the service remembers of every object, so that all are matched anew; the menu cannot do it.
const entraForget = restartCall + " with `{\"criteria\": {\"resetScope\": \"Full\"}}`"

var provisioning = []Cause{
	{
		Code: CycleDelay, Ref: "C25", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "changed after the last cycle; not picked up yet",
		Text:     "What should bring the person in was changed after the last cycle began. Entra runs about every 40 minutes, Guard's connector every 4 hours; a first cycle can take hours.",
		Proof:    "The assignment, the membership or the user is younger than the begin of the last cycle (`status.lastExecution.timeBegan`); with Guard's connector, younger than 4 hours.",
		Outranks: append([]Code{AccountDeactivated}, pending...),
		Fix: []string{
			"Wait for the next cycle ({when})",
			"Or do not wait: " + entraOnDemand + " (one user, or a group with up to five members). With Guard's connector, start a sync on the page " + atlassianProvider,
			askAgain,
		},
		Links: []Link{msWhen, msOnDemand, issueGuard}, Seen: true,
	},
	{
		Code: ProvisioningStopped, Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "provisioning is not running",
		Text:     "The provisioning job is not set up, was never started, or is paused or switched off. Nothing moves, for nobody.",
		Proof:    "The job's status code is NotConfigured, NotRun or Paused, or its schedule is Disabled or Paused; or there is no job at all (`…/synchronization/jobs` is an empty list).",
		Outranks: []Code{CycleDelay},
		Fix: []string{
			"Find out who stopped it and why: Entra admin center › Monitoring › Audit logs › category ProvisioningManagement",
			"Start it: " + entraProvision + " › Start provisioning",
		},
		Links: []Link{msNoUsers, graphStart}, Seen: true, Wide: true,
	},
	{
		Code: Quarantine, Ref: "C22", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "the provisioning job is in quarantine",
		Text:     "Too many requests failed, so Entra slowed the job down to as little as once a day. After four weeks it switches the job off.",
		Proof:    "The job's status code is Quarantine; `status.quarantine.reason` says why.",
		Outranks: []Code{ProvisioningStopped},
		Fix: []string{
			"Read the reason and the failures behind it: " + entraProvision + " › View provisioning logs, status Failure. `rollcall check` groups the people who fail by cause",
			"Mend the commonest failure first",
			"Then restart, which clears the quarantine: " + entraRestart + ", or " + restartCall,
		},
		Links: []Link{msQuarantine, graphRestart}, Seen: true, Wide: true,
	},
	{
		Code: CredentialExpired, Ref: "C23", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "Atlassian no longer accepts the SCIM key",
		Text:     "The key with which Entra writes to Atlassian has expired or was replaced. The log simply stops: no record shows an error. Keys live one year, and nobody is told before they end.",
		Proof:    "The job's quarantine or last execution has an error code that ends in CredentialValidationFailure or InvalidCredentials, or is Unauthorized.",
		Outranks: []Code{Quarantine, ProvisioningFailed},
		Fix: []string{
			"Make a new key: " + atlassianProvider + " › ⋯ › Regenerate API key. The old key dies at once",
			"Enter it: " + entraProvision + " › Admin Credentials › Secret Token, then Test Connection and Save",
			"Restart: " + entraRestart,
			"Note the day on which the new key ends; the directory page shows it",
		},
		Links: []Link{atKey, msQuarantine}, Seen: true, Wide: true,
	},
	{
		Code: ConnectorConsentLost, Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopAccount, HopGroup, HopProduct},
		Title:    "Guard's connector lost its consent in Entra",
		Text:     "Guard's connector reads Entra through an application that an administrator consented to. That application was disabled or removed, or its permission was taken away, so nothing is read any more.",
		Proof:    "The connector's service principal has `accountEnabled` false, or an audit entry shows that it or its permission grant was removed.",
		Outranks: pending,
		Fix: []string{
			"See whether it is there and enabled: Entra admin center › Enterprise applications › the Atlassian application › Properties › Enabled for users to sign-in",
			"Consent again: " + atlassianProvider + ", signing in with Microsoft as an administrator of Entra",
			"Start a sync on that page, then `rollcall check`",
		},
		Links: []Link{atGuardHow, atGuardSet}, Seen: false, Wide: true,
	},
	{
		Code: DeletionThresholdHeld, Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup},
		Title:    "held: more deletions than the threshold allows",
		Text:     "A cycle would have disabled or deleted more people or groups than the job's threshold allows, so Entra stopped the whole job and waits for a person.",
		Proof:    "The job is in quarantine with the reason TooManyDeletes.",
		Outranks: []Code{Quarantine},
		Fix: []string{
			"See who is concerned: " + entraProvision + " › View provisioning logs, action Staged delete",
			"If it was a mistake, mend the source (assignment, filter, group) and restart: " + entraRestart,
			"If it is meant, let it happen: " + entraProvision + " › Allow deletes. That lets all of them through",
		},
		Links: []Link{msDeletes}, Seen: true, Wide: true,
	},
	{
		Code: Throttled, Ref: "C24", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopGroup},
		Title:    "Atlassian asked to slow down; it is tried again",
		Text:     "The request failed because too many were sent at once. Entra tries again by itself.",
		Proof:    "The newest log entry of the person or group failed with TooManyRequests.",
		Outranks: append([]Code{ProvisioningFailed}, pending...),
		Fix: []string{
			"Wait for the next cycle, then `rollcall why {user}`",
			"If it stays, look for a second program that writes to the same directory, or provision this one by hand: " + entraOnDemand,
		},
		Links: []Link{msCodes}, Seen: true,
	},
	{
		Code: RestartNeeded, Ref: "C44", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopGroup},
		Title:    "scope was changed without a restart",
		Text:     "The job was switched from all users to assigned users and not restarted since. Until then Entra goes on with the old scope for those it knows.",
		Proof:    "The job's setting SyncAll is false, an audit entry \"Update provisioning setting or credentials\" changed it from true, and no \"Enable/restart provisioning configuration\" followed.",
		Outranks: pending,
		Fix: []string{
			"See first who would lose access: `rollcall check`",
			"Then restart: " + entraRestart + ", or " + restartCall,
		},
		Links: []Link{msKnown, graphRestart}, Seen: true, Wide: true,
	},
	{
		Code: LateScopeMember, Ref: "C27", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopGroup, HopProduct},
		Title:    "came into scope after the group was written",
		Text:     "The group was synced when the person was not in scope: not yet, disabled, or deleted. Entra does not look at that membership again when the person arrives later or is restored, and reports no error.",
		Proof:    "The person has a record and is a direct member in Entra, the SCIM group lacks the person, and a cycle ran since; and the group's log has UnableToResolveReferenceAttributeValue for the person, or the record was created after the group was last written, or the audit log shows that the user was restored since.",
		Outranks: []Code{MembershipMissing},
		Fix: []string{
			"For up to five people: " + entraOnDemand + " › {group} › choose {user} as member",
			"Or remove the person from the group in Entra, wait for a cycle, and add again",
			"For many: " + entraRestart,
		},
		Links: []Link{msKnown, msOnDemand}, Seen: true,
	},
	{
		Code: ObjectTypeDisabled, Ref: "C43", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopGroup},
		Title:    "the mapping for this kind of object is switched off",
		Text:     "The job's mapping for users or groups is disabled, or one of its actions Create, Update and Delete is unticked, so the service does not do this kind of change.",
		Proof:    "The synchronization schema has the object mapping with `enabled` false, or with `flowTypes` that lack Add (for what is absent), Update (for what is wrong or still active) or Delete.",
		Outranks: append([]Code{LateScopeMember, AccountDeactivated}, pending...),
		Fix: []string{
			"Switch it on: " + entraMapping + " › the object › Enabled › Yes, and tick the Target Object Actions that are meant",
			"Saving starts a full cycle; try one first: " + entraOnDemand,
		},
		Links: []Link{msMapping, msNoUsers}, Seen: true, Wide: true,
	},
	{
		Code: TargetRecordGone, Ref: "C28", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup},
		Title:    "the record was deleted behind Entra's back",
		Text:     "Entra remembers a record or group at Atlassian that is no longer there. It keeps writing to the old id and does not create a new record.",
		Proof:    "The newest log failure is InvalidAnchor; or an earlier success names a target id that the Guard directory no longer has.",
		Outranks: []Code{ProvisioningFailed, RecordMissing, GuestUser, MembershipMissing, AccountDeactivated},
		Fix: []string{
			"Let whoever left be deactivated first (`rollcall check`): somebody disabled whom Entra forgets, it never deactivates. Then make it forget everything and match anew: " + entraForget,
			"Or for one person: stop provisioning, delete the object connection (`DELETE https://graph.microsoft.com/beta/servicePrincipals/<application id>/synchronization/jobs/<job id>/objectConnections('<user id>')`), start again",
			"Then " + entraOnDemand,
		},
		Links: []Link{msCodes, graphRestart, msLinks}, Seen: true,
	},
	{
		Code: OrphanedRecord, Ref: "C41", Family: Provisioning, Home: HopDirectory, Shows: []Hop{HopAccount, HopGroup, HopProduct},
		Title: "active at Atlassian, unknown in Entra",
		Text:  "The directory has an active record whose Entra user no longer exists, not even among the deleted ones. Nothing will ever deactivate it by itself.",
		Proof: "The record is active, and its externalId is neither in `GET /users` nor among the deleted users, which were both read.",
		Fix: []string{
			"Make sure that nobody works with it; its groups and last use: " + atlassianUser,
			"Deactivate it: " + endRecord,
			"Or delete the record: " + dropRecord + ". A managed account is deactivated by that",
		},
		Links: []Link{issueOrphan, atSCIM}, Seen: true,
	},
	{
		Code: NotDeprovisioned, Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title: "left or out of scope, and still active at Atlassian",
		Text:  "The person is disabled, deleted or out of scope in Entra, and the record at Atlassian is still active. The service had the time to deactivate it and did not.",
		Proof: "The record is active, the user is disabled, deleted or in no scope, and the job's state, its mapping, its settings and the last cycle do not explain it.",
		Fix: []string{
			"If access must end now: " + atlassianUser + " › Suspend access. Provisioning does not undo that, should the person come back",
			"See whether deactivation is switched off: SkipOutOfScopeDeletions in the job's secrets, and the mapping of active under " + entraMapping,
			"Let Entra look at everybody again: " + entraRestart,
			"If Entra has forgotten the record, as after a restart with resetScope Full, deactivate it yourself: " + endRecord,
		},
		Links: []Link{msHow, msSkip}, Seen: true,
	},
	{
		Code: SizeLimit, Ref: "C20", Family: Provisioning, Home: HopDirectory, Shows: []Hop{HopProvisioning, HopGroup},
		Title:    "the directory or group is full",
		Text:     "The directory, or the group, has reached the number of members that Atlassian allows. Only the surplus is missing, and nothing says so.",
		Proof:    "The SCIM directory holds as many users as the limit, or the group as many members, and the person is not among them; with Guard's connector, more than 10,000 users come into one group.",
		Outranks: []Code{ProvisioningFailed, RecordMissing, GuestUser, LateScopeMember, PropagationStuck},
		Fix: []string{
			"Split the group into several of the same product role, and assign those: " + entraAssign,
			"Take people out of scope who do not need access",
			"Ask Atlassian support for a higher limit",
		},
		Links: []Link{atLimits, atUnderstand, atGuardSet}, Seen: true,
	},
	{
		Code: WrongDirectory, Ref: "C40", Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup},
		Title:    "Entra writes to another directory",
		Text:     "The job's tenant URL leads to another Guard directory than the one that is looked at. People arrive there, not here.",
		Proof:    "The job's setting BaseAddress ends in another directory id than connection.directory.",
		Outranks: append([]Code{TargetRecordGone}, pending...),
		Fix: []string{
			"Compare the Directory base URL of " + atlassianProvider + " with the Tenant URL under " + entraProvision + " › Admin Credentials",
			"If the job is wrong: enter the URL and the key of the right directory, Test Connection, Save, then " + entraRestart + ", and wait for the cycle, which deactivates who left meanwhile",
			"Then delete the records of those who arrived in the other directory, which holds their accounts (`DELETE https://api.atlassian.com/scim/directory/{other}/Users/<record there>`), and make Entra forget that it made them: " + entraForget,
			"If the look is wrong: name that directory ({other}) in the connection and run `rollcall check` again",
		},
		Links: []Link{atSCIM, atDirs}, Seen: true, Wide: true,
	},
	{
		Code: ProvisioningFailed, Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopGroup},
		Title:    "the last attempt failed",
		Text:     "Entra tried and failed with a code that no other cause explains; the evidence quotes it. It tries again after 6, 12 and 24 hours, then daily for four weeks.",
		Proof:    "The newest log entry of the person or group is a failure, and no later success follows. Its code and text are quoted.",
		Outranks: []Code{RecordMissing, MembershipMissing, IdentityMismatched},
		Fix: []string{
			"Read the entry as a whole, with its steps: " + entraProvision + " › View provisioning logs › {user}",
			"Read what Atlassian says of it: " + atlassianProvider + " › View troubleshooting log",
			"Try again and watch the steps: " + entraOnDemand,
		},
		Links: []Link{msCodes, comFew}, Seen: true,
	},
	{
		Code: NotApplied, Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "rollcall has not done it yet",
		Text:     "rollcall provisions this connection, and its plan of the moment holds the change that is missing. Nobody has let it be done since the plan holds it: it never ran, not since the change in Entra, or the last run did not get there.",
		Proof:    "The method is rollcall; a plan made of the same facts holds the step, and rollcall's log has no failure of it and nothing that waits for a person.",
		Outranks: append([]Code{AccountDeactivated}, pending...),
		Fix: []string{
			"See what would be done: `rollcall plan --user {user}`",
			"Do it: `rollcall apply`",
		},
		Seen: true, Yields: true,
	},
	{
		Code: HeldForApproval, Family: Provisioning, Home: HopProvisioning, Shows: []Hop{HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "rollcall waits for a person's decision",
		Text:     "rollcall could do the change, and holds it: it may do harm that nothing takes back, or it is over a limit. It waits until somebody has read it and lets it go.",
		Proof:    "The method is rollcall, and its newest run wrote down that the step waits, with the reason.",
		Outranks: append([]Code{NotApplied, AccountDeactivated}, pending...),
		Fix: []string{
			"Read what waits and why: `rollcall approve {run}`",
			"Let this one go, if it is meant: `rollcall approve {run} {step}`, then `rollcall apply`",
			"If it is not meant, mend the source (group, filter, rule); the next plan then holds it no more",
		},
		Seen: true,
	},
	{
		Code: MembershipMissing, Family: Provisioning, Home: HopGroup, Shows: []Hop{HopProduct},
		Title: "not in the group at Atlassian; nothing explains it",
		Text:  "The person has a record and is a member in Entra, and the synced group lacks the person. Nothing that was read says why.",
		Proof: "The SCIM group lacks the record, and the log, the job, the schema and the organization's groups were read and explain nothing.",
		Fix: []string{
			"Push the membership alone: " + entraOnDemand + " › {group} › choose {user} as member",
			"Or remove the person from the group in Entra, wait for a cycle, and add again",
			"If it stays, read what Atlassian says of it: " + atlassianProvider + " › View troubleshooting log",
		},
		Guard: []string{
			"See when the connector synced last and what went wrong: " + atlassianProvider,
			"Remove the person from the group in Entra, start a sync there, add again and start another",
			"If it stays, read what Atlassian says of it: " + atlassianProvider + " › View troubleshooting log",
		},
		Links: []Link{msOnDemand, msKnown, comFew}, Seen: true,
	},
	{
		Code: RecordMissing, Family: Provisioning, Home: HopDirectory, Shows: []Hop{HopAccount, HopGroup, HopPolicy, HopProduct},
		Title:    "no record at Atlassian; nothing explains it",
		Text:     "The person is in scope and should have a record, and has none. Nothing that was read says why.",
		Proof:    "The Guard directory has no record of the person, and the log, the job, the schema and the organization's users were read and explain nothing.",
		Outranks: []Code{MembershipMissing},
		Fix: []string{
			"Provision the person and read the steps: " + entraOnDemand,
			"See whether Entra believes that the person is there already: " + entraProvision + " › View provisioning logs › {user}, the column Target ID. If so, make Entra forget it: " + entraForget,
			"Read what Atlassian says of it: " + atlassianProvider + " › View troubleshooting log",
		},
		Guard: []string{
			"See when the connector synced last, what went wrong, whether it asks to sign in with Microsoft again and whether automatic syncing is on: " + atlassianProvider,
			"See whether {domain} is claimed, not only verified: " + atlassianDomains,
			"Read what Atlassian says of the person: " + atlassianProvider + " › View troubleshooting log",
			connectorSync,
		},
		Links: []Link{msOnDemand, comFew, issueResync}, Seen: true,
	},
}
