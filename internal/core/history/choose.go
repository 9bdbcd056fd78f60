package history

import (
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// span are the events between the last moment in which all was well and the first in which it was not, in the order of
// time, beside all of the events until then: what stands in the way may have stood there before.
type span struct {
	between, until []Event
	within         bool      // the subject is still in scope: one way fewer is no loss
	extra          bool      // it should not be there
	after          time.Time // all was well; zero: not known
	ran            time.Time // what was changed before was looked at; zero: not known
}

// spanOf tells the events apart. What the recording of the last good moment tells happened before it, whatever its
// time; what that of the first bad moment tells happened before that one. Roll calls may have narrowed that down.
func spanOf(events []Event, was, is *Moment, b *Break) span {
	s := span{extra: is.Trace.Verdict == trace.Extra, ran: is.Ran, after: b.After}
	for i := range is.Trace.Hops {
		s.within = s.within || is.Trace.Hops[i].Hop == cause.HopAssignment && is.Trace.Hops[i].Status == trace.Pass
	}
	known, before := map[entry]bool{}, map[entry]bool{}
	if b.Before.Equal(is.At) {
		known = entries(is.Events)
	}
	if was != nil {
		before = entries(was.Events)
	}
	for _, e := range events {
		if e.Kind == "" || e.At.After(b.Before) && !known[e.entry()] {
			continue
		}
		s.until = append(s.until, e)
		if !before[e.entry()] && !e.At.Before(b.After) {
			s.between = append(s.between, e)
		}
	}
	return s
}

// verdict is what did it, and when.
type verdict struct {
	at            time.Time
	event, change *Event // what produced the cause; where that kept a change from being carried over, the change
}

// did finds what produced a cause.
func (s span) did(o origin) verdict {
	shows := last(s.between, o.by)
	if shows != nil && o.keeps == nil && !o.waits {
		return s.produced(shows, o)
	}
	change := s.change()
	if o.waits && change != nil && change.At.Before(s.ran) {
		change = nil // it was carried over, or nothing is known of why not
	}
	switch {
	case shows != nil && (change == nil || shows.At.After(change.At)):
		return s.produced(shows, o)
	case o.waits && change != nil:
		return verdict{change.At, change, nil}
	case o.keeps == nil:
		return verdict{}
	}
	v := verdict{event: s.keeper(o, change), change: change}
	if change != nil {
		v.at = change.At
	}
	return v
}

// produced follows an event to where it came from. That may lie before the last moment in which all was well, with its
// effect after: then it broke with the effect.
func (s span) produced(shows *Event, o origin) verdict {
	at := slices.IndexFunc(s.until, func(e Event) bool { return e.ID == shows.ID && e.entry() == shows.entry() })
	event := nearest(&s.until[at], s.until, o.by)
	v := verdict{at: event.At, event: event}
	if event.At.Before(s.after) || s.after.Equal(event.At) && !slices.ContainsFunc(s.between, func(e Event) bool { return e.entry() == event.entry() }) {
		v.at = shows.At
	}
	if event.Kind == UserForgotten { // the deletion itself was up to thirty days before
		v.at = time.Time{}
	}
	return v
}

// keeper is what kept a change from being carried over: what stood in the way already when it came, else the first that
// came after it.
func (s span) keeper(o origin, change *Event) *Event {
	from := slices.Concat(o.keeps, o.from)
	if change == nil {
		return nearest(last(s.until, o.keeps), s.until, from)
	}
	at := slices.IndexFunc(s.until, func(e Event) bool { return e.ID == change.ID && e.entry() == change.entry() })
	var before, after *Event
	for i := range s.until {
		e := &s.until[i]
		switch {
		case !counts(s.until, e, o.keeps):
		case i < at:
			before = e
		case after == nil:
			after = e
		}
	}
	if before == nil {
		before = after
	}
	return nearest(before, s.until, from)
}

// change is the newest change of the subject that somebody has to carry over.
func (s span) change() *Event {
	if !s.extra {
		return last(s.between, comesIn)
	}
	out := first(s.between, goesOut)
	if s.within {
		return out
	}
	if fell := last(s.between, fallsOut); out == nil || fell != nil && fell.At.Before(out.At) {
		return fell
	}
	return out
}

// nearest follows an event to where it came from: what it but followed from, or repeated.
func nearest(at *Event, events []Event, kinds []Kind) *Event {
	for at != nil {
		from := source(events, at, kinds)
		if from == nil {
			return at
		}
		at = from
	}
	return nil
}

// How long after its source an event may come: what a cycle, a connector's sync or a retry carries over, and how long
// Entra keeps who was deleted (entra.md 1.8).
const (
	soon = 48 * time.Hour
	kept = 31 * 24 * time.Hour
)

// source is the newest event from which another may follow, with nothing between them that undoes it.
func source(events []Event, of *Event, kinds []Kind) *Event {
	after := natures[of.Kind].after
	for i := len(events) - 1; i >= 0; i-- {
		e := &events[i]
		if e == of || e.At.After(of.At) || e.At.Equal(of.At) && e.Kind == of.Kind || !slices.Contains(after, e.Kind) || !slices.Contains(kinds, e.Kind) || e.astray {
			continue
		}
		most := soon
		if of.Kind == UserForgotten || e.Kind == of.Kind {
			most = kept
		}
		if of.At.Sub(e.At) > most || undone(events, e, of.At) {
			return nil
		}
		return e
	}
	return nil
}

// last is the newest event of the kinds that leads into scope and was not undone; first is the oldest. What may lead
// nobody into scope counts where nothing else is known.
func last(events []Event, kinds []Kind) *Event {
	var out, doubtful *Event
	for i := len(events) - 1; i >= 0 && (out == nil || events[i].At.Equal(out.At)); i-- {
		e := &events[i]
		switch {
		case !counts(events, e, kinds):
		case e.doubt:
			if doubtful == nil {
				doubtful = e
			}
		case out == nil || slices.Index(kinds, e.Kind) < slices.Index(kinds, out.Kind):
			out = e
		}
	}
	if out == nil {
		return doubtful
	}
	return out
}

func first(events []Event, kinds []Kind) *Event {
	for i := range events {
		if counts(events, &events[i], kinds) {
			return &events[i]
		}
	}
	return nil
}

func counts(events []Event, e *Event, kinds []Kind) bool {
	return slices.Contains(kinds, e.Kind) && !e.astray && !undone(events, e, time.Time{})
}

// undone tells whether a later event takes an event back; with a moment, whether it did so until then.
func undone(events []Event, e *Event, until time.Time) bool {
	later := false
	for i := range events {
		o := &events[i]
		switch {
		case o == e:
			later = true
		case !later, !until.IsZero() && o.At.After(until), !slices.Contains(natures[e.Kind].undone, o.Kind):
		case e.group == "" || o.group == "" || e.group == o.group:
			return true
		}
	}
	return false
}
