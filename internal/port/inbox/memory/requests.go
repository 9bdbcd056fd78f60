package memory

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// mostRequests are kept; older ones are forgotten, as memory has an end.
const mostRequests = 5_000

// log is a ring of requests: the one numbered n lies at (n-1) mod mostRequests. One that was forgotten has no number.
type log struct {
	ring  []inbox.Request
	last  int64 // seq
	first int64 // of those that are kept; 0: there are none
}

func (l *log) at(seq int64) *inbox.Request { return &l.ring[(seq-1)%mostRequests] }

// PutRequests keeps a batch.
func (b *Inbox) PutRequests(_ context.Context, all []inbox.Request) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	l := &b.requests
	for _, r := range all {
		l.last++
		r.Seq = l.last
		if len(l.ring) < mostRequests {
			l.ring = append(l.ring, r)
		} else {
			*l.at(r.Seq) = r
		}
		l.first = max(l.first, 1, l.last-mostRequests+1)
	}
	return nil
}

// Requests are those that fit, newest first.
func (b *Inbox) Requests(_ context.Context, q inbox.Log) ([]inbox.Request, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	l := &b.requests
	most := q.Limit
	if most <= 0 {
		most = 1000
	}
	from := l.last
	if q.Before > 0 {
		from = min(from, q.Before-1)
	}
	var out []inbox.Request
	for seq := from; seq >= l.first && seq > 0 && len(out) < most; seq-- {
		if r := l.at(seq); fits(r, &q) {
			out = append(out, *r)
		}
	}
	return out, nil
}

func fits(r *inbox.Request, q *inbox.Log) bool {
	switch {
	case r.Seq == 0,
		q.Directory != "" && r.Directory != q.Directory,
		q.Token != "" && r.Token != q.Token,
		q.ID != "" && r.ID != q.ID,
		q.Name != "" && scim.Fold(r.Name) != scim.Fold(q.Name),
		q.Refused && r.Status < 400,
		!q.From.IsZero() && r.At.Before(q.From),
		!q.Until.IsZero() && !r.At.Before(q.Until):
		return false
	}
	return true
}

// deed is something that was done to a resource of one directory at a moment.
type deed struct {
	id string
	at int64 // Unix, in nanoseconds
}

// deeds are the numbers of the requests about resources of a directory.
func (l *log) deeds(directory string) map[deed]int64 {
	out := map[deed]int64{}
	for seq := max(l.first, 1); seq <= l.last; seq++ {
		if r := l.at(seq); r.ID != "" && r.Directory == directory {
			out[deed{r.ID, r.At.UnixNano()}] = seq
		}
	}
	return out
}

// UsedToken notes when a token was used last, to the minute, and from where.
func (b *Inbox) UsedToken(_ context.Context, id string, at time.Time, from string) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.tokens[id]
	if !ok {
		return inbox.ErrNone
	}
	if minute := at.Truncate(time.Minute); t.Used.Before(minute) {
		t.Used, t.From = minute, from
		b.tokens[id] = t
	}
	return nil
}

// Prune forgets requests and events of before, and gives how many.
func (b *Inbox) Prune(_ context.Context, before time.Time) (int, error) {
	b.mu.Lock()
	directories := slices.Collect(maps.Values(b.directories))
	n := 0
	for i := range b.requests.ring {
		if r := &b.requests.ring[i]; r.Seq > 0 && r.At.Before(before) {
			*r = inbox.Request{}
			n++
		}
	}
	b.mu.Unlock()
	for _, d := range directories {
		d.mu.Lock()
		n += d.past.forget(before)
		d.mu.Unlock()
	}
	return n, nil
}
