// Package largest makes up a directory of the largest size that the planner is built for, and a target that holds all of
// it, nearly all or nothing. The same size and seed give the same directory. Both sides are fed to their builders row
// by row and can be built side by side; what the package itself holds are the ids and three numbers for each group.
//
// Users stand on a circle. A group's members, nested ones included, are a stretch of it, so that everybody whom nesting
// leads in is known without following it; the ids are random, so that in the order of ids the same members lie
// anywhere. Sizes are skewed: one group holds everybody, the next ones half, a third, a quarter of the one after it,
// most hold a handful.
package largest

import "errors"

// Size says how large the directory is.
type Size struct {
	Users       int
	Groups      int
	Memberships int // flattened, of all groups; what is made is at most this and at most 2 % less
	Depth       int // levels of groups inside groups
	Seed        uint64
}

// The sizes of docs/performance.md: the largest directory that Atlassian takes, and the one that the peers were
// measured with.
var (
	Largest = Size{Users: 1_000_000, Groups: 250_000, Memberships: 8_000_000, Depth: 8, Seed: 1}
	Peers   = Size{Users: 10_000, Groups: 1_000, Memberships: 100_000, Depth: 8, Seed: 1}
)

// Case says how the target differs from what is wanted. The zero Case is a target that holds exactly that.
type Case struct {
	Empty       bool
	OneUserIn   int // one attribute of one user in so many has an old value; 0: of nobody
	OneMemberIn int // one membership in so many is missing, or there is one too many, in turn; 0: none
}

// The cases of docs/performance.md.
var (
	Equal   = Case{}
	Changed = Case{OneUserIn: 1000, OneMemberIn: 1000}
	Empty   = Case{Empty: true}
)

// Drift is what a plan has to find.
type Drift struct{ Users, Missing, Extra int }

// ErrSize says that a directory of that size cannot be made: too few memberships for so many groups, or too few users
// for so many memberships.
var ErrSize = errors.New("no directory has this size")
