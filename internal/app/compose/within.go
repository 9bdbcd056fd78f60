package compose

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/app/config"
	"github.com/rollcall/rollcall/internal/app/labs"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// within is a world that lies inside this process: labs in the place of the services, and a store that nobody keeps.
type within struct {
	labs  *labs.Labs
	store store.Store // nil until something is to be remembered
}

// open gives the store, a temporary one that everything made of the configuration shares.
func (w *within) open(ctx context.Context) (store.Store, error) {
	if w.store == nil {
		st, err := sqlstore.Open(ctx, "")
		if err != nil {
			return nil, fmt.Errorf("opening a temporary store: %w", err)
		}
		w.store = st
	}
	return w.store, nil
}

// InLabs is a configuration of one connection with a method whose services are labs inside this process: there is no
// network and no file of keys, and the store is a temporary one that everything made of the configuration shares. Live
// and Sync take it as they take any other, one after the other. The clock is also the labs'. Close the store that Sync
// gives last of all. Rules are lines of the connection, indented by four.
func InLabs(l *labs.Labs, method string, clock *Clock, rules ...string) (*Configuration, error) {
	text := l.Configuration(method)
	if extra := strings.Join(rules, ""); extra != "" {
		key := "    method: " + method + "\n"
		text = strings.Replace(text, key, key+extra, 1)
	}
	file, err := config.Parse("the lab", []byte(text))
	if err != nil {
		return nil, fmt.Errorf("reading the lab's own configuration: %w", err)
	}
	return &Configuration{file: file, clockwork: clockwork{clock.Now, clock.Sleep}, within: &within{labs: l}}, nil
}

// Clock stands still but where somebody waits: then it goes on by as much at once. The same work gives the same moments.
type Clock struct {
	mu sync.Mutex
	at time.Time
}

// StoppedAt is a clock that shows a moment.
func StoppedAt(at time.Time) *Clock { return &Clock{at: at} }

// Now is the moment.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.at
}

// Sleep passes time without waiting for it.
func (c *Clock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at = c.at.Add(max(d, 0))
	return ctx.Err()
}
