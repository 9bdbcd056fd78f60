package atlassian

const (
	userURN       = "urn:ietf:params:scim:schemas:core:2.0:User"
	groupURN      = "urn:ietf:params:scim:schemas:core:2.0:Group"
	enterpriseURN = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	atlassianURN  = "urn:scim:schemas:extension:atlassian-external:1.0"
)

// field describes an attribute of a user: its spelling and, if it has parts, theirs.
type field struct {
	name     string
	parts    []string
	several  bool
	kind     string // string, boolean, complex
	required bool
}

// userFields are what a user may be sent with. Read-only ones are not here: they are ignored in a request.
var userFields = []field{
	{name: "userName", kind: "string", required: true},
	{name: "externalId", kind: "string"},
	{name: "name", kind: "complex", parts: []string{"formatted", "familyName", "givenName", "middleName", "honorificPrefix", "honorificSuffix"}},
	{name: "displayName", kind: "string"},
	{name: "nickName", kind: "string"},
	{name: "title", kind: "string"},
	{name: "preferredLanguage", kind: "string"},
	{name: "department", kind: "string"},
	{name: "organization", kind: "string"},
	{name: "timezone", kind: "string"},
	{name: "active", kind: "boolean"},
	{name: "emails", kind: "complex", several: true, required: true, parts: []string{"value", "type", "primary", "display"}},
	{name: "phoneNumbers", kind: "complex", several: true, parts: []string{"value", "type", "primary", "display"}},
	{name: enterpriseURN, kind: "complex", parts: []string{"organization", "department"}},
}

// discovery describes the service. The vendor types these answers as text and publishes no values; the names of the
// fields are those that clients of it decode.
func (c *call) discovery() any {
	schemas := []any{c.schema(userURN), c.schema(groupURN), c.schema(enterpriseURN)}
	types := []any{c.resourceType("User", userURN), c.resourceType("Group", groupURN)}
	switch {
	case c.is("GET", "Schemas"):
		return wholeList(schemas)
	case c.is("GET", "Schemas", "*"):
		for i, urn := range []string{userURN, groupURN, enterpriseURN} {
			if c.path[1] == urn {
				return schemas[i]
			}
		}
	case c.is("GET", "ResourceTypes"):
		return wholeList(types)
	case c.is("GET", "ResourceTypes", "User"):
		return types[0]
	case c.is("GET", "ResourceTypes", "Group"):
		return types[1]
	case c.is("GET", "ServiceProviderConfig"):
		no := object{"supported": false}
		return object{
			"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"},
			"patch":   object{"supported": true}, "changePassword": no, "sort": no, "etag": no,
			"bulk":   object{"supported": false, "maxOperations": 0, "maxPayloadSize": 0},
			"filter": object{"supported": true, "maxResults": c.w.limits.UserPage},
			"authenticationSchemes": []object{{
				"type": "oauthbearertoken", "name": "OAuth Bearer Token", "description": "The API key of the directory",
			}},
			"meta": object{"resourceType": "ServiceProviderConfig", "location": c.base + "/ServiceProviderConfig"},
		}
	}
	return nil
}

func wholeList(resources []any) object {
	return object{
		"schemas":      []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": len(resources), "startIndex": 1, "itemsPerPage": len(resources), "Resources": resources,
	}
}

func (c *call) resourceType(name, urn string) object {
	o := object{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:ResourceType"},
		"id":      name, "name": name, "endpoint": "/" + name + "s", "schema": urn,
		"meta": object{"resourceType": "ResourceType", "location": c.base + "/ResourceTypes/" + name},
	}
	if name == "User" {
		o["schemaExtensions"] = []object{{"schema": enterpriseURN, "required": false}}
	}
	return o
}

func (c *call) schema(urn string) object {
	var attributes []object
	describe := func(name, kind string, several, required bool) object {
		return object{
			"name": name, "type": kind, "multiValued": several, "required": required, "caseExact": name == "externalId",
			"mutability": "readWrite", "returned": "default", "uniqueness": "none",
		}
	}
	sub := func(o object, parts []string) object {
		var list []object
		for _, p := range parts {
			kind := "string"
			if p == "primary" {
				kind = "boolean"
			}
			list = append(list, describe(p, kind, false, false))
		}
		o["subAttributes"] = list
		return o
	}
	name := "User"
	switch urn {
	case groupURN:
		name = "Group"
		rename := describe("displayName", "string", false, true)
		rename["mutability"] = "immutable"
		attributes = append(attributes, rename, sub(describe("members", "complex", true, false), []string{"value", "type", "display", "$ref"}))
	default:
		for _, f := range userFields {
			switch {
			case f.name == enterpriseURN && urn == enterpriseURN:
				name = "EnterpriseUser"
				for _, p := range f.parts {
					attributes = append(attributes, describe(p, "string", false, false))
				}
			case f.name == enterpriseURN || urn == enterpriseURN:
			case f.parts != nil:
				attributes = append(attributes, sub(describe(f.name, f.kind, f.several, f.required), f.parts))
			default:
				attributes = append(attributes, describe(f.name, f.kind, false, f.required))
			}
		}
	}
	return object{
		"schemas": []string{"urn:ietf:params:scim:schemas:core:2.0:Schema"}, "id": urn, "name": name, "attributes": attributes,
		"meta": object{"resourceType": "Schema", "location": c.base + "/Schemas/" + urn},
	}
}
