package sqlstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// some is a page of what fits the filter, in the order in which it was made.
func (l *listing) some(ctx context.Context, r *reader) (page []found, more bool, err error) {
	p := l.q.Page
	skip, want := p.Start-1, p.Count
	if p.ByCursor {
		skip = 0
	}
	n, whole := 0, true
	err = l.search(ctx, r, l.after, func(f found) bool {
		n++
		switch {
		case n > skip && len(page) < want:
			page = append(page, f)
		case p.ByCursor: // how many there are behind, nobody needs to know
			more, whole = true, false
		}
		return whole
	})
	l.out.Total = n
	if p.ByCursor && (!whole || l.after > 0) {
		l.out.Total = -1
	}
	return page, more, err
}

// sorted is a page of what fits, or of everything, in the order of an attribute; what is equal in that, in the order in which
// it was made.
func (l *listing) sorted(ctx context.Context, r *reader) (page []found, more bool, err error) {
	p := l.q.Page
	var from *placed
	if l.after > 0 {
		if from, err = l.anchor(r); err != nil {
			return nil, false, err
		}
	}
	first := min(p.Start-1, farthest)
	if p.ByCursor {
		first = 0
	}
	most := first + p.Count + 1
	var best []placed
	l.out.Total = 0
	err = l.search(ctx, r, 0, func(f found) bool {
		l.out.Total++
		one := l.rank(f)
		if from != nil && l.compare(one, *from) <= 0 {
			return true
		}
		if best = append(best, one); len(best) >= 2*most+pieceSize {
			slices.SortFunc(best, l.compare)
			best = best[:most]
		}
		return true
	})
	if err != nil {
		return nil, false, err
	}
	slices.SortFunc(best, l.compare)
	best = best[min(first, len(best)):]
	if more = len(best) > p.Count; more {
		best = best[:p.Count]
	}
	nums := make([]int64, len(best))
	for i, one := range best {
		nums[i] = one.num
	}
	page, err = r.those(l.k, nums)
	return page, more, err
}

// farthest is a place that no list reaches.
const farthest = 1 << 40

// placed is what is kept of a resource to sort it.
type placed struct {
	num  int64
	text string
	has  bool
}

func (l *listing) rank(f found) placed {
	text, has := l.q.Sort.Of(f.Resource)
	return placed{f.num, text, has}
}

func (l *listing) compare(a, b placed) int {
	return cmp.Or(l.q.Sort.Order(a.text, a.has, b.text, b.has), cmp.Compare(a.num, b.num))
}

// anchor is the resource at which the page before ended. If it is gone, or sorted otherwise by now, nobody can say where to
// go on.
func (l *listing) anchor(r *reader) (*placed, error) {
	all, err := r.those(l.k, []int64{l.after})
	if err != nil {
		return nil, err
	}
	if len(all) == 0 || l.sortedAs(all[0]) != l.value {
		return nil, scim.OldCursor()
	}
	one := l.rank(all[0])
	return &one, nil
}
