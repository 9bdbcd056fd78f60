// Package labkit is what the tests of everything that asks a service share: a clock on which nobody waits, credentials
// that the labs take, and the way from a connector's answers to a world. It is imported by tests alone, and knows of the
// program only the ports and the documents.
package labkit

import (
	"context"
	"sync/atomic"
	"time"
)

// Clock goes on where somebody waits, so that nobody does. It may be used by many goroutines at once.
type Clock struct {
	start time.Time // zero: the machine's clock, ahead by what was waited
	ahead atomic.Int64
}

// Noon is a moment at which tests begin that care for none.
var Noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// At is a clock that stands at a moment until somebody waits.
func At(start time.Time) *Clock { return &Clock{start: start} }

// Now is the clock's time.
func (c *Clock) Now() time.Time {
	start := c.start
	if start.IsZero() {
		start = time.Now()
	}
	return start.Add(time.Duration(c.ahead.Load()))
}

// Stand has a clock follow the machine's no longer, so that only waits count. It comes before anybody else uses the clock.
func (c *Clock) Stand() { c.start = time.Now() }

// Pass lets time go by.
func (c *Clock) Pass(d time.Duration) { c.ahead.Add(int64(max(d, 0))) }

// Back sets the clock to where it began.
func (c *Clock) Back() { c.ahead.Store(0) }

// Sleep is a wait that takes no time. It ends with the context's error.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.Pass(d)
	return ctx.Err()
}
