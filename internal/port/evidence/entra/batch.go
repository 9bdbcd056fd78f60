package entra

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// firstPage is a bound of pages: what is behind the first one is of no interest, and not asked for.
const firstPage = 1

// maxBatch is how many calls one batch holds (entra.md 1.9).
const maxBatch = 20

// ask is one list, or one object, that is to be read.
type ask struct {
	path     string
	query    url.Values
	advanced bool          // with the header of advanced queries
	object   bool          // not a list: the answer is the only value
	first    bool          // what is behind the first page is of no interest
	of       document.File // whose permission it takes; asks without one take the same
}

// answered is what came of it.
type answered struct {
	values []jsontext.Value
	count  int // @odata.count; -1: not told
	err    error
}

// each hands the values over, and gives the error that ended them.
func (a answered) each(take func(jsontext.Value) error) error {
	for _, v := range a.values {
		if err := take(v); err != nil {
			return err
		}
	}
	return a.err
}

// all reads many lists and objects in few requests, in the order of the asks: twenty of them are one batch. Parts that the service
// throttles, and further pages, are read singly. At most so many pages of each list are read; where there is more, its
// error is errEnough. The error is what concerns everything.
func (s *Source) all(ctx context.Context, asks []ask, pages int) ([]answered, error) {
	out := make([]answered, 0, len(asks))
	for some := range slices.Chunk(asks, maxBatch) {
		if len(some) == 1 {
			out = append(out, s.singly(ctx, some[0], pages))
		} else {
			got, err := s.batch(ctx, some, pages)
			if err != nil {
				return nil, err
			}
			out = append(out, got...)
		}
	}
	for _, a := range out {
		if a.err == nil {
			continue
		}
		if _, general := reason(a.err); general {
			return nil, a.err
		}
	}
	return out, nil
}

func (s *Source) singly(ctx context.Context, a ask, pages int) answered {
	if a.object {
		raw, err := s.graph.Get(ctx, a.path, a.query)
		if err != nil {
			return answered{count: -1, err: err}
		}
		return answered{count: -1, values: []jsontext.Value{raw}}
	}
	if a.first {
		pages = firstPage
	}
	return s.more(ctx, answered{count: -1}, a.path, a.query, a.header(), pages)
}

func (a ask) header() http.Header {
	if a.advanced {
		return graph.Eventual()
	}
	return nil
}

func (s *Source) more(ctx context.Context, got answered, path string, query url.Values, header http.Header, pages int) answered {
	first := pages == firstPage
	for p, err := range s.graph.Pages(ctx, path, query, header) {
		if err != nil {
			got.err = err
			return got
		}
		if pages == 0 {
			got.err = errEnough
			return got
		}
		got.count = max(got.count, p.Count)
		for _, v := range p.Values {
			got.values = append(got.values, slices.Clone(v))
		}
		if pages--; pages == 0 && first {
			return got
		}
	}
	return got
}

type batchPart struct {
	ID      string            `json:"id"`
	Method  string            `json:"method"`
	URL     string            `json:"url"`
	Headers map[string]string `json:"headers,omitempty"`
}

type batchAnswer struct {
	Responses []struct {
		ID     string         `json:"id"`
		Status int            `json:"status"`
		Body   jsontext.Value `json:"body"`
	} `json:"responses"`
}

func (s *Source) batch(ctx context.Context, asks []ask, pages int) ([]answered, error) {
	parts := make([]batchPart, len(asks))
	for i, a := range asks {
		parts[i] = batchPart{ID: strconv.Itoa(i), Method: http.MethodGet, URL: a.path}
		if len(a.query) > 0 {
			parts[i].URL += "?" + strings.ReplaceAll(a.query.Encode(), "+", "%20")
		}
		if a.advanced {
			parts[i].Headers = map[string]string{"ConsistencyLevel": "eventual"}
		}
	}
	raw, err := s.graph.Post(ctx, "/$batch", map[string]any{"requests": parts})
	if err != nil {
		if _, general := reason(err); general {
			return nil, err
		}
		return s.one(ctx, asks, pages), nil // a proxy, or a cloud, that has no batches; each answer then stands for itself
	}
	var doc batchAnswer
	if err := json.Unmarshal(raw, &doc, jsontext.AllowDuplicateNames(true)); err != nil {
		return nil, fmt.Errorf("POST /$batch: the answer cannot be read: %w", err)
	}
	out := make([]answered, len(asks))
	done, status := make([]bool, len(asks)), make([]int, len(asks))
	for _, r := range doc.Responses {
		i, err := strconv.Atoi(r.ID)
		if err != nil || i < 0 || i >= len(asks) || done[i] {
			continue
		}
		if status[i] = r.Status; r.Status != http.StatusOK {
			continue
		}
		if asks[i].object {
			if r.Body.Kind() == jsontext.KindBeginObject {
				out[i], done[i] = answered{count: -1, values: []jsontext.Value{r.Body}}, true
			}
			continue
		}
		var p struct {
			Value []jsontext.Value `json:"value"`
			Next  string           `json:"@odata.nextLink"`
			Count *int             `json:"@odata.count"`
		}
		if json.Unmarshal(r.Body, &p, jsontext.AllowDuplicateNames(true)) != nil || p.Value == nil {
			continue
		}
		got := answered{values: p.Value, count: -1}
		if p.Count != nil {
			got.count = *p.Count
		}
		switch {
		case p.Next == "":
		case pages == firstPage, asks[i].first:
		default:
			got = s.more(ctx, got, p.Next, nil, asks[i].header(), pages-1)
		}
		out[i], done[i] = got, true
	}
	// What was throttled, refused or left out is asked for itself, which also gives the error its words. Where one is
	// refused for want of a permission, the others of its document that are refused lack the same; where an object is not
	// there, nothing that the batch asks below it is.
	denied := map[document.File]error{}
	var gone error
	for i, a := range asks {
		switch {
		case done[i]:
		case status[i] == http.StatusNotFound && gone != nil:
			out[i] = answered{count: -1, err: gone}
		case status[i] == http.StatusForbidden && denied[a.of] != nil:
			out[i] = answered{count: -1, err: denied[a.of]}
		default:
			out[i] = s.singly(ctx, a, pages)
			if _, ok := graph.Refused(out[i].err); ok {
				denied[a.of] = out[i].err
			}
			if a.object && graph.Missing(out[i].err) {
				gone = out[i].err
			}
		}
	}
	return out, nil
}

func (s *Source) one(ctx context.Context, asks []ask, pages int) []answered {
	out := make([]answered, len(asks))
	for i, a := range asks {
		out[i] = s.singly(ctx, a, pages)
	}
	return out
}
