package scim

import (
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAPageIsReadAsTheRFCsSay(t *testing.T) {
	typ := users(t)
	for _, c := range []struct {
		p    Parameters
		want Page
	}{
		{Parameters{}, Page{Start: 1, Count: 100}},
		{Parameters{"startIndex": {"3"}, "count": {"2"}}, Page{Start: 3, Count: 2}},
		{Parameters{"startIndex": {"0"}, "count": {"0"}}, Page{Start: 1, Count: 0}},
		{Parameters{"startIndex": {"-5"}, "count": {"-5"}}, Page{Start: 1, Count: 0}},
		{Parameters{"startindex": {"2"}, "COUNT": {"99999999999999999999"}}, Page{Start: 2, Count: 1000}},
		{Parameters{"startIndex": {"99999999999999999999"}}, Page{Start: math.MaxInt, Count: 100}},
		{Parameters{"cursor": {""}, "count": {"10"}}, Page{Start: 1, Count: 10, ByCursor: true}},
		{Parameters{"cursor": {"VZUT-._~9"}}, Page{Start: 1, Count: 100, ByCursor: true, Cursor: "VZUT-._~9"}},
	} {
		q, err := typ.ParseQuery(c.p)
		if err != nil {
			t.Errorf("%v: %v", c.p, err)
			continue
		}
		if d := cmp.Diff(c.want, q.Page); d != "" {
			t.Errorf("%v: %s", c.p, d)
		}
	}
	for _, c := range []struct {
		p    Parameters
		want string
	}{
		{Parameters{"startIndex": {"x"}}, "400 invalidValue: startIndex: expected a whole number"},
		{Parameters{"count": {"1.5"}}, "400 invalidValue: count: expected a whole number"},
		{Parameters{"cursor": {""}, "count": {"0"}}, "400 invalidCount: count: with a cursor it is a whole number from 1 to 1000"},
		{Parameters{"cursor": {""}, "count": {"x"}}, "400 invalidCount: "},
		{Parameters{"cursor": {"a b"}}, "400 invalidCursor: "},
		{Parameters{"cursor": {strings.Repeat("a", 3000)}}, "400 invalidCursor: "},
		{Parameters{"cursor": {""}, "startIndex": {"1"}}, "400 invalidValue: exclude each other"},
		{Parameters{"filter": {"x"}}, "400 invalidFilter: "},
		{Parameters{"sortBy": {"emials"}}, `400 invalidPath: sortBy: "emials" is not an attribute of User (did you mean emails?)`},
		{Parameters{"sortBy": {"name"}}, "400 invalidPath: sortBy: name has parts"},
		{Parameters{"sortBy": {"password"}}, "400 invalidPath: sortBy: password is never returned"},
		{Parameters{"sortBy": {"groups"}}, "400 invalidPath: sortBy: groups is a list of references"},
		{Parameters{"sortBy": {"title"}, "sortOrder": {"up"}}, `400 invalidValue: sortOrder is ascending or descending, not "up"`},
	} {
		_, err := typ.ParseQuery(c.p)
		wantError(t, err, c.want)
	}
}

func TestResourcesAreSortedByPrimaryValuesAndWhoHasNoneComesLast(t *testing.T) {
	typ := users(t)
	var all []*Resource
	for _, body := range []string{
		`{"userName":"1","emails":[{"value":"z"},{"value":"B","primary":true}]}`,
		`{"userName":"2"}`,
		`{"userName":"3","emails":[{"value":"c"},{"value":"a"}]}`,
		`{"userName":"4","emails":[{"value":"a"}]}`,
	} {
		all = append(all, read(t, typ, body))
	}
	for _, c := range []struct{ by, order, want string }{
		{"emails", "", "4132"},
		{"emails.value", "descending", "2314"},
		{"USERNAME", "Ascending", "1234"},
		{"meta.created", "descending", "1234"},
	} {
		s, err := typ.ParseSort(c.by, c.order)
		if err != nil {
			t.Fatal(err)
		}
		sorted := slices.Clone(all)
		slices.SortStableFunc(sorted, s.Compare)
		got := ""
		for _, r := range sorted {
			got += r.Attrs.Get(typ.Attr("userName")).Text()
		}
		if got != c.want {
			t.Errorf("%s %s: %s, want %s", c.by, c.order, got, c.want)
		}
	}
}

func TestNumbersAreSortedAsNumbers(t *testing.T) {
	typ := lenient(t).Type("Gadget")
	s, err := typ.ParseSort("count", "")
	if err != nil {
		t.Fatal(err)
	}
	if s.Compare(read(t, typ, `{"serial":"a","count":9}`), read(t, typ, `{"serial":"b","count":10}`)) >= 0 {
		t.Error("9 comes behind 10")
	}
}

func TestASearchRequestAsksWhatAGetWould(t *testing.T) {
	s := lenient(t)
	got, err := s.SearchParameters([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"],"attributes":["displayName","userName"],"filter":"displayName sw \"smith\"","startIndex":1,"count":10,"sortBy":null,"x":{}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := Parameters{"attributes": {"displayName", "userName"}, "filter": {`displayName sw "smith"`}, "startIndex": {"1"}, "count": {"10"}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	for body, want := range map[string]string{
		`[]`:                 "400 invalidSyntax: the body: expected an object",
		`{"filter":{}}`:      "400 invalidValue: filter: expected a text",
		`{"attributes":[1]}`: "400 invalidValue: attributes: expected texts",
		`{"count":1`:         "400 invalidSyntax: ",
	} {
		_, err := s.SearchParameters([]byte(body))
		wantError(t, err, want)
	}
	_, err = strict(t).SearchParameters([]byte(`{"count":1}`))
	wantError(t, err, "400 invalidValue: schemas does not name urn:ietf:params:scim:api:messages:2.0:SearchRequest")
}

func TestAQueryOverAllTypesTakesWhatEachTypeHas(t *testing.T) {
	s := lenient(t)
	_, err := s.ParseQueries(Parameters{"filter": {`userName eq "bjensen" or displayName sw "tour" or emails[type eq "x" or nothing pr].value eq "y"`}, "sortBy": {"userName"}, "attributes": {"userName,displayName"}})
	wantError(t, err, `400 invalidFilter: Filter, character 73: "nothing" is not an attribute of emails`)
	qs, err := s.ParseQueries(Parameters{"filter": {`userName eq "bjensen" or displayName sw "tour" or emails[type eq "work"].value eq "y"`}, "sortBy": {"userName"}})
	if err != nil {
		t.Fatal(err)
	}
	if len(qs) != 3 || qs[0].Sort == nil || qs[1].Sort != nil {
		t.Errorf("got %v", qs)
	}
	if !qs[0].Filter.Match(read(t, s.Type("User"), barbara)) || !qs[1].Filter.Match(read(t, s.Type("Group"), tourGuides)) {
		t.Error("somebody is not found")
	}
	if qs[1].Filter.Match(read(t, s.Type("Group"), `{"displayName":"x"}`)) || qs[2].Filter.Match(read(t, s.Type("Gadget"), `{"serial":"tour"}`)) {
		t.Error("somebody is found who should not be")
	}
	_, err = s.ParseQueries(Parameters{"filter": {`usrName eq "b"`}})
	wantError(t, err, `400 invalidFilter: Filter, character 1: "usrName" is not an attribute of`)
}

func TestVersionsAreComparedWeakly(t *testing.T) {
	for _, c := range []struct {
		header, version string
		want            bool
	}{
		{`W/"1"`, `W/"1"`, true},
		{`"1"`, `W/"1"`, true},
		{`W/"2", W/"1"`, `W/"1"`, true},
		{`*`, `W/"1"`, true},
		{`1`, `W/"1"`, true},
		{`W/"2"`, `W/"1"`, false},
		{`"a,1"`, `"1"`, false},
		{`"a,1" , x,"1"`, `"1"`, true},
		{``, `W/"1"`, false},
		{`"`, `W/"1"`, false},
		{`""`, ``, false},
	} {
		if got := VersionFits(c.header, c.version); got != c.want {
			t.Errorf("%s and %s: %v", c.header, c.version, got)
		}
	}
}
