package stories

import (
	"context"
	"errors"
	"fmt"

	"github.com/rollcall/rollcall/internal/app/apply"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/document"
)

// ourselves is what rollcall does as a provisioner, and the people who run it.
var ourselves = []sentence{
	says(`somebody lets go what waits`, func(ctx context.Context, s *Stage, _ []string) error { return s.letGo(ctx) }),
	says(`rollcall is set up in its place, and not run yet`, func(ctx context.Context, s *Stage, _ []string) (err error) {
		if err := s.job.Pause(); err != nil {
			return err
		}
		s.job = nil
		if err := s.configure(document.Rollcall, ""); err != nil {
			return err
		}
		s.Sync, err = compose.Sync(ctx, s.Config, "the stage")
		return err
	}),
	says(`rollcall applies and is killed after N requests?`, func(ctx context.Context, s *Stage, m []string) error {
		if s.Sync == nil {
			return errors.New("rollcall does not provision this company")
		}
		ctx, kill := context.WithCancel(ctx)
		defer kill()
		left := number(m[0])
		alone := *s.Sync
		alone.Workers = 1 // nothing else is on its way when it is killed
		_, err := alone.Apply(ctx, engine.ApplyRequest{Done: func(apply.Progress) {
			if left--; left == 0 {
				kill()
			}
		}})
		if left > 0 {
			return fmt.Errorf("rollcall was through before: %d more, %w", left, err)
		}
		return nil
	}),
}

// letGo approves everything that waits for a person.
func (s *Stage) letGo(ctx context.Context) error {
	if s.Sync == nil {
		return errors.New("rollcall does not provision this company")
	}
	name := s.Sync.Connection.Name
	waits, err := s.Sync.Store.Holds(ctx, name)
	if err != nil {
		return err
	}
	n := 0
	for _, h := range waits {
		if h.Approved != "" {
			continue
		}
		if _, err := s.Sync.Store.Approve(ctx, name, h.Run, []string{h.Name()}, "the administrator", "it is meant", s.Clock.Now()); err != nil {
			return err
		}
		n++
	}
	if n == 0 {
		return errors.New("nothing waits for a person")
	}
	return nil
}
