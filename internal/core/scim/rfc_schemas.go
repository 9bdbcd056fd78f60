package scim

// The schemas are those of RFC 7643 section 8.7.1, with the descriptions of attributes in our words; those of schemas and types
// are the RFC's, because Microsoft's collection looks for them. Where the listing there contradicts
// the RFC's own text, the text (or the erratum that says so) counts:
//
//   - references and binaries are case exact (2.3.6, 2.3.7), and so is what holds an id (3.1): value of members,
//     groups and manager; a password is compared by nobody, and kept as it is;
//   - displayName of a group is required (4.2);
//   - members have a display (2.4), which is the client's, as in the RFC's examples (8.4): a service that made one up would
//     give back another list than it was given;
//   - groups refer to groups alone; what is complex has no uniqueness; an empty list of suggestions is left out.

// UserDefinition and GroupDefinition are the resource types of RFC 7643; members of a group, and groups of a user, are kept
// apart.
func UserDefinition() TypeDefinition {
	return TypeDefinition{
		ID: "User", Name: "User", Endpoint: "/Users", Description: "User Account", Schema: UserSchema,
		Extensions: []Extension{{Schema: EnterpriseUserSchema}}, Apart: []string{"groups"},
	}
}

// GroupDefinition is the resource type Group; see UserDefinition.
func GroupDefinition() TypeDefinition {
	return TypeDefinition{
		ID: "Group", Name: "Group", Endpoint: "/Groups", Description: "Group", Schema: GroupSchema,
		Apart: []string{"members"},
	}
}

// User is the schema of a user.
func User() Schema {
	return Schema{ID: UserSchema, Name: "User", Description: "User Account", Attributes: []Attribute{
		{Name: "userName", Required: true, Uniqueness: Server, Description: "The name to sign in with; unique among all users"},
		{Name: "name", Type: Complex, Description: "The parts of the person's name", SubAttributes: []Attribute{
			{Name: "formatted", Description: "The whole name as it is shown"},
			{Name: "familyName", Description: "Family name"},
			{Name: "givenName", Description: "Given name"},
			{Name: "middleName", Description: "Middle names"},
			{Name: "honorificPrefix", Description: "What stands before the name, such as Dr."},
			{Name: "honorificSuffix", Description: "What stands behind the name, such as III"},
		}},
		{Name: "displayName", Description: "The name that others see"},
		{Name: "nickName", Description: "What friends say"},
		{Name: "profileUrl", Type: Reference, CaseExact: true, References: []string{"external"}, Description: "A page about the person"},
		{Name: "title", Description: "Job title"},
		{Name: "userType", Description: "How the person belongs to the organization, such as Employee"},
		{Name: "preferredLanguage", Description: "Languages in the form of HTTP's Accept-Language"},
		{Name: "locale", Description: "How dates, numbers and currencies are written, such as en-US"},
		{Name: "timezone", Description: "Time zone by its Olson name, such as Europe/Berlin"},
		{Name: "active", Type: Boolean, Description: "Whether the account can be used"},
		{Name: "password", CaseExact: true, Mutability: WriteOnly, Returned: Never, Description: "A password to set; never shown"},
		plural("emails", "Addresses for mail", Attribute{Name: "value", Description: "The address"}, "work", "home", "other"),
		plural("phoneNumbers", "Telephone numbers", Attribute{Name: "value", Description: "The number"}, "work", "home", "mobile", "fax", "pager", "other"),
		plural("ims", "Addresses for instant messages", Attribute{Name: "value", Description: "The address"}, "aim", "gtalk", "icq", "xmpp", "msn", "skype", "qq", "yahoo"),
		plural("photos", "Pictures of the person", Attribute{Name: "value", Type: Reference, CaseExact: true, References: []string{"external"}, Description: "Where the picture is"}, "photo", "thumbnail"),
		{Name: "addresses", Type: Complex, MultiValued: true, Description: "Postal addresses", SubAttributes: []Attribute{
			{Name: "formatted", Description: "The whole address, in lines"},
			{Name: "streetAddress", Description: "Street, house, box"},
			{Name: "locality", Description: "City"},
			{Name: "region", Description: "State or region"},
			{Name: "postalCode", Description: "Postal code"},
			{Name: "country", Description: "Country, by its code of two letters"},
			label("work", "home", "other"),
			primary(),
		}},
		{Name: "groups", Type: Complex, MultiValued: true, Mutability: ReadOnly, Description: "The groups that the person is in", SubAttributes: []Attribute{
			{Name: "value", CaseExact: true, Mutability: ReadOnly, Description: "The id of the group"},
			{Name: "$ref", Type: Reference, CaseExact: true, Mutability: ReadOnly, References: []string{"Group"}, Description: "Where the group is"},
			{Name: "display", Mutability: ReadOnly, Description: "The name of the group"},
			{Name: "type", Mutability: ReadOnly, Canonical: []string{"direct", "indirect"}, Description: "Whether the person is in it directly"},
		}},
		plural("entitlements", "What the person is entitled to", Attribute{Name: "value", Description: "The entitlement"}),
		plural("roles", "Roles of the person", Attribute{Name: "value", Description: "The role"}),
		plural("x509Certificates", "Certificates of the person", Attribute{Name: "value", Type: Binary, CaseExact: true, Description: "The certificate, DER in base64"}),
	}}
}

// Group is the schema of a group.
func Group() Schema {
	return Schema{ID: GroupSchema, Name: "Group", Description: "Group", Attributes: []Attribute{
		{Name: "displayName", Required: true, Description: "The name of the group"},
		{Name: "members", Type: Complex, MultiValued: true, Description: "Who is in the group", SubAttributes: []Attribute{
			{Name: "value", CaseExact: true, Mutability: Immutable, Description: "The id of the member"},
			{Name: "$ref", Type: Reference, CaseExact: true, Mutability: Immutable, References: []string{"User", "Group"}, Description: "Where the member is"},
			{Name: "type", Mutability: Immutable, Canonical: []string{"User", "Group"}, Description: "What the member is"},
			{Name: "display", Mutability: Immutable, Description: "What the client that added the member calls it"},
		}},
	}}
}

// EnterpriseUser is the extension of a user for organizations.
func EnterpriseUser() Schema {
	return Schema{ID: EnterpriseUserSchema, Name: "EnterpriseUser", Description: "Enterprise User", Attributes: []Attribute{
		{Name: "employeeNumber", Description: "The number by which the organization knows the person"},
		{Name: "costCenter", Description: "Cost center"},
		{Name: "organization", Description: "Organization"},
		{Name: "division", Description: "Division"},
		{Name: "department", Description: "Department"},
		{Name: "manager", Type: Complex, Description: "The person's manager", SubAttributes: []Attribute{
			{Name: "value", CaseExact: true, Description: "The id of the manager"},
			{Name: "$ref", Type: Reference, CaseExact: true, References: []string{"User"}, Description: "Where the manager is"},
			{Name: "displayName", Mutability: ReadOnly, Description: "The name of the manager"},
		}},
	}}
}

// plural is a list of values that have a kind, one of which is the primary one (RFC 7643 section 2.4).
func plural(name, description string, value Attribute, kinds ...string) Attribute {
	return Attribute{Name: name, Type: Complex, MultiValued: true, Description: description, SubAttributes: []Attribute{
		value,
		{Name: "display", Description: "How the value is shown"},
		label(kinds...),
		primary(),
	}}
}

func label(kinds ...string) Attribute {
	return Attribute{Name: "type", Canonical: kinds, Description: "What the value is for"}
}

func primary() Attribute {
	return Attribute{Name: "primary", Type: Boolean, Description: "Whether this is the preferred value; true at most once"}
}

// common are the attributes of every resource, RFC 7643 section 3.1 and 3.
func common() []Attribute {
	return []Attribute{
		{Name: "schemas", Type: Reference, MultiValued: true, CaseExact: true, Mutability: ReadOnly, Returned: Always, References: []string{"uri"}},
		{Name: "id", CaseExact: true, Mutability: ReadOnly, Returned: Always, Uniqueness: Server},
		{Name: "externalId", CaseExact: true},
		{Name: "meta", Type: Complex, Mutability: ReadOnly, SubAttributes: []Attribute{
			{Name: "resourceType", CaseExact: true, Mutability: ReadOnly},
			{Name: "created", Type: DateTime, Mutability: ReadOnly},
			{Name: "lastModified", Type: DateTime, Mutability: ReadOnly},
			{Name: "location", Type: Reference, CaseExact: true, Mutability: ReadOnly, References: []string{"uri"}},
			{Name: "version", CaseExact: true, Mutability: ReadOnly},
		}},
	}
}
