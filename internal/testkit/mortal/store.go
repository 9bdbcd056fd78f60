package mortal

import (
	"context"
	"time"

	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
)

// Store is a store as a mortal process has it.
type Store struct {
	store.Store
	Life *Life
}

// write is one write to the store. What a process that was killed had begun is finished: a transaction is all or nothing.
func (l *Life) write(do func() error) error {
	if l.dead.Load() {
		return ErrKilled
	}
	if !due(&l.writes) {
		return do()
	}
	if l.Steal != nil {
		l.Steal()
		return do()
	}
	l.die()
	if l.After {
		_ = do()
	}
	return ErrKilled
}

// Intend implements store.Store.
func (m *Store) Intend(ctx context.Context, f store.Fence, e []ledger.Entry) (out []int64, err error) {
	err = m.Life.write(func() error { out, err = m.Store.Intend(context.WithoutCancel(ctx), f, e); return err })
	return out, err
}

// Settle implements store.Store.
func (m *Store) Settle(ctx context.Context, f store.Fence, d []store.Settlement) error {
	return m.Life.write(func() error { return m.Store.Settle(context.WithoutCancel(ctx), f, d) })
}

// BeginRun implements store.Store.
func (m *Store) BeginRun(ctx context.Context, f store.Fence, r ledger.Run) error {
	return m.Life.write(func() error { return m.Store.BeginRun(context.WithoutCancel(ctx), f, r) })
}

// EndRun implements store.Store.
func (m *Store) EndRun(ctx context.Context, f store.Fence, r ledger.Run) error {
	return m.Life.write(func() error { return m.Store.EndRun(context.WithoutCancel(ctx), f, r) })
}

// PutHolds implements store.Store.
func (m *Store) PutHolds(ctx context.Context, f store.Fence, command string, h []store.Hold) error {
	return m.Life.write(func() error { return m.Store.PutHolds(context.WithoutCancel(ctx), f, command, h) })
}

// Release implements store.Store. The dead release nothing: their claim lasts until it expires.
func (m *Store) Release(ctx context.Context, f store.Fence) error {
	if m.Life.Dead() {
		return ErrKilled
	}
	return m.Store.Release(ctx, f)
}

// Reading implements store.Store.
func (m *Store) Reading(ctx context.Context, f store.Fence, side store.Side) (store.Reading, error) {
	if m.Life.Dead() {
		return nil, ErrKilled
	}
	r, err := m.Store.Reading(ctx, f, side)
	return &reading{r, m.Life}, err
}

type reading struct {
	store.Reading
	life *Life
}

// Keep implements store.Reading.
func (m *reading) Keep(ctx context.Context, c source.Cursor, at time.Time) error {
	return m.life.write(func() error { return m.Reading.Keep(context.WithoutCancel(ctx), c, at) })
}
