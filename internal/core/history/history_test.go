package history_test

import (
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/history"
	"github.com/rollcall/rollcall/internal/core/trace"
)

func day(n int) time.Time { return time.Date(2026, 11, n, 9, 0, 0, 0, time.UTC) }

func hop(h cause.Hop, s trace.Status, c cause.Code, fact string) trace.Hop {
	return trace.Hop{Hop: h, Status: s, Cause: c, Evidence: []trace.Evidence{{Seen: "seen", Fact: fact}}}
}

func moment(at int, v trace.Verdict, c cause.Code, hops ...trace.Hop) history.Moment {
	return history.Moment{At: day(at), From: "recording", Trace: trace.Trace{Subject: trace.Subject{ID: "u1"}, Verdict: v, Cause: c, Hops: hops}}
}

func TestItBrokeBetweenTheLastRecordingInWhichAllWasWellAndTheNext(t *testing.T) {
	fine := moment(3, trace.Present, "", hop(cause.HopSource, trace.Pass, "", "enabled"), hop(cause.HopAssignment, trace.Pass, "", "assigned through sales"))
	broken := []history.Moment{
		moment(9, trace.Missing, cause.NotAssigned, hop(cause.HopSource, trace.Pass, "", "enabled"), hop(cause.HopAssignment, trace.Fail, cause.NotAssigned, "in no assigned group")),
		moment(6, trace.Missing, cause.NotAssigned, hop(cause.HopSource, trace.Pass, "", "enabled"), hop(cause.HopAssignment, trace.Fail, cause.NotAssigned, "in no assigned group")),
	}
	events := []history.Event{
		{At: day(2), Text: "removed from marketing", Bad: true},
		{At: day(5), Text: "removed from sales", Bad: true},
		{At: day(5), Text: "removed from sales", Bad: true},
		{At: day(7), Text: "removed from canteen", Bad: true},
	}
	h := history.Of(append(broken, fine), events, nil)
	b := h.Broke
	if b == nil || !b.After.Equal(day(3)) || !b.Before.Equal(day(6)) {
		t.Fatalf("it broke %+v, not between the 3rd and the 6th", b)
	}
	if b.Hop != cause.HopAssignment || b.Was[0].Fact != "assigned through sales" || b.Is[0].Fact != "in no assigned group" {
		t.Errorf("what was different: %+v", b)
	}
	if b.Event == nil || b.Event.Text != "removed from sales" {
		t.Errorf("because of %+v", b.Event)
	}
	if len(h.Events) != 3 {
		t.Errorf("the same entry of two recordings is told %d times in all", len(h.Events))
	}
}

func TestWhoIsWhereTheyShouldBeIsNotBroken(t *testing.T) {
	h := history.Of([]history.Moment{moment(1, trace.Missing, cause.NotAssigned), moment(2, trace.Present, "")}, nil, nil)
	if h.Broke != nil || h.Verdict != trace.Present {
		t.Errorf("%+v", h)
	}
}

func TestWithOneRecordingTheLogsTell(t *testing.T) {
	h := history.Of([]history.Moment{moment(9, trace.Missing, cause.NotAssigned, hop(cause.HopAssignment, trace.Fail, cause.NotAssigned, "in no assigned group"))},
		[]history.Event{{At: day(5), Text: "removed from sales", Bad: true}, {At: day(6), Text: "signed in"}}, nil)
	if b := h.Broke; b == nil || !b.After.IsZero() || b.Event == nil || b.Event.Text != "removed from sales" {
		t.Errorf("%+v", h.Broke)
	}
}
