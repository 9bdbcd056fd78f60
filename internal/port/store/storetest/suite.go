// Package storetest is the suite that every store must pass: what package store promises, as sentences. A store is
// tested with one call:
//
//	storetest.Run(t, func(t *testing.T) store.Store { … })
package storetest

import (
	"testing"

	"github.com/rollcall/rollcall/internal/port/store"
)

// Run runs the suite. open gives an empty store, another one with every call, and closes it when its test ends.
func Run(t *testing.T, open func(*testing.T) store.Store) {
	t.Helper()
	for _, chapter := range []struct {
		name      string
		sentences []sentence
	}{
		{"leases", leases},
		{"runs", runs},
		{"ledger", entries},
		{"settlements", settlements},
		{"search", searches},
		{"links", links},
		{"mirrors", mirrors},
		{"readings", readings},
		{"edits", edits},
		{"holds", holds},
		{"roll calls", rollCalls},
		{"upkeep", upkeep},
	} {
		t.Run(chapter.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range chapter.sentences {
				t.Run(s.text, func(t *testing.T) {
					t.Parallel()
					b := start(t, open(t))
					s.holds(b)
					b.sound()
				})
			}
		})
	}
}

// sentence is one promise.
type sentence struct {
	text  string
	holds func(*bench)
}
