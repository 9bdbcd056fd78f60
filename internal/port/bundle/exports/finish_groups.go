package exports

import (
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

// finishGroups puts the members into the groups and says of which groups they are missing. Only groups that the
// application reaches matter: a list of all groups has thousands whose members nobody downloads.
func (j *joined) finishGroups(s *Set, p *people, g *groups) {
	for at, m := range g.members {
		j.Groups[at].Members = document.Members{Known: true, List: m.list}
	}
	if len(s.members) > 0 || g.listed {
		j.have[document.Groups] = true
	}
	for _, at := range g.reached() {
		one := &j.Groups[at]
		name := first(one.DisplayName, one.ID)
		switch m := g.members[at]; {
		case m == nil:
			j.gap(document.Groups, one.ID, "members of "+name, noFile(one, name), EntraMembers)
		case m.lost:
			j.gap(document.Groups, one.ID, "members of "+name, "rows of "+m.file.name+" could not be used", EntraMembers)
		}
	}
	p.finish()
}

// noFile says which file to fetch for the members of a group.
func noFile(g *document.Group, name string) string {
	what := fmt.Sprintf("no file tells them; download them as members-%s.csv", fileName(name))
	if g.DisplayName == "" {
		what += ", or add the list of all groups, which tells what the group is called: " + EntraGroups.Menu()
	}
	return what
}

// reached are the assigned or selected groups and the groups inside them; where none is, every group that has a file.
func (g *groups) reached() []int {
	var queue []int
	seen := map[int]bool{}
	visit := func(at int) {
		if !seen[at] {
			seen[at] = true
			queue = append(queue, at)
		}
	}
	for _, a := range g.j.Assignments {
		if at, ok := g.byID[fold(a.PrincipalID)]; ok {
			visit(at)
		}
	}
	for _, id := range g.selected {
		if at, ok := g.byID[fold(id)]; ok {
			visit(at)
		}
	}
	if len(g.j.Assignments) == 0 && len(g.selected) == 0 {
		for at := range g.members {
			visit(at)
		}
	}
	for i := 0; i < len(queue); i++ {
		m := g.members[queue[i]]
		if m == nil {
			continue
		}
		for _, one := range m.list {
			if at, ok := g.byID[fold(one.ID)]; ok && one.Type != graphUser {
				visit(at)
			}
		}
	}
	slices.Sort(queue)
	return queue
}

// fileName is a group's name as a file can be called.
func fileName(name string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(`/\:*?"<>|`, r) || r < ' ' {
			return '-'
		}
		return r
	}, name)
}
