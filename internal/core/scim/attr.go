package scim

import (
	"strings"
)

// Attr is an attribute of one resource type, ready to use: looked up by name, and the same pointer wherever the
// attribute is meant. Sub-attributes and the attributes of extensions are Attrs, too, so that one Attr is a whole path.
type Attr struct {
	def    *Attribute
	kind   kind
	parent *Attr   // of a sub-attribute, or of an attribute of an extension; nil at the top
	chain  []*Attr // from the top down to this one
	path   string
	key    string // the name as JSON, with the colon
	number int    // within the resource type
	shown  bool   // in an answer to a request that does not say what it wants

	apart     bool
	extension bool // stands for an extension as a whole
	special   special

	subs           []*Attr
	names          map[string]*Attr // as written, and in lower case
	value, primary *Attr            // these sub-attributes, if there are any

	endpoints map[string]string // of a list that is kept apart: where its elements can lead, by the names of types
}

type kind uint8

const (
	textKind kind = iota
	booleanKind
	decimalKind
	integerKind
	momentKind
	binaryKind
	referenceKind
	complexKind
)

var kinds = map[Type]kind{
	"": textKind, String: textKind, Boolean: booleanKind, Decimal: decimalKind, Integer: integerKind, DateTime: momentKind, Binary: binaryKind,
	Reference: referenceKind, Complex: complexKind,
}

// special marks what is no attribute that a client writes: its value is a field of Resource.
type special uint8

const (
	ordinary special = iota
	isSchemas
	isID
	isMeta
	isResourceType
	isCreated
	isLastModified
	isLocation
	isVersion
)

var specials = map[string]special{
	"schemas": isSchemas, "id": isID, "meta": isMeta, "meta.resourceType": isResourceType, "meta.created": isCreated,
	"meta.lastModified": isLastModified, "meta.location": isLocation, "meta.version": isVersion,
}

// Name is the attribute's own name, as its schema writes it; of an extension, its URN.
func (a *Attr) Name() string { return a.def.Name }

// Path is the attribute's full name: emails.value, or urn:…:enterprise:2.0:User:department.
func (a *Attr) Path() string { return a.path }

// String is Path.
func (a *Attr) String() string { return a.path }

// Definition is what the schema says of the attribute.
func (a *Attr) Definition() *Attribute { return a.def }

// Parent is the complex attribute or extension that this one belongs to; nil at the top.
func (a *Attr) Parent() *Attr { return a.parent }

// Apart is the list of references that the attribute is or belongs to, if its resource type keeps that list apart; else
// nil.
func (a *Attr) Apart() *Attr {
	for ; a != nil; a = a.parent {
		if a.apart {
			return a
		}
	}
	return nil
}

// Key is a text of the attribute as it is compared: folded unless the attribute is case exact. Two values are equal where
// their keys are.
func (a *Attr) Key(text string) string {
	if a.def.CaseExact {
		return text
	}
	return Fold(text)
}

// sub finds a sub-attribute by its name in any case; nil if there is none.
func (a *Attr) sub(name string) *Attr {
	if s, ok := a.names[name]; ok {
		return s
	}
	return a.names[strings.ToLower(name)]
}

// within finds the outermost attribute with several values that a belongs to; nil if there is none above it.
func (a *Attr) within() *Attr {
	for _, c := range a.chain[:len(a.chain)-1] {
		if c.def.MultiValued {
			return c
		}
	}
	return nil
}
