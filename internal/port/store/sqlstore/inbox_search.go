package sqlstore

import (
	"context"
	"slices"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// search gives what fits the filter to take, from a number on, as long as that wants more. Indexes tell who may fit;
// Match decides.
func (l *listing) search(ctx context.Context, r *reader, after int64, take func(found) bool) error {
	next := func() (piece []found, err error) {
		if piece, err = r.piece(l.k, after, pieceSize); len(piece) > 0 {
			after = piece[len(piece)-1].num
		}
		return piece, err
	}
	nums, known, err := r.candidates(l.k, l.q.Filter)
	if err != nil {
		return err
	}
	if known {
		at, _ := slices.BinarySearch(nums, after+1)
		nums = nums[at:]
		next = func() (piece []found, err error) {
			for len(piece) == 0 && len(nums) > 0 && err == nil { // some may be gone by now
				n := min(pieceSize, len(nums))
				piece, err = r.those(l.k, nums[:n])
				nums = nums[n:]
			}
			return piece, err
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

// candidates are the numbers of those who may fit a filter, sorted, each once. known is false where no index tells.
func (a asker) candidates(k *kind, f *scim.Filter) (nums []int64, known bool, err error) {
	if f == nil {
		return nil, false, nil
	}
	take := func(row scanner) error {
		var num int64
		err := row.Scan(&num)
		nums = append(nums, num)
		return err
	}
	questions, known := f.Lookups(k.asks)
	if known {
		for _, q := range questions {
			if err := a.answer(k, q, take); err != nil {
				return nil, false, err
			}
		}
	} else if text, args := k.span(f); text != "" {
		known = true
		err = a.each(text, take, args...)
	}
	slices.Sort(nums)
	return slices.Compact(nums), known, err
}

// span is the question to an index that has an order, where a filter asks for a part of that: what begins with something, or
// was changed since. "" where it does not.
func (k *kind) span(f *scim.Filter) (text string, args []any) {
	switch f.Op {
	case scim.And:
		for _, t := range f.Terms {
			if text, args := k.span(t); text != "" {
				return text, args
			}
		}
	case scim.StartsWith:
		prefix := f.Key()
		at := slices.IndexFunc(k.indexed, func(i indexed) bool { return i.Attr == f.Attr })
		end, ok := behind(prefix)
		if at < 0 || !ok || len(prefix) > longest/2 {
			break
		}
		if k.indexed[at].unique {
			return `SELECT resource FROM inbox_unique WHERE attribute = $1 AND key >= $2 AND key < $3`, []any{k.indexed[at].num, prefix, end}
		}
		return `SELECT resource FROM inbox_keys WHERE attribute = $1 AND key >= $2 AND key < $3`, []any{k.indexed[at].num, prefix, end}
	case scim.Equal, scim.Greater, scim.GreaterOrEqual:
		// Nanoseconds reach from 1678 to 2262.
		if year := f.When.Year(); f.Attr == k.modified && year > 1678 && year < 2262 {
			return `SELECT num FROM inbox_resources WHERE type = $1 AND gone = 0 AND modified >= $2`, []any{k.num, f.When.UnixNano()}
		}
	}
	return "", nil
}

// behind is the first text that comes behind all which begin with a prefix, in the order of their bytes; ok is false if there
// is none that a database takes.
func behind(prefix string) (end string, ok bool) {
	last, size := utf8.DecodeLastRuneInString(prefix)
	if !utf8.ValidString(prefix) || size == 0 || last == utf8.MaxRune {
		return "", false
	}
	if last++; last == 0xD800 { // surrogates are no characters
		last = 0xE000
	}
	return prefix[:len(prefix)-size] + string(last), true
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
