package scim

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Config is what a service says about itself under /ServiceProviderConfig, RFC 7643 section 5 and RFC 9865 section 4. What
// can be done follows from the Limits and from what is set here.
type Config struct {
	Documentation  string
	Authentication []AuthenticationScheme
	Patch, Sort    bool
	ETag, Password bool
	Bulk           bool
	BulkBytes      int // of a bulk request
	Cursors        bool
	CursorSeconds  int // for which a cursor is valid; 0: not told
}

// AuthenticationScheme is a way to sign in, RFC 7643 section 5.
type AuthenticationScheme struct {
	Type          string `json:"type"` // oauthbearertoken, httpbasic …
	Name          string `json:"name"`
	Description   string `json:"description"`
	Specification string `json:"specUri,omitzero"`
	Documentation string `json:"documentationUri,omitzero"`
	Primary       bool   `json:"primary,omitzero"`
}

type supported struct {
	Supported bool `json:"supported"`
}

type configDocument struct {
	Schemas       []string  `json:"schemas"`
	Documentation string    `json:"documentationUri,omitzero"`
	Patch         supported `json:"patch"`
	Bulk          struct {
		Supported  bool `json:"supported"`
		Operations int  `json:"maxOperations"`
		Bytes      int  `json:"maxPayloadSize"`
	} `json:"bulk"`
	Filter struct {
		Supported bool `json:"supported"`
		Results   int  `json:"maxResults"`
	} `json:"filter"`
	ChangePassword supported              `json:"changePassword"`
	Sort           supported              `json:"sort"`
	ETag           supported              `json:"etag"`
	Authentication []AuthenticationScheme `json:"authenticationSchemes"`
	Pagination     pagination             `json:"pagination"`
	Meta           metaDocument           `json:"meta"`
}

type pagination struct {
	Cursor  bool   `json:"cursor"`
	Index   bool   `json:"index"`
	Default string `json:"defaultPaginationMethod"`
	Size    int    `json:"defaultPageSize"`
	Max     int    `json:"maxPageSize"`
	Timeout int    `json:"cursorTimeout,omitzero"`
}

type metaDocument struct {
	ResourceType string `json:"resourceType"`
	Location     string `json:"location"`
}

// AppendConfig writes the document of /ServiceProviderConfig.
func (s *Service) AppendConfig(dst []byte, c Config, base string) []byte {
	d := configDocument{
		Schemas: []string{configSchema}, Documentation: c.Documentation, Patch: supported{c.Patch}, Sort: supported{c.Sort}, ETag: supported{c.ETag},
		ChangePassword: supported{c.Password}, Authentication: c.Authentication,
		Pagination: pagination{Cursor: c.Cursors, Index: true, Default: "index", Size: s.rules.Limits.Default, Max: s.rules.Limits.Page, Timeout: c.CursorSeconds},
		Meta:       metaDocument{"ServiceProviderConfig", base + "/ServiceProviderConfig"},
	}
	d.Filter.Supported, d.Filter.Results = true, s.rules.Limits.Page
	if d.Bulk.Supported = c.Bulk; c.Bulk {
		d.Bulk.Operations, d.Bulk.Bytes = s.rules.Limits.Bulk, c.BulkBytes
	}
	if d.Authentication == nil {
		d.Authentication = []AuthenticationScheme{}
	}
	return document(dst, d)
}

// Schemas are the documents of /Schemas, one for each schema, in the order in which they were defined.
func (s *Service) Schemas(base string) []jsontext.Value {
	var out []jsontext.Value
	for i := range s.schemas {
		out = append(out, s.schemaDocument(&s.schemas[i], base))
	}
	return out
}

// Schema is the document of /Schemas/{URN}; nil if there is none of that name.
func (s *Service) Schema(urn, base string) jsontext.Value {
	for i := range s.schemas {
		if strings.EqualFold(s.schemas[i].ID, urn) {
			return s.schemaDocument(&s.schemas[i], base)
		}
	}
	return nil
}

func (s *Service) schemaDocument(def *Schema, base string) jsontext.Value {
	return document(nil, struct {
		Schemas []string `json:"schemas"`
		*Schema `json:",embed"`
		Meta    metaDocument `json:"meta"`
	}{[]string{schemaSchema}, def, metaDocument{"Schema", base + "/Schemas/" + def.ID}})
}

// ResourceTypes are the documents of /ResourceTypes, in the order of Types.
func (s *Service) ResourceTypes(base string) []jsontext.Value {
	var out []jsontext.Value
	for _, t := range s.types {
		out = append(out, t.Document(base))
	}
	return out
}

// Document is the document of /ResourceTypes/{name}.
func (t *ResourceType) Document(base string) jsontext.Value {
	return document(nil, struct {
		Schemas         []string `json:"schemas"`
		*TypeDefinition `json:",embed"`
		Meta            metaDocument `json:"meta"`
	}{[]string{typeSchema}, &t.def, metaDocument{"ResourceType", base + "/ResourceTypes/" + t.def.ID}})
}

// document writes what is made of our own structs. Texts of a configuration that are no UTF-8 are written all the same.
func document(dst []byte, v any) jsontext.Value {
	b, err := json.Marshal(v, jsontext.AllowInvalidUTF8(true))
	if err != nil {
		panic("scim: " + err.Error()) // these structs can always be written
	}
	return append(dst, b...)
}
