package scimtarget

import (
	"context"
	"sync"
)

// each does something for every number below n, a few at a time. The first error ends it.
func (t *Target) each(ctx context.Context, n int, do func(i int) error) error {
	if n == 0 {
		return nil
	}
	var mu sync.Mutex
	var fault error
	next := 0
	take := func() (int, bool) {
		mu.Lock()
		defer mu.Unlock()
		if fault == nil {
			fault = ctx.Err()
		}
		if next == n || fault != nil {
			return 0, false
		}
		next++
		return next - 1, true
	}
	var workers sync.WaitGroup
	for range min(t.opts.Workers, n) {
		workers.Go(func() {
			for i, more := take(); more; i, more = take() {
				if err := do(i); err != nil {
					mu.Lock()
					if fault == nil {
						fault = err
					}
					mu.Unlock()
				}
			}
		})
	}
	workers.Wait()
	return fault
}
