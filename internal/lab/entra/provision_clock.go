package entra

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Tick runs the cycles that are due, job by job, and tells how many ran. What a target refuses is no error: it is in
// the log and in the job's status.
func (l *Lab) Tick(ctx context.Context) (int, error) {
	n := 0
	for _, j := range l.running() {
		ran, err := j.tick(ctx)
		if err != nil {
			return n, fmt.Errorf("a cycle of job %s: %w", j.id, err)
		}
		if ran {
			n++
		}
	}
	return n, nil
}

func (l *Lab) running() []*Job {
	l.mu.RLock()
	defer l.mu.RUnlock()
	return append([]*Job(nil), l.provisioned...)
}

// errClock tells a lab that a test forgot to give a clock that passes.
var errClock = errors.New("the lab's clock does not pass: its Wait must advance what Now tells")

// Advance lets time pass through the lab's Wait, stopping for every cycle that comes due on the way and for every
// deleted object whose thirty days are over.
func (l *Lab) Advance(ctx context.Context, d time.Duration) error {
	end := l.now().Add(d)
	for {
		if _, err := l.ExpireDeleted(); err != nil {
			return err
		}
		if _, err := l.Tick(ctx); err != nil {
			return err
		}
		now, stop := l.now(), l.forgets(end)
		for _, j := range l.running() {
			if at, waits := j.next(); waits && at.Before(stop) {
				stop = at
			}
		}
		if !now.Before(end) {
			return nil
		}
		if err := l.wait(ctx, max(stop.Sub(now), time.Second)); err != nil {
			return err
		}
		if !l.now().After(now) {
			return errClock
		}
	}
}

// forgets is the moment at which the next deleted object is gone for good, if that is before another one.
func (l *Lab) forgets(end time.Time) time.Time {
	l.mu.RLock()
	defer l.mu.RUnlock()
	for _, c := range []*collection{&l.dir.goneUsers, &l.dir.goneGroups} {
		for _, s := range c.list {
			if s.o == nil {
				continue
			}
			if at := s.o.deleted.AddDate(0, 0, 30); at.Before(end) {
				end = at
			}
		}
	}
	return end
}
