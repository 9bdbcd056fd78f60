package compose

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// ownLinks records what is rollcall's, as its store remembers. Without a store, or before its first run, nothing is
// known of it.
func (l *live) ownLinks(ctx context.Context, to evidence.Recorder) (err error) {
	switch {
	case l.of.Method != document.Rollcall:
		return nil
	case l.within != nil && l.within.store == nil:
		return nil
	case l.within != nil:
		return linksOf(ctx, l.within.store, l.of.Name, to)
	case l.file.Store.SQLite == "":
		return nil
	}
	path := l.file.Locate(l.file.Store.SQLite)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil // looking makes no store
	}
	s, err := sqlstore.Open(ctx, path)
	if err != nil {
		return fmt.Errorf("opening the store %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if err := linksOf(ctx, s, l.of.Name, to); err != nil {
		return fmt.Errorf("the store %s: %w", path, err)
	}
	return nil
}

func linksOf(ctx context.Context, s store.Store, connection string, to evidence.Recorder) error {
	links, err := s.Links(ctx, connection)
	if err != nil {
		return fmt.Errorf("reading what is rollcall's: %w", err)
	}
	return store.RecordLinks(links, to)
}
