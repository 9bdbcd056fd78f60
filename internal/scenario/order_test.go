package scenario_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
)

func TestTheOrderOfRecordsDoesNotMatter(t *testing.T) {
	dir, all := asking(t)
	for _, s := range testkit.Sample(t, all, 10) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			w := load(t, saved(t, build(t, dir, s)), s)
			for seed := range uint64(2) {
				tenant := build(t, dir, s)
				tenant.Shuffle(seed)
				shuffled := load(t, saved(t, tenant), s)
				compare(t, w, shuffled, s)
				want, _ := check(w, s.Expect)
				got, _ := check(shuffled, s.Expect)
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("check, seed %d (-in order +shuffled):\n%s", seed, diff)
				}
			}
		})
	}
}

func TestLoadingOneSubjectGivesTheSameAnswer(t *testing.T) {
	dir, all := asking(t)
	for _, s := range testkit.Sample(t, all, 10) {
		t.Run(strings.TrimSuffix(s.File, ".txt"), func(t *testing.T) {
			t.Parallel()
			folder := saved(t, build(t, dir, s))
			whole := load(t, folder, s)
			for _, a := range s.Asks {
				one := *s
				one.Asks = []scenario.Ask{a}
				compare(t, whole, load(t, folder, s, a.Subject), &one)
			}
		})
	}
}

func compare(t *testing.T, a, b *facts.World, s *scenario.Scenario) {
	t.Helper()
	for _, ask := range s.Asks {
		want, _ := why(a, ask)
		got, _ := why(b, ask)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("why %s %s (-before +after):\n%s", ask.Subject, ask.Group, diff)
		}
	}
}
