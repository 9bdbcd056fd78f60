package cli

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/demo"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/store"
)

func newDemo(s Streams, g *Globals) *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "A made-up company inside the program: its roll call, one of its people, a plan, and the plan carried out",
		Long: `Shows what rollcall does with a company that is made up and lives inside this program: who is missing from Atlassian
and why, one person step by step, what would change if rollcall did the provisioning, that being done, and what is left
for people to decide. What is written to are Entra and Atlassian in miniature, within the program. No service is asked,
no configuration is read, and nothing stays on this machine.`,
		Example: `  rollcall demo`,
		Args:    noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if g.JSON {
				return errors.New("the demo is a story for people; check, why and plan have --json")
			}
			has := func(command string) bool {
				found, _, err := cmd.Root().Find([]string{command})
				return err == nil && found != cmd.Root()
			}
			return runDemo(cmd.Context(), g, s, has)
		},
	}
}

// tale is what the demo tells: the answers of the engine's verbs about one company.
type tale struct {
	roll trace.RollCall
	why  engine.Answers
	plan *engine.PlanResult
	has  func(command string) bool // whether the program has a command

	refused *engine.SecondWriter // while Entra's job was on
	applied *engine.ApplyResult  // after it was stopped
	entries []ledger.Entry       // of the run
	writes  int                  // requests to Atlassian that wrote
	after   trace.RollCall
}

func runDemo(ctx context.Context, g *Globals, s Streams, has func(string) bool) error {
	t := tale{has: has}
	b := newBar(s)
	err := t.live(ctx, b)
	b.wipe()
	if err != nil {
		return err
	}
	p := s.page(g)
	viewTale(p, t, s.width(g))
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}

// live lets the tale happen.
func (t *tale) live(ctx context.Context, b *bar) error {
	files, err := demo.Documents(demo.At)
	if err != nil {
		return err
	}
	worlds, err := compose.Documents(files, "the made-up company")
	if err != nil {
		return err
	}
	e := &engine.Engine{Worlds: worlds}
	if t.roll, err = e.Check(ctx, engine.CheckRequest{}); err != nil {
		return fmt.Errorf("calling the roll of the made-up company: %w", err)
	}
	if t.why, err = e.Why(ctx, []trace.Query{{Subject: demo.Person}}); err == nil {
		err = t.why.Answers[0].Err
	}
	if err != nil {
		return fmt.Errorf("asking about one of them: %w", err)
	}
	if t.plan, err = e.Plan(ctx, engine.PlanRequest{Method: document.Rollcall}); err != nil {
		return fmt.Errorf("planning the switch to rollcall: %w", err)
	}
	world, files, done, err := compose.Within(files, "the made-up company")
	if err != nil {
		return err
	}
	clock := compose.StoppedAt(demo.At)
	l, err := labs.LoadAt(files, world.Connection, clock.Now)
	if err = errors.Join(err, done.Close()); err != nil {
		return fmt.Errorf("starting the labs of the made-up company: %w", err)
	}
	c, err := compose.InLabs(l, document.Rollcall, clock)
	if err != nil {
		return err
	}
	sync, err := compose.Sync(ctx, c, "demo")
	if err != nil {
		return err
	}
	defer sync.Store.Close() // nothing in it is kept
	sync.Progress = b.draw
	if err := t.switchOver(ctx, l, sync); err != nil {
		return err
	}
	if worlds, err = compose.Live(c); err != nil {
		return err
	}
	e = &engine.Engine{Worlds: worlds, Progress: b.draw}
	if t.after, err = e.Check(ctx, engine.CheckRequest{}); err != nil {
		return fmt.Errorf("calling the roll once more: %w", err)
	}
	return nil
}

// switchOver tries to write beside Entra's job, stops the job, and lets rollcall do the work.
func (t *tale) switchOver(ctx context.Context, l *labs.Labs, sync *engine.Sync) error {
	var refused bool
	_, err := sync.Apply(ctx, engine.ApplyRequest{})
	if t.refused, refused = errors.AsType[*engine.SecondWriter](err); !refused {
		return fmt.Errorf("writing beside Entra's job was to be refused: %w", orDone(err))
	}
	if _, err := l.StopProvisioning(ctx); err != nil {
		return err
	}
	l.Atlassian.ForgetRequests()
	if t.applied, err = sync.Apply(ctx, engine.ApplyRequest{}); err != nil {
		return fmt.Errorf("carrying the plan out: %w", err)
	}
	for _, r := range l.Atlassian.Requests() {
		if asks := r.Method == http.MethodGet || strings.HasSuffix(r.Path, "/search") || strings.HasSuffix(r.Path, "/bulk-fetch"); !asks {
			t.writes++
		}
	}
	for e, err := range sync.Store.Entries(ctx, store.Query{Connection: sync.Connection.Name, Run: t.applied.Run.ID}) {
		if err != nil {
			return fmt.Errorf("reading the ledger: %w", err)
		}
		t.entries = append(t.entries, e)
	}
	return nil
}

// orDone is an error where there was none and one was wanted.
func orDone(err error) error {
	if err == nil {
		return errors.New("it was done")
	}
	return err
}
