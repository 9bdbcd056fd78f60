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
	// ExactCase tells apart user names, e-mail addresses and group names that differ by case alone.
	ExactCase bool
	// UniqueExternalID refuses a second record with an externalId. Otherwise that is left to the client.
	UniqueExternalID bool
	// ExternalAccountIs409 refuses a new record for the address of an account that exists and is not managed. Otherwise
	// it is linked, as a managed one is; Atlassian says that for managed ones alone.
	ExternalAccountIs409 bool
	// UnlinkedElsewhereIs409 refuses a new record for an address that a record of another directory has although that
	// one is linked to no account. Otherwise only a linked one is in the way: that unlinking it is the mending is what the
	// vendor's description of the call suggests.
	UnlinkedElsewhereIs409 bool
	// ExpiredKeyIs403 is what an expired SCIM key gets. Otherwise 401.
	ExpiredKeyIs403 bool
	// EventsWithoutScopes lets only a key without scopes read the events.
	EventsWithoutScopes bool
	// CursorIsURL makes links.next of version 2 an address, as in version 1. Otherwise it is the bare cursor.
	CursorIsURL bool
	// FullSeatKeepsMember adds a person to a group although no seat is free in a product that it grants, without the
	// product. Otherwise the person is not added outside the SCIM directory.
	FullSeatKeepsMember bool
}
