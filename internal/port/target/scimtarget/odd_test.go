package scimtarget_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
)

// odd is a service that has so many users and gets pages wrong in its own way.
type odd struct {
	users  int
	answer func(start, count int, all []map[string]any) map[string]any
	filter func(text string) (status int, body string) // nil: filters are not heeded
	asked  int
}

func (o *odd) RoundTrip(r *http.Request) (*http.Response, error) {
	say := func(status int, body string) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{"Content-Type": {"application/scim+json"}}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)), Request: r}, nil
	}
	if o.asked++; o.asked > 5000 {
		return nil, fmt.Errorf("asked %d times: there is no end", o.asked)
	}
	path := strings.TrimPrefix(r.URL.Path, "/scim/directory/"+atlassian.DefaultDirectory)
	switch {
	case path == "/Users" && r.URL.Query().Has("filter") && o.filter != nil:
		return say(o.filter(r.URL.Query().Get("filter")))
	case path == "/Users":
		var all []map[string]any
		for i := range o.users {
			all = append(all, user(i))
		}
		return say(200, text(o.answer(number(r.URL.Query(), "startIndex"), number(r.URL.Query(), "count"), all)))
	case path == "/Groups":
		return say(200, `{"totalResults":0,"Resources":[]}`)
	}
	return say(404, `{"detail":"not here"}`)
}

func user(i int) map[string]any {
	return map[string]any{"id": fmt.Sprintf("u%04d", i), "userName": fmt.Sprintf("n%d@x.example", i), "externalId": fmt.Sprintf("E%d", i)}
}

func number(q url.Values, name string) int { n, _ := strconv.Atoi(q.Get(name)); return n }

func text(v any) string { b, _ := json.Marshal(v); return string(b) }

func page(total int, list []map[string]any) map[string]any {
	if list == nil {
		list = []map[string]any{}
	}
	return map[string]any{"totalResults": total, "Resources": list}
}

func cut(all []map[string]any, start, count int) []map[string]any {
	from := min(max(start-1, 0), len(all))
	return all[from:min(from+count, len(all))]
}

// reader keeps what is recorded.
type reader struct {
	ids    []string
	whole  []document.File
	gaps   []document.Gap
	groups []jsontext.Value
}

func (r *reader) Add(file document.File, _ string, object jsontext.Value) error {
	var o struct{ ID string }
	if file == document.ScimGroups {
		r.groups = append(r.groups, slices.Clone(object))
		return nil
	}
	err := json.Unmarshal(object, &o)
	r.ids = append(r.ids, o.ID)
	return err
}
func (r *reader) Whole(f document.File) error { r.whole = append(r.whole, f); return nil }
func (r *reader) Gap(g document.Gap) error    { r.gaps = append(r.gaps, g); return nil }

func TestListsOfOddServicesAreReadOrTheirGapIsNamed(t *testing.T) {
	total := 250
	shrinking := 0
	for name, c := range map[string]struct {
		answer func(start, count int, all []map[string]any) map[string]any
		want   int
		gap    string
		most   int // requests for the list
	}{
		"as the standard says": {func(s, n int, all []map[string]any) map[string]any { return page(total, cut(all, s, n)) }, 250, "", 3},
		"fewer than asked for": {func(s, _ int, all []map[string]any) map[string]any { return page(total, cut(all, s, 7)) }, 250, "", 36},
		"more than asked for":  {func(s, n int, all []map[string]any) map[string]any { return page(total, cut(all, s, n+13)) }, 250, "", 3},
		"no total": {func(s, n int, all []map[string]any) map[string]any {
			return map[string]any{"Resources": cut(all, s, n)}
		}, 250, "", 4},
		"everything in one page whatever is asked": {func(_, _ int, all []map[string]any) map[string]any { return page(total, all) }, 250, "", 1},
		"startIndex is ignored, count is not":      {func(_, n int, all []map[string]any) map[string]any { return page(total, cut(all, 1, n)) }, 250, "", 3},
		"the first page whatever is asked": {
			func(_, _ int, all []map[string]any) map[string]any { return page(total, cut(all, 1, 20)) }, 20,
			"the service says that there are 250 and gave 20", 3,
		},
		"pages that overlap": {func(s, n int, all []map[string]any) map[string]any { return page(total, cut(all, max(1, s-10), n)) }, 250, "", 4},
		"a page in the middle that is empty": {
			func(s, n int, all []map[string]any) map[string]any {
				if s > 100 && n < 200 {
					return page(total, nil)
				}
				return page(total, cut(all, s, n))
			}, 250, "", 3,
		},
		"nothing after the first page": {
			func(s, _ int, all []map[string]any) map[string]any {
				if s > 1 {
					return page(total, nil)
				}
				return page(total, cut(all, 1, 100))
			}, 100, "the service says that there are 250 and gave 100", 5,
		},
		"a total that is too large": {func(s, n int, all []map[string]any) map[string]any { return page(300, cut(all, s, n)) }, 250, "gave 250", 5},
		"a total that is too small": {func(s, n int, all []map[string]any) map[string]any { return page(10, cut(all, s, n)) }, 100, "", 1},
		"another total every time": {
			func(s, n int, all []map[string]any) map[string]any {
				shrinking++
				return page(250+shrinking%2, cut(all, s, n))
			}, 250, "", 60,
		},
	} {
		t.Run(name, func(t *testing.T) {
			shrinking = 0
			o := &odd{users: total, answer: c.answer}
			r := &reader{}
			if err := scimtarget.New(client(t, o), scimtarget.Options{}).Read(t.Context(), target.Want{All: true}, r); err != nil {
				t.Fatal(err)
			}
			distinct := slices.Compact(slices.Sorted(slices.Values(r.ids)))
			if len(distinct) != len(r.ids) || len(r.ids) != c.want || len(r.whole) != 2 {
				t.Errorf("%d users, %d different ones, want %d; whole %v", len(r.ids), len(distinct), c.want, r.whole)
			}
			if asked := o.asked - 3; asked > c.most {
				t.Errorf("%d requests for the list, want at most %d", asked, c.most)
			}
			if (c.gap == "") != (len(r.gaps) == 0) || c.gap != "" && !strings.Contains(r.gaps[0].Why, c.gap) {
				t.Errorf("gaps %+v, want %q", r.gaps, c.gap)
			}
		})
	}
}

func TestSomebodyWhoIsDeletedWhileAListIsReadHidesNobody(t *testing.T) {
	deleted := false
	o := &odd{users: 250}
	o.answer = func(s, n int, all []map[string]any) map[string]any {
		if deleted = deleted || s > 100; deleted { // user 5, after the first page
			all = slices.Delete(slices.Clone(all), 5, 6)
		}
		return page(len(all), cut(all, s, n))
	}
	r := &reader{}
	if err := scimtarget.New(client(t, o), scimtarget.Options{}).Read(t.Context(), target.Want{All: true}, r); err != nil {
		t.Fatal(err)
	}
	if len(r.ids) != 250 || !slices.Contains(r.ids, "u0100") || len(r.gaps) != 0 {
		t.Errorf("%d users, gaps %v", len(r.ids), r.gaps)
	}
}

func TestWhereAFilterIsOfNoUseTheListIsGoneThroughOnce(t *testing.T) {
	list := func(s, n int, all []map[string]any) map[string]any { return page(len(all), cut(all, s, n)) }
	for name, filter := range map[string]func(string) (int, string){
		"it is refused": func(string) (int, string) {
			return 400, `{"status":"400","scimType":"invalidFilter","detail":"Resource [USER] invalid filter"}`
		},
		"it is not built in":    func(string) (int, string) { return 501, `` },
		"no notice of it taken": nil,
	} {
		t.Run(name, func(t *testing.T) {
			o := &odd{users: 150, answer: list, filter: filter}
			to := scimtarget.New(client(t, o), scimtarget.Options{Workers: 1})
			for range 2 {
				r := &reader{}
				if err := to.Read(t.Context(), target.Want{UserNames: []string{"N7@X.example", "n120@x.example", "nobody"}, ExternalIDs: []string{"E7", "e8"}}, r); err != nil {
					t.Fatal(err)
				}
				if got := slices.Sorted(slices.Values(r.ids)); !slices.Equal(got, []string{"u0007", "u0120"}) || len(r.gaps) != 0 {
					t.Errorf("%v, gaps %v", got, r.gaps)
				}
			}
			if o.asked > 2+2+2*2 { // about itself, one try for each attribute, the list of two pages twice
				t.Errorf("%d requests", o.asked)
			}
		})
	}
}

func TestWhoMayBeInWhatWasNotToldIsNotSaidToBeAbsent(t *testing.T) {
	o := &odd{users: 150, answer: func(_, _ int, all []map[string]any) map[string]any { return page(150, cut(all, 1, 20)) }}
	to := scimtarget.New(client(t, o), scimtarget.Options{Filter: scimtarget.No})
	r := &reader{}
	if err := to.Read(t.Context(), target.Want{UserNames: []string{"n7@x.example", "n120@x.example"}}, r); err != nil {
		t.Fatal(err)
	}
	if len(r.ids) != 1 || len(r.gaps) != 1 || r.gaps[0].Subject != "n120@x.example" {
		t.Errorf("%v, gaps %+v", r.ids, r.gaps)
	}
	if _, said, err := to.Confirm(t.Context(), newcomer("n120@x.example")); err != nil || said != target.Unsure {
		t.Errorf("whether somebody was made: %v, %v", said, err)
	}
}

func TestAListThatCannotBeReadIsAnErrorAndNothingIsSaidToBeWhole(t *testing.T) {
	for name, body := range map[string]string{"no JSON": `<html>`, "an object without an id": `{"totalResults":1,"Resources":[{"userName":"x"}]}`, "a list of texts": `{"Resources":["x"]}`} {
		t.Run(name, func(t *testing.T) {
			o := &odd{users: 1, filter: nil, answer: nil}
			broken := roundTrip(func(r *http.Request) (*http.Response, error) {
				if strings.HasSuffix(r.URL.Path, "/Users") {
					return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}, nil
				}
				return o.RoundTrip(r)
			})
			r := &reader{}
			if err := scimtarget.New(client(t, broken), scimtarget.Options{}).Read(t.Context(), target.Want{All: true}, r); err == nil || len(r.whole) != 0 {
				t.Errorf("%v, whole %v", err, r.whole)
			}
		})
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAServiceWithoutGroupsHasAGap(t *testing.T) {
	lab := &atlassian.Lab{}
	lab.Inject(atlassian.Fault{Path: "*/Groups", Status: http.StatusNotImplemented})
	r := &reader{}
	if err := scimtarget.New(client(t, lab.Transport()), scimtarget.Options{}).Read(t.Context(), target.Want{All: true}, r); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(r.whole, []document.File{document.ScimUsers}) || len(r.gaps) != 1 || r.gaps[0].File != string(document.ScimGroups) {
		t.Errorf("whole %v, gaps %+v", r.whole, r.gaps)
	}
}

func TestAPageThatIsLostIsAGap(t *testing.T) {
	lab := &atlassian.Lab{}
	to := harness(t, lab, scimtarget.Options{Page: 10}).Target
	for i := range 35 {
		if _, err := to.Do(context.Background(), newcomer(fmt.Sprintf("n%02d@fabrikam.example", i))); err != nil {
			t.Fatal(err)
		}
	}
	lab.Inject(atlassian.Fault{Path: "*/Users", Skip: 1, Times: 1, LosePage: true})
	r := &reader{}
	if err := to.Read(t.Context(), target.Want{All: true}, r); err != nil {
		t.Fatal(err)
	}
	if len(r.gaps) == 0 && len(r.ids) != 35 {
		t.Errorf("%d of 35 users and no gap", len(r.ids))
	}
}
