package stories

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/mortal"
	"github.com/rollcall/rollcall/internal/testkit/promise"
)

// A simulation is ninety days of a company of a hundred and fifty people that rollcall provisions: people are hired,
// leave, come back, marry, move and are invited by hand, groups are nested, renamed and deleted, somebody meddles with the
// directory, both services fail, and rollcall is killed again and again. Whatever happens, no promise is broken on the way;
// when it is quiet, everybody is where Entra says, and whoever is not has a cause that names why.
//
// What happens are sentences of the tales, so that a seed that fails tells its own tale. ROLLCALL_SEASON=N plays seed N
// again, which gives the same; ROLLCALL_SEASONS is how many are played.

func TestAfterNinetyDaysEverybodyIsWhereEntraSaysOrHasACause(t *testing.T) {
	first, seeds := 1, testkit.Cases(t, 50, 1)
	if text := os.Getenv("ROLLCALL_SEASONS"); text != "" { // the nightly run
		seeds = numberOf(t, text)
	}
	if text := os.Getenv("ROLLCALL_SEASON"); text != "" {
		first, seeds = numberOf(t, text), 1
	}
	var all tally
	t.Run("seeds", func(t *testing.T) {
		for seed := first; seed < first+seeds; seed++ {
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel()
				s := begin(t, seed)
				for range 90 {
					s.day()
				}
				s.end()
				all.add(s)
			})
		}
	})
	t.Log(all.String())
}

func numberOf(t *testing.T, text string) int {
	t.Helper()
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

type simulation struct {
	*Stage
	t    *testing.T
	r    *rand.Rand
	tale []string

	people  []*employee
	units   []*unit
	names   int  // given so far
	strange bool // readings of single objects are wrong at times

	life  *mortal.Life // of the process that runs
	lives int
	line  *mortal.Line
	run   atomic.Pointer[promise.Run]
	wrote *written
	sure  store.Store // the store, whoever lives

	cycles, killed, writes int
	found                  []trace.Finding // that were left in the end
}

// branchesOfMany make a company of a hundred and fifty people.
func branchesOfMany() branches {
	var of branches
	for i := range 14 {
		of = append(of, strconv.Itoa(i+2))
	}
	return of
}

func begin(t *testing.T, seed int) *simulation {
	t.Helper()
	s := &simulation{t: t, r: rand.New(rand.NewPCG(uint64(seed), 90)), wrote: &written{by: map[string]int{}}}
	stage, err := set(t.Context(), document.Rollcall, "", branchesOfMany())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stage.Close() })
	s.Stage, s.sure = stage, stage.Sync.Store
	s.line = &mortal.Line{To: s.wrote, Look: s.look}
	s.Line = func(to http.RoundTripper) http.RoundTripper {
		s.wrote.to, s.wrote.lab = to, s.Atlassian
		return s.line
	}
	s.strange = s.r.IntN(4) == 0
	s.Entra.Delta.Scatter = s.coin()
	s.Entra.Delta.Replay = s.r.IntN(3)
	s.Entra.Pages = entra.Pages{DeltaObjects: 20 + s.r.IntN(80), DeltaMembers: 5 + s.r.IntN(40)}
	s.Atlassian.Readings.RenameRefused = s.coin()
	s.Atlassian.Readings.UnknownMemberIs400 = s.coin()
	s.Atlassian.Readings.ListsWithoutMembers = s.r.IntN(8) == 0
	s.Atlassian.Readings.UniqueExternalID = s.coin()
	s.settle()
	s.live()
	return s
}

// live begins a new process over the same store.
func (s *simulation) live() {
	s.lives++
	s.life = mortal.New()
	s.life.After = s.coin()
	s.line.Life = s.life
	sync, err := compose.Sync(s.t.Context(), s.Config, "the simulation")
	if err != nil {
		s.t.Fatal(err)
	}
	sync.Store, sync.Holder, sync.Dead, sync.Workers = &mortal.Store{Store: s.sure, Life: s.life}, fmt.Sprint("life ", s.lives), nil, 1 // one request after the other: a seed plays the same again
	s.Sync = sync
}

// day is a day: a cycle every six hours and one after whatever happens, and somebody who looks at what waits.
func (s *simulation) day() {
	for range 4 {
		left := 6 * time.Hour
		if s.r.IntN(8) == 0 {
			before := time.Duration(1+s.r.IntN(300)) * time.Minute
			s.pass(before)
			left -= before
			for range 1 + s.r.IntN(4) {
				s.happens()
			}
			s.cycle(false)
		}
		s.pass(left)
		s.cycle(false)
	}
	if s.r.IntN(3) == 0 {
		s.approve(false)
	}
	if s.r.IntN(20) == 0 {
		s.Entra.ResetDelta()
		s.note("the delta tokens expire")
	}
}

func (s *simulation) pass(d time.Duration) {
	if err := s.Pass(s.t.Context(), d); err != nil {
		s.t.Fatal(err)
	}
}

func (s *simulation) coin() bool { return s.r.IntN(2) == 0 }

// note keeps what happened beside the sentences.
func (s *simulation) note(format string, args ...any) {
	s.tale = append(s.tale, s.Clock.Now().Format("2006-01-02 15:04  ")+fmt.Sprintf(format, args...))
}

// fail says what went wrong, and how it came to that.
func (s *simulation) fail(format string, args ...any) {
	s.t.Helper()
	s.note("FAILED: "+format, args...)
	s.t.Errorf(format+"\n  %s", append(args, strings.Join(s.tale, "\n  "))...)
}

// cycle is one run of rollcall, with whatever goes wrong.
func (s *simulation) cycle(calm bool) *engine.ApplyResult {
	s.t.Helper()
	s.cycles++
	run, err := promise.Begin(s.t.Context(), s.sure, s.Sync.Connection.Name, promise.Run{Want: s.wanted(), Scope: s.scope(), Now: s.directory, Name: s.name})
	if err != nil {
		s.t.Fatal(err)
	}
	s.run.Store(run)
	defer s.run.Store(nil)
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	s.life.Spare()
	s.life.Cancel = cancel
	if !calm {
		s.trouble()
	}
	got, err := s.Sync.Apply(ctx, engine.ApplyRequest{})
	s.line.Lie(0)
	s.life.Spare()
	s.Atlassian.ClearFaults()
	s.Entra.Mend()
	switch {
	case s.life.Dead():
		s.note("rollcall is killed")
		s.killed++
		s.live()
	case err != nil && calm:
		s.fail("nothing was wrong, and yet: %v", err)
	case err != nil:
		s.note("rollcall stops: %v", err)
	case got.Run.ID != "" || len(got.Settled) > 0:
		s.note("rollcall applies: %+v, %d wait", got.Run.Counts, len(got.Holds))
		for _, e := range got.Failed {
			s.note("  %s: %s %s %s, %s: %s", e.Outcome, e.Op, e.Kind, e.Subject.Name, e.Reason, e.Text)
		}
	}
	return got
}

// look holds a write to what is promised.
func (s *simulation) look(method, path string, body []byte) {
	run := s.run.Load()
	if run == nil {
		return
	}
	for _, broken := range run.Broken(method, path, body) {
		s.fail("%s", broken)
	}
}

// trouble is what may go wrong with a cycle; most go well.
func (s *simulation) trouble() {
	switch s.r.IntN(12) {
	case 0:
		s.life.DieAtWrite(s.r.IntN(12))
	case 1:
		s.life.DieAtRequest(s.r.IntN(40))
	case 2:
		f := atlassian.Fault{Skip: s.r.IntN(20), Times: 1 + s.r.IntN(4), Method: []string{"", "POST", "PATCH", "GET", "DELETE"}[s.r.IntN(5)]}
		switch s.r.IntN(6) {
		case 0:
			f.Status = http.StatusInternalServerError
		case 1:
			f.Status = http.StatusServiceUnavailable
		case 2:
			f.Status, f.RetryAfter = http.StatusTooManyRequests, 30*time.Second
		case 3:
			f.Cut = atlassian.CutBefore
		case 4:
			f.Cut = atlassian.CutAfter
		case 5:
			f.Truncate = 5
		}
		s.Atlassian.Inject(f)
	case 3:
		f := entra.Fault{Path: "/v1.0/*", Skip: s.r.IntN(8), Times: 1 + s.r.IntN(3)} // what asks for tokens waits by the machine's clock
		switch s.r.IntN(5) {
		case 0:
			f.Status = http.StatusInternalServerError
		case 1:
			f.Status = http.StatusTooManyRequests
		case 2:
			f.Cut = true
		case 3:
			f.Truncate = true
		case 4:
			f.ExpireDelta = true
		}
		s.Entra.Break(f)
	case 4:
		if s.strange {
			s.line.Lie(1 + s.r.IntN(3))
		}
	}
}

// approve lets some of what waits go, or all of it.
func (s *simulation) approve(all bool) (n int) {
	name := s.Sync.Connection.Name
	holds, err := s.sure.Holds(s.t.Context(), name)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, h := range holds {
		if h.Approved != "" || !all && s.coin() {
			continue
		}
		item := h.Step
		if h.Item != "" {
			item += "/" + h.Item
		}
		if _, err := s.sure.Approve(s.t.Context(), name, h.Run, []string{item}, "the administrator", "", s.Clock.Now()); err != nil {
			s.fail("approving %s: %v", item, err)
			continue
		}
		n++
	}
	if n > 0 {
		s.note("the administrator lets %d steps go", n)
	}
	return n
}
