package inbound

import (
	"context"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

// journal writes the log of requests. One goroutine does, many at once, so that no request waits for a disk. A queue that is
// full drops what comes, and counts it.
type journal struct {
	to      inbox.Inbox
	log     *slog.Logger
	queue   chan note
	dropped atomic.Int64
	done    chan struct{}
	closed  sync.Once
	minutes map[string]time.Time // in which a token's use was noted last
}

// note is a request, and whether its token was let in.
type note struct {
	inbox.Request
	used bool
}

const (
	queued  = 4096 // requests that wait to be written
	batched = 512  // that are written at once
)

func newJournal(to inbox.Inbox, log *slog.Logger) *journal {
	j := &journal{to: to, log: log, queue: make(chan note, queued), done: make(chan struct{}), minutes: map[string]time.Time{}}
	go j.write()
	return j
}

// add puts a request into the queue, without waiting.
func (j *journal) add(n note) {
	n.Path, n.Query, n.Agent, n.Reason = bounded(clean(n.Path)), bounded(clean(n.Query)), bounded(clean(n.Agent)), bounded(clean(n.Reason))
	n.ID, n.Name = bounded(clean(n.ID)), bounded(clean(n.Name))
	select {
	case j.queue <- n:
	default:
		if j.dropped.Add(1)%queued == 1 {
			j.log.Warn("requests are missing from the log of requests, which cannot be written as fast", "missing", j.dropped.Load())
		}
	}
}

// write takes what is in the queue, as much as there is, and writes it.
func (j *journal) write() {
	defer close(j.done)
	batch := make([]inbox.Request, 0, batched)
	for n := range j.queue {
		batch = append(batch[:0], n.Request)
		j.use(&n)
		for more := true; more && len(batch) < batched; {
			select {
			case n, open := <-j.queue:
				if more = open; open {
					batch = append(batch, n.Request)
					j.use(&n)
				}
			default:
				more = false
			}
		}
		// The clients are gone; what they did is to be written all the same.
		if err := j.to.PutRequests(context.Background(), batch); err != nil {
			j.dropped.Add(int64(len(batch)))
			j.log.Error("the log of requests could not be written", "requests", len(batch), "error", err)
		}
	}
}

// use notes when a token was used last, once a minute.
func (j *journal) use(n *note) {
	minute := n.At.Truncate(time.Minute)
	if !n.used || !minute.After(j.minutes[n.Token]) {
		return
	}
	j.minutes[n.Token] = minute
	if err := j.to.UsedToken(context.Background(), n.Token, minute, n.From); err != nil {
		j.log.Error("the use of a token could not be noted", "token", n.Token, "error", err)
	}
}

// close writes what is left.
func (j *journal) close() error {
	j.closed.Do(func() { close(j.queue) })
	<-j.done
	if n := j.dropped.Load(); n > 0 {
		return fmt.Errorf("%d requests are missing from the log of requests", n)
	}
	return nil
}

var (
	tokens    = regexp.MustCompile(`(rca?_[0-9A-Za-z]+_)[0-9A-Za-z_-]{16,}`)
	passwords = regexp.MustCompile(`(?i)((?:access_token|client_secret|password|token|secret)(?:=|%3d))[^&\s]+`)
)

// clean takes secrets out of what a client sent where none should be, such as a token in an address.
func clean(s string) string {
	if !strings.Contains(s, "rc") && !strings.Contains(s, "=") && !strings.Contains(s, "%3") {
		return s // what almost every request says, without the cost of looking closely
	}
	return passwords.ReplaceAllString(tokens.ReplaceAllString(s, "${1}…"), "${1}…")
}

const longest = 2048 // bytes of a text in the log

func bounded(s string) string {
	if len(s) <= longest {
		return s
	}
	return s[:longest] + "…"
}
