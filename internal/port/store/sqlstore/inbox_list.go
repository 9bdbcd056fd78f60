package sqlstore

import (
	"context"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// List answers a query.
func (x *Inbox) List(ctx context.Context, directory string, t *scim.ResourceType, q *scim.Query) (*inbox.Listing, error) {
	k, err := x.kind(ctx, directory, t)
	if err != nil {
		return nil, err
	}
	if k == nil {
		return &inbox.Listing{}, nil
	}
	l := &listing{x: x, k: k, q: q, out: &inbox.Listing{}}
	if q.Page.ByCursor {
		if err := l.cursor(q.Page.Cursor); err != nil {
			return nil, err
		}
	}
	err = x.look(ctx, func(r *reader) error {
		page, more, err := l.page(ctx, r)
		if err != nil {
			return err
		}
		fits, err := r.fillPage(k, page, q.Projection.Shows)
		if err != nil {
			return err
		}
		for _, f := range page[:fits] {
			l.out.Resources = append(l.out.Resources, f.Resource)
		}
		if q.Page.ByCursor && fits > 0 && (more || fits < len(page)) {
			l.out.Next = l.next(page[fits-1])
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return l.out, nil
}

// listing is a query while it is answered.
type listing struct {
	x     *Inbox
	k     *kind
	q     *scim.Query
	out   *inbox.Listing
	after int64  // the number where the page before ended; 0: this is the first one
	value string // how that resource was sorted, as a sum
}

// page gives the resources of the page, without their lists, and whether there are more behind them.
func (l *listing) page(ctx context.Context, r *reader) ([]found, bool, error) {
	switch {
	case l.q.Filter == nil && l.q.Sort == nil:
		return l.all(r)
	case l.q.Sort == nil:
		return l.some(ctx, r)
	}
	return l.sorted(ctx, r)
}

// all is a page of everything.
func (l *listing) all(r *reader) ([]found, bool, error) {
	total, deleted, err := r.counted(l.k)
	if err != nil {
		return nil, false, err
	}
	l.out.Total = int(total)
	p, after := l.q.Page, l.after
	if p.Count == 0 || !p.ByCursor && p.Start > l.out.Total {
		return nil, false, nil
	}
	if !p.ByCursor {
		if after, err = l.x.before(r, l.k, p.Start, deleted); err != nil {
			return nil, false, err
		}
	}
	page, err := r.piece(l.k, after, p.Count+1)
	if err != nil {
		return nil, false, err
	}
	more := len(page) > p.Count
	if more {
		page = page[:p.Count]
	}
	if !p.ByCursor && len(page) > 0 {
		l.x.ended(l.k, p.Start+len(page), end{page[len(page)-1].num, deleted})
	}
	return page, more, nil
}

// ends remember where pages ended: whoever reads page after page, by index, does not make the storage count from the
// beginning each time.
type ends map[place]end

type place struct {
	k     *kind
	start int // of the page behind
}

type end struct {
	num     int64 // of the last resource before
	deleted int64 // as it was then: what is new comes behind, so that only a deletion moves others forward
}

// mostEnds is how many are remembered.
const mostEnds = 1000

func (x *Inbox) ended(k *kind, start int, e end) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if len(x.ends) >= mostEnds {
		clear(x.ends)
	}
	x.ends[place{k, start}] = e
}

// before is the number behind which a page begins.
func (x *Inbox) before(r *reader, k *kind, start int, deleted int64) (num int64, err error) {
	if start == 1 {
		return 0, nil
	}
	x.mu.Lock()
	e, ok := x.ends[place{k, start}]
	x.mu.Unlock()
	if ok && e.deleted == deleted {
		return e.num, nil
	}
	err = r.row(`SELECT num FROM inbox_resources WHERE type = $1 AND gone = 0 ORDER BY num LIMIT 1 OFFSET $2`, k.num, start-2).Scan(&num)
	return num, err
}

// A cursor is the number of the last resource of the page before, how it was sorted, and a sum of the query that it belongs
// to. It holds no value: cursors stand in logs.
func (l *listing) next(last found) string {
	return strings.Join([]string{l.sum(), strconv.FormatInt(last.num, 36), l.sortedAs(last)}, ".")
}

func (l *listing) cursor(text string) error {
	if text == "" {
		return nil
	}
	parts := strings.Split(text, ".")
	if len(parts) != 3 || parts[0] != l.sum() || l.q.Sort == nil && parts[2] != "" {
		return scim.BadCursor()
	}
	num, err := strconv.ParseInt(parts[1], 36, 64)
	if err != nil || num <= 0 {
		return scim.BadCursor()
	}
	l.after, l.value = num, parts[2]
	return nil
}

func (l *listing) sum() string {
	filter, sort := "", ""
	if l.q.Filter != nil {
		filter = l.q.Filter.String()
	}
	if s := l.q.Sort; s != nil {
		sort = fmt.Sprint(s.Attr, s.Descending)
	}
	return sum(fmt.Sprint(l.k.num), filter, sort)
}

// sortedAs is a sum of the value by which a resource is sorted; "" without sorting.
func (l *listing) sortedAs(f found) string {
	if l.q.Sort == nil {
		return ""
	}
	text, ok := l.q.Sort.Of(f.Resource)
	return sum(text, strconv.FormatBool(ok))
}

func sum(texts ...string) string {
	h := fnv.New64a()
	for _, t := range texts {
		fmt.Fprintf(h, "%d:%s", len(t), t)
	}
	return strconv.FormatUint(h.Sum64(), 36)
}
