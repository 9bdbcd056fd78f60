package engine

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/port/store"
)

// ErrBusy says that another process syncs the connection, and did not end while it was waited for.
type ErrBusy struct {
	Connection, Holder string
	Until              time.Time
}

func (e *ErrBusy) Error() string {
	return fmt.Sprintf("%s is being synced by another rollcall (%s), whose claim lasts until %s unless it is renewed", e.Connection, Who(e.Holder), e.Until.UTC().Format(time.RFC3339))
}

// Who is the part of a lease's holder that is for people.
func Who(holder string) string {
	who, _, _ := strings.Cut(holder, " #")
	return who
}

// askAgain is how often a lease that somebody else holds is asked for.
const askAgain = time.Second

// take claims the connection. A process that is gone is not waited for: its lease is taken over with a higher token, so
// that nothing could be written with the old one, whoever had it. Anybody else is, for as long as a lease lasts that
// nobody renews.
func (s *Sync) take(ctx context.Context) (f store.Fence, tookOver bool, err error) {
	name := s.Connection.Name
	for waited := time.Duration(0); ; waited += askAgain {
		f, ok, other, until, err := s.Store.Claim(ctx, name, s.Holder, s.Now(), s.Lease)
		if err == nil && !ok && s.Dead(other) {
			tookOver = true
			f, ok, err = s.Store.TakeOver(ctx, name, other, s.Holder, s.Now(), s.Lease)
		}
		switch {
		case err != nil:
			return f, false, fmt.Errorf("claiming %s: %w", name, err)
		case ok:
			return f, tookOver, nil
		case waited >= s.Wait:
			return f, false, &ErrBusy{name, other, until}
		}
		tookOver = false
		s.Progress(fmt.Sprintf("another rollcall (%s) is working on %s; waiting up to %s", Who(other), name, s.Wait), int64(waited/time.Second), int64(s.Wait/time.Second))
		if err := s.Sleep(ctx, askAgain); err != nil {
			return f, false, fmt.Errorf("waiting for another rollcall (%s), which is working on %s: %w", Who(other), name, err)
		}
	}
}

// claim is the lease that this process holds.
type claim struct {
	*Sync
	fence    store.Fence
	tookOver bool // from a process that is gone

	mu      sync.Mutex
	renewed time.Time // by the machine's clock
}

// begin claims the connection and keeps the claim until release.
func (s *Sync) begin(ctx context.Context) (*cycle, func(), error) {
	f, tookOver, err := s.take(ctx)
	if err != nil {
		return nil, nil, err
	}
	l := &claim{Sync: s, fence: f, tookOver: tookOver, renewed: time.Now()}
	held, cancel := context.WithCancelCause(ctx)
	stopped := make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(s.Lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-held.Done():
				return
			case <-tick.C:
			}
			if err := l.renew(held, 0); err != nil {
				cancel(err)
			}
		}
	}()
	release := func() {
		cancel(nil)
		<-stopped
		_ = s.Store.Release(context.WithoutCancel(ctx), f) // it expires by itself
	}
	return &cycle{Sync: s, ctx: held, claim: l}, release, nil
}

// told says why the claim was given up, where all that is known otherwise is that something was called off.
func (c *cycle) told(err error) error {
	if why := context.Cause(c.ctx); errors.Is(err, context.Canceled) && why != nil && !errors.Is(why, context.Canceled) {
		return why
	}
	return err
}

// still makes sure, right before a request, that the claim is ours: a process that was stopped for a while and goes on,
// or a machine that slept, may have lost it to another one without having noticed. The ledger refuses it then, but a
// target knows nothing of claims.
func (l *claim) still(ctx context.Context) error { return l.renew(ctx, l.Lease/2) }

// renew renews a claim that was renewed so long ago. Its error says that the claim is lost, or soon may be.
func (l *claim) renew(ctx context.Context, after time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if since(l.renewed) < after {
		return nil
	}
	at := time.Now() // not later than what the lease counts from
	f, ok, _, _, err := l.Store.Claim(ctx, l.fence.Connection, l.Holder, l.Now(), l.Lease)
	switch {
	case err != nil && since(l.renewed) < l.Lease/2: // the next one asks again
		return nil
	case err != nil: // soon somebody else may claim it, and then nothing of ours may be on its way
		return fmt.Errorf("the claim on %s could not be renewed: %w", l.fence.Connection, err)
	case ok && f.Token != l.fence.Token: // it was another's, who has ended since; nobody must wait for what is not used
		_ = l.Store.Release(ctx, f) // it expires by itself
		return store.ErrFenced
	case !ok:
		return store.ErrFenced
	}
	l.renewed = at
	return nil
}

// since is how long ago a moment was: by the clock that only counts, and by the one on the wall, which goes on while a
// machine sleeps.
func since(at time.Time) time.Duration {
	now := time.Now()
	return max(now.Sub(at), now.Round(0).Sub(at.Round(0)))
}
