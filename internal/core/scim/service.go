package scim

import (
	"fmt"
	"strings"
)

// Service is the schemas and resource types of one SCIM service, ready to use. It never changes.
type Service struct {
	types   []*ResourceType
	schemas []Schema
	rules   Rules
}

// Rules say how a service reads what clients send.
type Rules struct {
	Tolerate Tolerance
	Unknown  Unknown
	Limits   Limits // what is zero is DefaultLimits
}

// Unknown says what becomes of an attribute in a body that no schema knows.
type Unknown uint8

// What becomes of them. A path or a filter that names one is refused in any case.
const (
	IgnoreUnknown Unknown = iota // RFC 7644, 3.3: what is not understood is left out
	KeepUnknown                  // kept as it is, and returned
	RefuseUnknown                // 400, with the name that was probably meant
)

// ResourceType is one kind of resource of a Service.
type ResourceType struct {
	def      TypeDefinition
	service  *Service
	root     *Attr // complex; its sub-attributes are those at the top, and the extensions
	attrs    []*Attr
	apart    []*Attr
	required []Extension
	schemas  string // the URN of the core schema as JSON
}

// NewService compiles schemas and resource types. The error names the definition that is wrong.
func NewService(schemas []Schema, types []TypeDefinition, rules Rules) (*Service, error) {
	s := &Service{rules: rules}
	s.rules.Limits = s.rules.Limits.orDefault()
	byID := map[string]*Schema{}
	for _, def := range schemas {
		def.Attributes = complete(def.Attributes)
		s.schemas = append(s.schemas, def)
	}
	for i := range s.schemas {
		id := strings.ToLower(s.schemas[i].ID)
		if byID[id] != nil {
			return nil, fmt.Errorf("schema %s is there twice", s.schemas[i].ID)
		}
		byID[id] = &s.schemas[i]
	}
	for _, def := range types {
		t, err := s.compile(def, byID)
		if err != nil {
			return nil, fmt.Errorf("resource type %s: %w", def.Name, err)
		}
		if s.Type(def.Name) != nil || s.At(def.Endpoint) != nil {
			return nil, fmt.Errorf("resource type %s: its name or endpoint is there twice", def.Name)
		}
		s.types = append(s.types, t)
	}
	s.link()
	return s, nil
}

// link tells the lists that are kept apart where their elements can lead.
func (s *Service) link() {
	for _, t := range s.types {
		for _, a := range t.apart {
			a.endpoints = map[string]string{}
			if ref := a.sub("$ref"); ref != nil {
				for _, name := range ref.def.References {
					if to := s.Type(name); to != nil {
						a.endpoints[name] = to.def.Endpoint
					}
				}
			}
		}
	}
}

func (s *Service) compile(def TypeDefinition, byID map[string]*Schema) (*ResourceType, error) {
	if def.ID == "" {
		def.ID = def.Name
	}
	core := byID[strings.ToLower(def.Schema)]
	switch {
	case core == nil:
		return nil, fmt.Errorf("schema %s is not among the schemas", def.Schema)
	case len(def.Endpoint) < 2 || def.Endpoint[0] != '/' || strings.Contains(def.Endpoint[1:], "/"):
		return nil, fmt.Errorf("the endpoint %q should look like /Users", def.Endpoint)
	}
	t := &ResourceType{def: def, service: s, schemas: quoted(core.ID), root: &Attr{def: &Attribute{Type: Complex}, kind: complexKind}}
	var b build
	if err := b.subs(t.root, append(complete(common()), core.Attributes...), ""); err != nil {
		return nil, err
	}
	for _, x := range def.Extensions {
		schema := byID[strings.ToLower(x.Schema)]
		if schema == nil {
			return nil, fmt.Errorf("schema %s is not among the schemas", x.Schema)
		}
		if err := b.extension(t.root, schema); err != nil {
			return nil, err
		}
		if x.Required {
			t.required = append(t.required, x)
		}
	}
	t.attrs = b.all
	for _, name := range def.Apart {
		a := t.Attr(name)
		if a == nil || a.parent != nil || a.kind != complexKind || !a.def.MultiValued || a.value == nil {
			return nil, fmt.Errorf("%s cannot be kept apart: only a list of references at the top can", name)
		}
		a.apart = true
		if display := a.sub("display"); display != nil && a.sub("displayName") == nil && s.rules.Tolerate&MemberNames != 0 {
			a.names["displayName"], a.names["displayname"] = display, display
		}
		t.apart = append(t.apart, a)
	}
	return t, nil
}

// extension adds a schema as one complex attribute that is named by the URN.
func (b *build) extension(root *Attr, schema *Schema) error {
	def := &Attribute{Name: schema.ID, Type: Complex, Mutability: ReadWrite, Returned: ByDefault, SubAttributes: schema.Attributes}
	a := b.bare(def, complexKind, nil, "")
	a.extension = true
	if err := b.subs(a, schema.Attributes, schema.ID+":"); err != nil {
		return err
	}
	a.value, a.primary = nil, nil
	return root.add(a)
}

// Types are the resource types, in the order of their definition.
func (s *Service) Types() []*ResourceType { return s.types }

// Limits are the bounds that the service keeps.
func (s *Service) Limits() Limits { return s.rules.Limits }

// Type finds a resource type by its name; nil if there is none.
func (s *Service) Type(name string) *ResourceType {
	for _, t := range s.types {
		if t.def.Name == name {
			return t
		}
	}
	return nil
}

// At finds a resource type by its endpoint, /Users, in any case: Microsoft's collection asks for /users. nil if there is
// none.
func (s *Service) At(endpoint string) *ResourceType {
	for _, t := range s.types {
		if strings.EqualFold(t.def.Endpoint, endpoint) {
			return t
		}
	}
	return nil
}

// Name is the name of the type: User.
func (t *ResourceType) Name() string { return t.def.Name }

// Endpoint is the path of the type below the service's base: /Users.
func (t *ResourceType) Endpoint() string { return t.def.Endpoint }

// Apart are the lists of references that are kept apart.
func (t *ResourceType) Apart() []*Attr { return t.apart }

// Unique are the attributes of which no two resources may have the same value, beside the id. Attr.Key tells what is the
// same, ResourceType.Taken what to answer.
func (t *ResourceType) Unique() []*Attr {
	var out []*Attr
	for _, a := range t.attrs {
		if u := a.def.Uniqueness; (u == Server || u == Global) && a.special == ordinary {
			out = append(out, a)
		}
	}
	return out
}

func (t *ResourceType) rules() *Rules { return &t.service.rules }
