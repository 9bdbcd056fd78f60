// Package entra is Microsoft Entra ID in miniature: the token endpoint, the part of Microsoft Graph v1.0 that a program
// reads to know who is in which group, answered over real HTTP as the vendor documents it, oddities included, and the
// provisioning service ([Lab.Provision]), which pushes SCIM to a target.
//
// A Lab's zero value is an empty tenant that works: one application ([DefaultClient]) may read everything. Documents
// of a real tenant are loaded with [Lab.Load] as raw JSON, properties that the lab does not know included; methods
// such as [Lab.AddUser] change the tenant and leave the traces that a real change leaves, in delta queries and in
// the audit log. What can go wrong is a field: [Fault], [Limits], [Delta].
//
// The lab stands for somebody else's service. It imports nothing of ours: were it to share a decoder with the
// client, both would agree on the same mistake. Where the vendor's documents leave something open, the comment says
// which reading was taken.
package entra

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"
)

// DefaultTenant is the id of the tenant where Lab.Tenant is empty.
const DefaultTenant = "5c3a1d52-7c1e-4f57-9d0a-6f1c0b9a7e01"

// Lab is one tenant and the service in front of it. Set fields before the first request; afterwards change the
// world through methods, which are safe to call while requests are answered. A Lab must not be copied.
type Lab struct {
	// Now is the tenant's clock; nil is the machine's. Token expiry, throttling, dates of changes: everything asks it.
	Now func() time.Time
	// Wait spends a latency that a fault asks for; nil waits in real time. A simulation advances its clock instead.
	Wait func(context.Context, time.Duration) error

	// Tenant is the tenant's id, a GUID; empty is DefaultTenant.
	Tenant string
	// Domains are verified domains; the token endpoint takes them in place of the tenant's id.
	Domains []string
	// Clients are the applications that may ask for tokens, by client id; nil is DefaultClient with every permission.
	Clients map[string]Client
	// Through is the way to the targets of jobs that are set up by calls of Graph; nil: none, no request leaves the lab.
	Through http.RoundTripper
	// Actor is who the audit log names for changes made by methods; the zero value is an administrator.
	Actor Actor

	Pages  Pages
	Limits Limits
	Delta  Delta
	Faults []Fault

	// HiddenDenied makes the members of a group with hidden membership a 403 for callers without Member.Read.Hidden;
	// otherwise they get an empty list. What the real service does is not documented.
	HiddenDenied bool
	// LogRetention hides log entries older than this; 0 keeps them (the real service keeps 7 or 30 days by licence).
	LogRetention time.Duration

	mu          sync.RWMutex // guards dir and provisioned
	dir         directory
	provisioned []*Job // applications that the provisioning service works for

	wire traffic // what goes over the wire: its own locks
}

// Actor is who makes changes: a person, or an application if App is set.
type Actor struct {
	ID, Name, UserPrincipalName string
	App                         string // display name of an application; ID is then its service principal
}

// Pages are the sizes of answers; 0 is the documented or observed one.
type Pages struct {
	Default      int // objects without $top: 100
	Max          int // the largest $top of directory objects: 999
	Logs         int // log entries without $top, and the largest $top: 1000
	DeltaObjects int // objects of a delta page: 200
	DeltaMembers int // member entries of a delta page, over all its groups: 500
	Expand       int // objects that $expand gives: 20
}

// Delta makes delta queries as untidy as they are at times. The zero value is tidy.
type Delta struct {
	// UsersLag and GroupsLag hide changes that are younger. With a lag for users alone, groups/delta names members
	// whom users/delta has not shown yet.
	UsersLag, GroupsLag time.Duration
	// Replay starts every round that many changes earlier, so that known changes come once more.
	Replay int
	// Scatter moves the later parts of a split group behind all other groups.
	Scatter bool
	// KeepsDeletedMembers leaves a deleted user out of members@delta (reported in 2020; users/delta shows it).
	KeepsDeletedMembers bool
	// Removed shows soft-deleted objects as @removed in a first round, which the documents allow.
	Removed bool
	// TokenLife is how long a deltaLink works; 0 is seven days.
	TokenLife time.Duration
}

func (l *Lab) now() time.Time {
	at := time.Now
	if l.Now != nil {
		at = l.Now
	}
	return at().Add(l.wire.jump()).UTC()
}

func (l *Lab) tenant() string {
	if l.Tenant == "" {
		return DefaultTenant
	}
	return l.Tenant
}

func (l *Lab) wait(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	if l.Wait != nil {
		return l.Wait(ctx, d)
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func or(n, otherwise int) int {
	if n > 0 {
		return n
	}
	return otherwise
}

// stamp is a moment as Graph writes it in directory objects, in whole seconds.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// guid makes the n-th id of a kind: stable, so that a simulation gives the same ids every time.
func guid(kind byte, n uint64) string {
	x := (n + 1) * 0x9E3779B97F4A7C15 // spreads neighbours, and is a bijection of 64 bits: no two collide
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%02x%010x", uint32(x>>32), uint16(x>>16), x&0xfff, x>>52, kind, n)
}
