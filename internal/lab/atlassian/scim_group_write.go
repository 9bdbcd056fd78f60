package atlassian

import (
	"net/http"
	"slices"
	"strings"
)

func (c *call) oneGroup(d *directory, id string) answer {
	g := d.groupByID[id]
	if g == nil {
		return scimError(http.StatusNotFound, "", "Resource [GROUP] with id["+id+"] not found")
	}
	switch c.method {
	case http.MethodGet:
	case http.MethodDelete:
		c.w.deleteGroup(g)
		return noContent()
	case http.MethodPut:
		if refused := c.putGroup(d, g); refused != nil {
			return *refused
		}
	case http.MethodPatch:
		if refused := c.patchGroup(d, g); refused != nil {
			return *refused
		}
	default:
		return scimFailure(http.StatusMethodNotAllowed, "Method Not Allowed")
	}
	return give(http.StatusOK, typeSCIM, c.groupView(g, true))
}

func (c *call) putGroup(d *directory, g *scimGroup) *answer {
	sent, err := c.sentGroup(d)
	if err != nil {
		a := refusal(err)
		return &a
	}
	if refused := c.renamed(g, sent.name); refused != nil {
		return refused
	}
	if !c.w.readings.PutIgnoresMembers {
		if sent.unknown != "" {
			a := give(http.StatusBadRequest, typeSCIM, object{
				"responseStatus": "BAD_REQUEST", "scimErrorType": "invalidValue", "message": "Resource [USER] with id[" + sent.unknown + "] not found",
			})
			return &a
		}
		if refused := c.crowded(d, len(sent.members), len(sent.members)-g.members.len()); refused != nil {
			return refused
		}
		c.w.replaceMembers(g, sent.members)
	}
	g.external, g.modified = sent.external, c.w.at
	return nil
}

// renamed is what a new name gets: it never becomes the group's.
func (c *call) renamed(g *scimGroup, name string) *answer {
	if name == g.name || !c.w.readings.RenameRefused {
		return nil
	}
	a := scimError(http.StatusBadRequest, "mutability", "Resource [GROUP]: displayName is immutable")
	return &a
}

func (w *world) replaceMembers(g *scimGroup, wanted []*record) {
	keep := make(map[*record]bool, len(wanted))
	for _, r := range wanted {
		keep[r] = true
	}
	for _, r := range slices.Clone(g.members.all()) {
		if !keep[r] {
			w.removeMember(g, r)
		}
	}
	for _, r := range wanted {
		w.addMember(g, r)
	}
}

// patchGroup reads all operations before it carries out the first: a request with a member that is no user changes
// nothing.
func (c *call) patchGroup(d *directory, g *scimGroup) *answer {
	refuse := func(a answer) *answer { return &a }
	body, err := c.read()
	if err != nil {
		return refuse(refusal(err))
	}
	ops, err := operations(body)
	if err != nil {
		return refuse(refusal(err))
	}
	var todo []func()
	named, added := 0, 0
	for _, o := range spread(ops) {
		p, err := splitPath(o.path)
		if err != nil {
			return refuse(refusal(err))
		}
		switch {
		case strings.EqualFold(p.field, "displayName") && o.op != "remove":
			if refused := c.renamed(g, str(o.value)); refused != nil {
				return refused
			}
		case strings.EqualFold(p.field, "externalId"):
			todo = append(todo, func() { g.external = str(o.value) })
		case strings.EqualFold(p.field, "members"):
			ids, err := chosenIDs(p, o)
			if err != nil {
				return refuse(refusal(err))
			}
			found, unknown := d.records(ids)
			switch {
			case o.op == "remove":
				// Who is no user of the directory is no member either; the vendor does not say what that gets.
				found = present(d, ids)
			case unknown != "" && c.w.readings.UnknownMemberIs400:
				return refuse(unknownMember(http.StatusBadRequest, unknown))
			case unknown != "":
				return refuse(unknownMember(http.StatusNotFound, unknown))
			}
			named += len(ids)
			if o.op == "add" {
				added += len(slices.DeleteFunc(slices.Clone(found), g.members.has))
			}
			todo = append(todo, func() { c.w.changeMembers(g, o.op, found, o.value == nil && !p.chosen) })
		}
	}
	if most := c.w.limits.PatchMembers; most > 0 && named > most {
		return refuse(scimError(http.StatusBadRequest, "tooMany", "Resource [GROUP]: too many members in one request"))
	}
	if refused := c.crowded(d, g.members.len()+added, added); refused != nil {
		return refused
	}
	for _, do := range todo {
		do()
	}
	g.modified = c.w.at
	return nil
}

// spread turns an operation without a path into one for each attribute of its value.
func spread(ops []operation) []operation {
	var out []operation
	for _, o := range ops {
		values, isObject := o.value.(object)
		if o.path != "" || !isObject {
			out = append(out, o)
			continue
		}
		for _, name := range sortedKeys(values) {
			out = append(out, operation{o.op, name, values[name]})
		}
	}
	return out
}

// chosenIDs are the members an operation is about: those of its value or the one in the brackets of its path.
func chosenIDs(p path, o operation) ([]string, error) {
	if !p.chosen {
		return memberIDs(o.value)
	}
	if !strings.EqualFold(p.part, "value") {
		return nil, bad("invalidFilter", "members can be chosen by value alone")
	}
	return []string{p.operand}, nil
}

func present(d *directory, ids []string) []*record {
	var out []*record
	for _, id := range ids {
		if r := d.userByID[id]; r != nil {
			out = append(out, r)
		}
	}
	return out
}

func (w *world) changeMembers(g *scimGroup, op string, who []*record, all bool) {
	switch {
	case op == "replace", op == "remove" && all:
		w.replaceMembers(g, who)
	case op == "remove":
		for _, r := range who {
			w.removeMember(g, r)
		}
	default:
		for _, r := range who {
			w.addMember(g, r)
		}
	}
}
