package scenario

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
)

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
