package sqlstore

import (
	"cmp"
	"context"
	"iter"
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

// search gives what fits the filter to take, from a number on, as long as that wants more. Indexes tell who may fit;
// Match decides.
func (l *listing) search(ctx context.Context, r *reader, after int64, take func(found) bool) error {
	next := func() (piece []found, err error) {
		if piece, err = r.piece(l.k, after, pieceSize); len(piece) > 0 {
			after = piece[len(piece)-1].num
		}
		return piece, err
	}
	if l.q.Filter != nil {
		if asked, ok := l.q.Filter.Lookups(l.k.asks); ok {
			nums, err := r.candidates(l.k, asked)
			if err != nil {
				return err
			}
			nums = nums[len(nums)-len(behind(nums, after)):]
			next = func() (piece []found, err error) {
				n := min(pieceSize, len(nums))
				piece, err = r.those(l.k, nums[:n])
				nums = nums[n:]
				if len(piece) == 0 && len(nums) > 0 && err == nil {
					return next()
				}
				return piece, err
			}
		}
	}
	lists := l.k.listsIn(l.q.Filter)
	for {
		piece, err := next()
		if err != nil || len(piece) == 0 {
			return err
		}
		for _, f := range piece {
			fits, err := r.fits(l.k, f, l.q.Filter, lists)
			if err != nil {
				return err
			}
			if fits && !take(f) {
				return nil
			}
		}
		if err := r.moveOn(ctx); err != nil {
			return err
		}
	}
}

// behind are those of sorted numbers that are greater than one.
func behind(nums []int64, after int64) []int64 {
	at, _ := slices.BinarySearch(nums, after+1)
	return nums[at:]
}

// asks tells whether an index answers what has a value of an attribute.
func (k *kind) asks(a *scim.Attr) bool {
	return a == k.id || k.list(a) != nil || slices.ContainsFunc(k.indexed, func(i indexed) bool { return i.Attr == a })
}

// list is the list of which an attribute is the value; nil if it is none.
func (k *kind) list(a *scim.Attr) *list {
	if a.Name() != "value" {
		return nil
	}
	at := slices.IndexFunc(k.lists, func(l list) bool { return l.Attr == a.Parent() })
	if at < 0 {
		return nil
	}
	return &k.lists[at]
}

// candidates are the numbers that answer one of the questions, sorted, each once.
func (a asker) candidates(k *kind, questions []scim.Lookup) (nums []int64, err error) {
	take := func(row scanner) error {
		var num int64
		err := row.Scan(&num)
		nums = append(nums, num)
		return err
	}
	for _, q := range questions {
		if err := a.answer(k, q, take); err != nil {
			return nil, err
		}
	}
	slices.Sort(nums)
	return slices.Compact(nums), nil
}

func (a asker) answer(k *kind, q scim.Lookup, take func(scanner) error) error {
	if q.Attr == k.id {
		return a.each(`SELECT num FROM inbox_resources WHERE directory = $1 AND id = $2 AND type = $3 AND gone = 0`, take, k.directory, q.Key, k.num)
	}
	if l := k.list(q.Attr); l != nil {
		if l.reverse {
			return a.each(`SELECT m.member FROM inbox_resources r JOIN inbox_members m ON m.owner = r.num JOIN inbox_resources o ON o.num = m.member
				WHERE r.directory = $1 AND r.id = $2 AND o.type = $3`, take, k.directory, q.Key, k.num)
		}
		return a.each(`SELECT m.owner FROM inbox_resources r JOIN inbox_members m ON m.member = r.num WHERE r.directory = $1 AND r.id = $2 AND m.list = $3`,
			take, k.directory, q.Key, l.num)
	}
	for _, i := range k.indexed {
		switch {
		case i.Attr != q.Attr:
		case i.unique:
			return a.each(`SELECT resource FROM inbox_unique WHERE attribute = $1 AND key = $2`, take, i.num, short(q.Key))
		default:
			return a.each(`SELECT resource FROM inbox_keys WHERE attribute = $1 AND key = $2`, take, i.num, short(q.Key))
		}
	}
	return nil
}

// listsIn are the lists that a filter looks at, each with the ids that it asks for; nil, where it asks for more than that.
func (k *kind) listsIn(f *scim.Filter) map[*scim.Attr][]string {
	if f == nil {
		return nil
	}
	lists := map[*scim.Attr][]string{}
	f.Walk(func(f *scim.Filter) bool {
		if f.Attr == nil {
			return true
		}
		apart := f.Attr.Apart()
		if apart == nil {
			return f.Op != scim.Has
		}
		ids, seen := lists[apart]
		if (f.Op == scim.Equal || f.Op == scim.NotEqual) && k.list(f.Attr) != nil && (!seen || ids != nil) {
			lists[apart] = append(ids, f.Text)
		} else {
			lists[apart] = nil
		}
		return false
	})
	return lists
}

// fits asks the filter about a resource.
func (r *reader) fits(k *kind, f found, filter *scim.Filter, lists map[*scim.Attr][]string) (bool, error) {
	if filter == nil {
		return true, nil
	}
	var failed error
	f.Refs = func(a *scim.Attr) iter.Seq[scim.Ref] {
		at := slices.IndexFunc(k.lists, func(l list) bool { return l.Attr == a })
		var refs []scim.Ref
		var err error
		if ids := lists[a]; ids != nil {
			refs, err = r.among(k, f.num, k.lists[at], ids)
		} else {
			refs, err = r.refs(f.num, k.lists[at])
		}
		if err != nil {
			failed = err
		}
		return slices.Values(refs)
	}
	return filter.Match(f.Resource), failed
}

// among gives those of a list whose ids are asked for: who asks whether one is in a group of 100,000 need not read them all.
func (a asker) among(k *kind, num int64, l list, ids []string) (out []scim.Ref, err error) {
	for _, id := range ids {
		text := `SELECT r.id FROM inbox_resources r JOIN inbox_members m ON m.member = r.num WHERE r.directory = $1 AND r.id = $2 AND m.owner = $3 AND m.list = $4`
		args := []any{k.directory, id, num, l.num}
		if l.reverse {
			text = `SELECT r.id FROM inbox_resources r JOIN inbox_members m ON m.owner = r.num WHERE r.directory = $1 AND r.id = $2 AND m.member = $3`
			args = args[:3]
		}
		if err := a.each(text, func(row scanner) error {
			var ref scim.Ref
			err := row.Scan(&ref.Value)
			out = append(out, ref)
			return err
		}, args...); err != nil {
			return nil, err
		}
	}
	return out, nil
}
