package cause

// Where the fixes lead: the menus of both administration pages, as far as several causes share them.
const (
	entraApp       = "Entra admin center › Enterprise applications › {application}"
	entraAssign    = entraApp + " › Users and groups › Add user/group"
	entraProvision = entraApp + " › Provisioning"
	entraMapping   = entraProvision + " › Mappings"
	entraOnDemand  = entraProvision + " › Provision on demand"
	entraRestart   = entraProvision + " › Restart provisioning"
	entraUser      = "Entra admin center › Users › {user}"
	entraGroup     = "Entra admin center › Groups › {group}"

	atlassianProvider = "Atlassian Administration › Security › Identity providers › your provider"
	atlassianDomains  = "Atlassian Administration › Settings › Domains"
	atlassianUser     = "Atlassian Administration › Directory › Users › {user}"
	atlassianAccount  = "Atlassian Administration › Directory › Managed accounts › {user}"
	atlassianGroup    = "Atlassian Administration › Directory › Groups › {group}"
	atlassianPolicies = "Atlassian Administration › Security › Authentication policies"

	// connectorSync is how Guard's connector is told not to wait for its next turn.
	connectorSync = "Start a sync: " + atlassianProvider + " › Sync now"

	// deleteRecord removes the SCIM records of a managed account; both sides must then be joined anew.
	deleteRecord = "`DELETE https://api.atlassian.com/admin/user-provisioning/v1/org/{org}/user/{account}/onlyDeleteUserInDB`"
	unlinkRecord = "`PATCH https://api.atlassian.com/admin/user-provisioning/v1/org/{org}/scimDirectoryId/{directory}/scimUserId/{record}/unlink`"
	linksOfMail  = "`POST https://api.atlassian.com/admin/user-provisioning/v1/org/{org}/get-scim-links-for-email`"
	dropRecord   = "`DELETE https://api.atlassian.com/scim/directory/{directory}/Users/{record}`"
	endRecord    = "`PATCH https://api.atlassian.com/scim/directory/{directory}/Users/{record}` with the operation replace of active to false"
	setEmail     = "`PUT https://api.atlassian.com/users/{account}/manage/email`"

	// lateMember is what is left to do after somebody came into scope whose groups were written already.
	lateMember = "If the person is at Atlassian after the next cycle but not in the groups, take the person out of them in Entra and add again a cycle later, or " + entraRestart + ": Entra adds nobody by itself to a group that was synced before"
	// forgetAll is for a record that was deleted: Entra would write to the old id for ever.
	forgetAll = "Entra remembers the old record and writes to it in vain. Let it forget, and match everybody anew: " + restartCall + " with `{\"criteria\": {\"resetScope\": \"Full\"}}`"
	// groupsToo is for a person who was not there when the groups were written.
	groupsToo = "Groups that were written meanwhile lack the person; Entra may take a day to add them. At once: " + entraOnDemand + " › the group › choose {user} as member"

	askAgain = "`rollcall why {user}` says whether it worked"
)
