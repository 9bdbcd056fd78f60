package inbound

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// mostSorted are the resources that a query over all types puts in order: those up to the end of the page, of each type.
const mostSorted = 10_000

// several is a query over all types: one query for each type, in the order of the service.
type several struct {
	*call
	queries []*scim.Query
}

func (c *call) queryAll(p scim.Parameters) error {
	queries, err := c.o.Service.ParseQueries(p)
	if err != nil {
		return err
	}
	s := several{c, queries}
	page := queries[0].Page
	sorted := slices.ContainsFunc(queries, func(q *scim.Query) bool { return q.Sort != nil })
	var l scim.List
	var all []*scim.Resource
	switch {
	case page.ByCursor && sorted:
		return &scim.Error{Status: http.StatusBadRequest, Type: scim.InvalidValue, Detail: "cursor and sortBy cannot be sent together to all resource types. Ask one type, such as " + c.o.Service.Types()[0].Endpoint() + "."}
	case page.ByCursor:
		l, all, err = s.byCursor(page)
	case sorted:
		l, all, err = s.inOrder(page)
	default:
		l, all, err = s.oneAfterTheOther(page)
	}
	if err != nil {
		return err
	}
	return c.resources(l, all, func(r *scim.Resource) *scim.Projection { return queries[s.place(r.Type)].Projection })
}

func (s *several) place(t *scim.ResourceType) int { return slices.Index(s.o.Service.Types(), t) }

// ask asks for a page of one type.
func (s *several) ask(i int, p scim.Page) (*inbox.Listing, error) {
	q := *s.queries[i]
	q.Page = p
	return s.o.Inbox.List(s.r.Context(), s.token.Directory, s.o.Service.Types()[i], &q)
}

// oneAfterTheOther cuts the page out of the lists of all types, put behind one another.
func (s *several) oneAfterTheOther(p scim.Page) (l scim.List, all []*scim.Resource, err error) {
	l.Start = p.Start
	for i := range s.queries {
		found, err := s.ask(i, p)
		if err != nil {
			return l, nil, err
		}
		l.Total += found.Total
		all = append(all, found.Resources...)
		p.Count -= len(found.Resources)
		p.Start = max(1, p.Start-found.Total)
	}
	return l, all, nil
}

// inOrder merges what each type has up to the end of the page.
func (s *several) inOrder(p scim.Page) (l scim.List, all []*scim.Resource, err error) {
	l.Start = p.Start
	if p.Start+p.Count > mostSorted {
		return l, nil, &scim.Error{Status: http.StatusBadRequest, Type: scim.TooMany, Detail: "More resources than " + strconv.Itoa(mostSorted) + " would have to be put in order. Ask one type, or for an earlier page."}
	}
	for i := range s.queries {
		found, err := s.ask(i, scim.Page{Start: 1, Count: p.Start - 1 + p.Count})
		if err != nil {
			return l, nil, err
		}
		l.Total += found.Total
		all = append(all, found.Resources...)
	}
	slices.SortStableFunc(all, s.compare)
	from := min(p.Start-1, len(all))
	return l, all[from:min(from+p.Count, len(all))], nil
}

// compare orders resources of different types: the attribute has the same name in each, and is another one.
func (s *several) compare(x, y *scim.Resource) int {
	by, other := s.queries[s.place(x.Type)].Sort, s.queries[s.place(y.Type)].Sort
	switch {
	case by != nil && by == other:
		return by.Compare(x, y)
	case by == nil && other == nil:
		return 0
	}
	a, okA := sortedBy(by, x)
	b, okB := sortedBy(other, y)
	descending := by != nil && by.Descending || other != nil && other.Descending
	c := 0
	switch {
	case okA && okB:
		c = strings.Compare(a, b)
	case okA:
		c = -1
	case okB:
		c = 1
	}
	if descending {
		return -c
	}
	return c
}

// sortedBy is a text that is in the order of the values, as far as values of different types have one.
func sortedBy(by *scim.Sort, r *scim.Resource) (string, bool) {
	if by == nil {
		return "", false
	}
	text, ok := by.Of(r)
	if by.Attr.Definition().Type == scim.DateTime {
		if at, err := time.Parse(time.RFC3339, text); err == nil {
			return at.UTC().Format("2006-01-02T15:04:05.000000000"), ok
		}
	}
	return by.Attr.Key(text), ok
}

// byCursor goes through one type after the other. The cursor names the type by its number, before the inbox's own cursor.
// How many there are of all types is not counted.
func (s *several) byCursor(p scim.Page) (l scim.List, all []*scim.Resource, err error) {
	l.Total = -1
	i := 0
	if p.Cursor != "" {
		number, rest, ok := strings.Cut(p.Cursor, "~")
		if i, err = strconv.Atoi(number); err != nil || !ok || i < 0 || i >= len(s.queries) {
			return l, nil, scim.BadCursor()
		}
		p.Cursor = rest
	}
	found, err := s.ask(i, p)
	if err != nil {
		return l, nil, err
	}
	switch {
	case found.Next != "":
		l.Next = strconv.Itoa(i) + "~" + found.Next
	case i+1 < len(s.queries):
		l.Next = strconv.Itoa(i+1) + "~"
	}
	return l, found.Resources, nil
}
