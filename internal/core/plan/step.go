package plan

import (
	"iter"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Op is what a step does.
type Op string

// The operations.
const (
	Create        Op = "create"
	Adopt         Op = "adopt" // writes down that a record or group belongs to one of the source; nothing is sent
	Update        Op = "update"
	Deactivate    Op = "deactivate"
	Reactivate    Op = "reactivate"
	Delete        Op = "delete"
	AddMembers    Op = "add-members"
	RemoveMembers Op = "remove-members"
)

// The kinds of subject.
const (
	KindUser   = "user"
	KindGroup  = "group"
	KindPolicy = "policy"
)

// Step is one change of the plan.
type Step struct {
	ID       string    `json:"id"`
	Op       Op        `json:"op"`
	Kind     string    `json:"kind"`
	Subject  Subject   `json:"subject"`
	Fields   []Field   `json:"fields"`
	Items    []Item    `json:"items,omitempty"` // of a membership step
	Reason   string    `json:"reason"`
	Why      string    `json:"why"`
	Needs    []string  `json:"needs"`
	Held     *Held     `json:"held,omitempty"`
	Conflict *Conflict `json:"conflict,omitempty"`
}

// Subject is whom a step or a verdict is about.
type Subject struct {
	Kind   string `json:"kind"`
	ID     string `json:"id"`               // at the source; at the target where the source does not know it
	Name   string `json:"name"`             // userPrincipalName or displayName
	Target string `json:"target,omitempty"` // id at the target, where there is one
	Group  string `json:"group,omitempty"`  // of a membership
}

// Field is one value that changes. An absent old or new value is null.
type Field struct {
	Path string                  `json:"path"`
	Old  document.AttributeValue `json:"-"`
	New  document.AttributeValue `json:"-"`
}

// Item is a member that is added or taken out.
type Item struct {
	ID     string `json:"id"` // at the source; at the target where the source does not know it
	Name   string `json:"name"`
	Target string `json:"target,omitempty"`
	Reason string `json:"reason,omitempty"` // where it is not the step's
	Needs  string `json:"needs,omitempty"`  // the step that makes the member's record
	Held   *Held  `json:"held,omitempty"`
}

// Held says why a step or an item waits for a person.
type Held struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Conflict is what taking over a group of the organization would do to its members.
type Conflict struct {
	Name    string   `json:"name"`
	Told    bool     `json:"told"` // the group's members are known
	Adds    int      `json:"adds"`
	Removes []string `json:"removes"` // who is in it now and would not be
}

// step is a Step as it is computed: ordinals instead of text, so that a million of them are a few dozen megabytes.
type step struct {
	op     op
	reason Reason
	hold   Hold
	kind   uint8
	source uint32   // ordinal at the source, or none
	target uint32   // ordinal at the target, or none
	fields uint64   // bit i: column i changes
	items  []uint32 // adds: ordinals of the source; removals: of the target
	notes  []note   // of items, where one is held or has a reason of its own; as long as items, or nil
}

type note struct {
	reason Reason
	hold   Hold
}

// noted is the notes of n items and of one more. As long as there is nothing to say of any there are none.
func noted(notes []note, n int, one note) []note {
	if notes == nil && one == (note{}) {
		return nil
	}
	return append(grown(notes, n), one)
}

// holdRest holds those of n items that nothing holds yet.
func holdRest(notes []note, n int, hold Hold) []note {
	notes = grown(notes, n)
	for i := range notes {
		if notes[i].hold == NotHeld {
			notes[i].hold = hold
		}
	}
	return notes
}

func grown(notes []note, n int) []note {
	for len(notes) < n {
		notes = append(notes, note{})
	}
	return notes
}

type op uint8

const (
	opCreate op = iota
	opAdopt
	opUpdate
	opReactivate
	opAdd
	opRemove
	opDeactivate
	opDelete
)

var ops = [...]Op{opCreate: Create, opAdopt: Adopt, opUpdate: Update, opReactivate: Reactivate, opAdd: AddMembers, opRemove: RemoveMembers, opDeactivate: Deactivate, opDelete: Delete}

const (
	kindUser uint8 = iota
	kindGroup
	kindPolicy
	kindFill // the members of a group that replaces another
)

const none = ^uint32(0)

// Steps are the steps in the order in which they are carried out. Each is made when it is asked for.
func (p *Plan) Steps() iter.Seq[Step] {
	return func(yield func(Step) bool) {
		t := p.teller()
		for i := range p.steps {
			if !yield(t.step(&p.steps[i])) {
				return
			}
		}
	}
}
