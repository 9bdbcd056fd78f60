// Package rules is what a synchronizationSchema says, for the lab's provisioning service: which objects are in scope,
// how they are matched and what is written into the target. It has its own small evaluator of the expression language
// and of scoping filters, written from Microsoft's pages alone, and knows nothing of the tenant or of SCIM.
//
// Values are lists of text, as the service's log shows them: nil is null, Booleans are "True" and "False".
package rules

import (
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Schema is a synchronizationSchema as Graph gives it. What is not named here is kept in Other.
type Schema struct {
	Directories []Directory    `json:"directories"`
	Rules       []Rule         `json:"synchronizationRules"`
	Version     string         `json:"version"`
	Other       jsontext.Value `json:",embed"`
}

// Directory is a directoryDefinition: one side of a job and the attributes of its objects.
type Directory struct {
	ID      string         `json:"id,omitempty"`
	Name    string         `json:"name"`
	Objects []Definition   `json:"objects"`
	Other   jsontext.Value `json:",embed"`
}

// Definition is an objectDefinition.
type Definition struct {
	Name       string         `json:"name"`
	Attributes []Attribute    `json:"attributes"`
	Other      jsontext.Value `json:",embed"`
}

// Attribute is an attributeDefinition.
type Attribute struct {
	Name     string         `json:"name"`
	Type     string         `json:"type"`
	Anchor   bool           `json:"anchor"`
	Required bool           `json:"required"`
	Other    jsontext.Value `json:",embed"`
}

// Rule is a synchronizationRule.
type Rule struct {
	ID       string          `json:"id"`
	Name     string          `json:"name"`
	Priority int             `json:"priority"`
	Source   string          `json:"sourceDirectoryName"`
	Target   string          `json:"targetDirectoryName"`
	Mappings []ObjectMapping `json:"objectMappings"`
	Other    jsontext.Value  `json:",embed"`
}

// ObjectMapping is how objects of one type become objects of the target.
type ObjectMapping struct {
	Name       string             `json:"name"`
	Enabled    *bool              `json:"enabled"`   // nil: enabled
	FlowTypes  string             `json:"flowTypes"` // of Add, Update, Delete; empty: all
	Source     string             `json:"sourceObjectName"`
	Target     string             `json:"targetObjectName"`
	Scope      *Scope             `json:"scope"`
	Attributes []AttributeMapping `json:"attributeMappings"`
	Other      jsontext.Value     `json:",embed"`
}

// AttributeMapping fills one attribute of the target.
type AttributeMapping struct {
	Target           string         `json:"targetAttributeName"`
	Default          *string        `json:"defaultValue"`
	MatchingPriority int            `json:"matchingPriority"` // 0: not for matching; the lowest is tried first
	FlowType         string         `json:"flowType"`
	FlowBehavior     string         `json:"flowBehavior"`
	Source           *Source        `json:"source"`
	Other            jsontext.Value `json:",embed"`
}

// Source is where a value comes from.
type Source struct {
	Type       string         `json:"type"` // Attribute, Constant, Function
	Name       string         `json:"name"`
	Expression string         `json:"expression"`
	Parameters jsontext.Value `json:"parameters"`
	Other      jsontext.Value `json:",embed"`
}

// Read takes a synchronizationSchema.
func Read(raw []byte) (*Schema, error) {
	s := &Schema{}
	if err := json.Unmarshal(raw, s, jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true)); err != nil {
		return nil, fmt.Errorf("reading a synchronization schema: %w", err)
	}
	return s, nil
}

// JSON is the schema as Graph gives it.
func (s *Schema) JSON() (jsontext.Value, error) {
	b, err := json.Marshal(s, json.Deterministic(true), jsontext.AllowInvalidUTF8(true), jsontext.AllowDuplicateNames(true))
	return jsontext.Value(b), err
}

// Outbound is the rule that leads from Entra into the target: the first by priority that maps users or groups to an
// object of SCIM, or, where none does, to anything.
func (s *Schema) Outbound() (*Rule, error) {
	var best *Rule
	for i := range s.Rules {
		r := &s.Rules[i]
		if r.Mapping("User") == nil && r.Mapping("Group") == nil {
			continue
		}
		if best == nil || r.Priority < best.Priority {
			best = r
		}
	}
	if best == nil {
		return nil, fmt.Errorf("the schema has no rule for users or groups")
	}
	return best, nil
}

// Mapping is that of an object type, nil if there is none.
func (r *Rule) Mapping(object string) *ObjectMapping {
	for i := range r.Mappings {
		if strings.EqualFold(r.Mappings[i].Source, object) {
			return &r.Mappings[i]
		}
	}
	return nil
}

// Map sets where an attribute of the target gets its value from; a source that is empty only has the default.
func (m *ObjectMapping) Map(target, source string) error {
	e, err := Parse(source)
	if err != nil {
		return fmt.Errorf("mapping %s: %w", target, err)
	}
	for i := range m.Attributes {
		if strings.EqualFold(m.Attributes[i].Target, target) {
			m.Attributes[i].Source = written(e, source)
			return nil
		}
	}
	m.Attributes = append(m.Attributes, row(target, e, source))
	return nil
}

// Match makes attributes of the target the matching ones, in this order.
func (m *ObjectMapping) Match(targets ...string) error {
	for i := range m.Attributes {
		m.Attributes[i].MatchingPriority = 0
	}
next:
	for n, t := range targets {
		for i := range m.Attributes {
			if strings.EqualFold(m.Attributes[i].Target, t) {
				m.Attributes[i].MatchingPriority = n + 1
				continue next
			}
		}
		return fmt.Errorf("matching by %s: no attribute mapping has that target", t)
	}
	return nil
}
