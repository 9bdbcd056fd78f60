package evidence

import (
	"context"
	"sync"
)

// InOrder asks about items side by side, a handful at a time, and hands over what came of them in their order. It ends
// with the first error of take, or the context's.
func InOrder[T, R any](ctx context.Context, sideBySide int, items []T, ask func(context.Context, T) R, take func(T, R) error) error {
	for len(items) > 0 {
		now := items[:min(max(sideBySide, 1), len(items))]
		items = items[len(now):]
		answers := make([]R, len(now))
		var wg sync.WaitGroup
		for i := range now {
			wg.Go(func() { answers[i] = ask(ctx, now[i]) })
		}
		wg.Wait()
		for i := range now {
			if err := ctx.Err(); err != nil {
				return err
			}
			if err := take(now[i], answers[i]); err != nil {
				return err
			}
		}
	}
	return nil
}
