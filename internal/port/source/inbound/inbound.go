// Package inbound follows a directory that an identity provider pushes to rollcall as a source of people and groups. What
// was pushed is told in the shape that Microsoft Graph gives users and groups, so that scope, mapping, matching and plans
// are the same whoever provides. Whatever is in the directory is in scope: the provider decided that already, by pushing
// it. Ids are those that rollcall gave when the object came.
package inbound

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/source"
)

// Kinds of members, as Graph calls them.
const (
	kindUser  = "#microsoft.graph.user"
	kindGroup = "#microsoft.graph.group"
)

// Source is one directory.
type Source struct {
	inbox     inbox.Resources
	directory inbox.Directory
	users     *scim.ResourceType
	groups    *scim.ResourceType
}

var _ source.Source = (*Source)(nil)

// New follows a directory whose users and groups are of the service's types User and Group.
func New(in inbox.Resources, d inbox.Directory, s *scim.Service) (*Source, error) {
	out := &Source{inbox: in, directory: d, users: s.Type("User"), groups: s.Type("Group")}
	if out.users == nil || out.groups == nil {
		return nil, errors.New("a directory to provision from needs the resource types User and Group")
	}
	return out, nil
}

// Name implements source.Source.
func (s *Source) Name() string { return "directory " + s.directory.ID }

// Application is the id of what stands for the enterprise application: the directory itself, to which everybody in it
// counts as assigned.
func (s *Source) Application() string { return "inbound-" + s.directory.ID }

// Read implements source.Source. The cursor is a mark of the inbox.
func (s *Source) Read(ctx context.Context, since source.Cursor, to source.Mirror) (source.Cursor, error) {
	changes, mark, err := s.inbox.Since(ctx, s.directory.ID, string(since))
	if errors.Is(err, inbox.ErrOldMark) {
		since = ""
		changes, mark, err = s.inbox.Since(ctx, s.directory.ID, "")
	}
	if err != nil {
		return "", fmt.Errorf("reading what changed: %w", err)
	}
	r := &reading{Source: s, to: to, kinds: map[string]string{}}
	if since == "" {
		if err := r.begin(); err != nil {
			return "", err
		}
	}
	for c, err := range changes {
		if err != nil {
			return "", fmt.Errorf("reading what changed: %w", err)
		}
		if err := r.changed(ctx, c); err != nil {
			return "", fmt.Errorf("%s %s: %w", strings.ToLower(c.Type), c.ID, err)
		}
	}
	for _, f := range told {
		if err := to.Whole(f); err != nil {
			return "", err
		}
	}
	return source.Cursor(mark), nil
}

// told are the documents that are told.
var told = []document.File{document.Users, document.Groups, document.ServicePrincipals, document.AppRoleAssignments, document.DeletedUsers}

// reading is one Read.
type reading struct {
	*Source
	to    source.Mirror
	kinds map[string]string // of members, by id
}

// begin tells the application that everything hangs on.
func (r *reading) begin() error {
	if err := r.to.Full(told...); err != nil {
		return err
	}
	app, err := json.Marshal(document.ServicePrincipal{ID: r.Application(), DisplayName: r.directory.Name, AccountEnabled: document.Some(true)})
	if err != nil {
		return fmt.Errorf("describing the directory: %w", err)
	}
	return r.to.Put(document.ServicePrincipals, r.Application(), app)
}

// changed tells one change: what there is now, not what was done.
func (r *reading) changed(ctx context.Context, c inbox.Changed) error {
	file := map[string]document.File{r.users.Name(): document.Users, r.groups.Name(): document.Groups}[c.Type]
	switch {
	case file == "": // of another resource type
		return nil
	case c.Member != "":
		return r.member(ctx, c)
	case c.Gone:
		return errors.Join(r.to.Drop(file, c.ID), r.to.Drop(document.AppRoleAssignments, pushed(c.ID)))
	}
	t := r.users
	if file == document.Groups {
		t = r.groups
	}
	got, err := r.inbox.Get(ctx, inbox.Key{Directory: r.directory.ID, Type: t, ID: c.ID}, nothing)
	if errors.Is(err, inbox.ErrNone) { // it went meanwhile, and a later change says so
		return nil
	}
	if err != nil {
		return err
	}
	return r.put(file, got)
}

func (r *reading) put(file document.File, got *scim.Resource) error {
	object, name := user(got)
	if file == document.Groups {
		object, name = group(got)
	}
	text, err := json.Marshal(object, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("telling it as Graph does: %w", err)
	}
	grant, err := json.Marshal(document.AppRoleAssignment{
		ID: pushed(got.ID), AppRoleID: "00000000-0000-0000-0000-000000000000", PrincipalID: got.ID, PrincipalType: got.Type.Name(),
		PrincipalDisplayName: name, ResourceID: r.Application(), CreatedDateTime: document.At(got.Meta.Created),
	})
	if err != nil {
		return fmt.Errorf("telling that it was pushed: %w", err)
	}
	return errors.Join(r.to.Put(file, got.ID, text), r.to.Put(document.AppRoleAssignments, pushed(got.ID), grant))
}

// member tells a membership. Who is gone for good is in no group any more, and the group's own change says so.
func (r *reading) member(ctx context.Context, c inbox.Changed) error {
	if c.Type != r.groups.Name() {
		return nil
	}
	kind, err := r.kind(ctx, c.Member)
	if err != nil {
		return err
	}
	return r.to.Member(document.Groups, c.ID, c.Member, kind, !c.Gone)
}

// kind is what a member is. One that is not there any more counts as a user: nobody is looked up by it.
func (r *reading) kind(ctx context.Context, id string) (string, error) {
	if kind, known := r.kinds[id]; known {
		return kind, nil
	}
	kind := kindUser
	_, err := r.inbox.Get(ctx, inbox.Key{Directory: r.directory.ID, Type: r.groups, ID: id}, nothing)
	switch {
	case err == nil:
		kind = kindGroup
	case !errors.Is(err, inbox.ErrNone):
		return "", err
	}
	r.kinds[id] = kind
	return kind, nil
}

func nothing(*scim.Attr) bool { return false }

// pushed is the id of the assignment that stands for having been pushed.
func pushed(id string) string { return "pushed-" + id }
