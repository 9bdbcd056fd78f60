package spelling

import (
	"testing"

	"pgregory.net/rapid"
)

func TestDistanceCountsSlips(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"a", "", 1},
		{"abc", "", 3},
		{"abc", "abc", 0},
		{"abc", "acb", 1},
		{"abc", "abd", 1},
		{"é", "e", 1},
		{"kitten", "sitting", 3},
		{"nesteed", "nested", 1},
		{"netsed", "nested", 1},
		{"ca", "abc", 3},
		{"größe", "grösse", 2},
		{"depth", "exclude", 7},
	} {
		if got := Distance(c.a, c.b); got != c.want {
			t.Errorf("%q and %q are %d apart, want %d", c.a, c.b, got, c.want)
		}
		if got := Distance(c.b, c.a); got != c.want {
			t.Errorf("%q and %q are %d apart, want %d", c.b, c.a, got, c.want)
		}
	}
}

func TestDistanceIsTheSameBothWaysAndZeroForEqualsAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[abä]{0,6}`)
		a, b := word.Draw(t, "a"), word.Draw(t, "b")
		if d := Distance(a, b); d != Distance(b, a) || (d == 0) != (a == b) || d > max(len([]rune(a)), len([]rune(b))) {
			t.Fatalf("%q and %q are %d apart", a, b, d)
		}
	})
}
