// Package sqlstore keeps everything that rollcall remembers in one SQLite file, without cgo. The statements are texts
// with $1 that PostgreSQL takes as they are; only the migrations are a dialect's own.
//
// There is one writer at a time. A write is one transaction, which changes of the inbox share, and is on disk when the call
// returns (WAL, synchronous FULL): a process, or a machine, that dies loses nothing that was told to be kept. Readers never
// wait for it.
package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"time"

	"github.com/rollcall/rollcall/internal/port/store"
)

// Store is a store in a file. It is for any number of goroutines, and for several processes at once.
type Store struct {
	path      string
	temporary string // folder that goes with the store; "": none

	read  *sql.DB // never writes
	looks *pool   // of read, for short questions
	write *sql.DB // its one connection is w's
	w     *writer
}

var _ store.Store = (*Store)(nil)

// readers is how many statements may read at once, beside the sessions of lookers.
const readers = 8

// Open opens the store at a path, or makes it: readable by its owner alone. An older store is brought up to date; one
// that a newer rollcall has made, and a file that is no store, are refused. With no path the store lives in a
// temporary file that Close removes, and is not forced onto the disk.
func Open(ctx context.Context, path string) (*Store, error) {
	s := &Store{path: path}
	if path == "" {
		dir, err := os.MkdirTemp("", "rollcall-")
		if err != nil {
			return nil, err
		}
		s.temporary, s.path = dir, dir+"/rollcall.db"
	}
	if err := s.open(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

func (s *Store) open(ctx context.Context) error {
	if err := create(s.path); err != nil {
		return err
	}
	if err := ours(ctx, s.path); err != nil {
		return err
	}
	u := write
	if s.temporary != "" {
		u = scrap
	}
	var err error
	if s.write, err = sql.Open("sqlite", dsn(s.path, u)); err != nil {
		return err
	}
	s.write.SetMaxOpenConns(1)
	if err := migrate(ctx, s.write, s.path); err != nil {
		return err
	}
	if s.read, err = sql.Open("sqlite", dsn(s.path, read)); err != nil {
		return err
	}
	s.read.SetMaxOpenConns(readers + lookers)
	s.read.SetMaxIdleConns(readers)
	s.looks = newPool(s.read)
	s.w, err = newWriter(ctx, s.write)
	return err
}

// Close closes the store once the write that is under way has ended. Later calls give an error; closing again does nothing.
func (s *Store) Close() error {
	var errs []error
	if s.w != nil {
		errs = append(errs, s.w.close())
	}
	if s.looks != nil {
		errs = append(errs, s.looks.close())
	}
	for _, db := range []*sql.DB{s.read, s.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	if s.temporary != "" {
		errs = append(errs, os.RemoveAll(s.temporary))
	}
	return errors.Join(errs...)
}

// nanos and moment are how times stand in the store: 0 is none.
func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func moment(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}
