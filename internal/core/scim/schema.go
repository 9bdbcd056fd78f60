package scim

// A Schema lists attributes under a URN. It is data: what /Schemas shows, and what a configuration can hold.
type Schema struct {
	ID          string      `json:"id"` // the URN
	Name        string      `json:"name,omitzero"`
	Description string      `json:"description,omitzero"`
	Attributes  []Attribute `json:"attributes"`
}

// Attribute defines one attribute, in the words of RFC 7643 section 7. Left out, Type is string, Mutability is readWrite,
// Returned is default and Uniqueness is none.
type Attribute struct {
	Name          string      `json:"name"`
	Type          Type        `json:"type"`
	MultiValued   bool        `json:"multiValued"`
	Description   string      `json:"description,omitzero"`
	Required      bool        `json:"required"`
	CaseExact     bool        `json:"caseExact"`
	Canonical     []string    `json:"canonicalValues,omitempty"` // suggestions: other values are taken, too
	Mutability    Mutability  `json:"mutability"`
	Returned      Returned    `json:"returned"`
	Uniqueness    Uniqueness  `json:"uniqueness,omitzero"`
	References    []string    `json:"referenceTypes,omitempty"`
	SubAttributes []Attribute `json:"subAttributes,omitempty"`
}

// Type is the data type of an attribute, RFC 7643 section 2.3.
type Type string

// The types.
const (
	String    Type = "string"
	Boolean   Type = "boolean"
	Decimal   Type = "decimal"
	Integer   Type = "integer"
	DateTime  Type = "dateTime"
	Binary    Type = "binary"
	Reference Type = "reference"
	Complex   Type = "complex"
)

// Mutability says who may write an attribute, and when.
type Mutability string

// The mutabilities.
const (
	ReadWrite Mutability = "readWrite"
	ReadOnly  Mutability = "readOnly"
	Immutable Mutability = "immutable" // may be set once
	WriteOnly Mutability = "writeOnly"
)

// Returned says when an attribute is in an answer.
type Returned string

// The rules of returning.
const (
	Always    Returned = "always"
	Never     Returned = "never"
	ByDefault Returned = "default"
	OnRequest Returned = "request" // only where the request names it
)

// Uniqueness says among whom a value must be unique. Whoever stores the resources keeps it.
type Uniqueness string

// The scopes of uniqueness.
const (
	None   Uniqueness = "none"
	Server Uniqueness = "server"
	Global Uniqueness = "global"
)

// A TypeDefinition is a kind of resource: its endpoint, its schema and its extensions.
type TypeDefinition struct {
	ID          string      `json:"id,omitzero"`
	Name        string      `json:"name"`
	Endpoint    string      `json:"endpoint"` // with the slash: /Users
	Description string      `json:"description,omitzero"`
	Schema      string      `json:"schema"` // URN
	Extensions  []Extension `json:"schemaExtensions,omitempty"`

	// Apart names the lists of references that are kept outside of the resource, such as members.
	Apart []string `json:"-"`
}

// An Extension adds the attributes of another schema to a resource type.
type Extension struct {
	Schema   string `json:"schema"` // URN
	Required bool   `json:"required"`
}

// The URNs of the schemas and messages of RFC 7643 and 7644.
const (
	UserSchema           = "urn:ietf:params:scim:schemas:core:2.0:User"
	GroupSchema          = "urn:ietf:params:scim:schemas:core:2.0:Group"
	EnterpriseUserSchema = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

	configSchema = "urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"
	schemaSchema = "urn:ietf:params:scim:schemas:core:2.0:Schema"
	typeSchema   = "urn:ietf:params:scim:schemas:core:2.0:ResourceType"

	listMessage         = "urn:ietf:params:scim:api:messages:2.0:ListResponse"
	searchMessage       = "urn:ietf:params:scim:api:messages:2.0:SearchRequest"
	patchMessage        = "urn:ietf:params:scim:api:messages:2.0:PatchOp"
	bulkRequestMessage  = "urn:ietf:params:scim:api:messages:2.0:BulkRequest"
	bulkResponseMessage = "urn:ietf:params:scim:api:messages:2.0:BulkResponse"
	errorMessage        = "urn:ietf:params:scim:api:messages:2.0:Error"
)
