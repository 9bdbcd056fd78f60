package stories

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/trace"
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
// What happens are sentences of the tales, so that a seed that fails tells its own tale. ROLLCALL_SIMULATION=N plays seed N
// again, which gives the same; ROLLCALL_SIMULATIONS is how many are played.

func TestAfterNinetyDaysEverybodyIsWhereEntraSaysOrHasACause(t *testing.T) {
	first, seeds := 1, testkit.Cases(t, 3, 1)
	if text := os.Getenv("ROLLCALL_SIMULATIONS"); text != "" { // the gate and the night
		seeds = numberOf(t, text)
	}
	if text := os.Getenv("ROLLCALL_SIMULATION"); text != "" {
		first, seeds = numberOf(t, text), 1
	}
	var all tally
	t.Run("seeds", func(t *testing.T) {
		for seed := first; seed < first+seeds; seed++ {
			t.Run(strconv.Itoa(seed), func(t *testing.T) {
				t.Parallel()
				s := begin(t, seed)
				defer s.close(seed) // not t.Cleanup, which holds on to it until all seeds have ended
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
	since time.Time   // the ninety days

	cycles, killed, writes int
	found                  []trace.Finding // that were left in the end
}

// sevenBranches are seventy-seven people; as many again are hired by begin.
var sevenBranches = branches{"2", "3", "4", "5", "6", "7", "8"}

// inAll is how many people there are when a simulation begins.
const inAll = 150

func begin(t *testing.T, seed int) *simulation {
	t.Helper()
	s := &simulation{t: t, r: rand.New(rand.NewPCG(uint64(seed), 90)), wrote: &written{by: map[string]int{}}}
	stage, err := set(t.Context(), document.Rollcall, "", sevenBranches)
	if err != nil {
		t.Fatal(err)
	}
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
	for len(s.people) < inAll {
		s.hires(s.newName("lou"))
	}
	s.cycle(true)
	s.tale, s.wrote.by, s.since = nil, map[string]int{}, s.Clock.Now()
	return s
}

// close lets go of the company. What happened is told where something went wrong.
func (s *simulation) close(seed int) {
	_ = s.Close()
	if s.t.Failed() {
		s.t.Logf("ROLLCALL_SIMULATION=%d plays it again\n  %s", seed, strings.Join(s.tale, "\n  "))
	}
}

// day is a day: a cycle every six hours and one after whatever happens, and somebody who looks at what waits.
func (s *simulation) day() {
	for range 4 {
		left := 6 * time.Hour
		if s.r.IntN(4) == 0 {
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

// tell lets a sentence happen and keeps it.
func (s *simulation) tell(format string, args ...any) bool {
	text := fmt.Sprintf(format, args...)
	if err := s.Say(s.t.Context(), text); err != nil {
		s.note("(%s: %v)", text, err)
		return false
	}
	s.note("%s", text)
	return true
}

// note keeps what happened beside the sentences.
func (s *simulation) note(format string, args ...any) {
	s.tale = append(s.tale, s.Clock.Now().Format("2006-01-02 15:04  ")+fmt.Sprintf(format, args...))
}

// fail says what went wrong. How it came to that is told at the end.
func (s *simulation) fail(format string, args ...any) {
	s.t.Helper()
	s.note("FAILED: "+format, args...)
	s.t.Errorf(format, args...)
}
