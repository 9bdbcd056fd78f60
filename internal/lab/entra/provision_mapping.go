package entra

import (
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// editRules changes the schema as the mapping page does: saving begins a new initial cycle.
func (j *Job) editRules(object, doing string, edit func(*rules.ObjectMapping) error) error {
	return j.rewrite(doing, func(raw jsontext.Value) (*rules.Schema, error) {
		s, err := rules.Read(raw)
		if err != nil {
			return nil, err
		}
		r, err := s.Outbound()
		if err != nil {
			return nil, err
		}
		m := r.Mapping(object)
		if m == nil {
			return nil, fmt.Errorf("the schema has no mapping for %q, only User and Group can have one", object)
		}
		return s, edit(m)
	})
}

// rewrite replaces the schema by what is made of it, under a new version, and begins a new initial cycle.
func (j *Job) rewrite(doing string, by func(now jsontext.Value) (*rules.Schema, error)) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.l.mu.Lock()
	defer j.l.mu.Unlock()
	schemas := j.l.dir.sync(j.app).schemas
	s, err := by(schemas[j.id])
	if err == nil {
		s.Version = guid(0x5d, j.l.dir.next())
		var raw jsontext.Value
		if raw, err = s.JSON(); err == nil {
			err = j.compile(raw)
		}
		if err == nil {
			schemas[j.id] = raw
		}
	}
	if err != nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	j.watermark, j.due = -1, j.l.now()
	j.l.auditOf(provisioningService, j.l.now(), updateRules, about(j.app))
	return nil
}

// Map fills an attribute of the target from an expression: Map("User", "title", "[jobTitle]").
func (j *Job) Map(object, target, source string) error {
	return j.editRules(object, "changing the mapping", func(m *rules.ObjectMapping) error { return m.Map(target, source) })
}

// Unmap removes an attribute mapping.
func (j *Job) Unmap(object, target string) error {
	return j.editRules(object, "removing the mapping of "+target, func(m *rules.ObjectMapping) error {
		n := len(m.Attributes)
		m.Attributes = slices.DeleteFunc(m.Attributes, func(a rules.AttributeMapping) bool { return strings.EqualFold(a.Target, target) })
		if len(m.Attributes) == n {
			return fmt.Errorf("no attribute mapping has that target")
		}
		return nil
	})
}

// Default is the value of an attribute where the source has none. It is written when an object is created.
func (j *Job) Default(object, target, value string) error {
	return j.editRow(object, target, func(a *rules.AttributeMapping) { a.Default = &value })
}

// Flow sets when an attribute is written: Always, ObjectAddOnly, AttributeAddOnly, ValueAddOnly, MultiValueAddOnly.
func (j *Job) Flow(object, target, flowType string) error {
	return j.editRow(object, target, func(a *rules.AttributeMapping) { a.FlowType = flowType })
}

func (j *Job) editRow(object, target string, edit func(*rules.AttributeMapping)) error {
	return j.editRules(object, "changing the mapping of "+target, func(m *rules.ObjectMapping) error {
		for i := range m.Attributes {
			if strings.EqualFold(m.Attributes[i].Target, target) {
				edit(&m.Attributes[i])
				return nil
			}
		}
		return fmt.Errorf("no attribute mapping has that target")
	})
}

// Match sets the matching attributes in order of precedence: Match("User", "externalId", "userName").
func (j *Job) Match(object string, targets ...string) error {
	return j.editRules(object, "changing the matching", func(m *rules.ObjectMapping) error { return m.Match(targets...) })
}

// Filter adds a scoping filter; its clauses are joined by AND: Filter("User", "Sales", "department EQUALS Sales").
// Several filters are joined by OR.
func (j *Job) Filter(object, title string, clauses ...string) error {
	return j.editRules(object, "adding the scoping filter "+title, func(m *rules.ObjectMapping) error {
		g := rules.FilterGroup{Name: title}
		for _, text := range clauses {
			c, err := rules.ParseClause(text)
			if err != nil {
				return err
			}
			g.Clauses = append(g.Clauses, c)
		}
		if m.Scope == nil {
			m.Scope = &rules.Scope{}
		}
		m.Scope.Groups = append(m.Scope.Groups, g)
		return nil
	})
}

// Unfilter removes all scoping filters of an object type.
func (j *Job) Unfilter(object string) error {
	return j.editRules(object, "removing the scoping filters", func(m *rules.ObjectMapping) error { m.Scope = nil; return nil })
}

// Actions sets what is done to objects of a type: some of Add, Update, Delete, or nothing to switch the type off. The
// mapping of users cannot be switched off.
func (j *Job) Actions(object string, actions ...string) error {
	return j.editRules(object, "changing the actions", func(m *rules.ObjectMapping) error {
		on := len(actions) > 0
		if !on && strings.EqualFold(object, "User") {
			return fmt.Errorf("the mapping of users cannot be switched off")
		}
		m.Enabled = &on
		if on {
			m.FlowTypes = strings.Join(actions, ",")
		}
		return nil
	})
}
