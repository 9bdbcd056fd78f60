package inboxtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// noon is the moment at which every test begins.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 123456789, time.UTC)

// after is so many minutes after noon.
func after(minutes int) time.Time { return noon.Add(time.Duration(minutes) * time.Minute) }

// bench is an inbox with the directory "acme", and the resource types User, Group and Device, which no RFC knows.
type bench struct {
	*testing.T
	inbox                 inbox.Inbox
	directory             string
	users, groups, device *scim.ResourceType
}

func start(t *testing.T, in inbox.Inbox) *bench {
	t.Helper()
	device := scim.Schema{ID: "urn:example:Device", Name: "Device", Attributes: []scim.Attribute{
		{Name: "serial", Required: true, CaseExact: true, Uniqueness: scim.Server},
		{Name: "ports", Type: scim.Integer, MultiValued: true},
		{Name: "tags", MultiValued: true, Uniqueness: scim.Server},
	}}
	s, err := scim.NewService([]scim.Schema{scim.User(), scim.Group(), scim.EnterpriseUser(), device},
		[]scim.TypeDefinition{scim.UserDefinition(), scim.GroupDefinition(), {Name: "Device", Endpoint: "/Devices", Schema: device.ID}},
		scim.Rules{Tolerate: scim.Lenient})
	if err != nil {
		t.Fatal(err)
	}
	b := &bench{T: t, inbox: in, directory: "acme", users: s.Type("User"), groups: s.Type("Group"), device: s.Type("Device")}
	b.ok(in.PutDirectory(t.Context(), inbox.Directory{ID: "acme", Name: "Acme", Created: noon}))
	return b
}

// in is the same inbox, looking at another directory.
func (b *bench) in(directory string) *bench {
	other := *b
	other.directory = directory
	return &other
}

func (b *bench) ok(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) fails(err, want error) {
	b.Helper()
	if !errors.Is(err, want) {
		b.Fatalf("the error is %v, not: %v", err, want)
	}
}

// refused expects an answer for the client.
func (b *bench) refused(err error, status int, kind scim.ScimType, words ...string) {
	b.Helper()
	e, ok := errors.AsType[*scim.Error](err)
	if !ok || e.Status != status || e.Type != kind {
		b.Fatalf("the error is %v, not %d %s", err, status, kind)
	}
	for _, w := range words {
		if !strings.Contains(e.Detail, w) {
			b.Fatalf("the error does not say %q: %v", w, err)
		}
	}
}

// same compares two values; no list and an empty one are the same.
func (b *bench) same(got, want any) {
	b.Helper()
	if x, y := fmt.Sprint(got), fmt.Sprint(want); x != y {
		b.Fatalf("got\n  %s\nwant\n  %s", x, y)
	}
}

func (b *bench) key(t *scim.ResourceType, id string) inbox.Key {
	return inbox.Key{Directory: b.directory, Type: t, ID: id}
}

// create tries to make a resource of a body.
func (b *bench) create(t *scim.ResourceType, id, body string) (*scim.Resource, error) {
	b.Helper()
	decoded, err := t.Decode([]byte(body))
	b.ok(err)
	return b.inbox.Create(b.Context(), b.key(t, id), decoded, noon)
}

// user makes a user; more are further attributes.
func (b *bench) user(id, userName string, more ...string) *scim.Resource {
	b.Helper()
	r, err := b.create(b.users, id, `{`+strings.Join(append([]string{`"userName":"` + userName + `"`}, more...), ",")+`}`)
	b.ok(err)
	return r
}

func groupBody(name string, members ...string) string {
	var refs []string
	for _, m := range members {
		refs = append(refs, `{"value":"`+m+`"}`)
	}
	return `{"displayName":"` + name + `","members":[` + strings.Join(refs, ",") + `]}`
}

func (b *bench) group(id, name string, members ...string) *scim.Resource {
	b.Helper()
	r, err := b.create(b.groups, id, groupBody(name, members...))
	b.ok(err)
	return r
}

func everyList(*scim.Attr) bool { return true }

func (b *bench) get(t *scim.ResourceType, id string) *scim.Resource {
	b.Helper()
	r, err := b.inbox.Get(b.Context(), b.key(t, id), everyList)
	b.ok(err)
	return r
}

func (b *bench) gone(t *scim.ResourceType, id string) {
	b.Helper()
	_, err := b.inbox.Get(b.Context(), b.key(t, id), everyList)
	b.fails(err, inbox.ErrNone)
}

// text is a resource as a client sees it, without what the service adds.
func text(r *scim.Resource) string { return string(r.AppendStored(nil)) }

// refs are the elements of a list of a resource: id, type and name.
func refs(r *scim.Resource, list string) []string {
	out := []string{}
	if r.Refs == nil {
		return out
	}
	for ref := range r.Refs(r.Type.Attr(list)) {
		out = append(out, strings.Join([]string{ref.Value, ref.Type, ref.Display}, " "))
	}
	slices.Sort(out)
	return out
}

func (b *bench) members(group string, want ...string) {
	b.Helper()
	b.same(refs(b.get(b.groups, group), "members"), want)
}

func (b *bench) groupsOf(user string, want ...string) {
	b.Helper()
	b.same(refs(b.get(b.users, user), "groups"), want)
}

// patch tries to change a resource as a PATCH would, a minute after noon.
func (b *bench) patch(t *scim.ResourceType, id string, operations ...string) (*scim.Resource, bool, error) {
	b.Helper()
	p, err := t.ParsePatch([]byte(`{"Operations":[` + strings.Join(operations, ",") + `]}`))
	b.ok(err)
	return b.inbox.Change(b.Context(), b.key(t, id), after(1), p.Apply)
}

// change carries out a PATCH that must change something, and gives what it gave.
func (b *bench) change(t *scim.ResourceType, id string, operations ...string) *scim.Resource {
	b.Helper()
	r, changed, err := b.patch(t, id, operations...)
	b.ok(err)
	if !changed {
		b.Fatalf("nothing changed of %s", id)
	}
	return r
}

func (b *bench) remove(t *scim.ResourceType, id string) {
	b.Helper()
	b.ok(b.inbox.Delete(b.Context(), b.key(t, id), after(2), nil))
}

func add(ids ...string) string    { return listed("add", ids) }
func remove(ids ...string) string { return listed("remove", ids) }

func listed(op string, ids []string) string {
	var refs []string
	for _, id := range ids {
		refs = append(refs, `{"value":"`+id+`"}`)
	}
	return `{"op":"` + op + `","path":"members","value":[` + strings.Join(refs, ",") + `]}`
}

func set(path, value string) string {
	return `{"op":"replace","path":"` + path + `","value":` + value + `}`
}

// list answers a query, in the form of its parameters: name, value, name, value …
func (b *bench) list(t *scim.ResourceType, parameters ...string) *inbox.Listing {
	b.Helper()
	l, err := b.tryList(t, parameters...)
	b.ok(err)
	return l
}

func (b *bench) tryList(t *scim.ResourceType, parameters ...string) (*inbox.Listing, error) {
	b.Helper()
	p := scim.Parameters{}
	for i := 0; i < len(parameters); i += 2 {
		p[parameters[i]] = []string{parameters[i+1]}
	}
	q, err := t.ParseQuery(p)
	b.ok(err)
	return b.inbox.List(b.Context(), b.directory, t, q)
}

func ids(l *inbox.Listing) []string {
	out := []string{}
	for _, r := range l.Resources {
		out = append(out, r.ID)
	}
	return out
}

// finds expects a filter to find these, in any order.
func (b *bench) finds(t *scim.ResourceType, filter string, want ...string) {
	b.Helper()
	l := b.list(t, "filter", filter)
	got := ids(l)
	slices.Sort(got)
	if !slices.Equal(got, want) || l.Total != len(want) {
		b.Fatalf("%s finds %v, %d in total, not %v", filter, got, l.Total, want)
	}
}
