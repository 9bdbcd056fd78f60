// Package ledger holds the types of rollcall's provisioning log: runs, and entries that say of one change what was
// intended, why, and what came of it. An entry is written as an intent before its request and gets its outcome after;
// it is never changed otherwise. Package store keeps them.
package ledger

import (
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// Outcome is what came of a change.
type Outcome string

// The outcomes.
const (
	Intended Outcome = "intended" // written before the request; still so after a crash: ask the target
	Done     Outcome = "done"
	Failed   Outcome = "failed"
	Stale    Outcome = "stale"   // old values no longer held; not sent
	Blocked  Outcome = "blocked" // needs a change that was not carried out; not sent
	Held     Outcome = "held"    // waits for a person; not sent
	Undone   Outcome = "undone"  // was interrupted, and the target says that it was not carried out
	Unsure   Outcome = "unsure"  // was interrupted, and the target cannot say; a person should look
)

// Run is one carrying out of a plan.
type Run struct {
	ID         string    `json:"id"` // sorts by time
	Connection string    `json:"connection"`
	Command    string    `json:"command"` // apply, repair, serve
	Plan       string    `json:"plan"`    // id of the plan
	By         string    `json:"by"`      // who started it
	Started    time.Time `json:"started"`
	Ended      time.Time `json:"ended,omitzero"`
	State      RunState  `json:"state"`
	Text       string    `json:"text,omitempty"` // why it failed or stopped
	Counts     Counts    `json:"counts"`
}

// RunState is how far a run has come.
type RunState string

// The states.
const (
	Running     RunState = "running"
	Ended       RunState = "done"        // everything that could be done was
	Stopped     RunState = "stopped"     // by a person or by a fault that concerns everything
	Interrupted RunState = "interrupted" // it ended without a word: killed
)

// Counts are changes by outcome; of memberships every member counts.
type Counts struct {
	Done    int `json:"done"`
	Failed  int `json:"failed"`
	Stale   int `json:"stale"`
	Blocked int `json:"blocked"`
	Held    int `json:"held"`
}

// Entry is one change: one request to the target, or a step that needs none.
type Entry struct {
	Seq  int64  `json:"seq"` // by the store; rises within a connection
	Run  string `json:"run"`
	Step string `json:"step"` // id of the plan's step; a request may carry several, then the first
	Op   string `json:"op"`
	Kind string `json:"kind"`

	Subject Subject        `json:"subject"`
	Fields  jsontext.Value `json:"fields,omitempty"` // [{path, old, new}] as in a plan
	Add     []Member       `json:"add,omitempty"`
	Remove  []Member       `json:"remove,omitempty"`
	Reason  string         `json:"reason"` // code of the plan's closed list
	Why     string         `json:"why"`    // in words

	At       time.Time     `json:"at"`            // of the intent
	Took     time.Duration `json:"took,omitzero"` // nanoseconds in JSON
	Outcome  Outcome       `json:"outcome"`
	Class    string        `json:"class,omitempty"` // of a failure: transient, permanent, person
	Text     string        `json:"text,omitempty"`  // what the target said, or why it was not sent
	Status   int           `json:"status,omitempty"`
	Request  string        `json:"request_id,omitempty"`
	Approved string        `json:"approved,omitempty"` // who let it go, where it was held
	Allowed  int           `json:"allowed,omitzero"`   // of what it takes away, how much a person had let go: limits count the rest
}

// Subject is whom an entry is about.
type Subject struct {
	ID     string `json:"id"` // at the source; at the target where the source does not know it
	Name   string `json:"name"`
	Target string `json:"target,omitempty"` // id at the target
}

// Member is somebody who is added or taken out.
type Member struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Target string `json:"target,omitempty"`
}
