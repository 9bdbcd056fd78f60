package wire

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync"
	"time"
)

// lane is a queue of requests that share a limit. Only the first in it waits for a time; the others wait for the
// first, so that what was just learned counts for all of them. When one is told to wait, all wait.
type lane struct {
	now   func() time.Time
	sleep func(context.Context, time.Duration) error
	first chan struct{} // holds a token while somebody is the first
	freed chan struct{} // holds a token when an answer came since the first looked

	mu     sync.Mutex
	until  time.Time // nobody is let through before,
	status int       // for this was the answer
	pauses int
	silent int // refusals in a row that did not say how long to wait
	pace   pacer
}

// pacer says when the next request may be sent. It is called with the lane's lock held.
type pacer interface {
	// next gives the time for the next request, now or later; or false if it depends on answers that are awaited.
	next(now time.Time) (time.Time, bool)
	// sent notes that a request went out, which was to go at a time, and gives what answered must be told.
	sent(at time.Time, queued bool) pass
	// resume notes when a pause ends.
	resume(at time.Time)
	// answered notes what came of it.
	answered(p pass, v verdict, now time.Time)
}

// pass is what a request gets when it is let through, and gives back when its answer is there.
type pass struct {
	pauses int  // of the lane until then
	epoch  int  // of what was learned until then
	queued bool // it waited for its time: the limit is what holds the client back
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
	return "the service asked for a pause that is longer than anybody waits here, and nothing is sent to it until then"
}

func (p Pace) check() error {
	if p.Fixed < 0 || math.IsNaN(p.Fixed) || math.IsInf(p.Fixed, 0) || p.Burst < 0 || p.Window < 0 {
		return errors.New("requests, burst and window cannot be less than nothing")
	}
	return nil
}

func newLane(p Pace, now func() time.Time, sleep func(context.Context, time.Duration) error) *lane {
	l := &lane{now: now, sleep: sleep, first: make(chan struct{}, 1), freed: make(chan struct{}, 1), pace: &learner{}}
	if p.Fixed > 0 {
		l.pace = newFixed(p)
	}
	return l
}

// enter waits until a request may be sent, or tells at once that it would take longer than that.
func (l *lane) enter(ctx context.Context, longest time.Duration) (pass, error) {
	if err := l.open(longest); err != nil {
		return pass{}, err
	}
	select {
	case l.first <- struct{}{}:
	case <-ctx.Done():
		return pass{}, fmt.Errorf("waiting for its turn: %w", ctx.Err())
	}
	defer func() { <-l.first }()
	queued := false
	for {
		if err := ctx.Err(); err != nil {
			return pass{}, fmt.Errorf("waiting for its turn: %w", err)
		}
		if err := l.open(longest); err != nil {
			return pass{}, err
		}
		p, wait, sent := l.ask(queued)
		switch {
		case sent:
			return p, nil
		case wait > 0:
			queued = true
			if err := l.sleep(ctx, wait); err != nil {
				return pass{}, fmt.Errorf("waiting for its turn: %w", err)
			}
		default:
			select {
			case <-l.freed:
			case <-ctx.Done():
			}
		}
	}
}

// open tells whether the lane is not closed for longer than somebody is willing to wait.
func (l *lane) open(longest time.Duration) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.until.Sub(l.now()); wait > longest {
		return &closedError{wait: wait, status: l.status}
	}
	return nil
}

// ask lets the first through, or says how long it has to wait; 0 is until an answer comes.
func (l *lane) ask(queued bool) (p pass, wait time.Duration, sent bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if wait := l.until.Sub(now); wait > 0 {
		return pass{}, wait, false
	}
	at, known := l.pace.next(now)
	switch {
	case !known:
		return pass{}, 0, false
	case at.After(now):
		return pass{}, at.Sub(now), false
	}
	p = l.pace.sent(at, queued)
	p.pauses = l.pauses
	return p, 0, true
}

// leave takes back a pass and learns from the answer.
func (l *lane) leave(p pass, v verdict) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if v == through {
		l.silent = 0
	}
	l.pace.answered(p, v, l.now())
	select {
	case l.freed <- struct{}{}:
	default:
	}
}

// pause closes the lane for everybody.
func (l *lane) pause(status int, d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := l.now().Add(d); until.After(l.until) {
		l.until, l.status = until, status
		l.pauses++
		l.pace.resume(until)
	}
}

// patience is how long the lane pauses when a refusal does not say: a second, doubled while nothing gets through, at
// most half a minute. Requests that were on their way when the pause began do not make it longer.
func (l *lane) patience(p pass) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if p.pauses != l.pauses {
		return 0
	}
	l.silent++
	return min(time.Second<<min(l.silent-1, 10), 30*time.Second)
}
