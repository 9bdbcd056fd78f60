package cause

var product = []Cause{
	{
		Code: ProductAccessNotGranted, Ref: "C37", Family: Product, Home: HopProduct,
		Title: "no group of theirs grants the product",
		Text:  "The person is at Atlassian and in the groups, but none of them has a role in the product. Syncing a group gives no access by itself.",
		Proof: "connection.expected_products names a product for a group of the person, and neither `applicationrole.groups` nor the group's role assignments grant it; or the person has no product at all and no group of the person grants one.",
		Fix: []string{
			"Give the group the product: " + atlassianGroup + " › Show details › Product roles › {product}: User",
			"If the product is granted and something else is missing, look at the project's or space's own permissions",
		},
		Links: []Link{atDefaults, atOrg}, Seen: true,
	},
	{
		Code: SeatLimit, Ref: "C19", Family: Product, Home: HopProduct, Shows: []Hop{HopGroup},
		Title:    "no seat left in the product",
		Text:     "All seats of the product are taken. Who comes after the last seat is not let into its groups.",
		Proof:    "`applicationrole` shows remainingSeats 0 for the product, and the person, who is in a group of that product, is missing from the group in Jira or has no access.",
		Outranks: []Code{PropagationLag, RecordMissing},
		Fix: []string{
			"Free seats: Atlassian Administration › Directory › Users, filter by {product} and last active, then Remove access. Look first for a default group that gives the product to everybody",
			"Or buy seats: Atlassian Administration › Billing › {product}",
			"Then let the group be written again: remove the person from {group} in Entra, wait for a cycle, and add again",
		},
		Links: []Link{kbSeats, atDefaults}, Seen: true,
	},
	{
		Code: SiteAccessSuspended, Ref: "C30", Family: Product, Home: HopProduct, Shows: []Hop{HopGroup},
		Title:    "site access was suspended by hand",
		Text:     "The account is active, but its access to the site was switched off by hand. Provisioning brings the groups back, never this switch.",
		Proof:    "`…/users/search` shows membershipStatus suspended and accountStatus active.",
		Outranks: []Code{PropagationLag},
		Fix: []string{
			"Find out who switched it off and why: Atlassian Administration › Security › Audit log",
			"Switch it on: " + atlassianUser + " › Restore access",
		},
		Links: []Link{issueSite, atAudit}, Seen: true,
	},
	{
		Code: PropagationLag, Ref: "C38", Family: Product, Home: HopProduct, Shows: []Hop{HopGroup},
		Title:    "on its way from the directory to the site",
		Text:     "The directory has the membership, and the site has not heard of it yet. That takes minutes, sometimes up to an hour.",
		Proof:    "The SCIM group has the person's record, the organization's or Jira's group lacks the account, and the change in the directory is younger than 60 minutes.",
		Outranks: []Code{PropagationStuck},
		Fix: []string{
			"Wait for an hour after the change ({when})",
			askAgain,
		},
		Links: []Link{issueProp}, Seen: true,
	},
	{
		Code: PropagationStuck, Ref: "C39", Family: Product, Home: HopProduct, Shows: []Hop{HopGroup},
		Title:    "right in the directory, wrong at the site for long",
		Text:     "The directory has had the membership for more than an hour, and the site still lacks it. No log says why; it does not heal by itself.",
		Proof:    "The SCIM group has the person's record, the organization's or Jira's group lacks the account, the change is older than 60 minutes, and no conflict, seat, suspension, limit or link explains it.",
		Outranks: []Code{MembershipMissing},
		Fix: []string{
			"Remove the person from {group} in Entra, wait for a cycle, add again",
			"If that does not help: " + deleteRecord + ", then unassign and assign the person in Entra. All memberships of the person are written anew by that",
			"Else ask Atlassian support to resync the account ({account}), with the times that `rollcall why {user}` shows",
		},
		Links: []Link{issueResync, comFew}, Seen: true,
	},
}
