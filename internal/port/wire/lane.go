package wire

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// lane is a queue of requests that share a limit. When one of them is told to wait, all wait.
type lane struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu      sync.Mutex
	until   time.Time // nobody is let through before,
	status  int       // for this was the answer
	turn    int       // counts the pauses: who was waiting when one began asks again when it is over
	silent  int       // refusals in a row that did not say how long to wait
	fixed   *fixed    // or
	learned learner
}

// pass is what a request gets when it is let through, and gives back when its answer is there.
type pass struct {
	turn   int  // of the lane
	epoch  int  // of what was learned
	queued bool // it had to wait for its slot: the limit is what holds the client back
}

// verdict is what an answer says about the limit.
type verdict int

const (
	unknown verdict = iota
	through
	refused
)

// closedError says that a lane is closed for longer than anybody is willing to wait.
type closedError struct {
	wait   time.Duration
	status int
}

func (e *closedError) Error() string {
	return "not sent: the service asked for a longer pause than is waited for"
}

func (p Pace) check() error {
	if p.Fixed < 0 || math.IsNaN(p.Fixed) || math.IsInf(p.Fixed, 0) || p.Burst < 0 || p.Window < 0 {
		return errors.New("requests, burst and window cannot be less than nothing")
	}
	return nil
}

func newLane(p Pace, now func() time.Time, sleep func(context.Context, time.Duration) error) *lane {
	l := &lane{now: now, sleep: sleep}
	if p.Fixed > 0 {
		l.fixed = newFixed(p)
	}
	return l
}

// enter waits until a request may be sent, or tells at once that it would take too long.
func (l *lane) enter(ctx context.Context, longest time.Duration) (pass, error) {
	for {
		if err := ctx.Err(); err != nil {
			return pass{}, context.Cause(ctx)
		}
		l.mu.Lock()
		now := l.now()
		if wait := l.until.Sub(now); wait > longest {
			l.mu.Unlock()
			return pass{}, &closedError{wait: wait, status: l.status}
		}
		at, gate := l.slot(now)
		p := pass{turn: l.turn, epoch: l.learned.epoch, queued: at.After(now)}
		l.mu.Unlock()

		if gate != nil { // a place becomes free when somebody leaves
			select {
			case <-ctx.Done():
				l.abandon(gate)
			case <-gate:
			}
			continue
		}
		if p.queued {
			if err := l.sleep(ctx, at.Sub(now)); err != nil {
				l.giveUp()
				return pass{}, fmt.Errorf("waiting for its turn: %w", err)
			}
		}
		if l.stillGood(p) {
			return p, nil
		}
	}
}

// slot reserves the next time at which a request may be sent, or gives a channel to wait on.
func (l *lane) slot(now time.Time) (time.Time, <-chan struct{}) {
	start := now
	if l.until.After(now) {
		start = l.until
	}
	if l.fixed != nil {
		return l.fixed.slot(start)
	}
	return l.learned.slot(start)
}

// stillGood tells whether no pause began while a request waited for its slot.
func (l *lane) stillGood(p pass) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.turn == l.turn {
		return true
	}
	if l.fixed != nil {
		l.fixed.back()
	} else {
		l.learned.back()
	}
	return false
}

// giveUp gives back the place of a request that was never sent.
func (l *lane) giveUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fixed != nil {
		l.fixed.back()
	} else {
		l.learned.back()
	}
}

// abandon forgets somebody who waited for a place. If one was just given, it goes to the next.
func (l *lane) abandon(gate <-chan struct{}) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.learned.abandon(gate)
}

// leave takes back a pass and learns from the answer.
func (l *lane) leave(p pass, v verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if v == through {
		l.silent = 0
	}
	if l.fixed != nil {
		l.fixed.done(now)
		return
	}
	l.learned.back()
	switch v {
	case through:
		l.learned.passed(p, now)
	case refused:
		l.learned.refuse(p, now)
	}
}

// pause closes the lane for everybody.
func (l *lane) pause(status int, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	until := l.now().Add(d)
	if !until.After(l.until) {
		return
	}
	l.until, l.status = until, status
	l.turn++
	if l.fixed != nil {
		l.fixed.restart(until)
	} else {
		l.learned.restart(until)
	}
}

// patience is how long a lane pauses when a refusal does not say: a second, doubled while nothing gets through, at
// most half a minute.
func (l *lane) patience(p pass) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.turn != l.turn {
		return 0 // it was on its way when the pause began
	}
	l.silent++
	return min(time.Second<<min(l.silent-1, 10), 30*time.Second)
}

// fixed is a pace that was given.
type fixed struct {
	bucket *rate.Limiter
	limit  rate.Limit
	burst  int
}

func newFixed(p Pace) *fixed {
	window := p.Window
	if window <= 0 {
		window = time.Second
	}
	f := &fixed{limit: rate.Limit(p.Fixed / window.Seconds()), burst: max(p.Burst, 1)}
	f.bucket = rate.NewLimiter(f.limit, f.burst)
	return f
}

func (f *fixed) slot(now time.Time) (time.Time, <-chan struct{}) {
	return now.Add(f.bucket.ReserveN(now, 1).DelayFrom(now)), nil
}

func (f *fixed) back() {}

func (f *fixed) done(time.Time) {}

// restart forgets the slots that were reserved before a pause, and what was saved up: the service counted otherwise.
func (f *fixed) restart(at time.Time) {
	f.bucket = rate.NewLimiter(f.limit, f.burst)
	f.bucket.ReserveN(at, f.burst-1)
}
