// Package history answers "it was working, then broke": it puts everything that any log says of one subject into the
// order of time, holds recordings of different moments against one another, and names the moment in which the subject
// was no longer where it should be, with the fact that was different and what happened in between.
package history

import (
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// Event is something that a log says of the subject.
type Event struct {
	At   time.Time `json:"at"`
	Log  string    `json:"log"`  // which log: Entra's audit log, Entra's provisioning log, …
	Seen string    `json:"seen"` // API path or bundle file
	Text string    `json:"text"`
	By   string    `json:"by,omitzero"`
	Bad  bool      `json:"bad,omitzero"` // it failed, was skipped or took something away
}

// Moment is how the subject stood when a recording was made.
type Moment struct {
	At    time.Time   `json:"at"`
	From  string      `json:"from"` // where the recording lies
	Trace trace.Trace `json:"trace"`
}

// Break is the moment in which it broke.
type Break struct {
	After  time.Time  `json:"after,omitzero"`  // it was as it should be then; zero: not known
	Before time.Time  `json:"before,omitzero"` // and no longer then
	Cause  cause.Code `json:"cause,omitzero"`
	Hop    cause.Hop  `json:"hop,omitzero"` // the first hop that is not as it was
	Was    []Fact     `json:"was"`
	Is     []Fact     `json:"is"`
	Event  *Event     `json:"event,omitzero"` // the last thing in between that speaks against the subject
}

// Fact is what was seen of a hop.
type Fact struct {
	Seen string `json:"seen"`
	Fact string `json:"fact"`
}

// History is everything that is known of a subject over time.
type History struct {
	Subject trace.Subject `json:"subject"`
	Verdict trace.Verdict `json:"verdict"` // of the newest recording
	Summary string        `json:"summary"`
	Events  []Event       `json:"events"`  // oldest first
	Moments []Moment      `json:"moments"` // likewise
	Broke   *Break        `json:"broke,omitzero"`
	Notes   []string      `json:"notes"` // logs that were not read
}

// Of puts recordings and logs together. There is at least one recording.
func Of(moments []Moment, events []Event, notes []string) History {
	slices.SortStableFunc(moments, func(a, b Moment) int { return a.At.Compare(b.At) })
	slices.SortStableFunc(events, func(a, b Event) int { return a.At.Compare(b.At) })
	events = slices.CompactFunc(events, func(a, b Event) bool { return a == b })
	last := moments[len(moments)-1]
	h := History{Subject: last.Trace.Subject, Verdict: last.Trace.Verdict, Summary: last.Trace.Summary, Events: events, Moments: moments, Notes: notes}
	if last.Trace.Verdict != trace.Present {
		h.Broke = broke(moments, events)
	}
	return h
}

// broke finds the last moment in which all was well and the first after it in which it was not. With one recording only
// the logs can tell.
func broke(moments []Moment, events []Event) *Break {
	first := len(moments) - 1
	for first > 0 && moments[first-1].Trace.Verdict != trace.Present {
		first--
	}
	is := moments[first]
	b := &Break{Before: is.At, Cause: is.Trace.Cause, Was: []Fact{}, Is: []Fact{}}
	var was *Moment
	if first > 0 {
		was = &moments[first-1]
		b.After = was.At
	}
	b.Hop, b.Was, b.Is = difference(was, &is)
	for i := range events {
		if e := &events[i]; e.Bad && !e.At.After(b.Before) && e.At.After(b.After) {
			b.Event = e
		}
	}
	return b
}

// difference is the hop that failed and had not: the cause's own, else the first on the way; with its facts before and
// after.
func difference(was, is *Moment) (at cause.Hop, before, after []Fact) {
	before, after = []Fact{}, []Fact{}
	earlier := map[cause.Hop]*trace.Hop{}
	if was != nil {
		for i := range was.Trace.Hops {
			earlier[was.Trace.Hops[i].Hop] = &was.Trace.Hops[i]
		}
	}
	var found *trace.Hop
	for i := range is.Trace.Hops {
		h := &is.Trace.Hops[i]
		if h.Status != trace.Fail && h.Status != trace.Follows || earlier[h.Hop] != nil && earlier[h.Hop].Status == h.Status {
			continue
		}
		own := h.Status == trace.Fail && h.Cause == is.Trace.Cause
		if found == nil || own {
			found = h
		}
		if own {
			break
		}
	}
	if found == nil {
		return at, before, after
	}
	if h := earlier[found.Hop]; h != nil {
		before = factsOf(h)
	}
	return found.Hop, before, factsOf(found)
}

func factsOf(h *trace.Hop) []Fact {
	out := []Fact{}
	if h.Summary != "" {
		out = append(out, Fact{"", h.Summary})
	}
	for _, e := range h.Evidence {
		out = append(out, Fact{e.Seen, e.Fact})
	}
	return out
}

// FromLedger is what rollcall itself did to the subject.
func FromLedger(entries []ledger.Entry) []Event {
	var out []Event
	for i := range entries {
		e := &entries[i]
		words := e.Op + " " + e.Kind + " " + e.Subject.Name + ": " + string(e.Outcome)
		if e.Why != "" {
			words += ", because " + e.Why
		}
		if e.Text != "" {
			words += "; " + e.Text
		}
		bad := e.Outcome != ledger.Done || e.Op == "deactivate" || e.Op == "remove-members" || e.Op == "delete"
		out = append(out, Event{At: e.At, Log: "rollcall", Seen: "rollcall log --run " + e.Run, Text: strings.TrimSpace(words), By: e.Approved, Bad: bad})
	}
	return out
}
