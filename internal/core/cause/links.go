package cause

// The vendors' pages that the catalogue points to, each named once.
var (
	msHow        = Link{"Microsoft: how application provisioning works", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/how-provisioning-works"}
	msKnown      = Link{"Microsoft: known issues of application provisioning", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/known-issues"}
	msQuarantine = Link{"Microsoft: application provisioning in quarantine", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/application-provisioning-quarantine-status"}
	msNoUsers    = Link{"Microsoft: no users are being provisioned", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/application-provisioning-config-problem-no-users-provisioned"}
	msOnDemand   = Link{"Microsoft: provision on demand", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/provision-on-demand"}
	msScoping    = Link{"Microsoft: scoping filters", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/define-conditional-rules-for-provisioning-user-accounts"}
	msMapping    = Link{"Microsoft: customise attribute mappings", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/customize-application-attributes"}
	msDeletes    = Link{"Microsoft: accidental deletions prevention", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/accidental-deletions"}
	msSkip       = Link{"Microsoft: skip deletion of users out of scope", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/skip-out-of-scope-deletions"}
	msWhen       = Link{"Microsoft: how long provisioning takes", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/application-provisioning-when-will-provisioning-finish-specific-user"}
	msLinks      = Link{"Microsoft: manage object connections", "https://learn.microsoft.com/en-us/entra/identity/app-provisioning/manage-object-connections"}
	msCodes      = Link{"Microsoft: analyse the provisioning logs, with error codes", "https://learn.microsoft.com/en-us/entra/identity/monitoring-health/howto-analyze-provisioning-logs"}
	msTutorial   = Link{"Microsoft: Atlassian Cloud provisioning tutorial", "https://learn.microsoft.com/en-us/entra/identity/saas-apps/atlassian-cloud-provisioning-tutorial"}
	msPIM        = Link{"Microsoft: PIM for Groups", "https://learn.microsoft.com/en-us/entra/id-governance/privileged-identity-management/concept-pim-for-groups"}
	graphDeleted = Link{"Microsoft Graph: list deleted items", "https://learn.microsoft.com/en-us/graph/api/directory-deleteditems-list"}
	graphMembers = Link{"Microsoft Graph: list members of a group", "https://learn.microsoft.com/en-us/graph/api/group-list-members"}
	graphRule    = Link{"Microsoft Graph: processing status of a membership rule", "https://learn.microsoft.com/en-us/graph/api/resources/membershipruleprocessingstatus"}
	graphOnPrem  = Link{"Microsoft Graph: on-premises provisioning errors", "https://learn.microsoft.com/en-us/graph/api/resources/onpremisesprovisioningerror"}
	graphStart   = Link{"Microsoft Graph: start a synchronization job", "https://learn.microsoft.com/en-us/graph/api/synchronization-synchronizationjob-start"}
	graphRestart = Link{"Microsoft Graph: restart a synchronization job", "https://learn.microsoft.com/en-us/graph/api/synchronization-synchronizationjob-restart"}

	atSCIM       = Link{"Atlassian: user provisioning (SCIM) API", "https://developer.atlassian.com/cloud/admin/user-provisioning/rest/intro/"}
	atAdmin      = Link{"Atlassian: user provisioning admin API (links, unlink, delete a record)", "https://developer.atlassian.com/cloud/admin/user-provisioning/rest/api-group-admin-apis/"}
	atEmail      = Link{"Atlassian: e-mail changes and stale records", "https://developer.atlassian.com/cloud/admin/user-provisioning/email-change/"}
	atOrg        = Link{"Atlassian: organizations API", "https://developer.atlassian.com/cloud/admin/organization/rest/intro/"}
	atPolicyAPI  = Link{"Atlassian: authentication policies API", "https://developer.atlassian.com/cloud/admin/control/rest/api-group-authentication-policies/"}
	atUnderstand = Link{"Atlassian: understand user provisioning", "https://support.atlassian.com/provisioning-users/docs/understand-user-provisioning/"}
	atConflicts  = Link{"Atlassian: resolve group conflicts when syncing users", "https://support.atlassian.com/provisioning-users/docs/resolve-group-conflicts-when-syncing-users"}
	atKey        = Link{"Atlassian: SCIM API key expiration", "https://support.atlassian.com/provisioning-users/docs/manage-scim-api-key-expiration"}
	atLimits     = Link{"Atlassian: limits of users and groups", "https://support.atlassian.com/ja/provisioning-users/docs/users-and-groups-limits"}
	atDirs       = Link{"Atlassian: what are directories", "https://support.atlassian.com/provisioning-users/docs/what-are-directories/"}
	atDomains    = Link{"Atlassian: link domains to a directory", "https://support.atlassian.com/provisioning-users/docs/link-domains"}
	atVerify     = Link{"Atlassian: verify a domain to manage accounts", "https://support.atlassian.com/user-management/docs/verify-a-domain-to-manage-accounts"}
	atClaims     = Link{"Atlassian: what verifying a domain does to accounts", "https://support.atlassian.com/atlassian-cloud/kb/what-happens-to-atlassian-accounts-when-their-domain-is-verified-and-unverified/"}
	atPolicies   = Link{"Atlassian: understand authentication policies", "https://support.atlassian.com/security-and-access-policies/docs/understand-authentication-policies/"}
	atDefaults   = Link{"Atlassian: default groups and permissions", "https://support.atlassian.com/user-management/docs/default-groups-and-permissions/"}
	atAudit      = Link{"Atlassian: organization audit log", "https://support.atlassian.com/security-and-access-policies/docs/track-organization-activities-from-the-audit-log/"}
	atGuardHow   = Link{"Atlassian: how the Azure AD connector for nested groups works", "https://support.atlassian.com/provisioning-users/docs/how-does-azure-ad-for-nested-groups-work/"}
	atGuardSet   = Link{"Atlassian: sync settings of the connector for nested groups", "https://support.atlassian.com/provisioning-users/docs/set-up-sync-settings/"}
	atNested     = Link{"Atlassian: what are nested groups", "https://support.atlassian.com/provisioning-users/docs/what-are-nested-groups"}
	atChoose     = Link{"Atlassian: choose how to connect Azure AD", "https://support.atlassian.com/provisioning-users/docs/choose-the-right-microsoft-azure-ad-option-for-you"}

	kbConflict  = Link{"Atlassian: failed to update when provisioning a user (409)", "https://confluence.atlassian.com/display/CLOUDKB/Failed+to+update+when+attempting+to+provision+a+user"}
	kbEmail     = Link{"Atlassian: 409 when updating an e-mail address via provisioning", "https://confluence.atlassian.com/cloudkb/409-error-when-attempting-to-update-email-address-via-user-provisioning-1035734019.html"}
	kbPush      = Link{"Atlassian: unable to push a user from the identity provider", "https://support.atlassian.com/atlassian-cloud/kb/unable-to-push-user-from-the-identity-provider-through-user-provisioning-with-atlassian-access"}
	kbUnmanaged = Link{"Atlassian: e-mail change via provisioning is not reflected", "https://support.atlassian.com/atlassian-cloud/kb/email-address-change-via-user-provisioning-is-not-reflected-on-atlassian/"}
	kbFilter    = Link{"Atlassian: Resource [USER] invalid filter", "https://confluence.atlassian.com/cloudkb/user-provisioning-failing-with-resource-user-invalid-filter-in-azure-ad-1071827946.html"}
	kbSeats     = Link{"Atlassian: user limit reached", "https://confluence.atlassian.com/pages/viewpage.action?pageId=1272383786"}

	issueGroup    = Link{"Atlassian ACCESS-1369: groups collide after a directory was recreated", "https://jira.atlassian.com/browse/ACCESS-1369"}
	issueOrphan   = Link{"Atlassian ACCESS-1388: records left after a hard delete", "https://jira.atlassian.com/browse/ACCESS-1388"}
	issueClaim    = Link{"Atlassian ACCESS-2172: verified but unclaimed domain", "https://jira.atlassian.com/browse/ACCESS-2172"}
	issueUnlinked = Link{"Atlassian ACCESS-1737: unlinked accounts drop out of synced groups", "https://jira.atlassian.com/browse/ACCESS-1737"}
	issueResync   = Link{"Atlassian ACCESS-2466: resync of one account or group", "https://jira.atlassian.com/browse/ACCESS-2466"}
	issueSite     = Link{"Atlassian ID-7848: site access is not restored by provisioning", "https://jira.atlassian.com/browse/ID-7848"}
	issueProp     = Link{"Atlassian AX-282: provisioned data reaches the sites later", "https://jira.atlassian.com/browse/AX-282"}
	issueRole     = Link{"Atlassian ID-6305: everyone is skipped for want of a role", "https://jira.atlassian.com/browse/ID-6305"}
	issueGuard    = Link{"Atlassian ACCESS-2175: the connector syncs every four hours", "https://jira.atlassian.com/browse/ACCESS-2175"}

	comFew    = Link{"Atlassian Community: some users do not sync", "https://community.atlassian.com/forums/Jira-questions/Some-users-are-not-syncing-with-the-Azure-ADD-and-the-groups/qaq-p/3197753"}
	comTenant = Link{"Atlassian Community: cross-tenant members do not sync", "https://community.atlassian.com/forums/Jira-Service-Management/Atlassian-Guard-Issue-Syncing-Cross-Tenant-Users-from-Entra-ID/qaq-p/3253285"}
	comDup    = Link{"Atlassian Community: duplicate users from Entra ID", "https://community.atlassian.com/forums/Trust-Security-articles/Duplicate-users-when-provisioning-from-EntraID-a-missing-piece/ba-p/3122921"}
	comUPN    = Link{"Atlassian Community: UPN or e-mail with Azure AD", "https://community.atlassian.com/t5/Atlassian-Access-questions/Use-UPN-with-Azure-AD-not-the-email/qaq-p/1886402"}
)
