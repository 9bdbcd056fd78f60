package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/port/bundle"
)

// why measures the live answers about a few people, where each request takes its time.
func why(program string, args []string) (err error) {
	f := flag.NewFlagSet("why", flag.ContinueOnError)
	world := f.String("bundle", "", "folder of a recorded world that fills the services")
	show := f.Bool("requests", false, "show each request")
	latency := f.Duration("latency", 100*time.Millisecond, "of each request")
	if err := f.Parse(args); err != nil {
		return err
	}
	if *world == "" || f.NArg() == 0 {
		return errors.New("needs -bundle WORLD and somebody to ask about")
	}
	folder, err := os.MkdirTemp("", "rollcall-live-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	b, err := bundle.Open(*world)
	if err != nil {
		return err
	}
	l, err := labs.Load(os.DirFS(*world), b.Manifest.Connection)
	if closed := b.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	l.Entra.Limits.Reports = 1000 // each question stands for itself: five calls in ten seconds would hold the next one up
	var seen requests
	began := time.Now()
	if err := l.Serve("127.0.0.1:0", func(r labs.Request) {
		<-time.After(*latency) // the answer ends when this does; the parts of a batch do not wait each for itself
		seen.add(r)
		if *show {
			fmt.Fprintf(os.Stdout, "  %5.1f s  %-9s %d %s %s\n", time.Since(began).Seconds(), r.Service, r.Status, r.Method, r.Path)
		}
	}); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if err := l.Write(folder); err != nil {
		return err
	}
	runtime.GC() // what the lab was filled from
	today, _ := l.Names()
	for _, who := range f.Args() {
		seen.forget()
		l.Entra.ForgetRequests()
		began = time.Now()
		used, err := run(program, "why", who, "--config", filepath.Join(folder, labs.ConfigName), "--connection", today)
		if err != nil {
			return err
		}
		calls := 0 // of Graph, inside batches
		for _, r := range l.Entra.Requests() {
			if r.Part {
				calls++
			}
		}
		fmt.Fprintf(os.Stdout, "%-50s %s; %d requests: %s; calls inside Entra's batches %d\n", who, used, seen.all(), &seen, calls)
	}
	return nil
}
