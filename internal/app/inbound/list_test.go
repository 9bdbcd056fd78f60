package inbound_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/inbound"
)

// filled is a server with users u01 … in order of creation, whose displayNames run the other way, and a group g.
func filled(t *testing.T, users int) *server {
	s := start(t)
	for i := 1; i <= users; i++ {
		s.do("POST", "/Users", fmt.Sprintf(`{"userName":"u%02d","displayName":"d%02d","active":%t}`, i, users-i, i%2 == 0)).created()
	}
	s.do("POST", "/Groups", `{"displayName":"g"}`).created()
	return s
}

func TestAListIsCutIntoPagesByIndex(t *testing.T) {
	s := filled(t, 7)
	for query, want := range map[string]struct {
		total int
		names string
	}{
		"":                       {7, "u01 u02 u03 u04 u05 u06 u07"},
		"?startIndex=3&count=2":  {7, "u03 u04"},
		"?startIndex=-1&count=1": {7, "u01"},
		"?startIndex=7&count=9":  {7, "u07"},
		"?startIndex=8":          {7, ""},
		"?count=0":               {7, ""},
		"?count=-3":              {7, ""},
		"?filter=" + url.QueryEscape(`active eq true`):                                {3, "u02 u04 u06"},
		"?count=1&filter=" + url.QueryEscape(`active eq true and displayName sw "d"`): {3, "u02"},
		"?sortBy=displayName":                              {7, "u07 u06 u05 u04 u03 u02 u01"},
		"?sortBy=displayName&sortOrder=descending&count=2": {7, "u01 u02"},
		"?sortBy=userName&startIndex=6&filter=" + url.QueryEscape(`not (userName eq "u06")`):            {6, "u07"},
		"?filter=" + url.QueryEscape(`userName eq "nobody"`):                                            {0, ""},
		"?filter=" + url.QueryEscape(`meta.lastModified gt "2026-11-20T11:00:00Z" and userName ew "3"`): {1, "u03"},
		"?filter=" + url.QueryEscape(`meta.lastModified lt "2026-11-20T11:00:00Z"`):                     {0, ""},
		"?filter=" + url.QueryEscape(`userName eq "u01" or userName eq "U05" or displayName eq "d00"`):  {3, "u01 u05 u07"},
	} {
		total, names := s.do("GET", "/Users"+query, "").list()
		if got := strings.Join(names, " "); total != want.total || got != want.names {
			t.Errorf("%s: %d %s", query, total, got)
		}
	}
	v := s.do("GET", "/Users?startIndex=3&count=2", "").json()
	if v["startIndex"] != 3.0 || v["itemsPerPage"] != 2.0 {
		t.Errorf("got %v", v)
	}
	for query, words := range map[string]string{
		"?filter=userName+zz+%22x%22": "invalidFilter", "?count=x": "invalidValue", "?sortBy=nothing": "invalidPath", "?sortBy=userName&sortOrder=up": "invalidValue",
	} {
		s.do("GET", "/Users"+query, "").refused(http.StatusBadRequest, words, "")
	}
}

// walk follows the cursors from the first page to the last.
func walk(t *testing.T, s *server, path, query string) (names []string, pages int) {
	cursor := ""
	for pages = 1; pages < 100; pages++ {
		a := s.do("GET", path+"?"+query+"&cursor="+url.QueryEscape(cursor), "")
		_, some := a.list()
		names = append(names, some...)
		v := a.json()
		if v["startIndex"] != nil {
			t.Errorf("a startIndex with cursors: %v", v)
		}
		next, ok := v["nextCursor"].(string)
		if !ok {
			return names, pages
		}
		cursor = next
	}
	t.Fatal("the pages do not end")
	return nil, 0
}

func TestACursorGoesThroughEverythingOnce(t *testing.T) {
	s := filled(t, 7)
	if names, pages := walk(t, s, "/Users", "count=3"); strings.Join(names, " ") != "u01 u02 u03 u04 u05 u06 u07" || pages != 3 {
		t.Errorf("%v in %d pages", names, pages)
	}
	if names, pages := walk(t, s, "/Users", "count=2&sortBy=displayName&filter=active+eq+false"); strings.Join(names, " ") != "u07 u05 u03 u01" || pages != 2 {
		t.Errorf("%v in %d pages", names, pages)
	}
	if names, pages := walk(t, s, "", "count=4"); strings.Join(names, " ") != "u01 u02 u03 u04 u05 u06 u07 g" || pages != 3 {
		t.Errorf("of all types %v in %d pages", names, pages)
	}
}

func TestACursorIsOnlyForItsQuery(t *testing.T) {
	s := filled(t, 5)
	next, _ := s.do("GET", "/Users?count=2&cursor=", "").json()["nextCursor"].(string)
	for _, query := range []string{"cursor=" + next + "x", "cursor=1", "cursor=1.2.3", "cursor=a.b.c", "sortBy=userName&cursor=" + next, "filter=active+eq+true&cursor=" + next} {
		s.do("GET", "/Users?count=2&"+query, "").refused(http.StatusBadRequest, "invalidCursor", "Begin again with an empty cursor")
	}
	for _, query := range []string{"cursor=x", "cursor=9~", "cursor=-1~", "cursor=0~1"} {
		s.do("GET", "/?"+query, "").refused(http.StatusBadRequest, "invalidCursor", "")
	}
	s.do("GET", "/?cursor=&sortBy=id", "").refused(http.StatusBadRequest, "invalidValue", "Ask one type")
	s.do("GET", "/Users?cursor=&count=0", "").refused(http.StatusBadRequest, "invalidCount", "")
	s.do("GET", "/Users?cursor=&startIndex=1", "").refused(http.StatusBadRequest, "invalidValue", "exclude each other")
}

func TestACursorOutlivesWhoIsDeletedAndEndsWhereItsPlaceIsUnknown(t *testing.T) {
	s := filled(t, 6)
	a := s.do("GET", "/Users?count=2&cursor=", "").json()
	resources, _ := a["Resources"].([]any)
	last, _ := resources[1].(map[string]any)
	s.do("DELETE", fmt.Sprint("/Users/", last["id"]), "").is(http.StatusNoContent)
	if _, names := s.do("GET", fmt.Sprint("/Users?count=2&cursor=", a["nextCursor"]), "").list(); strings.Join(names, " ") != "u03 u04" {
		t.Errorf("then %v", names)
	}
	a = s.do("GET", "/Users?count=2&sortBy=userName&cursor=", "").json()
	resources, _ = a["Resources"].([]any)
	last, _ = resources[1].(map[string]any)
	s.do("PATCH", fmt.Sprint("/Users/", last["id"]), `{"Operations":[{"op":"replace","path":"userName","value":"z"}]}`).is(http.StatusOK)
	s.do("GET", fmt.Sprint("/Users?count=2&sortBy=userName&cursor=", a["nextCursor"]), "").refused(http.StatusBadRequest, "expiredCursor", "not valid any more")
}

func TestASearchInABodyIsAGet(t *testing.T) {
	s := filled(t, 4)
	const schemas = `"schemas":["urn:ietf:params:scim:api:messages:2.0:SearchRequest"]`
	a := s.do("POST", "/Users/.search", `{`+schemas+`,"filter":"active eq true","sortBy":"userName","sortOrder":"descending","startIndex":1,"count":1,"attributes":["userName"]}`)
	if total, names := a.list(); total != 2 || strings.Join(names, " ") != "u04" || strings.Contains(a.Body.String(), "displayName") {
		t.Errorf("got %s", a.Body)
	}
	if total, names := s.do("POST", "/.search", `{`+schemas+`,"filter":"displayName eq \"g\" or userName eq \"u02\""}`).list(); total != 2 || strings.Join(names, " ") != "u02 g" {
		t.Errorf("of all types %d %v", total, names)
	}
	s.do("POST", "/Users/.search", `{`+schemas+`,"filter":"x"}`).refused(http.StatusBadRequest, "invalidFilter", "")
	s.do("POST", "/.search", `[]`).refused(http.StatusBadRequest, "invalidSyntax", "")
}

func TestAQueryOverAllTypesIsOneList(t *testing.T) {
	s := filled(t, 3)
	for query, want := range map[string]struct {
		total int
		names string
	}{
		"":                      {4, "u01 u02 u03 g"},
		"?startIndex=3&count=2": {4, "u03 g"},
		"?startIndex=4":         {4, "g"},
		"?count=0":              {4, ""},
		"?sortBy=displayName":   {4, "u03 u02 u01 g"},
		"?sortBy=displayName&sortOrder=descending&startIndex=1&count=2": {4, "g u01"},
		"?sortBy=userName":                                           {4, "u01 u02 u03 g"},
		"?sortBy=userName&sortOrder=descending":                      {4, "g u03 u02 u01"},
		"?sortBy=meta.created&count=1":                               {4, "u01"},
		"?filter=" + url.QueryEscape(`meta.resourceType eq "Group"`): {1, "g"},
		"?filter=" + url.QueryEscape(`userName eq "u02"`):            {1, "u02"},
	} {
		total, names := s.do("GET", query, "").list()
		if got := strings.Join(names, " "); total != want.total || got != want.names {
			t.Errorf("%s: %d %s", query, total, got)
		}
	}
	s.do("GET", "?filter=nothing+pr", "").refused(http.StatusBadRequest, "invalidFilter", "")
	s.do("GET", "?sortBy=id&startIndex=9999&count=100", "").refused(http.StatusBadRequest, "tooMany", "Ask one type")
}

func TestAPageThatIsTooLargeIsRefusedAndASmallerOneIsNot(t *testing.T) {
	s := start(t, func(o *inbound.Options) { o.Page = 5000 })
	var members []string
	for i := range 20 {
		members = append(members, `"`+s.do("POST", "/Users", fmt.Sprintf(`{"userName":"u%d"}`, i)).created()+`"`)
	}
	for _, name := range []string{"a", "b"} {
		s.do("POST", "/Groups", `{"displayName":"`+name+`","members":[`+strings.Join(members, ",")+`]}`).created()
	}
	s.do("GET", "/Groups", "").refused(http.StatusBadRequest, "tooMany", "excludedAttributes=members")
	s.do("GET", "/Groups?count=1", "").is(http.StatusOK)
	s.do("GET", "/Groups?excludedAttributes=members", "").is(http.StatusOK)
}

func TestMembersAreFoundFromBothSides(t *testing.T) {
	s := start(t)
	u := s.do("POST", "/Users", ann).created()
	inner := s.do("POST", "/Groups", `{"displayName":"inner","members":[{"value":"`+u+`","display":"Annie"}]}`).created()
	s.do("POST", "/Groups", `{"displayName":"outer","members":[{"value":"`+inner+`","type":"Group"}]}`).created()
	for filter, want := range map[string][]string{
		`members.value eq "` + u + `"`:                         {"inner"},
		`members eq "` + inner + `"`:                           {"outer"},
		`members[value eq "` + u + `" and type eq "User"]`:     {"inner"},
		`members[value eq "` + u + `" and type eq "Group"]`:    nil,
		`members.type eq "Group"`:                              {"outer"},
		`members.display co "nnie"`:                            {"inner"},
		`id eq "` + inner + `" and members eq "` + u + `"`:     {"inner"},
		`members eq "` + u + `" or members eq "` + inner + `"`: {"inner", "outer"},
		`not (members pr)`:                                     nil,
	} {
		if _, names := s.do("GET", "/Groups?filter="+url.QueryEscape(filter), "").list(); !slices.Equal(names, want) {
			t.Errorf("%s: %v", filter, names)
		}
	}
	for filter, want := range map[string][]string{
		`groups.value eq "` + inner + `"`: {"ann@example.com"}, `groups eq "nothing"`: nil, `groups.display eq "INNER"`: {"ann@example.com"},
	} {
		if _, names := s.do("GET", "/Users?filter="+url.QueryEscape(filter), "").list(); !slices.Equal(names, want) {
			t.Errorf("%s: %v", filter, names)
		}
	}
	members := s.do("GET", "/Groups/"+inner, "").json()["members"]
	want := []any{map[string]any{"value": u, "type": "User", "display": "Annie", "$ref": "https://scim.example.com/scim/v2/acme/Users/" + u}}
	if d := cmp.Diff(want, members); d != "" {
		t.Error(d)
	}
	if v := s.do("GET", "/Groups?excludedAttributes=members", ""); strings.Contains(v.Body.String(), "members") {
		t.Errorf("got %s", v.Body)
	}
}
