package engine

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
)

// carryOut keeps what waits for a person, and does the rest.
func (c *cycle) carryOut(ctx context.Context, r ApplyRequest, out *ApplyResult) error {
	run := ledger.Run{ID: runID(c.Now()), Connection: c.Connection.Name, Command: cmp.Or(r.Command, "apply"), Plan: out.Plan.Plan.ID, By: c.By, Started: c.Now(), State: ledger.Running}
	out.Run = run
	approvals, err := c.hold(ctx, run.ID, out)
	if err != nil {
		return err
	}
	news := slices.ContainsFunc(out.Holds, func(h store.Hold) bool { return h.Run == run.ID })
	if !anything(out.Plan, approvals) && len(out.Stale) == 0 && !news {
		out.Run.State, out.Run.ID = ledger.Ended, ""
		out.Run.Counts.Held = waiting(out.Holds)
		return nil // a run that does nothing leaves no trace
	}
	can, err := c.Target.Can(ctx)
	if err != nil {
		return fmt.Errorf("asking %s what it is able to: %w", c.Target.Name(), err)
	}
	if _, err := c.Store.Prune(ctx, c.Now(), c.Keep); err != nil { // before anything is sent: a store that cannot be written stops here
		return fmt.Errorf("forgetting what is older than the log is kept: %w", err)
	}
	if err := c.Store.BeginRun(ctx, c.fence, run); err != nil {
		return fmt.Errorf("writing down that a run begins: %w", err)
	}
	if err := c.noteStale(ctx, run.ID, out.Stale); err != nil {
		return err
	}
	work := apply.Run{
		ID: run.ID, Fence: c.fence, Target: c.Target, Ledger: c.Store, Can: can, Approved: approvals.by, Account: c.account, Still: c.still,
		Workers: c.Workers, Progress: r.Done, Now: c.Now, Sleep: c.Sleep,
	}
	result, err := work.Do(ctx, out.Plan.Steps())
	run.Counts = result.Counts
	run.Counts.Stale += len(out.Stale)
	out.Stopped = stopped(result)
	err = c.endRun(ctx, &run, out.Stopped, err)
	out.Run = run
	if err != nil {
		return err
	}
	after := context.WithoutCancel(ctx) // what happened is told although the run was stopped
	if out.Failed, err = c.troubles(after, run.ID); err != nil {
		return err
	}
	if err := c.readNamed(ctx, result.Doubt, nil); err != nil && ctx.Err() == nil { // a stopped run leaves it to the next one
		return fmt.Errorf("reading again what failed: %w", err)
	}
	return nil
}

// stopped says why a run was stopped, and how much of it was not reached: that is neither blocked nor failed.
func stopped(r apply.Result) error {
	if r.Stopped == nil || r.Left == 0 {
		return r.Stopped
	}
	return fmt.Errorf("%w; not reached: %d changes", r.Stopped, r.Left)
}

// endRun writes down how a run ended, although it was stopped. broken says that the ledger could not be written.
func (c *cycle) endRun(ctx context.Context, run *ledger.Run, stopped, broken error) error {
	run.Ended, run.State = c.Now(), ledger.Ended
	if stopped != nil {
		run.State, run.Text = ledger.Stopped, stopped.Error()
	}
	if broken != nil {
		return fmt.Errorf("the ledger could not be written, and nothing more was sent: %w", broken)
	}
	if err := c.Store.EndRun(context.WithoutCancel(ctx), c.fence, *run); err != nil {
		return fmt.Errorf("writing down that the run ended: %w", err)
	}
	return nil
}

// troubles are the entries of a run that did not end well.
func (c *cycle) troubles(ctx context.Context, run string) ([]ledger.Entry, error) {
	var out []ledger.Entry
	for _, o := range []ledger.Outcome{ledger.Failed, ledger.Unsure, ledger.Blocked} {
		for e, err := range c.Store.Entries(ctx, store.Query{Connection: c.Connection.Name, Run: run, Outcome: o, Limit: 1000}) {
			if err != nil {
				return out, fmt.Errorf("reading what failed: %w", err)
			}
			out = append(out, e)
		}
	}
	return out, nil
}

// hold keeps the list of what waits, and gives what of it a person has let go.
func (c *cycle) hold(ctx context.Context, run string, out *ApplyResult) (approvals, error) {
	var waits []store.Hold
	for s := range out.Plan.Steps() {
		waits = append(waits, holdsOf(&s, run, c.Now())...)
	}
	if out.Plan.Keep == nil { // a narrowed plan does not know what else waits
		if err := c.Store.PutHolds(ctx, c.fence, applies, waits); err != nil {
			return nil, fmt.Errorf("writing down what waits for a person: %w", err)
		}
	}
	kept, err := c.Store.Holds(ctx, c.Connection.Name)
	if err != nil {
		return nil, fmt.Errorf("reading what waits for a person: %w", err)
	}
	out.Holds = slices.DeleteFunc(slices.Clone(kept), func(h store.Hold) bool { return h.Command != applies })
	let := approvals{}
	for _, h := range out.Holds {
		if h.Approved != "" {
			let[h.Step+"\x00"+h.Item+"\x00"+h.Detail] = h.Approved
		}
	}
	return let, nil
}

// approvals say who let a step or an item go, by what would be done.
type approvals map[string]string

func (a approvals) by(s *plan.Step, item *plan.Item) string {
	id := ""
	if item != nil {
		id = item.ID
	}
	return a[s.ID+"\x00"+id+"\x00"+detail(s, item)]
}

// holdsOf are what of a step waits: its items one by one, where it has any.
func holdsOf(s *plan.Step, run string, at time.Time) []store.Hold {
	one := store.Hold{Run: run, Step: s.ID, Op: string(s.Op), Kind: s.Kind, Subject: ledger.Subject{ID: s.Subject.ID, Name: s.Subject.Name, Target: s.Subject.Target}, Found: at}
	if len(s.Items) == 0 {
		if s.Held == nil {
			return nil
		}
		one.Code, one.Text, one.Detail = s.Held.Code, s.Held.Text, detail(s, nil)
		return []store.Hold{one}
	}
	var out []store.Hold
	for i := range s.Items {
		item := &s.Items[i]
		held := item.Held
		if held == nil {
			held = s.Held
		}
		if held == nil {
			continue
		}
		one.Item, one.Member = item.ID, ledger.Member{ID: item.ID, Name: item.Name, Target: item.Target}
		one.Code, one.Text, one.Detail = held.Code, held.Text, detail(s, item)
		out = append(out, one)
	}
	return out
}

// detail is a fingerprint of what would be done: somebody who let one thing go has not let another one go. Why it is done
// and why it waits are part of it, since a limit is approved for other reasons than a takeover; and what a deletion needs,
// since a group whose members are in another one by then is not the same as one that is out of scope.
func detail(s *plan.Step, item *plan.Item) string {
	what := struct {
		Op, Kind, ID, Target, Reason string
		Needs                        []string
		Fields                       []plan.Field
		Item                         *plan.Item
		Held                         *plan.Held
		Conflict                     *plan.Conflict
	}{string(s.Op), s.Kind, s.Subject.ID, s.Subject.Target, s.Reason, nil, s.Fields, nil, s.Held, s.Conflict}
	if s.Op == plan.Delete {
		what.Needs = s.Needs
	}
	if item != nil {
		what.Item = &plan.Item{ID: item.ID, Target: item.Target, Reason: item.Reason}
		if item.Held != nil {
			what.Held = item.Held
		}
	}
	text, err := json.Marshal(what, json.Deterministic(true))
	if err != nil { // values are texts, numbers and truths: this cannot be, and nothing may then be let go
		return "unreadable " + rand.Text()
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16])
}

// anything tells whether a plan has a step, or a part of one, that waits for nobody.
func anything(r *PlanResult, a approvals) bool {
	for s := range r.Steps() {
		if len(s.Items) == 0 && (s.Held == nil || a.by(&s, nil) != "") {
			return true
		}
		if slices.ContainsFunc(s.Items, func(i plan.Item) bool { return s.Held == nil && i.Held == nil || a.by(&s, &i) != "" }) {
			return true
		}
	}
	return false
}

func waiting(all []store.Hold) int {
	n := 0
	for _, h := range all {
		if h.Approved == "" {
			n++
		}
	}
	return n
}

// noteStale writes down what was planned by the mirror and is no longer to be done.
func (c *cycle) noteStale(ctx context.Context, run string, stale []plan.Step) error {
	entries := make([]ledger.Entry, 0, len(stale))
	for i := range stale {
		s := &stale[i]
		entries = append(entries, ledger.Entry{
			Run: run, Step: s.ID, Op: string(s.Op), Kind: s.Kind, Reason: s.Reason, Why: s.Why, At: c.Now(), Outcome: ledger.Stale,
			Subject: ledger.Subject{ID: s.Subject.ID, Name: s.Subject.Name, Target: s.Subject.Target},
			Text:    "the target was no longer as it had been read: the step was planned anew",
		})
	}
	if len(entries) == 0 {
		return nil
	}
	if _, err := c.Store.Intend(ctx, c.fence, entries); err != nil {
		return fmt.Errorf("writing down what is no longer to be done: %w", err)
	}
	return nil
}

// account is the account that a record is linked to.
func (c *cycle) account(record string) string {
	if i, ok := c.world.ScimByID(record); ok {
		return c.world.ScimUsers[i].Atlassian.Value.AtlassianAccountID.Value
	}
	return ""
}

// runID sorts by time and is easy to type.
func runID(at time.Time) string {
	return at.UTC().Format("20060102-150405") + "-" + strings.ToLower(rand.Text()[:4])
}
