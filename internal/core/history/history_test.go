package history_test

import (
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
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

// well is a recording in which all is as it should be, and unassigned one of somebody who is in no assigned group.
func well(at int) history.Moment {
	return moment(at, trace.Present, "", hop(cause.HopSource, trace.Pass, "", "enabled"), hop(cause.HopAssignment, trace.Pass, "", "assigned through sales"))
}

func unassigned(at int) history.Moment {
	return moment(at, trace.Missing, cause.NotAssigned, hop(cause.HopSource, trace.Pass, "", "enabled"), hop(cause.HopAssignment, trace.Fail, cause.NotAssigned, "in no assigned group"))
}

func disabled(at int) history.Moment {
	return moment(at, trace.Missing, cause.SourceDisabled, hop(cause.HopSource, trace.Fail, cause.SourceDisabled, "accountEnabled false"))
}

func event(at int, k history.Kind, text string) history.Event {
	return history.Event{At: day(at), ID: text, Kind: k, Text: text}
}

// telling gives a recording the entries that its logs have.
func telling(m history.Moment, events ...history.Event) history.Moment {
	m.Events = events
	return m
}

func breakOf(t *testing.T, moments ...history.Moment) *history.Break {
	t.Helper()
	b := history.Of(moments, nil, nil).Broke
	if b == nil {
		t.Fatal("nothing broke")
	}
	return b
}

func TestItBrokeBetweenTheLastRecordingInWhichAllWasWellAndTheNext(t *testing.T) {
	left := event(5, history.MemberRemoved, "removed from sales")
	h := history.Of([]history.Moment{
		telling(unassigned(9), event(2, history.MemberRemoved, "removed from marketing"), left, event(7, history.MemberRemoved, "removed from canteen")),
		telling(unassigned(6), left),
		well(3),
	}, nil, nil)
	b := h.Broke
	if b == nil || !b.After.Equal(day(3)) || !b.Before.Equal(day(6)) || !b.At.Equal(day(5)) {
		t.Fatalf("it broke %+v, not on the 5th, between the 3rd and the 6th", b)
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
	h := history.Of([]history.Moment{unassigned(1), well(2)}, nil, nil)
	if h.Broke != nil || h.Verdict != trace.Present {
		t.Errorf("%+v", h)
	}
}

func TestWithOneRecordingTheLogsTell(t *testing.T) {
	b := breakOf(t, telling(unassigned(9), event(5, history.MemberRemoved, "removed from sales"), event(6, "", "signed in")))
	if !b.After.IsZero() || !b.At.Equal(day(5)) || b.Event == nil || b.Event.Text != "removed from sales" {
		t.Errorf("%+v", b)
	}
}

func TestAnEventThatCannotHaveProducedTheCauseIsNotNamed(t *testing.T) {
	b := breakOf(t, telling(disabled(9), event(5, history.MemberRemoved, "removed from sales"), event(6, history.UserDeleted, "deleted")))
	if b.Event != nil || !b.At.IsZero() || b.Untold == "" {
		t.Errorf("%+v", b)
	}
}

func TestWhatWasTakenBackDidNotDoIt(t *testing.T) {
	b := breakOf(t, telling(disabled(9), event(2, history.UserDisabled, "first"), event(3, history.UserEnabled, "enabled"), event(5, history.UserDisabled, "second")))
	if b.Event == nil || b.Event.Text != "second" {
		t.Errorf("%+v", b.Event)
	}
	b = breakOf(t, telling(disabled(9), event(2, history.UserDisabled, "first"), event(3, history.UserEnabled, "enabled")))
	if b.Event != nil {
		t.Errorf("%+v is undone since", b.Event)
	}
}

func TestWhoBrokeTwiceBrokeWithTheLastOne(t *testing.T) {
	first, second := event(2, history.UserDisabled, "first"), event(7, history.UserDisabled, "second")
	b := breakOf(t, well(1), telling(disabled(3), first), well(5), telling(disabled(9), first, event(4, history.UserEnabled, "enabled"), second))
	if !b.After.Equal(day(5)) || b.Event == nil || b.Event.Text != "second" {
		t.Errorf("%+v", b)
	}
}

func TestItBrokeByTheCauseOfThenAndItIsSaidThatItIsAnotherNow(t *testing.T) {
	off, left := event(2, history.UserDisabled, "disabled"), event(5, history.MemberRemoved, "removed from sales")
	b := breakOf(t, well(1), telling(disabled(3), off), telling(unassigned(6), off, event(4, history.UserEnabled, "enabled"), left))
	if b.Cause != cause.SourceDisabled || b.Now != cause.NotAssigned || b.Event == nil || b.Event.Text != "disabled" {
		t.Errorf("%+v", b)
	}
}

func TestWhatStoodInTheWayIsNamedWithTheChangeThatItKept(t *testing.T) {
	stopped := moment(9, trace.Extra, cause.ProvisioningStopped, hop(cause.HopProvisioning, trace.Fail, cause.ProvisioningStopped, "job Paused"))
	paused, left := event(2, history.JobPaused, "paused"), event(6, history.UserDeleted, "deleted")
	b := breakOf(t, telling(well(4), paused), telling(stopped, paused, left))
	if !b.At.Equal(day(6)) || b.Event == nil || b.Event.Text != "paused" || b.Change == nil || b.Change.Text != "deleted" {
		t.Errorf("%+v", b)
	}
	b = breakOf(t, telling(stopped, paused))
	if !b.At.IsZero() || b.Event == nil || b.Untold == "" {
		t.Errorf("what was not carried over is not known, yet it says %+v", b)
	}
}

func TestOneGroupFewerIsNoLossForWhoIsStillInScope(t *testing.T) {
	late := moment(9, trace.Extra, cause.CycleDelay, hop(cause.HopAssignment, trace.Pass, "", "assigned"), hop(cause.HopProvisioning, trace.Fail, cause.CycleDelay, "changed after the last cycle"))
	b := breakOf(t, telling(late, event(5, history.MemberRemoved, "removed from one of two"), event(6, history.UserDisabled, "disabled")))
	if b.Event == nil || b.Event.Text != "disabled" {
		t.Errorf("%+v", b.Event)
	}
}

func TestWhatFollowedIsPutDownToWhatItFollowedFrom(t *testing.T) {
	gone := moment(30, trace.Missing, cause.NotInSource, hop(cause.HopSource, trace.Fail, cause.NotInSource, "not in Entra"))
	deactivated := history.Event{At: day(2).Add(40 * time.Minute), ID: "a", Kind: history.AccountDeactivated, Text: "deactivated"}
	b := breakOf(t, telling(gone, event(2, history.UserDeleted, "deleted"), deactivated, event(29, history.UserForgotten, "forgotten")))
	if b.Event == nil || b.Event.Text != "deleted" || !b.At.Equal(day(2)) {
		t.Errorf("%+v", b)
	}
	b = breakOf(t, telling(gone, event(29, history.UserForgotten, "forgotten")))
	if b.Event == nil || !b.At.IsZero() || b.Untold == "" {
		t.Errorf("the deletion itself is not known, yet it says %+v", b)
	}
}

func TestALogThatWasNotReadIsSaidToTell(t *testing.T) {
	m := disabled(9)
	m.Unread = map[document.File]string{document.DirectoryAudits: "GET /auditLogs/directoryAudits"}
	h := history.Of([]history.Moment{m}, nil, nil)
	if !strings.Contains(h.Broke.Untold, "GET /auditLogs/directoryAudits") || len(h.Notes) != 1 {
		t.Errorf("%q, %q", h.Broke.Untold, h.Notes)
	}
}

func TestWhatTheLastGoodRecordingTellsHappenedBeforeIt(t *testing.T) {
	// Both in the moment of the recording: only that which its log does not have came after it.
	before, after := event(3, history.MemberRemoved, "before"), event(3, history.MemberRemoved, "after")
	before.At, after.At = day(3), day(3).Add(time.Millisecond)
	b := breakOf(t, telling(well(3), before), telling(unassigned(6), before, after))
	if b.Event == nil || b.Event.Text != "after" {
		t.Errorf("%+v", b.Event)
	}
	b = breakOf(t, telling(well(3), before, after), telling(unassigned(6), before, after))
	if b.Event != nil {
		t.Errorf("%+v was known when all was well", b.Event)
	}
}

func TestRollCallsBringTheMomentsCloserTogether(t *testing.T) {
	gone := moment(9, trace.Missing, cause.MembershipMissing, hop(cause.HopGroup, trace.Fail, cause.MembershipMissing, "not in the group"))
	old, left := event(2, history.LeftThere, "left long ago"), event(5, history.LeftThere, "left")
	checks := []history.Check{{At: day(7), Found: true}, {At: day(3)}, {At: day(6), Found: true}, {At: day(4)}}
	b := history.Of([]history.Moment{telling(gone, old, left)}, nil, checks).Broke
	if !b.Checked || !b.After.Equal(day(4)) || !b.Before.Equal(day(6)) || b.Event == nil || b.Event.Text != "left" {
		t.Errorf("%+v", b)
	}
	b = history.Of([]history.Moment{telling(gone, old)}, nil, checks).Broke
	if b.Event != nil {
		t.Errorf("on the 4th all was well, and yet it broke with %+v", b.Event)
	}
	// Whom nobody expects no roll call misses.
	b = history.Of([]history.Moment{telling(disabled(9), event(5, history.UserDisabled, "disabled"))}, nil, []history.Check{{At: day(7)}}).Broke
	if b.Checked || !b.After.IsZero() || b.Event == nil {
		t.Errorf("%+v", b)
	}
}
