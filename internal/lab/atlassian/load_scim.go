package atlassian

import (
	"slices"
	"strings"
)

func (ld *loader) users() error {
	list, _, err := ld.list("atlassian/scim-users.json", "Resources")
	for _, raw := range list {
		r := &record{dir: ld.dir, id: str(raw["id"]), attrs: raw, meta: child(raw, "meta"), schemas: raw["schemas"]}
		account := str(child(raw, atlassianURN)["atlassianAccountId"])
		for _, own := range []string{"id", "meta", "groups", "schemas"} {
			delete(raw, own)
		}
		ld.dir.users.add(r)
		ld.dir.userByID[r.id] = r
		ld.w.index(r)
		if account != "" {
			delete(raw, atlassianURN)
			ld.bind(r, account)
		}
	}
	return err
}

// bind links a loaded record. An account that only the link knows gets the address of the record.
func (ld *loader) bind(r *record, id string) {
	a := ld.account(id)
	if a.email == "" && r.email() != "" {
		ld.w.setEmail(a, r.email())
		a.name, a.claim = displayName(r.attrs), ""
	}
	ld.w.bind(r, a)
}

func (ld *loader) scimGroups() error {
	list, _, err := ld.list("atlassian/scim-groups.json", "Resources")
	for _, raw := range list {
		sg := &scimGroup{
			dir: ld.dir, id: str(raw["id"]), name: str(raw["displayName"]), external: str(raw["externalId"]),
			meta: child(raw, "meta"), extra: clone(raw),
		}
		for _, own := range []string{"id", "displayName", "externalId", "members", "meta", "schemas"} {
			delete(sg.extra, own)
		}
		ld.dir.groups.add(sg)
		ld.dir.groupByID[sg.id] = sg
		ld.dir.byName[ld.w.fold(sg.name)] = sg
		for _, m := range objects(raw["members"]) {
			r := ld.member(m)
			sg.members.add(r)
			r.groups.add(sg)
			ld.dir.memberships++
		}
		ld.place(sg)
	}
	return err
}

// member is the record of a member. Where the list of users lacks it, it is known by this alone.
func (ld *loader) member(m object) *record {
	id := str(m["value"])
	if r := ld.dir.userByID[id]; r != nil {
		return r
	}
	r := &record{dir: ld.dir, id: id, attrs: object{"userName": str(m["display"])}}
	ld.dir.userByID[id] = r
	return r
}

// place finds what a loaded group became in the organization.
func (ld *loader) place(sg *scimGroup) {
	g := ld.w.groupNames[ld.w.fold(sg.name)]
	switch {
	case g == nil && !ld.hasOrg && !ld.w.builtIn[ld.w.fold(sg.name)]:
		ld.w.publish(sg)
	case g != nil && g.syncedAway && g.source == nil:
		g.source, g.syncedAway, sg.org = sg, false, g
	default:
		if sg.held = ld.w.standing(sg.name); sg.held == heldConflict && !slices.Contains(ld.w.conflicts, sg.name) {
			ld.w.conflicts = append(ld.w.conflicts, sg.name)
		}
	}
}

// links adds the records of other directories, and those that the list of users lacks.
func (ld *loader) links() error {
	list, _, err := ld.list("atlassian/scim-links.json", "scimLinks")
	for _, raw := range list {
		dir := ld.w.directory(str(raw["directoryId"]))
		if dir == nil {
			dir = ld.w.addDirectory(Directory{ID: str(raw["directoryId"])})
		}
		id, account := str(raw["scimUserId"]), str(raw["atlassianAccountId"])
		if dir.userByID[id] != nil {
			continue
		}
		r := &record{dir: dir, id: id, attrs: object{"userName": id}, unlisted: true}
		email := str(raw["email"])
		if email == "" && account != "" {
			email = ld.account(account).email
		}
		if strings.Contains(email, "@") {
			r.attrs["emails"] = []any{object{"value": email, "type": "work", "primary": true}}
		}
		dir.userByID[id] = r
		ld.w.index(r)
		if account != "" {
			ld.bind(r, account)
		}
	}
	return err
}
