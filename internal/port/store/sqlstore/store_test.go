package sqlstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
	"github.com/rollcall/rollcall/internal/port/store/storetest"
)

func TestAFilePassesTheSuite(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t *testing.T) store.Store { return open(t, filepath.Join(t.TempDir(), "rollcall.db")) })
}

// A write may be given up while SQLite is at it, which then rolls back by itself.
func TestAWriteThatIsGivenUpHalfwayIsAllOrNothing(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rollcall.db"))
	f := fill(t, s)
	const groups, each = 100, 50
	kept, given := 0, 0
	for wait := time.Millisecond; kept == 0 || given == 0; wait = wait * 3 / 2 {
		r, err := s.Reading(t.Context(), f, store.Target)
		if err != nil {
			t.Fatal(err)
		}
		for g := range groups {
			if err := r.Put(document.ScimGroups, fmt.Sprint(wait, g), []byte(`{}`)); err != nil {
				t.Fatal(err)
			}
			for m := range each {
				if err := r.Member(document.ScimGroups, fmt.Sprint(wait, g), fmt.Sprint(wait, m), "", true); err != nil {
					t.Fatal(err)
				}
			}
		}
		ctx, stop := context.WithTimeout(t.Context(), wait)
		if err = r.Keep(ctx, "", noon); err == nil {
			kept++
		} else {
			given++
		}
		stop()
		seen := &lines{}
		if err := s.Documents(t.Context(), "acme", store.Target, seen); err != nil {
			t.Fatal(err)
		}
		if len(seen.all) != kept*groups {
			t.Fatalf("after %v (%v) there are %d groups of %d readings", wait, err, len(seen.all), kept)
		}
	}
	filled(t, s)
}

func open(tb testing.TB, path string) *sqlstore.Store {
	tb.Helper()
	s, err := sqlstore.Open(tb.Context(), path)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() {
		if err := s.Close(); err != nil {
			tb.Error(err)
		}
	})
	return s
}
