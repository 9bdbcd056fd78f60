package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/port/store"
)

// writer is the one connection that writes. Whoever has its turn has it alone, with its prepared statements and what
// it remembers of numbers.
type writer struct {
	turn    chan struct{}
	over    chan struct{} // closed: the store is
	session *session
	queue   queue // of those who write together

	subjects dictionary[subject]
	names    dictionary[name]
	pruned   int64 // as counters say: numbers that were remembered before are no longer good
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	s, err := newSession(ctx, db)
	if err != nil {
		return nil, err
	}
	w := &writer{turn: make(chan struct{}, 1), over: make(chan struct{}), session: s}
	w.turn <- struct{}{}
	return w, nil
}

// close waits for the write that is under way; nobody gets a turn after it.
func (w *writer) close() error {
	select {
	case <-w.turn:
	case <-w.over:
		return nil
	}
	close(w.over)
	return w.session.close()
}

// tx is a write under way.
type tx struct {
	asker
	*writer
	wrote bool // anything since this was set to false
	inbox inboxNumbers
}

// exec runs a statement that writes, and gives how many rows it changed.
func (t *tx) exec(text string, args ...any) (int64, error) {
	t.wrote = true
	return t.asker.exec(text, args...)
}

func (w *writer) tx(ctx context.Context) *tx { return &tx{asker: asker{w.session, ctx}, writer: w} }

// errClosed is what later calls get.
var errClosed = errors.New("the store is closed")

// change carries out one transaction. With a fence, it is refused when the lease was lost.
func (s *Store) change(ctx context.Context, f *store.Fence, do func(*tx) error) error {
	select {
	case <-s.w.turn:
	case <-s.w.over:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.w.turn <- struct{}{} }()

	// The transaction ends by us alone: were it rolled back as soon as ctx ends, the next statement would stand outside.
	begun, err := s.w.session.conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("writing to the store: %w", err)
	}
	t := s.w.tx(ctx)
	err = t.begin(f)
	if err == nil {
		err = do(t)
	}
	if err == nil {
		err = begun.Commit()
	}
	if err != nil {
		s.w.subjects.undo()
		s.w.names.undo()
		return errors.Join(err, ignoreDone(begun.Rollback()))
	}
	s.w.subjects.keep()
	s.w.names.keep()
	return nil
}

func ignoreDone(err error) error {
	// SQLite may have rolled back by itself: after an interruption, or on a full disk.
	if err == nil || errors.Is(err, sql.ErrTxDone) || strings.Contains(err.Error(), "no transaction is active") {
		return nil
	}
	return err
}

func (t *tx) begin(f *store.Fence) error {
	var pruned int64
	if err := t.row(`SELECT value FROM counters WHERE name = 'pruned'`).Scan(&pruned); err != nil {
		return err
	}
	if pruned != t.pruned { // by this process or another
		t.subjects.clear()
		t.names.clear()
		t.pruned = pruned
	}
	if f == nil {
		return nil
	}
	// An update, not a look: it keeps the lease where it is until the transaction ends, in any database.
	n, err := t.exec(`UPDATE leases SET token = token WHERE connection = $1 AND token = $2`, f.Connection, f.Token)
	if err == nil && n == 0 {
		return fmt.Errorf("%s: %w", f.Connection, store.ErrFenced)
	}
	return err
}

// next takes n numbers of a counter and gives the first.
func (t *tx) next(counter string, n int) (int64, error) {
	var last int64
	err := t.row(`UPDATE counters SET value = value + $2 WHERE name = $1 RETURNING value`, counter, n).Scan(&last)
	return last - int64(n) + 1, err
}

// bulk inserts many rows with few statements.
type bulk struct {
	t          *tx
	head, tail string // around the values
	width      int
	args       []any
}

// bulkRows is how many rows one statement inserts. Measured: with more, the driver spends what is gained on finding the
// parameters by their names.
const bulkRows = 16

func (t *tx) bulk(head string, width int, tail string) *bulk {
	return &bulk{t: t, head: head, width: width, tail: tail}
}

func (b *bulk) add(row ...any) error {
	b.args = append(b.args, row...)
	if len(b.args) < bulkRows*b.width {
		return nil
	}
	return b.flush()
}

func (b *bulk) flush() error {
	rows := len(b.args) / b.width
	// Whole statements are prepared once and for all; of the rest there are four sizes, not fifteen.
	for at := 0; rows > 0; {
		n := bulkRows
		for n > rows {
			n /= 2
		}
		if _, err := b.t.exec(b.text(n), b.args[at:at+n*b.width]...); err != nil {
			return err
		}
		at, rows = at+n*b.width, rows-n
	}
	clear(b.args)
	b.args = b.args[:0]
	return nil
}

func (b *bulk) text(rows int) string {
	var s strings.Builder
	s.WriteString(b.head)
	n := 0
	for r := range rows {
		s.WriteString([]string{" VALUES (", ", ("}[min(r, 1)])
		for c := range b.width {
			n++
			if c > 0 {
				s.WriteString(", ")
			}
			s.WriteString("$" + strconv.Itoa(n))
		}
		s.WriteString(")")
	}
	s.WriteString(" " + b.tail)
	return s.String()
}
