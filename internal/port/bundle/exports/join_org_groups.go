package exports

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/core/document"
)

// orgGroups are the groups at Atlassian with their members.
type orgGroups struct {
	j         *joined
	list      []*orgGroup
	byID      map[string]*orgGroup
	byName    map[string]*orgGroup
	of        map[*account][]document.OrgGroupRef
	told      bool // a file tells groups
	everybody bool // a file holds somebody without a group, so it was not limited to selected groups
}

type orgGroup struct {
	id, name string
	members  []*account
	seen     map[*account]bool
	doubtful bool // a cell may or may not name it
}

func newOrgGroups(j *joined) *orgGroups {
	return &orgGroups{j: j, byID: map[string]*orgGroup{}, byName: map[string]*orgGroup{}, of: map[*account][]document.OrgGroupRef{}}
}

// group is the group of that id or name; an id is learnt where only the name was known.
func (o *orgGroups) group(id, name string) *orgGroup {
	g := o.byID[fold(id)]
	if g == nil && name != "" {
		if same := o.byName[fold(name)]; same != nil && (id == "" || same.id == "") {
			g = same
		}
	}
	if g == nil {
		g = &orgGroup{seen: map[*account]bool{}}
		o.list = append(o.list, g)
	}
	g.id, g.name = first(g.id, id), first(g.name, name)
	if id != "" {
		o.byID[fold(id)] = g
	}
	if name != "" && o.byName[fold(name)] == nil {
		o.byName[fold(name)] = g
	}
	return g
}

func (o *orgGroups) add(a *account, id, name string) {
	g := o.group(id, name)
	if !g.seen[a] {
		g.seen[a] = true
		g.members = append(g.members, a)
		o.of[a] = append(o.of[a], document.OrgGroupRef{ID: id, Name: name})
	}
}

// finish gives the groups. A group that nobody is in stands in no row: it is empty, not there, or was not selected
// for the export. Where nothing shows that the export was of all users, that is a gap for the groups that matter.
func (o *orgGroups) finish(complete bool, g *groups) {
	if !o.told {
		return
	}
	for _, one := range o.list {
		out := document.OrgGroup{ID: first(one.id, unnamed("name", one.name)), Name: one.name}
		if !one.doubtful {
			ids := make([]string, 0, len(one.members))
			for _, a := range one.members {
				ids = append(ids, a.AccountID)
			}
			out.Members = document.Some(ids)
		}
		o.j.OrgGroups = append(o.j.OrgGroups, out)
	}
	if !complete {
		o.j.gap(document.OrgGroups, "", "members of groups", "the export of users could not be used as a whole", OrgUsers)
		return
	}
	o.j.have[document.OrgGroups] = true
	if o.everybody {
		return
	}
	for _, at := range g.reached() {
		name := o.j.Groups[at].DisplayName
		if name != "" && o.byName[fold(name)] == nil {
			o.j.gap(document.OrgGroups, name, "members of "+name,
				fmt.Sprintf("no row of the export names %s: nobody is in it, it does not exist, or the export was limited to selected groups", name), OrgUsers)
		}
	}
}
