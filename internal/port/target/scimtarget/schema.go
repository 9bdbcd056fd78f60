package scimtarget

import "strings"

const (
	userSchema       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupSchema      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	patchSchema      = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
)

// attribute is what is known of one: how it is spelled, and what it takes.
type attribute struct {
	name  string
	kind  string // string, boolean, integer, decimal, complex, …; "": not known
	many  bool   // a list
	fixed bool   // it cannot be changed
	parts map[string]attribute
}

// schemas are attributes by schema and name, both in lower case.
type schemas map[string]schemaOf

type schemaOf struct {
	urn        string
	attributes map[string]attribute
}

// attribute is what is known of an attribute; of one that is in no schema only its name.
func (s schemas) attribute(schema, name string) attribute {
	if a, ok := s[strings.ToLower(schema)].attributes[strings.ToLower(name)]; ok {
		return a
	}
	return attribute{name: name}
}

func (a attribute) part(name string) attribute {
	if p, ok := a.parts[strings.ToLower(name)]; ok {
		return p
	}
	p := attribute{name: name}
	if known, ok := listParts[strings.ToLower(name)]; ok && a.many {
		p = known
	}
	return p
}

// listParts are the parts that an element of any list may have (RFC 7643 2.4).
var listParts = parts("value", "type", "display", "$ref", "primary:boolean")

// builtIn are the schemas of RFC 7643, for services that do not tell theirs.
func builtIn() schemas {
	return schemas{
		strings.ToLower(userSchema): {userSchema, map[string]attribute{
			"username": text("userName"), "externalid": text("externalId"), "displayname": text("displayName"), "nickname": text("nickName"),
			"profileurl": text("profileUrl"), "title": text("title"), "usertype": text("userType"), "preferredlanguage": text("preferredLanguage"),
			"locale": text("locale"), "timezone": text("timezone"), "active": {name: "active", kind: "boolean"},
			"name":   {name: "name", kind: "complex", parts: parts("formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix")},
			"emails": list("emails"), "phonenumbers": list("phoneNumbers"), "ims": list("ims"), "photos": list("photos"),
			"entitlements": list("entitlements"), "roles": list("roles"), "x509certificates": list("x509Certificates"),
			"addresses": {name: "addresses", kind: "complex", many: true, parts: parts("formatted", "streetAddress", "locality", "region", "postalCode", "country", "type", "primary:boolean")},
		}},
		strings.ToLower(groupSchema): {groupSchema, map[string]attribute{
			"displayname": text("displayName"), "externalid": text("externalId"), "members": list("members"),
		}},
		strings.ToLower(enterpriseSchema): {enterpriseSchema, map[string]attribute{
			"employeenumber": text("employeeNumber"), "costcenter": text("costCenter"), "organization": text("organization"), "division": text("division"),
			"department": text("department"), "manager": {name: "manager", kind: "complex", parts: parts("value", "$ref", "displayName")},
		}},
	}
}

func text(name string) attribute { return attribute{name: name, kind: "string"} }

func list(name string) attribute {
	return attribute{name: name, kind: "complex", many: true, parts: listParts}
}

func parts(names ...string) map[string]attribute {
	out := map[string]attribute{}
	for _, n := range names {
		name, kind, typed := strings.Cut(n, ":")
		if !typed {
			kind = "string"
		}
		out[strings.ToLower(name)] = attribute{name: name, kind: kind}
	}
	return out
}
