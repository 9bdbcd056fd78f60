package directory

import (
	"github.com/rollcall/rollcall/internal/core/document"
)

// State is users and groups of a target: the same type for what is wanted and what is there. Of a wanted state the
// rows are those of the source, under the source's ids, and who is not wanted has no row; of a present one they are in
// the order of their ids at the target. It is immutable.
type State struct {
	Users  *Table     // column 0 is the id; the others are target attributes
	Active []bool     // of each user
	Groups *Table     // columns GroupColumns
	Told   []bool     // of each group: its members are known
	Member [][]uint32 // group -> users, sorted

	Gaps    StateGaps
	Doubles []string // ids that were told more than once; the first was taken

	userID, groupID *Keys
}

// StateGaps say why something of a target is not known to be complete; "" where it is.
type StateGaps struct{ Users, Groups string }

// GroupColumns are the columns of the groups of a state.
var GroupColumns = []string{"id", "externalId", "displayName"}

// The places of GroupColumns.
const (
	GroupID = iota
	GroupExternalID
	GroupName
)

// User finds a user by the id of the state.
func (s *State) User(id string) (uint32, bool) { return s.userID.One(id) }

// Group finds a group by the id of the state.
func (s *State) Group(id string) (uint32, bool) { return s.groupID.One(id) }

// UserRows finds many users at a time; see Keys.Each.
func (s *State) UserRows(ids []string, rows []uint32) { s.userID.Each(ids, rows) }

// GroupRows is UserRows for groups.
func (s *State) GroupRows(ids []string, rows []uint32) { s.groupID.Each(ids, rows) }

// StateBuilder collects what is present at a target: users first, then groups. It is for one goroutine.
type StateBuilder struct {
	s      State
	users  *Rows
	active []bool
	groups *Rows
	told   []bool
	member [][]uint32
	sorter
}

// NewState starts a state. The first column must be the id.
func NewState(userColumns []string) *StateBuilder {
	return &StateBuilder{users: NewRows(0, userColumns...), groups: NewRows(0, GroupColumns...)}
}

// User takes a user: whether it is active, and the values of the columns.
func (b *StateBuilder) User(active bool, values ...document.AttributeValue) {
	b.users.Add(values...)
	b.active = append(b.active, active)
}

// Group takes a group with the ids of its members. All users must have come before. told says whether the list is
// complete; members without a user are left out.
func (b *StateBuilder) Group(id, externalID, name string, members []string, told bool) {
	b.sealUsers()
	external := document.NullValue
	if externalID != "" {
		external = document.TextValue(externalID)
	}
	b.groups.Add(document.TextValue(id), external, document.TextValue(name))
	list := b.s.userID.members(members)
	b.member = append(b.member, b.sort(list, b.s.Users.Len()))
	b.told = append(b.told, told)
}

func (b *StateBuilder) sealUsers() {
	if b.s.userID != nil {
		return
	}
	t := b.users.Table()
	order, doubles := t.byID()
	b.s.Users, b.s.Doubles = t.inOrder(order), doubles
	b.s.Active = inOrder(b.active, order)
	b.s.userID = b.s.Users.Keys(0)
	b.active = nil
}

// State ends the collection.
func (b *StateBuilder) State(gaps StateGaps) *State {
	b.sealUsers()
	s := &b.s
	t := b.groups.Table()
	order, doubles := t.byID()
	s.Groups, s.Doubles = t.inOrder(order), append(s.Doubles, doubles...)
	s.Told, s.Member, s.Gaps = inOrder(b.told, order), inOrder(b.member, order), gaps
	s.groupID = s.Groups.Keys(0)
	b.told, b.member = nil, nil
	return s
}

func inOrder[T any](list []T, order []uint32) []T {
	out := make([]T, len(order))
	for i, row := range order {
		out[i] = list[row]
	}
	return out
}
