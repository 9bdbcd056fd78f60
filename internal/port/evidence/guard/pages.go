package guard

import (
	"context"
	"fmt"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// The directory gives at most a hundred users at once whatever is asked for (atlassian.md 1.5).
const scimPage = 100

// take receives an object of a list; id is empty where it has none.
type take func(id string, object jsontext.Value) error

// scimList reads all pages of a SCIM list. It survives a service that ignores startIndex or count, that says an object
// twice, and whose total changes while it is read; what it says to have and does not give is a hole.
func (r *reading) scimList(ctx context.Context, path string, take take) (extent, error) {
	var e extent
	seen := map[string]bool{}
	for start, idle := 1, 0; ; {
		page, err := r.scimPage(ctx, path, url.Values{"startIndex": {strconv.Itoa(start)}, "count": {strconv.Itoa(scimPage)}})
		if err != nil {
			return e, err
		}
		fresh := 0
		for _, o := range page.Resources {
			id := idOf(o, "id")
			if id != "" && seen[id] {
				continue
			}
			seen[id], fresh = true, fresh+1
			if err := take(id, o); err != nil {
				return e, err
			}
		}
		e.got += fresh
		if e.total > page.Total && page.Total > 0 {
			start = max(1, start-(e.total-page.Total)) // some went away, and what came behind them moved up: look there again
		}
		e.total = page.Total
		if fresh > 0 {
			idle = 0
		} else if idle++; idle > 2 {
			break // it gives the same again and again, or nothing although it says that there is more
		}
		switch {
		case len(page.Resources) > 0:
			start += len(page.Resources)
		case start <= page.Total && idle > 1:
			start += scimPage // a page came empty twice: what is behind it may still come
		}
		if start > page.Total && (e.got >= page.Total || len(page.Resources) == 0 || fresh == 0) {
			break
		}
	}
	if e.got < e.total {
		e.hole = "the service announces more than it gave"
	}
	return e, nil
}

type scimPageAnswer struct {
	Total     int              `json:"totalResults"`
	Resources []jsontext.Value `json:"Resources"`
}

func (r *reading) scimPage(ctx context.Context, path string, query url.Values) (scimPageAnswer, error) {
	var page scimPageAnswer
	raw, err := r.get(ctx, r.scim, r.directoryPath()+path, query)
	if err != nil {
		return page, err
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		return page, fmt.Errorf("reading a page of %s: %w", path, err)
	}
	return page, nil
}

// filtered looks objects of the directory up; only eq is answered there.
func (r *reading) filtered(ctx context.Context, path, attribute, value string) (scimPageAnswer, error) {
	quoted, err := jsontext.AppendQuote(nil, value)
	if err != nil {
		return scimPageAnswer{}, fmt.Errorf("a filter: %w", err)
	}
	return r.scimPage(ctx, path, url.Values{"filter": {attribute + " eq " + string(quoted)}})
}

func (r *reading) directoryPath() string {
	return "/scim/directory/" + url.PathEscape(r.o.Connection.Directory)
}

// orgList reads all pages of a list of the organization: ask gives the page behind a cursor, empty for the first one.
// The link to the next page is an address or a bare cursor; only the cursor is taken from it.
func orgList(ask func(cursor string) (jsontext.Value, error), key string, pages int, take take) (extent, error) {
	var e extent
	ids, cursors := map[string]bool{}, map[string]bool{}
	for cursor, n := "", 1; ; n++ {
		page, err := orgPage(ask, cursor)
		if err != nil {
			return e, err
		}
		if len(page.Data) == 0 && cursor != "" {
			if page, err = orgPage(ask, cursor); err != nil { // a cursor leads to something: once more
				return e, err
			}
			if len(page.Data) == 0 {
				e.hole = "a page came without anything in it"
			}
		}
		for _, o := range page.Data {
			id := idOf(o, key)
			if id != "" && ids[id] {
				continue
			}
			ids[id] = true
			e.got++
			if err := take(id, o); err != nil {
				return e, err
			}
		}
		next := page.next()
		switch {
		case next == "":
			return e, nil
		case cursors[next]:
			e.hole = "the service leads from page to page in a circle"
			return e, nil
		case n >= pages:
			e.hole = fmt.Sprintf("no more than %d pages are read", pages)
			return e, nil
		}
		cursors[next], cursor = true, next
	}
}

const allPages = 100_000

type orgPageAnswer struct {
	Data  []jsontext.Value `json:"data"`
	Links struct {
		Next string `json:"next"`
	} `json:"links"`
	Meta struct {
		Next string `json:"next"`
	} `json:"meta"`
}

func orgPage(ask func(string) (jsontext.Value, error), cursor string) (orgPageAnswer, error) {
	var page orgPageAnswer
	raw, err := ask(cursor)
	if err != nil {
		return page, err
	}
	if err := json.Unmarshal(raw, &page); err != nil {
		return page, fmt.Errorf("reading a page: %w", err)
	}
	return page, nil
}

func (p orgPageAnswer) next() string {
	next := p.Links.Next
	if next == "" {
		next = p.Meta.Next
	}
	if u, err := url.Parse(next); err == nil && u.Query().Get("cursor") != "" {
		return u.Query().Get("cursor")
	}
	return next
}

// idOf reads one text of an object.
func idOf(object jsontext.Value, key string) string {
	var o map[string]jsontext.Value
	if json.Unmarshal(object, &o) != nil {
		return ""
	}
	var id string
	if json.Unmarshal(o[key], &id) != nil {
		return ""
	}
	return id
}
