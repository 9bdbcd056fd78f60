package directory

import (
	"testing"

	"pgregory.net/rapid"
)

func TestEveryOrdinalIsInOneShareAndInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n, least := rapid.IntRange(0, 5000).Draw(t, "n"), rapid.IntRange(1, 1000).Draw(t, "least")
		shares, next := Share(n, least), 0
		for _, part := range shares {
			if part[0] != next || part[1] < part[0] || len(shares) > 1 && part[1]-part[0] < least {
				t.Fatalf("%d ordinals, at least %d: %v", n, least, shares)
			}
			next = part[1]
		}
		if next != n {
			t.Fatalf("the shares of %d end with %d", n, next)
		}
		done := make([]int, n)
		shares.Work(func(_, from, to int) {
			for i := from; i < to; i++ {
				done[i]++
			}
		})
		for i, times := range done {
			if times != 1 {
				t.Fatalf("%d is done %d times", i, times)
			}
		}
	})
}
