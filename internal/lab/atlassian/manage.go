package atlassian

import (
	"net/http"
	"strings"
)

// manageUser answers /users/{account}/manage…
func (c *call) manageUser() answer {
	if a, in := c.manageDoor(); !in {
		return a
	}
	if len(c.path) < 2 || c.path[1] != "manage" {
		return keyError(http.StatusNotFound, "notFound", nil)
	}
	a := c.w.byID[c.path[0]]
	if a != nil && a.manage != nil && str(a.manage["key"]) != "" && len(c.path) == 2 {
		return give(statusOf(str(a.manage["key"])), typeJSON, a.manage)
	}
	switch {
	case a == nil || !a.listed || a.status == closed:
		return keyError(http.StatusNotFound, "accountNotFound", nil)
	case !c.w.managed(a):
		return keyError(http.StatusForbidden, "forbidden", nil)
	case !a.verified:
		return keyError(http.StatusForbidden, "forbidden.targetUnverified", nil)
	}
	switch {
	case c.is("GET", "*", "manage"):
		return c.permissions(a)
	case c.is("GET", "*", "manage", "profile"):
		return ok(object{"account": profileView(a)})
	case c.is("PATCH", "*", "manage", "profile"):
		return c.setProfile(a)
	case c.is("PUT", "*", "manage", "email"):
		return c.putEmail(a)
	case c.is("POST", "*", "manage", "lifecycle", "*"):
		return c.lifecycle(a, c.path[3])
	}
	return keyError(http.StatusNotFound, "notFound", nil)
}

// statusOf is the status with which an answer that was loaded came.
func statusOf(key string) int {
	switch {
	case key == "unauthorized":
		return http.StatusUnauthorized
	case strings.HasPrefix(key, "forbidden"):
		return http.StatusForbidden
	}
	return http.StatusNotFound
}

// reason is why an action on an account is not allowed, empty if it is: the directory that holds it decides.
func reason(a *account, action string) string {
	d := a.held()
	if d == nil || action != "email.set" && action != "lifecycle.enablement" && action != "profile.write" {
		return ""
	}
	if d.Google {
		return "externalDirectory.google"
	}
	return "externalDirectory.scim"
}

func permission(a *account, action string) object {
	if key := reason(a, action); key != "" {
		return object{"allowed": false, "reason": object{"key": key}}
	}
	return object{"allowed": true}
}

// profileKeys are the fields of a profile as the user management API names them.
var profileKeys = []string{
	"name", "nickname", "zoneinfo", "locale", "extended_profile.job_title", "extended_profile.organization",
	"extended_profile.department", "extended_profile.location",
}

func (c *call) permissions(a *account) answer {
	if a.manage != nil {
		return ok(a.manage)
	}
	write := object{}
	for _, k := range profileKeys {
		write[k] = permission(a, "profile.write")
	}
	all := object{"profile": write, "profile.write": write}
	for _, action := range []string{"profile.read", "email.set", "lifecycle.enablement", "lifecycle.delete", "apiToken.read", "apiToken.delete"} {
		all[action] = permission(a, action)
	}
	asked := c.query["privileges"]
	if len(asked) == 0 {
		return ok(all)
	}
	some := object{}
	for _, list := range asked {
		for _, k := range strings.Split(list, ",") {
			if v, known := all[k]; known {
				some[k] = v
			}
		}
	}
	return ok(some)
}

func notAllowed(a *account, action string) *answer {
	if reason(a, action) == "" {
		return nil
	}
	e := keyError(http.StatusForbidden, "forbidden.action", permission(a, action))
	return &e
}

func violated(field, violation, message string) answer {
	return keyError(http.StatusBadRequest, "fieldConstraintsViolated", object{"fieldViolations": []object{{
		"field": field, "violations": []object{{"key": violation, "message": message}},
	}}})
}

// putEmail gives an account another address, of a claimed domain. That ends its sessions, which do not exist here.
func (c *call) putEmail(a *account) answer {
	body, err := c.read()
	if err != nil {
		return keyError(http.StatusBadRequest, "bodyParseFailure", nil)
	}
	email := str(body["email"])
	_, domain, isAddress := strings.Cut(email, "@")
	if !isAddress {
		return violated("email", "format", "no e-mail address")
	}
	if refused := notAllowed(a, "email.set"); refused != nil {
		return *refused
	}
	if !c.w.claimed(email) {
		return keyError(http.StatusForbidden, "forbidden.unclaimedDomain", object{"domain": domain})
	}
	if other := c.w.byEmail[c.w.fold(email)]; other != nil && other != a {
		return violated("email", "unique", "another account has this address") // not documented
	}
	c.w.setEmail(a, email)
	c.w.happened(c.actor(), "user_email_changed", []subject{a.subject()}, "Changed email address of %s", a.name)
	c.w.touch()
	return noContent()
}
