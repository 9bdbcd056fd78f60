package atlassian

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestWhatHappensIsInTheAuditLog(t *testing.T) {
	w := open(t, &Lab{Limits: Limits{EventPage: 2, EventsPerMinute: 3}})
	w.team("crew", w.user("ann@acme.example"))
	must(t, w.SuspendSite("ann@acme.example", testHost))
	must(t, w.RestoreSite("ann@acme.example", testHost))
	actions := func(list any) []string {
		out := []string{}
		for _, e := range list.([]any) {
			out = append(out, str(at(e, "attributes", "action")))
		}
		return out
	}
	r := w.admin("GET", orgV1+"/events", nil).want(t, 200)
	if diff := cmp.Diff([]string{"user_access_restored", "user_access_suspended"}, actions(r.object["data"])); diff != "" {
		t.Errorf("the newest events differ:\n%s", diff)
	}
	if at(r.object, "meta", "page_size") != 2.0 || at(r.object, "meta", "next") == nil {
		t.Errorf("the page says %v", r.object["meta"])
	}
	next := w.admin("GET", str(at(r.object, "links", "next")), nil).want(t, 200)
	if diff := cmp.Diff([]string{"user_added_to_group", "group_created"}, actions(next.object["data"])); diff != "" {
		t.Errorf("the next page differs:\n%s", diff)
	}
	id := str(at(next.object, "data", 0, "id"))
	one := w.admin("GET", orgV1+"/events/"+id, nil).want(t, 200)
	if at(one.object, "data", "attributes", "actor", "name") != "User provisioning" || at(one.object, "data", "attributes", "context", 1, "attributes", "name") != "crew" {
		t.Errorf("one event is %s", one.text)
	}
	w.admin("GET", orgV1+"/events/none", nil).want(t, 404)
	w.admin("GET", orgV1+"/events?from=yesterday", nil).want(t, 400)
	if r := w.admin("GET", orgV1+"/events", nil).want(t, 429); r.header.Get("Retry-After") != "60" {
		t.Errorf("the fourth call of a minute may come again after %q", r.header.Get("Retry-After"))
	}
	stream := w.admin("GET", orgV1+"/events-stream?sortOrder=asc&limit=100", nil).want(t, 200)
	if got := actions(stream.object["data"]); got[0] != "group_created" || len(got) != 4 {
		t.Errorf("the stream has %v", got)
	}
	if r := w.admin("GET", orgV1+"/events-stream?q=ann&action=user_added_to_group", nil).want(t, 200); len(actions(r.object["data"])) != 1 {
		t.Errorf("the search finds %s", r.text)
	}
	w.now = w.now.Add(200 * 24 * time.Hour)
	if r := w.admin("GET", orgV1+"/events", nil).want(t, 200); len(actions(r.object["data"])) != 0 {
		t.Errorf("after the retention there are still events: %s", r.text)
	}
	known := names(w.admin("GET", orgV1+"/event-actions", nil).want(t, 200).object["data"], "id")
	for _, a := range actions(stream.object["data"]) {
		if !slices.Contains(known, a) {
			t.Errorf("the action %s is not in the list of actions", a)
		}
	}
}

func TestEventsBetweenTwoPagesShiftNothing(t *testing.T) {
	for _, query := range []string{"events?limit=2", "events-stream?limit=2", "events-stream?limit=2&sortOrder=asc"} {
		w := open(t, &Lab{})
		for i := range 5 {
			_, err := w.CreateLocalGroup(fmt.Sprint("g", i))
			must(t, err)
		}
		seen := map[string]int{}
		for next := orgV1 + "/" + query; next != ""; {
			r := w.admin("GET", next, nil).want(t, 200)
			for _, e := range r.object["data"].([]any) {
				seen[str(at(e, "message", "content"))]++
			}
			next = str(at(r.object, "links", "next"))
			if len(seen) < 7 {
				_, err := w.CreateLocalGroup(fmt.Sprint("later", len(seen)))
				must(t, err)
			}
		}
		for i := range 5 {
			if n := seen[fmt.Sprint("Created group g", i)]; n != 1 {
				t.Errorf("%s: g%d was seen %d times", query, i, n)
			}
		}
	}
}
