package testkit

import (
	"fmt"
	"slices"
	"testing"
)

// teller keeps what a test was told.
type teller struct{ told []string }

func (r *teller) Helper() {}
func (r *teller) Logf(format string, args ...any) {
	r.told = append(r.told, fmt.Sprintf(format, args...))
}

func TestFewerCasesAreTriedOnlyUnderTheRaceDetectorAndThenItIsSaid(t *testing.T) {
	for _, c := range []struct {
		all, underRace int
		sampled        bool
		want, told     int
	}{{100, 7, false, 100, 0}, {100, 7, true, 7, 1}, {7, 100, true, 7, 0}, {7, 7, true, 7, 0}} {
		var log teller
		if got := cases(&log, c.all, c.underRace, c.sampled); got != c.want || len(log.told) != c.told {
			t.Errorf("%+v: %d, and told %q", c, got, log.told)
		}
	}
}

func TestTheNightRunsAllCasesUnderTheRaceDetector(t *testing.T) {
	t.Setenv("ROLLCALL_RACE", "")
	if sampled() != detector {
		t.Errorf("sampled is %v, and built with -race is %v", sampled(), detector)
	}
	t.Setenv("ROLLCALL_RACE", "full")
	if sampled() {
		t.Error("ROLLCALL_RACE=full has no effect")
	}
}

func TestASampleIsSpreadOverTheWholeList(t *testing.T) {
	list := []string{"a", "b", "c", "d", "e", "f"}
	t.Setenv("ROLLCALL_RACE", "")
	want := list
	if detector {
		want = []string{"a", "c", "e"}
	}
	if got := Sample(t, list, 3); !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	if got := Sample(t, list, 6); !slices.Equal(got, list) {
		t.Errorf("%q, want all", got)
	}
	if got := Sample(t, list[:0], 6); len(got) > 0 {
		t.Errorf("%q of nothing", got)
	}
}
