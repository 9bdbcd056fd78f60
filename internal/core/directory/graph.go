// Package directory holds the shape of a directory: which groups contain which users and groups, and what
// follows from it over any depth of nesting. It knows ordinals only; names, attributes and vendors' documents
// belong to package facts.
package directory

import "slices"

// Graph is the nesting of groups. Users and groups are dense ordinals; edges are sorted and unique.
// A Graph is immutable once built and safe for concurrent use.
type Graph struct {
	users    [][]uint32 // group -> direct member users
	children [][]uint32 // group -> direct member groups
	parents  [][]uint32 // group -> groups that contain it directly
	offsets  []uint32   // user -> first entry of memberOf; one longer than the number of users
	memberOf []uint32   // direct groups of each user, user after user
}

// NewGraph builds the graph from the direct members of each group. It takes both slices over and sorts them in
// place. Members that are no ordinal below nUsers or len(users) are dropped: they are the caller's to report.
func NewGraph(nUsers int, users, children [][]uint32) *Graph {
	g := &Graph{users: users, children: children, parents: make([][]uint32, len(users))}
	counts := make([]uint32, nUsers+1)
	var s sorter
	for i := range g.users {
		g.users[i] = s.sort(g.users[i], nUsers)
		g.children[i] = s.sort(g.children[i], len(users))
		for _, u := range g.users[i] {
			counts[u+1]++
		}
		for _, c := range g.children[i] {
			g.parents[c] = append(g.parents[c], uint32(i))
		}
	}
	for i := 1; i < len(counts); i++ {
		counts[i] += counts[i-1]
	}
	g.offsets = slices.Clone(counts)
	g.memberOf = make([]uint32, counts[nUsers])
	for i := range g.users {
		for _, u := range g.users[i] {
			g.memberOf[counts[u]] = uint32(i)
			counts[u]++
		}
	}
	return g
}

func (g *Graph) nUsers() int { return len(g.offsets) - 1 }

// Groups is the number of groups.
func (g *Graph) Groups() int { return len(g.users) }

// Users are the direct member users of a group, sorted.
func (g *Graph) Users(group uint32) []uint32 { return g.users[group] }

// Children are the groups that are direct members of a group, sorted.
func (g *Graph) Children(group uint32) []uint32 { return g.children[group] }

// Parents are the groups that contain a group directly, sorted.
func (g *Graph) Parents(group uint32) []uint32 { return g.parents[group] }

// Direct are the groups that a user is a direct member of, sorted.
func (g *Graph) Direct(user uint32) []uint32 {
	if int(user)+1 >= len(g.offsets) {
		return nil
	}
	return g.memberOf[g.offsets[user]:g.offsets[user+1]]
}

// HasUser tells whether the user is a direct member of the group.
func (g *Graph) HasUser(group, user uint32) bool {
	_, ok := slices.BinarySearch(g.users[group], user)
	return ok
}
