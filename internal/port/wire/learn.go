package wire

import (
	"math"
	"slices"
	"time"
)

// learner finds out how many requests a service allows.
type learner struct {
	flying int
	gates  []chan struct{} // who waits for a place

	window float64 // before the first refusal: so many at a time

	rate    float64 // requests a second; 0: not known yet
	ceiling float64
	search  bool
	next    time.Time // the next free slot
	epoch   int       // counts the refusals that count
	since   time.Time // the last of them
	passes  int       // let through since then
}

const (
	firstWindow = 4
	opening     = 0.25 // of a place for each answer
	leastRate   = 1.0 / 60
)

func (l *learner) slot(now time.Time) (time.Time, <-chan struct{}) {
	if l.rate == 0 {
		if l.window == 0 {
			l.window, l.since = firstWindow, now
		}
		if l.flying >= int(l.window) {
			gate := make(chan struct{})
			l.gates = append(l.gates, gate)
			return now, gate
		}
		l.flying++
		return now, nil
	}
	l.flying++
	at := now
	if l.next.After(now) {
		at = l.next
	}
	l.next = at.Add(time.Duration(float64(time.Second) / l.rate))
	return at, nil
}

// back frees a place.
func (l *learner) back() {
	l.flying--
	l.open()
}

func (l *learner) abandon(gate <-chan struct{}) {
	l.gates = slices.DeleteFunc(l.gates, func(g chan struct{}) bool { return g == gate })
	l.open()
}

func (l *learner) open() {
	free := len(l.gates)
	if l.rate == 0 {
		free = min(free, int(l.window)-l.flying)
	}
	for range free {
		close(l.gates[0])
		l.gates = l.gates[1:]
	}
}

func (l *learner) restart(at time.Time) {
	l.next = at
	if l.rate == 0 {
		l.window = firstWindow
	}
}

func (l *learner) passed(p pass, now time.Time) {
	if p.epoch == l.epoch {
		l.passes++
	}
	switch {
	case l.rate == 0:
		l.window += opening
		l.open()
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

func (l *learner) refuse(p pass, now time.Time) {
	if p.epoch != l.epoch {
		return // it was on its way when the last refusal came
	}
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
	l.rate = math.Max(l.rate, leastRate)
	l.epoch++
	l.since, l.passes = now, 0
	l.open()
}
