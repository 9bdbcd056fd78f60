package cli

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"unicode/utf8"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// writePlan writes the plan as one document, step by step.
func writePlan(to io.Writer, p *plan.Plan, x plan.Extract) error {
	c := &cleaner{to: bufio.NewWriterSize(to, 256<<10)}
	if err := p.Write(c, x); err != nil {
		return err
	}
	return c.to.Flush()
}

// savePlan writes the plan to a file that only its owner reads: it names people. The file is there whole or not at all.
func savePlan(path string, p *plan.Plan, x plan.Extract) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("saving the plan: %w", err)
		}
	}()
	target, err := planTarget(path)
	if err != nil {
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(target), ".rollcall-plan-*") // 0600
	if err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, bare(err))
	}
	defer func() { _ = os.Remove(f.Name()) }() // after the renaming it is not there
	if err := writePlan(f, p, x); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Sync(); err != nil {
		_ = f.Close()
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), target); err != nil {
		return fmt.Errorf("%s cannot be written: %w", path, bare(err))
	}
	return nil
}

// cleaner makes JSON harmless for a terminal while it is written; see text.CleanJSON.
type cleaner struct {
	to   *bufio.Writer
	rest []byte // the beginning of a character
}

// Write cleans what ends in whole characters, and keeps the rest for the next time.
func (c *cleaner) Write(b []byte) (int, error) {
	all := slices.Concat(c.rest, b)
	end := len(all)
	for end > 0 && len(all)-end < utf8.UTFMax && !utf8.RuneStart(all[end-1]) {
		end--
	}
	if end > 0 && !utf8.FullRune(all[end-1:]) {
		end--
	} else {
		end = len(all)
	}
	_, err := c.to.Write(text.CleanJSON(all[:end]))
	c.rest = all[end:]
	return len(b), err
}
