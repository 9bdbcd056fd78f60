package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// mostTogether is how many changes share a transaction at most.
const mostTogether = 256

// job is a small change that may share a transaction with others.
type job struct {
	do       func(*tx) error
	done     chan struct{}
	err      error
	panicked any // in do, which another goroutine may have called
}

// queue are the jobs that nobody has begun.
type queue struct {
	mu   sync.Mutex
	jobs []*job
}

func (q *queue) add(j *job) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.jobs = append(q.jobs, j)
}

// take gives the oldest job; nil if there is none.
func (q *queue) take() *job {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.jobs) == 0 {
		return nil
	}
	j := q.jobs[0]
	q.jobs = q.jobs[1:]
	return j
}

// remove tells whether it took the job out: false, if somebody has begun it.
func (q *queue) remove(j *job) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	for i := range q.jobs {
		if q.jobs[i] == j {
			q.jobs = append(q.jobs[:i:i], q.jobs[i+1:]...)
			return true
		}
	}
	return false
}

// together carries out a small change in one transaction with those of everybody who comes meanwhile: the disk is waited for
// once for all of them. Whoever gets the writer's turn does it for the others. A change that fails leaves the others
// alone; one that is begun is carried through, whatever becomes of ctx.
func (s *Store) together(ctx context.Context, do func(*tx) error) error {
	j := &job{do: do, done: make(chan struct{})}
	s.w.queue.add(j)
	for {
		select {
		case <-j.done:
			if j.panicked != nil {
				panic(j.panicked)
			}
			return j.err
		case <-s.w.turn:
			s.w.doAll()
			s.w.turn <- struct{}{}
		case <-s.w.over:
			if s.w.queue.remove(j) {
				return errClosed
			}
			<-j.done
		case <-ctx.Done():
			if s.w.queue.remove(j) {
				return ctx.Err()
			}
			<-j.done
		}
	}
}

// doAll carries out what waits and what comes while it does.
func (w *writer) doAll() {
	first := w.queue.take()
	if first == nil {
		return
	}
	jobs := []*job{first}
	err := w.attempt(func() *job {
		j := w.queue.take()
		if j != nil {
			jobs = append(jobs, j)
		}
		return j
	}, first)
	for errors.Is(err, errHalf) {
		left := slices.DeleteFunc(slices.Clone(jobs), func(j *job) bool { return j.err != nil || j.panicked != nil })
		if len(left) == 0 {
			err = nil
			break
		}
		at := 0
		err = w.attempt(func() *job {
			if at++; at < len(left) {
				return left[at]
			}
			return nil
		}, left[0])
	}
	for _, j := range jobs {
		if err != nil && j.err == nil {
			j.err = fmt.Errorf("writing to the store: %w", err)
		}
		close(j.done)
	}
}

// errHalf says that a job failed when it had written already.
var errHalf = errors.New("a change failed halfway")

// attempt carries out jobs in one transaction. A job that fails says so, and does not disturb the others unless it has
// written something: then all is taken back with errHalf, and the others are to be done again. Jobs look before they
// write, so that this is rare; a savepoint for each would cost every one of them a third of its time.
func (w *writer) attempt(next func() *job, j *job) error {
	t := w.tx(context.Background())
	begun, err := w.session.conn.BeginTx(t.ctx, nil)
	if err != nil {
		return err
	}
	err = t.begin(nil)
	for n := 0; j != nil && err == nil; n++ {
		before := t.inbox
		t.wrote = false
		if t.call(j); j.err != nil || j.panicked != nil {
			t.inbox = before
			if t.wrote {
				err = errHalf
			}
		}
		if j = nil; n < mostTogether {
			j = next()
		}
	}
	if err == nil {
		err = t.inbox.write(t)
	}
	if err == nil {
		err = begun.Commit()
	}
	if err != nil {
		return errors.Join(err, ignoreDone(begun.Rollback()))
	}
	return nil
}

func (t *tx) call(j *job) {
	defer func() { j.panicked = recover() }()
	j.err = j.do(t)
}
