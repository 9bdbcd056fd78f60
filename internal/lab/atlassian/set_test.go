package atlassian

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestASetIsAListWithoutDoubles(t *testing.T) {
	things := make([]*int, 120)
	for i := range things {
		n := i
		things[i] = &n
	}
	rapid.Check(t, func(t *rapid.T) {
		var s set[int]
		var model []*int
		for range rapid.IntRange(0, 400).Draw(t, "steps") {
			x := things[rapid.IntRange(0, len(things)-1).Draw(t, "thing")]
			i := slices.Index(model, x)
			if rapid.IntRange(0, 2).Draw(t, "op") == 0 {
				if s.remove(x) != (i >= 0) {
					t.Fatal("remove says the wrong thing")
				}
				if i >= 0 {
					model = slices.Delete(model, i, i+1)
				}
			} else {
				if s.add(x) != (i < 0) {
					t.Fatal("add says the wrong thing")
				}
				if i < 0 {
					model = append(model, x)
				}
			}
			if s.len() != len(model) || s.has(x) != slices.Contains(model, x) {
				t.Fatal("length or presence is wrong")
			}
		}
		var seen []*int
		s.each(func(x *int) { seen = append(seen, x) })
		if !slices.Equal(seen, model) || !slices.Equal(s.all(), model) {
			t.Fatal("the order is wrong")
		}
	})
}
