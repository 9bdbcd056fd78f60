package graph

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/port/wire"
)

// Page is one page of a list.
type Page struct {
	Values []jsontext.Value // the objects, unchanged. They share the page's memory: clone what is to be kept
	Count  int              // @odata.count, which only a first page may have; -1: not told
	Delta  string           // @odata.deltaLink, on the last page of a delta query
}

// Bounds of a list. The largest directory has a million users and some 16,000 pages of memberships.
const (
	maxPages  = 1 << 20
	maxIdle   = 10 // empty pages that lead to themselves, one after the other
	maxBroken = 3  // attempts at an answer that is not JSON
)

// Get reads one object. Path begins below v1.0: "/servicePrincipals/…".
func (c *Client) Get(ctx context.Context, path string, query url.Values) (jsontext.Value, error) {
	return c.object(ctx, wire.Request{Method: http.MethodGet, Path: path, Query: query})
}

// Post asks by a body, such as /directoryObjects/getByIds. It must be a call that changes nothing: it may be repeated.
func (c *Client) Post(ctx context.Context, path string, body any) (jsontext.Value, error) {
	b, err := json.Marshal(body, json.Deterministic(true))
	if err != nil {
		return nil, fmt.Errorf("POST %s: %w", path, err)
	}
	return c.object(ctx, wire.Request{Method: http.MethodPost, Path: path, Body: b, Reads: true})
}

// Count reads a number, such as /groups/{id}/transitiveMembers/microsoft.graph.user/$count. Such numbers come from an
// index that lags behind the directory at times.
func (c *Client) Count(ctx context.Context, path string, query url.Values) (int, error) {
	resp, err := c.do(ctx, wire.Request{Method: http.MethodGet, Path: path, Query: query, Header: Eventual()})
	if err != nil {
		return 0, err
	}
	text := strings.TrimSpace(strings.TrimPrefix(string(resp.Body), "\ufeff"))
	n, err := strconv.Atoi(text)
	if err != nil || n < 0 {
		return 0, c.broken(path, resp, fmt.Errorf("expected a number, found %d bytes of something else", len(resp.Body)))
	}
	return n, nil
}

// Eventual is the header of advanced queries ($count, $search, ne, not, endsWith, casts of members). It must be given
// to Pages, which sends it with every page.
func Eventual() http.Header { return http.Header{"Consistencylevel": {"eventual"}} }

// Pages walks through a list or a delta query, page by page. Path begins below v1.0, or is a whole link that Graph gave,
// such as a deltaLink. The header goes with every page. The walk ends with the first error: a page that is missing,
// broken, or links to another host, and links that lead in a circle.
func (c *Client) Pages(ctx context.Context, path string, query url.Values, header http.Header) iter.Seq2[Page, error] {
	return func(yield func(Page, error) bool) {
		seen, idle := map[string]bool{}, 0
		here := c.whole(path, query)
		for n := 0; ; n++ {
			if n == maxPages {
				yield(Page{}, fmt.Errorf("GET %s: the list does not end after %d pages", c.short(path), n))
				return
			}
			seen[here] = true
			p, next, err := c.page(ctx, path, query, header)
			if err != nil {
				yield(Page{}, err)
				return
			}
			if !yield(p, nil) || next == "" {
				return
			}
			// An empty page may lead to itself: "not yet, ask again". Anything else that was seen is a circle.
			if idle++; next != here || len(p.Values) > 0 {
				idle = 0
			}
			if idle == 0 && seen[next] || idle > maxIdle {
				yield(Page{}, fmt.Errorf("GET %s: the list's links lead in a circle after %d pages", c.short(path), n+1))
				return
			}
			here, path, query = next, next, nil
		}
	}
}

// Objects walks through the objects of a list.
func (c *Client) Objects(ctx context.Context, path string, query url.Values, header http.Header) iter.Seq2[jsontext.Value, error] {
	return func(yield func(jsontext.Value, error) bool) {
		for p, err := range c.Pages(ctx, path, query, header) {
			if err != nil {
				yield(nil, err)
				return
			}
			for _, v := range p.Values {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

func (c *Client) page(ctx context.Context, path string, query url.Values, header http.Header) (p Page, next string, err error) {
	r := wire.Request{Method: http.MethodGet, Path: path, Query: query, Header: header}
	err = c.parsed(ctx, r, func(body []byte) error {
		p, next, err = parsePage(body)
		return err
	})
	if err == nil && next != "" && !c.Own(next) {
		err = fmt.Errorf("GET %s: the next page is said to be on another host, which is not followed", c.short(path))
	}
	if err == nil && p.Delta != "" && !c.Own(p.Delta) {
		err = fmt.Errorf("GET %s: the deltaLink leads to another host, which is not followed", c.short(path))
	}
	return p, next, err
}

func (c *Client) object(ctx context.Context, r wire.Request) (v jsontext.Value, err error) {
	err = c.parsed(ctx, r, func(body []byte) error {
		v = jsontext.Value(bytes.TrimSpace(body))
		if v.Kind() != '{' || !v.IsValid(jsontext.AllowDuplicateNames(true)) {
			return fmt.Errorf("expected a JSON object, found %s", sort(v))
		}
		return nil
	})
	return v, err
}

// parsed asks again where an answer is cut or not JSON at all: some proxy between broke it.
func (c *Client) parsed(ctx context.Context, r wire.Request, parse func([]byte) error) error {
	for n := 1; ; n++ {
		resp, err := c.do(ctx, r)
		if err != nil {
			return err
		}
		err = parse(resp.Body)
		if err == nil {
			return nil
		}
		if n == maxBroken {
			return c.broken(r.Path, resp, err)
		}
	}
}

func (c *Client) do(ctx context.Context, r wire.Request) (*wire.Response, error) {
	if strings.HasPrefix(c.short(r.Path), "/auditLogs/") {
		r.Lane = reports
	}
	resp, err := c.wire.Do(ctx, r)
	if err != nil {
		return nil, c.failed(r, err)
	}
	return resp, nil
}

// whole is the address of a first request, as a link to the same page would have it.
func (c *Client) whole(path string, query url.Values) string {
	if strings.HasPrefix(path, "/") {
		path = c.base.String() + path
	}
	if len(query) > 0 {
		path += "?" + strings.ReplaceAll(query.Encode(), "+", "%20") // as the wire writes it
	}
	return path
}

// short is a path below v1.0 without its query, which may hold names and tokens.
func (c *Client) short(path string) string {
	path, _, _ = strings.Cut(path, "?")
	return strings.TrimPrefix(path, c.base.String())
}

// parsePage reads {"value":[…],"@odata.nextLink"?,"@odata.deltaLink"?,"@odata.count"?}. What has no value is no page: it
// must not count as an empty one.
func parsePage(body []byte) (p Page, next string, err error) {
	p.Count = -1
	d := jsontext.NewDecoder(bytes.NewReader(body), jsontext.AllowDuplicateNames(true))
	if k := d.PeekKind(); k != '{' {
		return p, "", fmt.Errorf(`expected an object with "value", found %s`, sort(body))
	}
	if _, err := d.ReadToken(); err != nil {
		return p, "", err
	}
	listed := false
	for d.PeekKind() == '"' {
		name, err := d.ReadToken()
		if err != nil {
			return p, "", err
		}
		switch key := name.String(); key {
		case "value":
			if listed || d.PeekKind() != '[' {
				return p, "", fmt.Errorf(`"value" is not one list`)
			}
			listed = true
			p.Values, err = elements(d, body)
		case "@odata.nextLink":
			err = json.UnmarshalDecode(d, &next)
		case "@odata.deltaLink":
			err = json.UnmarshalDecode(d, &p.Delta)
		case "@odata.count":
			err = json.UnmarshalDecode(d, &p.Count)
		default:
			err = d.SkipValue()
		}
		if err != nil {
			return p, "", err
		}
	}
	if _, err := d.ReadToken(); err != nil { // the closing brace
		return p, "", err
	}
	switch {
	case !listed:
		return p, "", fmt.Errorf(`expected an object with "value"`)
	case next != "" && p.Delta != "":
		return p, "", fmt.Errorf("a page with both a nextLink and a deltaLink")
	}
	return p, next, nil
}

// elements are the elements of a list as pieces of the body.
func elements(d *jsontext.Decoder, body []byte) ([]jsontext.Value, error) {
	if _, err := d.ReadToken(); err != nil {
		return nil, err
	}
	var out []jsontext.Value
	for d.PeekKind() != ']' {
		v, err := d.ReadValue()
		if err != nil {
			return nil, err
		}
		end := d.InputOffset()
		out = append(out, jsontext.Value(body[end-int64(len(v)):end:end]))
	}
	_, err := d.ReadToken()
	return out, err
}

// sort names what an answer is instead of what was expected, without quoting it.
func sort(body []byte) string {
	if body = bytes.TrimSpace(body); len(body) == 0 {
		return "nothing"
	}
	switch body[0] {
	case '<':
		return "a page of HTML or XML"
	case '{':
		return "an object that is cut or broken"
	case '[':
		return "a list"
	}
	return "something else"
}
