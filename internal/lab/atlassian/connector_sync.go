package atlassian

import (
	"context"
	"errors"
	"time"
)

// SyncNow is the button of that name. It returns when the sync is done, with what went wrong.
func (l *Lab) SyncNow() error {
	w := l.lock()
	defer l.mu.Unlock()
	switch c := w.connector; {
	case c == nil:
		return errors.New("no Microsoft account is connected")
	case c.running:
		return errors.New("a sync is in progress")
	case c.lost:
		return errors.New("the consent was lost: sign in with Microsoft again")
	}
	err := l.sync(w, w.at)
	w.at = l.clock()
	w.settle()
	return err
}

// catchUp runs the sync that has come due. Where the clock went on by several periods at once it is one sync, at the
// last of them: Graph can only say what is, not what was.
func (l *Lab) catchUp(w *world, now time.Time) {
	c := w.connector
	if c == nil || c.running || c.next.IsZero() || c.next.After(now) {
		return
	}
	at := c.next
	for !at.Add(c.Every).After(now) {
		at = at.Add(c.Every)
	}
	_ = l.sync(w, at) // the page of the directory shows what went wrong
}

// sync reads Graph and brings the directory to what it says, as of a moment. A read that fails changes nothing. The
// lab is not locked while Graph is asked: whoever answers may use the lab too.
func (l *Lab) sync(w *world, at time.Time) error {
	c := w.connector
	w.at = at
	w.settle()
	c.running = true
	r := reader{base: c.Graph, transport: c.Transport, settings: c.Settings, readings: w.readings}
	token, refused := c.Token, c.refused
	l.mu.Unlock()
	seen, err := r.readAs(context.Background(), token, refused)
	l.mu.Lock()
	c.running = false
	if w.connector != c {
		return errors.New("the Microsoft account was disconnected during the sync")
	}
	w.at = at
	c.last.Last, c.last.Problem = at, ""
	switch {
	case errors.Is(err, errConsent):
		c.lost, c.last.Problem = true, err.Error()
	case err != nil:
		c.last.Problem = err.Error()
	default:
		c.last.Users, c.last.Groups, c.last.Domains = w.takeOver(c, seen)
	}
	c.plan(at)
	w.touch()
	return err
}

// takeOver brings the connector's directory to what Graph said and counts what is synced.
func (w *world) takeOver(c *connector, seen pulled) (users, groups, domains int) {
	told := c.told
	c.told = map[string]bool{}
	say := func(line string) {
		if c.told[line] = true; !told[line] {
			w.trouble("%s", line)
		}
	}
	domains = w.syncDomains(c, seen.domains)
	records := w.syncUsers(c, seen.users, say)
	groups = w.syncGroups(c, seen.groups, records, say)
	w.syncLeavers(c, records)
	return len(records), groups, domains
}

// syncDomains verifies the domains that Entra has verified and claims their accounts. One that another organization
// holds stays with it.
func (w *world) syncDomains(c *connector, names []string) int {
	n := 0
	for _, name := range names {
		d := w.domainOf("@" + name)
		if d != nil && d.State == Superseded {
			continue
		}
		if n++; d != nil && d.State == Claimed {
			continue
		}
		d = w.setDomain(name, Claimed)
		if d.synced = true; !w.readings.SyncedDomainsStayLocal {
			w.linkDomain(d, c.dir.ID)
		}
	}
	return n
}
