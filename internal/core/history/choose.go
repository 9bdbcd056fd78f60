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
	ran            time.Time // what was changed before was looked at; zero: not known
}

// spanOf tells the events apart. What the recording of the last good moment tells happened before it, whatever its
// time; what that of the first bad moment tells happened before that one.
func spanOf(events []Event, was, is *Moment) span {
	s := span{extra: is.Trace.Verdict == trace.Extra, ran: is.Ran}
	for i := range is.Trace.Hops {
		s.within = s.within || is.Trace.Hops[i].Hop == cause.HopAssignment && is.Trace.Hops[i].Status == trace.Pass
	}
	known, before := entries(is.Events), map[entry]bool{}
	if was != nil {
		before = entries(was.Events)
	}
	for _, e := range events {
		if e.Kind == "" || e.At.After(is.At) && !known[e.entry()] {
			continue
		}
		s.until = append(s.until, e)
		if was == nil || !before[e.entry()] && !e.At.Before(was.At) {
			s.between = append(s.between, e)
		}
	}
	return s
}

// did finds what produced a cause: the event, and where that kept a change from being carried over, the change.
func (s span) did(o origin) (event, change *Event) {
	if event = nearest(last(s.between, o.by), s.between, o.by); o.keeps == nil && !o.waits {
		return event, nil
	}
	if change = s.change(); o.waits && change != nil && change.At.Before(s.ran) {
		change = nil // it was carried over, or nothing is known of why not
	}
	if event != nil && (change == nil || event.At.After(change.At)) {
		return event, nil
	}
	if o.waits {
		return change, nil
	}
	return nearest(s.keeper(o.keeps, change), s.until, slices.Concat(o.keeps, o.from)), change
}

// keeper is what kept a change from being carried over: what stood in the way already when it came, else the first that
// came after it.
func (s span) keeper(kinds []Kind, change *Event) *Event {
	if change == nil {
		return last(s.until, kinds)
	}
	at := slices.IndexFunc(s.until, func(e Event) bool { return e.ID == change.ID && e.entry() == change.entry() })
	var before, after *Event
	for i := range s.until {
		e := &s.until[i]
		switch {
		case !counts(s.until, e, kinds):
		case i < at:
			before = e
		case after == nil:
			after = e
		}
	}
	if before != nil {
		return before
	}
	return after
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

// last is the newest event of the kinds that leads into scope and was not undone; first is the oldest.
func last(events []Event, kinds []Kind) *Event {
	var out *Event
	for i := len(events) - 1; i >= 0 && (out == nil || events[i].At.Equal(out.At)); i-- {
		if e := &events[i]; counts(events, e, kinds) && (out == nil || slices.Index(kinds, e.Kind) < slices.Index(kinds, out.Kind)) {
			out = e
		}
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
