package apply

import (
	"context"
	"fmt"
	"sync"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/store"
)

// journal writes intents and outcomes for many workers: what waits at a moment goes into one transaction, so that the
// disk is asked once for all of them. A worker gets its sequence number only when its intent is on disk.
type journal struct {
	log    Ledger
	fence  store.Fence
	failed func(error)

	intents  chan intent
	outcomes chan store.Settlement
	finish   chan struct{}
	done     chan struct{}

	mu  sync.Mutex
	err error // the first one; nothing is written after it
}

type intent struct {
	entry ledger.Entry
	seq   chan int64 // closed without a number where it could not be written
}

// most is how much one transaction takes.
const most = 512

func newJournal(ctx context.Context, log Ledger, f store.Fence, failed func(error)) *journal {
	j := &journal{log: log, fence: f, failed: failed, intents: make(chan intent, most), outcomes: make(chan store.Settlement, 4*most), finish: make(chan struct{}), done: make(chan struct{})}
	// What was sent must be written down although the run is being stopped.
	go j.write(context.WithoutCancel(ctx))
	return j
}

// intend writes an intent and waits for the disk.
func (j *journal) intend(e ledger.Entry) (seq int64, ok bool) {
	i := intent{e, make(chan int64, 1)}
	j.intents <- i
	seq, ok = <-i.seq
	return seq, ok
}

// settle takes an outcome; it is on disk when close returns, and before any intent that is written later.
func (j *journal) settle(s store.Settlement) { j.outcomes <- s }

// close waits until everything is written. Nothing may be given to the journal afterwards.
func (j *journal) close() error {
	close(j.finish)
	<-j.done
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.err
}

func (j *journal) write(ctx context.Context) {
	defer close(j.done)
	for {
		select {
		case i := <-j.intents:
			j.flush(ctx, []intent{i}, nil)
		case s := <-j.outcomes:
			j.flush(ctx, nil, []store.Settlement{s})
		case <-j.finish:
			for len(j.intents)+len(j.outcomes) > 0 {
				j.flush(ctx, nil, nil)
			}
			return
		}
	}
}

// flush writes what is there, outcomes before intents: an intent may be about what an outcome has just settled.
func (j *journal) flush(ctx context.Context, intents []intent, outcomes []store.Settlement) {
	for n := len(j.outcomes); n > 0 && len(outcomes) < most; n-- {
		outcomes = append(outcomes, <-j.outcomes)
	}
	for n := len(j.intents); n > 0 && len(intents) < most; n-- {
		intents = append(intents, <-j.intents)
	}
	if len(outcomes) > 0 && j.err == nil {
		if err := j.log.Settle(ctx, j.fence, outcomes); err != nil {
			j.fail(fmt.Errorf("writing down what %d requests came to: %w", len(outcomes), err))
		}
	}
	if len(intents) == 0 {
		return
	}
	var numbers []int64
	if j.err == nil {
		entries := make([]ledger.Entry, len(intents))
		for i := range intents {
			entries[i] = intents[i].entry
		}
		var err error
		if numbers, err = j.log.Intend(ctx, j.fence, entries); err != nil {
			j.fail(fmt.Errorf("writing down what is about to be done: %w", err))
		}
	}
	for i, in := range intents {
		if i < len(numbers) {
			in.seq <- numbers[i]
		}
		close(in.seq)
	}
}

func (j *journal) fail(err error) {
	j.mu.Lock()
	j.err = err
	j.mu.Unlock()
	j.failed(err)
}
