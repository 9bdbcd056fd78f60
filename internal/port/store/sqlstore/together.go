package sqlstore

import (
	"context"
	"errors"
	"fmt"
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
	j := w.queue.take()
	if j == nil {
		return
	}
	t := w.tx(context.Background())
	begun, err := w.session.conn.BeginTx(t.ctx, nil)
	if err == nil {
		err = t.begin(nil)
	}
	var jobs []*job
	for ; j != nil; j = w.queue.take() {
		jobs = append(jobs, j)
		if err == nil {
			err = t.attempt(j)
		}
		if err != nil || len(jobs) == mostTogether {
			break
		}
	}
	if err == nil {
		err = t.inbox.write(t)
	}
	switch {
	case begun == nil:
	case err == nil:
		err = begun.Commit()
		fallthrough
	default:
		if err != nil {
			err = errors.Join(err, ignoreDone(begun.Rollback()))
		}
	}
	for _, j := range jobs {
		if err != nil && j.err == nil {
			j.err = fmt.Errorf("writing to the store: %w", err)
		}
		close(j.done)
	}
}

// attempt carries out one job. Its error is its own, and takes back what it did; that of attempt ends them all.
func (t *tx) attempt(j *job) error {
	if _, err := t.exec(`SAVEPOINT job`); err != nil {
		return err
	}
	before := t.inbox.mark()
	if j.err = t.call(j); j.err != nil || j.panicked != nil {
		t.inbox.undo(before)
		if _, err := t.exec(`ROLLBACK TO SAVEPOINT job`); err != nil {
			return err
		}
	}
	_, err := t.exec(`RELEASE SAVEPOINT job`)
	return err
}

func (t *tx) call(j *job) (err error) {
	defer func() { j.panicked = recover() }()
	return j.do(t)
}
