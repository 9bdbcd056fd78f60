package atlassian

// Readings settle what the vendor leaves open or has written in two ways. The zero value is the newer text or, where
// there is none, what is most often seen. None of it has been tried against a live organization here.
type Readings struct {
	// DeleteKeepsRecord is the text of 2024 about DELETE of a user: the account is deactivated, the record answers 404
	// and comes back, with its id, when it is created again. Otherwise (2026) the record is gone for good.
	DeleteKeepsRecord bool
	// RenameRefused answers a new displayName of a group with 400 mutability. Otherwise it is ignored, with 200.
	RenameRefused bool
	// ConflictHeld answers 201 to a group whose name the organization has already; it exists in the directory and is
	// held back until it is reviewed. Otherwise the answer is 409 and there is no such group in the directory.
	ConflictHeld bool
	// UnknownMemberIs400 is what PATCH of a group says to a member that is no user. Otherwise 404. PUT says 400 always.
	UnknownMemberIs400 bool
	// PutIgnoresMembers is the newest page about PUT of a group, which names displayName alone. Otherwise the members
	// become those of the request, none if it names none.
	PutIgnoresMembers bool
	// GroupsExcludeMembers lets excludedAttributes=members work on groups, which the vendor's document does not have.
	GroupsExcludeMembers bool
	// ListsWithoutMembers leaves the members out of lists of groups.
	ListsWithoutMembers bool
	// UsersWithoutGroups leaves the groups that a user is in out of users: the list is there and empty.
	UsersWithoutGroups bool
	// ExactCase tells apart user names, e-mail addresses and group names that differ by case alone.
	ExactCase bool
	// UniqueExternalID refuses a second record with an externalId. Otherwise that is left to the client.
	UniqueExternalID bool
	// ExternalAccountIs409 refuses a new record for the address of an account that exists and is not managed. Otherwise
	// it is linked, as a managed one is; Atlassian says that for managed ones alone.
	ExternalAccountIs409 bool
	// NewAccountsAreVerified takes the address of an account of a domain that is not the organization's for verified from
	// the start. Otherwise somebody has to sign in first: see [Lab.SetEmailVerified].
	NewAccountsAreVerified bool
	// UnlinkedElsewhereIs409 refuses a new record for an address that a record of another directory has although that
	// one is linked to no account. Otherwise only a linked one is in the way: that unlinking it is the mending is what the
	// vendor's description of the call suggests.
	UnlinkedElsewhereIs409 bool
	// RewriteUnlinks ends the link of an account that is not managed also where PUT names the same address again, as
	// was reported of a forced sync. Otherwise only another address does.
	RewriteUnlinks bool
	// DomainDecidesHolder lets several directories have a record for one address: the directory that the domain is
	// linked to holds the account, the others' records are not linked. Otherwise the second one is refused.
	DomainDecidesHolder bool
	// LinkMovesAccounts moves the accounts of a domain that is linked to another directory to its default policy.
	// Otherwise only new accounts get it.
	LinkMovesAccounts bool
	// ProvisioningClaims claims an account that provisioning opens in a domain whose accounts are claimed by hand.
	// Otherwise it stays unmanaged, as any new one does there.
	ProvisioningClaims bool
	// ExpiredKeyIs403 is what an expired SCIM key gets. Otherwise 401.
	ExpiredKeyIs403 bool
	// LapsedIs404 is what SCIM calls get where there is no Guard subscription. Otherwise 403; both were seen.
	LapsedIs404 bool
	// EventsWithoutScopes lets only a key without scopes read the events.
	EventsWithoutScopes bool
	// CursorIsURL makes links.next of version 2 an address, as in version 1. Otherwise it is the bare cursor.
	CursorIsURL bool
	// DefaultStopsSync lets no change of members reach a synced group after it was made a default access group. The pages
	// speak of groups that are default ones before they are synced; otherwise a later status changes nothing.
	DefaultStopsSync bool
	// UnsyncedGroupIsAnEvent writes a default or built-in group that never leaves its directory into the audit log, as
	// an old text has it.
	UnsyncedGroupIsAnEvent bool
	// KeyExpiryIsAnEvent writes the end of a SCIM key into the audit log. Otherwise nobody is told.
	KeyExpiryIsAnEvent bool
	// SeatsAreFilled gives a seat that becomes free to the first of those who were turned away. Otherwise they stay out
	// until they are taken out of the group and added again.
	SeatsAreFilled bool
	// FullSeatKeepsMember adds a person to a group although no seat is free in a product that it grants, without the
	// product. Otherwise the person is not added outside the SCIM directory.
	FullSeatKeepsMember bool

	// The following are about the connector. Its pages name settings, the mapping and the limits, and little else.

	// MailOrUPN reads "mail OR userPrincipalName" of the mapping table as one standing in for the other. Otherwise it
	// is a choice of the administrator, and who has no mail is passed over.
	MailOrUPN bool
	// GuestsByMail takes a guest's mail also where the identifier is userPrincipalName. Otherwise it is the name with
	// #EXT# in it.
	GuestsByMail bool
	// SyncCreatesDisabled creates also those who are disabled in Entra, as deactivated. Otherwise they are not created.
	SyncCreatesDisabled bool
	// LeaversAreDeleted deletes the record of somebody who is gone or in no chosen group any more, as DELETE of a user
	// does. Otherwise it becomes inactive.
	LeaversAreDeleted bool
	// OnlyChosenGroups makes groups of those alone that were chosen. Otherwise also of the groups inside them.
	OnlyChosenGroups bool
	// LargeGroupsAreSkipped leaves a group with too many users as it is. Otherwise the first so many are in it.
	LargeGroupsAreSkipped bool
	// DroppedGroupsStay makes a group local that is deleted in Entra or no longer chosen. Otherwise it is deleted with
	// its permissions, as with SCIM.
	DroppedGroupsStay bool
	// SyncRenames follows a new name of a group. Otherwise it keeps the old one, as with SCIM.
	SyncRenames bool
	// SyncedDomainsStayLocal leaves a domain that a sync claimed linked to the local directory. Otherwise it is linked to
	// the connector's.
	SyncedDomainsStayLocal bool
	// DisconnectKeepsDomains leaves the domains that the connector verified to the local directory when its directory is
	// deleted, as one page says. Otherwise they are removed and their accounts unmanaged, as another does.
	DisconnectKeepsDomains bool
	// ConnectorLinksHidden keeps the connector's records out of the calls about links.
	ConnectorLinksHidden bool
}
