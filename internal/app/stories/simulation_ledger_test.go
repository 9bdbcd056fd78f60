package stories

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/port/store"
)

// accounted holds the ledger against what Atlassian carried out: every entry that says done is one request that was, about
// the same object; and of no request that was carried out the ledger says nothing.
func (s *simulation) accounted() {
	done, unsure := map[string]int{}, map[string]int{}
	for e, err := range s.sure.Entries(s.t.Context(), store.Query{Connection: s.Sync.Connection.Name}) {
		if err != nil {
			s.fail("reading the ledger: %v", err)
			return
		}
		if e.Op == string(plan.Adopt) || !e.At.After(s.since) { // no request, or before the ninety days
			continue
		}
		switch {
		case e.Outcome == ledger.Done:
			done[requestOf(&e)]++
		case e.Outcome == ledger.Unsure, e.Outcome == ledger.Undone && s.strange: // asked what became of it, the target said what was so before
			unsure[requestOf(&e)]++
		case e.Outcome == ledger.Intended:
			s.fail("an intent has no outcome: %s %s %s", e.Op, e.Kind, e.Subject.Name)
		}
	}
	for what, n := range s.wrote.by {
		s.writes += n
		if n < done[what] || n > done[what]+unsure[what] {
			s.fail("%s was carried out %d times; the ledger has %d, and %d of which nobody knows", what, n, done[what], unsure[what])
		}
		delete(done, what)
	}
	for what, n := range done {
		s.fail("%s is in the ledger %d times and was never carried out", what, n)
	}
}

// requestOf is the request of an entry, as written has it.
func requestOf(e *ledger.Entry) string {
	collection := map[string]string{plan.KindUser: "Users", plan.KindGroup: "Groups"}[e.Kind]
	switch e.Op {
	case string(plan.Create):
		return http.MethodPost + " " + collection
	case string(plan.Delete):
		return http.MethodDelete + " " + collection + "/" + e.Subject.Target
	}
	return http.MethodPatch + " " + collection + "/" + e.Subject.Target
}

// written counts what Atlassian carried out of what rollcall sent.
type written struct {
	to  http.RoundTripper
	lab *atlassian.Lab
	mu  sync.Mutex
	by  map[string]int
}

// RoundTrip implements http.RoundTripper. Where the answer was lost the lab's own log knows what became of the request.
func (w *written) RoundTrip(r *http.Request) (*http.Response, error) {
	got, err := w.to.RoundTrip(r)
	_, what, scim := strings.Cut(r.URL.Path, "/scim/directory/")
	if !scim || r.Method == http.MethodGet {
		return got, err
	}
	status := 0
	if err == nil {
		status = got.StatusCode
	} else if all := w.lab.Requests(); len(all) > 0 {
		status = all[len(all)-1].Status
	}
	if status/100 == 2 {
		_, what, _ = strings.Cut(what, "/")
		w.mu.Lock()
		defer w.mu.Unlock()
		w.by[strings.Replace(r.Method, http.MethodPut, http.MethodPatch, 1)+" "+what]++
	}
	return got, err
}

// tally adds up what the seeds were.
type tally struct {
	mu                    sync.Mutex
	seeds, cycles, killed int
	writes                int
	causes                map[cause.Code]int
}

func (a *tally) add(s *simulation) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.seeds++
	a.cycles += s.cycles
	a.killed += s.killed
	a.writes += s.writes
	if a.causes == nil {
		a.causes = map[cause.Code]int{}
	}
	for _, f := range s.found {
		a.causes[f.Cause]++
	}
}

func (a *tally) String() string {
	var causes []string
	for _, c := range slices.Sorted(maps.Keys(a.causes)) {
		causes = append(causes, fmt.Sprintf("%s %d", c, a.causes[c]))
	}
	return fmt.Sprintf("%d seeds of 90 days: %d cycles, %d of them killed, %d writes; left, and named: %s", a.seeds, a.cycles, a.killed, a.writes, strings.Join(causes, ", "))
}
