package entra

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/mapping"
)

// Properties that a mapping or a scoping filter may read beside those that answers always read. Others, such as the
// manager, are relations or are not given in lists.
var (
	moreOfUsers = strings.Fields(`businessPhones city companyName country employeeHireDate employeeId employeeLeaveDateTime employeeOrgData
		employeeType faxNumber mobilePhone officeLocation onPremisesDistinguishedName onPremisesDomainName onPremisesExtensionAttributes
		onPremisesImmutableId onPremisesSamAccountName onPremisesSecurityIdentifier onPremisesUserPrincipalName postalCode
		preferredDataLocation preferredLanguage showInAddressList state streetAddress usageLocation`)
	moreOfGroups = strings.Fields(`classification isAssignableToRole mail onPremisesDomainName onPremisesSamAccountName
		onPremisesSecurityIdentifier preferredDataLocation preferredLanguage proxyAddresses uniqueName`)
)

// fields are the properties that must be read of users and groups under the tenant's own schema.
func fields(schema *document.Schema) (users, groups []string) {
	users, groups = slices.Clone(userFields), slices.Clone(groupFields)
	if schema == nil {
		return users, groups
	}
	rules, _ := mapping.FromSchema(schema)
	return widened(users, rules.User.Sources(), moreOfUsers), widened(groups, rules.Group.Sources(), moreOfGroups)
}

func widened(have, names, known []string) []string {
	for _, name := range names {
		key := document.SourceKey(name)
		switch {
		case strings.HasPrefix(key, "extensionattribute"):
			key = "onpremisesextensionattributes"
		case key == "telephonenumber":
			key = "businessphones"
		case strings.HasPrefix(key, "extension_"):
			if !slices.Contains(have, name) {
				have = append(have, name)
			}
			continue
		}
		at := slices.IndexFunc(known, func(k string) bool { return strings.EqualFold(k, key) })
		if at >= 0 && !slices.Contains(have, known[at]) {
			have = append(have, known[at])
		}
	}
	return have
}
