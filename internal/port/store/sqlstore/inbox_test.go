package sqlstore_test

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/inbox/inboxtest"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

func TestTheInboxOfAFilePassesTheSuite(t *testing.T) {
	t.Parallel()
	inboxtest.Run(t, func(t *testing.T) inbox.Inbox {
		t.Helper()
		s := open(t, filepath.Join(t.TempDir(), "rollcall.db"))
		t.Cleanup(func() {
			if wrong, err := s.Check(context.WithoutCancel(t.Context())); err != nil || len(wrong) > 0 {
				t.Errorf("the store says of itself: %v %v", wrong, err)
			}
		})
		return s.Inbox()
	})
}

func TestTwoProcessesShareAnInbox(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "rollcall.db")
	one, two := open(t, path), open(t, path) // as two processes: they share no connection and no memory
	users, groups, err := scimTypes()
	if err != nil {
		t.Fatal(err)
	}
	if err := one.Inbox().PutDirectory(t.Context(), inbox.Directory{ID: "acme", Created: noon}); err != nil {
		t.Fatal(err)
	}
	inboxes := []*sqlstore.Inbox{one.Inbox(), two.Inbox()}
	create := func(x *sqlstore.Inbox, of *scim.ResourceType, id, body string) error {
		b, err := of.Decode([]byte(body))
		if err != nil {
			return err
		}
		_, err = x.Create(t.Context(), inbox.Key{Directory: "acme", Type: of, ID: id}, b, noon)
		return err
	}
	if err := create(inboxes[0], groups, "g", `{"displayName":"staff"}`); err != nil {
		t.Fatal(err)
	}
	const each = 50
	var taken atomic.Int32
	var all sync.WaitGroup
	for i := range 8 {
		x := inboxes[i%2]
		all.Go(func() {
			for n := range each {
				id := fmt.Sprintf("u%d-%d", i, n)
				if err := create(x, users, id, `{"userName":"`+id+`"}`); err != nil {
					t.Error(err)
				}
				if err := create(x, users, "same"+id, fmt.Sprintf(`{"userName":"same%d"}`, n)); err != nil {
					taken.Add(1)
				}
				if _, _, err := x.Change(t.Context(), inbox.Key{Directory: "acme", Type: groups, ID: "g"}, noon, func(r *scim.Resource) (*scim.Change, error) {
					return &scim.Change{Attrs: r.Attrs, Refs: []scim.RefChange{{List: groups.Attr("members"), Add: []scim.Ref{{Value: id}}}}}, nil
				}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	for i, x := range inboxes {
		l, err := x.List(t.Context(), "acme", users, &scim.Query{Page: scim.Page{Start: 1}})
		if err != nil || l.Total != 9*each || taken.Load() != 7*each {
			t.Errorf("%d: %+v, %d taken, %v", i, l, taken.Load(), err)
		}
		r, err := x.Get(t.Context(), inbox.Key{Directory: "acme", Type: groups, ID: "g"}, func(*scim.Attr) bool { return true })
		if err != nil {
			t.Fatal(err)
		}
		if n := len(slices.Collect(r.Refs(groups.Attr("members")))); n != 8*each {
			t.Errorf("%d members of %d", n, 8*each)
		}
	}
	if wrong, err := one.Check(t.Context()); err != nil || len(wrong) > 0 {
		t.Error(wrong, err)
	}
}

// machines are a resource type of which the serial number is unique, or not.
func machines(t *testing.T, unique scim.Uniqueness) *scim.ResourceType {
	t.Helper()
	schema := scim.Schema{ID: "urn:example:Machine", Name: "Machine", Attributes: []scim.Attribute{{Name: "serial", Uniqueness: unique}}}
	s, err := scim.NewService([]scim.Schema{schema}, []scim.TypeDefinition{{Name: "Machine", Endpoint: "/Machines", Schema: schema.ID}}, scim.Rules{})
	if err != nil {
		t.Fatal(err)
	}
	return s.Type("Machine")
}

func TestAnIndexFollowsTheSchemas(t *testing.T) {
	t.Parallel()
	s := open(t, filepath.Join(t.TempDir(), "rollcall.db"))
	x := s.Inbox()
	if err := x.PutDirectory(t.Context(), inbox.Directory{ID: "acme", Created: noon}); err != nil {
		t.Fatal(err)
	}
	create := func(of *scim.ResourceType, id, serial string) error {
		b, err := of.Decode([]byte(`{"schemas":["urn:example:Machine"],"serial":"` + serial + `"}`))
		if err != nil {
			t.Fatal(err)
		}
		_, err = x.Create(t.Context(), inbox.Key{Directory: "acme", Type: of, ID: id}, b, noon)
		return err
	}
	// Begun anew each time, as if the program were started with another configuration.
	for i, step := range []struct {
		unique scim.Uniqueness
		serial string
		fails  string
	}{
		{scim.None, "a", ""},
		{scim.None, "b", ""},
		{scim.Server, "A", "unique"},
		{scim.Server, "c", ""},
		{scim.None, "A", ""},
		{scim.Server, "d", "unique"}, // two have the same by now: nobody can promise anything
		{scim.None, "a", ""},
	} {
		x = s.Inbox()
		err := create(machines(t, step.unique), fmt.Sprint(i), step.serial)
		if (err == nil) != (step.fails == "") || err != nil && !strings.Contains(err.Error(), step.fails) {
			t.Errorf("step %d: %v", i, err)
		}
		if wrong, err := s.Check(t.Context()); err != nil || len(wrong) > 0 {
			t.Error(i, wrong, err)
		}
	}
}

func TestAClosedInboxSaysSo(t *testing.T) {
	t.Parallel()
	s, err := sqlstore.Open(t.Context(), filepath.Join(t.TempDir(), "rollcall.db"))
	if err != nil {
		t.Fatal(err)
	}
	x := s.Inbox()
	push(t, x)
	for range 2 {
		if err := x.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.PutDirectory(t.Context(), inbox.Directory{ID: "x"}); err == nil || !strings.Contains(err.Error(), "closed") {
		t.Errorf("written: %v", err)
	}
	if _, err := x.Directories(t.Context()); err == nil {
		t.Error("read")
	}
}
