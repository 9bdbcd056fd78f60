package directory

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Snapshot is what a source said at a moment: users, groups, who is inside which group, who is assigned, and what could
// not be read. Users and groups are in the order of their ids, so that the same directory gives the same snapshot in
// whatever order it was read. It is immutable.
type Snapshot struct {
	Users  *Table // column 0 is the id; the others are source attributes
	Groups *Table // likewise; column 1 is the display name
	Graph  *Graph // its ordinals are the rows of Users and Groups

	Incomplete map[uint32]string // group -> why its list of direct members is not known to be complete

	All            bool     // everybody is assigned
	AssignedUsers  []uint32 // sorted
	AssignedGroups []uint32 // sorted
	Deleted        []string // folded ids of soft-deleted users, sorted

	Named []string // folded ids of users whom groups or assignments name, and of whom nothing was told; sorted: they are not gone

	Gaps    Gaps
	Doubles []string // ids of users and groups that were told more than once; the first was taken

	userID, groupID *Keys
}

// Gaps say why something as a whole is not known to be complete; "" where it is. What a gap could hide is never taken
// for absent.
type Gaps struct {
	Users       string // there may be users of whom nothing was told
	Groups      string // likewise groups
	Assignments string // who is assigned was not told, or not fully
}

// User finds a user by id.
func (s *Snapshot) User(id string) (uint32, bool) { return s.userID.One(id) }

// Group finds a group by id.
func (s *Snapshot) Group(id string) (uint32, bool) { return s.groupID.One(id) }

// UserRows finds many users at a time; see Keys.Each.
func (s *Snapshot) UserRows(ids []string, rows []uint32) { s.userID.Each(ids, rows) }

// GroupRows is UserRows for groups.
func (s *Snapshot) GroupRows(ids []string, rows []uint32) { s.groupID.Each(ids, rows) }

// SoftDeleted tells whether the id is that of a soft-deleted user.
func (s *Snapshot) SoftDeleted(id string) bool {
	_, ok := slices.BinarySearch(s.Deleted, document.Fold(id))
	return ok
}

// IsNamed tells whether a group or an assignment names the user of whom nothing was told.
func (s *Snapshot) IsNamed(id string) bool {
	_, ok := slices.BinarySearch(s.Named, document.Fold(id))
	return ok
}

// SnapshotBuilder collects a snapshot: users first, then groups with their members, then who is assigned. It is for
// one goroutine.
type SnapshotBuilder struct {
	s             Snapshot
	users, groups *Rows

	members [][]uint32 // of each group in the order of arrival
	nested  [][]string
	why     []string
}

// NewSnapshot starts a snapshot. The first column of both must be the id, the second of groups the display name.
func NewSnapshot(userColumns, groupColumns []string) *SnapshotBuilder {
	return &SnapshotBuilder{users: NewRows(0, userColumns...), groups: NewRows(0, groupColumns...)}
}

// User takes a user: the values of the columns.
func (b *SnapshotBuilder) User(values ...document.AttributeValue) { b.users.Add(values...) }

// Group takes a group and its direct members. All users must have come before the first group. users and groups are
// ids; a user who did not come is not known and makes no difference. incomplete says why there may be further members,
// "" where there are none.
func (b *SnapshotBuilder) Group(values []document.AttributeValue, users, groups []string, incomplete string) {
	b.sealUsers()
	b.groups.Add(values...)
	b.members = append(b.members, b.s.userID.members(users))
	b.nested = append(b.nested, slices.Clone(groups))
	b.why = append(b.why, incomplete)
}

func (b *SnapshotBuilder) sealUsers() {
	if b.s.userID == nil {
		b.s.Users, b.s.Doubles = sorted(b.users.Table(), b.s.Doubles)
		b.s.userID = b.s.Users.Keys(0)
	}
}

func sorted(t *Table, doubles []string) (*Table, []string) {
	order, more := t.byID()
	return t.inOrder(order), append(doubles, more...)
}

// Named takes ids that the source names somewhere. Those of users who came make no difference.
func (b *SnapshotBuilder) Named(ids ...string) {
	b.sealUsers()
	for _, id := range ids {
		if _, told := b.s.userID.One(id); !told {
			b.s.Named = append(b.s.Named, document.Fold(id))
		}
	}
}

// Assigned says who is assigned to the application.
type Assigned struct {
	All           bool
	Users, Groups []string // ids
}

// Snapshot ends the collection: nested groups are resolved, and a group that contains one of which nothing was told
// is incomplete.
func (b *SnapshotBuilder) Snapshot(assigned Assigned, deleted []string, gaps Gaps) *Snapshot {
	b.sealUsers()
	s := &b.s
	arrived := b.groups.Table()
	order, doubles := arrived.byID()
	s.Groups, s.Doubles = arrived.inOrder(order), append(s.Doubles, doubles...)
	s.groupID = s.Groups.Keys(0)
	s.Gaps, s.All, s.Incomplete = gaps, assigned.All, map[uint32]string{}
	users, children := make([][]uint32, len(order)), make([][]uint32, len(order))
	for g, row := range order {
		users[g] = b.members[row]
		if b.why[row] != "" {
			s.Incomplete[uint32(g)] = b.why[row]
		}
		slices.Sort(b.nested[row]) // the reason names the first that is not known, in whatever order they came
		for _, id := range b.nested[row] {
			if child, ok := s.groupID.One(id); ok {
				children[g] = append(children[g], child)
			} else if s.Incomplete[uint32(g)] == "" {
				s.Incomplete[uint32(g)] = "it contains the group " + id + ", of which nothing was told"
			}
		}
	}
	s.Graph = NewGraph(s.Users.Len(), users, children)
	s.AssignedUsers, s.AssignedGroups = ordinals(assigned.Users, s.userID), ordinals(assigned.Groups, s.groupID)
	for _, id := range deleted {
		s.Deleted = append(s.Deleted, document.Fold(id))
	}
	b.Named(assigned.Users...)
	slices.Sort(s.Named)
	s.Named = slices.Compact(s.Named)
	slices.Sort(s.Deleted)
	s.Deleted = slices.Compact(s.Deleted)
	b.members, b.nested, b.why = nil, nil, nil
	return s
}

func ordinals(ids []string, in *Keys) []uint32 {
	var out []uint32
	for _, id := range ids {
		if row, ok := in.One(id); ok {
			out = append(out, row)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}
