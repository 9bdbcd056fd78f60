package scim

import (
	"strings"
)

// checkRequired looks for what a resource must have.
func (t *ResourceType) checkRequired(v Value, refs map[*Attr][]Ref) error {
	if err := required(t.root, v, refs); err != nil {
		return err
	}
	for _, x := range t.required {
		if v.Get(t.root.sub(x.Schema)).IsZero() {
			return bad(InvalidValue, "A %s needs attributes of the schema %s.", t.def.Name, x.Schema)
		}
	}
	return nil
}

// required looks for the attributes that a complex value must have, and in the parts it has.
func required(a *Attr, v Value, refs map[*Attr][]Ref) error {
	for _, s := range a.subs {
		if !s.def.Required || s.def.Mutability == ReadOnly {
			continue
		}
		if got := v.Get(s); (got.IsZero() || got.form == textForm && strings.TrimSpace(got.text) == "") && len(refs[s]) == 0 {
			return bad(InvalidValue, "%s is required, and must not be empty. Send it.", s.path)
		}
	}
	for _, p := range v.parts {
		if p.Attr == nil || p.Attr.kind != complexKind {
			continue
		}
		if p.Value.form != listForm {
			if err := required(p.Attr, p.Value, nil); err != nil {
				return err
			}
			continue
		}
		for _, one := range p.Value.parts {
			if err := required(p.Attr, one.Value, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkSchemas looks whether a body names the schema that it is read by.
func (t *ResourceType) checkSchemas(have []string) error {
	for _, s := range have {
		if strings.EqualFold(s, t.def.Schema) {
			return nil
		}
	}
	if t.tolerates(NoSchemas) {
		return nil
	}
	return bad(InvalidValue, `schemas does not name %s. Send "schemas": [%s].`, t.def.Schema, t.schemas)
}
