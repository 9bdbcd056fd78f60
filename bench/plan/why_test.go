package plan

import (
	"testing"

	"github.com/rollcall/rollcall/bench/largest"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// BenchmarkWhy asks one question about a person of the largest directory, once it is loaded: through the ten hops, and
// of a plan.
func BenchmarkWhy(b *testing.B) {
	made, err := largest.New(largest.Largest)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("trace", func(b *testing.B) {
		world := made.Documents()
		b.Run("first question", func(b *testing.B) {
			for i := 0; b.Loop(); i++ {
				ask(b, trace.New(world), world.Users[i*7919%len(world.Users)].UserPrincipalName)
			}
		})
		b.Run("further question", func(b *testing.B) {
			tracer := trace.New(world)
			for i := 0; b.Loop(); i++ {
				ask(b, tracer, world.Users[i*7919%len(world.Users)].UserPrincipalName)
			}
		})
	})
	b.Run("plan", func(b *testing.B) {
		w := build(b, largest.Largest, largest.Changed)
		p, err := plan.Compute(w.input())
		if err != nil {
			b.Fatal(err)
		}
		for i := 0; b.Loop(); i++ {
			about, ok := p.About(w.source.Users.Text(uint32(i*7919%w.source.Users.Len()), 0))
			if !ok || about.Verdict == "" {
				b.Fatalf("nothing is told: %+v", about)
			}
		}
	})
}

func ask(b *testing.B, t *trace.Tracer, who string) {
	b.Helper()
	a, err := t.Why(trace.Query{Subject: who})
	if err != nil || a.Verdict == trace.Missing || len(a.Hops) == 0 {
		b.Fatalf("%s: %v, %v", who, a.Verdict, err)
	}
}
