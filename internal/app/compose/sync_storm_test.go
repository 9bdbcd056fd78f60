package compose

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	labatlassian "github.com/rollcall/rollcall/internal/lab/atlassian"
	labentra "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source/entra"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
	"github.com/rollcall/rollcall/internal/port/target/scimtarget"
	"github.com/rollcall/rollcall/internal/port/wire"
	"github.com/rollcall/rollcall/internal/testkit"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
	"github.com/rollcall/rollcall/internal/testkit/mortal"
	"github.com/rollcall/rollcall/internal/testkit/promise"
)

// A storm is a small company in which everything goes wrong: people come, leave, are hired again under their old name
// and move about, groups are renamed and deleted, both services fail, and rollcall is killed again and again at a write
// of its ledger. Whatever happens, nobody loses a place that Entra gives them, nothing is deleted that nobody let go,
// and once it is quiet the directory is as Entra says.

func TestWhateverGoesWrongItEndsAsEntraSays(t *testing.T) {
	seeds, first := uint64(testkit.Cases(t, 40, 5)), uint64(1)
	if text := os.Getenv("ROLLCALL_STORMS"); text != "" { // the nightly run
		n, err := strconv.ParseUint(text, 10, 32)
		must(t, err)
		seeds = n
	}
	if text := os.Getenv("ROLLCALL_STORM"); text != "" { // one of them, once more
		n, err := strconv.ParseUint(text, 10, 64)
		must(t, err)
		seeds, first = 1, n
	}
	for seed := first; seed < first+seeds; seed++ {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			brew(t, seed).rage()
		})
	}
}

type storm struct {
	*company
	r      *rand.Rand
	people map[string]*person
	teams  map[string]*team
	script []string

	life  *mortal.Life // of the process that runs
	lives int
	wire  *mortal.Line

	liar    bool                        // readings are wrong at times
	drifted bool                        // somebody else changed the directory
	watch   atomic.Pointer[promise.Run] // of the run under way

	mu      sync.Mutex
	told    map[string]string // memberships that were confirmed: what was done last
	strange int               // writes of somebody else
}

func brew(t *testing.T, seed uint64) *storm {
	s := &storm{
		company: &company{t: t, entra: &labentra.Lab{Limits: labentra.Limits{Off: true}}, groups: map[string]string{}, users: map[string]string{}},
		r:       rand.New(rand.NewPCG(seed, 77)), people: map[string]*person{}, teams: map[string]*team{}, told: map[string]string{},
	}
	s.entra.Delta.Scatter = s.r.IntN(2) == 0
	s.entra.Delta.KeepsDeletedMembers = s.r.IntN(4) == 0
	s.entra.Delta.Replay = s.r.IntN(3)
	s.entra.Pages = labentra.Pages{DeltaObjects: 1 + s.r.IntN(20), DeltaMembers: 1 + s.r.IntN(20)}
	s.liar = s.r.IntN(5) == 0
	app, err := s.entra.AddServicePrincipal(labentra.Props{"displayName": "Atlassian Cloud"})
	must(t, err)
	s.app = app
	s.guard = &labatlassian.Lab{
		Domains: []labatlassian.Domain{{Name: "shop.example"}},
		Readings: labatlassian.Readings{
			RenameRefused: s.coin(), UnknownMemberIs400: s.coin(), ListsWithoutMembers: s.coin(), UniqueExternalID: s.coin(),
		},
	}
	s.store, err = sqlstore.Open(t.Context(), "")
	must(t, err)
	t.Cleanup(func() { _ = s.store.Close() })
	s.wire = &mortal.Line{To: s.guard.Transport(), Look: s.look, Saw: s.saw}
	s.live(document.Connection{Name: "shop", Method: document.Rollcall, Application: app, Directory: labatlassian.DefaultDirectory})
	for range 12 {
		s.hire("")
	}
	for range 4 {
		s.found()
	}
	for range 20 {
		s.join()
	}
	for range 3 {
		s.assign()
	}
	return s
}

// live begins a new process over the same store.
func (s *storm) live(connection document.Connection) {
	s.lives++
	s.life = mortal.New()
	s.life.After = s.coin()
	s.wire.Life = s.life
	g, err := graph.New(graph.Options{Tenant: labentra.DefaultTenant, Credential: graph.Credential{Token: labkit.Token{Lab: s.entra}}, Transport: s.entra.Transport(), Now: s.clock.Now, Sleep: s.clock.Sleep})
	must(s.t, err)
	rules := plan.Base(&facts.World{}, document.Rollcall)
	src, err := entra.New(entra.Options{Graph: g, Application: connection.Application, UserAttributes: rules.UserAttributes(), GroupAttributes: rules.GroupAttributes()})
	must(s.t, err)
	client, err := wire.New(wire.Options{Base: "https://api.atlassian.com/scim/directory/" + labatlassian.DefaultDirectory, Transport: s.wire, Now: s.clock.Now, Sleep: s.clock.Sleep, Authorize: func(_ context.Context, r *http.Request, _ string) error {
		r.Header.Set("Authorization", "Bearer "+labatlassian.DefaultKey)
		return nil
	}})
	must(s.t, err)
	s.sync = &engine.Sync{
		Connection: connection, Store: &mortal.Store{Store: s.store, Life: s.life}, Source: src, Holder: fmt.Sprint("life ", s.lives), By: "storm", Alone: true, Now: s.clock.Now, Sleep: s.clock.Sleep,
		Target: scimtarget.New(client, scimtarget.Options{RemoveByValue: true, MembersInCreate: []int{-1, 2, 500}[s.lives%3], PatchMembers: []int{3, 500}[s.lives%2], Patch: scimtarget.Yes, Rename: scimtarget.No}),
		World: func(ctx context.Context, m document.Bundle, fill func(evidence.Recorder) error) (*facts.World, error) {
			return assemble(ctx, m, nil, fill)
		},
	}
}

func (s *storm) coin() bool { return s.r.IntN(2) == 0 }

func (s *storm) note(format string, args ...any) {
	s.script = append(s.script, fmt.Sprintf(format, args...))
}

// fail says what went wrong, and how it came to that.
func (s *storm) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Errorf(format+"\n  %s", append(args, strings.Join(s.script, "\n  "))...)
}

func pick[T any](s *storm, all map[string]T, fits func(T) bool) (out T, ok bool) {
	var keys []string
	for _, k := range slices.Sorted(maps.Keys(all)) {
		if fits(all[k]) {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return out, false
	}
	return all[keys[s.r.IntN(len(keys))]], true
}

// cycle is one run with everything that may go wrong with it.
func (s *storm) cycle(calm bool) (*engine.ApplyResult, error) {
	s.t.Helper()
	s.watch.Store(s.observe())
	defer s.watch.Store(nil)
	ctx, cancel := context.WithCancel(s.t.Context())
	defer cancel()
	s.life.Cancel = cancel
	s.life.Spare()
	if !calm {
		s.trouble()
		switch s.r.IntN(4) {
		case 0:
			s.life.DieAtWrite(s.r.IntN(14))
		case 1:
			s.life.DieAtRequest(s.r.IntN(30))
		case 2:
			if s.r.IntN(3) == 0 {
				s.life.DieAtWrite(s.r.IntN(14))
				s.life.Steal = s.thief()
				s.note("the claim is lost")
			}
		}
		if s.liar && s.r.IntN(3) == 0 {
			s.wire.Lie(1 + s.r.IntN(3))
			s.note("lies")
		}
	}
	request := engine.ApplyRequest{}
	if !calm && s.r.IntN(5) == 0 {
		if g, ok := pick(s, s.teams, stands); ok && s.coin() {
			request.Group = g.id
			s.note("only %s", g.name)
		} else if p, ok := pick(s, s.people, alive); ok {
			request.User = p.id
			s.note("only %s", p.name)
		}
	}
	got, err := s.sync.Apply(ctx, request)
	s.wire.Lie(0)
	s.life.Steal = nil
	s.guard.ClearFaults()
	s.entra.Mend()
	switch {
	case s.life.Dead():
		s.note("killed")
		s.clock.Pass(2 * time.Minute)
		s.live(s.sync.Connection)
	case err != nil:
		s.note("error: %v", err)
	default:
		s.note("run: %+v, %d waiting", got.Run.Counts, len(got.Holds))
	}
	return got, err
}

// thief is another process that takes the connection over, looks about and goes.
func (s *storm) thief() func() {
	return func() {
		at := s.clock.Now().Add(2 * time.Minute)
		f, ok, _, _, err := s.store.Claim(context.WithoutCancel(s.t.Context()), "shop", "thief", at, time.Second)
		if err != nil || !ok {
			s.t.Errorf("the claim could not be taken: %v", err)
			return
		}
		if err := s.store.Release(context.WithoutCancel(s.t.Context()), f); err != nil {
			s.t.Errorf("the claim could not be given back: %v", err)
		}
	}
}

func (s *storm) trouble() {
	for range s.r.IntN(3) {
		f := mortal.AtAtlassian(s.r, 12)
		s.guard.Inject(f)
		s.note("trouble at Atlassian: %+v", f)
	}
	if s.r.IntN(3) == 0 {
		f := mortal.AtEntra(s.r, 4)
		s.entra.Break(f)
		s.note("trouble at Entra: %+v", f)
	}
}

// approve lets some of what waits go.
func (s *storm) approve(all bool) int {
	holds, err := s.store.Holds(s.t.Context(), "shop")
	must(s.t, err)
	n := 0
	for _, h := range holds {
		if h.Approved != "" || !all && s.coin() {
			continue
		}
		name := h.Name()
		if _, err := s.store.Approve(s.t.Context(), "shop", h.Run, []string{name}, "anna", "", s.clock.Now()); err != nil {
			s.fail("approving %s: %v", name, err)
			continue
		}
		s.note("approve %s", name)
		n++
	}
	return n
}

func (s *storm) rage() {
	drifts := s.r.IntN(3) == 0
	for range 4 + s.r.IntN(6) {
		for range s.r.IntN(8) {
			s.change()
		}
		if drifts && s.r.IntN(3) == 0 {
			s.drift()
		}
		if s.r.IntN(8) == 0 {
			s.entra.ResetDelta()
			s.note("delta tokens are reset")
		}
		if s.r.IntN(6) == 0 {
			s.sync.Full = time.Nanosecond
		} else {
			s.sync.Full = 0
		}
		_, _ = s.cycle(false)
		if s.coin() {
			s.approve(false)
		}
	}
	s.note("quiet")
	s.calm("by the mirrors alone")
	if s.t.Failed() {
		return
	}
	if !s.drifted && !s.liar && !s.entra.Delta.KeepsDeletedMembers { // of whom groups still name until everything is read anew nothing is decided
		s.mirrored()
		s.check("by the mirrors alone")

	}
	s.sync.Full = time.Nanosecond
	s.calm("after reading everything anew")
	s.check("after reading everything anew")
	s.mirrored()
	if !s.liar && !s.drifted { // a wrong word, or somebody who undoes it, may have something sent once more
		s.accounted()
	}
}

// calm runs until nothing is to be done, letting everything go.
func (s *storm) calm(when string) {
	s.t.Helper()
	for range 12 {
		got, err := s.cycle(true)
		if err != nil {
			s.fail("%s: %v", when, err)
			return
		}
		if s.approve(true) == 0 && got.Run.ID == "" {
			return
		}
	}
	s.fail("%s it never came to rest", when)
}
