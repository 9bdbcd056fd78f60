package atlassian

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
)

// scim answers /scim/directory/{id}/…, also with the second /scim that Entra's gallery app puts into the path.
func (c *call) scim() answer {
	if len(c.path) == 0 {
		return scimFailure(http.StatusNotFound, "Not Found")
	}
	d := c.w.directory(c.path[0])
	if a, in := c.scimDoor(d); !in {
		return a
	}
	c.path = c.path[1:]
	if len(c.path) > 0 && c.path[0] == "scim" {
		c.path = c.path[1:]
	}
	c.base += "/scim/directory/" + d.ID
	switch {
	case c.is("GET", "Users"):
		return c.listUsers(d)
	case c.is("POST", "Users"):
		return c.postUser(d)
	case c.is(c.method, "Users", "*"):
		return c.oneUser(d, c.path[1])
	case c.is("GET", "Groups"):
		return c.listGroups(d)
	case c.is("POST", "Groups"):
		return c.postGroup(d)
	case c.is(c.method, "Groups", "*"):
		return c.oneGroup(d, c.path[1])
	case c.method == http.MethodGet:
		if v := c.discovery(); v != nil {
			return give(http.StatusOK, typeSCIM, v)
		}
	}
	return scimFailure(http.StatusNotFound, "Not Found")
}

// filter reads the one form there is, attribute eq "value", for one of the attributes. Anything else is refused with
// the vendor's words.
func filter(text, resource string, attributes ...string) (attribute, value string, refused *answer) {
	bad := scimError(http.StatusBadRequest, "invalidFilter", "Resource ["+resource+"] invalid filter")
	fields := strings.SplitN(strings.TrimSpace(text), " ", 2)
	if len(fields) != 2 {
		return "", "", &bad
	}
	rest := strings.TrimSpace(fields[1])
	if len(rest) < 3 || !strings.EqualFold(rest[:3], "eq ") {
		return "", "", &bad
	}
	if err := json.Unmarshal([]byte(strings.TrimSpace(rest[3:])), &value); err != nil {
		return "", "", &bad
	}
	for _, a := range attributes {
		if strings.EqualFold(a, fields[0]) {
			return a, value, nil
		}
	}
	return "", "", &bad
}

// slice is the part of a list that was asked for: startIndex counts from one, count is capped.
type slice struct{ start, count int }

func (c *call) slice(most int) (slice, *answer) {
	s := slice{1, most}
	for _, p := range []struct {
		name  string
		field *int
		least int
	}{{"startIndex", &s.start, 1}, {"count", &s.count, 0}} {
		text := c.query.Get(p.name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			a := scimError(http.StatusBadRequest, "invalidValue", p.name+" is no number")
			return s, &a
		}
		*p.field = max(n, p.least)
	}
	s.count = min(s.count, most)
	if c.fault.IgnoreStart {
		s.start = 1
	}
	if c.fault.IgnoreCount {
		s.count = most
	}
	return s, nil
}

// of cuts the part out of so many things: from and to, as a Go slice has them.
func (s slice) of(n int) (from, to int) {
	from = min(s.start-1, n)
	return from, min(from+s.count, n)
}

// list is a SCIM list answer.
func (c *call) list(total, start int, resources []any) answer {
	count := len(resources)
	if c.fault.LosePage {
		resources = []any{}
	}
	return give(http.StatusOK, typeSCIM, object{
		"schemas":      []string{"urn:ietf:params:scim:api:messages:2.0:ListResponse"},
		"totalResults": total, "startIndex": start, "itemsPerPage": count, "Resources": resources,
	})
}
