package wire

import (
	"slices"
	"time"

	"golang.org/x/time/rate"
)

// fixed is a pace that was given.
type fixed struct {
	bucket *rate.Limiter

	// With a window, not more than so many requests are on their way or were answered within it. The service counts a
	// request at some time between the two, so that it never counts more than that, whatever the latency is.
	most     int
	window   time.Duration
	flying   int
	answers  []time.Time // the last, oldest first
	reserved time.Time   // the time that the first in the lane was told, until it is sent
}

func newFixed(p Pace) *fixed {
	f := &fixed{window: p.Window}
	if p.Window <= 0 {
		p.Window = time.Second
	} else {
		f.most = max(int(p.Fixed), 1)
	}
	f.bucket = rate.NewLimiter(rate.Limit(p.Fixed/p.Window.Seconds()), max(p.Burst, 1))
	return f
}

func (f *fixed) next(now time.Time) (time.Time, bool) {
	if f.reserved.IsZero() {
		f.reserved = now.Add(f.bucket.ReserveN(now, 1).DelayFrom(now))
	}
	at := f.reserved
	if f.most == 0 {
		return at, true
	}
	f.answers = slices.DeleteFunc(f.answers, func(t time.Time) bool { return !now.Before(t.Add(f.window)) })
	switch {
	case f.flying+len(f.answers) < f.most:
		return at, true
	case len(f.answers) == 0:
		return at, false
	}
	if free := f.answers[0].Add(f.window); free.After(at) {
		at = free
	}
	return at, true
}

func (f *fixed) sent(_ time.Time, queued bool) pass {
	f.reserved = time.Time{}
	f.flying++
	return pass{queued: queued}
}

func (f *fixed) answered(_ pass, _ verdict, now time.Time) {
	f.flying--
	if f.most > 0 {
		f.answers = append(f.answers, now)
	}
}

func (f *fixed) resume(time.Time) {}
