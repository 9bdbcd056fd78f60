package entra

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// mirror is what a program knows of a tenant that it follows through delta queries, and through nothing else.
type mirror struct {
	g             *graph
	links         map[string]string // users, groups -> where to go on
	users, groups map[string]string // id -> displayName
	members       map[string]map[string]bool
}

func newMirror(g *graph) *mirror {
	return &mirror{
		g: g, users: map[string]string{}, groups: map[string]string{}, members: map[string]map[string]bool{},
		links: map[string]string{"users": "/users/delta?$select=displayName", "groups": "/groups/delta?$select=displayName,members"},
	}
}

// sync reads one round; between its pages, meanwhile happens.
func (m *mirror) sync(set string, meanwhile func()) {
	link := m.links[set]
	for link != "" {
		r := m.g.get(link)
		if r.status != 200 {
			m.g.t.Fatalf("%s: %d %s", link, r.status, r.raw)
		}
		for _, o := range r.values() {
			m.apply(set, o)
		}
		m.links[set] = r.link("deltaLink")
		link = r.link("nextLink")
		meanwhile()
	}
}

func (m *mirror) apply(set string, o map[string]any) {
	id := o["id"].(string)
	known := m.users
	if set == "groups" {
		known = m.groups
	}
	if _, removed := o["@removed"]; removed {
		delete(known, id)
		delete(m.members, id)
		return
	}
	if name, is := o["displayName"].(string); is {
		known[id] = name
	}
	if set == "users" {
		return
	}
	if m.members[id] == nil {
		m.members[id] = map[string]bool{}
	}
	changes, _ := o["members@delta"].([]any)
	for _, c := range changes {
		c := c.(map[string]any)
		if _, removed := c["@removed"]; removed {
			delete(m.members[id], c["id"].(string))
		} else {
			m.members[id][c["id"].(string)] = true
		}
	}
}

// state is the mirror in a form that can be compared: members who are gone are nobody's members.
func (m *mirror) state() map[string]any {
	in := map[string][]string{}
	for id := range m.groups {
		in[id] = []string{}
		for who := range m.members[id] {
			if m.users[who] != "" || m.groups[who] != "" {
				in[id] = append(in[id], who)
			}
		}
		slices.Sort(in[id])
	}
	return map[string]any{"users": m.users, "groups": m.groups, "members": in}
}

// truth is the same, read from the lists.
func truth(g *graph) map[string]any {
	names := func(path string) map[string]string {
		out := map[string]string{}
		list, _ := g.all(path)
		for _, o := range list {
			out[o["id"].(string)] = o["displayName"].(string)
		}
		return out
	}
	groups := names("/groups")
	in := map[string][]string{}
	for id := range groups {
		list, _ := g.all("/groups/" + id + "/members")
		in[id] = ids(list)
		slices.Sort(in[id])
	}
	return map[string]any{"users": names("/users"), "groups": groups, "members": in}
}

func TestWhoFollowsTheDeltasKnowsTheTenant(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := newClock()
		small := rapid.IntRange(1, 4)
		l := &Lab{Now: c.now, Limits: Limits{Off: true}, Pages: Pages{DeltaObjects: small.Draw(rt, "objects"), DeltaMembers: small.Draw(rt, "members")}}
		l.Delta = Delta{
			UsersLag:  time.Duration(rapid.IntRange(0, 5).Draw(rt, "users lag")) * time.Second,
			GroupsLag: time.Duration(rapid.IntRange(0, 5).Draw(rt, "groups lag")) * time.Second,
			Replay:    rapid.IntRange(0, 5).Draw(rt, "replay"), Scatter: rapid.Bool().Draw(rt, "scatter"),
			KeepsDeletedMembers: rapid.Bool().Draw(rt, "keeps deleted"), Removed: rapid.Bool().Draw(rt, "removed"),
		}
		g := open(t, l)
		m := newMirror(g)
		var users, groups []string
		pick := func(from []string) string { return rapid.SampledFrom(append(from, "nobody")).Draw(rt, "who") }
		act := func() {
			c.pass(time.Second)
			switch rapid.IntRange(0, 9).Draw(rt, "act") {
			case 0:
				users = append(users, g.user(fmt.Sprint("user", len(users))))
			case 1:
				groups = append(groups, g.group(fmt.Sprint("group", len(groups))))
			case 2, 3: // refused where it makes no sense, which is no concern here
				_ = l.AddMember(pick(groups), pick(users), pick(users))
			case 4:
				_ = l.AddMember(pick(groups), pick(groups))
			case 5:
				_ = l.RemoveMember(pick(groups), pick(append(users, groups...)))
			case 6:
				_ = l.UpdateUser(pick(users), Props{"displayName": fmt.Sprint("renamed", c.now().Unix())})
			case 7:
				_ = l.DeleteUser(pick(users))
				_ = l.DeleteGroup(pick(groups))
			case 8:
				_ = l.Restore(pick(append(users, groups...)))
			case 9:
				_ = l.HardDelete(pick(append(users, groups...)))
			}
		}
		for range rapid.IntRange(1, 40).Draw(rt, "length") {
			act()
			if rapid.IntRange(0, 5).Draw(rt, "sync") == 0 {
				m.sync(rapid.SampledFrom([]string{"users", "groups"}).Draw(rt, "set"), act)
			}
		}
		c.pass(time.Minute) // everything has arrived
		for range 2 {
			m.sync("users", func() {})
			m.sync("groups", func() {})
		}
		if diff := cmp.Diff(truth(g), m.state()); diff != "" {
			rt.Errorf("the mirror (-tenant +mirror):\n%s", diff)
		}
	})
}
