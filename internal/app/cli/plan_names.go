package cli

import (
	"strings"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// mostName is how many columns a single name may take. JSON has all of it.
const mostName = 120

func short(name string) string { return text.Clip(name, mostName) }

// clipWay clips each name of a way from group to group.
func clipWay(words string) string {
	if len(words) <= mostName {
		return words
	}
	parts := strings.Split(words, " ← ")
	for i := range parts {
		parts[i] = short(parts[i])
	}
	return strings.Join(parts, " ← ")
}

// nameOf is how the page names a subject: by its id where it has no name.
func nameOf(s *plan.Subject) string { return named(s.Name, s.ID) }

func named(name, id string) string {
	if strings.TrimSpace(name) == "" && id != "" {
		return "(" + id + ")"
	}
	return short(name)
}

// withID adds the id, so that two of one name are told apart.
func withID(name, id string) string {
	if id == "" || name == "("+id+")" {
		return name
	}
	return name + " (" + id + ")"
}

// clashes are the names that stand for several ids.
type clashes struct {
	id    map[string]string // the first of each name
	twice map[string]bool
}

func (c *clashes) see(name, id string) {
	if c.id == nil {
		c.id, c.twice = map[string]string{}, map[string]bool{}
	}
	name = strings.ToLower(name)
	if first, ok := c.id[name]; !ok {
		c.id[name] = id
	} else if first != id {
		c.twice[name] = true
	}
}

func (c *clashes) has(name string) bool { return c.twice[strings.ToLower(name)] }

// itemNames are the names of members, with ids where two have the same.
func itemNames(items []plan.Item, keep func(*plan.Item) bool) []string {
	var seen clashes
	for i := range items {
		seen.see(named(items[i].Name, items[i].ID), items[i].ID)
	}
	var names []string
	for i := range items {
		if !keep(&items[i]) {
			continue
		}
		name := named(items[i].Name, items[i].ID)
		if seen.has(name) {
			name = withID(name, items[i].ID)
		}
		names = append(names, name)
	}
	return names
}
