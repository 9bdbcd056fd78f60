package engine

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/store"
)

// rollCalls is a past of roll calls alone.
type rollCalls []store.RollCall

func (rollCalls) Entries(context.Context, store.Query) iter.Seq2[ledger.Entry, error] {
	return func(func(ledger.Entry, error) bool) {}
}

func (r rollCalls) RollCalls(context.Context, string, time.Time) iter.Seq2[store.RollCall, error] {
	return func(yield func(store.RollCall, error) bool) {
		for _, c := range r {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// rollCall is one that found the named.
func rollCall(t *testing.T, at time.Time, ids ...string) store.RollCall {
	t.Helper()
	findings := []trace.Finding{}
	for _, id := range ids {
		findings = append(findings, trace.Finding{Subject: trace.Subject{Kind: "user", ID: id}})
	}
	raw, err := json.Marshal(findings)
	if err != nil {
		t.Fatal(err)
	}
	return store.RollCall{At: at, Findings: raw}
}

func TestAHistoryUsesTheRollCallsOfTheStore(t *testing.T) {
	day := func(n int) time.Time { return time.Date(2026, 11, n, 8, 0, 0, 0, time.UTC) }
	worlds := &shelf{world: small()}
	past := rollCalls{rollCall(t, day(16), "cy"), rollCall(t, day(17), "bo", "cy"), rollCall(t, day(18), "bo")}
	h, err := History(t.Context(), []Recording{{From: "now", Worlds: worlds}}, trace.Query{Subject: "bo"}, "small", past, func(string, int64, int64) {})
	if err != nil {
		t.Fatal(err)
	}
	if b := h.Broke; b == nil || !b.Checked || !b.After.Equal(day(16)) || !b.Before.Equal(day(17)) {
		t.Errorf("between the 16th and the 17th: %+v", h.Broke)
	}
	if !worlds.focus.History {
		t.Error("the logs were not asked for")
	}
}

func TestARollCallThatCannotBeReadIsToldWithItsDay(t *testing.T) {
	past := rollCalls{{At: time.Date(2026, 11, 16, 8, 0, 0, 0, time.UTC), Findings: []byte(`{`)}}
	_, err := History(t.Context(), []Recording{{From: "now", Worlds: &shelf{world: small()}}}, trace.Query{Subject: "bo"}, "small", past, func(string, int64, int64) {})
	if err == nil || !strings.Contains(err.Error(), "2026-11-16") {
		t.Errorf("%v", err)
	}
}

func TestAHistoryNeedsSomethingToLookAt(t *testing.T) {
	if _, err := History(t.Context(), nil, trace.Query{Subject: "bo"}, "small", nil, nil); !errors.Is(err, ErrNoRecording) {
		t.Errorf("%v", err)
	}
}
