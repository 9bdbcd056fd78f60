// Package memory is an inbox within the process, for tests, for trying things out and for measuring the endpoint without a
// disk. It forgets everything when the process ends.
//
// Each directory has one lock. A resource is a value that never changes once it is there: a change puts another one in its
// place, so that whoever reads needs the lock only to find it. Memberships are sets of pointers, from the group to its
// members and from each member back, so that one of them costs the same in a group of a thousand and of a million.
package memory

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Inbox keeps directories in memory. The zero value is empty. It may be used from several goroutines.
type Inbox struct {
	mu          sync.RWMutex
	directories map[string]*directory
	tokens      map[string]inbox.Token
	requests    log
}

var _ inbox.Inbox = (*Inbox)(nil)

// directory is all that one tenant pushed.
type directory struct {
	about inbox.Directory // under Inbox.mu

	mu     sync.RWMutex
	tables map[*scim.ResourceType]*table
	byID   map[string]*record // of all types: a member may be of any
	last   uint64             // seq of the newest record
	gone   uint64             // the greatest revision of a record that was deleted: whoever has its id next begins behind it
	past   past
}

// PutDirectory adds a directory, or gives one another name.
func (b *Inbox) PutDirectory(_ context.Context, d inbox.Directory) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if have := b.directories[d.ID]; have != nil {
		have.about.Name = d.Name
		return nil
	}
	if b.directories == nil {
		b.directories = map[string]*directory{}
	}
	b.directories[d.ID] = &directory{about: d, tables: map[*scim.ResourceType]*table{}, byID: map[string]*record{}, past: newPast()}
	return nil
}

// Directories are all of them, by id.
func (b *Inbox) Directories(context.Context) ([]inbox.Directory, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var out []inbox.Directory
	for _, d := range b.directories {
		out = append(out, d.about)
	}
	slices.SortFunc(out, func(x, y inbox.Directory) int { return strings.Compare(x.ID, y.ID) })
	return out, nil
}

// directory finds one; nil if there is none.
func (b *Inbox) directory(id string) *directory {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.directories[id]
}

// PutToken adds a token, or gives one another name and another end.
func (b *Inbox) PutToken(_ context.Context, t inbox.Token) error {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.tokens == nil {
		b.tokens = map[string]inbox.Token{}
	}
	if have, ok := b.tokens[t.ID]; ok {
		have.Name, have.Expires, have.Revoked = t.Name, t.Expires, t.Revoked
		t = have
	}
	t.Hash = slices.Clone(t.Hash)
	b.tokens[t.ID] = t
	return nil
}

// Token finds a token by its id; inbox.ErrNone if there is none.
func (b *Inbox) Token(_ context.Context, id string) (inbox.Token, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	t, ok := b.tokens[id]
	if !ok {
		return inbox.Token{}, inbox.ErrNone
	}
	return t, nil
}

// Tokens are those of a directory, oldest first.
func (b *Inbox) Tokens(_ context.Context, directory string) ([]inbox.Token, error) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	out := slices.SortedFunc(maps.Values(b.tokens), func(x, y inbox.Token) int {
		if c := x.Created.Compare(y.Created); c != 0 {
			return c
		}
		return strings.Compare(x.ID, y.ID)
	})
	return slices.DeleteFunc(out, func(t inbox.Token) bool { return t.Directory != directory }), nil
}

// Close does nothing: what is in memory goes with the process.
func (b *Inbox) Close() error { return nil }
