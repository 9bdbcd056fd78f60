package scenario

import (
	"fmt"
	"slices"
	"strconv"
)

const ownFile = "rollcall/links.json"

// managesAll links every record and group that stands for somebody in Entra: the one whose id it carries, else the one
// of its name.
func (t *Tenant) managesAll([]string) error {
	before := len(t.own())
	for _, side := range []struct{ kind, target, source, deleted, there, here string }{
		{"user", "atlassian/scim-users.json", "entra/users.json", "entra/deleted-users.json", "userName", "userPrincipalName"},
		{"group", "atlassian/scim-groups.json", "entra/groups.json", "", "displayName", "displayName"},
	} {
		known := map[string]string{}
		for _, file := range []string{side.source, side.deleted} {
			rows, _ := rowsOf(t.docs[file])
			for _, r := range rows {
				known[text(r, "id")], known[text(r, side.here)] = text(r, "id"), text(r, "id")
			}
		}
		rows, _ := rowsOf(t.docs[side.target])
		for _, r := range rows {
			source := known[text(r, "externalId")]
			if source == "" {
				source = known[text(r, side.there)]
			}
			if source != "" {
				t.link(side.kind, source, text(r, "id"))
			}
		}
	}
	if len(t.own()) == before {
		return fmt.Errorf("there is nothing more to manage")
	}
	return nil
}

// manages links one record or group.
func (t *Tenant) manages(m []string) error {
	kind, source, target := "group", "g-"+m[0], "sg-"+m[0]
	if t.isPerson(m[0]) {
		kind, source, target = "user", "u-"+m[0], "s-"+m[0]
	}
	if m[1] != "" {
		target = m[1]
	}
	if !t.link(kind, source, target) {
		return fmt.Errorf("%s is managed already", m[0])
	}
	return nil
}

// managesNot takes the links of somebody away.
func (t *Tenant) managesNot(m []string) error {
	ids := append(t.ids(m[0]), m[0])
	before := t.own()
	kept := slices.DeleteFunc(slices.Clone(before), func(v any) bool {
		return slices.Contains(ids, text(v, "source")) || slices.Contains(ids, text(v, "target"))
	})
	if len(kept) == len(before) {
		return fmt.Errorf("%s is not managed in the first place", m[0])
	}
	t.docs[ownFile] = map[string]any{"links": kept}
	return nil
}

func (t *Tenant) own() []any {
	list, _ := listOf(t.docs[ownFile])
	return list
}

// link writes a link down, unless it is there.
func (t *Tenant) link(kind, source, target string) bool {
	list := t.own()
	if slices.ContainsFunc(list, func(v any) bool {
		return text(v, "kind") == kind && text(v, "target") == target && ID(text(v, "source")) == ID(source)
	}) {
		return false
	}
	t.docs[ownFile] = map[string]any{"links": append(list, map[string]any{"kind": kind, "source": source, "target": target})}
	return true
}

// tookAway remembers what an earlier run did.
func (t *Tenant) tookAway(m []string) error {
	at, err := t.when(m[2])
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return err
	}
	t.history = append(t.history, Removed{Verb: m[0], Count: n, At: at})
	return nil
}

// History is what earlier runs took away. It is in no document of a bundle.
func (t *Tenant) History() []Removed { return t.history }
