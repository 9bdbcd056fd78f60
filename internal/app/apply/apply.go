// Package apply carries out the steps of a plan. One step is one request, or as few as the target takes for many
// members; before a request its intent is in the ledger, after it what came of it. Something that fails never stops the
// rest, except where it concerns everything: a key that is no longer taken, a service that does not answer at all.
//
// It decides nothing about people: what waits for a person, and what needs what, the plan says.
package apply

import (
	"context"
	"iter"
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Target is what a run needs of a target.
type Target interface {
	Do(ctx context.Context, c target.Change) (target.Receipt, error)
	Confirm(ctx context.Context, c target.Change) (target.Receipt, target.Confirmation, error)
}

// Ledger is what a run needs of a store.
type Ledger interface {
	Intend(ctx context.Context, f store.Fence, entries []ledger.Entry) ([]int64, error)
	Settle(ctx context.Context, f store.Fence, done []store.Settlement) error
}

// Run says how a plan is carried out. Target, Ledger and ID are required.
type Run struct {
	ID     string // of the run
	Fence  store.Fence
	Target Target
	Ledger Ledger
	Can    target.Abilities

	// Approved tells who let a held step, or a held item of a step, go; "": nobody. item is nil for the step itself.
	Approved func(s *plan.Step, item *plan.Item) string

	// Account gives the account that a record is linked to; "": none. Authentication policies take accounts.
	Account func(record string) string

	// Still is asked right before a request: its error says that somebody else may write by now, and ends the run. May be
	// nil.
	Still func(context.Context) error

	Workers  int // changes that are under way at a time; 0: 32
	Retries  int // rounds in which what failed for the moment is tried again; 0: 3, below 0: none
	Progress func(Progress)

	Now   func() time.Time
	Sleep func(context.Context, time.Duration) error
}

// Progress is how far a run has come.
type Progress struct {
	Stage       string // what is being done: "users", "groups", …
	Done, Total int    // changes of the whole run
	Failed      int
}

// Result is what came of a run.
type Result struct {
	Counts  ledger.Counts
	Stopped error // why the rest was not tried; nil: it was
	Left    int   // changes that were not reached then; of memberships every member counts

	// Doubt are objects of the target of which the mirror may not hold what is there: they must be read before the next
	// plan.
	Doubt target.Want
}

// Do carries out the steps. Its error says that the ledger could not be written, and then nothing more was sent.
func (r *Run) Do(ctx context.Context, steps iter.Seq[plan.Step]) (Result, error) {
	r.defaults()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	x := &runner{Run: *r, made: map[string]outcome{}, partly: map[string]bool{}}
	x.journal = newJournal(ctx, r.Ledger, r.Fence, cancel)
	todo := x.sort(steps)
	for _, s := range todo.stages() {
		x.stage(ctx, s)
	}
	err := x.journal.close()
	return x.result(), err
}

func (r *Run) defaults() {
	if r.Workers == 0 {
		r.Workers = 32
	}
	if r.Retries == 0 {
		r.Retries = 3
	}
	if r.Now == nil {
		r.Now = time.Now
	}
	if r.Sleep == nil {
		r.Sleep = wire.Sleep
	}
	if r.Approved == nil {
		r.Approved = func(*plan.Step, *plan.Item) string { return "" }
	}
	if r.Account == nil {
		r.Account = func(string) string { return "" }
	}
	if r.Still == nil {
		r.Still = func(context.Context) error { return nil }
	}
	if r.Progress == nil {
		r.Progress = func(Progress) {}
	}
}
