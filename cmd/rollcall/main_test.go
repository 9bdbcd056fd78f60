package main

import (
	"archive/zip"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "write what the program prints into the scripts")

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"rollcall": main})
}

// Each file in testdata/script is a story: what a person types, and what they then see. In a script, "exits N
// COMMAND" runs a command that must end with that code, "shape KIND FILE" holds a JSON answer against the contract,
// "pack FOLDER FILE" makes a zip, "copy FOLDER TO" copies a folder and "replace FILE OLD NEW" changes a text in a file.
// "grab NAME FILE PATTERN" puts what the pattern's brackets find in a file into a variable.
// "lab FOLDER [BUNDLE]" starts the services in miniature and writes their configuration to FOLDER.
// "sick FOLDER WHAT…" does so with something broken, and "answers FILE LINE…" writes what a person answers.
// The company of examples/fabrikam is there as examples/fabrikam.
func TestStories(t *testing.T) {
	examples, err := filepath.Abs(filepath.Join("..", "..", "examples"))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir:                 filepath.Join("testdata", "script"),
		UpdateScripts:       *update,
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("COLUMNS", "100")
			return os.Symlink(examples, filepath.Join(e.WorkDir, "examples"))
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits,
			"shape": shape,
			"pack":  pack,

			"copy":    copyFolder,
			"replace": replace,
			"grab":    grab,
			"lab":     lab,
			"sick":    sick,
			"answers": answers,
		},
	})
}

func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENT…")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		failed, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("running %s: %v", args[1], err)
		}
		got = failed.ExitCode()
	}
	if got != want {
		ts.Fatalf("%v ended with %d, want %d", args[1:], got, want)
	}
}

func shape(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 || contract[args[0]] == nil {
		ts.Fatalf("usage: shape check|why|error FILE")
	}
	if err := holds([]byte(ts.ReadFile(args[1])), contract[args[0]]); err != nil {
		ts.Fatalf("%s: %v", args[1], err)
	}
}

func copyFolder(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: copy FOLDER TO")
	}
	folder, err := filepath.EvalSymlinks(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(os.CopyFS(ts.MkAbs(args[1]), os.DirFS(folder)))
}

func replace(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: replace FILE OLD NEW")
	}
	text := ts.ReadFile(args[0])
	if !strings.Contains(text, args[1]) {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(strings.ReplaceAll(text, args[1], args[2])), 0o600))
}

func grab(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: grab NAME FILE PATTERN")
	}
	pattern, err := regexp.Compile(args[2])
	ts.Check(err)
	found := pattern.FindStringSubmatch(ts.ReadFile(args[1]))
	if len(found) != 2 {
		ts.Fatalf("%s holds nothing that fits %s", args[1], args[2])
	}
	ts.Setenv(args[0], found[1])
}

func pack(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: pack FOLDER FILE")
	}
	out, err := os.Create(ts.MkAbs(args[1]))
	ts.Check(err)
	defer out.Close()
	z := zip.NewWriter(out)
	folder, err := filepath.EvalSymlinks(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(z.AddFS(os.DirFS(folder)))
	ts.Check(z.Close())
}
