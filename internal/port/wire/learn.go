package wire

import (
	"time"
)

// learner finds out how many requests a service allows, for services that keep a bucket of tokens, as most do: it is
// filled at a steady rate, every request takes a token, and without one a request is refused.
//
// A refusal says that the bucket is empty. So what gets through from one refusal to the next is what was filled in
// meanwhile, which is the rate, as long as the bucket did not overflow; if it did, it is less than the rate.
type learner struct {
	window float64 // at first, without a rate: so many at a time
	flying int

	rate    float64   // requests a second; 0: nothing was refused yet
	free    time.Time // when the next request may be sent
	ceiling float64   // below it the rate grows fast
	search  bool      // the rate is a guess

	epoch  int       // counts the refusals that count
	since  time.Time // the last of them, or the first request
	passes int       // let through since then
}

const (
	firstWindow = 4                    // requests at a time
	leastRate   = 1.0 / 60             // a second
	late        = 5 * time.Millisecond // timers are; what they lose is made up for
)

func (l *learner) next(now time.Time) (time.Time, bool) {
	if l.since.IsZero() {
		l.window, l.since = firstWindow, now
	}
	if l.rate == 0 {
		return now, l.flying < int(l.window)
	}
	if earliest := now.Add(-late); l.free.Before(earliest) {
		l.free = earliest
	}
	return l.free, true
}

func (l *learner) sent(at time.Time, queued bool) pass {
	l.flying++
	if l.rate > 0 {
		l.free = at.Add(time.Duration(float64(time.Second) / l.rate))
	}
	return pass{epoch: l.epoch, queued: queued}
}

func (l *learner) answered(p pass, v verdict, now time.Time) {
	l.flying--
	if p.epoch != l.epoch {
		return // it was on its way when the last refusal came, and says nothing new
	}
	switch v {
	case through:
		l.passes++
		l.grow(p, now)
	case refused:
		l.shrink(now)
		l.epoch++
		l.since, l.passes = now, 0
	}
}

// grow asks for a little more with every answer, if the limit is what holds the client back.
func (l *learner) grow(p pass, now time.Time) {
	switch {
	case l.rate == 0:
		l.window += 0.25
	case !p.queued:
	case l.search:
		l.rate += 0.25
	case l.rate < 0.97*l.ceiling:
		l.rate += 0.15 * (l.ceiling - l.rate) / l.rate
	default:
		age := now.Sub(l.since).Minutes()
		l.rate += min(0.001*(1+age*age), 0.25)
	}
}

// shrink sets the rate after a refusal.
func (l *learner) shrink(now time.Time) {
	took := now.Sub(l.since).Seconds()
	measured := float64(l.passes) / max(took, 0.001)
	switch {
	case l.rate == 0:
		l.rate, l.search = float64(l.passes)/(took+1), true
	case l.search && measured >= l.rate/2.5:
		l.rate, l.ceiling, l.search = 0.97*measured, measured, false
	case l.search:
		l.rate, l.ceiling, l.search = l.rate/2.5, l.rate, false
	default:
		beta := 0.95
		if took < 20 {
			beta = 0.85
		}
		l.rate = min(max(0.97*measured, beta*l.rate), 0.99*l.rate)
		l.ceiling = l.rate
	}
	l.rate = max(l.rate, leastRate)
}
