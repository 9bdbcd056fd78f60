package stories

import (
	"context"
	"fmt"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/testkit/mortal"
	"github.com/rollcall/rollcall/internal/testkit/promise"
)

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

// cycle is one run of rollcall, with whatever goes wrong.
func (s *simulation) cycle(calm bool) *engine.ApplyResult {
	s.t.Helper()
	s.cycles++
	run, err := promise.Begin(s.t.Context(), s.sure, s.Sync.Connection.Name, promise.Run{Want: s.wanted(), Now: s.directory, Name: s.name})
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
	switch s.r.IntN(10) {
	case 0:
		s.life.DieAtWrite(s.r.IntN(12))
	case 1:
		s.life.DieAtRequest(s.r.IntN(40))
	case 2:
		s.Atlassian.Inject(mortal.AtAtlassian(s.r, 20))
	case 3:
		s.Entra.Break(mortal.AtEntra(s.r, 8))
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
		if _, err := s.sure.Approve(s.t.Context(), name, h.Run, []string{h.Name()}, "the administrator", "", s.Clock.Now()); err != nil {
			s.fail("approving %s: %v", h.Name(), err)
			continue
		}
		n++
	}
	if n > 0 {
		s.note("the administrator lets %d steps go", n)
	}
	return n
}
