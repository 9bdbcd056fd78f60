package sqlstore_test

import (
	"bytes"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

func TestAStoreIsReadByItsOwnerAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rollcall.db")
	s := open(t, path)
	fill(t, s)
	files, err := filepath.Glob(path + "*")
	if err != nil || len(files) != 3 {
		t.Fatalf("the file and its two companions are wanted: %v, %v", files, err)
	}
	for _, f := range files {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v", f, info.Mode())
		}
	}
}

func TestAStoreIsThereWhenItIsOpenedAgain(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a b?c#d%20e.db") // any name that a file may have
	s, err := sqlstore.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	filled(t, open(t, path))
	if left, err := filepath.Glob(filepath.Dir(path) + "/*"); err != nil || len(left) == 0 || left[0] != path {
		t.Errorf("it was written elsewhere: %v, %v", left, err)
	}
}

func TestAStoreIsOpenedByARelativePath(t *testing.T) { //nolint:paralleltest // the folder is that of the process
	t.Chdir(t.TempDir())
	fill(t, open(t, "rollcall.db"))
	if _, err := os.Stat("rollcall.db"); err != nil {
		t.Error(err)
	}
}

func TestTwoProcessesShareAStore(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rollcall.db")
	one, two := open(t, path), open(t, path) // as two processes: they share no connection and no memory
	f := fill(t, one)
	filled(t, two)
	_, ok, holder, _, err := two.Claim(t.Context(), "acme", "two", noon, time.Minute)
	if err != nil || ok || holder != "one" {
		t.Errorf("ok %v, holder %q, %v", ok, holder, err)
	}
	g, ok, _, _, err := two.Claim(t.Context(), "fabrikam", "two", noon, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	failed := make(chan error, 2)
	for _, w := range []struct {
		s store.Store
		f store.Fence
	}{{one, f}, {two, g}} {
		go func() {
			var err error
			for i := 0; i < 50 && err == nil; i++ {
				err = w.s.PutLinks(t.Context(), w.f, []store.Link{{Kind: "user", Source: string(rune('a' + i)), Target: "t"}})
			}
			failed <- err
		}()
	}
	for range 2 {
		if err := <-failed; err != nil {
			t.Error(err)
		}
	}
}

func TestABackupIsAStoreOfThatMoment(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rollcall.db"))
	f := fill(t, s)
	copied := filepath.Join(t.TempDir(), "backup.db")
	if err := s.Backup(t.Context(), copied); err != nil {
		t.Fatal(err)
	}
	if err := s.PutLinks(t.Context(), f, []store.Link{{Kind: "user", Source: "later", Target: "x"}}); err != nil {
		t.Fatal(err)
	}
	filled(t, open(t, copied))
}

func TestATemporaryStoreLeavesNothing(t *testing.T) { //nolint:paralleltest // the environment is that of the process
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	s, err := sqlstore.Open(t.Context(), "")
	if err != nil {
		t.Fatal(err)
	}
	fill(t, s)
	if made, err := os.ReadDir(dir); err != nil || len(made) != 1 {
		t.Errorf("%v, %v", made, err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}

func TestWhatIsNoStoreOfOursIsRefusedAndLeftAlone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	newer := filepath.Join(dir, "newer.db")
	fill(t, open(t, newer))
	execute(t, newer, `INSERT INTO schema_versions (version_id, is_applied) VALUES (99, 1)`)
	foreign := filepath.Join(dir, "foreign.db")
	execute(t, foreign, `CREATE TABLE bookmarks (url TEXT)`)
	text := filepath.Join(dir, "text.db")
	if err := os.WriteFile(text, []byte(strings.Repeat("connections: []\n", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for path, words := range map[string][]string{
		newer:                            {newer, "newer rollcall", "version 99", "knows 5"},
		foreign:                          {foreign, "another program"},
		text:                             {text, "not a database"},
		dir:                              {dir},
		filepath.Join(dir, "no", "x.db"): {"cannot be made", "no such file"},
	} {
		before, _ := os.ReadFile(path)
		s, err := sqlstore.Open(t.Context(), path)
		if err == nil {
			t.Errorf("%s was opened: %v", path, s.Close())
			continue
		}
		for _, w := range words {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: the error does not say %q: %v", path, w, err)
			}
		}
		if after, _ := os.ReadFile(path); path != newer && !bytes.Equal(after, before) {
			t.Errorf("%s was changed", path)
		}
	}
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// fill writes a link and a mirror.
func fill(t *testing.T, s store.Store) store.Fence {
	t.Helper()
	f, ok, _, _, err := s.Claim(t.Context(), "acme", "one", noon, time.Minute)
	if err != nil || !ok {
		t.Fatal(ok, err)
	}
	if err := s.PutLinks(t.Context(), f, []store.Link{{Kind: "user", Source: "ada", Target: "t1"}}); err != nil {
		t.Fatal(err)
	}
	r, err := s.Reading(t.Context(), f, store.Source)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Put(document.Users, "ada", []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	if err := r.Keep(t.Context(), "here", noon); err != nil {
		t.Fatal(err)
	}
	return f
}

// filled expects what fill wrote, and nothing wrong.
func filled(t *testing.T, s store.Store) {
	t.Helper()
	links, err := s.Links(t.Context(), "acme")
	if diff := cmp.Diff([]store.Link{{Kind: "user", Source: "ada", Target: "t1"}}, links); diff != "" || err != nil {
		t.Errorf("links: %s%v", diff, err)
	}
	c, at, _, err := s.Cursor(t.Context(), "acme", store.Source)
	if c != "here" || !at.Equal(noon) || err != nil {
		t.Errorf("cursor %q at %v: %v", c, at, err)
	}
	if wrong, err := s.Check(t.Context()); len(wrong) > 0 || err != nil {
		t.Errorf("check: %v %v", wrong, err)
	}
}

// execute runs a statement behind the store's back.
func execute(t *testing.T, path, text string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), text); err != nil {
		t.Fatal(err)
	}
}

func TestManyMayMakeTheSameStoreAtOnce(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rollcall.db")
	made := make(chan error, 6)
	for range cap(made) {
		go func() {
			s, err := sqlstore.Open(t.Context(), path)
			if err == nil {
				err = s.Close()
			}
			made <- err
		}()
	}
	for range cap(made) {
		if err := <-made; err != nil {
			t.Error(err)
		}
	}
	fill(t, open(t, path))
}

func TestAClosedStoreSaysSo(t *testing.T) {
	t.Parallel()
	s, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "rollcall.db"))
	if err != nil {
		t.Fatal(err)
	}
	f := fill(t, s)
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutLinks(t.Context(), f, nil); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("written: %v", err)
	}
	if _, err := s.Links(t.Context(), "acme"); err == nil {
		t.Error("read")
	}
}
