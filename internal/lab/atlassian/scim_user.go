package atlassian

import (
	"net/http"
	"slices"
)

func (c *call) listUsers(d *directory) answer {
	s, refused := c.slice(c.w.limits.UserPage)
	if refused != nil {
		return *refused
	}
	if refused := c.chosenTwice(); refused != nil {
		return *refused
	}
	found := d.users.all()
	if text := c.query.Get("filter"); text != "" {
		attribute, value, refused := filter(text, "USER", "userName", "externalId")
		if refused != nil {
			return *refused
		}
		found = nil
		if attribute == "externalId" {
			found = d.byExternal[value]
		} else if r := d.byUserName[c.w.fold(value)]; r != nil {
			found = []*record{r}
		}
		found = slices.DeleteFunc(visible(found), func(r *record) bool { return r.unlisted })
	}
	from, to := s.of(len(found))
	resources := []any{}
	for _, r := range found[from:to] {
		resources = append(resources, c.userView(r))
	}
	return c.list(len(found), s.start, resources)
}

func visible(in []*record) []*record {
	var out []*record
	for _, r := range in {
		if !r.hidden {
			out = append(out, r)
		}
	}
	return out
}

func (c *call) postUser(d *directory) answer {
	if refused := c.chosenTwice(); refused != nil {
		return *refused
	}
	attrs, err := c.sentUser()
	if err != nil {
		return refusal(err)
	}
	if c.w.taken(d, nil, attrs) {
		return c.emailExists(attrs)
	}
	if d.users.len() >= c.w.limits.Users {
		// What is said at the limit is not documented.
		return scimError(http.StatusBadRequest, "tooMany", "Resource [USER]: the directory is full")
	}
	r := c.w.create(d, attrs)
	return give(http.StatusCreated, typeSCIM, c.userView(r))
}

// sentUser reads a whole user from the request.
func (c *call) sentUser() (object, error) {
	body, err := c.read()
	if err != nil {
		return nil, err
	}
	if _, told := body["schemas"].([]any); !told {
		return nil, bad("invalidSyntax", "schemas is required")
	}
	attrs, err := attributes(body)
	if err != nil {
		return nil, err
	}
	return attrs, complete(attrs)
}

// emailExists refuses an address that another has, and says so in the troubleshooting log.
func (c *call) emailExists(attrs object) answer {
	c.w.trouble("%s", existsLine(attrs))
	return scimError(http.StatusConflict, "uniqueness", existsText(attrs))
}

func existsText(attrs object) string {
	return "Resource [USER]: with email[" + primaryEmail(attrs) + "] already exists."
}

// existsLine is the same in the troubleshooting log, in the vendor's order.
func existsLine(attrs object) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"` + existsText(attrs) + `"}`
}

func (c *call) oneUser(d *directory, id string) answer {
	r := d.userByID[id]
	if r == nil || r.hidden || r.unlisted {
		return scimError(http.StatusNotFound, "", "Resource [USER] with id["+id+"] not found")
	}
	if refused := c.chosenTwice(); refused != nil {
		return *refused
	}
	var attrs object
	var err error
	switch c.method {
	case http.MethodGet:
		return give(http.StatusOK, typeSCIM, c.userView(r))
	case http.MethodDelete:
		c.w.remove(r)
		return noContent()
	case http.MethodPut:
		attrs, err = c.sentUser()
	case http.MethodPatch:
		attrs, err = c.patchedUser(r)
	default:
		return scimFailure(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	if err != nil {
		return refusal(err)
	}
	if c.w.taken(d, r, attrs) {
		return c.emailExists(attrs)
	}
	c.w.update(r, attrs, c.method == http.MethodPut)
	return give(http.StatusOK, typeSCIM, c.userView(r))
}

func (c *call) patchedUser(r *record) (object, error) {
	body, err := c.read()
	if err != nil {
		return nil, err
	}
	ops, err := operations(body)
	if err != nil {
		return nil, err
	}
	attrs, err := patchUser(r.attrs, ops)
	if err != nil {
		return nil, err
	}
	return attrs, complete(attrs)
}
