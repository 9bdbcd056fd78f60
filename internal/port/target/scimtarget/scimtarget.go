// Package scimtarget writes users and groups to any SCIM 2.0 service (RFC 7643, 7644). It asks the service what it is able
// to, believes it as far as one can, and survives what services get wrong: pages that ignore what was asked, lists that
// leave members out, filters that are refused or not heeded, answers without a body.
package scimtarget

import (
	"context"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Client sends requests; wire.Client is one. Its base address is that of the service, such as
// https://scim.example/v2: users are at /Users below it.
type Client interface {
	Do(ctx context.Context, r wire.Request) (*wire.Response, error)
}

// Options say what the service does not. The zero value trusts what it says of itself.
type Options struct {
	Name string // for people; "": SCIM

	// PatchMembers is how many members are added and removed in one PATCH, and MembersInCreate how many a new group
	// comes with. No service tells, so they are settings. 0: 500. Below 0: any number, and none.
	PatchMembers, MembersInCreate int

	Page      int // objects asked for in one page; 0: what the service says is its most, at most 1000; 100 where it says nothing
	GroupPage int // of groups, which may carry thousands of members each; 0: as Page

	Patch  Tristate // whether objects are patched; Unset: as the service says
	Filter Tristate // whether filters are answered; Unset: as the service says
	Rename Tristate // whether a group's displayName may change; Unset: as its schema says

	// RemoveByValue takes members out with one operation that lists them, as Atlassian documents. The standard has a
	// path for each, members[value eq "…"], and a service that knows only this one would take out everybody.
	RemoveByValue bool

	Workers int // objects read singly at a time; 0: 8

	// Account finds the account that a record is linked to; nil: there is no such thing.
	Account func(record jsontext.Value) string
}

// Tristate is a setting that may be left to the service.
type Tristate int

// The states.
const (
	Unset Tristate = iota
	Yes
	No
)

func (t Tristate) or(told bool) bool {
	if t == Unset {
		return told
	}
	return t == Yes
}

// Target is one service. It may be used from several goroutines.
type Target struct {
	client Client
	opts   Options

	mu      sync.Mutex
	can     *known
	refused map[string]bool // filters that turned out not to be answered: endpoint and attribute
}

var _ target.Target = (*Target)(nil)

// most is how many members go into one request where nobody says. Entra is said to send up to 1000 (unverified); half of
// it is a size that no service was seen to refuse, and large enough that few groups need a second request.
const most = 500

// New gives the target behind a client.
func New(client Client, opts Options) *Target {
	if opts.Name == "" {
		opts.Name = "SCIM"
	}
	if opts.Workers <= 0 {
		opts.Workers = 8
	}
	return &Target{client: client, opts: opts, refused: map[string]bool{}}
}

// Name is what the target is called.
func (t *Target) Name() string { return t.opts.Name }

func count(setting, unbounded int) int {
	switch {
	case setting == 0:
		return most
	case setting < 0:
		return unbounded
	}
	return setting
}

const (
	usersPath  = "/Users"
	groupsPath = "/Groups"
	mediaType  = "application/scim+json"
)

// send makes one request; body nil: none. The error is that of the client.
func (t *Target) send(ctx context.Context, r wire.Request) (*wire.Response, error) {
	r.Header = map[string][]string{"Accept": {mediaType + ", application/json"}}
	if r.Body != nil {
		r.Type = mediaType
	}
	return t.client.Do(ctx, r)
}
