package apply

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// state is how far a step has come, for those that need it.
type state int

const (
	waits   state = iota + 1 // for a person
	carried                  // carried out
	failed
	blocked
)

type outcome struct {
	state state
	id    string // at the target, of what was made
}

type runner struct {
	Run
	journal *journal

	mu     sync.Mutex
	made   map[string]outcome // by step
	partly map[string]bool    // steps of which some members are left out
	counts ledger.Counts
	doubt  target.Want
	total  int
	done   int
	row    int // failures for the moment, one after the other, without a success in between
	halt   error
	missed int           // changes that were not reached before it
	pause  time.Duration // the longest that the service asked for in this round
}

// tooMany failures for the moment in a row mean that the service does not answer at all.
const tooMany = 64

// stage carries out the units of one stage side by side. What failed for the moment is tried again when the others are
// done; what needs this stage then knows what came of it.
func (x *runner) stage(ctx context.Context, s stage) {
	left := s.units
	for round := 0; len(left) > 0; round++ {
		last := round >= x.Retries
		again := x.round(ctx, s.name, left, last)
		if len(again) == 0 || last {
			return
		}
		x.mu.Lock()
		pause := max(x.pause, time.Duration(1<<round)*2*time.Second)
		x.pause = 0
		x.mu.Unlock()
		if x.halted(ctx) == nil {
			_ = x.Sleep(ctx, pause) // an end of the wait is seen below
		}
		left = again
	}
}

func (x *runner) round(ctx context.Context, name string, units []*unit, last bool) (again []*unit) {
	jobs := make(chan *unit)
	var workers sync.WaitGroup
	var mu sync.Mutex
	for range min(x.Workers, len(units)) {
		workers.Go(func() {
			for u := range jobs {
				if !x.unit(ctx, u, last) {
					mu.Lock()
					again = append(again, u)
					mu.Unlock()
				} else {
					x.report(name, len(u.steps))
				}
			}
		})
	}
	for _, u := range units {
		jobs <- u
	}
	close(jobs)
	workers.Wait()
	return again
}

func (x *runner) report(name string, steps int) {
	x.mu.Lock()
	x.done += steps
	p := Progress{Stage: name, Done: x.done, Total: x.total, Failed: x.counts.Failed}
	x.mu.Unlock()
	x.Progress(p)
}

// halted says why nothing more may be sent; nil: it may.
func (x *runner) halted(ctx context.Context) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.halt == nil && ctx.Err() != nil {
		x.halt = context.Cause(ctx)
	}
	return x.halt
}

func (x *runner) goesOn(ctx context.Context) bool { return x.halted(ctx) == nil }

// unreached counts what is left when a run was stopped. Nothing was tried, and the ledger has no word of it.
func (x *runner) unreached(n int) {
	x.mu.Lock()
	x.missed += n
	x.mu.Unlock()
}

func (x *runner) result() Result {
	x.mu.Lock()
	defer x.mu.Unlock()
	return Result{Counts: x.counts, Stopped: x.halt, Left: x.missed, Doubt: x.doubt}
}

// missing tells what a unit needs that was not carried out.
func (x *runner) missing(s *plan.Step) (why string, wait bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, need := range s.Needs {
		switch got, known := x.made[need]; {
		case !known: // not in what is carried out: it was left out when the plan was narrowed
			return "needs " + need + ", which is not part of this run", false
		case got.state == waits:
			return "needs " + need + ", which waits for a person", true
		case got.state != carried:
			return "needs " + need + ", which was not carried out", false
		}
	}
	return "", false
}

func (x *runner) mark(s state, id string, steps ...plan.Step) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for i := range steps {
		x.made[steps[i].ID] = outcome{s, id}
	}
}

// send carries out one change, entry first. again: it failed for the moment and may be tried once more.
func (x *runner) send(ctx context.Context, e ledger.Entry, c target.Change, last bool) (got target.Receipt, ok, again bool, fault *target.Error) {
	if !x.goesOn(ctx) {
		n := weight(&e)
		if e.Op == string(plan.Create) {
			n = 1 // the members that it would have come with count when it is known that it does not come
		}
		x.unreached(n)
		return got, false, false, nil
	}
	e.Run, e.At, e.Outcome = x.ID, x.Now(), ledger.Intended
	var written bool
	if e.Seq, written = x.journal.intend(e); !written {
		return got, false, false, nil
	}
	got, err := x.do(ctx, c)
	for tries := 0; err != nil && lost(err); tries++ {
		if got, err = x.confirm(ctx, c, err, tries); err == nil && got.Text == "" {
			got.Text = "the answer was lost; the target says that it was carried out"
		}
	}
	e.Took = x.Now().Sub(e.At)
	if err == nil {
		e.Outcome, e.Status, e.Request, e.Text = ledger.Done, got.Status, got.RequestID, got.Text
		if e.Subject.Target == "" {
			e.Subject.Target = got.ID
		}
		x.journal.settle(settlement(e, c, got))
		x.mu.Lock()
		x.counts.Done += weight(&e)
		x.row = 0
		if got.Object == nil && c.Kind == plan.KindUser && c.Op != plan.Delete {
			x.doubt.Users = append(x.doubt.Users, got.ID)
		}
		x.mu.Unlock()
		return got, true, false, nil
	}
	fault = asFault(err)
	e.Outcome, e.Class, e.Text, e.Status, e.Request = ledger.Failed, fault.Class.String(), fault.Error(), fault.Status, fault.RequestID
	if fault.Class == target.Lost {
		e.Outcome, e.Class = ledger.Unsure, ""
	}
	if errors.Is(err, errNotSent) {
		e.Outcome, e.Class = ledger.Undone, ""
	}
	x.journal.settle(store.Settlement{Entry: e})
	n := weight(&e)
	if e.Outcome == ledger.Undone {
		n = 0
	}
	again = x.failed(c, fault, n, last)
	return got, false, again, fault
}

// errNotSent says that a run was stopped before a change was sent, or sent once more.
var errNotSent = errors.New("it was not carried out: the run was stopped before it was sent")

// errUnsure says that nobody knows whether a change was carried out.
var errUnsure = errors.New("the answer was lost, and the target does not say whether it was carried out")

// confirm asks what became of a change whose answer was lost, and sends it again only where the target says that it
// was not carried out.
func (x *runner) confirm(ctx context.Context, c target.Change, cause error, tries int) (target.Receipt, error) {
	// The question is asked also while the run is being stopped: it only reads, and the answer belongs into the ledger.
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	got, said, err := x.Target.Confirm(asking, c)
	switch {
	case err != nil || said == target.Unsure:
		return got, fmt.Errorf("%w: %w", errUnsure, errors.Join(cause, err))
	case said == target.Done:
		return got, nil
	case said == target.Other:
		return got, &target.Error{Class: target.Permanent, Text: "the answer was lost, and something that is not ours is in its place", Err: cause}
	case tries >= 2:
		return got, &target.Error{Class: target.Transient, Text: fmt.Sprintf("the answer was lost %d times, and it was not carried out", tries+1), Err: cause}
	case x.halted(ctx) != nil:
		return got, &target.Error{Class: target.Transient, Text: errNotSent.Error(), Err: errors.Join(errNotSent, cause)}
	}
	return x.do(ctx, c)
}

// do sends a request, unless somebody else may write by now: that is asked before, and once more when its turn has come
// to leave this machine.
func (x *runner) do(ctx context.Context, c target.Change) (target.Receipt, error) {
	if err := x.still(ctx); err != nil {
		return target.Receipt{}, &target.Error{Class: target.Transient, Err: err}
	}
	got, err := x.Target.Do(wire.Guarded(ctx, x.still), c)
	if errors.Is(err, errNotSent) {
		return got, &target.Error{Class: target.Transient, Err: err}
	}
	return got, err
}

// still ends the run where somebody else may write.
func (x *runner) still(ctx context.Context) error {
	err := x.Still(ctx)
	if err == nil {
		return nil
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.halt == nil {
		x.halt = err
	}
	return fmt.Errorf("%w: %w", errNotSent, err)
}

// failed takes in a failure, and tells whether the change may be tried again.
func (x *runner) failed(c target.Change, fault *target.Error, weight int, last bool) (again bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.suspect(c)
	if fault.Class == target.Transient {
		if x.row++; x.row >= tooMany && x.halt == nil {
			x.halt = fmt.Errorf("%d changes in a row failed, the last one with: %w", x.row, fault)
		}
		x.pause = max(x.pause, fault.RetryAfter)
		again = !last && x.halt == nil
	}
	if fault.All && x.halt == nil {
		x.halt = fault
	}
	if !again {
		x.counts.Failed += weight
	}
	return again
}

// suspect notes that the mirror may not hold what is there.
func (x *runner) suspect(c target.Change) {
	switch {
	case c.Kind == plan.KindUser:
		if c.ID != "" {
			x.doubt.Users = append(x.doubt.Users, c.ID)
		} else if c.SourceID != "" {
			x.doubt.ExternalIDs = append(x.doubt.ExternalIDs, c.SourceID)
		}
		for _, f := range c.Fields { // who has the name already, of whom the mirror does not know
			if f.Path == "userName" && f.New.Text != "" {
				x.doubt.UserNames = append(x.doubt.UserNames, f.New.Text)
			}
		}
	case c.Kind == plan.KindGroup && c.ID != "":
		x.doubt.Groups = append(x.doubt.Groups, c.ID)
	case c.Kind == plan.KindGroup:
		x.doubt.GroupNames = append(x.doubt.GroupNames, c.Name)
	}
}

func lost(err error) bool {
	e, ok := errors.AsType[*target.Error](err)
	return ok && e.Class == target.Lost && !errors.Is(err, errUnsure)
}

func asFault(err error) *target.Error {
	if errors.Is(err, errUnsure) {
		return &target.Error{Class: target.Lost, Text: errUnsure.Error(), Err: err}
	}
	if e, ok := errors.AsType[*target.Error](err); ok {
		return e
	}
	return &target.Error{Class: target.Permanent, Text: err.Error(), Err: err}
}
