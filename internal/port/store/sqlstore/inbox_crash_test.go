package sqlstore_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/store/sqlstore"
)

// scimTypes are those of RFC 7643.
func scimTypes() (users, groups *scim.ResourceType, err error) {
	s, err := scim.NewService([]scim.Schema{scim.User(), scim.Group(), scim.EnterpriseUser()},
		[]scim.TypeDefinition{scim.UserDefinition(), scim.GroupDefinition()}, scim.Rules{Tolerate: scim.Lenient})
	if err != nil {
		return nil, nil, err
	}
	return s.Type("User"), s.Type("Group"), nil
}

// pushes is a provider: it creates users, puts each into the group g, and every second one out again.
func pushes(ctx context.Context, x *sqlstore.Inbox, name string, say func(string, any)) error {
	users, groups, err := scimTypes()
	if err != nil {
		return err
	}
	group := inbox.Key{Directory: "acme", Type: groups, ID: "g"}
	b, err := groups.Decode([]byte(`{"displayName":"g"}`))
	if err != nil {
		return err
	}
	if _, err := x.Create(ctx, group, b, noon); err != nil {
		if e, ok := errors.AsType[*scim.Error](err); !ok || e.Status != 409 { // of another life, or another provider
			return err
		}
	}
	list := groups.Attr("members")
	change := func(c scim.RefChange) error {
		c.List = list
		_, _, err := x.Change(ctx, group, noon, func(r *scim.Resource) (*scim.Change, error) {
			return &scim.Change{Attrs: r.Attrs, Refs: []scim.RefChange{c}}, nil
		})
		return err
	}
	for n := 0; ; n++ {
		id := fmt.Sprint(name, "-", n)
		b, err := users.Decode([]byte(`{"userName":"` + id + `","externalId":"x` + id + `"}`))
		if err != nil {
			return err
		}
		if _, err := x.Create(ctx, inbox.Key{Directory: "acme", Type: users, ID: id}, b, noon); err != nil {
			return err
		}
		say("created", id)
		if err := change(scim.RefChange{Add: []scim.Ref{{Value: id}}}); err != nil {
			return err
		}
		say("joined", id)
		if n%2 == 0 {
			continue
		}
		if err := change(scim.RefChange{Remove: []string{id}}); err != nil {
			return err
		}
		say("left", id)
	}
}

// keptInbox expects what the providers were told. What came after that may be there, too.
func (p *promises) keptInbox(t *testing.T, x *sqlstore.Inbox) {
	t.Helper()
	users, _, err := scimTypes()
	if err != nil {
		t.Fatal(err)
	}
	for id, word := range p.pushed {
		r, err := x.Get(t.Context(), inbox.Key{Directory: "acme", Type: users, ID: id}, func(*scim.Attr) bool { return true })
		if err != nil {
			t.Errorf("the user %s is lost: %v", id, err)
			continue
		}
		member := false
		for range r.Refs(users.Attr("groups")) {
			member = true
		}
		events, err := x.History(t.Context(), "acme", id)
		if err != nil {
			t.Fatal(err)
		}
		least := map[string]int{"created": 1, "joined": 2, "left": 3}[word]
		if len(events) < least || member != (len(events) == 2) {
			t.Errorf("%s was told %q; there are %d events, and the user is a member: %v", id, word, len(events), member)
		}
	}
}
