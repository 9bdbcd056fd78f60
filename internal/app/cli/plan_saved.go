package cli

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/app/cli/text"
	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// runSaved shows a plan that was written down. Where a world is named it also says whether the plan still fits.
func runSaved(ctx context.Context, o PlanOptions, s Streams) error {
	if o.Bundle == "" && (o.Config != "" || o.Connection != "" || len(o.With) > 0) {
		return errors.New("without a world a saved plan is only shown: --config, --connection and --with belong to one that is held against --bundle")
	}
	if o.Out != "" || o.Method != "" || o.User != "" || o.Group != "" || o.All {
		return errors.New("a saved plan is shown as it is: --out, --method, --user, --group and --all belong to a new one")
	}
	saved, err := readPlan(o.Saved)
	if err != nil {
		return err
	}
	if o.Bundle != "" {
		moved, err := o.moved(ctx, s, saved)
		switch {
		case err != nil:
			return s.planError(err, o)
		case moved.Any():
			return s.moved(saved, &moved, o)
		}
	}
	if o.JSON {
		err = writeSaved(s.Out, saved)
	} else {
		p := s.page(o.Globals)
		page := savedPage(saved)
		page.fits = o.Bundle != ""
		viewPlan(p, page, o)
		err = p.Flush()
	}
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	if len(saved.Steps) > 0 || saved.Switch != nil && saved.Switch.Any() {
		return errFindings
	}
	return nil
}

func readPlan(path string) (*plan.Saved, error) {
	f, err := os.Open(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no saved plan %s; a person is named with --user, a group with --group", path)
	case err != nil:
		return nil, fmt.Errorf("reading the saved plan: %w", err)
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, fmt.Errorf("%s is a folder; a recorded world goes with --bundle", path)
	}
	r := bufio.NewReaderSize(f, 256<<10)
	if begins, _ := r.Peek(3); bytes.HasPrefix(begins, []byte("\ufeff")) {
		return nil, fmt.Errorf("%s is no saved plan: line 1: it begins with a byte order mark, which rollcall does not write; an editor saved it", path)
	} else if bytes.HasPrefix(begins, []byte("\xff\xfe")) || bytes.HasPrefix(begins, []byte("\xfe\xff")) {
		return nil, fmt.Errorf("%s is no saved plan: line 1: it is UTF-16, which rollcall does not write; an editor or a shell saved it", path)
	}
	saved, err := plan.Read(r)
	if at, ok := errors.AsType[*plan.ReadError](err); ok {
		return nil, fmt.Errorf("%s is no saved plan: line %s: %w", path, text.Number(lineAt(f, at.At)), err)
	}
	if err != nil {
		return nil, fmt.Errorf("%s is no saved plan: %w", path, err)
	}
	return saved, nil
}

// lineAt is the number of the line in which a byte of a file stands.
func lineAt(f io.ReadSeeker, at int64) int {
	line := 1
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return line
	}
	r, buf := io.LimitReader(f, at), make([]byte, 64<<10)
	for {
		n, err := r.Read(buf)
		line += bytes.Count(buf[:n], []byte("\n"))
		if err != nil {
			return line
		}
	}
}

// moved holds the plan against the world that the flags name.
func (o *PlanOptions) moved(ctx context.Context, s Streams, saved *plan.Saved) (plan.Moved, error) {
	b := newBar(s)
	e, configured, err := o.open(b)
	if err != nil {
		return plan.Moved{}, err
	}
	moved, err := e.Moved(ctx, saved, engine.PlanRequest{Rules: configured.Rules()})
	b.wipe()
	return moved, err
}

// moved says what differs; the plan cannot be carried out.
func (s Streams) moved(saved *plan.Saved, m *plan.Moved, o PlanOptions) error {
	why := whyMoved(m)
	fmt.Fprintf(s.Err, "rollcall: %s\n", why)
	if o.JSON {
		if err := writeJSON(s.Out, movedDocument{why.Error(), movedOf(m)}); err != nil {
			return err
		}
		return errSaid
	}
	p := s.page(o.Globals)
	viewMoved(p, saved, m, o)
	if err := p.Flush(); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return errSaid
}

func whyMoved(m *plan.Moved) error {
	switch {
	case m.Altered:
		return engine.ErrAltered
	case m.Rules:
		return engine.ErrRules
	}
	return engine.ErrMoved
}

// movedDocument is what differs, as JSON.
type movedDocument struct {
	Error string    `json:"error"`
	Moved movedJSON `json:"moved"`
}

type movedJSON struct {
	Source  *bool         `json:"source,omitzero"` // not there where the rules are others: nobody can tell then
	Target  *bool         `json:"target,omitzero"`
	Rules   bool          `json:"rules"`
	Altered bool          `json:"altered"`
	Parts   []string      `json:"parts"`
	Gone    []plan.Step   `json:"gone"`
	New     []plan.Step   `json:"new"`
	Changed []plan.Change `json:"changed"`
}

func movedOf(m *plan.Moved) movedJSON {
	out := movedJSON{Rules: m.Rules, Altered: m.Altered, Parts: m.Parts, Gone: m.Gone, New: m.New, Changed: m.Changed}
	if !m.Rules {
		out.Source, out.Target = &m.Source, &m.Target
	}
	return out
}

// writeSaved writes a saved plan as it was written.
func writeSaved(to io.Writer, saved *plan.Saved) error {
	c := &cleaner{to: bufio.NewWriterSize(to, 256<<10)}
	e := jsontext.NewEncoder(c, jsontext.Multiline(true), jsontext.WithIndent(" "))
	if err := json.MarshalEncode(e, saved); err != nil {
		return err
	}
	return c.to.Flush()
}
