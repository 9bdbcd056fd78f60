// Package store is the port behind which rollcall remembers: runs and their ledger, links, mirrors of both sides, what
// waits for a person, roll calls, and who may write. Every implementation passes the suite of package storetest.
// Callers ask for the small interface that they need.
package store

import (
	"context"
	"errors"
	"iter"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/source"
)

// Store is everything that is remembered.
type Store interface {
	Runs
	Ledger
	Links
	Mirrors
	Holds
	RollCalls
	Leases
	Upkeep
	Close() error
}

// ErrFenced says that a write was refused because its writer lost the lease.
var ErrFenced = errors.New("another rollcall process has taken over this connection")

// ErrUnknown says that there is no run, hold or mirror of that name.
var ErrUnknown = errors.New("not in the store")

// Fence is a claim to write for a connection: the lease's name and token. Writes with a claim that was taken over are
// refused with ErrFenced in the same transaction.
type Fence struct {
	Connection string
	Token      int64
}

// Leases keep two writers of one connection apart.
type Leases interface {
	// Claim takes or renews the lease of a connection until now+ttl; the token rises whenever the holder changes.
	// Where somebody else holds it, ok is false and holder and until say who and how long.
	Claim(ctx context.Context, connection, holder string, now time.Time, ttl time.Duration) (f Fence, ok bool, other string, until time.Time, err error)
	// TakeOver takes the lease from a holder who is certainly gone, although it has not run out: the token rises. It is
	// for whoever knows that the process has ended. Where another one holds it by now, ok is false.
	TakeOver(ctx context.Context, connection, from, holder string, now time.Time, ttl time.Duration) (f Fence, ok bool, err error)
	Release(ctx context.Context, f Fence) error
}

// Runs are the carryings out of plans.
type Runs interface {
	BeginRun(ctx context.Context, f Fence, r ledger.Run) error
	EndRun(ctx context.Context, f Fence, r ledger.Run) error
	Runs(ctx context.Context, connection string, limit int) ([]ledger.Run, error) // the newest first; limit 0: all
	Run(ctx context.Context, id string) (ledger.Run, error)                       // ErrUnknown
}

// Ledger is the provisioning log.
type Ledger interface {
	// Intend writes intents before their requests, in one transaction, and gives their sequence numbers in order. An
	// entry whose outcome is known already, such as blocked, is written as it is and never settled.
	Intend(ctx context.Context, f Fence, entries []ledger.Entry) ([]int64, error)

	// Settle writes outcomes of intents together with everything that follows from them, in one transaction: links,
	// and what the mirror of the target must now hold. Settling what is settled already is an error.
	Settle(ctx context.Context, f Fence, done []Settlement) error

	// Open are the intents of a connection without an outcome, by sequence.
	Open(ctx context.Context, connection string) ([]ledger.Entry, error)

	// Entries searches the ledger, oldest first unless the query says otherwise.
	Entries(ctx context.Context, q Query) iter.Seq2[ledger.Entry, error]

	// Removed is what was taken away since a moment, for the limits of the sliding day. What may have been, counts; what
	// a person had let go does not, nor do records that a repair deleted.
	Removed(ctx context.Context, connection string, since time.Time) ([]plan.Removal, error)
}

// Settlement is what came of one intent. Entry carries its Seq and the outcome.
type Settlement struct {
	Entry  ledger.Entry
	Link   *Link // to be added; nil: none
	Unlink *Link // to be taken away, by its Target
	Mirror []Edit
}

// Edit is one change of the mirror of the target, as of source.Mirror.
type Edit struct {
	File   document.File
	ID     string         // of the object
	Object jsontext.Value // put; nil: see below
	Drop   bool           // the object is gone
	Add    []string       // members, ids of the same side
	Remove []string
}

// Query narrows a search of the ledger. Zero fields do not narrow.
type Query struct {
	Connection string
	Run        string
	Subject    string // id at either side, or name, of the subject or of a member; letter case does not count
	Op, Kind   string
	Outcome    ledger.Outcome
	Since      time.Time
	Until      time.Time
	After      int64 // sequence; of entries that follow
	Limit      int
	Newest     bool // the newest first
}

// Link says that a record or group at the target is ours, and whose it is.
type Link struct {
	Kind   string // plan.KindUser, plan.KindGroup
	Source string // id at the source
	Target string // id at the target
}

// Links are what is ours. A target belongs to one of the source; a user has one record. A group may have several: the
// one that a renamed group had before stays ours until it is deleted.
type Links interface {
	Links(ctx context.Context, connection string) ([]Link, error) // sorted by kind, source and target
	PutLinks(ctx context.Context, f Fence, links []Link) error    // adds; what they contradict is replaced
}

// Side is one of the two sides that are mirrored.
type Side string

// The sides.
const (
	Source Side = "source"
	Target Side = "target"
)

// Mirrors hold what both sides said, as documents.
type Mirrors interface {
	// Reading starts a reading of one side: a transaction that is kept with Keep or thrown away with Forget. A
	// target's objects are told through it as well; their members through Member.
	Reading(ctx context.Context, f Fence, side Side) (Reading, error)

	// Cursor is where the last kept reading ended, when that was, and when the last one that was told in full; zero
	// where there is none.
	Cursor(ctx context.Context, connection string, side Side) (c source.Cursor, at, full time.Time, err error)

	// Documents gives what the mirror holds, with the members of groups in them (of Entra's groups
	// {"@odata.type","id"}, of SCIM groups {"value"}), sorted by id.
	Documents(ctx context.Context, connection string, side Side, to evidence.Recorder) error
}

// Reading is a reading under way. See source.Mirror.
type Reading interface {
	source.Mirror
	Keep(ctx context.Context, c source.Cursor, at time.Time) error
	Forget() error
}

// Hold is a step, or an item of a step, that waits for a person.
type Hold struct {
	Command  string // that found it and carries it out, as of its run: apply, repair
	Run      string // in which it was found first
	Step     string // id of the step
	Item     string // id of the member; "": the step itself
	Op, Kind string //
	Subject  ledger.Subject
	Member   ledger.Member // of an item
	Code     string        // why it is held; see plan.Hold
	Text     string
	Detail   string // fingerprint of what would be done: an approval counts for nothing else
	Found    time.Time
	Approved string    // by whom; "": it waits
	Note     string    // why it was approved
	When     time.Time // of the approval
}

// Name is what Approve calls it: "step" or "step/item".
func (h *Hold) Name() string {
	if h.Item == "" {
		return h.Step
	}
	return h.Step + "/" + h.Item
}

// Holds are what waits for a person.
type Holds interface {
	// PutHolds replaces what waits on a connection for one command by what its newest plan holds; approvals of the same
	// step, item and detail stay, and so does what waits for other commands. No two commands may hold the same step.
	PutHolds(ctx context.Context, f Fence, command string, holds []Hold) error
	Holds(ctx context.Context, connection string) ([]Hold, error) // by step and item
	// Approve lets holds of a run go: the named steps or items ("step" or "step/item"), or all. It gives those that it
	// approved; naming one that does not wait is an error and approves none.
	Approve(ctx context.Context, connection, run string, items []string, by, note string, at time.Time) ([]Hold, error)
}

// RollCall is a roll call as it was made.
type RollCall struct {
	Connection string
	At         time.Time
	Counts     jsontext.Value // as `check --json` gives them
	Findings   jsontext.Value // likewise
}

// RollCalls are the roll calls so far.
type RollCalls interface {
	PutRollCall(ctx context.Context, r RollCall) error
	RollCalls(ctx context.Context, connection string, since time.Time) iter.Seq2[RollCall, error] // oldest first
}

// Keep says what is kept. Zero fields do not bound.
type Keep struct {
	Age     time.Duration // of settled entries, ended runs and roll calls
	Entries int           // most entries of the ledger, over all connections
}

// Upkeep keeps a store small and safe.
type Upkeep interface {
	Prune(ctx context.Context, now time.Time, k Keep) (removed int, err error) // never open intents, links, mirrors, holds
	Backup(ctx context.Context, path string) error                             // a copy that opens; the file must not exist
	Check(ctx context.Context) ([]string, error)                               // what is wrong with the store; empty: nothing
}
