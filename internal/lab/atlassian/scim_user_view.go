package atlassian

import (
	"net/http"
	"strings"
	"time"
)

// chosenTwice refuses attributes together with excludedAttributes.
func (c *call) chosenTwice() *answer {
	if c.query.Get("attributes") == "" || c.query.Get("excludedAttributes") == "" {
		return nil
	}
	a := scimError(http.StatusBadRequest, "invalidValue", "attributes and excludedAttributes exclude each other")
	return &a
}

// userView is a user as it is answered. What was never sent is left out.
func (c *call) userView(r *record) object {
	out := clone(r.attrs)
	out["id"] = r.id
	out["active"] = r.active()
	out["schemas"] = []string{atlassianURN, userURN, enterpriseURN}
	if r.schemas != nil {
		out["schemas"] = r.schemas
	}
	out["meta"] = c.meta("User", "/Users/"+r.id, r.meta, r.created, r.modified)
	groups := []object{}
	if !c.w.readings.UsersWithoutGroups {
		r.groups.each(func(g *scimGroup) {
			groups = append(groups, object{"type": "Direct", "value": g.id, "display": g.name, "$ref": c.base + "/Groups/" + g.id})
		})
	}
	out["groups"] = groups
	if r.account != nil {
		out[atlassianURN] = object{"atlassianAccountId": r.account.id}
	}
	return c.chosen(out)
}

// meta is the housekeeping of a resource. Of a loaded one everything is kept but what a change makes untrue.
func (c *call) meta(kind, at string, loaded object, created, modified time.Time) object {
	out := clone(loaded)
	out["resourceType"] = kind
	if loaded["location"] == nil {
		out["location"] = c.base + at
	}
	for name, t := range map[string]time.Time{"created": created, "lastModified": modified} {
		if !t.IsZero() {
			out[name] = stamp(t)
		}
	}
	return out
}

// chosen leaves the attributes that were asked for. The id and what a resource cannot be without always stay.
func (c *call) chosen(o object) object {
	pick := func(text string) map[string]bool {
		names := map[string]bool{}
		for _, n := range strings.Split(text, ",") {
			n, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(n)), ".")
			names[n] = true
		}
		return names
	}
	only, without := c.query.Get("attributes"), c.query.Get("excludedAttributes")
	if only == "" && without == "" {
		return o
	}
	names := pick(only + without)
	for k := range o {
		if k != "id" && k != "schemas" && names[strings.ToLower(k)] == (only == "") {
			delete(o, k)
		}
	}
	return o
}
