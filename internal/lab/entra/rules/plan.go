package rules

import (
	"fmt"
	"slices"
	"strings"
)

// Plan is a rule made ready to be carried out.
type Plan struct {
	RuleID       string
	Target       string // name of the target system
	Users        Kind
	Groups       Kind
	SourceSystem string
}

// Kind is what is done with one type of object.
type Kind struct {
	Object                 string // User or Group
	On                     bool   // it has a mapping, and that is enabled
	Adds, Updates, Deletes bool
	Scope                  *Scope
	Rows                   []Row
	Matching               []Row // in order of precedence
}

// Row is one attribute mapping made ready.
type Row struct {
	Target       string
	From         *Expr // empty: nothing but the default
	Default      *string
	OnlyAtAdd    bool   // ObjectAddOnly
	OnlyIfEmpty  bool   // AttributeAddOnly, ValueAddOnly, and rows without a source
	FlowsAlways  bool   // also when it did not change
	Reference    string // "manager" or "members": written after all objects exist
	Type         string // of the target's attribute; "" where the schema does not say
	MatchingRank int
}

// Compile makes the schema's outbound rule ready. What cannot be parsed is an error that names the attribute.
func Compile(s *Schema) (*Plan, error) {
	r, err := s.Outbound()
	if err != nil {
		return nil, err
	}
	p := &Plan{RuleID: r.ID, Target: r.Target, SourceSystem: r.Source}
	for _, k := range []struct {
		to   *Kind
		name string
	}{{&p.Users, "User"}, {&p.Groups, "Group"}} {
		k.to.Object = k.name
		m := r.Mapping(k.name)
		if m == nil {
			continue
		}
		if *k.to, err = m.compile(k.name, s.types(r.Target, m.Target)); err != nil {
			return nil, err
		}
	}
	return p, nil
}

func (m *ObjectMapping) compile(name string, types map[string]string) (Kind, error) {
	flows := func(what string) bool { return m.FlowTypes == "" || strings.Contains(m.FlowTypes, what) }
	k := Kind{
		Object: name, On: m.Enabled == nil || *m.Enabled, Scope: m.Scope,
		Adds: flows("Add"), Updates: flows("Update"), Deletes: flows("Delete"),
	}
	for _, a := range m.Attributes {
		row := Row{
			Target: a.Target, Default: a.Default, MatchingRank: a.MatchingPriority, Type: types[strings.ToLower(a.Target)],
			OnlyAtAdd: a.FlowType == "ObjectAddOnly", OnlyIfEmpty: strings.HasSuffix(a.FlowType, "AddOnly") && a.FlowType != "ObjectAddOnly",
			FlowsAlways: a.FlowBehavior == "FlowAlways", From: &Expr{},
		}
		if a.Source != nil {
			text := a.Source.Expression
			if text == "" && a.Source.Type == "Attribute" {
				text = "[" + a.Source.Name + "]"
			}
			e, err := Parse(text)
			if err != nil {
				return k, fmt.Errorf("mapping %s: %s: %w", name, a.Target, err)
			}
			row.From = e
			for _, ref := range []string{"manager", "members"} {
				if e.kind == attribute && strings.EqualFold(e.text, ref) {
					row.Reference = ref
				}
			}
		}
		row.OnlyIfEmpty = row.OnlyIfEmpty || row.From.Empty()
		k.Rows = append(k.Rows, row)
		if a.MatchingPriority > 0 {
			k.Matching = append(k.Matching, row)
		}
	}
	slices.SortStableFunc(k.Matching, func(a, b Row) int { return a.MatchingRank - b.MatchingRank })
	return k, nil
}

// types are the types of a target object's attributes, by name in lower case. A schema without directories has none.
func (s *Schema) types(directory, object string) map[string]string {
	out := map[string]string{}
	for _, d := range s.Directories {
		if d.Name != directory {
			continue
		}
		for _, o := range d.Objects {
			if o.Name != object {
				continue
			}
			for _, a := range o.Attributes {
				out[strings.ToLower(a.Name)] = a.Type
			}
		}
	}
	return out
}

// Attributes are the attributes of the source that scope and mappings read, each once.
func (k *Kind) Attributes() []string {
	var out []string
	add := func(n string) {
		if !slices.Contains(out, n) {
			out = append(out, n)
		}
	}
	for _, r := range k.Rows {
		for _, n := range r.From.Attributes() {
			add(n)
		}
	}
	if k.Scope != nil {
		for _, g := range slices.Concat(k.Scope.Input, k.Scope.Groups) {
			for _, c := range g.Clauses {
				add(c.Attribute)
			}
		}
	}
	return out
}

// References tells which reference attribute the rows write, or "".
func (k *Kind) References() *Row {
	for i := range k.Rows {
		if k.Rows[i].Reference != "" {
			return &k.Rows[i]
		}
	}
	return nil
}

// Disables tells whether an object that goes out of scope can be disabled: there is a mapping for active.
func (k *Kind) Disables() bool {
	return k.Updates && slices.ContainsFunc(k.Rows, func(r Row) bool { return strings.EqualFold(r.Target, "active") })
}
