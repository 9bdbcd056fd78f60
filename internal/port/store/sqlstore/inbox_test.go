package sqlstore_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/inbox/inboxtest"
)

func TestTheInboxOfAFilePassesTheSuite(t *testing.T) {
	t.Parallel()
	inboxtest.Run(t, func(t *testing.T) inbox.Inbox {
		t.Helper()
		s := open(t, filepath.Join(t.TempDir(), "rollcall.db"))
		t.Cleanup(func() {
			if wrong, err := s.Check(context.WithoutCancel(t.Context())); err != nil || len(wrong) > 0 {
				t.Errorf("the store says of itself: %v %v", wrong, err)
			}
		})
		return s.Inbox()
	})
}
