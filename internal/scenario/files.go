package scenario

import (
	"fmt"
	"io/fs"
	"path"
	"strings"
)

// ReadAll parses every scenario below a testdata folder, in the order of their paths.
func ReadAll(testdata fs.FS) ([]*Scenario, error) {
	var all []*Scenario
	err := fs.WalkDir(testdata, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if path.Dir(name) == "healthy" {
				return fs.SkipDir // documents, not scenarios
			}
			return nil
		case !strings.HasSuffix(name, ".txt"):
			return fmt.Errorf("%s is no scenario: a scenario ends in .txt", name)
		}
		content, err := fs.ReadFile(testdata, name)
		if err != nil {
			return err
		}
		s, err := Parse(name, string(content))
		if err == nil {
			all = append(all, s)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("reading the scenarios: %w", err)
	}
	return all, nil
}
