package exports

import (
	"github.com/rollcall/rollcall/internal/core/document"
)

// groups finds the groups of Entra by object id or name, and gathers their members.
type groups struct {
	j        *joined
	byID     map[string]int // places in j.Groups
	byName   map[string][]int
	bySquash map[string][]int
	members  map[int]*membership
	selected []string // object ids
	listed   bool     // a file of groups is there
}

// membership is the members of one group as its files tell them.
type membership struct {
	file *memberFile // the first
	list []document.Member
	seen map[string]bool
	lost bool // rows of a file could not be used
}

// joinGroups learns the groups in the order of what is certain: files of groups, then rows with an object id in other
// files, then names. So a file that has only a name for its group gets the id that any other file tells.
func (j *joined) joinGroups(s *Set, p *people) *groups {
	g := &groups{j: j, byID: map[string]int{}, byName: map[string][]int{}, bySquash: map[string][]int{}, members: map[int]*membership{}}
	if s.Selected != nil {
		g.selected = s.Selected.Groups
	}
	for _, f := range s.groups {
		g.listed = true
		g.list(f)
	}
	for _, f := range s.members {
		for _, m := range f.members {
			if m.kind == "group" && m.id != "" {
				g.named(m.id, m.display)
			}
		}
	}
	g.assigned(s)
	for _, id := range g.selected {
		g.named(id, "")
	}
	files := make([]int, len(s.members))
	for i, f := range s.members {
		files[i] = g.ofFile(f)
	}
	for i, f := range s.members {
		if files[i] >= 0 {
			g.fill(files[i], f, p)
		}
	}
	return g
}

// list learns the groups of a file of groups.
func (g *groups) list(f *groupFile) {
	again := 0
	for _, one := range f.groups {
		if _, have := g.byID[fold(one.ID)]; have {
			again++
			continue
		}
		g.add(one)
	}
	if again > 0 {
		f.note(0, "", "%s more than once, here or in an earlier file; the first row of each is used", count(again, "group"))
	}
}

// assigned learns the groups of assignments: those with an object id before those with a name alone.
func (g *groups) assigned(s *Set) {
	for _, named := range []bool{false, true} {
		for _, f := range s.assignments {
			for _, a := range f.rows {
				switch {
				case a.kind != "group" || named != (a.principal == ""):
				case named:
					g.ofName(a.name)
				default:
					g.named(a.principal, a.name)
				}
			}
		}
	}
}

func (g *groups) add(one document.Group) int {
	at := len(g.j.Groups)
	g.j.Groups = append(g.j.Groups, one)
	g.byID[fold(one.ID)] = at
	g.name(at)
	return at
}

func (g *groups) name(at int) {
	if n := g.j.Groups[at].DisplayName; n != "" {
		g.byName[fold(n)] = append(g.byName[fold(n)], at)
		g.bySquash[squash(n)] = append(g.bySquash[squash(n)], at)
	}
}

// named learns of the group with the object id, or its name where none was known.
func (g *groups) named(id, name string) {
	at, have := g.byID[fold(id)]
	if !have {
		g.add(document.Group{ID: id, DisplayName: name})
		return
	}
	if g.j.Groups[at].DisplayName == "" && name != "" {
		g.j.Groups[at].DisplayName = name
		g.name(at)
	}
}

// find is the group that a name or object id means; many tells that the name fits several.
func (g *groups) find(name string) (at int, ok, many bool) {
	if at, ok := g.byID[fold(name)]; ok {
		return at, true, false
	}
	if l := g.byName[fold(name)]; len(l) > 0 {
		return l[0], len(l) == 1, len(l) > 1
	}
	return 0, false, false
}

// ofName is the group of that name, which is made where none is known. Of several with one name the first is taken.
func (g *groups) ofName(name string) int {
	at, ok, many := g.find(name)
	switch {
	case ok || many:
		return at
	case isGUID(name):
		return g.add(document.Group{ID: name})
	}
	return g.add(document.Group{ID: unnamed("name", name), DisplayName: name})
}

// ofFile is the group whose members the file holds, or -1 where its name fits several. File names cannot hold
// every character, so a name that differs only in blanks and punctuation is taken too.
func (g *groups) ofFile(f *memberFile) int {
	how := "by its file name"
	if f.told {
		how = "as you said"
	}
	for _, name := range f.names {
		at, ok, many := g.find(name)
		if many {
			g.several(f, name, g.byName[fold(name)])
			return -1
		}
		if ok {
			g.took(f, at, how)
			return at
		}
	}
	for _, name := range f.names {
		switch l := g.bySquash[squash(name)]; {
		case len(l) > 1:
			g.several(f, name, l)
			return -1
		case len(l) == 1:
			g.took(f, l[0], how)
			return l[0]
		}
	}
	at := g.ofName(f.names[0])
	g.took(f, at, how+"; no other file names that group")
	return at
}

func (g *groups) took(f *memberFile, at int, how string) {
	name := first(g.j.Groups[at].DisplayName, g.j.Groups[at].ID)
	g.j.groupOfFile[f.source] = name
	f.note(0, "", "taken for the members of the group %s, %s", name, how)
}

func (g *groups) several(f *memberFile, name string, at []int) {
	var ids []string
	for _, i := range at {
		ids = append(ids, g.j.Groups[i].ID)
	}
	f.unused, f.rows = f.unused+f.rows, 0
	f.note(0, "", "%d groups are called %s (%s), so whose members it holds is not known and it is not used; name it by object id: %s=%s", len(at), name, listed(ids), ids[0], f.name)
}

// fill adds the members of a file to its group. A group inside appears as a member of its own.
func (g *groups) fill(at int, f *memberFile, p *people) {
	m := g.members[at]
	if m == nil {
		m = &membership{file: f, seen: map[string]bool{}}
		g.members[at] = m
	} else {
		f.note(0, "", "%s holds members of the same group; both are put together, so somebody who left between the two downloads still counts", m.file.name)
	}
	m.lost = m.lost || !f.complete()
	twice := 0
	for i := range f.members {
		one := g.member(&f.members[i], f, p)
		if m.seen[fold(one.ID)] {
			twice++
			continue
		}
		m.seen[fold(one.ID)] = true
		m.list = append(m.list, one)
	}
	if twice > 0 && m.file == f {
		f.note(0, "", "%s of members who stand in an earlier row", count(twice, "row"))
	}
}

func (g *groups) member(m *memberRow, f *memberFile, p *people) document.Member {
	kind := m.kind
	if kind == "" {
		_, isUser := p.find(m.id, m.upn, m.mail, "")
		_, isGroup := g.byID[fold(m.id)]
		_, byName := g.byName[fold(m.display)]
		switch {
		case isUser:
			kind = "user"
		case isGroup, m.id == "" && byName:
			kind = "group"
		case m.id == "":
			kind = "user" // people are far more often members than groups, and the row says no more
		default:
			return document.Member{ID: m.id}
		}
	}
	switch kind {
	case "user":
		return document.Member{Type: graphUser, ID: p.member(f, m)}
	case "group":
		if m.id != "" {
			return document.Member{Type: graphGroup, ID: m.id}
		}
		return document.Member{Type: graphGroup, ID: g.j.Groups[g.ofName(m.display)].ID}
	}
	return document.Member{Type: m.graphType, ID: first(m.id, unnamed("name", m.display))}
}
