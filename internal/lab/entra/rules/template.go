package rules

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// The rows of a template are "target ← source", matching ones first.
type template struct {
	target      string // name of the target system
	user, group [][2]string
}

const active = `Switch([IsSoftDeleted], , "False", "True", "True", "False")`

const enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"

// templates hold the default mappings as Microsoft's pages print them. An export of the real gallery schema was not
// found, so everything beside the rows is built after the samples of other apps.
var templates = map[string]template{
	// The tutorial for Atlassian Cloud (2025) with Atlassian's objectId → externalId.
	"atlassianCloud": {
		"AtlassianCloud",
		[][2]string{
			{"userName", "[userPrincipalName]"},
			{"active", active},
			{"displayName", "[displayName]"},
			{"name.givenName", "[givenName]"},
			{"name.familyName", "[surname]"},
			{`emails[type eq "work"].value`, "[mail]"},
			{"externalId", "[objectId]"},
		},
		[][2]string{{"displayName", "[displayName]"}, {"externalId", "[objectId]"}, {"members", "[members]"}},
	},
	// The generic SCIM application (use-scim-to-provision-users-and-groups.md).
	"scim": {
		"customappsso",
		[][2]string{
			{"userName", "[userPrincipalName]"},
			{"active", active},
			{"displayName", "[displayName]"},
			{"title", "[jobTitle]"},
			{`emails[type eq "work"].value`, "[mail]"},
			{"preferredLanguage", "[preferredLanguage]"},
			{"name.givenName", "[givenName]"},
			{"name.familyName", "[surname]"},
			{"name.formatted", `Join(" ", [givenName], [surname])`},
			{`addresses[type eq "work"].formatted`, "[physicalDeliveryOfficeName]"},
			{`addresses[type eq "work"].streetAddress`, "[streetAddress]"},
			{`addresses[type eq "work"].locality`, "[city]"},
			{`addresses[type eq "work"].region`, "[state]"},
			{`addresses[type eq "work"].postalCode`, "[postalCode]"},
			{`addresses[type eq "work"].country`, "[country]"},
			{`phoneNumbers[type eq "work"].value`, "[telephoneNumber]"},
			{`phoneNumbers[type eq "mobile"].value`, "[mobile]"},
			{`phoneNumbers[type eq "fax"].value`, "[facsimileTelephoneNumber]"},
			{"externalId", "[mailNickname]"},
			{enterprise + ":employeeNumber", "[employeeId]"},
			{enterprise + ":department", "[department]"},
			{enterprise + ":manager", "[manager]"},
		},
		[][2]string{{"displayName", "[displayName]"}, {"externalId", "[objectId]"}, {"members", "[members]"}},
	},
}

// entraDirectory is the id of Entra's side in every schema (a published sample).
const entraDirectory = "66e4a8cc-1b7b-435e-95f8-f06cea133828"

// Template is the schema that a new job begins with: "scim" or "atlassianCloud". The ids of schema and rule are given.
func Template(name, version, rule string) (*Schema, error) {
	t, known := templates[name]
	if !known {
		return nil, fmt.Errorf("there is no synchronization template %q, only scim and atlassianCloud", name)
	}
	const source = "Azure Active Directory"
	group, err := mapping("Group", "urn:ietf:params:scim:schemas:core:2.0:Group", t.group)
	if err != nil {
		return nil, err
	}
	user, err := mapping("User", enterprise, t.user)
	if err != nil {
		return nil, err
	}
	s := &Schema{
		Version: version,
		Rules: []Rule{{
			ID: rule, Name: "USERGROUP_OUTBOUND_USERGROUP", Priority: 1, Source: source, Target: t.target,
			Mappings: []ObjectMapping{group, user}, Other: jsontext.Value(`{"editable":true}`),
		}},
	}
	from, to := Directory{ID: entraDirectory, Name: source}, Directory{ID: rule, Name: t.target}
	for _, m := range s.Rules[0].Mappings {
		in, out := Definition{Name: m.Source}, Definition{Name: m.Target}
		for _, a := range m.Attributes {
			out.Attributes = append(out.Attributes, Attribute{Name: a.Target, Type: typeOf(a.Target), Required: a.MatchingPriority > 0})
		}
		in.Attributes = append(in.Attributes, Attribute{Name: "objectId", Type: "String", Anchor: true, Required: true})
		from.Objects, to.Objects = append(from.Objects, in), append(to.Objects, out)
	}
	s.Directories = []Directory{from, to}
	return s, nil
}

func mapping(object, target string, rows [][2]string) (ObjectMapping, error) {
	on := true
	m := ObjectMapping{
		Name: "Provision Azure Active Directory " + object + "s", Enabled: &on, FlowTypes: "Add,Update,Delete",
		Source: object, Target: target,
	}
	for _, r := range rows {
		if err := m.Map(r[0], r[1]); err != nil {
			return m, err
		}
	}
	return m, m.Match(rows[0][0])
}

func typeOf(target string) string {
	switch target {
	case "active":
		return "Boolean"
	case "members", enterprise + ":manager":
		return "Reference"
	}
	return "String"
}

func row(target string, e *Expr, source string) AttributeMapping {
	return AttributeMapping{
		Target: target, FlowType: "Always", FlowBehavior: "FlowWhenChanged", Source: written(e, source),
		Other: jsontext.Value(`{"exportMissingReferences":false}`),
	}
}

// written is a source with the text as somebody wrote it.
func written(e *Expr, text string) *Source {
	s := e.Source()
	if s != nil {
		s.Expression = text
	}
	return s
}

// Templates are the names of the templates.
func Templates() []string { return []string{"atlassianCloud", "scim"} }

// Known tells whether there is such a template.
func Known(name string) bool { return slices.Contains(Templates(), name) }
