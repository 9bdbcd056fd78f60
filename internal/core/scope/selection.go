package scope

// Standing says whether a user or group of the source is in scope, and if not, why.
type Standing uint8

// The standings.
const (
	NotAssigned Standing = iota // nothing leads the user or group in
	In
	Disabled   // led in, but disabled in the source
	Filtered   // led in, but a scoping filter keeps it out
	Excluded   // a group that the rules exclude
	Foreign    // led in, but the address is of a domain that is not synced (Guard's connector)
	NotGroups  // groups are not provisioned
	NotSettled // what decides it was not told
)

// leads tells whether a group of this standing brings its users into scope.
func (s Standing) leads() bool { return s == In || s == NotSettled || s == Filtered }

// NoGroup stands for no group.
const NoGroup = ^uint32(0)

// Selection says who is in scope, and through what. Its indexes are the rows of the snapshot.
type Selection struct {
	Users   []Standing
	Through []uint32 // of each user: the group in scope, or filtered out of it, that leads it in, a direct one first; NoGroup: assigned itself, or nothing
	Groups  []Standing
	Member  [][]uint32 // of each group in scope: the users it should have, sorted, whatever their standing

	// Incomplete says of a group in scope why further members may exist that are not in Member.
	Incomplete map[uint32]string

	// Unsettled says why users or groups may be in scope although nothing shows it; "" where everything was told.
	UnsettledUsers, UnsettledGroups string

	barred barred
}
