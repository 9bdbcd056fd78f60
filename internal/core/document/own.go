package document

import "github.com/go-json-experiment/json/jsontext"

// OwnRules are the rules by which rollcall provisions: what rollcall.yaml says of scope, matching and mapping. A
// recording holds them, so that its answers are those of the moment and need no configuration.
type OwnRules struct {
	Assigned bool             `json:"assigned"` // what is assigned to the application; false: the groups below
	Groups   []OwnGroup       `json:"groups,omitzero"`
	Filters  [][]FilterClause `json:"filters,omitzero"` // AND inside, OR between; none: what was imported
	Match    []string         `json:"match,omitzero"`
	Map      []OwnMapping     `json:"map,omitzero"`
	Import   bool             `json:"import,omitzero"` // mapping and filters of the tenant's job count where nothing above says otherwise
	Schema   jsontext.Value   `json:"schema,omitzero"` // the synchronization schema that is imported instead of the tenant's
}

// OwnGroup says how groups of a name are read.
type OwnGroup struct {
	Name    string   `json:"name"`             // a pattern: * is any text, ? any one character
	Nested  string   `json:"nested,omitzero"`  // flatten, direct
	Depth   int      `json:"depth,omitzero"`   // levels of nested groups; 0: any
	Exclude []string `json:"exclude,omitzero"` // patterns
}

// OwnMapping fills a target attribute by an expression of Entra's language.
type OwnMapping struct {
	Target     string `json:"targetAttributeName"`
	Expression string `json:"expression"`
}

// OwnRun is one run of rollcall's own syncing.
type OwnRun struct {
	ID      string `json:"id"`
	Command string `json:"command"`
	Started Time   `json:"started"`
	Ended   Time   `json:"ended,omitzero"`
	State   string `json:"state"` // running, done, stopped, interrupted
	Text    string `json:"text,omitzero"`
}

// OwnEntry is the newest that rollcall's log says of one subject, or of one member of a group, where it is not that
// the change was done: it failed, was not sent, or waits for a person.
type OwnEntry struct {
	At      Time     `json:"at"`
	Run     string   `json:"run"`
	Step    string   `json:"step"`
	Op      string   `json:"op"`
	Kind    string   `json:"kind"`
	Subject OwnParty `json:"subject"`
	Member  OwnParty `json:"member,omitzero"` // of a change of a group's members
	Outcome string   `json:"outcome"`         // held, failed, stale, blocked, undone, unsure
	Code    string   `json:"code,omitzero"`   // why it waits
	Text    string   `json:"text,omitzero"`
	Status  int      `json:"status,omitzero"`
}

// OwnParty is a user or group of whom a log speaks.
type OwnParty struct {
	ID     string `json:"id"` // at Entra; at the target where Entra does not know it
	Name   string `json:"name"`
	Target string `json:"target,omitzero"`
}
