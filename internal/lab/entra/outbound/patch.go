package outbound

import "strings"

// Operation is one of a PATCH. Value nil leaves it out.
type Operation struct {
	Op    string `json:"op"`
	Path  string `json:"path,omitempty"`
	Value any    `json:"value,omitempty"`
}

func patch(ops []Operation) any {
	return struct {
		Schemas    []string    `json:"schemas"`
		Operations []Operation `json:"Operations"`
	}{[]string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, ops}
}

// Change is an attribute that gets another value; Had tells whether the target has one now.
type Change struct {
	Field
	Had bool
}

// Update is the PATCH that changes attributes: one operation for each, Add where the target has no value yet and
// Replace where it has one, Booleans as text. With strict, op is in lower case, Booleans are Booleans, and several
// simple attributes go into one operation without a path.
func Update(changes []Change, strict bool) []Operation {
	var ops []Operation
	together := map[string]any{}
	simple := func(c Change) bool { return c.Had && parsePath(c.Target).by == "" && len(c.Value) == 1 && !c.roles() }
	n := 0
	for _, c := range changes {
		if simple(c) {
			n++
		}
	}
	for _, c := range changes {
		op := "Add"
		switch {
		case c.roles() && c.Assertive:
			op = "replace" // so the page has it
		case c.Had && !c.roles():
			op = "Replace"
		}
		if !strict {
			ops = append(ops, Operation{op, c.Target, c.part(false)})
			continue
		}
		if n > 1 && simple(c) {
			together[c.Target] = c.part(true)
			continue
		}
		ops = append(ops, Operation{strings.ToLower(op), c.Target, c.part(true)})
	}
	if len(together) > 0 {
		ops = append(ops, Operation{Op: "replace", Value: together})
	}
	return ops
}

// part is a value as PATCH has it.
func (f Field) part(strict bool) any {
	switch {
	case f.boolean() && strict:
		return strings.EqualFold(f.Value[0], "true")
	case f.roles() && !f.Assertive && !strict: // JSON in texts
		list := make([]map[string]string, len(f.Value))
		for i, s := range f.Value {
			list[i] = map[string]string{"value": s}
		}
		return list
	case f.roles():
		return f.appRoles()
	case len(f.Value) > 1:
		return f.whole()
	}
	return f.Value[0]
}

// member is an element of members as the service writes it.
type member struct {
	Ref   *string `json:"$ref"`
	Value string  `json:"value"`
}

// AddMembers is the PATCH that puts members into a group.
func AddMembers(ids []string, strict bool) []Operation {
	if strict {
		return []Operation{{"add", "members", bare(ids)}}
	}
	return []Operation{{"Add", "members", members(ids)}}
}

// RemoveMembers is the PATCH that takes members out of a group. Without strict it names them in the value, which a
// server that reads RFC 7644 to the letter takes for all members.
func RemoveMembers(ids []string, strict bool) []Operation {
	if !strict {
		return []Operation{{"Remove", "members", members(ids)}}
	}
	ops := make([]Operation, len(ids))
	for i, id := range ids {
		ops[i] = Operation{Op: "remove", Path: `members[value eq "` + id + `"]`}
	}
	return ops
}

func members(ids []string) []member {
	list := make([]member, len(ids))
	for i, id := range ids {
		list[i].Value = id
	}
	return list
}

func bare(ids []string) []map[string]string {
	list := make([]map[string]string, len(ids))
	for i, id := range ids {
		list[i] = map[string]string{"value": id}
	}
	return list
}

// SetManager is the PATCH that names a user's manager: a bare id under the attribute's own path, as it is seen on
// the wire. The documents show path manager and a list with a $ref in its place; documented sends that.
func SetManager(target, base, id string, documented bool) []Operation {
	if !documented {
		return []Operation{{"Add", target, id}}
	}
	ref := base + "/Users/" + id
	return []Operation{{"Add", "manager", []member{{&ref, id}}}}
}

// RemoveManager is the PATCH that takes a user's manager away, as a field report of 2023 shows it.
func RemoveManager(id string) []Operation {
	return []Operation{{Op: "remove", Path: `manager[value eq "` + id + `"]`}}
}
