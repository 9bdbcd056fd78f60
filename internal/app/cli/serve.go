package cli

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

func newServe(s Streams, g *Globals) *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "The SCIM endpoint that identity providers push to",
		Long: `Listens where the section inbound of the configuration says, and takes what identity providers push: users, groups and
their members, kept in the store. rollcall token makes the tokens that they need; rollcall requests tells what became
of every request. It runs until it is interrupted, and ends what is under way first.`,
		Example: `  rollcall serve
  rollcall serve --config /etc/rollcall/rollcall.yaml --json 2> serve.log`,
		Args: noArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			return runServe(ctx, g, s)
		},
	}
}

// ending is how long requests that are under way have when the endpoint ends.
const ending = 20 * time.Second

func runServe(ctx context.Context, g *Globals, s Streams) (err error) {
	c, err := configured(g)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(s.Err, nil))
	if g.JSON {
		log = slog.New(slog.NewJSONHandler(s.Err, nil))
	}
	box, _, err := compose.Inbox(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, box.Close()) }()
	l, err := compose.Inbound(ctx, c, box, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Endpoint.Close()) }()
	if _, err := c.Forget(ctx, box); err != nil {
		return err
	}
	at, err := (&net.ListenConfig{}).Listen(ctx, "tcp", l.Listen)
	if err != nil {
		return fmt.Errorf("listening for providers: %w", err)
	}
	server := inbound.Server(l.Listen, l.Endpoint, log)
	scheme := "http://"
	if l.TLS != nil {
		at, scheme = tls.NewListener(at, l.TLS), "https://"
	}
	if err := viewServed(s, g, l, orWords(l.Address, scheme+at.Addr().String())); err != nil {
		return fmt.Errorf("writing where it listens: %w", err)
	}
	var upkeep sync.WaitGroup
	ctx, end := context.WithCancel(ctx)
	upkeep.Go(func() { forget(ctx, c, box, log) })
	err = serveUntil(ctx, server, at)
	end()
	upkeep.Wait()
	return err
}

// forget forgets every hour what is too old by then, until the context ends.
func forget(ctx context.Context, c *compose.Configuration, box inbox.Inbox, log *slog.Logger) {
	hourly := time.NewTicker(time.Hour)
	defer hourly.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-hourly.C:
		}
		n, err := c.Forget(ctx, box)
		switch {
		case err != nil && ctx.Err() == nil:
			log.Error("old requests stay", "error", err)
		case n > 0:
			log.Info("old requests and events are forgotten", "number", n)
		}
	}
}

// served is a directory, and where a provider pushes to it.
type served struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Address string `json:"address"`
}

func viewServed(s Streams, g *Globals, l *compose.Listening, base string) error {
	var all []served
	for _, d := range l.Directories {
		all = append(all, served{d.ID, d.Name, base + l.Endpoint.Path(d.ID)})
	}
	if g.JSON {
		return writeJSON(s.Out, map[string]any{"directories": all})
	}
	p := s.page(g)
	p.Para(0, ink("Providers push to", text.Bold))
	var table [][]text.Cell
	for _, d := range all {
		table = append(table, []text.Cell{ink(d.Name, text.Bold), plain(d.Address)})
	}
	p.Table(2, 2, table)
	p.Blank()
	p.Para(0, ink("Ctrl-C ends it. A token for a provider: rollcall token create "+all[0].ID, text.Dim))
	return p.Flush()
}

// serveUntil serves until the context ends, and then lets requests that are under way end.
func serveUntil(ctx context.Context, server *http.Server, at net.Listener) error {
	done := make(chan error, 1)
	go func() { done <- server.Serve(at) }()
	select {
	case err := <-done:
		return fmt.Errorf("serving providers: %w", err)
	case <-ctx.Done():
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), ending)
	defer cancel()
	if err := server.Shutdown(last); err != nil {
		return fmt.Errorf("ending requests that are under way: %w", errors.Join(err, server.Close()))
	}
	return nil
}
