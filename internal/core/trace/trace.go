// Package trace follows one subject (a user, a group, or a user in a group) through the ten hops from Entra to
// Jira and names the cause that the facts prove. A trace is a value computed from a world of facts: no clock, no
// network, no log. It words hops and evidence; the wording of causes and their fixes belongs to package cause.
package trace

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
)

// Verdict says whether a subject is where it should be.
type Verdict string

// The verdicts.
const (
	Present Verdict = "present" // everywhere it should be
	Missing Verdict = "missing" // the record or an expected membership is absent
	Wrong   Verdict = "wrong"   // there, with wrong values, state, links, policy or product
	Unknown Verdict = "unknown" // facts are missing
	Extra   Verdict = "extra"   // active at the target though it should not be
)

// Status is how a hop went.
type Status string

// The statuses.
const (
	Pass     Status = "pass"
	Fail     Status = "fail"
	Follows  Status = "follows" // red, but explained by the cause found elsewhere
	NotKnown Status = "unknown" // the facts were not there; the evidence says which call or file would show them
	Skipped  Status = "skipped" // does not apply
)

// Subject is whom a trace is about.
type Subject struct {
	Kind  string `json:"kind"` // user, group, membership
	ID    string `json:"id"`   // Entra's object id; else the SCIM id, else the account id
	Name  string `json:"name"` // userPrincipalName or displayName
	Group string `json:"group,omitzero"`

	Display string `json:"-"` // what people call them
}

// Evidence is a fact and where it was seen: an API path or a bundle file.
type Evidence struct {
	Seen string `json:"seen"`
	Fact string `json:"fact"`
}

// Hop is one station.
type Hop struct {
	Hop      cause.Hop  `json:"hop"`
	Status   Status     `json:"status"`
	Summary  string     `json:"summary"`
	Cause    cause.Code `json:"cause,omitzero"`
	Evidence []Evidence `json:"evidence"`
}

// Alternative is a cause that fits the same facts, with what would tell it apart.
type Alternative struct {
	Cause     cause.Code `json:"cause"`
	TellApart string     `json:"tell_apart"`
}

// Trace is the answer to "why" for one subject.
type Trace struct {
	Subject      Subject       `json:"subject"`
	Verdict      Verdict       `json:"verdict"`
	Cause        cause.Code    `json:"cause,omitzero"`
	Family       cause.Family  `json:"family,omitzero"`
	Also         []cause.Code  `json:"also"`
	Hops         []Hop         `json:"hops"`
	Fix          []string      `json:"fix"`
	Alternatives []Alternative `json:"alternatives"`

	Summary string `json:"summary"` // the answer in one sentence

	Values map[cause.Code]map[string]string `json:"-"` // what the placeholders of the named causes' fixes stand for, where the proof tells
}

// Finding is one line of a roll call: a subject that is not as it should be.
type Finding struct {
	Subject  Subject      `json:"subject"`
	Verdict  Verdict      `json:"verdict"`
	Cause    cause.Code   `json:"cause"`
	Family   cause.Family `json:"family"`
	Hop      cause.Hop    `json:"hop"`
	Evidence []Evidence   `json:"evidence"`
	Fix      []string     `json:"fix"`
	Also     []cause.Code `json:"also"`

	Summary string `json:"summary"`
}

// Counts count people.
type Counts struct {
	Expected int `json:"expected"`
	Present  int `json:"present"`
	Missing  int `json:"missing"`
	Wrong    int `json:"wrong"`
	Unknown  int `json:"unknown"`
	Extra    int `json:"extra"` // beside the expected
}

// RollCall is the answer to "check".
type RollCall struct {
	Connection string    `json:"connection"`
	Method     string    `json:"method"`
	At         time.Time `json:"at"`
	Counts     Counts    `json:"counts"`
	Findings   []Finding `json:"findings"`

	// Unscoped says why it cannot be told who should be there; empty where it can.
	Unscoped string `json:"-"`

	Notes []string `json:"notes"` // what could not be told for everybody, and oddities of the documents
}
