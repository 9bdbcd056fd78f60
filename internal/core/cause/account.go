package cause

var account = []Cause{
	{
		Code: DomainNotVerified, Ref: "C9", Family: Account, Home: HopAccount, Shows: []Hop{HopDirectory, HopGroup, HopPolicy, HopProduct},
		Title:    "the address's domain is not verified and claimed",
		Text:     "The organization does not own the domain of the person's address. Atlassian accepts the change in the directory, then drops the link to the account without an error.",
		Proof:    "The record has no account, or the account is unmanaged and its address differs from the record's, and `…/domains` lists the domain not at all or with a claim status other than verified; or the troubleshooting log says \"Email update to unmanaged user with ID …\". With Guard's connector: the identifier gives a member an address of such a domain, and no synced account has it.",
		Outranks: []Code{AccountUnlinked, EmailChangeRefused, WrongAuthenticationPolicy},
		Fix: []string{
			"Verify {domain} and claim at least one account: " + atlassianDomains + " › Add domain. Verified but unclaimed counts as not verified. Then link the domain to the provider's directory: " + atlassianProvider + " › Link domains",
			"A dropped link does not come back by itself. Give the account the new address by hand, " + setEmail + " or under " + atlassianAccount + ", so that it is found; then delete the record, so that a new one links to it: " + dropRecord,
			forgetAll,
			"If the domain is not yours, give the person an address of a domain that is, or accept that the account stays external",
		},
		Guard: []string{
			"Verify {domain} and claim at least one account: " + atlassianDomains + " › Add domain. Verified but unclaimed counts as not verified. Where Entra has verified it, the connector can do both: " + atlassianProvider + " › Edit sync › Domains",
			connectorSync,
			"If the domain is not yours, give the person an address of a domain that is, or accept that the account stays external",
		},
		Links: []Link{kbUnmanaged, atVerify, atDomains, issueClaim}, Seen: true,
	},
	{
		Code: AccountUnlinked, Ref: "C10", Family: Account, Home: HopDirectory, Shows: []Hop{HopAccount, HopGroup, HopPolicy, HopProduct},
		Title:    "the record is not linked to an Atlassian account",
		Text:     "The directory has a record of the person, but no account hangs on it. An unlinked account drops out of every synced group, and is not put back when the data match again.",
		Proof:    "The SCIM record has no atlassianAccountId, and the domain of its address is verified.",
		Outranks: []Code{PropagationLag, SeatLimit},
		Fix: []string{
			"See which records the address has ({value}), and which are without account: " + linksOfMail,
			"Give the person's account the address of the record, if it has another: Atlassian Administration › Directory › Managed accounts. Otherwise a new account is opened",
			"Delete the record so that a new one can link: " + dropRecord + ". " + forgetAll,
			askAgain,
		},
		Links: []Link{issueUnlinked, atAdmin, kbUnmanaged}, Seen: true,
	},
	{
		Code: AccountDeactivated, Ref: "C29", Family: Account, Home: HopAccount, Shows: []Hop{HopDirectory, HopGroup, HopProduct},
		Title:    "the Atlassian account is deactivated or to be deleted",
		Text:     "The account behind the record is deactivated, closed, or scheduled for deletion, although the person is enabled and in scope in Entra.",
		Proof:    "`…/users/search` shows accountStatus inactive or closed, or status deactivated or for_deletion; or the record has active false while the user is enabled and in scope and no cycle is due.",
		Outranks: []Code{PropagationLag, SeatLimit},
		Fix: []string{
			"If the record is inactive, let Entra send the person as active again: " + entraOnDemand,
			"If only the account is inactive: " + atlassianAccount + " › Reactivate account. While a directory holds the account that is refused; then break the link first: " + unlinkRecord,
			"If it is scheduled for deletion, cancel within 14 days: `POST https://api.atlassian.com/users/{account}/manage/lifecycle/cancel-delete`",
		},
		Links: []Link{atAdmin, atUnderstand, atAudit}, Seen: true,
	},
	{
		Code: HeldByOtherDirectory, Ref: "C16", Family: Account, Home: HopAccount, Shows: []Hop{HopProvisioning, HopDirectory, HopGroup, HopProduct},
		Title:    "another directory of the organization holds the account",
		Text:     "The account is held by a record of another identity provider's directory (an older SCIM directory, or Google). Only one directory can hold an account, so this one is refused.",
		Proof:    "The SCIM links of the account or address name another directoryId than the connection's; or `…/manage` refuses with externalDirectory.google, or with externalDirectory.scim while our directory has no record for the account.",
		Outranks: []Code{DuplicateAccount, EmailChangeRefused, AccountUnlinked},
		Fix: []string{
			"See which directory it is ({other}): " + linksOfMail,
			"Take the person out of the provider that feeds that directory, or break the link: `PATCH https://api.atlassian.com/admin/user-provisioning/v1/org/{org}/scimDirectoryId/{other}/scimUserId/<record there>/unlink`",
			"Provision the person here: " + entraOnDemand,
			groupsToo,
		},
		Guard: []string{
			"See which directory it is ({other}): " + linksOfMail,
			"Take the person out of the provider that feeds that directory, or break the link: `PATCH https://api.atlassian.com/admin/user-provisioning/v1/org/{org}/scimDirectoryId/{other}/scimUserId/<record there>/unlink`",
			connectorSync,
		},
		Links: []Link{atAdmin, atDirs}, Seen: true,
	},
	{
		Code: ManagedByOtherOrganization, Ref: "C17", Family: Account, Home: HopAccount, Shows: []Hop{HopPolicy, HopProduct},
		Title:    "another organization manages the account",
		Text:     "The account belongs to another Atlassian organization, because it claimed the domain. This one can neither change it nor put it under a policy.",
		Proof:    "`…/manage` answers 403 forbidden and the account is unmanaged although its domain is ours; or our claim of the domain has the status superseded.",
		Outranks: []Code{DomainNotVerified, DuplicateAccount},
		Fix: []string{
			"See the claim of {domain}: " + atlassianDomains,
			"Agree with the other organization who keeps the domain; it must remove its claim first. Often it is a forgotten trial or a sister company",
			"Then verify the domain again and claim the account: " + atlassianDomains + " › {domain} › Claim accounts",
		},
		Links: []Link{atClaims, atVerify}, Seen: true,
	},
	{
		Code: EmailNotVerified, Ref: "C46", Family: Account, Home: HopAccount, Shows: []Hop{HopPolicy, HopProduct},
		Title: "the person never confirmed the address",
		Text:  "The account's address was never confirmed. Until it is, Atlassian refuses changes to the account, and the person may be stopped at sign-in.",
		Proof: "`…/users/search` shows emailVerified false, or `…/manage` answers 403 forbidden.targetUnverified.",
		Fix: []string{
			"Let the person sign in once through single sign-on, which confirms the address",
			"Or have Atlassian send the confirmation message again, from the account's page: " + atlassianAccount,
		},
		Links: []Link{kbEmail}, Seen: true,
	},
	{
		Code: WrongAuthenticationPolicy, Ref: "C21", Family: Account, Home: HopPolicy, Shows: []Hop{HopAccount},
		Title: "in another authentication policy than their group's",
		Text:  "The account is in another authentication policy than the one that its group should give it, so single sign-on or two-step verification is not what was meant. New accounts land in the directory's default policy.",
		Proof: "connection.expected_policies names a policy for a group of the person, and `…/users/auth-policies/bulk-fetch` names another for the account.",
		Fix: []string{
			"Move the account: " + atlassianPolicies + " › {policy} › Members › Add members, or `POST https://api.atlassian.com/admin/control/v1/orgs/{org}/auth-policy/<policy id>/add-users`",
			"If many are in the local directory's policy, link their domain to the provider's directory: " + atlassianProvider + " › Link domains",
		},
		Links: []Link{atPolicies, atPolicyAPI, atDirs}, Seen: true,
	},
}
