// Command server runs rollcall's SCIM endpoint over the inbox in memory, with one directory and a token that everybody
// knows: for benchmarks on this machine, and for nothing else.
package main

import (
	"context"
	"crypto/sha256"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/rollcall/rollcall/internal/app/inbound"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/inbox/memory"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8643", "where to listen")
	secret := flag.String("secret", "secret-of-everybody", "secret part of the token rc_bench_SECRET")
	rate := flag.Float64("rate", -1, "requests a second; negative: without a limit")
	flag.Parse()
	o := inbound.Options{Rate: *rate}
	if err := run(*listen, *secret, o); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(listen, secret string, o inbound.Options) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	box := &memory.Inbox{}
	hash := sha256.Sum256([]byte(secret))
	err := errors.Join(
		box.PutDirectory(ctx, inbox.Directory{ID: "bench", Name: "bench", Created: time.Now()}),
		box.PutToken(ctx, inbox.Token{ID: "bench", Directory: "bench", Name: "bench", Hash: hash[:], Created: time.Now()}))
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	o.Inbox, o.Log = box, log
	e, err := inbound.New(o)
	if err != nil {
		return err
	}
	s := inbound.Server(listen, e, log)
	go func() {
		<-ctx.Done()
		_ = s.Shutdown(context.WithoutCancel(ctx))
	}()
	log.Info("SCIM", "base", "http://"+listen+"/scim/v2/bench", "token", "rc_bench_"+secret)
	if err := s.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return e.Close()
}
