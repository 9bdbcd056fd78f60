package memory_test

import (
	"testing"

	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/inbox/inboxtest"
	"github.com/rollcall/rollcall/internal/port/inbox/memory"
)

func TestTheInboxInMemoryKeepsEveryPromise(t *testing.T) {
	t.Parallel()
	inboxtest.Run(t, func(*testing.T) inbox.Inbox { return &memory.Inbox{} })
}
