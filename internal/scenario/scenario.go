package scenario

import (
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
)

// Line is a line of a scenario file; sentences that go on over several lines are joined.
type Line struct {
	Number int
	Text   string
}

// Ask is a "== why" section: whom it is about and the answer that is expected.
type Ask struct {
	Subject, Group string
	Want           []string
}

// Scenario is one file.
type Scenario struct {
	File   string // path below testdata
	Title  string // what stands above "base:"
	Base   string
	Limits map[string]int // vendors' limits that this world lowers, by the name of their field in facts.Limits
	Except []Line
	Asks   []Ask
	Check  bool     // there is a "== check" section
	Expect []string // its "expecting"
	Want   []string // its lines
	Plans  []PlanAsk
	rules  []string // of the sections that follow
}

// Parse reads a scenario file.
func Parse(file, content string) (*Scenario, error) {
	s := &Scenario{File: file, Limits: map[string]int{}}
	section := "title"
	for i, line := range strings.Split(content, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case section != "title" && (trimmed == "" || strings.HasPrefix(trimmed, "#")):
		case strings.HasPrefix(line, "== "):
			var err error
			if section, err = s.section(strings.TrimPrefix(trimmed, "== ")); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
		case section == "title" && strings.HasPrefix(line, "base: "):
			s.Base, section = strings.TrimPrefix(trimmed, "base: "), "head"
		case section == "head" && strings.HasPrefix(line, "limit: "):
			if err := s.limit(strings.TrimPrefix(trimmed, "limit: ")); err != nil {
				return nil, fmt.Errorf("%s:%d: %w", file, i+1, err)
			}
		case section == "title":
			s.Title = strings.TrimSpace(s.Title + "\n" + trimmed)
		case section == "except" && line != strings.TrimLeft(line, " \t") && len(s.Except) > 0:
			s.Except[len(s.Except)-1].Text += " " + trimmed
		case section == "except":
			s.Except = append(s.Except, Line{i + 1, trimmed})
		case section == "why":
			a := &s.Asks[len(s.Asks)-1]
			a.Want = append(a.Want, words(trimmed))
		case section == "check":
			s.Want = append(s.Want, words(trimmed))
		case section == "rules":
			s.rules = append(s.rules, line)
		case section == "plan", section == "switch":
			a := &s.Plans[len(s.Plans)-1]
			a.Want = append(a.Want, strings.TrimRight(line, " "))
		default:
			return nil, fmt.Errorf("%s:%d: a line that belongs to no section: %q", file, i+1, trimmed)
		}
	}
	if s.Base == "" {
		return nil, fmt.Errorf("%s: a line that begins with \"base: \" is missing", file)
	}
	return s, nil
}

func (s *Scenario) limit(line string) error {
	name, number, _ := strings.Cut(line, " ")
	n, err := strconv.Atoi(number)
	if err != nil {
		return fmt.Errorf("expected limit: NAME NUMBER: %w", err)
	}
	s.Limits[name] = n
	return nil
}

// section begins a section by what stands after "== ".
func (s *Scenario) section(head string) (string, error) {
	kind, rest, _ := strings.Cut(head, " ")
	switch kind {
	case "except":
		return kind, nil
	case "why":
		subject, group, _ := strings.Cut(rest, " in ")
		s.Asks = append(s.Asks, Ask{Subject: subject, Group: group})
		return kind, nil
	case "check":
		s.Check = true
		if list, ok := strings.CutPrefix(rest, "expecting "); ok {
			s.Expect = strings.Split(list, ", ")
		}
		return kind, nil
	case "rules":
		s.rules = nil
		return kind, nil
	case "plan":
		return kind, s.plan(head, rest)
	case "switch":
		return kind, s.change(head, rest)
	}
	return "", fmt.Errorf("unknown section %q", head)
}

// words makes blanks between columns alike.
func words(s string) string { return strings.Join(strings.Fields(s), " ") }

// Tenant builds the scenario's world: its base, which is a folder of documents or another scenario below healthy/,
// with every sentence carried out.
func (s *Scenario) Tenant(testdata fs.FS) (*Tenant, error) {
	t, err := base(testdata, s.Base)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.File, err)
	}
	return t, s.On(t)
}

// On carries out the scenario's sentences on a tenant.
func (s *Scenario) On(t *Tenant) error {
	for _, l := range s.Except {
		if err := t.Change(l.Text); err != nil {
			return fmt.Errorf("%s:%d: %w", s.File, l.Number, err)
		}
	}
	return nil
}

func base(testdata fs.FS, name string) (*Tenant, error) {
	dir := path.Join("healthy", name)
	if info, err := fs.Stat(testdata, dir); err == nil && info.IsDir() {
		sub, err := fs.Sub(testdata, dir)
		if err != nil {
			return nil, err
		}
		return ReadTenant(sub)
	}
	content, err := fs.ReadFile(testdata, dir+".txt")
	if err != nil {
		return nil, fmt.Errorf("no such base: %w", err)
	}
	s, err := Parse(dir+".txt", string(content))
	if err != nil {
		return nil, err
	}
	return s.Tenant(testdata)
}
