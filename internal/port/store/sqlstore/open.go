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

// dsn names the file and how it is used. Without an immediate transaction, one that reads before it writes fails with
// "busy" whenever another process writes, whatever the timeout.
func dsn(path string, durable, reading bool) string {
	pragmas := []string{"busy_timeout(30000)", "journal_mode(wal)", "cache_size(-65536)", "foreign_keys(1)"}
	switch {
	case reading:
		pragmas = []string{"busy_timeout(30000)", "query_only(1)", "cache_size(-16384)"}
	case durable:
		pragmas = append(pragmas, "synchronous(full)")
	default:
		pragmas = append(pragmas, "synchronous(off)")
	}
	return (&url.URL{Scheme: "file", OmitHost: true, Path: path, RawQuery: url.Values{"_pragma": pragmas, "_txlock": {"immediate"}}.Encode()}).String()
}

// migrate brings the schema up to date.
func migrate(ctx context.Context, db *sql.DB, path string) error {
	if err := ours(ctx, db, path); err != nil {
		return err
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
	have, want, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("%s: reading the version of the store: %w", path, err)
	}
	if have > want {
		return fmt.Errorf("%s was made by a newer rollcall (version %d of the store; this program knows %d): use the newer program, or a backup from before its update", path, have, want)
	}
	if have == want {
		return nil
	}
	if _, err := p.Up(ctx); err != nil {
		// Another process may have done the same at the same time; then it is done.
		if have, want, again := p.GetVersions(ctx); again == nil && have == want {
			return nil
		}
		return fmt.Errorf("%s: bringing the store from version %d to %d: %w", path, have, want, err)
	}
	return nil
}

// ours refuses files that are something else, before anything is written into them.
func ours(ctx context.Context, db *sql.DB, path string) error {
	var id, tables int
	if err := db.QueryRowContext(ctx, `SELECT (SELECT application_id FROM pragma_application_id), (SELECT count(*) FROM sqlite_master)`).Scan(&id, &tables); err != nil {
		return fmt.Errorf("%s cannot be opened as a store of rollcall: %w", path, err)
	}
	switch {
	case id == mark:
		return nil
	case id != 0 || tables > 0:
		return fmt.Errorf("%s is a database of another program, not a store of rollcall", path)
	}
	_, err := db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", mark))
	return err
}
