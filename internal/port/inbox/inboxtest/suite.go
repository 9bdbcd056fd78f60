// Package inboxtest is the suite that every inbox must pass: what package inbox promises, as sentences. An inbox is tested
// with one call:
//
//	inboxtest.Run(t, func(t *testing.T) inbox.Inbox { … })
package inboxtest

import (
	"testing"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Run runs the suite. open gives an empty inbox, another one with every call, and closes it when its test ends.
func Run(t *testing.T, open func(*testing.T) inbox.Inbox) {
	t.Helper()
	for _, chapter := range []struct {
		name      string
		sentences []sentence
	}{
		{"directories", directories},
		{"resources", resources},
		{"uniqueness", uniqueness},
		{"members", members},
		{"all at once", atOnce},
		{"lists", lists},
		{"model", models},
		{"history", histories},
		{"changes", changes},
		{"tokens", tokens},
		{"requests", requests},
	} {
		t.Run(chapter.name, func(t *testing.T) {
			t.Parallel()
			for _, s := range chapter.sentences {
				t.Run(s.text, func(t *testing.T) {
					t.Parallel()
					s.holds(start(t, open(t)))
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
