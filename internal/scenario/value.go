package scenario

import (
	"fmt"
	"regexp"
	"strconv"
	"time"

	"github.com/go-json-experiment/json"
)

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
