package main

import (
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/rollcall/rollcall/internal/app/compose"
	"github.com/rollcall/rollcall/internal/app/demo"
	"github.com/rollcall/rollcall/internal/app/labs"
)

// lab starts Entra and Atlassian in miniature for the rest of a story and writes the folder with their configuration:
// "lab FOLDER" with the made-up company as it is now, "lab FOLDER BUNDLE" with a recorded world.
func lab(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 || len(args) > 2 {
		ts.Fatalf("usage: lab FOLDER [BUNDLE]")
	}
	l, err := company(ts, args[1:])
	ts.Check(err)
	ts.Check(l.Serve("127.0.0.1:0", nil))
	ts.Defer(func() { _ = l.Close() })
	ts.Check(os.MkdirAll(ts.MkAbs(args[0]), 0o700))
	ts.Check(l.Write(ts.MkAbs(args[0])))
}

func company(ts *testscript.TestScript, args []string) (*labs.Labs, error) {
	if len(args) > 0 {
		folder, err := filepath.EvalSymlinks(ts.MkAbs(args[0]))
		ts.Check(err)
		m, files, done, err := compose.Files(folder)
		ts.Check(err)
		defer done.Close()
		return labs.Load(files, m.Connection)
	}
	files, err := demo.Documents(time.Now())
	ts.Check(err)
	m, within, done, err := compose.Within(files, "the made-up company")
	ts.Check(err)
	defer done.Close()
	return labs.Load(within, m.Connection)
}
