package cli

import (
	"strings"
	"testing"
	"time"
)

func TestTheBarWaitsThenDrawsSeldomAndWipesItself(t *testing.T) {
	var out strings.Builder
	clock := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	b := &bar{w: &out, width: 40, now: func() time.Time { return clock }, since: clock}
	b.draw("reading", 1, 100)
	b.wipe()
	if out.Len() > 0 {
		t.Fatalf("a step that is over at once was drawn: %q", out.String())
	}
	clock = clock.Add(barPatience)
	b.draw("reading", 50, 100)
	b.draw("reading", 51, 100) // too soon after the last
	clock = clock.Add(barEvery)
	b.draw("reading\x1b[2J", 100, 100)
	b.wipe()
	b.wipe()
	want := "\r\x1b[K" + "reading [===========            ]  50 %" + "\r\x1b[K" + `reading\u001b[2J [==============] 100 %` + "\r\x1b[K"
	if got := out.String(); got != want {
		t.Errorf("drew\n%q, want\n%q", got, want)
	}
}

func TestABarThatIsNotThereIsSilent(t *testing.T) {
	var b *bar
	b.draw("reading", 1, 2)
	b.wipe()
	if got := newBar(Streams{Err: &strings.Builder{}, Env: func(string) string { return "" }}); got != nil {
		t.Error("a bar is drawn where nobody looks")
	}
}

func TestABarWithoutATotalNamesItsStep(t *testing.T) {
	for want, got := range map[string]string{
		"reading":                barLine("reading", 5, 0, 40),
		"a long step's name 7 %": strings.Join(strings.Fields(barLine("a long step's name", 7, 100, 24)), " "),
	} {
		if got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if got := barLine("x", 300, 100, 20); got != "x [=========] 100 %" {
		t.Errorf("more than all: %q", got)
	}
}
