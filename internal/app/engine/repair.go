package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/repair"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// Whose holds are whose: a plan and a repair know nothing of each other's.
const (
	applies = "apply"
	repairs = "repair"
)

// RepairResult is what is broken about a person's records, what mends it, and what came of it.
type RepairResult struct {
	Connection document.Connection
	Trace      trace.Trace
	Steps      []plan.Step // what mends it; each waits for a person
	Rest       []string    // what no request mends, and why

	Run     ledger.Run     // ID "": nothing was done or written down
	Holds   []store.Hold   // what of the steps waits for a person
	Done    []ledger.Entry // the entries of the run: receipts, and what failed
	Stale   []plan.Step    // let go, and no longer as it was then: not done
	Settled []Recovered    // what an interrupted run had left open
	Stopped error
}

// Repairs says what would mend the records of a person. It writes nothing. A recorded world can be read once only, and is
// read as a whole. A subject that several answer to is a *trace.Ambiguous.
func (e *Engine) Repairs(ctx context.Context, subject string, recorded bool) (*RepairResult, error) {
	if !recorded {
		r, _, err := look(ctx, e.Worlds, subject, e.progress)
		return r, err
	}
	w, err := e.load(ctx, nil)
	if err != nil {
		return nil, err
	}
	t, err := whose(w, subject)
	if err != nil {
		return nil, err
	}
	r := &RepairResult{Connection: w.Bundle.Connection, Trace: t}
	r.Steps, r.Rest = repair.Of(w, t)
	return r, nil
}

// whose is the trace of a person.
func whose(w *facts.World, subject string) (trace.Trace, error) {
	t, err := trace.New(w).Why(trace.Query{Subject: subject})
	if err == nil && t.Subject.Kind == plan.KindGroup {
		err = fmt.Errorf("%s is a group: records are those of people", t.Subject.Name)
	}
	return t, err
}

// mostOwners bounds who is asked about beside the person.
const mostOwners = 8

// look asks why a person is not where they should be, and what mends it. Whose a record is decides whether it may be
// touched, so whoever it may belong to is asked about, too.
func look(ctx context.Context, worlds Worlds, subject string, progress Progress) (*RepairResult, *facts.World, error) {
	focus := &Focus{Subjects: []string{subject}}
	for {
		w, err := worlds.Load(ctx, focus, progress)
		if err != nil {
			return nil, nil, err
		}
		t, err := whose(w, subject)
		if err != nil {
			return nil, nil, err
		}
		owners := slices.DeleteFunc(repair.Owners(w, t), func(id string) bool { return slices.Contains(focus.Subjects, id) })
		switch out := (&RepairResult{Connection: w.Bundle.Connection, Trace: t}); {
		case len(owners) == 0:
			out.Steps, out.Rest = repair.Of(w, t)
			return out, w, nil
		case len(focus.Subjects)+len(owners) > mostOwners:
			out.Rest = []string{"so many people may be meant by the record that only a person can tell whose it is"}
			return out, w, nil
		}
		focus = &Focus{Subjects: append(slices.Clone(focus.Subjects), owners...)}
	}
}

// Repair mends the records of a person as far as somebody let it go, and writes down what waits.
func (s *Sync) Repair(ctx context.Context, subject string) (*RepairResult, error) {
	s.defaults()
	c, release, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	settled, err := c.recover(c.ctx)
	if err != nil {
		return nil, fmt.Errorf("finding out what an interrupted run had done: %w", err)
	}
	if err := c.mirrored(c.ctx, c.doubt); err != nil {
		return nil, err
	}
	out, w, err := look(c.ctx, s.Live, subject, s.Progress)
	if err != nil {
		return nil, err
	}
	out.Settled, c.world = settled, w
	return out, c.repair(c.ctx, out)
}

// repair holds every step, and carries out those that were let go and are still the same.
func (c *cycle) repair(ctx context.Context, out *RepairResult) error {
	run := ledger.Run{ID: runID(c.Now()), Connection: c.Connection.Name, Command: repairs, By: c.By, Started: c.Now(), State: ledger.Running}
	let, err := c.holdRepairs(ctx, run.ID, out)
	if err != nil {
		return err
	}
	goes := slices.DeleteFunc(slices.Clone(out.Steps), func(s plan.Step) bool { return let.by(&s, nil) == "" })
	news := slices.ContainsFunc(out.Holds, func(h store.Hold) bool { return h.Run == run.ID })
	if len(goes) == 0 && !news {
		out.Run = ledger.Run{Connection: run.Connection, Command: repairs, State: ledger.Ended, Started: run.Started, Counts: ledger.Counts{Held: len(out.Holds)}}
		return nil
	}
	if len(goes) > 0 {
		if err := c.mayRepair(ctx); err != nil {
			return err
		}
		if goes, out.Stale, err = c.unchanged(ctx, goes); err != nil {
			return err
		}
	}
	if err := c.Store.BeginRun(ctx, c.fence, run); err != nil {
		return fmt.Errorf("writing down that a run begins: %w", err)
	}
	if err := c.carryOutRepairs(ctx, &run, goes, let, out); err != nil {
		return err
	}
	if len(goes) > 0 && ctx.Err() == nil { // else the next repair sees what is left
		return c.repaired(ctx, goes, out)
	}
	return nil
}

// mayRepair refuses where somebody else writes the directory, or the target is not able to.
func (c *cycle) mayRepair(ctx context.Context) error {
	if err := c.alone(); err != nil {
		return err
	}
	can, err := c.Target.Can(ctx)
	if err != nil {
		return fmt.Errorf("asking %s what it is able to: %w", c.Target.Name(), err)
	}
	if !can.Repairs {
		return errors.New(c.Target.Name() + " has no requests that mend a record")
	}
	return nil
}

// unchanged looks at what is about to be touched once more: what is not as it was when it was let go is stale.
func (c *cycle) unchanged(ctx context.Context, steps []plan.Step) (same, stale []plan.Step, err error) {
	for _, s := range steps {
		_, said, err := c.Target.Confirm(ctx, target.Change{Op: s.Op, Kind: s.Kind, ID: s.Subject.Target, SourceID: s.Subject.ID, Name: s.Subject.Name, Fields: s.Fields})
		switch {
		case err != nil:
			return nil, nil, fmt.Errorf("looking at %s once more: %w", s.Subject.Name, err)
		case said == target.Other:
			stale = append(stale, s)
		default:
			same = append(same, s)
		}
	}
	return same, stale, nil
}

func (c *cycle) carryOutRepairs(ctx context.Context, run *ledger.Run, goes []plan.Step, let approvals, out *RepairResult) error {
	if err := c.noteStale(ctx, run.ID, out.Stale); err != nil {
		return err
	}
	work := apply.Run{
		ID: run.ID, Fence: c.fence, Target: c.Target, Ledger: c.Store, Approved: let.by, Still: c.still, Workers: 1, Now: c.Now, Sleep: c.Sleep,
	}
	result, err := work.Do(ctx, slices.Values(goes))
	run.Counts = result.Counts
	run.Counts.Stale += len(out.Stale)
	run.Counts.Held = len(out.Holds)
	out.Stopped = stopped(result)
	err = c.endRun(ctx, run, out.Stopped, err)
	out.Run = *run
	if err != nil {
		return err
	}
	after := context.WithoutCancel(ctx) // what happened is told although the run was stopped
	for e, err := range c.Store.Entries(after, store.Query{Connection: c.Connection.Name, Run: run.ID}) {
		if err != nil {
			return fmt.Errorf("reading what was done: %w", err)
		}
		out.Done = append(out.Done, e)
	}
	return nil
}

// repaired lets the list of what waits forget what was done, and reads again what hung on it: a record that is gone has
// left its groups.
func (c *cycle) repaired(ctx context.Context, goes []plan.Step, out *RepairResult) error {
	done := map[string]bool{}
	for i := range out.Done {
		done[out.Done[i].Step] = out.Done[i].Outcome == ledger.Done
	}
	left := slices.DeleteFunc(slices.Clone(out.Steps), func(s plan.Step) bool { return done[s.ID] })
	if _, err := c.holdRepairs(ctx, out.Run.ID, &RepairResult{Trace: out.Trace, Steps: left}); err != nil {
		return err
	}
	var doubt target.Want
	for i := range goes {
		doubt.Users = append(doubt.Users, goes[i].Subject.Target)
		if r, ok := c.world.ScimByID(goes[i].Subject.Target); ok {
			for _, g := range c.world.ScimUsers[r].Groups {
				doubt.Groups = append(doubt.Groups, g.Value)
			}
			for g := range c.world.ScimGroups {
				if _, in := slices.BinarySearch(c.world.ScimGroups[g].Members, r); in {
					doubt.Groups = append(doubt.Groups, c.world.ScimGroups[g].ID)
				}
			}
		}
	}
	return c.mirrored(ctx, doubt)
}

// mirrored brings single objects of the mirror up to date, where there is one.
func (c *cycle) mirrored(ctx context.Context, want target.Want) error {
	_, at, _, err := c.Store.Cursor(ctx, c.Connection.Name, store.Target)
	if err != nil || at.IsZero() {
		return err
	}
	want.Users = slices.DeleteFunc(want.Users, func(id string) bool {
		elsewhere, _ := repair.Split(id)
		return elsewhere != ""
	})
	return c.readNamed(ctx, want, nil)
}

// holdRepairs keeps what of the steps waits beside what waits for other people's records, and gives what of it a person
// has let go.
func (c *cycle) holdRepairs(ctx context.Context, run string, out *RepairResult) (approvals, error) {
	before, err := c.Store.Holds(ctx, c.Connection.Name)
	if err != nil {
		return nil, fmt.Errorf("reading what waits for a person: %w", err)
	}
	mine := func(h store.Hold) bool { return h.Command == repairs && h.Subject.ID == out.Trace.Subject.ID }
	waits := slices.DeleteFunc(slices.Clone(before), func(h store.Hold) bool { return h.Command != repairs || mine(h) })
	for i := range out.Steps {
		waits = append(waits, holdsOf(&out.Steps[i], run, c.Now())...)
	}
	if err := c.Store.PutHolds(ctx, c.fence, repairs, waits); err != nil {
		return nil, fmt.Errorf("writing down what waits for a person: %w", err)
	}
	kept, err := c.Store.Holds(ctx, c.Connection.Name)
	if err != nil {
		return nil, fmt.Errorf("reading what waits for a person: %w", err)
	}
	let := approvals{}
	out.Holds = nil
	for _, h := range kept {
		switch {
		case !mine(h):
		case h.Approved == "":
			out.Holds = append(out.Holds, h)
		default:
			let[h.Step+"\x00"+h.Item+"\x00"+h.Detail] = h.Approved
		}
	}
	return let, nil
}
