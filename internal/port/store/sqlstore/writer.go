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
	turn  chan struct{}
	over  chan struct{} // closed: the store is
	conn  *sql.Conn
	stmts map[string]*sql.Stmt

	subjects dictionary[subject]
	names    dictionary[name]
	pruned   int64 // as counters say: numbers that were remembered before are no longer good
}

func newWriter(ctx context.Context, db *sql.DB) (*writer, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	w := &writer{turn: make(chan struct{}, 1), over: make(chan struct{}), conn: conn, stmts: map[string]*sql.Stmt{}}
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
	var errs []error
	for _, s := range w.stmts {
		errs = append(errs, s.Close())
	}
	return errors.Join(append(errs, w.conn.Close())...)
}

// tx is a write under way. It lives as long as one call, and therefore holds its context.
type tx struct {
	*writer
	ctx context.Context
}

// change carries out one transaction. With a fence, it is refused when the lease was lost.
func (s *Store) change(ctx context.Context, f *store.Fence, do func(*tx) error) error {
	select {
	case <-s.w.turn:
	case <-s.w.over:
		return errors.New("the store is closed")
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { s.w.turn <- struct{}{} }()

	// The transaction ends by us alone: were it rolled back as soon as ctx ends, the next statement would stand outside.
	begun, err := s.w.conn.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return fmt.Errorf("writing to the store: %w", err)
	}
	t := &tx{writer: s.w, ctx: ctx}
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

func (t *tx) prepare(text string) (*sql.Stmt, error) {
	if s := t.stmts[text]; s != nil {
		return s, nil
	}
	s, err := t.conn.PrepareContext(t.ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%w in: %s", err, text)
	}
	t.stmts[text] = s
	return s, nil
}

// exec runs a statement and gives how many rows it changed.
func (t *tx) exec(text string, args ...any) (int64, error) {
	s, err := t.prepare(text)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(t.ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (t *tx) row(text string, args ...any) scanner {
	s, err := t.prepare(text)
	if err != nil {
		return failed{err}
	}
	return s.QueryRowContext(t.ctx, args...)
}

// each runs a query and calls take for every row. take must not use t.
func (t *tx) each(text string, take func(scanner) error, args ...any) error {
	s, err := t.prepare(text)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(t.ctx, args...)
	if err != nil {
		return err
	}
	return drain(rows, take)
}

// next takes n numbers of a counter and gives the first.
func (t *tx) next(counter string, n int) (int64, error) {
	var last int64
	err := t.row(`UPDATE counters SET value = value + $2 WHERE name = $1 RETURNING value`, counter, n).Scan(&last)
	return last - int64(n) + 1, err
}

type scanner interface{ Scan(dest ...any) error }

type failed struct{ err error }

func (f failed) Scan(...any) error { return f.err }

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

func drain(rows *sql.Rows, take func(scanner) error) error {
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
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
