package scim

import (
	"iter"
	"time"
)

// Resource is one user, group or what else a service keeps.
type Resource struct {
	Type  *ResourceType
	ID    string
	Attrs Value // complex: everything that clients write, externalId among it; nothing that is kept apart
	Meta  Meta

	// Refs reads a list that is kept apart; nil stands for empty lists. It is asked only for what an answer shows or a
	// filter looks at.
	Refs func(list *Attr) iter.Seq[Ref]
}

// Meta is what a service knows about a resource.
type Meta struct {
	Created, LastModified time.Time
	Version               string // an entity tag as it stands in ETag, quotes and W/ included; empty: none
}

// Ref is an element of a list that is kept apart: a member of a group, or a group of a user.
type Ref struct {
	Value   string // the id
	Type    string // User, Group; direct, indirect. Empty: not told
	Display string
}

// Location is where the resource is, below the base of the service: /Users/id.
func (r *Resource) Location() string { return r.Type.def.Endpoint + "/" + r.ID }

// Values reads the values of an attribute that is neither complex nor kept apart, one by one, through all lists above it:
// of emails.value, each address. A store builds its indexes from them, with Attr.Key.
func (r *Resource) Values(a *Attr) iter.Seq[string] {
	return func(yield func(string) bool) {
		if a.special != ordinary {
			if text := r.special(a.special); text != "" {
				yield(text)
			}
			return
		}
		r.Attrs.each(a.chain, yield)
	}
}

func (v *Value) each(chain []*Attr, yield func(string) bool) bool {
	switch {
	case v.form == listForm:
		for i := range v.parts {
			if !v.parts[i].Value.each(chain, yield) {
				return false
			}
		}
	case len(chain) > 0:
		if s := v.slot(chain[0]); s != nil {
			return s.each(chain[1:], yield)
		}
	case v.form != complexForm:
		return yield(v.text)
	}
	return true
}

// special is the text of what is a field of the resource; empty if it has none.
func (r *Resource) special(s special) string {
	switch s {
	case isID:
		return r.ID
	case isResourceType:
		return r.Type.def.Name
	case isCreated:
		return momentText(r.Meta.Created)
	case isLastModified:
		return momentText(r.Meta.LastModified)
	case isLocation:
		return r.Location()
	case isVersion:
		return r.Meta.Version
	}
	return ""
}

func momentText(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339Nano)
}

func (r *Resource) refs(list *Attr) iter.Seq[Ref] {
	if r.Refs == nil {
		return func(func(Ref) bool) {}
	}
	if seq := r.Refs(list); seq != nil {
		return seq
	}
	return func(func(Ref) bool) {}
}

// schemas are the URNs of the schemas of which the resource has attributes.
func (r *Resource) schemas(yield func(string) bool) {
	if !yield(r.Type.def.Schema) {
		return
	}
	for _, p := range r.Attrs.parts {
		if p.Attr != nil && p.Attr.extension && !yield(p.Attr.def.Name) {
			return
		}
	}
}

// part reads a sub-attribute of a reference.
func (r Ref) part(list *Attr, name string) string {
	switch name {
	case "value":
		return r.Value
	case "type":
		return r.Type
	case "display":
		return r.Display
	case "$ref":
		if endpoint := list.endpointOf(r); endpoint != "" {
			return endpoint + "/" + r.Value
		}
	}
	return ""
}
