// Package plan measures planning: the largest directory, each case in a process of its own (bench/largest.sh), and the
// size that other planners were measured with.
package plan

import (
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/rollcall/rollcall/bench/largest"
	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// world is both sides and what a plan over them has to find.
type world struct {
	*largest.World
	c      largest.Case
	source *directory.Snapshot
	target *directory.State
	drift  largest.Drift
}

// build makes both sides side by side, as they are read.
func build(b *testing.B, size largest.Size, c largest.Case) *world {
	b.Helper()
	made, err := largest.New(size)
	if err != nil {
		b.Fatal(err)
	}
	w := &world{World: made, c: c}
	var wg sync.WaitGroup
	wg.Go(func() { w.source = w.Snapshot() })
	wg.Go(func() { w.target, w.drift = w.State(c) })
	wg.Wait()
	return w
}

func (w *world) input() plan.Input {
	return plan.Input{
		At: time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC),
		Rules: plan.Rules{
			Connection: "fabrikam", Method: document.Rollcall, Scope: *largest.Scope(), Mapping: *largest.Mapping(), Limits: plan.DefaultLimits,
		},
		Source: w.source,
		Target: plan.Target{
			State:  w.target,
			Users:  match.Resolve(w.UserLinks(w.c), w.target.Users.Len(), w.source.UserRows, w.target.UserRows),
			Groups: match.Resolve(w.GroupLinks(w.c), w.target.Groups.Len(), w.source.GroupRows, w.target.GroupRows),
		},
	}
}

// check fails where the plan is not the one that the case asks for: a wrong plan has no speed.
func (w *world) check(b *testing.B, p *plan.Plan) {
	b.Helper()
	want := plan.Counts{Updates: w.drift.Users, Adds: w.drift.Missing, Removes: w.drift.Extra}
	if w.c.Empty {
		want = plan.Counts{Creates: w.source.Users.Len(), Groups: w.source.Groups.Len(), Adds: w.Memberships()}
	}
	if p.Counts != want {
		b.Fatalf("the plan has %+v, the case %+v", p.Counts, want)
	}
	if !p.Complete() {
		b.Fatalf("the plan is not complete: %v", p.Gaps)
	}
}

var cases = []struct {
	name string
	c    largest.Case
}{{"equal", largest.Equal}, {"changed", largest.Changed}, {"empty", largest.Empty}}

// BenchmarkLargest is the whole way from rows to a plan. Seconds of each part and of all, and the most memory that the
// process ever had. That belongs to one case only where the process ran no other and this one once.
func BenchmarkLargest(b *testing.B) {
	for _, x := range cases {
		b.Run(x.name, func(b *testing.B) {
			for _, name := range []string{"GOGC", "GOMEMLIMIT", "GODEBUG"} {
				if os.Getenv(name) != "" {
					b.Fatalf("%s is set; the program runs without it", name)
				}
			}
			for b.Loop() {
				measure(b, x.c)
			}
		})
	}
}

func measure(b *testing.B, c largest.Case) {
	b.Helper()
	began := time.Now()
	last, part := began, "build"
	stage := func(next string) {
		now := time.Now()
		b.ReportMetric(now.Sub(last).Seconds(), part+"-s")
		last, part = now, next
	}
	w := build(b, largest.Largest, c)
	stage("links")
	in := w.input()
	in.Stage = stage
	p, err := plan.Compute(in)
	if err != nil {
		b.Fatal(err)
	}
	stage("")
	b.ReportMetric(time.Since(began).Seconds(), "all-s")
	b.ReportMetric(peak(b), "peak-MB")
	b.ReportMetric(processor(b), "cpu-s")
	w.check(b, p)
}

// peak is the most memory that the process ever had, in MB of a million bytes; 0 where the system does not say.
func peak(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			kb, err := strconv.ParseFloat(f[1], 64)
			if err != nil {
				b.Fatal(err)
			}
			return kb * 1024 / 1e6
		}
	}
	return 0
}

// processor is the processor time that the process has taken: where others use the machine it says more than the clock.
func processor(b *testing.B) float64 {
	b.Helper()
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		b.Fatal(err)
	}
	return time.Duration(r.Utime.Nano() + r.Stime.Nano()).Seconds()
}

// BenchmarkPeers plans for the size that other planners were measured with; reading is not part of it, neither here nor
// there.
func BenchmarkPeers(b *testing.B) {
	for _, x := range []struct {
		name string
		c    largest.Case
	}{
		{"first plan", largest.Empty},
		{"nothing changed", largest.Equal},
		{"10 users and 10 + 10 memberships changed", largest.Case{OneUserIn: 1000, OneMemberIn: 4999}},
	} {
		b.Run(x.name, func(b *testing.B) {
			w := build(b, largest.Peers, x.c)
			in := w.input()
			b.ReportAllocs()
			for b.Loop() {
				p, err := plan.Compute(in)
				if err != nil {
					b.Fatal(err)
				}
				w.check(b, p)
			}
		})
	}
}
