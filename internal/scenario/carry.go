package scenario

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// Carry does to the documents what a plan would do to the Guard directory, and writes down the links that a run would
// leave. What waits for a person, and what needs such a step, is left out. Accounts and groups of the organization are
// not made: Atlassian makes them later.
func (t *Tenant) Carry(p *plan.Plan) error {
	c := carrier{Tenant: t, waits: map[string]bool{}, made: map[string]string{}, there: map[string]map[string]any{}}
	for _, file := range []string{scimUsersFile, scimGroupsFile} {
		rows, _ := rowsOf(t.docs[file])
		for _, row := range rows {
			if r, ok := row.(map[string]any); ok {
				c.there[text(r, "id")] = r
			}
		}
	}
	for s := range p.Steps() {
		if s.Held != nil || slices.ContainsFunc(s.Needs, func(id string) bool { return c.waits[id] }) {
			c.waits[s.ID] = true
			continue
		}
		if err := c.step(&s); err != nil {
			return fmt.Errorf("carrying out %s: %w", s.ID, err)
		}
	}
	if len(c.users) == 0 {
		return nil
	}
	return t.add(scimUsersFile, c.users...)
}

const (
	scimUsersFile  = "atlassian/scim-users.json"
	scimGroupsFile = "atlassian/scim-groups.json"
)

// carrier carries out the steps of one plan.
type carrier struct {
	*Tenant
	waits map[string]bool           // ids of steps that are not done
	made  map[string]string         // source id -> record or group of this run
	there map[string]map[string]any // records and groups by their id
	users []any                     // new records
}

func (c *carrier) step(s *plan.Step) error {
	switch {
	case s.Kind == plan.KindPolicy:
		return c.policy(s)
	case s.Op == plan.Create:
		return c.create(s)
	case s.Op == plan.Adopt:
		c.link(s.Kind, s.Subject.ID, s.Subject.Target)
		c.made[s.Subject.ID] = s.Subject.Target
		return nil
	case s.Op == plan.AddMembers, s.Op == plan.RemoveMembers:
		return c.members(s)
	case s.Kind == plan.KindGroup:
		return fmt.Errorf("no %s of a group is ever done without a person", s.Op)
	case c.there[s.Subject.Target] == nil:
		return fmt.Errorf("there is no record %q", s.Subject.Target)
	}
	for _, f := range s.Fields {
		write(c.there[s.Subject.Target], f.Path, f.New)
	}
	return nil
}

func (c *carrier) create(s *plan.Step) error {
	prefix := "s-"
	if s.Kind == plan.KindGroup {
		prefix = "sg-"
	}
	name, _, _ := strings.Cut(s.Subject.Name, "@")
	id := prefix + name
	if c.there[id] != nil {
		id += ".new"
	}
	r := map[string]any{"id": id}
	for _, f := range s.Fields {
		write(r, f.Path, f.New)
	}
	c.there[id], c.made[s.Subject.ID] = r, id
	if s.Reason == plan.RecordGone.String() {
		c.unlink(s.Kind, s.Subject.ID)
	}
	c.link(s.Kind, s.Subject.ID, id)
	if s.Kind == plan.KindGroup {
		r["members"] = []any{}
		return c.add(scimGroupsFile, r)
	}
	c.users = append(c.users, r)
	return nil
}

// unlink takes the links of one of the source away: those to a record that is gone.
func (t *Tenant) unlink(kind, source string) {
	kept := slices.DeleteFunc(slices.Clone(t.own()), func(v any) bool {
		return text(v, "kind") == kind && ID(text(v, "source")) == ID(source)
	})
	t.docs[ownFile] = map[string]any{"links": kept}
}

func (c *carrier) members(s *plan.Step) error {
	target := cmp.Or(s.Subject.Target, c.made[s.Subject.ID])
	g := c.there[target]
	if g == nil {
		return fmt.Errorf("there is no group %q", target)
	}
	list, _ := g["members"].([]any)
	list = slices.Clone(list)
	for _, item := range s.Items {
		if item.Held != nil || c.waits[item.Needs] {
			continue
		}
		id := cmp.Or(item.Target, c.made[item.ID])
		at := slices.IndexFunc(list, func(v any) bool { return text(v, "value") == id })
		switch {
		case s.Op == plan.AddMembers && (c.there[id] == nil || at >= 0):
			return fmt.Errorf("%s (record %q) cannot be added to %s", item.Name, id, target)
		case s.Op == plan.AddMembers:
			list = append(list, map[string]any{"type": "User", "value": id})
		case at < 0:
			return fmt.Errorf("%s (record %q) is not in %s", item.Name, id, target)
		default:
			list = slices.Delete(list, at, at+1)
		}
	}
	g["members"] = list
	return nil
}

func (c *carrier) policy(s *plan.Step) error {
	policies, ok := c.docs["atlassian/auth-policies.json"].(map[string]any)
	if !ok {
		return fmt.Errorf("there is no atlassian/auth-policies.json")
	}
	for _, item := range s.Items {
		account := text(c.there[item.Target]["urn:scim:schemas:extension:atlassian-external:1.0"], "atlassianAccountId")
		policies[account] = map[string]any{"policyId": s.Subject.ID, "name": s.Subject.ID}
	}
	return nil
}

// write puts a value of a SCIM path into a record: a, a.b, a[type eq "work"].value, or one below a schema's name.
func write(r map[string]any, path string, v document.AttributeValue) {
	if schema, attribute, ok := cutSchema(path); ok {
		inner, _ := r[schema].(map[string]any)
		if inner == nil {
			inner = map[string]any{}
			r[schema] = inner
		}
		write(inner, attribute, v)
		return
	}
	var value any = v.Text
	if path == "active" {
		value = strings.EqualFold(v.Text, "true")
	}
	name, kind, multi := strings.Cut(strings.TrimSuffix(path, `"].value`), `[type eq "`)
	switch outer, inner, nested := strings.Cut(path, "."); {
	case multi:
		list, _ := r[name].([]any)
		list = slices.DeleteFunc(slices.Clone(list), func(e any) bool { return text(e, "type") == kind })
		if !v.Null {
			list = append(list, map[string]any{"type": kind, "value": value, "primary": true})
		}
		r[name] = list
	case nested:
		m, _ := r[outer].(map[string]any)
		if m == nil {
			m = map[string]any{}
			r[outer] = m
		}
		write(m, inner, v)
	case v.Null:
		delete(r, path)
	default:
		r[path] = value
	}
}

func cutSchema(path string) (schema, attribute string, ok bool) {
	if at := strings.LastIndex(path, ":"); strings.HasPrefix(path, "urn:") && at > 0 {
		return path[:at], path[at+1:], true
	}
	return "", "", false
}
