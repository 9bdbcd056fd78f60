package document

import "github.com/go-json-experiment/json/jsontext"

// Attribute reads one attribute of the record by its path; see ScimPath.Of. A path that cannot be read is not known:
// ParseScimPath says what is wrong with it, and reads it once for many records.
func (u *ScimUser) Attribute(path string) AttributeValue {
	p, err := ParseScimPath(path)
	if err != nil {
		return NotTold
	}
	return p.Of(u)
}

// Of reads the attribute from a record that was read in full. The service leaves out what was never sent, so what is
// not there is null, and so is an empty text: no one reads a difference there. An exception is active, which the
// service takes as true where it is left out.
//
// A list without filter and part (emails) is a list of its values. Of several elements (emails.value, or several of
// one type) the primary one is read, else the first. An element or an object without a part is its value. What the
// record would not show even if the service had it (meta.location, name as a whole) is not known.
func (p ScimPath) Of(u *ScimUser) AttributeValue {
	switch p.place {
	case atID:
		return given(u.ID)
	case atExternalID:
		return given(u.ExternalID)
	case atUserName:
		return given(u.UserName)
	case atDisplayName:
		return given(u.DisplayName)
	case atTitle:
		return given(u.Title)
	case atActive:
		return BoolValue(u.IsActive())
	case atFormatted:
		return given(u.Name.Formatted)
	case atGivenName:
		return given(u.Name.GivenName)
	case atFamilyName:
		return given(u.Name.FamilyName)
	case atMiddleName, atHonorificPrefix, atHonorificSuffix:
		return rareName(p.place, u.Name.Rare)
	case atEmails:
		return pick(&p, u.Emails, (*ScimEmail).part)
	case atGroups:
		return pick(&p, u.Groups, (*ScimRef).part)
	case atCreated:
		return orNull(moment(u.Meta.Created))
	case atLastModified:
		return orNull(moment(u.Meta.LastModified))
	case atAccount:
		return given(u.Atlassian.Value.AtlassianAccountID.Value)
	case atUnit:
		return unit(&p, u)
	case atOther:
		return fromOther(&p, u.Other, p.schema)
	}
	return NotTold
}

func rareName(place scimPlace, n *ScimNameParts) AttributeValue {
	switch {
	case n == nil:
		return NullValue
	case place == atMiddleName:
		return given(n.MiddleName)
	case place == atHonorificPrefix:
		return given(n.HonorificPrefix)
	}
	return given(n.HonorificSuffix)
}

// unit reads department and organization. Atlassian's description of a user has both twice, bare and in the
// enterprise extension, and does not say which one an answer fills: mappings write the extension's, and the profile
// shows one. So the one that was asked for counts, and where it is empty the other one.
func unit(p *ScimPath, u *ScimUser) AttributeValue {
	first, second := "", enterpriseUser
	if p.schema != "" {
		first, second = second, first
	}
	if v := fromOther(p, u.Other, first); !v.Empty() {
		return v
	}
	return fromOther(p, u.Other, second)
}

// fromOther reads from the properties without a field.
func fromOther(p *ScimPath, object jsontext.Value, schema string) AttributeValue {
	if schema != "" {
		object = memberFold(object, schema)
	}
	v := memberFold(object, p.attr)
	if v == nil || v[0] == 'n' {
		return NullValue
	}
	if v[0] != '[' {
		if p.filterOn == "" {
			return partOf(&v, p.part)
		}
		return pick(p, []jsontext.Value{v}, partOf)
	}
	items := make([]jsontext.Value, 0, 4)
	eachItem(v, func(item jsontext.Value) bool {
		items = append(items, item)
		return true
	})
	return pick(p, items, partOf)
}
