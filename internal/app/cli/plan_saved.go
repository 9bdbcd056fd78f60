package cli

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/rollcall/rollcall/internal/core/plan"
)

func runSaved(ctx context.Context, o PlanOptions, s Streams) error {
	_ = ctx
	if o.Out != "" || o.Method != "" || o.User != "" || o.Group != "" {
		return errors.New("a saved plan is shown as it is: --out, --method, --user and --group belong to a new one")
	}
	saved, err := readPlan(o.Saved)
	if err != nil {
		return err
	}
	p := s.page(o.Globals)
	viewPlan(p, savedPage(saved), o)
	return p.Flush()
}

func readPlan(path string) (*plan.Saved, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the saved plan: %w", err)
	}
	defer f.Close()
	saved, err := plan.Read(f)
	if err != nil {
		return nil, fmt.Errorf("%s is no saved plan: %w", path, err)
	}
	return saved, nil
}
