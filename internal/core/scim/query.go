package scim

import (
	"strconv"
	"strings"
)

// Query is what a GET of an endpoint or a POST to /.search asks for.
type Query struct {
	Filter     *Filter     // nil: everything
	Sort       *Sort       // nil: whatever order the store has, always the same
	Projection *Projection // nil: what is returned by default
	Page       Page
}

// Page is the part of an answer that is asked for.
type Page struct {
	Start    int    // the first resource, from 1
	Count    int    // at most as many; 0 asks for the total alone
	ByCursor bool   // Cursor counts, not Start (RFC 9865)
	Cursor   string // where the page before ended; empty: from the beginning. Letters, digits and -._~ alone
}

// Parameters are those of a query, by their names as the RFCs write them. url.Values fit.
type Parameters map[string][]string

// first is the value of a parameter; the name may be in another case.
func (p Parameters) first(name string) (value string, ok bool) {
	if v, ok := p[name]; ok && len(v) > 0 {
		return v[0], true
	}
	for n, v := range p {
		if strings.EqualFold(n, name) && len(v) > 0 {
			return v[0], true
		}
	}
	return "", false
}

func (p Parameters) all(name string) []string {
	if v, ok := p[name]; ok {
		return v
	}
	for n, v := range p {
		if strings.EqualFold(n, name) {
			return v
		}
	}
	return nil
}

// ParseQuery reads the parameters of a GET of the resource type's endpoint. What is not known is passed over. Errors are
// *Error.
func (t *ResourceType) ParseQuery(p Parameters) (*Query, error) {
	q := &Query{}
	var err error
	if filter, ok := p.first("filter"); ok && strings.TrimSpace(filter) != "" {
		if q.Filter, err = t.ParseFilter(filter); err != nil {
			return nil, err
		}
	}
	return q, t.others(q, p)
}

// others reads all parameters but the filter.
func (t *ResourceType) others(q *Query, p Parameters) error {
	var err error
	if q.Projection, err = t.ParseProjection(p.all("attributes"), p.all("excludedAttributes")); err != nil {
		return err
	}
	by, _ := p.first("sortBy")
	order, _ := p.first("sortOrder")
	if q.Sort, err = t.ParseSort(by, order); err != nil {
		return err
	}
	q.Page, err = t.rules().Limits.page(p)
	return err
}

// ParseQueries reads the parameters of a query over all resource types (RFC 7644, 3.4.2.1): one Query for each, in the order
// of Types. An attribute that a type does not have fits none of its resources; one that no type has is an error. Errors
// are *Error.
func (s *Service) ParseQueries(p Parameters) ([]*Query, error) {
	filter, ok := p.first("filter")
	var out []*Query
	known := false
	var strange *Error
	by, _ := p.first("sortBy")
	for _, t := range s.types {
		q := &Query{}
		if ok && strings.TrimSpace(filter) != "" {
			read := parser{t: t, src: filter, scimType: InvalidFilter, among: true}
			var err error
			if q.Filter, err = read.whole(); err != nil {
				return nil, err
			}
			known = known || read.seen
			strange = read.strange
		}
		these := p
		if t.Attr(strings.TrimSpace(by)) == nil { // sorted by what the type does not have: in no order
			these = p.without("sortBy")
		}
		if err := t.others(q, these); err != nil {
			return nil, err
		}
		out = append(out, q)
	}
	if strange != nil && !known {
		return nil, strange
	}
	return out, nil
}

func (p Parameters) without(name string) Parameters {
	out := Parameters{}
	for n, v := range p {
		if !strings.EqualFold(n, name) {
			out[n] = v
		}
	}
	return out
}

// page reads startIndex, count and cursor. Less than 1 is 1 for startIndex, and less than 0 is 0 for count (RFC 7644,
// 3.4.2.4); with a cursor a count must be positive (RFC 9865, 2.1).
func (l Limits) page(p Parameters) (Page, error) {
	page := Page{Start: 1, Count: l.Default}
	page.Cursor, page.ByCursor = p.first("cursor")
	start, hasStart := p.first("startIndex")
	if hasStart && start != "" {
		n, ok := wholeNumber(start)
		if !ok {
			return page, bad(InvalidValue, "startIndex: expected a whole number. Send the number of the first resource, from 1.")
		}
		page.Start = max(1, n)
	}
	if page.ByCursor && hasStart {
		return page, bad(InvalidValue, "startIndex and cursor exclude each other. Send one of them.")
	}
	if !opaque(page.Cursor) {
		return page, BadCursor()
	}
	if count, ok := p.first("count"); ok && count != "" {
		n, ok := wholeNumber(count)
		switch {
		case page.ByCursor && (!ok || n < 1):
			return page, bad(InvalidCount, "count: with a cursor it is a whole number from 1 to %d.", l.Page)
		case !ok:
			return page, bad(InvalidValue, "count: expected a whole number. Send how many resources a page may have.")
		}
		page.Count = min(max(0, n), l.Page)
	}
	return page, nil
}

// wholeNumber reads a whole number; one that is too large is as large as can be.
func wholeNumber(s string) (n int, ok bool) {
	n, err := strconv.Atoi(strings.TrimSpace(s))
	if err == nil {
		return n, true
	}
	digits := strings.TrimLeft(strings.TrimSpace(s), "+-")
	if digits == "" || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	return n, true // Atoi gives the nearest one
}

// opaque tells whether a cursor has no characters but those that RFC 3986 calls unreserved.
func opaque(cursor string) bool {
	for i := range len(cursor) {
		c := cursor[i]
		if c|0x20 < 'a' || c|0x20 > 'z' {
			if (c < '0' || c > '9') && strings.IndexByte("-._~", c) < 0 {
				return false
			}
		}
	}
	return len(cursor) <= 2048
}
