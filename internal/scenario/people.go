package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// notIn takes people or groups away from sides, with all that hangs on them there.
func (t *Tenant) notIn(m []string) error {
	sides, err := t.sides(m[1])
	if err != nil {
		return err
	}
	for name := range strings.SplitSeq(m[0], ", ") {
		gone := t.groupGone
		if t.isPerson(name) {
			gone = t.personGone
		}
		for _, side := range sides {
			if gone(side, name) == 0 {
				return fmt.Errorf("%s is not in %s in the first place", name, side)
			}
		}
	}
	return nil
}

func (t *Tenant) personGone(side, h string) int {
	is := func(ids ...string) func(any) bool { return func(v any) bool { return about(v, ids...) } }
	switch side {
	case "entra":
		return t.take("entra/users.json", is("u-"+h)) + t.take("entra/app-role-assignments.json", is("u-"+h)) +
			t.unlist("entra/groups.json", "members", "u-"+h)
	case "guard":
		return t.take("atlassian/scim-users.json", is("s-"+h)) + t.take("atlassian/scim-links.json", is("s-"+h)) +
			t.unlist("atlassian/scim-groups.json", "members", "s-"+h)
	case "org":
		linked := func(v any) bool { return text(v, "atlassianAccountId") == "a-"+h }
		return t.take("atlassian/org-users.json", is("a-"+h)) + t.take("atlassian/scim-links.json", linked) +
			t.takeKey("atlassian/manage.json", "a-"+h) + t.takeKey("atlassian/auth-policies.json", "a-"+h) +
			t.unlist("atlassian/org-groups.json", "members", "a-"+h)
	}
	gone := 1 // a person may be in no group of a site
	for _, file := range t.jiraFiles(side) {
		gone += t.unlist(file, "values", "a-"+h)
	}
	return gone
}

func (t *Tenant) groupGone(side, g string) int {
	is := func(id string) func(any) bool { return func(v any) bool { return about(v, id) } }
	switch side {
	case "entra":
		return t.take("entra/groups.json", is("g-"+g)) + t.take("entra/app-role-assignments.json", is("g-"+g)) +
			t.unlist("entra/groups.json", "members", "g-"+g)
	case "guard":
		return t.take("atlassian/scim-groups.json", is("sg-"+g))
	case "org":
		return t.take("atlassian/org-groups.json", is("og-"+g))
	}
	gone := 0
	for _, file := range t.jiraFiles(side) {
		gone += t.takeKey(file, g)
		roles := strings.TrimSuffix(file, "groups.json") + "application-roles.json"
		gone += t.unlist(roles, "groups", g)
	}
	return gone
}

// unlist takes ids out of a list in every record of a document.
func (t *Tenant) unlist(file, key string, ids ...string) int {
	gone := 0
	rows, _ := rowsOf(t.docs[file])
	for _, row := range rows {
		r, _ := row.(map[string]any)
		if list, ok := r[key].([]any); ok {
			kept := slices.DeleteFunc(slices.Clone(list), func(v any) bool { return about(v, ids...) })
			gone += len(list) - len(kept)
			r[key] = kept
		}
	}
	return gone
}

func (t *Tenant) assigned(m []string) error {
	name := m[0]
	at := "2024-03-02T08:00:00Z"
	var err error
	if m[1] != "" {
		if at, err = t.when(m[1]); err != nil {
			return err
		}
	}
	if r, err := t.record("entra/app-role-assignments.json", name); err == nil {
		return set(r, []step{{name: "createdDateTime"}}, ptr(at))
	}
	id, kind := "g-"+name, "Group"
	if t.isPerson(name) {
		id, kind = "u-"+name, "User"
	}
	return t.add("entra/app-role-assignments.json", map[string]any{
		"id": "as-" + name, "principalId": id, "principalType": kind, "principalDisplayName": t.display(name),
		"appRoleId": "role-user", "resourceId": text(find(t.docs["bundle.json"], "connection"), "application"), "createdDateTime": at,
	})
}

func (t *Tenant) notAssigned(m []string) error {
	gone := t.take("entra/app-role-assignments.json", func(v any) bool { return about(v, "u-"+m[0], "g-"+m[0]) })
	if gone == 0 {
		return fmt.Errorf("%s is not assigned in the first place", m[0])
	}
	return nil
}

func (t *Tenant) created(m []string) error {
	at, err := t.when(m[1])
	if err != nil {
		return err
	}
	file := "entra/groups.json"
	if t.isPerson(m[0]) {
		file = "entra/users.json"
	}
	r, err := t.record(file, m[0])
	if err != nil {
		return err
	}
	return set(r, []step{{name: "createdDateTime"}}, ptr(at))
}

func ptr(v any) *any { return &v }

// personLike copies a person in every document.
func (t *Tenant) personLike(m []string) error {
	handle, name, model := m[0], m[1], m[2]
	u, err := t.record("entra/users.json", model)
	if err != nil {
		return err
	}
	if t.people != nil {
		t.people[handle] = true
	}
	given, family, _ := strings.Cut(name, " ")
	return t.copyAll(t.ids(model), func(s string) string {
		switch s {
		case text(u, "givenName"):
			return given
		case text(u, "surname"):
			return family
		}
		s = strings.ReplaceAll(s, model, handle)
		return strings.ReplaceAll(s, text(u, "displayName"), name)
	})
}

// groupLike copies a group in every document.
func (t *Tenant) groupLike(m []string) error {
	return t.copyAll(append(t.ids(m[1]), m[1]), func(s string) string { return strings.ReplaceAll(s, m[1], m[0]) })
}

// copyAll adds, beside everything that is about one of the ids, a copy with other texts. Logs are left out.
func (t *Tenant) copyAll(ids []string, other func(string) string) error {
	copied := 0
	for _, file := range slices.Sorted(maps.Keys(t.docs)) {
		if file == "bundle.json" || strings.HasSuffix(file, "-logs.json") || strings.HasSuffix(file, "-audits.json") || strings.HasSuffix(file, "events.json") {
			continue
		}
		t.docs[file] = copyIn(t.docs[file], ids, other, &copied)
	}
	if copied == 0 {
		return fmt.Errorf("there is nothing about %s to copy", ids[0])
	}
	return nil
}

func copyIn(v any, ids []string, other func(string) string, copied *int) any {
	switch x := v.(type) {
	case []any:
		var more []any
		for i := range x {
			x[i] = copyIn(x[i], ids, other, copied)
			if about(x[i], ids...) {
				more = append(more, reworded(clone(x[i]), other))
			}
		}
		*copied += len(more)
		return append(x, more...)
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(x)) {
			x[key] = copyIn(x[key], ids, other, copied)
			if slices.Contains(ids, key) {
				x[other(key)] = reworded(clone(x[key]), other)
				*copied++
			}
		}
	}
	return v
}

func reworded(v any, other func(string) string) any {
	switch x := v.(type) {
	case string:
		return other(x)
	case []any:
		for i := range x {
			x[i] = reworded(x[i], other)
		}
	case map[string]any:
		for k := range x {
			x[k] = reworded(x[k], other)
		}
	}
	return v
}
