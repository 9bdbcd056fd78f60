package document

// scimPlace says where in a record a path looks.
type scimPlace uint8

const (
	atNothing scimPlace = iota // nothing that a record could tell
	atID
	atExternalID
	atUserName
	atDisplayName
	atTitle
	atActive
	atFormatted
	atGivenName
	atFamilyName
	atMiddleName
	atHonorificPrefix
	atHonorificSuffix
	atEmails
	atGroups
	atCreated
	atLastModified
	atAccount
	atUnit  // department, organization: two places
	atOther // among the properties without a field
)

// scimFields are the attributes that have a field of their own and hold one value.
var scimFields = map[string]scimPlace{
	"id": atID, "externalid": atExternalID, "username": atUserName, "displayname": atDisplayName, "title": atTitle, "active": atActive,
	"name.formatted": atFormatted, "name.givenname": atGivenName, "name.familyname": atFamilyName, "name.middlename": atMiddleName,
	"name.honorificprefix": atHonorificPrefix, "name.honorificsuffix": atHonorificSuffix,
	"meta.created": atCreated, "meta.lastmodified": atLastModified,
	atlassianUser + ":atlassianaccountid": atAccount,
}

func placeOf(p *ScimPath) scimPlace {
	name := p.attr
	if p.schema != "" {
		name = p.schema + ":" + name
	}
	switch name {
	case "emails":
		return atEmails
	case "groups":
		return atGroups
	case "department", "organization", enterpriseUser + ":department", enterpriseUser + ":organization":
		return atUnit
	}
	single := name
	if p.part != "" {
		single += "." + p.part
	}
	if at, ok := scimFields[single]; ok && p.filterOn == "" {
		return at
	}
	// Of these only the fields are kept, and a text has no parts: what else is asked of them cannot be told.
	if _, text := scimFields[name]; text || name == "name" || name == "meta" || name == "schemas" || p.schema == atlassianUser {
		return atNothing
	}
	return atOther
}
