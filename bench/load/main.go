// Command load reads a bundle as the program does and says what it took: go run ./bench/load -bundle DIR [SUBJECT…]
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"runtime"
	"time"

	"github.com/rollcall/rollcall/internal/port/bundle"
)

func main() {
	path := flag.String("bundle", "", "folder or zip")
	flag.Parse()
	began := time.Now()
	b, err := bundle.Open(*path)
	if err != nil {
		fail(err)
	}
	w, err := b.Load(context.Background(), flag.Args(), nil)
	if err != nil {
		fail(err)
	}
	took := time.Since(began)
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	memberships := 0
	for i := range w.Groups {
		memberships += w.Groups[i].Count
	}
	fmt.Fprintf(os.Stdout, "%d users, %d records, %d accounts, %d groups, %d memberships in %.2f s; focused %v; live heap %d MB, of the system %d MB\n",
		len(w.Users), len(w.ScimUsers), len(w.OrgUsers), len(w.Groups), memberships, took.Seconds(), w.Focused(), m.HeapAlloc>>20, m.Sys>>20)
	runtime.KeepAlive(w)
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, "load:", err)
	os.Exit(1)
}
