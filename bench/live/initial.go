package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"

	"github.com/rollcall/rollcall/internal/app/labs"
)

// initial measures the first cycle of a company, and one in which nothing changed.
func initial(program string, args []string) (err error) {
	f := flag.NewFlagSet("initial", flag.ContinueOnError)
	var s size
	f.IntVar(&s.users, "users", 100_000, "people, all of them in the first group")
	f.IntVar(&s.groups, "groups", 5_000, "assigned groups")
	f.IntVar(&s.memberships, "memberships", 1_000_000, "direct memberships")
	if err := f.Parse(args); err != nil {
		return err
	}
	if s.users < 1000 || s.groups < 2 || s.memberships < 2*s.users {
		return errors.New("needs 1,000 users, two groups, and two memberships for each user")
	}
	folder, err := os.MkdirTemp("", "rollcall-live-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(folder)) }()
	var seen requests
	files, connection := s.documents()
	l, err := labs.Load(files, connection)
	if err != nil {
		return err
	}
	l.Entra.Limits.Off = true
	if err := l.Serve("127.0.0.1:0", seen.add); err != nil {
		return err
	}
	defer func() { err = errors.Join(err, l.Close()) }()
	if err := l.Write(folder); err != nil {
		return err
	}
	runtime.GC() // what the lab was filled from
	fmt.Fprintf(os.Stdout, "%d users, %d groups, %d memberships\n", s.users, s.groups, s.memberships)
	for _, title := range []string{"first run", "nothing changed"} {
		seen.forget()
		used, err := run(program, "apply", "--config", filepath.Join(folder, labs.ConfigName))
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stdout, "%-16s %s; %s", title, used, &seen)
		if title == "first run" {
			fmt.Fprintf(os.Stdout, "; %.0f objects/s", float64(s.users+s.groups+s.memberships)/used.wall.Seconds())
		}
		if about, err := os.Stat(filepath.Join(folder, "rollcall.db")); err == nil {
			fmt.Fprintf(os.Stdout, "; store %d MB", about.Size()>>20)
		}
		fmt.Fprintln(os.Stdout)
	}
	return nil
}
