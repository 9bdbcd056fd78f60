// Package history answers "it was working, then broke": it puts everything that any log says of one subject and of what
// lies on its way into the order of time, holds recordings of different moments against one another, and names the moment
// in which the subject was no longer where it should be, with the fact that was different and the event that did it. Which
// events can produce which cause is a table (origins.go); what it does not name is never put down as what did it.
package history

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// Moment is how the subject stood when a recording was made, and what its logs say.
type Moment struct {
	At    time.Time   `json:"at"`
	From  string      `json:"from"` // where the recording lies
	Trace trace.Trace `json:"trace"`

	Events []Event                  `json:"-"`
	Unread map[document.File]string `json:"-"` // logs that it does not have, with the call that would tell
	Ran    time.Time                `json:"-"` // when the one who provisions last began to look at everything; zero: not known
}

// Break is the moment in which it broke.
type Break struct {
	At     time.Time  `json:"at,omitzero"`     // when; zero: not known
	After  time.Time  `json:"after,omitzero"`  // it was as it should be then; zero: not known
	Before time.Time  `json:"before,omitzero"` // and no longer then
	Cause  cause.Code `json:"cause,omitzero"`
	Now    cause.Code `json:"now,omitzero"` // the cause by now, where it is another one
	Hop    cause.Hop  `json:"hop,omitzero"` // the first hop that is not as it was
	Was    []Fact     `json:"was"`
	Is     []Fact     `json:"is"`
	Event  *Event     `json:"event,omitzero"`  // what did it
	Change *Event     `json:"change,omitzero"` // what was not carried over because of it: it broke with this
	Untold string     `json:"untold,omitzero"` // why no event is named, and what would tell

	Checked bool `json:"checked,omitzero"` // roll calls that rollcall made brought the two moments closer together
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

// MomentOf is a subject in a recording.
func MomentOf(w *facts.World, from string, t trace.Trace) Moment {
	m := Moment{At: w.At, From: from, Trace: t, Unread: map[document.File]string{}, Ran: ran(w)}
	for _, f := range []document.File{document.ProvisioningLogs, document.DirectoryAudits, document.Events} {
		if !w.Has(f) && !(f == document.ProvisioningLogs && w.Method() == document.GuardNested) {
			m.Unread[f] = w.Call(f)
		}
	}
	y := wayOf(w, t.Subject)
	for i := range w.Audits {
		if e, on := y.audited(&w.Audits[i]); on {
			m.Events = append(m.Events, e)
		}
	}
	m.Events = append(m.Events, y.provisioning()...)
	for i := range w.Events {
		if e, on := y.organization(&w.Events[i]); on {
			m.Events = append(m.Events, e)
		}
	}
	m.Events = append(m.Events, y.own()...)
	m.Events = append(m.Events, undoubled(y.dated(), m.Events)...)
	return m
}

// ran is when the newest cycle or run began that came to its end.
func ran(w *facts.World) (at time.Time) {
	for i := range w.Jobs {
		if x := w.Jobs[i].Status.LastExecution; x != nil && w.Method() == document.EntraSCIM && !strings.EqualFold(x.State, "Failed") && x.TimeBegan.After(at) {
			at = x.TimeBegan.Time
		}
	}
	for i := range w.OwnRuns {
		if r := &w.OwnRuns[i]; w.Method() == document.Rollcall && r.State == string(ledger.Ended) && r.Started.After(at) {
			at = r.Started.Time
		}
	}
	return at
}

// Of puts recordings together with what rollcall's own log and its roll calls say. There is at least one recording.
func Of(moments []Moment, own []Event, checks []Check) History {
	slices.SortStableFunc(moments, func(a, b Moment) int { return a.At.Compare(b.At) })
	now := moments[len(moments)-1]
	h := History{
		Subject: now.Trace.Subject, Verdict: now.Trace.Verdict, Summary: now.Trace.Summary, Events: merged(moments, own), Moments: moments, Notes: []string{},
	}
	unread := unreadIn(moments)
	for _, f := range slices.Sorted(maps.Keys(unread)) {
		h.Notes = append(h.Notes, fmt.Sprintf("%s was not read: %s", f, unread[f]))
	}
	if now.Trace.Verdict != trace.Present {
		h.Broke = broke(moments, h.Events, checks, unread)
	}
	return h
}

// unreadIn are the logs that no recording has.
func unreadIn(moments []Moment) map[document.File]string {
	out := maps.Clone(moments[0].Unread)
	for i := range moments {
		maps.DeleteFunc(out, func(f document.File, _ string) bool {
			_, unread := moments[i].Unread[f]
			return !unread
		})
	}
	return out
}

// broke finds the last moment in which all was well and the first after it in which it was not, and what did it. With
// one recording only the logs can tell.
func broke(moments []Moment, events []Event, checks []Check, unread map[document.File]string) *Break {
	first := len(moments) - 1
	for first > 0 && moments[first-1].Trace.Verdict != trace.Present {
		first--
	}
	is := &moments[first]
	b := &Break{Before: is.At, Cause: is.Trace.Cause}
	if now := moments[len(moments)-1].Trace.Cause; now != b.Cause {
		b.Now = now
	}
	var was *Moment
	if first > 0 {
		was = &moments[first-1]
		b.After = was.At
	}
	b.Hop, b.Was, b.Is = difference(was, is)
	b.narrow(checks)
	o := origins[b.Cause]
	v := spanOf(events, was, is, b).did(o)
	b.At, b.Event, b.Change = v.at, v.event, v.change
	switch {
	case b.Event == nil:
		b.Untold = o.silence(unread)
	case b.At.IsZero() && b.Event.Kind == UserForgotten:
		b.Untold = "Who is deleted for good was deleted up to 30 days before, and no log that was read reaches back to that"
	case b.At.IsZero():
		b.Untold = "What was not carried over because of it stands in no log that was read"
	}
	return b
}
