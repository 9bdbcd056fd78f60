package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/cli"
)

// Pages show what a person types and then sees. In a fenced block, a line "$ rollcall …" (or "$ go run ./cmd/rollcall
// …") is run, and what it prints must stand below it, up to the next such line or the fence; -update writes it anew.
// "$ mv FROM… TO" is done, too. Other commands are left alone.
//
// A page runs in the root of the repository. One that begins with a stage runs in a folder that holds only copies:
//
//	<!-- stage 2026-11-20T12:00:00Z
//	exports/users.csv = internal/…/testdata/users.csv
//	-->
//
// The moment is when the copies were written. A fenced block with a path behind its language, such as ```csv
// exports/assignments.csv, is a file of the stage.
func TestPagesShowWhatTheProgramPrints(t *testing.T) {
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	for _, pattern := range []string{"*.md", "docs/*.md", "examples/*.md"} {
		pages, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range pages {
			name, err := filepath.Rel(root, file)
			if err != nil {
				t.Fatal(err)
			}
			t.Run(name, func(t *testing.T) { isTold(t, root, file) })
		}
	}
}

func isTold(t *testing.T, root, file string) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	s := &stage{t: t, dir: root}
	if err := s.set(root, string(raw)); err != nil {
		t.Fatal(err)
	}
	t.Chdir(s.dir)
	told, err := retell(string(raw), s.file, s.run)
	switch diff := cmp.Diff(strings.Split(string(raw), "\n"), strings.Split(told, "\n")); {
	case err != nil:
		t.Fatal(err)
	case diff == "":
	case *update:
		if err := os.WriteFile(file, []byte(told), 0o644); err != nil {
			t.Fatal(err)
		}
	default:
		t.Errorf("the page shows something else than the program prints; go test ./cmd/rollcall -run Pages -update writes it (-page +program):\n%s", diff)
	}
}

func TestTheGuideToExportsShowsItsCommands(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join("..", "..", "docs", "from-exports.md"))
	if err != nil {
		t.Fatal(err)
	}
	commands, files := 0, 0
	_, err = retell(string(raw), func(string, string) error { files++; return nil }, func(string) (string, bool, error) { commands++; return "", true, nil })
	if err != nil || commands < 8 || files < 2 {
		t.Errorf("%d commands and %d files are seen in the guide, want more: %v", commands, files, err)
	}
}

// stage is where the commands of a page run.
type stage struct {
	t    *testing.T
	dir  string
	when time.Time // of its files; zero: the page has no stage
}

const stageMark = "<!-- stage "

// set makes the stage that a page begins with, if it does.
func (s *stage) set(root, page string) error {
	_, rest, ok := strings.Cut(page, stageMark)
	if !ok {
		return nil
	}
	head, _, ok := strings.Cut(rest, "-->")
	moment, list, _ := strings.Cut(head, "\n")
	when, err := time.Parse(time.RFC3339, strings.TrimSpace(moment))
	if !ok || err != nil {
		return fmt.Errorf("a stage needs a moment and an end: %w", err)
	}
	s.dir, s.when = s.t.TempDir(), when
	for line := range strings.Lines(list) {
		to, from, ok := strings.Cut(strings.TrimSpace(line), " = ")
		if !ok {
			return fmt.Errorf("a line of a stage is no %q: %q", "COPY = FILE", line)
		}
		b, err := os.ReadFile(filepath.Join(root, from))
		if err != nil {
			return err
		}
		if err := s.file(to, string(b)); err != nil {
			return err
		}
	}
	return nil
}

// file writes a file of the stage. Elsewhere words behind a language mean something else.
func (s *stage) file(name, content string) error {
	if s.when.IsZero() {
		return nil
	}
	path := filepath.Join(s.dir, filepath.FromSlash(name))
	return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(content), 0o644), os.Chtimes(path, s.when, s.when))
}

// run runs a command, if it is one that pages run, and gives what it prints on either stream.
func (s *stage) run(command string) (string, bool, error) {
	command = strings.TrimPrefix(command, "go run ./cmd/")
	if verb, _, _ := strings.Cut(command, " "); verb != "rollcall" && verb != "mv" {
		return "", false, nil
	}
	args, err := split(command)
	if err != nil {
		return "", false, err
	}
	switch args[0] {
	case "rollcall":
		var out bytes.Buffer
		cli.Main(context.Background(), args[1:], strings.NewReader(""), &out, &out, nil)
		return out.String(), true, nil
	default:
		if s.when.IsZero() || len(args) < 3 {
			return "", false, fmt.Errorf("%s: a page without a stage has no files to move", command)
		}
		return "", true, move(args[1:len(args)-1], args[len(args)-1])
	}
}

func move(from []string, to string) error {
	info, err := os.Stat(to)
	folder := err == nil && info.IsDir()
	if err != nil && !errors.Is(err, fs.ErrNotExist) || len(from) > 1 && !folder {
		return fmt.Errorf("mv to %s: it is no folder: %w", to, err)
	}
	for _, f := range from {
		target := to
		if folder {
			target = filepath.Join(to, filepath.Base(f))
		}
		if err := os.Rename(f, target); err != nil {
			return err
		}
	}
	return nil
}
