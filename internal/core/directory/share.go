package directory

import (
	"runtime"
	"sync"
)

// Shares are parts of a run of ordinals, one behind the other, for workers that do not touch one another's.
type Shares [][2]int

// Share parts the ordinals below n among as many workers as the machine has processors, at most eight, each with at least
// so many; there is always one part. What is put together part by part does not depend on their number.
func Share(n, least int) Shares {
	parts := make(Shares, max(1, min(runtime.GOMAXPROCS(0), 8, n/least)))
	for k := range parts {
		parts[k] = [2]int{n * k / len(parts), n * (k + 1) / len(parts)}
	}
	return parts
}

// Work lets a worker do each part, from the first ordinal up to the one before to, and waits for all of them.
func (s Shares) Work(do func(part, from, to int)) {
	var wg sync.WaitGroup
	for k, part := range s {
		wg.Go(func() { do(k, part[0], part[1]) })
	}
	wg.Wait()
}
