package directory

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestOrdinalsAreSortedEachOnceAndBelowTheLimit(t *testing.T) {
	var s sorter // the same for all lists: what one leaves behind must not show in the next
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.IntRange(0, 300).Draw(t, "limit")
		list := rapid.SliceOfN(rapid.Uint32Range(0, uint32(limit+2)), 0, 200).Draw(t, "list")
		if rapid.Bool().Draw(t, "sorted before") {
			slices.Sort(list)
		}
		want := []uint32{}
		for v := range uint32(limit) {
			if slices.Contains(list, v) {
				want = append(want, v)
			}
		}
		if diff := cmp.Diff(want, append([]uint32{}, s.sort(list, limit)...)); diff != "" {
			t.Fatalf("(-want +got):\n%s", diff)
		}
	})
}
