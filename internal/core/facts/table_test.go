package facts

import (
	"testing"

	"pgregory.net/rapid"
)

func TestTheTableKeepsTheFirstRowOfEachHash(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		hashes := rapid.SliceOf(rapid.Uint64Range(1, 300)).Draw(t, "hashes")
		var got table
		want := map[uint64]uint32{}
		for row, h := range hashes {
			got.put(h, row)
			if _, have := want[h]; !have {
				want[h] = uint32(row)
			}
		}
		for h := range uint64(302) {
			row, ok := got.get(h)
			if w, have := want[h]; ok != have || ok && row != w {
				t.Fatalf("hash %d: row %d, %v; want %d, %v", h, row, ok, w, have)
			}
		}
	})
}
