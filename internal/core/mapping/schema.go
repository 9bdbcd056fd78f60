package mapping

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
)

// entraDirectory is the fixed id of Entra's side in every synchronization schema.
const entraDirectory = "66e4a8cc-1b7b-435e-95f8-f06cea133828"

// Names of Entra's side over the years.
var entraNames = []string{"Azure Active Directory", "Microsoft Entra ID", "Azure AD", "Entra ID"}

// FromSchema reads the mappings from Entra to the application. Rules of the other direction (PROFILE_INBOUND_APPROLE
// of some templates) are left out. The errors name rows that could not be read; the rest of the rules stands. A
// schema without any user mapping gives the defaults, not known.
func FromSchema(s *document.Schema) (Rules, []error) {
	if s == nil {
		return Default(document.EntraSCIM, ""), nil
	}
	var faults []error
	user := pick(s, "User")
	if user == nil {
		return Default(document.EntraSCIM, ""),
			append(faults, fmt.Errorf("synchronization schema %s: no object mapping from Entra's users to the application", s.ID))
	}
	r := Rules{Known: true}
	r.User, faults = object("User", user, faults)
	r.Group, faults = object("Group", pick(s, "Group"), faults)
	return r, faults
}

// pick finds the object mapping of an object type: of the rule with the lowest priority number, an enabled one first.
func pick(s *document.Schema, object string) *document.ObjectMapping {
	rules := slices.Clone(s.Rules)
	slices.SortStableFunc(rules, func(a, b document.RuleDefinition) int { return a.Priority - b.Priority })
	var disabled *document.ObjectMapping
	for _, rule := range rules {
		if !outbound(s, rule) {
			continue
		}
		for i := range rule.ObjectMappings {
			m := &rule.ObjectMappings[i]
			if !strings.EqualFold(m.SourceObjectName, object) {
				continue
			}
			if !document.Is(m.Enabled, false) {
				return m
			}
			if disabled == nil {
				disabled = m
			}
		}
	}
	return disabled
}

// outbound tells whether a rule reads from Entra and writes elsewhere. Without a source name the direction is taken
// from the target.
func outbound(s *document.Schema, rule document.RuleDefinition) bool {
	if rule.SourceDirectoryName == "" {
		return !isEntra(s, rule.TargetDirectoryName)
	}
	return isEntra(s, rule.SourceDirectoryName)
}

func isEntra(s *document.Schema, name string) bool {
	for _, d := range s.Directories {
		if strings.EqualFold(d.ID, entraDirectory) && d.Name != "" {
			return strings.EqualFold(d.Name, name)
		}
	}
	return slices.ContainsFunc(entraNames, func(n string) bool { return strings.EqualFold(n, name) })
}

func object(kind string, m *document.ObjectMapping, faults []error) (ObjectRules, []error) {
	o := ObjectRules{Object: kind}
	if m == nil {
		return o, faults
	}
	o.Present, o.Name, o.Scope = true, m.Name, m.Scope
	o.Enabled = !document.Is(m.Enabled, false)
	o.Add, o.Update, o.Delete = flows(m.FlowTypes)
	for _, row := range m.AttributeMappings {
		a := attributeRule(row)
		if a.Err != nil {
			faults = append(faults, fmt.Errorf("%s mapping, %s: %w", kind, a.Target, a.Err))
		}
		o.Attributes = append(o.Attributes, a)
	}
	o.Matching = matching(o.Attributes)
	return o, faults
}

// flows reads the flags. Nothing means all of them, as the API defines; a schema's embedded copies write a number.
func flows(text string) (add, update, remove bool) {
	switch strings.TrimSpace(text) {
	case "":
		return true, true, true
	case "1", "2", "3", "4", "5", "6", "7":
		n := text[0] - '0'
		return n&1 != 0, n&2 != 0, n&4 != 0
	}
	for name := range strings.SplitSeq(text, ",") {
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "add":
			add = true
		case "update":
			update = true
		case "delete":
			remove = true
		}
	}
	return add, update, remove
}

func attributeRule(row document.AttributeMapping) AttributeRule {
	a := AttributeRule{Target: row.TargetAttributeName, Default: row.DefaultValue, Matching: row.MatchingPriority, FlowType: row.FlowType}
	a.Source = sourceText(row.Source)
	a.Flow = a.Source != "" || row.DefaultValue.Known && !row.DefaultValue.Null
	if a.Source != "" {
		a.Expr, a.Err = expr.Parse(a.Source)
	}
	return a
}

// sourceText is the expression of a row. Attributes and constants may come with their name alone.
func sourceText(s *document.MappingSource) string {
	switch {
	case s == nil:
		return ""
	case s.Expression != "":
		return s.Expression
	case s.Name == "":
		return ""
	case strings.EqualFold(s.Type, "Constant"):
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s.Name) + `"`
	case strings.EqualFold(s.Type, "Function"):
		return s.Name + "()"
	}
	return "[" + s.Name + "]"
}

// matching lists the target attributes by priority; the lowest number is tried first, and each counts once.
func matching(rows []AttributeRule) []string {
	used := slices.DeleteFunc(slices.Clone(rows), func(a AttributeRule) bool { return a.Matching <= 0 })
	slices.SortStableFunc(used, func(a, b AttributeRule) int { return a.Matching - b.Matching })
	var out []string
	for _, a := range used {
		if !slices.Contains(out, a.Target) {
			out = append(out, a.Target)
		}
	}
	return out
}
