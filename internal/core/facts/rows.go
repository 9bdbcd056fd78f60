package facts

import (
	"cmp"
	"slices"
)

// rows collects rows in blocks, so that growing never copies them.
type rows[T any] struct{ blocks [][]T }

const blockRows = 512

func (r *rows[T]) add(v T) {
	last := len(r.blocks) - 1
	if last < 0 || len(r.blocks[last]) == cap(r.blocks[last]) {
		r.blocks = append(r.blocks, make([]T, 0, blockRows))
		last++
	}
	r.blocks[last] = append(r.blocks[last], v)
}

func (r *rows[T]) len() int {
	if len(r.blocks) == 0 {
		return 0
	}
	return (len(r.blocks)-1)*blockRows + len(r.blocks[len(r.blocks)-1])
}

func (r *rows[T]) at(i int) *T { return &r.blocks[i/blockRows][i%blockRows] }

// sorted gives the rows by folded id, of each id the first that came, and lets go of the blocks. Rows without an id
// are all kept, in front.
func (r *rows[T]) sorted(id func(*T) string, twice func(id string)) []T {
	type place struct {
		key string
		at  int
	}
	order := make([]place, r.len())
	for i := range order {
		order[i] = place{Fold(id(r.at(i))), i}
	}
	slices.SortFunc(order, func(x, y place) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.at, y.at)) })
	out := make([]T, 0, len(order))
	for i, o := range order {
		if i > 0 && o.key != "" && o.key == order[i-1].key {
			twice(id(r.at(o.at)))
			continue
		}
		out = append(out, *r.at(o.at))
	}
	r.blocks = nil
	return out
}

// arranged sorts rows that are large to move: what compares equal keeps its order.
func arranged[T any](list []T, compare func(x, y *T) int) []T {
	order := make([]int, len(list))
	inOrder := true
	for i := range order {
		order[i] = i
		inOrder = inOrder && (i == 0 || compare(&list[i-1], &list[i]) <= 0)
	}
	if inOrder {
		return list
	}
	slices.SortFunc(order, func(x, y int) int { return cmp.Or(compare(&list[x], &list[y]), cmp.Compare(x, y)) })
	out := make([]T, len(list))
	for to, from := range order {
		out[to] = list[from]
	}
	return out
}
