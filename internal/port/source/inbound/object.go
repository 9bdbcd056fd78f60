package inbound

import (
	"cmp"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// enterprise is the extension of RFC 7643 section 4.3.
const enterprise = scim.EnterpriseUserSchema + ":"

// properties are those of Graph's user that a SCIM attribute is the same as. Of a list the primary or first value counts.
var properties = []struct{ graph, scim string }{
	{"userPrincipalName", "userName"},
	{"mail", "emails.value"},
	{"givenName", "name.givenName"},
	{"surname", "name.familyName"},
	{"mailNickname", "nickName"},
	{"jobTitle", "title"},
	{"employeeType", "userType"}, // Graph's userType tells guests from members
	{"preferredLanguage", "preferredLanguage"},
	{"department", enterprise + "department"},
	{"companyName", enterprise + "organization"},
	{"employeeId", enterprise + "employeeNumber"},
	{"city", "addresses.locality"},
	{"state", "addresses.region"},
	{"country", "addresses.country"},
	{"postalCode", "addresses.postalCode"},
	{"streetAddress", "addresses.streetAddress"},
	{"externalId", "externalId"}, // not Graph's, and of use in mappings
}

// user is a user as Graph would show it, and what it is called. Who was pushed without a display name is called by name,
// else by userName; who was pushed without active is active, as RFC 7643 leaves it to the service.
func user(r *scim.Resource) (object map[string]any, name string) {
	object = map[string]any{
		"id": r.ID, "accountEnabled": first(r, "active") != "false", "createdDateTime": r.Meta.Created.UTC().Format(time.RFC3339),
	}
	for _, p := range properties {
		if text := first(r, p.scim); text != "" {
			object[p.graph] = text
		}
	}
	name = cmp.Or(first(r, "displayName"), first(r, "name.formatted"), joined(first(r, "name.givenName"), first(r, "name.familyName")), first(r, "userName"))
	object["displayName"] = name
	return object, name
}

// group is a group as Graph would show it, without its members, and what it is called.
func group(r *scim.Resource) (object map[string]any, name string) {
	name = first(r, "displayName")
	return map[string]any{
		"id": r.ID, "displayName": name, "externalId": first(r, "externalId"), "securityEnabled": true, "mailEnabled": false,
		"createdDateTime": r.Meta.Created.UTC().Format(time.RFC3339),
	}, name
}

// first is the value of an attribute, the primary or first one of a list; empty where there is none, or no such attribute.
func first(r *scim.Resource, path string) string {
	a := r.Type.Attr(path)
	if a == nil {
		return ""
	}
	text, _ := (&scim.Sort{Attr: a}).Of(r)
	return text
}

func joined(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return a + " " + b
}
