package compose

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// ownDocuments records what rollcall itself knows of a connection that it provisions: its rules, what is its own, what
// its last runs left undone. Looking makes no store: where there is none, none of its runs is known.
func (l *live) ownDocuments(ctx context.Context, to evidence.Recorder) (links []store.Link, err error) {
	if l.of.Method != document.Rollcall {
		return nil, nil
	}
	rules, err := written(l.file, l.of)
	if err != nil {
		return nil, err
	}
	object, err := json.Marshal(rules)
	if err != nil {
		return nil, fmt.Errorf("writing down rollcall's rules: %w", err)
	}
	if err := errors.Join(to.Add(document.OwnRulesFile, "", object), to.Whole(document.OwnRulesFile)); err != nil {
		return nil, err
	}
	switch {
	case l.within != nil && l.within.store != nil:
		return ownMemory(ctx, l.within.store, l.of.Name, to)
	case l.within != nil, l.file.Store.SQLite == "":
		return nil, nothingOwn(to)
	}
	path := l.file.Locate(l.file.Store.SQLite)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return nil, nothingOwn(to)
	}
	s, err := sqlstore.Open(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("opening the store %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, s.Close()) }()
	if links, err = ownMemory(ctx, s, l.of.Name, to); err != nil {
		return nil, fmt.Errorf("the store %s: %w", path, err)
	}
	return links, nil
}

// nothingOwn records that no run is known.
func nothingOwn(to evidence.Recorder) error {
	return errors.Join(to.Whole(document.OwnLinks), to.Whole(document.OwnRuns), to.Whole(document.OwnLog))
}

// ownMemory records what the store knows of the connection, and gives what is rollcall's.
func ownMemory(ctx context.Context, s store.Store, connection string, to evidence.Recorder) ([]store.Link, error) {
	links, err := s.Links(ctx, connection)
	if err != nil {
		return nil, fmt.Errorf("reading what is rollcall's: %w", err)
	}
	if err := store.RecordLinks(links, to); err != nil {
		return nil, err
	}
	return links, store.RecordLog(ctx, s, connection, to)
}
