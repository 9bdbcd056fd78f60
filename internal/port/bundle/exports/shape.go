package exports

// shape says how the columns of one kind of file may be called and which of them it cannot be without. Names are
// compared without case, blanks and punctuation, so "User principal name" and userPrincipalName are one.
type shape struct {
	kind   Kind
	fields [][]string // a field, then its other spellings, squashed
	needs  [][]string // of each list at least one field
	never  []string   // squashed names that show another kind, though the rest would fit
	only   bool       // no other column may stand there
	apps   bool       // columns of products, one for each app and site
}

// shapes are the files that are told by their columns, in the order in which they are tried.
var shapes = []*shape{
	&entraUsers, &entraMembers, &entraGroups, &bareGroups, &assignments, &ownList,
	&logMain, &logSteps, &logProperties,
	&orgUsers, &managedAccounts,
}

// The portal writes Graph's names; the documentation and older files have a few of its predecessor.
var entraUsers = shape{
	kind: EntraUsers,
	fields: [][]string{
		{"id", "objectid", "userobjectid"},
		{"userPrincipalName", "upn"},
		{"displayName", "name"},
		{"mail", "email", "emailaddress"},
		{"surname", "lastname"},
		{"givenName", "firstname"},
		{"userType"},
		{"jobTitle"},
		{"department"},
		{"accountEnabled", "isaccountenabled"},
		{"mailNickname"},
		{"createdDateTime", "creationtime"},
		{"deletedDateTime", "deletiontimestamp"},
		{"onPremisesSyncEnabled", "directorysynced", "onpremisessync", "dirsyncenabled"},
		{"onPremisesLastSyncDateTime", "lastdirsynctime"},
		{"externalUserState", "invitationstate"},
		{"otherMails", "alternateemailaddress"},
		{"proxyAddresses"},
		// The rest has no meaning here, but mappings and scoping filters may read any attribute.
		{"usageLocation"},
		{"streetAddress"},
		{"state", "stateorprovince"},
		{"country", "countryorregion"},
		{"officeLocation", "physicaldeliveryofficename"},
		{"city"},
		{"postalCode", "ziporpostalcode"},
		{"businessPhones", "telephonenumber", "businessphone"},
		{"mobilePhone", "mobile"},
		{"ageGroup"},
		{"consentProvidedForMinor"},
		{"legalAgeGroupClassification"},
		{"companyName"},
		{"creationType"},
		{"employeeId"},
		{"employeeType"},
		{"identityIssuer", "identities"},
		{"authenticationAlternativePhoneNumber"},
		{"authenticationEmail"},
		{"onPremisesSamAccountName"},
		{"onPremisesUserPrincipalName"},
		{"onPremisesImmutableId"},
		{"onPremisesDomainName"},
		{"preferredLanguage"},
	},
	needs: [][]string{{"userPrincipalName"}, {
		"accountEnabled", "mail", "userType", "surname", "givenName", "jobTitle", "department", "createdDateTime",
		"deletedDateTime", "onPremisesSyncEnabled", "externalUserState", "creationType", "identityIssuer",
	}},
	never: []string{"objecttype", "membertype", "isgroup", "isuser", "principaltype", "changeid"},
}

// Documented as Object ID, User principal name, Display name, Member type; an older file had
// id,userPrincipalName,displayName,objectType,userType,isUser,isGroup,isGuest. Both are unverified.
var entraMembers = shape{
	kind: EntraMembers,
	fields: [][]string{
		{"id", "objectid", "memberobjectid", "memberid"},
		{"userPrincipalName", "upn"},
		{"displayName", "name"},
		{"objectType", "membertype", "type", "odatatype"},
		{"isUser"},
		{"isGroup"},
		{"isGuest"},
		{"userType"},
		{"mail", "email"},
		{"accountEnabled"},
	},
	needs: [][]string{{"id", "userPrincipalName"}, {"objectType", "isGroup", "isUser"}},
	never: []string{"principalid", "principaltype", "grouptype", "changeid", "atlassianid"},
}

// The newer bulk service writes the columns of the view, so only the object id and the name can be relied on.
var entraGroups = shape{
	kind: EntraGroups,
	fields: [][]string{
		{"id", "objectid", "groupid"},
		{"displayName", "name", "groupname"},
		{"description"},
		{"mail", "email"},
		{"groupType", "grouptypes"},
		{"membershipType"},
		{"membershipRule"},
		{"membershipRuleProcessingState"},
		{"securityEnabled"},
		{"mailEnabled"},
		{"mailNickname"},
		{"visibility"},
		{"source"},
		{"onPremisesSyncEnabled", "onpremisessync", "directorysynced", "dirsyncenabled"},
		{"onPremisesLastSyncDateTime"},
		{"createdDateTime", "created", "createdon"},
		{"isAssignableToRole"},
	},
	needs: [][]string{{"id"}, {"displayName"}, {
		"groupType", "membershipType", "membershipRule", "securityEnabled", "mailEnabled", "visibility", "source",
		"onPremisesSyncEnabled", "isAssignableToRole", "mailNickname",
	}},
	never: []string{
		"userprincipalname", "objecttype", "membertype", "isgroup", "principalid", "principaltype", "usertype",
		"accountenabled", "surname", "userid", "username", "userstatus", "changeid", "atlassianid",
	},
}

// bareGroups is the least that a file of groups can have.
var bareGroups = shape{
	kind:   EntraGroups,
	fields: [][]string{{"id", "objectid", "groupid"}, {"displayName", "name", "groupname"}},
	needs:  [][]string{{"id"}, {"displayName"}},
	only:   true,
}

// No portal writes assignments; administrators script them from Graph's appRoleAssignedTo with columns of their own.
var assignments = shape{
	kind: Assignments,
	fields: [][]string{
		{"principalId", "principalobjectid"},
		{"principalType"},
		{"principalName", "principaldisplayname"},
		{"application", "applicationname", "resourcedisplayname", "appdisplayname"},
		{"applicationId", "resourceid", "serviceprincipalid"},
		{"appId"},
		{"roleId", "approleid"},
		{"roleName", "role", "approle"},
		{"createdDateTime", "created", "creationtimestamp"},
		{"deletedDateTime", "deletiontimestamp"},
		{"id", "assignmentid", "objectid"},
	},
	needs: [][]string{{"principalId", "principalName"}, {"principalType", "application", "applicationId", "roleId", "roleName"}},
}

// The smallest list that a person can type: one column group, or principal and type.
var ownList = shape{
	kind:   Assignments,
	fields: [][]string{{"principal"}, {"group", "groups"}, {"type"}},
	needs:  [][]string{{"principal", "group"}},
	only:   true,
}
