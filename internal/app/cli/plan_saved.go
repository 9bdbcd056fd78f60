package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/app/engine"
	"github.com/rollcall/rollcall/internal/core/plan"
)

// runSaved shows a plan that was written down. Where a world is named it also says whether the plan still fits.
func runSaved(ctx context.Context, o PlanOptions, s Streams) error {
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
	saved, err := plan.Read(bufio.NewReaderSize(f, 256<<10))
	if err != nil {
		return nil, fmt.Errorf("%s is no saved plan: %w", path, err)
	}
	return saved, nil
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
	fmt.Fprintf(s.Err, "rollcall: %s\n", engine.ErrMoved)
	if o.JSON {
		if err := writeJSON(s.Out, struct {
			Error string      `json:"error"`
			Moved *plan.Moved `json:"moved"`
		}{engine.ErrMoved.Error(), m}); err != nil {
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

// writeSaved writes a saved plan as it was written.
func writeSaved(to io.Writer, saved *plan.Saved) error {
	c := &cleaner{to: bufio.NewWriterSize(to, 256<<10)}
	e := jsontext.NewEncoder(c, jsontext.Multiline(true), jsontext.WithIndent(" "))
	if err := json.MarshalEncode(e, saved); err != nil {
		return err
	}
	return c.to.Flush()
}
