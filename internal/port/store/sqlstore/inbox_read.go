package sqlstore

import (
	"context"
	"fmt"
	"iter"
	"slices"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Get gives a resource.
func (x *Inbox) Get(ctx context.Context, key inbox.Key, show func(*scim.Attr) bool) (*scim.Resource, error) {
	k, err := x.kind(ctx, key.Directory, key.Type)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return nil, inbox.ErrNone
	}
	var f found
	err = x.look(ctx, func(r *reader) error {
		if f, _, err = r.resource(k, key.ID); err != nil {
			return orNone(err)
		}
		_, err := r.fill(k, f, show)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f.Resource, nil
}

// fill gives a resource the lists that are shown, and tells how many references those are.
func (r *reader) fill(k *kind, f found, show func(*scim.Attr) bool) (n int, err error) {
	var have map[*scim.Attr][]scim.Ref
	for _, l := range k.lists {
		if !show(l.Attr) {
			continue
		}
		refs, err := r.refs(f.num, l)
		if err != nil {
			return n, err
		}
		if have == nil {
			have = make(map[*scim.Attr][]scim.Ref, 1)
		}
		have[l.Attr] = refs
		n += len(refs)
	}
	f.Refs = func(list *scim.Attr) iter.Seq[scim.Ref] { return slices.Values(have[list]) }
	return n, nil
}

// pieceSize is how many resources are read at a time: none of them waits in memory for long, and whoever searches many
// keeps no transaction open.
const pieceSize = 500

// piece reads the next resources of a kind behind a number, in the order in which they were made.
func (a asker) piece(k *kind, after int64, limit int) (out []found, err error) {
	err = a.each(`SELECT `+columns+` WHERE r.type = $1 AND r.gone = 0 AND r.num > $2 ORDER BY r.num LIMIT $3`, k.take(&out), k.num, after, limit)
	return out, err
}

// those reads resources by their numbers, in that order; one that is gone is left out.
func (a asker) those(k *kind, nums []int64) (out []found, err error) {
	for _, num := range nums {
		if err := a.each(`SELECT `+columns+` WHERE r.num = $1 AND r.gone = 0`, k.take(&out), num); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (k *kind) take(out *[]found) func(scanner) error {
	return func(row scanner) error {
		f, _, err := k.scan(row)
		*out = append(*out, f)
		return err
	}
}

// counted are how many resources of a kind there are, and how many were deleted so far.
func (a asker) counted(k *kind) (total, deleted int64, err error) {
	err = a.row(`SELECT total, deleted FROM inbox_types WHERE num = $1`, k.num).Scan(&total, &deleted)
	return total, deleted, err
}

// mostRefs is how many references the resources of one page have together, before it ends early: a page of 1,000 groups
// of 100,000 members would not fit into any memory.
const mostRefs = 200_000

// fillPage gives the resources of a page their lists, and tells how many of them fit.
func (r *reader) fillPage(k *kind, page []found, show func(*scim.Attr) bool) (fits int, err error) {
	refs := 0
	for i, f := range page {
		n, err := r.fill(k, f, show)
		if err != nil {
			return 0, fmt.Errorf("reading the lists of %s: %w", f.ID, err)
		}
		if refs += n; refs > mostRefs {
			return i + 1, nil
		}
	}
	return len(page), nil
}
