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

// journal writes the log of requests. One goroutine does, many at once, so that no request waits for a disk, nor wakes
// anybody. A queue that is full drops what comes, and counts it.
type journal struct {
	to      inbox.Inbox
	log     *slog.Logger
	dropped atomic.Int64
	minutes map[string]time.Time // in which a token's use was noted last

	mu    sync.Mutex
	queue []note
	ended bool

	some chan struct{} // there is something in the queue
	half chan struct{} // the queue is half full: write now
	stop chan struct{} // closed at the end
	done chan struct{} // closed when everything is written
}

// note is a request, and whether its token was let in.
type note struct {
	inbox.Request
	used bool
}

const (
	queued = 4096                  // requests that may wait to be written
	linger = 50 * time.Millisecond // for which the first one waits for others to come
)

func newJournal(to inbox.Inbox, log *slog.Logger) *journal {
	j := &journal{
		to: to, log: log, minutes: map[string]time.Time{},
		some: make(chan struct{}, 1), half: make(chan struct{}, 1), stop: make(chan struct{}), done: make(chan struct{}),
	}
	go j.run()
	return j
}

// add puts a request into the queue, without waiting.
func (j *journal) add(n *note) {
	n.Path, n.Query, n.Agent, n.Reason = bounded(clean(n.Path)), bounded(clean(n.Query)), bounded(clean(n.Agent)), bounded(clean(n.Reason))
	n.ID, n.Name = bounded(clean(n.ID)), bounded(clean(n.Name))
	j.mu.Lock()
	waiting := len(j.queue)
	if j.ended {
		waiting = queued // nobody writes any more
	}
	if waiting < queued {
		j.queue = append(j.queue, *n)
	}
	j.mu.Unlock()
	switch waiting {
	case 0:
		signal(j.some)
	case queued / 2:
		signal(j.half)
	case queued:
		if j.dropped.Add(1)%queued == 1 {
			j.log.Warn("requests are missing from the log of requests, which cannot be written as fast", "missing", j.dropped.Load())
		}
	}
}

func signal(to chan struct{}) {
	select {
	case to <- struct{}{}:
	default:
	}
}

// run writes what is in the queue, again and again.
func (j *journal) run() {
	defer close(j.done)
	var batch []note
	var requests []inbox.Request
	for ended := false; !ended; {
		select {
		case <-j.some:
			timer := time.NewTimer(linger)
			select {
			case <-timer.C:
			case <-j.half:
			case <-j.stop:
			}
			timer.Stop()
		case <-j.stop:
		}
		j.mu.Lock()
		batch, j.queue = j.queue, batch[:0]
		ended = j.ended
		j.mu.Unlock()
		requests = requests[:0]
		for i := range batch {
			requests = append(requests, batch[i].Request)
			j.use(&batch[i])
		}
		if len(requests) > 0 {
			j.write(requests)
		}
	}
}

func (j *journal) write(all []inbox.Request) {
	// The clients are gone; what they did is to be written all the same.
	if err := j.to.PutRequests(context.Background(), all); err != nil {
		j.dropped.Add(int64(len(all)))
		j.log.Error("the log of requests could not be written", "requests", len(all), "error", err)
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
	j.mu.Lock()
	first := !j.ended
	j.ended = true
	j.mu.Unlock()
	if first {
		close(j.stop)
	}
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
