package memory

import (
	"context"
	"crypto/rand"
	"iter"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// past is what became of the resources of a directory, in the order in which it did. History and Since read it.
type past struct {
	life   string // of marks: those of another process mean nothing here
	events []event
	before uint64 // events that were forgotten
}

type event struct {
	at    int64 // Unix, in nanoseconds: there are many
	what  what
	r, of *record        // of: the member, of memberships
	then  *scim.Resource // of created and changed
}

type what uint8

const (
	created what = iota
	changed
	deleted
	memberAdded
	memberRemoved
)

func (w what) String() string {
	return [...]string{"created", "changed", "deleted", "member added", "member removed"}[w]
}

func newPast() past { return past{life: rand.Text()[:8]} }

// add notes an event. Under the directory's lock.
func (p *past) add(at time.Time, w what, r, of *record) {
	e := event{at: at.UnixNano(), what: w, r: r, of: of}
	if w == created || w == changed {
		e.then = r.now.Load()
	}
	p.events = append(p.events, e)
}

// History tells what became of a resource, oldest first.
func (b *Inbox) History(_ context.Context, directory, id string) ([]inbox.Event, error) {
	b.mu.RLock()
	d, requests := b.directories[directory], b.requests.deeds(directory)
	b.mu.RUnlock()
	if d == nil {
		return nil, nil
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	var out []inbox.Event
	for _, e := range d.past.events {
		ev := inbox.Event{At: time.Unix(0, e.at).UTC(), What: e.what.String(), Request: requests[deed{e.r.id, e.at}]}
		switch {
		case e.r.id == id && e.of != nil:
			ev.Of = e.of.id
		case e.of != nil && e.of.id == id:
			ev.Of = e.r.id
		case e.r.id != id:
			continue
		}
		if e.then != nil {
			ev.Text = e.then.AppendStored(nil)
		}
		out = append(out, ev)
	}
	return out, nil
}

// Since gives what changed behind a mark. The mark "" gives everything that is there: each resource, and then each
// membership.
func (b *Inbox) Since(_ context.Context, directory, mark string) (iter.Seq2[inbox.Changed, error], string, error) {
	d := b.directory(directory)
	if d == nil && mark != "" {
		return nil, "", inbox.ErrOldMark
	}
	if d == nil {
		return pairs(nil), "", nil // and again from the beginning
	}
	d.mu.RLock()
	defer d.mu.RUnlock()
	p := &d.past
	newest := p.life + "." + strconv.FormatUint(p.before+uint64(len(p.events)), 10)
	if mark == "" {
		return pairs(d.present()), newest, nil
	}
	life, number, _ := strings.Cut(mark, ".")
	n, err := strconv.ParseUint(number, 10, 64)
	if err != nil || life != p.life || n < p.before || n > p.before+uint64(len(p.events)) {
		return nil, "", inbox.ErrOldMark
	}
	events := p.events[n-p.before:]
	return func(yield func(inbox.Changed, error) bool) {
		for _, e := range events {
			if !yield(e.changed(), nil) {
				return
			}
		}
	}, newest, nil
}

func (e *event) changed() inbox.Changed {
	c := inbox.Changed{Type: e.r.t.of.Name(), ID: e.r.id, Gone: e.what == deleted || e.what == memberRemoved}
	if e.of != nil {
		c.Member = e.of.id
	}
	return c
}

// present is everything that is there, as if it had just come.
func (d *directory) present() []inbox.Changed {
	var all []*record
	for _, r := range d.byID {
		all = append(all, r)
	}
	arrange(all, nil)
	var out, members []inbox.Changed
	for _, r := range all {
		out = append(out, inbox.Changed{Type: r.t.of.Name(), ID: r.id})
		for o := range r.members.all(nil) {
			members = append(members, inbox.Changed{Type: r.t.of.Name(), ID: r.id, Member: o.id})
		}
	}
	return append(out, members...)
}

func pairs(all []inbox.Changed) iter.Seq2[inbox.Changed, error] {
	return func(yield func(inbox.Changed, error) bool) {
		for _, c := range all {
			if !yield(c, nil) {
				return
			}
		}
	}
}

// forget forgets the events of before, in their order, and gives how many.
func (p *past) forget(before time.Time) int {
	n := slices.IndexFunc(p.events, func(e event) bool { return e.at >= before.UnixNano() })
	if n < 0 {
		n = len(p.events)
	}
	p.before += uint64(n)
	p.events = slices.Clone(p.events[n:])
	return n
}
