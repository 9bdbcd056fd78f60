package outbound

import (
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
)

// Field is one attribute of the target and its value.
type Field struct {
	Target string
	Value  []string
	Type   string // Boolean, String, …; "" is text, except for active
	// Assertive is the mapping of roles that replaces those of the target (AssertiveAppRoleAssignmentsComplex). Any
	// other adds to them.
	Assertive bool
}

func (f Field) roles() bool { return strings.EqualFold(f.Target, "roles") }

func (f Field) boolean() bool {
	return f.Type == "Boolean" || f.Type == "" && strings.EqualFold(f.Target, "active")
}

const (
	coreUser   = "urn:ietf:params:scim:schemas:core:2.0:User"
	enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
	coreGroup  = "urn:ietf:params:scim:schemas:core:2.0:Group"
	adscim     = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
)

// NewUser is the body that creates a user. Custom extensions are written but not listed in schemas.
func NewUser(fields []Field) Resource {
	r := Resource{
		"schemas": []any{coreUser, enterprise},
		"meta":    map[string]any{"resourceType": "User"},
		"roles":   []any{},
	}
	r.fill(fields)
	return r
}

// NewGroup is the body that creates a group: without members, with a schema of Microsoft's own.
func NewGroup(fields []Field) Resource {
	r := Resource{
		"schemas": []any{coreGroup, adscim},
		"meta":    map[string]any{"resourceType": "Group"},
	}
	r.fill(fields)
	return r
}

func (r Resource) fill(fields []Field) {
	for _, f := range fields {
		if len(f.Value) > 0 {
			r.put(parsePath(f.Target), f.whole())
		}
	}
}

// whole is the value as a new resource has it: Booleans are Booleans, several values a list.
func (f Field) whole() any {
	switch {
	case f.boolean():
		return strings.EqualFold(f.Value[0], "true")
	case f.roles():
		return f.appRoles()
	case len(f.Value) > 1:
		list := make([]any, len(f.Value))
		for i, s := range f.Value {
			list[i] = s
		}
		return list
	}
	return f.Value[0]
}

// appRoles are the roles as a new resource has them. A role comes as JSON in a text (AppRoleAssignmentsComplex), or as a
// bare name. The page's examples call its name displayName, and display where the mapping is the assertive one.
func (f Field) appRoles() []any {
	list := make([]any, len(f.Value))
	for i, s := range f.Value {
		r := map[string]any{"value": s}
		if value, name, ok := appRole(s); ok {
			label := "displayName"
			if f.Assertive {
				label = "display"
			}
			r = map[string]any{"primary": false, "type": "WindowsAzureActiveDirectoryRole", label: name, "value": value}
		}
		list[i] = r
	}
	return list
}

// appRole reads a role's JSON.
func appRole(text string) (value, name string, ok bool) {
	var r struct {
		Value string `json:"value"`
		Name  string `json:"displayName"`
	}
	ok = json.Unmarshal([]byte(text), &r) == nil
	return r.Value, r.Name, ok
}

func (r Resource) put(p path, v any) {
	in := map[string]any(r)
	if p.schema != "" {
		inner, _ := in[p.schema].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			in[p.schema] = inner
		}
		in = inner
	}
	switch {
	case p.by != "":
		in[p.name] = element(in[p.name], p, v)
	case p.sub != "":
		inner, _ := in[p.name].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			in[p.name] = inner
		}
		inner[p.sub] = v
	default:
		in[p.name] = v
	}
}

// element puts a part of the list's element that the filter chooses; the work address is the primary one.
func element(list any, p path, v any) []any {
	all, _ := list.([]any)
	sub := p.sub
	if sub == "" {
		sub = "value"
	}
	for _, e := range all {
		if m, ok := e.(map[string]any); ok && slices.Equal(texts(m[p.by]), []string{p.equal}) {
			m[sub] = v
			return all
		}
	}
	m := map[string]any{p.by: p.equal, sub: v}
	if strings.EqualFold(p.by, "primary") {
		m[p.by] = strings.EqualFold(p.equal, "true")
	}
	if p.name == "emails" && strings.EqualFold(p.equal, "work") {
		m["primary"] = true
	}
	return append(all, m)
}
