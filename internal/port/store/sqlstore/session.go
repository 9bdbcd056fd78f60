package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
)

// session is a connection with its prepared statements. One goroutine at a time has it.
type session struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func newSession(ctx context.Context, db *sql.DB) (*session, error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	return &session{conn, map[string]*sql.Stmt{}}, nil
}

func (s *session) close() error {
	var errs []error
	for _, stmt := range s.stmts {
		errs = append(errs, stmt.Close())
	}
	return errors.Join(append(errs, s.conn.Close())...)
}

// pool is a few sessions for reading, each made when it is needed first. Their statements are prepared once: for a question
// that takes 20 microseconds, to prepare it takes longer.
type pool struct {
	db   *sql.DB
	free chan *session // nil: not made yet
	once sync.Once
	err  error
}

// lookers is how many sessions there are.
const lookers = 4

func newPool(db *sql.DB) *pool {
	p := &pool{db: db, free: make(chan *session, lookers)}
	for range lookers {
		p.free <- nil
	}
	return p
}

// take gives a session, which must be put back into free; over is closed when there will be none.
func (p *pool) take(ctx context.Context, over <-chan struct{}) (*session, error) {
	select {
	case s := <-p.free:
		if s != nil {
			return s, nil
		}
		s, err := newSession(ctx, p.db)
		if err != nil {
			p.free <- nil
		}
		return s, err
	case <-over:
		return nil, errClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// close waits for whoever has a session; nobody gets one after it.
func (p *pool) close() error {
	p.once.Do(func() {
		for range lookers {
			if s := <-p.free; s != nil {
				p.err = errors.Join(p.err, s.close())
			}
		}
	})
	return p.err
}

// asker asks a session. It lives as long as one call, and therefore holds its context.
type asker struct {
	*session
	ctx context.Context
}

func (a asker) prepare(text string) (*sql.Stmt, error) {
	if s := a.stmts[text]; s != nil {
		return s, nil
	}
	s, err := a.conn.PrepareContext(a.ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%w in: %s", err, text)
	}
	a.stmts[text] = s
	return s, nil
}

// exec runs a statement and gives how many rows it changed.
func (a asker) exec(text string, args ...any) (int64, error) {
	s, err := a.prepare(text)
	if err != nil {
		return 0, err
	}
	r, err := s.ExecContext(a.ctx, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

func (a asker) row(text string, args ...any) scanner {
	s, err := a.prepare(text)
	if err != nil {
		return failed{err}
	}
	return s.QueryRowContext(a.ctx, args...)
}

// each runs a query and calls take for every row. take must not ask.
func (a asker) each(text string, take func(scanner) error, args ...any) error {
	s, err := a.prepare(text)
	if err != nil {
		return err
	}
	rows, err := s.QueryContext(a.ctx, args...)
	if err != nil {
		return err
	}
	return drain(rows, take)
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
