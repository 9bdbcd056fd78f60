package stories

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
)

//go:embed tales
var tales embed.FS

// Story is a tale that was read.
type Story struct {
	Name   string // of its file
	Title  string // what a reader is told
	Cause  cause.Code
	Method string
	Rules  string // lines of a connection of rollcall.yaml
	Acts   []Act

	Histories map[string]told // what the tale says of histories itself, by question
}

// Act is a section.
type Act struct {
	Kind  Kind
	Lines []Line
}

// Line is one of a section, with its place.
type Line struct {
	Text string
	No   int
}

// Kind of a section.
type Kind string

// The kinds.
const (
	Happens  Kind = "happens"
	Asked    Kind = "asked"
	RollCall Kind = "roll call"
	History  Kind = "history"
)

// All are the stories, by name.
func All() ([]*Story, error) {
	names, err := fs.Glob(tales, "tales/*.txt")
	if err != nil {
		return nil, fmt.Errorf("listing the stories: %w", err)
	}
	var out []*Story
	for _, name := range names {
		s, err := read(name)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	slices.SortFunc(out, func(a, b *Story) int { return strings.Compare(a.Name, b.Name) })
	return out, nil
}

// Named finds a story.
func Named(name string) (*Story, error) {
	if s, err := read("tales/" + name + ".txt"); err == nil || !strings.Contains(err.Error(), "file does not exist") {
		return s, err
	}
	return nil, fmt.Errorf("there is no story %q: rollcall lab story lists them", name)
}

func read(path string) (*Story, error) {
	text, err := tales.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a story: %w", err)
	}
	name := strings.TrimSuffix(strings.TrimPrefix(path, "tales/"), ".txt")
	s, err := parse(name, string(text))
	if err != nil {
		return nil, fmt.Errorf("story %s, %w", name, err)
	}
	return s, nil
}

// parse reads a tale. A fault is told with its line.
func parse(name, text string) (*Story, error) {
	s := &Story{Name: name, Method: document.EntraSCIM}
	head, rules := true, false
	for i, raw := range strings.Split(text, "\n") {
		line := strings.TrimRight(raw, " \t")
		if title, section := strings.CutPrefix(line, "== "); section {
			kind := Kind(title)
			if kind != Happens && kind != Asked && kind != RollCall && kind != History {
				return nil, fmt.Errorf("line %d: no section is called %q", i+1, title)
			}
			head, rules = false, false
			s.Acts = append(s.Acts, Act{Kind: kind})
			continue
		}
		key, value, keyed := strings.Cut(line, ": ")
		switch {
		case head && rules && strings.HasPrefix(raw, "  "):
			s.Rules += "  " + raw + "\n"
		case head && line == "rules:":
			rules = true
		case head && keyed && key == "cause":
			s.Cause = cause.Code(value)
		case head && keyed && key == "method":
			s.Method = value
		case head:
			s.Title = strings.TrimSpace(s.Title + " " + line)
		case line != "" && !strings.HasPrefix(line, "#"):
			act := &s.Acts[len(s.Acts)-1]
			act.Lines = append(act.Lines, Line{line, i + 1})
		}
	}
	s.Histories = map[string]told{}
	for _, a := range s.Acts {
		if a.Kind != History {
			continue
		}
		told, err := histories(a)
		if err != nil {
			return nil, err
		}
		maps.Copy(s.Histories, told)
	}
	if _, known := cause.Get(s.Cause); !known {
		return nil, fmt.Errorf("line 1: %q is no cause", s.Cause)
	}
	if !slices.Contains([]string{document.EntraSCIM, document.GuardNested, document.Rollcall}, s.Method) {
		return nil, fmt.Errorf("line 1: %q is no method", s.Method)
	}
	return s, nil
}
