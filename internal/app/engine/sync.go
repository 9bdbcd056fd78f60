package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Sync is a connection that rollcall itself syncs: it follows the source, keeps a mirror of both sides, and writes the
// target.
type Sync struct {
	Connection document.Connection
	Store      store.Store
	Source     source.Source
	Target     target.Target
	Beside     []evidence.Source // what is read with the whole target: organization, domains, policies
	Watch      []evidence.Source // what is read every time: who else writes the directory
	Rules      func(*facts.World) (*Rules, error)

	Live Worlds // the services as they are now, for questions about one person

	// World makes a world of the documents that fill records.
	World func(ctx context.Context, manifest document.Bundle, fill func(evidence.Recorder) error) (*facts.World, error)

	Holder string        // of the lease: this process, for people; what follows " #" is for Dead alone
	By     string        // who started it, for the record
	Full   time.Duration // both sides are read anew after so long; 0: a day
	Lease  time.Duration // how long a claim lasts without being renewed; 0: a minute
	Wait   time.Duration // how long it waits for another process that holds the lease; 0: a lease and ten seconds
	Keep   store.Keep    // of the log; the zero value keeps everything
	Alone  bool          // a person says that nothing else writes the directory

	// Dead tells whether the process of a holder is certainly gone, so that its lease need not be waited for. Nil: that
	// is never known.
	Dead func(holder string) bool

	Progress Progress
	Now      func() time.Time
	Sleep    func(context.Context, time.Duration) error
	Workers  int
}

// ApplyRequest says what is carried out.
type ApplyRequest struct {
	Saved       *plan.Saved             // a plan that was written down: refused if the world moved; nil: the plan of now
	User, Group string                  // only what concerns them
	Command     string                  // for the record; "": apply
	Before      func(*PlanResult) error // sees the plan before anything is sent; an error stops it. May be nil
	Done        func(apply.Progress)
}

// ApplyResult is what came of it.
type ApplyResult struct {
	Run     ledger.Run
	Plan    *PlanResult
	Holds   []store.Hold   // what waits for a person now
	Settled []Recovered    // what an interrupted run had left open
	Failed  []ledger.Entry // what failed, was blocked, or of which nobody knows; the first thousand
	Stale   []plan.Step    // planned, and no longer to be done when the target was looked at
	Stopped error          // why the rest was not tried; nil: it was
}

// Apply brings the target to what the source and the rules say, one cycle: settle what an interrupted run left, read
// both sides, plan, look again at what is about to be changed, and carry it out.
func (s *Sync) Apply(ctx context.Context, r ApplyRequest) (_ *ApplyResult, err error) {
	s.defaults()
	c, release, err := s.begin(ctx)
	if err != nil {
		return nil, err
	}
	defer release()
	defer func() { err = c.told(err) }()
	out := &ApplyResult{}
	if out.Settled, err = c.recover(c.ctx); err != nil {
		return nil, fmt.Errorf("finding out what an interrupted run had done: %w", err)
	}
	if out.Plan, out.Stale, err = c.plan(c.ctx, r); err != nil {
		return nil, err
	}
	if err := c.alone(); err != nil {
		return out, err
	}
	if r.Before != nil {
		if err := r.Before(out.Plan); err != nil {
			return out, err
		}
	}
	if err := c.carryOut(c.ctx, r, out); err != nil {
		return out, err
	}
	return out, nil
}

func (s *Sync) defaults() {
	if s.Now == nil {
		s.Now = time.Now
	}
	if s.Full == 0 {
		s.Full = 24 * time.Hour
	}
	if s.Lease == 0 {
		s.Lease = time.Minute
	}
	if s.Wait == 0 {
		s.Wait = s.Lease + 10*time.Second
	}
	if s.Dead == nil {
		s.Dead = func(string) bool { return false }
	}
	if s.Progress == nil {
		s.Progress = func(string, int64, int64) {}
	}
	if s.Sleep == nil {
		s.Sleep = wire.Sleep
	}
}

// cycle is one Apply under way.
type cycle struct {
	*Sync
	ctx context.Context //nolint:containedctx // ends when the lease is lost
	*claim
	world *facts.World
	doubt target.Want // what must be read again although the mirror is young
	fresh bool        // the whole target was read in this cycle

	askAll bool           // groups of the organization could not be read with it
	gaps   []document.Gap // what is not known in this cycle only

	looked map[string]bool // what of the target was looked at
}

// plan reads both sides and computes the plan; then it reads again what the plan would touch, so that nothing is
// decided by what the mirror remembers alone.
func (c *cycle) plan(ctx context.Context, r ApplyRequest) (*PlanResult, []plan.Step, error) {
	if err := c.readSource(ctx); err != nil {
		return nil, nil, err
	}
	if err := c.readTarget(ctx); err != nil {
		return nil, nil, err
	}
	first, err := c.compute(ctx, r)
	if err != nil {
		return nil, nil, err
	}
	now := first
	for look := 0; look < looksAtMost && (!c.fresh || c.askAll); look++ {
		changed, err := c.readTouched(ctx, now)
		if err != nil {
			return nil, nil, err
		}
		if !changed {
			break
		}
		if now, err = c.compute(ctx, r); err != nil {
			return nil, nil, err
		}
	}
	return now, stale(first, now), c.unmoved(r, now)
}

// looksAtMost is how often a plan is made anew because something was not as the mirror had it. Each time only what has not
// been looked at yet is read, so that what a new plan touches for the first time is looked at, too.
const looksAtMost = 4

// unmoved refuses a saved plan when the world is not what it was.
func (c *cycle) unmoved(r ApplyRequest, now *PlanResult) error {
	if r.Saved == nil {
		return nil
	}
	switch m := r.Saved.Compare(now.Plan, now.Extract(false)); {
	case m.Altered:
		return ErrAltered
	case m.Rules:
		return ErrRules
	case m.Any():
		return ErrMoved
	}
	return nil
}

// stale are the steps that were to be done and are no longer, now that the target was looked at.
func stale(first, second *PlanResult) []plan.Step {
	still := map[string]bool{}
	for s := range second.Steps() {
		still[s.ID] = true
	}
	var out []plan.Step
	for s := range first.Steps() {
		if !still[s.ID] {
			out = append(out, s)
		}
	}
	return out
}

// compute makes the world of the mirrors and the plan of it.
func (c *cycle) compute(ctx context.Context, r ApplyRequest) (*PlanResult, error) {
	links, err := c.Store.Links(ctx, c.Connection.Name)
	if err != nil {
		return nil, fmt.Errorf("reading what is ours: %w", err)
	}
	now := c.Now()
	removed, err := c.Store.Removed(ctx, c.Connection.Name, now.Add(-plan.Window))
	if err != nil {
		return nil, fmt.Errorf("reading what was taken away since yesterday: %w", err)
	}
	manifest := document.Bundle{Version: 1, CapturedAt: document.At(now), Connection: c.Connection}
	c.world, err = c.World(ctx, manifest, func(to evidence.Recorder) error {
		for _, side := range []store.Side{store.Source, store.Target} {
			if err := c.Store.Documents(ctx, c.Connection.Name, side, to); err != nil {
				return fmt.Errorf("reading the mirror of the %s: %w", side, err)
			}
		}
		if err := store.RecordLinks(links, to); err != nil {
			return err
		}
		for _, g := range c.gaps {
			if err := to.Gap(g); err != nil {
				return err
			}
		}
		for _, w := range c.Watch {
			if err := w.Fetch(ctx, nil, to); err != nil {
				return fmt.Errorf("asking %s: %w", w.Name(), err)
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	e := Engine{Worlds: given{c.world}, Progress: c.Progress, history: removed}
	request := PlanRequest{Method: document.Rollcall, User: r.User, Group: r.Group, Rules: c.Rules}
	if r.Saved != nil && r.Saved.Only != nil {
		if r.User+r.Group != "" {
			return nil, errors.New("the saved plan is narrowed already: --only cannot narrow it once more")
		}
		if u := r.Saved.Only.User; u != nil {
			request.User = u.ID
		}
		if g := r.Saved.Only.Group; g != nil {
			request.Group = g.ID
		}
	}
	return e.Plan(ctx, request)
}

// given is a world that is there already.
type given struct{ w *facts.World }

func (g given) Load(context.Context, *Focus, Progress) (*facts.World, error) { return g.w, nil }
