package engine

import (
	"context"
	"fmt"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/trace"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Remember keeps a roll call: the counts, and the findings about whoever is not as they should be.
func Remember(ctx context.Context, to store.RollCalls, connection string, r trace.RollCall) error {
	counts, err := json.Marshal(r.Counts)
	if err != nil {
		return fmt.Errorf("keeping the roll call: %w", err)
	}
	open := []trace.Finding{}
	for _, f := range r.Findings {
		if f.Verdict != trace.Present {
			open = append(open, f)
		}
	}
	findings, err := json.Marshal(open)
	if err != nil {
		return fmt.Errorf("keeping the roll call: %w", err)
	}
	if err := to.PutRollCall(ctx, store.RollCall{Connection: connection, At: r.At, Counts: counts, Findings: findings}); err != nil {
		return fmt.Errorf("keeping the roll call: %w", err)
	}
	return nil
}
