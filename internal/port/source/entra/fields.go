package entra

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// What roll calls and plans read of users and groups in any case, see docs/bundle.md.
var (
	userFields = []string{
		"id", "accountEnabled", "createdDateTime", "department", "displayName", "externalUserState", "givenName", "jobTitle", "mail",
		"mailNickname", "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors", "onPremisesSyncEnabled", "otherMails",
		"proxyAddresses", "surname", "userPrincipalName", "userType",
	}
	groupFields = []string{
		"id", "createdDateTime", "description", "displayName", "groupTypes", "mailEnabled", "mailNickname", "membershipRule",
		"membershipRuleProcessingState", "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors", "onPremisesSyncEnabled",
		"securityEnabled", "visibility",
	}
	appFields = []string{"id", "accountEnabled", "appId", "appRoles", "displayName", "passwordCredentials"}
)

// spelled are further properties of v1.0 that mappings name, as Graph spells them: mappings need not.
var spelled = []string{
	"businessPhones", "city", "companyName", "country", "deletedDateTime", "employeeHireDate", "employeeId", "employeeLeaveDateTime",
	"employeeOrgData", "employeeType", "faxNumber", "imAddresses", "mobilePhone", "officeLocation", "onPremisesDistinguishedName",
	"onPremisesDomainName", "onPremisesExtensionAttributes", "onPremisesImmutableId", "onPremisesSamAccountName",
	"onPremisesSecurityIdentifier", "onPremisesUserPrincipalName", "postalCode", "preferredDataLocation", "preferredLanguage",
	"showInAddressList", "state", "streetAddress", "uniqueName", "usageLocation", "isAssignableToRole", "classification",
	"customSecurityAttributes", "identities", "ageGroup", "consentProvidedForMinor", "onPremisesNetBiosName", "theme",
}

// lists are the properties that hold several values. A list that was never set is empty, not null.
var lists = []string{"businessPhones", "groupTypes", "identities", "imAddresses", "onPremisesProvisioningErrors", "otherMails", "proxyAddresses"}

// selection is $select: what is needed in any case, and the properties that hold the named attributes. A name that is
// not known here is asked for as it is (extension_…): Graph says so if there is no such property.
func selection(base, attributes []string) []string {
	out := slices.Clone(base)
	for _, name := range attributes {
		p := property(name)
		if p != "" && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	slices.Sort(out[1:]) // id stays first
	return out
}

// property finds the property that holds an attribute; "" where none does.
func property(attribute string) string {
	name, _, _ := strings.Cut(strings.TrimSpace(attribute), ".") // employeeOrgData.division
	switch key := document.SourceKey(name); {
	case key == "", key == "issoftdeleted", key == "manager", key == "members", key == "memberof", key == "approleassignments":
		return "" // computed, or a relation, of which a mapping reads no text
	case key == "originaluserprincipalname":
		return "userPrincipalName"
	case key == "telephonenumber":
		return "businessPhones"
	case strings.HasPrefix(key, "extensionattribute"):
		return "onPremisesExtensionAttributes"
	default:
		for _, known := range [][]string{userFields, groupFields, spelled} {
			for _, p := range known {
				if strings.EqualFold(p, key) {
					return p
				}
			}
		}
	}
	return name
}
