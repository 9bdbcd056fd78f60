package engine

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
)

// Recovered is a change that an interrupted run had begun, and what the target says of it.
type Recovered struct {
	Entry ledger.Entry
	Said  target.Confirmation
}

// recover settles what an interrupted run left open: each intent without an outcome is looked up at the target before
// anything else is done. What was carried out is written down with everything that follows from it; what was not will be
// in the next plan again.
func (c *cycle) recover(ctx context.Context) ([]Recovered, error) {
	open, err := c.Store.Open(ctx, c.Connection.Name)
	if err != nil {
		return nil, err
	}
	if err := c.settle(ctx, open); err != nil {
		return nil, err
	}
	var out []Recovered
	for i := range open {
		e := open[i]
		c.Progress("looking up what an interrupted run had begun", int64(i), int64(len(open)))
		change, err := changeOf(&e)
		if err != nil {
			return out, fmt.Errorf("entry %d of the ledger: %w", e.Seq, err)
		}
		var done store.Settlement
		said := target.Done
		if e.Op == string(plan.Adopt) { // nothing was sent: it is settled by writing it down
			done = store.Settlement{Entry: e, Link: &store.Link{Kind: e.Kind, Source: e.Subject.ID, Target: e.Subject.Target}}
			done.Entry.Outcome = ledger.Done
		} else {
			var got target.Receipt
			if got, said, err = c.Target.Confirm(ctx, change); err != nil && !unanswerable(ctx, err) {
				return out, fmt.Errorf("%s %s %s: %w", e.Op, e.Kind, e.Subject.Name, err)
			}
			if err != nil {
				said = target.Unsure
			}
			done = apply.Settled(e, change, got, said)
			if err != nil {
				done.Entry.Text += ": " + err.Error()
			}
			c.suspect(change, got)
		}
		if err := c.Store.Settle(ctx, c.fence, []store.Settlement{done}); err != nil {
			return out, fmt.Errorf("writing down what had become of entry %d: %w", e.Seq, err)
		}
		out = append(out, Recovered{done.Entry, said})
	}
	return out, c.interrupt(ctx)
}

// settleTime is how long a request may be under way although whoever sent it is gone.
const settleTime = 5 * time.Second

// settle waits until what a process sent right before it died has been carried out or not: a lease that ran out has left
// that time, one that was taken over at once has not.
func (c *cycle) settle(ctx context.Context, open []ledger.Entry) error {
	if !c.tookOver {
		return nil
	}
	wait := time.Duration(0)
	for i := range open {
		wait = max(wait, min(settleTime, open[i].At.Add(settleTime).Sub(c.Now()))) // whatever a clock said
	}
	if wait <= 0 {
		return nil
	}
	c.Progress("letting what an interrupted run had sent come to its end", 0, 0)
	return c.Sleep(ctx, wait)
}

// unanswerable tells whether a question will get no better answer the next time: it must not keep everybody else waiting
// for ever.
func unanswerable(ctx context.Context, err error) bool {
	failed, answered := errors.AsType[*target.Error](err)
	return ctx.Err() == nil && (!answered || failed.Class == target.Permanent || failed.Class == target.Gone)
}

// interrupt closes runs that ended without a word. What failed in them, and in a run after which the target was not read
// again, is read in this cycle: the mirror may not hold what is there, and nobody else remembers that.
func (c *cycle) interrupt(ctx context.Context) error {
	runs, err := c.Store.Runs(ctx, c.Connection.Name, 16)
	if err != nil {
		return err
	}
	_, read, _, err := c.Store.Cursor(ctx, c.Connection.Name, store.Target)
	if err != nil {
		return err
	}
	for i, r := range runs {
		if r.State == ledger.Running || i == 0 && r.Ended.After(read) {
			if err := c.suspectRun(ctx, r.ID); err != nil {
				return err
			}
		}
		if r.State != ledger.Running {
			continue
		}
		r.State, r.Ended, r.Text = ledger.Interrupted, c.Now(), "it ended without a word; what it had begun was looked up at the target"
		if err := c.Store.EndRun(ctx, c.fence, r); err != nil {
			return err
		}
	}
	return nil
}

// suspectRun suspects everything of which a run does not know what became of it, and records that the service changed
// without showing them (204): the run would have read them at its end.
func (c *cycle) suspectRun(ctx context.Context, run string) error {
	for _, q := range []store.Query{{Outcome: ledger.Failed}, {Outcome: ledger.Unsure}, {Outcome: ledger.Done, Kind: plan.KindUser}} {
		q.Connection, q.Run = c.Connection.Name, run
		for e, err := range c.Store.Entries(ctx, q) {
			if err != nil {
				return err
			}
			if q.Outcome == ledger.Done && (e.Status != http.StatusNoContent || e.Op == string(plan.Delete)) {
				continue
			}
			change, err := changeOf(&e)
			if err != nil {
				return fmt.Errorf("entry %d of the ledger: %w", e.Seq, err)
			}
			c.suspect(change, target.Receipt{})
		}
	}
	return nil
}

// suspect has an object read again in this cycle, whatever the mirror holds.
func (c *cycle) suspect(change target.Change, got target.Receipt) {
	switch {
	case change.Kind == plan.KindPolicy:
	case change.Kind == plan.KindGroup && got.ID != "":
		c.doubt.Groups = append(c.doubt.Groups, got.ID)
	case change.Kind == plan.KindGroup && change.ID != "":
		c.doubt.Groups = append(c.doubt.Groups, change.ID)
	case change.Kind == plan.KindGroup:
		c.doubt.GroupNames = append(c.doubt.GroupNames, change.Name)
	case got.ID != "":
		c.doubt.Users = append(c.doubt.Users, got.ID)
	case change.ID != "":
		c.doubt.Users = append(c.doubt.Users, change.ID)
	default:
		c.doubt.ExternalIDs = append(c.doubt.ExternalIDs, change.SourceID)
	}
	for _, f := range change.Fields {
		if change.Kind == plan.KindUser && f.Path == "userName" && f.New.Text != "" {
			c.doubt.UserNames = append(c.doubt.UserNames, f.New.Text) // somebody else may have it
		}
	}
}

// changeOf is the change that an entry of the ledger speaks of.
func changeOf(e *ledger.Entry) (target.Change, error) {
	c := target.Change{Op: plan.Op(e.Op), Kind: e.Kind, ID: e.Subject.Target, SourceID: e.Subject.ID, Name: e.Subject.Name}
	if c.Op == plan.Create {
		c.ID = ""
	}
	if c.Kind == plan.KindPolicy {
		c.ID = e.Subject.ID
	}
	if e.Fields != nil {
		if err := json.Unmarshal(e.Fields, &c.Fields); err != nil {
			return c, fmt.Errorf("its fields cannot be read: %w", err)
		}
	}
	for _, m := range e.Add {
		c.Add = append(c.Add, m.Target)
	}
	for _, m := range e.Remove {
		c.Remove = append(c.Remove, m.Target)
	}
	return c, nil
}
