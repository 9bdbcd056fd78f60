package entra

import (
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// shape is what Graph knows of a type: its properties, and which of them a read gives without $select. Types without
// a shape, such as devices, are given as they are stored.
type shape struct {
	set      string          // as in $metadata#users
	resource string          // as error messages spell it
	has      map[string]bool // property -> is a collection
	usual    []string        // without $select; nil: everything that is stored
	apart    map[string]bool // kept outside the directory: no list can give them
}

var shapes = map[string]*shape{
	"user": newShape("users", "User", `aboutMe accountEnabled ageGroup assignedLicenses[] assignedPlans[] authorizationInfo birthday
		businessPhones[] city companyName consentProvidedForMinor country createdDateTime creationType customSecurityAttributes
		department deviceEnrollmentLimit displayName employeeHireDate employeeId employeeLeaveDateTime employeeOrgData employeeType
		externalUserState externalUserStateChangeDateTime faxNumber givenName hireDate identities[] identityParentId imAddresses[]
		interests[] isManagementRestricted isResourceAccount jobTitle lastPasswordChangeDateTime legalAgeGroupClassification
		licenseAssignmentStates[] mail mailboxSettings mailNickname mobilePhone mySite officeLocation onPremisesDistinguishedName
		onPremisesDomainName onPremisesExtensionAttributes onPremisesImmutableId onPremisesLastSyncDateTime
		onPremisesProvisioningErrors[] onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled
		onPremisesUserPrincipalName otherMails[] passwordPolicies passwordProfile pastProjects[] postalCode preferredDataLocation
		preferredLanguage preferredName print provisionedPlans[] proxyAddresses[] responsibilities[] schools[] securityIdentifier
		serviceProvisioningErrors[] showInAddressList signInActivity signInSessionsValidFromDateTime skills[] state streetAddress
		surname usageLocation userPrincipalName userType`).
		gives(`businessPhones displayName givenName jobTitle mail mobilePhone officeLocation preferredLanguage surname
		userPrincipalName id`).
		keeps(`aboutMe birthday hireDate interests mySite pastProjects preferredName responsibilities schools skills mailboxSettings`),
	"group": newShape("groups", "Group", `accessType allowExternalSenders assignedLabels[] assignedLicenses[] autoSubscribeNewMembers
		classification createdDateTime description displayName expirationDateTime groupTypes[] hasMembersWithLicenseErrors
		hideFromAddressLists hideFromOutlookClients infoCatalogs[] isArchived isAssignableToRole isFavorite isManagementRestricted
		isSubscribedByMail licenseProcessingState mail mailEnabled mailNickname membershipRule membershipRuleProcessingState
		onPremisesDomainName onPremisesExtensionAttributes onPremisesLastSyncDateTime onPremisesNetBiosName
		onPremisesProvisioningErrors[] onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesSyncEnabled organizationId
		preferredDataLocation preferredLanguage proxyAddresses[] renewedDateTime resourceBehaviorOptions[]
		resourceProvisioningOptions[] securityEnabled securityIdentifier serviceProvisioningErrors[] theme uniqueName
		unseenConversationsCount unseenCount unseenMessagesCount visibility welcomeMessageEnabled`).
		gives(`id deletedDateTime classification createdDateTime description displayName expirationDateTime groupTypes
		isAssignableToRole mail mailEnabled mailNickname membershipRule membershipRuleProcessingState onPremisesDomainName
		onPremisesLastSyncDateTime onPremisesNetBiosName onPremisesSamAccountName onPremisesSecurityIdentifier
		onPremisesSyncEnabled preferredDataLocation preferredLanguage proxyAddresses renewedDateTime resourceBehaviorOptions
		resourceProvisioningOptions securityEnabled securityIdentifier theme uniqueName visibility onPremisesProvisioningErrors
		serviceProvisioningErrors`),
	"servicePrincipal": newShape("servicePrincipals", "ServicePrincipal", `accountEnabled addIns[] alternativeNames[] appDescription
		appDisplayName appId applicationTemplateId appOwnerOrganizationId appRoleAssignmentRequired appRoles[] createdByAppId
		customSecurityAttributes description disabledByMicrosoftStatus displayName homepage info isDisabled keyCredentials[] loginUrl
		logoutUrl notes notificationEmailAddresses[] oauth2PermissionScopes[] passwordCredentials[] preferredSingleSignOnMode
		preferredTokenSigningKeyThumbprint replyUrls[] resourceSpecificApplicationPermissions[] samlSingleSignOnSettings
		servicePrincipalNames[] servicePrincipalType signInAudience tags[] tokenEncryptionKeyId verifiedPublisher`),
	"appRoleAssignment": newShape("appRoleAssignments", "AppRoleAssignment", `appRoleId createdDateTime principalDisplayName principalId
		principalType resourceDisplayName resourceId`),
	"synchronizationJob": newShape("jobs", "synchronizationJob", `schedule status synchronizationJobSettings[] templateId`),
	"directoryAudit": newShape("auditLogs/directoryAudits", "directoryAudit", `activityDateTime activityDisplayName additionalDetails[]
		category correlationId initiatedBy loggedByService operationType result resultReason targetResources[]`),
	"provisioningObjectSummary": newShape("auditLogs/provisioning", "provisioningObjectSummary", `activityDateTime changeId cycleId
		durationInMilliseconds initiatedBy jobId modifiedProperties[] provisioningAction provisioningStatusInfo provisioningSteps[]
		servicePrincipal sourceIdentity sourceSystem targetIdentity targetSystem tenantId`),
}

func newShape(set, resource, props string) *shape {
	s := &shape{set: set, resource: resource, has: map[string]bool{"id": false, "deletedDateTime": false}}
	for p := range strings.FieldsSeq(props) {
		name, many := strings.CutSuffix(p, "[]")
		s.has[name] = many
	}
	return s
}

func (s *shape) gives(props string) *shape { s.usual = strings.Fields(props); return s }

func (s *shape) keeps(props string) *shape {
	s.apart = map[string]bool{}
	for p := range strings.FieldsSeq(props) {
		s.apart[p] = true
	}
	return s
}

// knows tells whether a property may be selected. Extension properties are named after the application that made
// them, so any such name may.
func (s *shape) knows(name string) bool {
	_, ok := s.has[name]
	return ok || strings.HasPrefix(name, "extension_")
}

// kindOf turns "#microsoft.graph.user" into "user".
func kindOf(odataType string) string {
	return strings.TrimPrefix(strings.TrimPrefix(odataType, "#"), "microsoft.graph.")
}

// view is how much of an object an answer shows.
type view struct {
	fields []string // $select; nil: what is usual for the type
	typed  bool     // with @odata.type, since the list mixes types
	// blind names kinds of which the caller may only see that they exist: type and id are told, the rest is null.
	blind func(kind string) bool
}

// write appends the object as JSON, without the closing brace, so that a caller can add annotations.
func (v view) write(b []byte, o *object) []byte {
	b = append(b, '{')
	if v.typed {
		b = key(b, "@odata.type")
		b = quote(b, "#microsoft.graph."+o.kind)
	}
	s := shapes[o.kind]
	fields := v.fields
	if fields == nil && s != nil {
		fields = s.usual
	}
	blind := v.blind != nil && v.blind(o.kind)
	if fields == nil {
		for _, f := range o.fields {
			if !blind || f.name == "id" {
				b = append(key(b, f.name), f.raw...)
			}
		}
		return b
	}
	for _, name := range fields {
		many, known := false, s == nil
		if s != nil {
			many, known = s.has[name]
		}
		switch raw := o.get(name); {
		case !known && raw == nil: // of another type in the list, or an extension nobody set
		case blind && name != "id":
			b = append(key(b, name), "null"...)
		case raw != nil:
			b = append(key(b, name), raw...)
		case many:
			b = append(key(b, name), "[]"...)
		default:
			b = append(key(b, name), "null"...)
		}
	}
	return b
}

// key begins a property: a comma where one is needed, the name, a colon.
func key(b []byte, name string) []byte {
	if n := len(b); n > 0 && b[n-1] != '{' {
		b = append(b, ',')
	}
	return append(quote(b, name), ':')
}

func quote(b []byte, s string) []byte {
	out, err := jsontext.AppendQuote(b, s)
	if err != nil { // invalid UTF-8 is replaced and reported; what is replaced is fine
		return out
	}
	return out
}
