package sqlstore

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"

	"github.com/pressly/goose/v3"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

//go:embed migrations
var migrations embed.FS

// mark is SQLite's application_id of our files: "roll".
const mark = 0x726f6c6c

// create makes an empty file that only its owner can read; SQLite gives its two companions the same mode. A file that
// is there is not opened: closing it would take away the locks of another store in this process.
func create(path string) error {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("the store cannot be made: %w", err)
	}
	return f.Close()
}

// use is what a connection is for.
type use uint8

const (
	look  use = iota // whether the file is ours
	read             // never to write
	write            // to write what must last
	scrap            // to write what need not
)

// Indexes of people are written all over: with 64 MB of them at hand, and the log of writes copied back every 40 MB
// instead of every 4, half of the system calls are saved.
const (
	big        = "cache_size(-65536)"
	checkpoint = "wal_autocheckpoint(10000)"
)

// dsn names the file and how it is used. Without an immediate transaction, one that reads before it writes fails with
// "busy" whenever another process writes, whatever the timeout.
func dsn(path string, u use) string {
	pragmas := []string{"busy_timeout(30000)"}
	switch u {
	case read:
		pragmas = append(pragmas, "query_only(1)", "cache_size(-16384)")
	case write:
		pragmas = append(pragmas, "journal_mode(wal)", "synchronous(full)", big, checkpoint)
	case scrap:
		pragmas = append(pragmas, "journal_mode(wal)", "synchronous(off)", big, checkpoint)
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}.Encode()}).String()
}

// migrate brings the schema up to date.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	if err := sign(ctx, db); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	folder, err := fs.Sub(migrations, "migrations/sqlite")
	if err != nil {
		return err
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, folder,
		goose.WithTableName("schema_versions"), goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return err
	}
	for {
		have, want, err := p.GetVersions(ctx)
		switch {
		case err != nil:
			return fmt.Errorf("%s: reading the version of the store: %w", path, err)
		case have > want:
			return fmt.Errorf("%s was made by a newer rollcall (version %d of the store; this program knows %d): use the newer program, or a backup from before its update", path, have, want)
		case have == want:
			return nil
		}
		if _, err = p.Up(ctx); err == nil {
			return nil
		}
		// Another process may be doing the same, and be some versions further: then we go on from there. Every round gets
		// further, so there is an end.
		if now, _, again := p.GetVersions(ctx); again != nil || now <= have {
			return fmt.Errorf("%s: bringing the store from version %d to %d: %w", path, have, want, err)
		}
	}
}

// ours refuses files that are something else. It writes nothing, not even which journal is to be used.
func ours(ctx context.Context, path string) error {
	db, err := sql.Open("sqlite", dsn(path, look))
	if err != nil {
		return err
	}
	defer db.Close()
	var id, tables int
	if err := db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_master)`).Scan(&id, &tables); err != nil {
		return fmt.Errorf("%s cannot be opened as a store of rollcall: %w", path, err)
	}
	if id != mark && (id != 0 || tables > 0) {
		return fmt.Errorf("%s is a database of another program, not a store of rollcall", path)
	}
	return nil
}

// sign marks an empty file as ours. It is the first thing that is written: another process that opens the file in the
// middle of this must know it.
func sign(ctx context.Context, db *sql.DB) error {
	var id int
	if err := db.QueryRowContext(ctx, `SELECT application_id FROM pragma_application_id`).Scan(&id); err != nil || id == mark {
		return err
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", mark))
	return err
}
