package plan

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Plan is what would change. It is immutable.
type Plan struct {
	ID         string // a digest of everything it was computed from
	At         time.Time
	Connection string
	Method     string
	Digests    Digests
	Guards     []Guard
	Gaps       []string // what was not told, so that the plan is not complete; empty: it is
	Notes      []string // what could not be computed and is left alone
	Counts     Counts

	in     Input
	sel    *scope.Selection
	want   *mapping.Wanted
	users  *match.Pairs
	groups *match.Pairs
	steps  []step

	userReason   []Reason // by ordinal of the source
	recordReason []Reason // by ordinal of the target, of records that are nobody's
	groupReason  []Reason
	thereReason  []Reason // groups of the target that are nobody's
	notes        map[subject]string
	memberships  []membership // memberships that wait or are not known, by group and user

	made      []op                 // of each user of the source, 1 + the step that gives it a record: create or adopt; 0: it has one, or gets none
	madeFor   []op                 // likewise of groups
	filled    map[uint32]bool      // groups of the source whose new group, after a rename, is filled
	replaces  map[uint32]bool      // groups of the source that replaced another: whether members are still to be added
	heldUsers map[uint32]Hold      // users of the source whose record waits for a person
	conflicts map[uint32]*Conflict // by group of the source
}

// subject is a key of notes: a user or group of either side.
type subject struct {
	kind uint8
	at   uint32
}

// membership is one that is wanted, or there, and about which nothing is done.
type membership struct {
	group, user uint32 // of the source; of the target where kind says so
	reason      Reason
	there       bool // user is a record of the target
}

// Digests tell what a plan was computed from.
type Digests struct {
	Source string `json:"source"`
	Target string `json:"target"`
	Rules  string `json:"rules"`
}

// Counts sum a plan up.
type Counts struct {
	Creates      int `json:"creates"` // users
	Adopts       int `json:"adopts"`  // users and groups
	Updates      int `json:"updates"`
	Reactivates  int `json:"reactivates"`
	Deactivates  int `json:"deactivates"`
	Groups       int `json:"groups"`        // created
	GroupDeletes int `json:"group_deletes"` // all of them held
	Adds         int `json:"adds"`          // memberships
	Removes      int `json:"removes"`
	Policies     int `json:"policies"` // accounts that get another authentication policy
	Held         int `json:"held"`     // of all these, what waits for a person: users, groups, memberships
}

// Changes tells whether there is anything to do, at the target or in what is written down.
func (p *Plan) Changes() bool { return len(p.steps) > 0 }

// Complete tells whether everything that decides was told.
func (p *Plan) Complete() bool { return len(p.Gaps) == 0 }

// Rules are the rules that the plan was computed by.
func (p *Plan) Rules() *Rules { return &p.in.Rules }
