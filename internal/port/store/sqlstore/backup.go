package sqlstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Backup writes a copy of this moment that opens as a store, readable by its owner alone. Nobody has to wait for it.
func (s *Store) Backup(ctx context.Context, path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return fmt.Errorf("the backup is not made: %s is there already", path)
	}
	if err != nil {
		return fmt.Errorf("the backup is not made: %w", err)
	}
	defer f.Close()
	err = s.copy(ctx, path)
	if err == nil {
		err = f.Sync()
	}
	if err == nil {
		err = syncFolder(path)
	}
	if err != nil {
		return fmt.Errorf("the backup is not made: %w", errors.Join(err, os.Remove(path)))
	}
	return nil
}

// copy takes a connection of its own: the readers' may not write, not even elsewhere, and the writer is wanted.
func (s *Store) copy(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(s.path, write))
	if err != nil {
		return err
	}
	defer db.Close()
	_, err = db.ExecContext(ctx, `VACUUM INTO $1`, path)
	return err
}

// syncFolder makes the name of a new file last.
func syncFolder(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
