package scim

import "strings"

// list reads a list that is kept apart.
func (d *decoder) list(a *Attr) error {
	refs, err := d.references(a)
	if err != nil {
		return err
	}
	if d.refs == nil {
		d.refs = map[*Attr][]Ref{}
	}
	if _, ok := d.refs[a]; ok {
		return bad(InvalidSyntax, "%s stands twice in one object, in different cases. Send it once.", a.path)
	}
	d.refs[a] = refs
	return nil
}

// references reads the elements of a list that is kept apart, each id once.
func (d *decoder) references(a *Attr) ([]Ref, error) {
	k := d.PeekKind()
	if k == 'n' {
		return nil, d.skip()
	}
	if k != '[' {
		if !d.t.tolerates(LoneValues) {
			return nil, d.wrong(a.path, "a list", "Put the reference in [ ].")
		}
		r, err := d.reference(a)
		if err != nil {
			return nil, err
		}
		return []Ref{r}, nil
	}
	var refs []Ref
	var seen map[string]bool // made when there is a second one
	most := d.t.rules().Limits.References
	err := d.elements(func() error {
		r, err := d.reference(a)
		if err != nil {
			return err
		}
		if len(refs) == most {
			return tooLarge("%s has more than %d references, which are the most in one request. Send the others in a second one.", a.path, most)
		}
		if len(refs) == 1 {
			seen = map[string]bool{a.value.Key(refs[0].Value): true}
		}
		if key := a.value.Key(r.Value); !seen[key] {
			refs = append(refs, r)
			if seen != nil {
				seen[key] = true
			}
		}
		return nil
	})
	return refs, err
}

// reference reads one element of such a list: an object, or an id alone. Where the id is missing, it is the end of $ref.
func (d *decoder) reference(a *Attr) (Ref, error) {
	start := d.InputOffset()
	v, err := d.complex(a)
	if err != nil {
		return Ref{}, err
	}
	var r Ref
	for _, p := range v.parts {
		if p.Attr == nil {
			continue
		}
		switch p.Attr.def.Name {
		case "value":
			r.Value = p.Value.text
		case "type":
			r.Type = p.Value.text
		case "display":
			r.Display = p.Value.text
		case "$ref":
			a.fromPath(&r, p.Value.text)
		}
	}
	if r.Value == "" {
		return Ref{}, bad(InvalidValue, "%s: the element at byte %d has no value. Send the id of the resource as value.", a.path, start+1)
	}
	return r, nil
}

// fromPath reads what $ref tells and value and type do not.
func (a *Attr) fromPath(r *Ref, path string) {
	at := strings.LastIndexByte(path, '/')
	if at < 0 {
		return
	}
	if r.Value == "" {
		r.Value = path[at+1:]
	}
	for name, endpoint := range a.endpoints {
		if r.Type == "" && strings.HasSuffix(path[:at], endpoint) {
			r.Type = name
		}
	}
}

// endpointOf is the endpoint at which a reference leads to a resource; empty where that is not known.
func (a *Attr) endpointOf(r Ref) string {
	if e, ok := a.endpoints[r.Type]; ok {
		return e
	}
	if len(a.endpoints) == 1 {
		for _, e := range a.endpoints {
			return e
		}
	}
	return ""
}
