package cause

var groupConflict = []Cause{
	{
		Code: GroupNameConflict, Ref: "C3", Family: GroupConflict, Home: HopGroup, Shows: []Hop{HopProvisioning, HopDirectory, HopProduct},
		Title:    "a local group of that name holds the synced one back",
		Text:     "Atlassian has a group of the same name that was made by hand. The synced group is held back as a conflict until an administrator decides, and its members get nothing from it.",
		Proof:    "The Guard directory has no SCIM group of that name, and `…/groups/search` shows one with externalSynced false (or Jira lists the name); or the troubleshooting log says \"Failed to create group of name …\"; or the provisioning log shows 409 for the group.",
		Outranks: []Code{SeatLimit, SiteAccessSuspended, PropagationLag, ProvisioningFailed, MembershipMissing},
		Fix: []string{
			"Let the synced group take over: " + atlassianProvider + " › Review groups › {group} › Sync group. The members are then replaced by those of Entra: read the list of additions and removals first",
			"Entra tries again by itself, but that may take a day. At once: " + entraRestart,
			"If the group is the default access group of a product, give that status to another group before: Atlassian Administration › Products › Manage product",
			"Or keep both under two names: " + entraGroup + " › Properties › Group name",
		},
		Links: []Link{atConflicts, issueGroup}, Seen: true,
	},
	{
		Code: DefaultAccessGroup, Ref: "C4", Family: GroupConflict, Home: HopGroup, Shows: []Hop{HopProduct},
		Title:    "named like a product's default access group",
		Text:     "The group has the name of a product's default access group. Atlassian answers success, but such a group never reaches the sites, so its members get nothing from it.",
		Proof:    "The SCIM group exists with its members, the organization's group of that name has externalSynced false (or Jira lacks the members), and its role assignments have a defaultRole or `applicationrole.defaultGroups` names it.",
		Outranks: []Code{GroupNameConflict, SeatLimit, SiteAccessSuspended, PropagationLag},
		Fix: []string{
			"Make another group the default: Atlassian Administration › Products › Manage product, then sync again: " + atlassianProvider + " › Review groups › {group} › Sync group",
			"Or use another name in Entra, and give the new group the product role: " + entraGroup + " › Properties › Group name. A rename does not reach a group that is synced already, so make a new group in that case",
		},
		Links: []Link{atDefaults, atConflicts, atSCIM}, Seen: true,
	},
	{
		Code: BuiltInGroup, Ref: "C4", Family: GroupConflict, Home: HopGroup, Shows: []Hop{HopProduct},
		Title:    "named like a group that Atlassian keeps for itself",
		Text:     "The name belongs to one of Atlassian's built-in groups. Atlassian answers success, but a synced group of that name never reaches the sites.",
		Proof:    "The SCIM group exists, its name is one of Atlassian's built-in names (such as site-admins, org-admins, jira-administrators, confluence-administrators, system-administrators), and the organization's group of that name has externalSynced false or Jira lacks the members. Atlassian publishes no complete list of the names.",
		Outranks: []Code{GroupNameConflict, DefaultAccessGroup},
		Fix: []string{
			"Make a group of another name in Entra, assign it, and give it the same roles at Atlassian: " + entraAssign,
			"Take the group of the built-in name out of the application: " + entraApp + " › Users and groups › {group} › Remove",
		},
		Links: []Link{atSCIM, atConflicts}, Seen: true,
	},
	{
		Code: GroupRenamed, Ref: "C32", Family: GroupConflict, Home: HopGroup, Shows: []Hop{HopDirectory, HopProduct},
		Title:    "renamed in Entra; Atlassian keeps the old name",
		Text:     "The group was renamed in Entra after it had been synced. A synced group cannot be renamed, so Atlassian still has it under the old name, and neither side reports it.",
		Proof:    "A SCIM group carries the Entra group's id as externalId and another displayName, and they differ in more than case. With Guard's connector: the audit log shows another name before, and the organization has a synced group of that name.",
		Outranks: []Code{PropagationLag, MembershipMissing},
		Fix: []string{
			"Simplest: give the group its old name back ({other}): " + entraGroup + " › Properties › Group name",
			"Or make a new group of the new name, assign it, and give it the product roles and permissions of the old one; take the old one out last, because deleting a synced group deletes its permissions",
		},
		Links: []Link{msTutorial, atSCIM}, Seen: true,
	},
	{
		Code: GroupNameInvalid, Ref: "C31", Family: GroupConflict, Home: HopGroup, Shows: []Hop{HopProvisioning, HopDirectory, HopProduct},
		Title:    "the group's name cannot be matched or is too long",
		Text:     "The group's name holds characters that break Entra's search at the target, or is too long, so Entra cannot match it and never creates it.",
		Proof:    "There is no SCIM group, and the name has one of \" \\ # & + % or a control character, or is longer than 255 characters (an assumed limit: Atlassian publishes none); or the log says that the group failed to match.",
		Outranks: []Code{ProvisioningFailed, MembershipMissing},
		Fix: []string{
			"Rename the group with letters, digits, spaces, dots, hyphens and underscores: " + entraGroup + " › Properties › Group name",
			"Try it at once: " + entraOnDemand,
		},
		Links: []Link{msKnown, msCodes}, Seen: true,
	},
	{
		Code: DirectoryRecreated, Ref: "C45", Family: GroupConflict, Home: HopGroup, Shows: []Hop{HopDirectory, HopAccount, HopProduct},
		Title:    "the directory was recreated; old groups stand in the way",
		Text:     "The Guard directory was deleted and made anew, or the subscription lapsed. The old synced groups became local groups and the old accounts may still be held by the removed directory, so the new directory collides with both.",
		Proof:    "A group conflict, and SCIM links of the accounts name another directory than the connection's, or an organization event says that an identity provider directory was removed or created.",
		Outranks: []Code{GroupNameConflict, HeldByOtherDirectory, TargetRecordGone},
		Fix: []string{
			"If Entra still writes to the old directory, give it the address and the key of the new one: " + entraProvision + " › Admin credentials. " + forgetAll,
			"Let the new groups take over one by one: " + atlassianProvider + " › Review groups › {group} › Sync group. Or rename or delete the local groups that are left over: " + atlassianGroup + " (their permissions go with them)",
			"Look whether the directory has the authentication policies that it should have, and the people are in them: " + atlassianPolicies,
			"For accounts that the old directory ({other}) still holds, break the link: `PATCH https://api.atlassian.com/admin/user-provisioning/v1/org/{org}/scimDirectoryId/{other}/scimUserId/{record}/unlink`; if that is refused, ask Atlassian support to release the directory",
		},
		Links: []Link{issueGroup, atConflicts, atAdmin}, Seen: true,
	},
}
