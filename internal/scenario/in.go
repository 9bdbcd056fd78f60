package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// in carries out "in FILE, KEY: …" and "in FILE: …".
func (t *Tenant) in(m []string) error {
	file, key, what := m[0], strings.Trim(m[1], `"`), m[2]
	if _, ok := t.docs[file]; !ok {
		return fmt.Errorf("there is no %s", file)
	}
	var root any
	list, isList := listOf(t.docs[file])
	switch {
	case key != "":
		r, err := t.record(file, key)
		if err != nil {
			return err
		}
		root = r
	case !isList:
		root = t.docs[file]
	case strings.HasPrefix(what, "add like "):
		return t.addLike(file, strings.TrimPrefix(what, "add like "))
	case strings.HasPrefix(what, "add "):
		v, err := t.value(strings.TrimPrefix(what, "add "))
		if err != nil {
			return err
		}
		return t.add(file, v)
	case what == "empty":
		if len(list) == 0 {
			return fmt.Errorf("%s is empty already", file)
		}
		t.setList(file, []any{})
		return nil
	case strings.HasPrefix(what, "no "):
		r, err := t.record(file, strings.Trim(strings.TrimPrefix(what, "no "), `"`))
		if err != nil {
			return err
		}
		t.setList(file, slices.DeleteFunc(slices.Clone(list), func(v any) bool { return same(v, r) }))
		return nil
	default:
		return fmt.Errorf("%s is a list: say of which record", file)
	}
	if path, ok := strings.CutPrefix(what, "no "); ok {
		steps, err := parsePath(path)
		if err != nil {
			return err
		}
		return set(root, steps, nil)
	}
	path, js, ok := strings.Cut(what, " = ")
	if !ok {
		return fmt.Errorf("expected PATH = JSON, not %q", what)
	}
	steps, err := parsePath(path)
	if err != nil {
		return err
	}
	v, err := t.value(js)
	if err != nil {
		return err
	}
	return set(root, steps, &v)
}

// addLike adds a copy of a record with fields replaced.
func (t *Tenant) addLike(file, what string) error {
	key, js, ok := strings.Cut(what, " {")
	if !ok {
		return fmt.Errorf("expected add like KEY {JSON}, not %q", what)
	}
	r, err := t.record(file, strings.Trim(key, `"`))
	if err != nil {
		return err
	}
	v, err := t.value("{" + js)
	if err != nil {
		return err
	}
	copied, _ := clone(r).(map[string]any)
	changes, _ := v.(map[string]any)
	maps.Copy(copied, changes)
	return t.add(file, copied)
}

// noFile takes a document away.
func (t *Tenant) noFile(m []string) error {
	if _, ok := mergeKeys(t.docs, t.text)[m[0]]; !ok {
		return fmt.Errorf("there is no %s", m[0])
	}
	t.Remove(m[0])
	return nil
}

// newFile adds a document.
func (t *Tenant) newFile(m []string) error {
	if _, ok := mergeKeys(t.docs, t.text)[m[0]]; ok {
		return fmt.Errorf("there is a %s already", m[0])
	}
	v, err := t.value(m[1])
	t.docs[m[0]] = v
	return err
}

// moveFile gives a document another path.
func (t *Tenant) moveFile(m []string) error {
	v, ok := t.docs[m[0]]
	if !ok {
		return fmt.Errorf("there is no %s", m[0])
	}
	t.docs[m[1]] = v
	delete(t.docs, m[0])
	return nil
}

// Remove takes a document away, if it is there.
func (t *Tenant) Remove(file string) {
	delete(t.docs, file)
	delete(t.text, file)
}
