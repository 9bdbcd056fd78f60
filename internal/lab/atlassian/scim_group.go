package atlassian

import "net/http"

// memberView is one member as a group shows it.
type memberView struct {
	Type    string `json:"type"`
	Value   string `json:"value"`
	Display string `json:"display"`
	Ref     string `json:"$ref"`
}

func (c *call) listGroups(d *directory) answer {
	s, refused := c.slice(c.w.limits.GroupPage)
	if refused != nil {
		return *refused
	}
	found := d.groups.all()
	if text := c.query.Get("filter"); text != "" {
		_, value, refused := filter(text, "GROUP", "displayName")
		if refused != nil {
			return *refused
		}
		found = nil
		if g := d.byName[c.w.fold(value)]; g != nil {
			found = []*scimGroup{g}
		}
	}
	from, to := s.of(len(found))
	resources := []any{}
	for _, g := range found[from:to] {
		resources = append(resources, c.groupView(g, !c.w.readings.ListsWithoutMembers))
	}
	return c.list(len(found), s.start, resources)
}

func (c *call) postGroup(d *directory) answer {
	sent, err := c.sentGroup(d)
	if err != nil {
		return refusal(err)
	}
	exists := scimError(http.StatusConflict, "uniqueness", "Resource [GROUP]: with displayName already exists.")
	if d.byName[c.w.fold(sent.name)] != nil {
		return exists
	}
	held := c.w.standing(sent.name)
	if held == heldConflict && !c.w.readings.ConflictHeld {
		c.w.conflict(sent.name)
		return exists
	}
	if d.groups.len() >= c.w.limits.Groups {
		return scimError(http.StatusBadRequest, "tooMany", "Resource [GROUP]: the directory is full")
	}
	if sent.unknown != "" {
		return unknownMember(http.StatusBadRequest, sent.unknown)
	}
	if refused := c.crowded(d, len(sent.members), len(sent.members)); refused != nil {
		return *refused
	}
	g := c.w.createGroup(d, sent.name, sent.external, held)
	for _, r := range sent.members {
		c.w.addMember(g, r)
	}
	return give(http.StatusCreated, typeSCIM, c.groupView(g, true))
}

// sentGroup is a whole group in a request.
type sentGroup struct {
	name, external string
	members        []*record
	unknown        string // a member that is no user of the directory
	told           bool   // the request has members
}

func (c *call) sentGroup(d *directory) (sentGroup, error) {
	body, err := c.read()
	if err != nil {
		return sentGroup{}, err
	}
	g := sentGroup{name: str(body["displayName"]), external: str(body["externalId"])}
	if g.name == "" {
		return g, bad("invalidValue", "displayName is required")
	}
	value, told := body["members"]
	g.told = told && value != nil
	ids, err := memberIDs(value)
	if err != nil {
		return g, err
	}
	g.members, g.unknown = d.records(ids)
	return g, nil
}

// memberIDs reads the ids of members: a list of objects with a value, one such object, or plain text.
func memberIDs(v any) ([]string, error) {
	if v == nil {
		return nil, nil
	}
	list, isList := v.([]any)
	if !isList {
		list = []any{v}
	}
	ids := make([]string, 0, len(list))
	for _, e := range list {
		id := str(e)
		if o, isObject := e.(object); isObject {
			id = str(o["value"])
		}
		if id == "" {
			return nil, bad("invalidValue", "a member must have a value")
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// records are the users with these ids. A group is no member: there are no nested groups here.
func (d *directory) records(ids []string) (found []*record, unknown string) {
	for _, id := range ids {
		r := d.userByID[id]
		if r == nil || r.hidden {
			return nil, id
		}
		found = append(found, r)
	}
	return found, ""
}

func unknownMember(status int, id string) answer {
	return scimError(status, "", "Resource [USER] with id["+id+"] not found")
}

// crowded refuses more members than a group or the directory takes: so many in the group, so many more than before. What is said at the limit is not documented.
func (c *call) crowded(d *directory, members, more int) *answer {
	if more <= 0 || members <= c.w.limits.GroupMembers && d.memberships+more <= c.w.limits.Memberships {
		return nil
	}
	a := scimError(http.StatusBadRequest, "tooMany", "Resource [GROUP]: too many members")
	return &a
}

// groupView is a group as it is answered, with all its members.
func (c *call) groupView(g *scimGroup, members bool) object {
	out := clone(g.extra)
	out["schemas"] = []string{groupURN}
	out["id"], out["displayName"] = g.id, g.name
	if g.external != "" {
		out["externalId"] = g.external
	}
	out["meta"] = c.meta("Group", "/Groups/"+g.id, g.meta, g.created, g.modified)
	if members && !(c.w.readings.GroupsExcludeMembers && c.query.Get("excludedAttributes") == "members") {
		list := make([]memberView, 0, g.members.len())
		g.members.each(func(r *record) {
			list = append(list, memberView{"User", r.id, r.userName(), c.base + "/Users/" + r.id})
		})
		out["members"] = list
	}
	return out
}
