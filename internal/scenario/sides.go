package scenario

import (
	"fmt"
	"slices"
	"strings"
)

// sides expands a list of sides; atlassian and everywhere stand for several.
func (t *Tenant) sides(s string) ([]string, error) {
	var out []string
	for _, side := range strings.Split(s, ",") {
		switch side = strings.TrimSpace(side); {
		case side == "atlassian":
			out = append(out, "guard", "org", "jira")
		case side == "everywhere":
			out = append(out, "entra", "guard", "org", "jira")
		case slices.Contains([]string{"entra", "guard", "org", "jira"}, side), strings.HasPrefix(side, "jira/"):
			out = append(out, side)
		default:
			return nil, fmt.Errorf("%q is no side", side)
		}
	}
	return out, nil
}

// jiraFiles are the member lists of the sites that a side means.
func (t *Tenant) jiraFiles(side string) []string {
	var out []string
	for _, f := range t.Files() {
		if f == side+"/groups.json" || side == "jira" && strings.HasPrefix(f, "jira/") && strings.HasSuffix(f, "/groups.json") {
			out = append(out, f)
		}
	}
	return out
}

// lists are the member lists of a group on a side: the object that holds each, and the key.
func (t *Tenant) lists(side, group string) ([]map[string]any, string, error) {
	files := map[string]string{"entra": "entra/groups.json", "guard": "atlassian/scim-groups.json", "org": "atlassian/org-groups.json"}
	if file, ok := files[side]; ok {
		r, err := t.record(file, group)
		return []map[string]any{r}, "members", err
	}
	var out []map[string]any
	for _, file := range t.jiraFiles(side) {
		if r, ok := find(t.docs[file], group).(map[string]any); ok {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return nil, "", fmt.Errorf("no site lists %s", group)
	}
	return out, "values", nil
}

// member is a member as the side writes it.
func (t *Tenant) member(side, name string) any {
	switch {
	case side == "entra" && t.isPerson(name):
		return map[string]any{"@odata.type": "#microsoft.graph.user", "id": "u-" + name}
	case side == "entra":
		return map[string]any{"@odata.type": "#microsoft.graph.group", "id": "g-" + name}
	case side == "guard":
		return map[string]any{"type": "User", "value": "s-" + name}
	case side == "org":
		return "a-" + name
	}
	return map[string]any{"accountId": "a-" + name, "displayName": t.display(name), "active": true}
}

// about tells whether an element of a list is this person or group: its id, or an object that is known by it.
func about(v any, ids ...string) bool {
	if s, ok := v.(string); ok {
		return slices.Contains(ids, s)
	}
	for _, field := range []string{"id", "value", "accountId", "principalId", "scimUserId"} {
		if s := text(v, field); s != "" && slices.Contains(ids, s) {
			return true
		}
	}
	return false
}

func (t *Tenant) ids(name string) []string {
	if t.isPerson(name) {
		return []string{"u-" + name, "s-" + name, "a-" + name}
	}
	return []string{"g-" + name, "sg-" + name, "og-" + name}
}

func (t *Tenant) joins(m []string) error {
	name, group := m[0], m[1]
	sides, err := t.sides(m[2])
	if err != nil {
		return err
	}
	for _, side := range sides {
		lists, key, err := t.lists(side, group)
		if err != nil {
			return err
		}
		for _, l := range lists {
			list, _ := l[key].([]any)
			if slices.ContainsFunc(list, func(v any) bool { return about(v, t.ids(name)...) }) {
				return fmt.Errorf("%s is in %s already (%s)", name, group, side)
			}
			l[key] = append(slices.Clone(list), t.member(side, name))
		}
	}
	return nil
}

func (t *Tenant) leaves(m []string) error {
	name, group := m[0], m[1]
	sides, err := t.sides(m[2])
	if err != nil {
		return err
	}
	for _, side := range sides {
		lists, key, err := t.lists(side, group)
		if err != nil {
			return err
		}
		gone := 0
		for _, l := range lists {
			list, _ := l[key].([]any)
			kept := slices.DeleteFunc(slices.Clone(list), func(v any) bool { return about(v, t.ids(name)...) })
			gone += len(list) - len(kept)
			l[key] = kept
		}
		if gone == 0 {
			return fmt.Errorf("%s is not in %s (%s)", name, group, side)
		}
	}
	return nil
}

// display is what Entra calls a person; of a group it is the name.
func (t *Tenant) display(name string) string {
	for _, file := range []string{"entra/users.json", "entra/deleted-users.json"} {
		if r, err := t.record(file, name); err == nil {
			return text(r, "displayName")
		}
	}
	return name
}
