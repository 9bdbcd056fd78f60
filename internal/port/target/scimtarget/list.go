package scimtarget

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/port/wire"
)

// mostObjects and mostSteps bound a list that never ends: Atlassian's largest directory has a million users.
const (
	mostObjects = 4_000_000
	mostSteps   = 20 // times that the beginning of a page is moved back, because the list became shorter meanwhile
)

// page is one page of a list.
type page struct {
	TotalResults *float64         `json:"totalResults"`
	Resources    []jsontext.Value `json:"Resources"`
}

// extent says how much of a list came.
type extent struct {
	came  int // different objects
	total int // that there are, by the last answer; -1: it does not say
	why   string
}

func (x extent) whole() bool { return x.why == "" }

// list goes through a list page by page and gives each object once. What services get wrong must not lose anything
// silently: one that ignores startIndex repeats its first page, and then it is asked for everything in one page; one
// that gives fewer than were asked for is asked on from there; where the list becomes shorter meanwhile, the next page
// begins earlier, for what moved forward. If less came in the end than the service says there is, extent says so.
func (t *Target) list(ctx context.Context, path, filter string, count int, take func(objects []jsontext.Value) error) (extent, error) {
	seen := map[string]bool{}
	x := extent{total: -1}
	start, furthest, steps, asked := 1, 1, 0, count
	for {
		p, err := t.page(ctx, path, filter, start, asked)
		if err != nil {
			return x, err
		}
		fresh := p.Resources[:0:0]
		for _, object := range p.Resources {
			k, err := keysOf(object)
			if err != nil {
				return x, fmt.Errorf("GET %s: %w", path, err)
			}
			if !seen[k.ID] {
				seen[k.ID] = true
				fresh = append(fresh, object)
			}
		}
		if len(fresh) > 0 {
			if err := take(fresh); err != nil {
				return x, err
			}
		}
		x.came = len(seen)
		before := x.total
		if x.total = -1; p.TotalResults != nil {
			x.total = int(min(max(*p.TotalResults, 0), mostObjects*2))
		}
		switch {
		case x.came > mostObjects:
			x.why = fmt.Sprintf("the list has more than %d objects: it seems to have no end", mostObjects)
			return x, nil
		case before > x.total && x.total >= 0 && start > 1 && steps < mostSteps:
			steps++
			start = max(1, start-(before-x.total))
			continue
		}
		start += len(p.Resources)
		barren := len(fresh) == 0 && start > furthest // nothing new where nothing was before
		furthest = max(furthest, start)
		switch {
		case x.total >= 0 && x.came >= x.total:
			return x, nil
		case len(p.Resources) > 0 && !barren && (x.total < 0 || start <= x.total):
			continue
		case x.total < 0:
			return x, nil // the service does not say how many there are; it has no more
		case asked < x.total && x.total <= mostObjects:
			start, furthest, asked = 1, 1, x.total
			continue
		}
		x.why = fmt.Sprintf("the service says that there are %d and gave %d", x.total, x.came)
		return x, nil
	}
}

func (t *Target) page(ctx context.Context, path, filter string, start, count int) (*page, error) {
	query := url.Values{"startIndex": {strconv.Itoa(start)}, "count": {strconv.Itoa(count)}}
	if filter != "" {
		query.Set("filter", filter)
	}
	got, err := t.send(ctx, wire.Request{Method: http.MethodGet, Path: path, Query: query})
	if err != nil {
		return nil, err
	}
	var p page
	if err := json.Unmarshal(got.Body, &p, lenient); err != nil {
		return nil, fmt.Errorf("GET %s: the answer cannot be read: %w", path, err)
	}
	return &p, nil
}
