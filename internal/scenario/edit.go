package scenario

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
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

// step is one step of a path: a key of an object, or an element of a list.
type step struct {
	name    string
	element bool
}

var pathStep = regexp.MustCompile(`^(?:\.?"([^"]+)"|\.?([^.\["]+)|\[([^\]]+)\])`)

func parsePath(s string) ([]step, error) {
	var path []step
	for rest := s; rest != ""; {
		m := pathStep.FindStringSubmatch(rest)
		if m == nil {
			return nil, fmt.Errorf("cannot read the path %q at %q", s, rest)
		}
		path = append(path, step{m[1] + m[2] + m[3], m[3] != ""})
		rest = rest[len(m[0]):]
	}
	if len(path) == 0 {
		return nil, errors.New("a path is missing")
	}
	return path, nil
}

// set changes the value at the path; a nil change takes it away.
func set(root any, path []step, change *any) error {
	at := root
	for _, s := range path[:len(path)-1] {
		next, err := s.of(at)
		if err != nil {
			return err
		}
		at = next
	}
	last := path[len(path)-1]
	switch v := at.(type) {
	case map[string]any:
		old, had := v[last.name]
		switch {
		case change == nil && !had:
			return fmt.Errorf("there is no %s to take away", last.name)
		case change == nil:
			delete(v, last.name)
		case had && same(old, *change):
			return fmt.Errorf("%s is that already", last.name)
		default:
			v[last.name] = *change
		}
		return nil
	case []any:
		i, err := last.index(v)
		switch {
		case err != nil:
			return err
		case change == nil:
			return fmt.Errorf("[%s]: give the list without it instead", last.name)
		}
		v[i] = *change
		return nil
	}
	return fmt.Errorf("%s is inside something that is no object", last.name)
}

func (s step) of(at any) (any, error) {
	switch v := at.(type) {
	case map[string]any:
		if next, ok := v[s.name]; ok {
			return next, nil
		}
	case []any:
		i, err := s.index(v)
		if err != nil {
			return nil, err
		}
		return v[i], nil
	}
	return nil, fmt.Errorf("the path has no %s", s.name)
}

// index is the element that is meant: by number, or the only one of which a text field says it.
func (s step) index(list []any) (int, error) {
	if i, err := strconv.Atoi(s.name); err == nil && i >= 0 && i < len(list) {
		return i, nil
	}
	at := -1
	for i, e := range list {
		m, _ := e.(map[string]any)
		for _, v := range m {
			if v == s.name && at >= 0 && at != i {
				return 0, fmt.Errorf("[%s] could mean several", s.name)
			}
			if v == s.name {
				at = i
			}
		}
	}
	if at < 0 {
		return 0, fmt.Errorf("the list has no [%s]", s.name)
	}
	return at, nil
}

var relative = regexp.MustCompile(`^(\d+) (minute|hour|day)s? (ago|from now)$`)

// when reads a moment.
func (t *Tenant) when(s string) (string, error) {
	if _, err := time.Parse(time.RFC3339, s); err == nil {
		return s, nil
	}
	m := relative.FindStringSubmatch(s)
	if m == nil {
		return "", fmt.Errorf("%q is no moment such as 30 minutes ago", s)
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return "", fmt.Errorf("reading %q: %w", s, err)
	}
	d := time.Duration(n) * map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}[m[2]]
	if m[3] == "ago" {
		d = -d
	}
	return t.now.Add(d).Format(time.RFC3339), nil
}

// value reads JSON in which texts such as "30 minutes ago" are moments.
func (t *Tenant) value(s string) (any, error) {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return nil, fmt.Errorf("reading %s: %w", s, err)
	}
	return t.moments(v)
}

func (t *Tenant) moments(v any) (any, error) {
	var err error
	switch x := v.(type) {
	case string:
		if relative.MatchString(x) {
			return t.when(x)
		}
	case []any:
		for i := range x {
			if x[i], err = t.moments(x[i]); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		for k := range x {
			if x[k], err = t.moments(x[k]); err != nil {
				return nil, err
			}
		}
	}
	return v, nil
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

func isPerson(name string) bool { return strings.Contains(name, ".") }
