package atlassian

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"time"
)

// ConnectorDirectory is the directory of a [Connector] that names none.
const ConnectorDirectory = "dir-entra"

// Connector is Guard's own way to Entra ID, "Azure AD for nested groups" in its pages: no SCIM, no key. After an
// administrator has signed in with Microsoft it reads Graph every four hours and fills its directory by a fixed
// mapping, nested groups flattened. An organization has one at most. The calls of the SCIM API do not show what it
// has synced; organization, user management and sites do.
type Connector struct {
	Directory string // id of its directory; empty: ConnectorDirectory
	Name      string // of the directory

	Graph     string                 // base URL; empty: https://graph.microsoft.com/v1.0
	Transport http.RoundTripper      // how Graph is reached; nil: over the network
	Token     func() (string, error) // what the consent gives, asked before each sync; an error means that it is lost
	Every     time.Duration          // between two syncs: four hours

	Settings SyncSettings
}

// SyncSettings is the page on which an administrator says what is synced.
type SyncSettings struct {
	Manual     bool     // automatic syncing is disabled
	Groups     []string // ids of Entra's groups: they and their users; none: all users and groups
	Identifier string   // mail or userPrincipalName: becomes userName and address; empty: mail
	Domains    []string // of those verified in Entra, verify and claim these alone; none: all
}

// SyncStatus is what the page of the directory shows.
type SyncStatus struct {
	State                  string    // Sync enabled, Sync in progress, Sync disabled, Sign in again, Disconnected
	Last, Next             time.Time // zero: none yet, none to come
	Users, Groups, Domains int       // of the last sync
	Problem                string    // of the last sync, empty if it went well
}

// connector is one at work.
type connector struct {
	Connector
	dir     *directory
	next    time.Time // of the next automatic sync; zero: none to come
	running bool
	refused bool // the next time that it asks for a token it gets none
	lost    bool // the consent: nothing is synced until somebody signs in again
	last    SyncStatus
	told    map[string]bool // lines of the troubleshooting log that the last sync wrote: a lasting state is told once
}

func (w *world) connect(c Connector) *connector {
	c.Directory, c.Name = cmp.Or(c.Directory, ConnectorDirectory), cmp.Or(c.Name, "Microsoft Entra ID")
	c.Graph, c.Every = cmp.Or(c.Graph, "https://graph.microsoft.com/v1.0"), cmp.Or(c.Every, 4*time.Hour)
	d := w.directory(c.Directory)
	if d == nil {
		d = w.addDirectory(Directory{ID: c.Directory, Name: c.Name})
	}
	d.graph, d.Key = true, ""
	w.connector = &connector{Connector: c, dir: d, told: map[string]bool{}}
	return w.connector
}

// Connect is Sign in with Microsoft on the page of a new identity provider. The first sync is started by hand; the
// others follow by themselves.
func (l *Lab) Connect(c Connector) error {
	return l.change(func(w *world) error {
		if w.connector != nil {
			return errors.New("the organization has a directory that flattens nested groups already: it can have one")
		}
		fresh := w.directory(cmp.Or(c.Directory, ConnectorDirectory)) == nil
		d := w.connect(c).dir
		if fresh {
			w.newDirectory(d)
		}
		return nil
	})
}

func (l *Lab) onConnector(do func(*world, *connector) error) error {
	return l.change(func(w *world) error {
		if w.connector == nil {
			return errors.New("no Microsoft account is connected")
		}
		return do(w, w.connector)
	})
}

// EditSync saves other settings. They count from the next sync on.
func (l *Lab) EditSync(s SyncSettings) error {
	return l.onConnector(func(w *world, c *connector) error {
		if !slices.Contains([]string{"", "mail", "userPrincipalName"}, s.Identifier) {
			return fmt.Errorf("the identifier is mail or userPrincipalName, not %s", s.Identifier)
		}
		c.Settings = s
		c.plan(w.at)
		return nil
	})
}

// plan says when the next automatic sync is: never before the first one that somebody started.
func (c *connector) plan(now time.Time) {
	c.next = time.Time{}
	if c.last.Last.IsZero() || c.Settings.Manual || c.lost {
		return
	}
	if c.next = c.last.Last.Add(c.Every); c.next.Before(now) {
		c.next = now.Add(c.Every)
	}
}

// LoseConsent lets the consent end at Microsoft: a password was changed, sessions were revoked, a grant was withdrawn.
// Guard notices at the next sync. It tells nobody: there is no event of it and no message.
func (l *Lab) LoseConsent() error {
	return l.onConnector(func(_ *world, c *connector) error {
		c.refused = true
		return nil
	})
}

// GiveConsent is signing in with Microsoft again. Syncing goes on.
func (l *Lab) GiveConsent() error {
	return l.onConnector(func(w *world, c *connector) error {
		c.refused, c.lost, c.last.Problem = false, false, ""
		c.plan(w.at)
		return nil
	})
}

// DisconnectMicrosoft is Disconnect account: the settings are forgotten, nothing is synced any more. Users and groups
// stay as they are, and so does the directory.
func (l *Lab) DisconnectMicrosoft() error {
	return l.onConnector(func(w *world, _ *connector) error {
		w.connector = nil
		return nil
	})
}

// SyncStatus is what the page of the connector's directory shows.
func (l *Lab) SyncStatus() SyncStatus {
	w := l.lock()
	defer l.mu.Unlock()
	c := w.connector
	if c == nil {
		return SyncStatus{State: "Disconnected"}
	}
	s := c.last
	s.State, s.Next = "Sync enabled", c.next
	switch {
	case c.running:
		s.State = "Sync in progress"
	case c.lost:
		s.State = "Sign in again"
	case c.Settings.Manual:
		s.State = "Sync disabled"
	}
	return s
}
