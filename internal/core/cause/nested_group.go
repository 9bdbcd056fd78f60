package cause

var nestedGroup = []Cause{
	{
		Code: NestedGroup, Ref: "C2", Family: Nested, Home: HopAssignment, Shows: []Hop{HopProvisioning, HopDirectory, HopAccount, HopGroup, HopProduct},
		Title:    "member only through a group inside the assigned group",
		Text:     "Entra's provisioning service reads the direct members of an assigned group and nothing below. The person is in a group inside the group, so the service never sees the person there, and logs nothing.",
		Proof:    "`GET /groups/…/members` of the assigned group lists a group that leads to the person, and not the person; no assignment or assigned group holds the person directly.",
		Outranks: append([]Code{CycleDelay, LateScopeMember}, missing...),
		Fix: []string{
			"Make the person a direct member of {group}: " + entraGroup + " › Members › Add members",
			"Or assign the inner group itself ({nested}): " + entraAssign + ". {group} still will not hold its people at Atlassian, so give {nested} there what {group} has",
			"Or replace {group} by a dynamic group, whose members are all direct",
			"Or change the method: Guard's connector for nested groups flattens them, and so does rollcall's own (`rollcall plan --method rollcall` shows what would change)",
		},
		Links: []Link{msHow, msKnown, atNested, atChoose}, Seen: true,
	},
}
