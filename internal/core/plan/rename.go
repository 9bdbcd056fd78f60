package plan

import (
	"cmp"
	"fmt"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// conflict says who would join and who would leave if the group of the organization became the synced one.
func (p *planner) conflict(g uint32) *Conflict {
	local := p.in.Target.Local[document.Fold(p.groupName(g))]
	c := &Conflict{Name: local.Name, Told: local.Told}
	wanted := map[string]bool{}
	account := p.have.Users.Column(AccountColumn)
	for _, u := range p.want.State.Member[g] {
		h := p.users.Present[u]
		if p.sel.Users[u] != scope.In || h == match.None && p.made[u] == 0 {
			continue // is put nowhere: disabled, or without a record
		}
		if h != match.None {
			if id := document.Fold(p.have.Users.Text(h, account)); id != "" {
				wanted[id] = true
				continue
			}
		}
		c.Adds++
	}
	for _, m := range local.Members {
		id := document.Fold(m.Account)
		if wanted[id] {
			delete(wanted, id)
			continue
		}
		c.Removes = append(c.Removes, cmp.Or(m.Name, m.Account))
	}
	c.Adds += len(wanted)
	return c
}

// rename replaces a group: the new one is made and filled, and when that is done the old one is deleted. All of it
// waits for a person; meanwhile the members of the old one are kept up.
func (p *planner) rename(g, h uint32, name string, names map[string]int) Reason {
	p.notes[subject{kindGroup, g}] = fmt.Sprintf("%s is called %s at Atlassian", name, p.have.Groups.Text(h, directory.GroupName))
	if names[document.Fold(name)] > 1 {
		p.notes[subject{kindGroup, g}] += "; another group in scope has the new name, too"
		return Ambiguous
	}
	var still string
	switch { // nothing can be made yet
	case !p.in.Rules.Mapping.Group.Add:
		still = "the rules create no groups"
	case p.groupTaken(name, h):
		still = "another synced group has the new name"
	case p.have.Gaps.Groups != "":
		still = "whether another synced group has the new name was not told"
	default:
		still = p.untold(g)
	}
	if still != "" {
		p.notes[subject{kindGroup, g}] += "; " + still
		return GroupRenamed
	}
	hold := HeldRename
	if _, ok := p.in.Target.Local[document.Fold(name)]; ok {
		hold = HeldConflict
		p.conflicts[g] = p.conflict(g)
	}
	p.renamed[g] = hold
	p.others[opCreate] = append(p.others[opCreate], step{op: opCreate, kind: kindGroup, reason: GroupRenamed, hold: hold, source: g, target: none})
	p.others[opDelete] = append(p.others[opDelete], step{op: opDelete, kind: kindGroup, reason: GroupRenamed, hold: HeldDelete, source: g, target: h})
	return GroupRenamed
}

// untold says why somebody may belong to a group who could not be put into a new one now; "" where nobody can. In the old
// one they stay, so that it is not deleted.
func (p *planner) untold(g uint32) string {
	if why := p.sel.Incomplete[g]; why != "" {
		return "not all of its members were told: " + why
	}
	for _, u := range p.want.State.Member[g] {
		if p.sel.Users[u] == scope.NotSettled {
			return "whether all of its members are in scope was not told"
		}
	}
	return ""
}

// groupTaken tells whether another synced group has the name.
func (p *planner) groupTaken(name string, but uint32) bool {
	if p.holders.groups == nil {
		p.holders.groups = p.have.Groups.Keys(directory.GroupName)
	}
	taken := false
	p.holders.groups.All(name, func(h uint32) bool {
		taken = taken || h != but
		return !taken
	})
	return taken
}
