package wire

import (
	"time"
)

// learner finds out how many requests a service allows, for services that keep a bucket of tokens, as most do: it is
// filled at a steady rate, every request takes a token, and without one a request is refused.
//
// A refusal says that the bucket is empty. So what gets through from one refusal to the next is what was filled in
// meanwhile: that is the rate, or less than it if the bucket was full for a while.
type learner struct {
	window float64 // at first, without a rate: so many at a time
	flying int

	rate    float64   // requests a second; 0: nothing was refused yet
	free    time.Time // when the next request may be sent
	ceiling float64   // the rate grows fast below it, and slowly beyond
	search  bool      // the rate is a guess

	epoch  int       // counts the refusals that count
	since  time.Time // the last of them, or the first request
	passes int       // let through since then
}

const (
	// Without a limit a client starts with few requests at a time and adds one for every fourth answer. That costs an
	// unlimited service's client a second, and a client of a strict one only a few refusals.
	firstWindow = 4
	opening     = 0.25
	// After the first refusal the rate is guessed, and grows by a quarter a second until it is refused again.
	savedUp   = 1.0  // second: what a full bucket usually holds
	guess     = 10.0 // a second, where the first requests were refused already
	searching = 0.25 // of a request a second, for every answer
	gross     = 2.5  // a guess is this much too high at most, if the bucket did not overflow
	// A measured rate is taken with a margin. Then the rate goes up to a little more than what was measured, by a part
	// of the difference every second; and beyond it by a thousandth a second, faster after minutes without a refusal.
	margin  = 0.98
	beyond  = 1.04
	closing = 0.15
	probing = 0.001
	fastest = 0.25
	// A refusal while probing takes back what probing gave, and more if they come soon after another.
	back      = 0.95
	backSoon  = 0.85
	soon      = 20 * time.Second
	leastRate = 1.0 / 60
	// Timers are late. What a client loses by that is made up for.
	late = 2 * time.Millisecond
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

// resume begins gently: what was not sent during a pause is not made up for.
func (l *learner) resume(at time.Time) {
	l.free, l.window = at, firstWindow
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
		l.grow(p, now.Sub(l.since))
	case refused:
		l.shrink(now.Sub(l.since))
		l.epoch++
		l.since, l.passes = now, 0
	}
}

// grow asks for a little more with every answer, if the limit is what holds the client back.
func (l *learner) grow(p pass, quiet time.Duration) {
	switch {
	case l.rate == 0:
		l.window += opening
	case !p.queued:
	case l.search:
		l.rate += searching
	case l.rate < margin*l.ceiling:
		l.rate += closing * (l.ceiling - l.rate) / l.rate
	default:
		l.rate += min(probing*(1+quiet.Minutes()*quiet.Minutes()), fastest)
	}
}

// shrink sets the rate after a refusal.
func (l *learner) shrink(quiet time.Duration) {
	measured := float64(l.passes) / max(quiet.Seconds(), 0.001)
	switch {
	case l.rate == 0:
		l.search = true
		if l.rate = float64(l.passes) / (quiet.Seconds() + savedUp); l.passes < firstWindow {
			l.rate = max(l.rate, guess)
		}
	case l.search && measured*gross >= l.rate:
		l.search = false
		l.rate, l.ceiling = margin*measured, beyond*measured
	case l.search: // the bucket overflowed, being small: the truth is between what was measured and what was refused
		l.search = quiet < soon
		l.rate, l.ceiling = l.rate/gross, l.rate
	default:
		part := back
		if quiet < soon {
			part = backSoon
		}
		l.rate = min(max(margin*measured, part*l.rate), 0.99*l.rate)
		l.ceiling = l.rate
	}
	l.rate = max(l.rate, leastRate)
}
