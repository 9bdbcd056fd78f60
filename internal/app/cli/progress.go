package cli

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"golang.org/x/term"

	"github.com/rollcall/rollcall/internal/app/cli/text"
)

// bar draws how far a long step is, on one line of standard error that is wiped at the end. It shows nothing where
// standard error is no terminal, and nothing for what is done before anybody could have read it.
type bar struct {
	mu    sync.Mutex
	w     io.Writer
	width int
	now   func() time.Time
	since time.Time
	last  time.Time
	shown bool
}

const (
	barPatience = 400 * time.Millisecond
	barEvery    = 100 * time.Millisecond
)

// newBar gives nil where nothing should be drawn; a nil bar is silent.
func newBar(s Streams) *bar {
	fd, tty := terminal(s.Err)
	if !tty || s.Env("TERM") == "dumb" {
		return nil
	}
	width := 80
	if n, _, err := term.GetSize(fd); err == nil && n > 20 {
		width = min(n, 100)
	}
	return &bar{w: s.Err, width: width, now: time.Now, since: time.Now()}
}

// draw is an engine.Progress.
func (b *bar) draw(step string, done, total int64) {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	if now.Sub(b.since) < barPatience || now.Sub(b.last) < barEvery {
		return
	}
	b.last, b.shown = now, true
	_, _ = io.WriteString(b.w, "\r\x1b[K"+barLine(text.Clean(step), done, total, b.width))
}

// wipe removes the bar before the answer is printed.
func (b *bar) wipe() {
	if b == nil {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.shown {
		_, _ = io.WriteString(b.w, "\r\x1b[K")
		b.shown = false
	}
}

func barLine(step string, done, total int64, width int) string {
	if total <= 0 {
		return step
	}
	done = min(max(done, 0), total)
	tail := fmt.Sprintf(" %3d %%", done*100/total)
	room := width - text.Width(step) - len(tail) - 4
	if room < 5 {
		return step + tail
	}
	full := int(done * int64(room) / total)
	return step + " [" + strings.Repeat("=", full) + strings.Repeat(" ", room-full) + "]" + tail
}
