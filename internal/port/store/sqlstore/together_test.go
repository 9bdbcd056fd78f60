package sqlstore

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
)

func openTogether(t *testing.T) *Store {
	t.Helper()
	s, err := Open(t.Context(), filepath.Join(t.TempDir(), "rollcall.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// note writes a number of its own.
func note(t *tx, name string) error {
	_, err := t.exec(`INSERT INTO counters (name, value) VALUES ($1, 1)`, name)
	return err
}

func noted(t *testing.T, s *Store) (n int) {
	t.Helper()
	if err := s.read.QueryRowContext(t.Context(), `SELECT count(*) FROM counters WHERE name LIKE 'note%'`).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAChangeThatFailsHalfwayTakesNothingElseBack(t *testing.T) {
	t.Parallel()
	s := openTogether(t)
	no := errors.New("no")
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() {
			err := s.together(t.Context(), func(t *tx) error {
				if err := note(t, fmt.Sprint("note", i)); err != nil {
					return err
				}
				if i%10 == 0 {
					return no
				}
				return nil
			})
			if failed := i%10 == 0; errors.Is(err, no) != failed || !failed && err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n := noted(t, s); n != 90 {
		t.Errorf("%d of 90 are kept", n)
	}
}

func TestAPanicIsThatOfWhoeverAskedForTheChange(t *testing.T) {
	t.Parallel()
	s := openTogether(t)
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			defer func() {
				if got := recover(); (got == "oh") != (i == 7) {
					t.Errorf("%d: %v", i, got)
				}
			}()
			if err := s.together(t.Context(), func(t *tx) error {
				if err := note(t, fmt.Sprint("note", i)); err != nil {
					return err
				}
				if i == 7 {
					panic("oh")
				}
				return nil
			}); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	all.Wait()
	if n := noted(t, s); n != 19 {
		t.Errorf("%d of 19 are kept", n)
	}
}

func TestAChangeThatNobodyHasBegunCanBeGivenUp(t *testing.T) {
	t.Parallel()
	s := openTogether(t)
	<-s.w.turn // somebody else is writing
	ctx, stop := context.WithCancel(t.Context())
	stop()
	err := s.together(ctx, func(t *tx) error { return note(t, "note") })
	s.w.turn <- struct{}{}
	if !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if err := s.together(t.Context(), func(t *tx) error { return note(t, "note again") }); err != nil {
		t.Error(err)
	}
	if n := noted(t, s); n != 1 {
		t.Errorf("%d are kept", n)
	}
}

func TestAFailureOfTheFileIsTheFailureOfAllWhoWrite(t *testing.T) {
	t.Parallel()
	s := openTogether(t)
	if _, err := s.w.session.conn.ExecContext(t.Context(), `DROP TABLE inbox_types`); err != nil {
		t.Fatal(err)
	}
	err := s.together(t.Context(), func(t *tx) error {
		_, err := t.number()
		t.inbox.add(&kind{num: 1}, 1, 0)
		return errors.Join(err, note(t, "note"))
	})
	if err == nil || noted(t, s) != 0 {
		t.Errorf("%v, %d are kept", err, noted(t, s))
	}
}
