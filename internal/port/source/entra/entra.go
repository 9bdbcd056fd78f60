// Package entra reads people, groups and assignments from Microsoft Entra ID and follows their changes by Graph's delta
// queries. What it tells are Graph's own objects, so that a mirror of them is a bundle's folder entra/.
//
// Users and groups are read by delta from the first time on, so that nothing is missed between a reading of everything
// and the first reading of changes; afterwards they cost by what changed. The application, its assignments and the
// deleted users have no usable delta query. They are read in full each time, 999 on a page: assignments are few where
// groups are assigned, and deleted users are those of thirty days, so their cost does not follow the tenant's size.
package entra

import (
	"context"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source"
)

// Options say what is read. Graph is required.
type Options struct {
	Graph *graph.Client

	// Application is the enterprise application whose assignments count: the id of its service principal, its
	// application id, or its display name. Empty: there is none, and neither is asked for.
	Application string

	// UserAttributes and GroupAttributes are what mappings, filters and matching read, by the names that they use.
	// What rollcall itself needs is read in any case. A change of them leads to a full reading.
	UserAttributes, GroupAttributes []string

	Log *slog.Logger // nil: none
}

// Source is a tenant. It is for one reading at a time.
type Source struct {
	graph         *graph.Client
	application   string
	users, groups kind
	log           *slog.Logger
}

var _ source.Source = (*Source)(nil)

// New makes a source; it asks nothing yet.
func New(o Options) (*Source, error) {
	if o.Graph == nil {
		return nil, fmt.Errorf("reading Entra ID: no client of Microsoft Graph")
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &Source{
		graph: o.Graph, application: strings.TrimSpace(o.Application), log: o.Log,
		users:  kind{file: document.Users, set: "users", fields: selection(userFields, o.UserAttributes)},
		groups: kind{file: document.Groups, set: "groups", fields: selection(groupFields, o.GroupAttributes), members: true},
	}, nil
}

// Name implements source.Source.
func (s *Source) Name() string { return "entra" }

// Read implements source.Source.
//
// The parts are asked for in the order application, groups, users, deleted users. Groups come before users so that as
// few as possible have members of whom nobody has heard; what is between two parts all the same is told the next time.
// A document that the service refuses to give (403) becomes a gap that names the permission, and the others are read.
// Any other failure, a page that is missing among them, is an error of the whole reading.
func (s *Source) Read(ctx context.Context, since source.Cursor, to source.Mirror) (source.Cursor, error) {
	old := s.parse(since)
	r := &reading{Source: s, to: to}
	if err := r.app(ctx); err != nil {
		return "", fmt.Errorf("reading the application: %w", err)
	}
	next := cursor{Version: version, Tenant: s.graph.Tenant()}
	var err error
	if next.Groups, err = r.follow(ctx, s.groups, old.Groups); err != nil {
		return "", fmt.Errorf("reading groups: %w", err)
	}
	if next.Users, err = r.follow(ctx, s.users, old.Users); err != nil {
		return "", fmt.Errorf("reading users: %w", err)
	}
	if err := r.deleted(ctx); err != nil {
		return "", fmt.Errorf("reading deleted users: %w", err)
	}
	return next.text()
}

// CountMembers asks Graph how many users are in a group through any nesting, to be compared with what a mirror gives.
// The number comes from an index that can lag behind by minutes.
func (s *Source) CountMembers(ctx context.Context, groupID string) (int, error) {
	n, err := s.graph.Count(ctx, "/groups/"+url.PathEscape(groupID)+"/transitiveMembers/microsoft.graph.user/$count", nil)
	if err != nil {
		return 0, fmt.Errorf("counting the members of group %s: %w", groupID, err)
	}
	return n, nil
}
