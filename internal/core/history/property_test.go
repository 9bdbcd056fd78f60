package history

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// anything are a history's moments and events at random: two recordings, logs of any kinds.
func anything(t *rapid.T) (moments []Moment, events []Event) {
	start := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	kinds := append(slices.Sorted(maps.Keys(natures)), "")
	for i := range rapid.IntRange(0, 12).Draw(t, "events") {
		events = append(events, Event{
			At: start.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "day")) * 24 * time.Hour), ID: string(rune('a' + i)), mark: string(rune('a' + i)),
			Kind: rapid.SampledFrom(kinds).Draw(t, "kind"), group: rapid.SampledFrom([]string{"", "g", "h"}).Draw(t, "group"),
			astray: rapid.Bool().Draw(t, "astray"), doubt: rapid.Bool().Draw(t, "doubt"),
		})
	}
	code := rapid.SampledFrom(cause.All()).Draw(t, "cause").Code
	verdict := rapid.SampledFrom([]trace.Verdict{trace.Missing, trace.Wrong, trace.Extra, trace.Unknown}).Draw(t, "verdict")
	now := Moment{At: start.Add(30 * 24 * time.Hour), Trace: trace.Trace{Verdict: verdict, Cause: code}, Events: events}
	if rapid.Bool().Draw(t, "alone") {
		return []Moment{now}, events
	}
	was := Moment{At: start.Add(time.Duration(rapid.IntRange(0, 29).Draw(t, "was")) * 24 * time.Hour), Trace: trace.Trace{Verdict: trace.Present}}
	for i := range events {
		if !events[i].At.After(was.At) && rapid.Bool().Draw(t, "known") {
			was.Events = append(was.Events, events[i])
		}
	}
	return []Moment{now, was}, events
}

func TestWhateverTheLogsSayNothingIsNamedThatCannotHaveDoneIt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		moments, _ := anything(t)
		h := Of(moments, nil, nil)
		b := h.Broke
		o := origins[b.Cause]
		kinds := slices.Concat(o.by, o.keeps, o.from)
		if o.waits {
			kinds = slices.Concat(kinds, comesIn, goesOut, fallsOut)
		}
		switch {
		case b.Event != nil && !slices.Contains(kinds, b.Event.Kind):
			t.Fatalf("%s does not come from %s", b.Cause, b.Event.Kind)
		case b.Event != nil && b.Event.astray, b.Change != nil && b.Change.astray:
			t.Fatalf("it names a group that leads nobody into scope: %+v", b)
		case b.Change != nil && o.keeps == nil:
			t.Fatalf("nothing keeps a change of %s, and yet %+v", b.Cause, b.Change)
		case !b.At.IsZero() && b.At.Before(b.After):
			t.Fatalf("it broke at %s, when all was well until %s", b.At, b.After)
		case b.Event == nil && b.Untold == "":
			t.Fatal("it names nothing, and does not say why")
		}
	})
}
