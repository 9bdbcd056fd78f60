package atlassian

import (
	"net/http"
	"slices"
)

// task is a change of authentication policies that goes on by itself.
type task struct {
	running, good int
	failures      []object
	failed        int
}

// control answers /admin/control/v1/orgs/{org}/… There is no call that lists policies or their members.
func (c *call) control() answer {
	scope := "write:policies:admin"
	if len(c.path) > 1 && c.path[1] == "users" {
		scope = "" // reading names no scope in the copies read
	}
	if a, in := c.orgDoor(scope); !in {
		return a
	}
	if len(c.path) == 0 || c.path[0] != c.w.org.ID {
		return orgNotFound()
	}
	c.base += "/admin/control/v1/orgs"
	switch {
	case c.is("POST", "*", "auth-policy", "*", "add-users"):
		return c.addToPolicy(c.path[2])
	case c.is("GET", "*", "auth-policy", "task", "*"):
		return c.policyTask(c.path[3])
	case c.is("POST", "*", "users", "auth-policies", "bulk-fetch"):
		return c.policiesOf()
	}
	return gatewayError(http.StatusNotFound, "Not Found")
}

// addToPolicy begins to move accounts, named by their addresses. Whoever is put into one policy leaves the other.
func (c *call) addToPolicy(id string) answer {
	if !slices.ContainsFunc(c.w.policies, func(p Policy) bool { return p.ID == id }) {
		return orgError(http.StatusNotFound, "ADMIN-404-4", "Not Found", "The policy does not exist")
	}
	body, err := c.read()
	emails := texts(body["users"])
	if err != nil || len(emails) == 0 {
		return orgError(http.StatusBadRequest, "ADMIN-400-24", "Bad Request", "The body must have users")
	}
	name := c.w.newID("7a")
	t := &task{running: len(emails)}
	c.w.tasks[name] = t
	w, actor := c.w, c.actor()
	w.propagate(func() { w.runTask(t, id, emails, actor) })
	return give(http.StatusAccepted, typeJSON, object{
		"taskId": name, "taskLink": c.base + "/" + w.org.ID + "/auth-policy/task/" + name,
	})
}

// runTask moves the accounts. Addresses that fail for one reason are told together.
func (w *world) runTask(t *task, policy string, emails []string, actor object) {
	var unknown, unmanaged []string
	for _, e := range emails {
		a := w.byEmail[w.fold(e)]
		switch {
		case a == nil:
			unknown = append(unknown, e)
		case !w.managed(a):
			unmanaged = append(unmanaged, e)
		default:
			a.policy = policy
			t.good++
			w.happened(actor, "policy_user_added", []subject{a.subject()}, "Added %s to %s", a.name, w.policyName(policy))
		}
	}
	t.running = 0
	fail := func(emails []string, status int, title, detail string) {
		if len(emails) == 0 {
			return
		}
		t.failed += len(emails)
		t.failures = append(t.failures, object{"emails": emails, "details": object{"status": status, "title": title, "detail": detail}})
	}
	fail(unknown, http.StatusNotFound, "Not Found", "No account has this address")
	fail(unmanaged, http.StatusBadRequest, "Bad Request", "Only managed accounts can be members of an authentication policy")
}

func (c *call) policyTask(id string) answer {
	t := c.w.tasks[id]
	if t == nil {
		return orgError(http.StatusNotFound, "ADMIN-404-4", "Not Found", "The task does not exist")
	}
	reasons := []object{}
	return ok(object{
		"inProgressCount": t.running, "successCount": t.good, "failureCount": t.failed,
		"failureReasons": append(reasons, t.failures...),
	})
}

// policiesOf tells in which policy each of the accounts is: a bare list. Of its fields only email is documented.
func (c *call) policiesOf() answer {
	body, err := c.read()
	ids := texts(body["accountIds"])
	if err != nil || len(ids) == 0 {
		return orgError(http.StatusBadRequest, "ADMIN-400-24", "Bad Request", "The body must have accountIds")
	}
	out := []object{}
	for _, id := range ids {
		if a := c.w.byID[id]; a != nil && a.listed && a.policy != "" {
			out = append(out, object{"email": a.email, "accountId": a.id, "policyId": a.policy, "name": c.w.policyName(a.policy)})
		}
	}
	return ok(out)
}
