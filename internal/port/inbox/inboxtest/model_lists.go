package inboxtest

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// filtered expects of a filter what Match says of every resource, in any order and on any pages.
func (m *model) filtered(t *scim.ResourceType, filter string) {
	f, err := t.ParseFilter(filter)
	if err != nil {
		m.t.Fatalf("%s: %v", filter, err)
	}
	all := map[string]*scim.Resource{}
	for _, id := range allIDs {
		if r, err := m.inbox.Get(m.Context(), m.key(t, id), everyList); err == nil && f.Match(r) {
			all[id] = r
		}
	}
	want := slices.Sorted(maps.Keys(all))
	sort := &scim.Sort{Attr: t.Attr(m.draw("sort", []string{"id", "externalId", "displayName"})), Descending: rapid.Bool().Draw(m.t, "descending")}
	if rapid.Bool().Draw(m.t, "unsorted") {
		sort = nil
	}
	size := rapid.IntRange(1, 4).Draw(m.t, "size")
	for _, byCursor := range []bool{false, true} {
		got := m.pages(t, f, sort, size, byCursor, len(want))
		if sort != nil && !slices.IsSortedFunc(got, func(x, y string) int { return sort.Compare(all[x], all[y]) }) {
			m.t.Fatalf("%s: %v is not sorted by %v, descending: %v", filter, got, sort.Attr, sort.Descending)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			m.t.Fatalf("%s, by cursor %v, pages of %d: %v, wanted %v", filter, byCursor, size, got, want)
		}
	}
}

// pages reads a whole list.
func (m *model) pages(t *scim.ResourceType, f *scim.Filter, sort *scim.Sort, size int, byCursor bool, total int) (all []string) {
	q := &scim.Query{Filter: f, Sort: sort, Page: scim.Page{Start: 1, Count: size, ByCursor: byCursor}}
	for {
		l, err := m.inbox.List(m.Context(), m.directory, t, q)
		if err != nil {
			m.t.Fatal(err)
		}
		if l.Total != total && (!byCursor || l.Total >= 0) || len(l.Resources) > size {
			m.t.Fatalf("%v: total %d, wanted %d; %d on a page of %d", f, l.Total, total, len(l.Resources), size)
		}
		all = append(all, ids(l)...)
		q.Page.Start += len(l.Resources)
		q.Page.Cursor = l.Next
		if byCursor && l.Next == "" || !byCursor && len(l.Resources) == 0 {
			return all
		}
	}
}

// comparisons that a filter is made of; %s is a text.
var (
	userFilters = []string{
		`userName eq %s`, `userName eq %s`, `externalId eq %s`, `emails.value eq %s`, `emails eq %s`, `emails[value eq %s]`, `id eq %s`, `groups.value eq %s`, `groups ne %s`,
		`userName sw %s`, `userName co %s`, `userName ne %s`, `externalId gt %s`, `externalId pr`, `emails pr`, `groups pr`, `groups.display eq %s`,
		`groups[value eq %s and type eq "direct"]`, `meta.created lt "2027-01-01T00:00:00Z"`,
	}
	groupFilters = []string{
		`displayName eq %s`, `displayName eq %s`, `displayName le %s`, `id eq %s`, `members.value eq %s`, `members eq %s`, `members ne %s`, `members.value sw %s`, `members.value pr`, `members pr`, `members.type eq "Group"`,
		`members[value eq %s]`, `members[value ne %s]`, `members[type eq "User" and display sw %s]`, `externalId pr`,
	}
)

func drawFilter(t *rapid.T, from []string, depth int) string {
	if depth > 0 {
		switch rapid.IntRange(0, 4).Draw(t, "shape") {
		case 0:
			return "(" + drawFilter(t, from, depth-1) + ") and (" + drawFilter(t, from, depth-1) + ")"
		case 1:
			return drawFilter(t, from, depth-1) + " or " + drawFilter(t, from, depth-1)
		case 2:
			return "not (" + drawFilter(t, from, depth-1) + ")"
		}
	}
	one := rapid.SampledFrom(from).Draw(t, "comparison")
	return strings.Replace(one, "%s", strconv.Quote(rapid.SampledFrom(slices.Concat(allIDs, names, words[1:])).Draw(t, "text")), 1)
}
