package atlassian

import (
	"strings"
)

// person is the body of a POST for somebody.
func person(email string) object {
	name, _, _ := strings.Cut(email, "@")
	return object{
		"schemas": []string{userURN}, "userName": email, "externalId": "x-" + name, "displayName": name,
		"emails": []object{{"value": email, "type": "work", "primary": true}}, "active": true,
	}
}

// user provisions somebody and gives the id of the record.
func (w *testWorld) user(email string) string {
	w.t.Helper()
	return w.scim("POST", "/Users", person(email)).want(w.t, 201).id()
}

// team provisions a group and gives its id.
func (w *testWorld) team(name string, members ...string) string {
	w.t.Helper()
	return w.scim("POST", "/Groups", group1(name, members...)).want(w.t, 201).id()
}

func group1(name string, members ...string) object {
	list := []object{}
	for _, m := range members {
		list = append(list, object{"value": m})
	}
	return object{"schemas": []string{groupURN}, "displayName": name, "externalId": "x-" + name, "members": list}
}

// patch wraps operations.
func patch(ops ...object) object {
	return object{"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": ops}
}

// who lists the ids of a group's members in an answer.
func who(r reply) []string {
	list, _ := r.object["members"].([]any)
	out := []string{}
	for _, m := range list {
		out = append(out, str(at(m, "value")))
	}
	return out
}

// names lists one field of the things in a list.
func names(list any, field string) []string {
	things, _ := list.([]any)
	out := []string{}
	for _, x := range things {
		out = append(out, str(at(x, field)))
	}
	return out
}

// inJira lists the display names of a group's members on the site; nil where the site has no such group.
func (w *testWorld) inJira(group string) []string {
	w.t.Helper()
	r := w.jira("/group/member?includeInactiveUsers=true&groupname=" + group)
	if r.status == 404 {
		return nil
	}
	return names(r.want(w.t, 200).object["values"], "displayName")
}

// account is what the organization says of an address, nil if nothing.
func (w *testWorld) accountOf(email string) object {
	w.t.Helper()
	r := w.admin("POST", orgV2+"/directories/-/users/search", object{"emails": []string{email}, "expand": []string{"productAccess", "groups"}})
	o, _ := at(r.want(w.t, 200).object, "data", 0).(object)
	return o
}
