// Package foreigntest puts the target suite to SCIM servers that nobody here wrote.
package foreigntest

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/elimity-com/scim"
	"github.com/elimity-com/scim/errors"
	"github.com/elimity-com/scim/optional"
	"github.com/elimity-com/scim/schema"
	"github.com/scim2/filter-parser/v2"

	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/target/targettest"
)

// The library reads and checks requests, filters, paths and values, and writes answers. Keeping things is left to
// whoever uses it: shelf does so as the standard has it to the letter.

type attributes = scim.ResourceAttributes

type shelf struct {
	mu     sync.Mutex
	unique string // the attribute that no two share
	next   int
	ids    []string
	kept   map[string]attributes
}

func newShelf(unique string) *shelf { return &shelf{unique: unique, kept: map[string]attributes{}} }

func (s *shelf) shown(id string) scim.Resource {
	r := scim.Resource{ID: id, Attributes: maps.Clone(s.kept[id])}
	if external, ok := s.kept[id]["externalId"].(string); ok {
		r.ExternalID = optional.NewString(external)
	}
	return r
}

func (s *shelf) taken(id string, a attributes) bool {
	for other, x := range s.kept {
		if other != id && strings.EqualFold(fmt.Sprint(x[s.unique]), fmt.Sprint(a[s.unique])) {
			return true
		}
	}
	return false
}

func (s *shelf) Create(_ *http.Request, a attributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.taken("", a) {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	s.next++
	id := fmt.Sprintf("%s-%d", s.unique, s.next)
	s.ids, s.kept[id] = append(s.ids, id), a
	return s.shown(id), nil
}

func (s *shelf) Get(_ *http.Request, id string) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[id] == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	return s.shown(id), nil
}

func (s *shelf) GetAll(_ *http.Request, p scim.ListRequestParams) (scim.Page, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var fit []scim.Resource
	for _, id := range s.ids {
		if p.FilterValidator == nil || p.FilterValidator.PassesFilter(s.kept[id]) == nil {
			fit = append(fit, s.shown(id))
		}
	}
	from := min(max(p.StartIndex-1, 0), len(fit))
	return scim.Page{TotalResults: len(fit), Resources: append([]scim.Resource{}, fit[from:min(from+p.Count, len(fit))]...)}, nil
}

func (s *shelf) Replace(_ *http.Request, id string, a attributes) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.kept[id] == nil:
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	case s.taken(id, a):
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	s.kept[id] = a
	return s.shown(id), nil
}

func (s *shelf) Delete(_ *http.Request, id string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[id] == nil {
		return errors.ScimErrorResourceNotFound(id)
	}
	delete(s.kept, id)
	s.ids = slices.DeleteFunc(s.ids, func(x string) bool { return x == id })
	return nil
}

func (s *shelf) Patch(_ *http.Request, id string, ops []scim.PatchOperation) (scim.Resource, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept[id] == nil {
		return scim.Resource{}, errors.ScimErrorResourceNotFound(id)
	}
	before := fmt.Sprint(s.kept[id])
	next := deep(s.kept[id]).(map[string]any)
	for _, op := range ops {
		if err := patched(next, op); err != nil {
			return scim.Resource{}, err
		}
	}
	if s.taken(id, next) {
		return scim.Resource{}, errors.ScimErrorUniqueness
	}
	s.kept[id] = next
	if fmt.Sprint(next) == before {
		return scim.Resource{}, nil // 204: nothing changed
	}
	return s.shown(id), nil
}

// patched carries out one operation with a path, as RFC 7644 3.5.2 says. What that section calls an error is one.
func patched(o map[string]any, op scim.PatchOperation) error {
	if op.Path == nil {
		return errors.ScimErrorInvalidPath // this client always names a path
	}
	at := op.Path.AttributePath
	if uri := at.URI(); uri != "" && !strings.Contains(uri, ":core:") {
		within, _ := o[uri].(map[string]any)
		if within == nil {
			within = map[string]any{}
		}
		o[uri], o = within, within
	}
	name := at.AttributeName
	list, _ := o[name].([]any)
	switch {
	case op.Path.ValueExpression != nil:
		e, ok := op.Path.ValueExpression.(*filter.AttributeExpression)
		if !ok || e.Operator != filter.EQ {
			return errors.ScimErrorInvalidFilter
		}
		return element(o, name, list, e, op)
	case at.SubAttributeName() != "":
		within, _ := o[name].(map[string]any)
		if within == nil {
			within = map[string]any{}
		}
		if within[at.SubAttributeName()] = op.Value; op.Op == scim.PatchOperationRemove {
			delete(within, at.SubAttributeName())
		}
		if o[name] = within; len(within) == 0 {
			delete(o, name)
		}
	case op.Op == scim.PatchOperationRemove:
		delete(o, name) // all of it, whatever value came with it
	case op.Op == scim.PatchOperationAdd && isList(op.Value):
		for _, v := range op.Value.([]any) {
			if !slices.ContainsFunc(list, func(x any) bool { return value(x) == value(v) }) {
				list = append(list, v)
			}
		}
		o[name] = list
	default:
		o[name] = op.Value
	}
	return nil
}

func element(o map[string]any, name string, list []any, e *filter.AttributeExpression, op scim.PatchOperation) error {
	chosen := func(x any) bool {
		m, _ := x.(map[string]any)
		return m != nil && fmt.Sprint(m[e.AttributePath.AttributeName]) == fmt.Sprint(e.CompareValue)
	}
	if op.Op == scim.PatchOperationRemove && op.Path.SubAttributeName() == "" {
		if o[name] = slices.DeleteFunc(list, chosen); len(o[name].([]any)) == 0 {
			delete(o, name)
		}
		return nil
	}
	if !slices.ContainsFunc(list, chosen) {
		return errors.ScimErrorNoTarget
	}
	for _, x := range list {
		if m, _ := x.(map[string]any); chosen(x) {
			if m[op.Path.SubAttributeName()] = op.Value; op.Op == scim.PatchOperationRemove {
				delete(m, op.Path.SubAttributeName())
			}
		}
	}
	return nil
}

func isList(v any) bool { _, ok := v.([]any); return ok }

func value(v any) string {
	m, _ := v.(map[string]any)
	return fmt.Sprint(m["value"])
}

func deep(v any) any {
	switch v := v.(type) {
	case attributes:
		return deep(map[string]any(v))
	case map[string]any:
		out := map[string]any{}
		for k, x := range v {
			out[k] = deep(x)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, x := range v {
			out[i] = deep(x)
		}
		return out
	}
	return v
}

func TestElimity(t *testing.T) {
	for name, c := range map[string]struct {
		patch bool
		opts  scimtarget.Options
	}{
		"as it is":              {true, scimtarget.Options{}},
		"few members at a time": {true, scimtarget.Options{PatchMembers: 5, MembersInCreate: 2}},
		"without PATCH":         {false, scimtarget.Options{}},
	} {
		t.Run(name, func(t *testing.T) {
			targettest.Run(t, func(t *testing.T) *targettest.Harness {
				server, err := scim.NewServer(&scim.ServerArgs{
					ServiceProviderConfig: &scim.ServiceProviderConfig{SupportFiltering: true, SupportPatch: c.patch, MaxResults: 50},
					ResourceTypes: []scim.ResourceType{
						{ID: optional.NewString("User"), Name: "User", Endpoint: "/Users", Schema: schema.CoreUserSchema(), Handler: newShelf("userName"), SchemaExtensions: []scim.SchemaExtension{{Schema: schema.ExtensionEnterpriseUser()}}},
						{ID: optional.NewString("Group"), Name: "Group", Endpoint: "/Groups", Schema: schema.CoreGroupSchema(), Handler: newShelf("displayName")},
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				s := httptest.NewServer(server)
				t.Cleanup(s.Close)
				return open(t, s.URL, c.opts)
			})
		})
	}
}
