package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/mapping"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// Compute gives the plan. It fails only where nothing can be said at all: nesting that leads to more memberships than
// any target takes.
func Compute(in Input) (*Plan, error) {
	p := &planner{Plan: &Plan{
		At: in.At, Connection: in.Rules.Connection, Method: in.Rules.Method, in: in,
		notes: map[subject]string{}, heldUsers: map[uint32]Hold{}, filled: map[uint32]bool{}, replaces: map[uint32]bool{}, conflicts: map[uint32]*Conflict{},
	}, adopted: map[uint32]Reason{}, adoptedGroups: map[uint32]bool{}, claimed: map[uint32]uint32{}, adoptAt: map[uint32]int{}, renamed: map[uint32]Hold{}, told: map[string]bool{}, otherCase: map[uint32]bool{}}
	sums := p.startDigests()
	var err error
	p.stage("scope")
	if p.sel, err = scope.Select(in.Source, &in.Rules.Scope); err != nil {
		return nil, fmt.Errorf("planning %s: %w", in.Rules.Connection, err)
	}
	if n := len(in.Rules.Mapping.User.Columns()); n > maxColumns {
		return nil, fmt.Errorf("planning %s: %d attributes are mapped, more than %d", in.Rules.Connection, n, maxColumns)
	}
	p.stage("mapping")
	p.want = mapping.Want(in.Source, p.sel, &in.Rules.Mapping)
	p.stage("matching")
	p.match()
	p.stage("plan")
	p.prepare()
	p.findContradictions()
	p.judgeUsers()
	p.metMore()
	p.judgeGroups()
	p.judgeMembers()
	p.judgePolicies()
	p.forecast()
	p.order()
	p.guard()
	p.finish(sums)
	return p.Plan, nil
}

// maxColumns bounds the mapped attributes: which of them change is kept in the bits of one number.
const maxColumns = 64

// planner is a plan that is being computed.
type planner struct {
	*Plan
	have    *directory.State
	columns []mapping.Column
	email   int      // the column of the address; -1: nothing fills it
	changed []uint64 // of each user in scope with a record: bit i: column i differs

	holders                          holders
	met                              int               // somebody new whose address an account has
	contradicted, contradictedGroups map[uint32]uint32 // wanted ones whose linked record carries the id of another, and that other
	told                             map[string]bool   // gaps that stand in the plan already
	otherCase                        map[uint32]bool   // records whose id differs from that of somebody in letter case alone
	adopted                          map[uint32]Reason // old records that a person may let us take over, and why they are not paired
	adoptedGroups                    map[uint32]bool   // likewise groups of the target
	claimed                          map[uint32]uint32 // users of the source -> the record that a person may give them
	adoptAt                          map[uint32]int    // groups of the source -> the place of their step in adopts
	renamed                          map[uint32]Hold   // groups of the source that get a new group, and why it waits
	adopts                           []step
	deactivates                      []step
	others                           [opDelete + 1][]step // by operation
	fills                            []step
	policies                         []step
}

func (p *planner) stage(name string) {
	if p.in.Stage != nil {
		p.in.Stage(name)
	}
}

func (p *planner) prepare() {
	s := p.in.Source
	p.userReason, p.groupReason = make([]Reason, s.Users.Len()), make([]Reason, s.Groups.Len())
	p.recordReason, p.thereReason = make([]Reason, p.have.Users.Len()), make([]Reason, p.have.Groups.Len())
	p.made, p.madeFor = make([]op, s.Users.Len()), make([]op, s.Groups.Len())
	p.holders.columns = slices.DeleteFunc([]int{p.column("username"), p.email}, func(c int) bool { return c <= 0 })
	p.makeRoom()
	p.noteGaps()
	p.noteRules()
}

// makeRoom makes room for the steps that a first plan has by the million.
func (p *planner) makeRoom() {
	users, groups := 0, 0
	for u, standing := range p.sel.Users {
		if standing == scope.In && p.users.Present[u] == match.None {
			users++
		}
	}
	for g, standing := range p.sel.Groups {
		if standing == scope.In && p.groups.Present[g] == match.None {
			groups++
		}
	}
	p.others[opCreate], p.others[opAdd] = make([]step, 0, users+groups), make([]step, 0, groups)
}

// order puts the steps into the order in which they are carried out: first who appears, then what they belong to, then
// what is taken away.
func (p *planner) order() {
	p.steps = slices.Concat(p.adopts, p.others[opCreate], p.others[opUpdate], p.others[opReactivate], p.others[opAdd], p.fills, p.policies, p.others[opRemove], p.deactivates, p.others[opDelete])
	p.adopts, p.deactivates, p.fills, p.policies = nil, nil, nil, nil
	p.others = [opDelete + 1][]step{}
}

func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
