package entra

import (
	"errors"
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// discover asks the target which attributes it has, and gives the directory as it would be with them. That the schema of
// the job stays as it is until somebody puts it follows from the call's page, which speaks of an answer alone. Gallery
// applications do this, Atlassian's since 2021; a target that has no /Schemas keeps what the template lists.
func discover(c *call, at place) answer {
	j, err := c.l.job(at)
	if err != nil {
		return err.answer(c)
	}
	d, broken := j.discover(c, at.directory)
	switch {
	case errors.Is(broken, ErrUnknown):
		return notFound(at.directory).answer(c)
	case broken != nil:
		return badRequest("%v", broken).answer(c)
	}
	return document(d)
}

func (j *Job) discover(c *call, directory string) (map[string]any, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.l.mu.Lock()
	s := j.l.dir.sync(j.app)
	schema, err := rules.Read(s.schemas[j.id])
	to := j.client(s.secretPairs(), s.hidden)
	j.l.mu.Unlock()
	if err != nil {
		return nil, err
	}
	rule, err := schema.Outbound()
	if err != nil {
		return nil, err
	}
	for _, d := range schema.Directories {
		if d.Name != rule.Target || !strings.EqualFold(d.ID, directory) && d.Name != directory {
			continue
		}
		list, err := to.Schemas(c.r.Context())
		if err != nil {
			return nil, fmt.Errorf("asking for the schemas of %s: %w", rule.Target, err)
		}
		return map[string]any{
			"@odata.context": c.syncContext(j.app.id, "jobs('"+j.id+"')/schema/directories/$entity"), "id": d.ID, "name": d.Name,
			"discoverabilities": "AttributeNames, AttributeDataTypes", "discoveryDateTime": precise(c.at), "readOnly": false, "version": schema.Version,
			"objects": []any{discovered("User", rule.Mapping("User"), list), discovered("Group", rule.Mapping("Group"), list)},
		}, nil
	}
	return nil, fmt.Errorf("directory %s: %w", directory, ErrUnknown)
}

// discovered is the definition of an object: the attributes of its core schema and of its extensions, whose names carry
// the schema's.
func discovered(object string, m *rules.ObjectMapping, list []outbound.Schema) map[string]any {
	name, attributes := object, []any{}
	if m != nil {
		name = m.Target
	}
	for _, s := range list {
		prefix := s.ID + ":"
		switch {
		case !strings.HasSuffix(s.ID, ":"+object):
			continue
		case strings.HasPrefix(s.ID, "urn:ietf:params:scim:schemas:core:"):
			prefix = ""
		}
		for _, a := range s.Attributes {
			attributes = append(attributes, named(prefix, a)...)
		}
	}
	return map[string]any{"name": name, "attributes": attributes, "supportedApis": []string{}}
}

// named is an attribute as mappings name it: parts after a dot, and those of a list by type, work where the schema
// names none.
func named(prefix string, a outbound.Attribute) []any {
	if a.Name == "members" {
		a.Type, a.Parts = "reference", nil
	}
	if a.Type == "complex" && len(a.Parts) > 0 {
		paths := []string{prefix + a.Name}
		parts := a.Parts
		if a.Several {
			paths, parts = nil, nil
			types := []string{"work"}
			for _, p := range a.Parts {
				switch {
				case p.Name == "type" && len(p.Canonical) > 0:
					types = p.Canonical
				case p.Name == "value":
					parts = append(parts, p)
				}
			}
			for _, t := range types {
				paths = append(paths, prefix+a.Name+`[type eq "`+t+`"]`)
			}
		}
		var out []any
		for _, path := range paths {
			for _, p := range parts {
				out = append(out, attributeDefinition(path+"."+p.Name, p))
			}
		}
		return out
	}
	return []any{attributeDefinition(prefix+a.Name, a)}
}

func attributeDefinition(name string, a outbound.Attribute) map[string]any {
	kind := map[string]string{"boolean": "Boolean", "integer": "Integer", "dateTime": "DateTime", "binary": "Binary", "reference": "Reference"}[a.Type]
	if kind == "" {
		kind = "String"
	}
	mutability := map[string]string{"readOnly": "ReadOnly", "immutable": "Immutable", "writeOnly": "WriteOnly"}[a.Mutability]
	if mutability == "" {
		mutability = "ReadWrite"
	}
	return map[string]any{
		"name": name, "type": kind, "anchor": false, "caseExact": a.CaseExact, "required": a.Required, "multivalued": a.Several, "mutability": mutability,
		"defaultValue": nil, "flowNullValues": false, "apiExpressions": []any{}, "metadata": []any{}, "referencedObjects": []any{},
	}
}
