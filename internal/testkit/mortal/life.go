// Package mortal gives tests a process that may be killed at any write to its store and at any request to its target:
// before it, or after it was carried out and before anybody learned that it was. What comes of a dead process is nothing.
// It is imported by tests alone.
package mortal

import (
	"errors"
	"sync/atomic"
)

// Life is that of one process.
type Life struct {
	After  bool   // it dies after what it dies at was carried out, not before
	Cancel func() // calls off what the process is doing when it dies; may be nil
	Steal  func() // instead of dying at a write it loses its claim there; nil: it dies

	dead     atomic.Bool
	writes   atomic.Int64 // writes to the store until it dies; below zero: it does not
	requests atomic.Int64 // likewise requests to the target
}

// ErrKilled is what a dead process learns of whatever it still tries.
var ErrKilled = errors.New("killed")

// New is a life without an end in sight.
func New() *Life {
	l := &Life{}
	l.Spare()
	return l
}

// Spare lets the process live, whatever was to come.
func (l *Life) Spare() {
	l.writes.Store(-1)
	l.requests.Store(-1)
	l.Steal = nil
}

// DieAtWrite has it die at a write to its store: 0 is the next one.
func (l *Life) DieAtWrite(n int) { l.writes.Store(int64(n)) }

// DieAtRequest has it die at a request to its target: 0 is the next one.
func (l *Life) DieAtRequest(n int) { l.requests.Store(int64(n)) }

// Dead tells whether it was killed.
func (l *Life) Dead() bool { return l.dead.Load() }

func (l *Life) die() {
	l.dead.Store(true)
	if l.Cancel != nil {
		l.Cancel()
	}
}

// due counts down and tells whether the end has come.
func due(left *atomic.Int64) bool { return left.Load() >= 0 && left.Add(-1) == -1 }
