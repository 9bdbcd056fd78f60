package scenario

import (
	"fmt"
	"slices"
	"strings"
)

const schemaFile = "entra/synchronization-schema.json"

// prefixes turn a handle into the ids that the documents give it.
var prefixes = []string{"", "u-", "s-", "a-", "g-", "sg-", "og-"}

// keyFields are what a record is known by.
var keyFields = []string{
	"id", "accountId", "scimUserId", "atlassianAccountId", "principalId", "key", "sourceObjectName",
	"userPrincipalName", "mail", "userName", "email", "displayName", "name",
}

// record finds the one record of a document that a key means.
func (t *Tenant) record(file, key string) (map[string]any, error) {
	doc, ok := t.docs[file]
	if !ok {
		return nil, fmt.Errorf("there is no %s", file)
	}
	if m, ok := doc.(map[string]any); ok {
		for _, p := range prefixes {
			if r, ok := m[p+key].(map[string]any); ok {
				return r, nil
			}
		}
	}
	rows, _ := rowsOf(doc)
	if file == schemaFile {
		rows = objectMappings(doc)
	}
	if key == "last" && len(rows) > 0 {
		if r, ok := rows[len(rows)-1].(map[string]any); ok {
			return r, nil
		}
	}
	var found []map[string]any
	for _, row := range rows {
		if r, ok := row.(map[string]any); ok && knownBy(r, key) {
			found = append(found, r)
		}
	}
	if len(found) != 1 {
		return nil, fmt.Errorf("%s has %d records that %q could mean", file, len(found), key)
	}
	return found[0], nil
}

func objectMappings(doc any) []any {
	var all []any
	rules, _ := find(doc, "synchronizationRules").([]any)
	for _, rule := range rules {
		mappings, _ := find(rule, "objectMappings").([]any)
		all = append(all, mappings...)
	}
	return all
}

func knownBy(r map[string]any, key string) bool {
	for _, field := range keyFields {
		v := text(r, field)
		if v == "" {
			continue
		}
		for _, p := range prefixes {
			if v == p+key {
				return true
			}
		}
	}
	return text(find(r, "attributes"), "name") == key // a domain
}

// take removes every element of a document's list (or key of an object) that the test accepts, and counts them.
func (t *Tenant) take(file string, gone func(v any) bool) int {
	list, ok := listOf(t.docs[file])
	if !ok {
		return 0
	}
	kept := slices.DeleteFunc(slices.Clone(list), gone)
	t.setList(file, kept)
	return len(list) - len(kept)
}

// takeKey removes a key of an object document.
func (t *Tenant) takeKey(file, key string) int {
	m, ok := t.docs[file].(map[string]any)
	if !ok {
		return 0
	}
	if _, ok := m[key]; !ok {
		return 0
	}
	delete(m, key)
	return 1
}

// add appends records to a document, creating an empty list where the document is absent.
func (t *Tenant) add(file string, records ...any) error {
	list, ok := listOf(t.docs[file])
	if !ok {
		return fmt.Errorf("%s is no list of records", file)
	}
	t.setList(file, append(slices.Clone(list), records...))
	return nil
}

// isPerson tells whether a name is a person's handle.
func (t *Tenant) isPerson(name string) bool {
	if t.people != nil {
		return t.people[name]
	}
	return strings.Contains(name, ".")
}
