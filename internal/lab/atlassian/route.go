package atlassian

import (
	"net/http"
	"strings"
)

const apiHost = "api.atlassian.com"

// place says which service a request is for, under which address the client reaches it, and the path there.
func (l *Lab) place(r *http.Request) (host, base, path string) {
	w := l.lock()
	defer l.mu.Unlock()
	path = r.URL.Path
	host = r.Host
	if host == "" {
		host = r.URL.Host
	}
	base = "https://" + host
	known := func(name string) bool { return name == apiHost || w.site(name) != nil }
	if first, rest, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/"); known(first) {
		return first, base + "/" + first, "/" + rest
	}
	if name, _, _ := strings.Cut(host, ":"); known(name) {
		return name, base, path
	}
	return apiHost, base, path
}

// route finds who answers.
func (l *Lab) route(c *call, host, path string) answer {
	c.w = l.lock()
	defer l.mu.Unlock()
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if s := c.w.site(host); s != nil {
		if len(parts) > 3 && parts[0] == "rest" && parts[1] == "api" && parts[2] == "3" {
			c.path = parts[3:]
			return c.jira(s)
		}
		return jiraError(http.StatusNotFound, "dead link: there is no such resource")
	}
	switch {
	case c.under(parts, "scim", "directory"):
		return c.scim()
	case c.under(parts, "admin", "user-provisioning", "v1", "org"):
		return c.userProvisioning()
	case c.under(parts, "admin", "control", "v1", "orgs"):
		return c.control()
	case c.under(parts, "admin", "v1", "orgs"):
		return c.orgV1()
	case c.under(parts, "admin", "v2", "orgs"):
		return c.orgV2()
	case c.under(parts, "users"):
		return c.manageUser()
	}
	return gatewayError(http.StatusNotFound, "Not Found")
}

// under tells whether a path begins with these parts, and leaves the rest in the call.
func (c *call) under(parts []string, prefix ...string) bool {
	if len(parts) < len(prefix) {
		return false
	}
	for i, p := range prefix {
		if parts[i] != p {
			return false
		}
	}
	c.path = parts[len(prefix):]
	return true
}

// is compares method and path with a pattern in which * stands for one part.
func (c *call) is(method string, pattern ...string) bool {
	if c.method != method || len(c.path) != len(pattern) {
		return false
	}
	for i, p := range pattern {
		if p != "*" && p != c.path[i] {
			return false
		}
	}
	return true
}

func join(parts []string) string { return strings.Join(parts, "/") }
