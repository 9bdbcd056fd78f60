package inboxtest

import (
	"errors"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

const everything = `{"userName":"ada","externalId":"X1","name":{"givenName":"Ada","familyName":"Lovelace"},"active":true,"password":"geheim",` +
	`"emails":[{"value":"ada@acme.example","type":"work","primary":true},{"value":"a@b.example"}],` +
	`"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"department":"Engines","manager":{"value":"7"}}}`

var resources = []sentence{
	{"what is created is there as it was sent, with its times and a version", func(b *bench) {
		made, err := b.create(b.users, "1", everything)
		b.ok(err)
		got := b.get(b.users, "1")
		b.same(text(got), everything)
		b.same(text(made), everything)
		b.same(made.Meta, got.Meta)
		if got.ID != "1" || made.ID != "1" || got.Type != b.users || got.Meta.Version == "" || !got.Meta.Created.Equal(noon) || !got.Meta.LastModified.Equal(noon) {
			b.Fatalf("%s %+v", got.ID, got.Meta)
		}
	}},
	{"a type of one's own is kept like the others", func(b *bench) {
		_, err := b.create(b.device, "1", `{"serial":"S1","ports":[80,443]}`)
		b.ok(err)
		b.same(text(b.get(b.device, "1")), `{"serial":"S1","ports":[80,443]}`)
		b.finds(b.device, `ports gt 100`, "1")
	}},
	{"who is not there is none, also of another type", func(b *bench) {
		b.user("1", "ada")
		b.gone(b.users, "2")
		b.gone(b.groups, "1")
		b.fails(b.inbox.Delete(b.Context(), b.key(b.groups, "1"), noon, nil), inbox.ErrNone)
		_, _, err := b.patch(b.groups, "1", set("displayName", `"x"`))
		b.fails(err, inbox.ErrNone)
		b.get(b.users, "1")
	}},
	{"ids keep their case", func(b *bench) {
		b.user("a", "ada")
		b.user("A", "bo")
		b.finds(b.users, `id eq "A"`, "A")
		b.same(text(b.get(b.users, "a")), `{"userName":"ada"}`)
	}},
	{"lists are given where they are shown, and only there", func(b *bench) {
		b.user("1", "ada")
		b.group("2", "staff", "1")
		r, err := b.inbox.Get(b.Context(), b.key(b.groups, "2"), func(*scim.Attr) bool { return false })
		b.ok(err)
		b.same(refs(r, "members"), []string{})
		b.members("2", "1 User ada")
		b.same(refs(b.list(b.groups).Resources[0], "members"), []string{"1 User ada"})
		b.same(refs(b.list(b.groups, "excludedAttributes", "members").Resources[0], "members"), []string{})
	}},
	{"a change is there afterwards, with another version and time", func(b *bench) {
		before := b.user("1", "ada", `"title":"Countess"`)
		after1 := b.change(b.users, "1", set("title", `"Programmer"`), set("externalId", `"X1"`))
		got := b.get(b.users, "1")
		b.same(text(got), `{"userName":"ada","title":"Programmer","externalId":"X1"}`)
		b.same(text(after1), text(got))
		b.same(after1.Meta, got.Meta)
		if got.Meta.Version == before.Meta.Version || !got.Meta.LastModified.Equal(after(1)) || !got.Meta.Created.Equal(noon) {
			b.Fatalf("before %+v, afterwards %+v", before.Meta, got.Meta)
		}
	}},
	{"what changes nothing keeps version and time", func(b *bench) {
		before := b.user("1", "ada", `"title":"Countess"`)
		b.group("2", "staff", "1")
		group := b.get(b.groups, "2")
		r, changed, err := b.patch(b.users, "1", set("title", `"Countess"`))
		b.ok(err)
		if changed || r.Meta != before.Meta || b.get(b.users, "1").Meta != before.Meta {
			b.Fatalf("changed: %v, %+v", changed, r.Meta)
		}
		for _, same := range []string{add("1"), remove("nobody"), `{"op":"replace","path":"members","value":[{"value":"1"}]}`, `{"op":"remove","path":"members[display eq \"bo\"]"}`} {
			r, changed, err := b.patch(b.groups, "2", same)
			b.ok(err)
			if changed || r.Meta != group.Meta || b.get(b.groups, "2").Meta != group.Meta {
				b.Fatalf("%s: changed: %v, %+v", same, changed, r.Meta)
			}
		}
	}},
	{"lastModified never goes back", func(b *bench) {
		b.user("1", "ada")
		b.change(b.users, "1", set("title", `"x"`))
		p, err := b.users.ParsePatch([]byte(`{"Operations":[` + set("title", `"y"`) + `]}`))
		b.ok(err)
		r, changed, err := b.inbox.Change(b.Context(), b.key(b.users, "1"), noon, p.Apply)
		b.ok(err)
		if !changed || !r.Meta.LastModified.Equal(after(1)) || !b.get(b.users, "1").Meta.LastModified.Equal(after(1)) {
			b.Fatalf("changed: %v, %+v", changed, r.Meta)
		}
	}},
	{"an error within a change is given back as it is, and changes nothing", func(b *bench) {
		before := b.user("1", "ada")
		mine := scim.WrongVersion()
		_, _, err := b.inbox.Change(b.Context(), b.key(b.users, "1"), after(1), func(r *scim.Resource) (*scim.Change, error) {
			if r.Meta.Version != before.Meta.Version || r.ID != "1" {
				b.Errorf("it sees %s %+v", r.ID, r.Meta)
			}
			return nil, mine
		})
		b.fails(err, mine)
		b.same(b.get(b.users, "1").Meta, before.Meta)
	}},
	{"a change that fails halfway leaves nothing behind", func(b *bench) {
		b.user("1", "ada")
		before := b.group("2", "staff", "1")
		_, _, err := b.patch(b.groups, "2", set("displayName", `"crew"`), remove("1"), add("nobody"))
		b.refused(err, 400, scim.InvalidValue)
		b.same(b.get(b.groups, "2").Meta, before.Meta)
		b.members("2", "1 User ada")
		b.finds(b.groups, `displayName eq "staff"`, "2")
		b.finds(b.groups, `displayName eq "crew"`)
	}},
	{"who is deleted is gone, and makes room for the same names", func(b *bench) {
		b.user("1", "ada", `"externalId":"X"`)
		b.remove(b.users, "1")
		b.gone(b.users, "1")
		b.finds(b.users, `userName eq "ada"`)
		b.finds(b.users, `externalId eq "X"`)
		b.same(b.list(b.users).Total, 0)
		b.user("2", "ADA")
		b.finds(b.users, `userName eq "ada"`, "2")
		b.fails(b.inbox.Delete(b.Context(), b.key(b.users, "1"), noon, nil), inbox.ErrNone)
	}},
	{"a deletion may be refused, which changes nothing", func(b *bench) {
		before := b.user("1", "ada")
		no := errors.New("no")
		b.fails(b.inbox.Delete(b.Context(), b.key(b.users, "1"), noon, func(r *scim.Resource) error {
			if r.Meta != before.Meta || text(r) != `{"userName":"ada"}` {
				b.Errorf("it sees %+v %s", r.Meta, text(r))
			}
			return no
		}), no)
		b.get(b.users, "1")
	}},
	{"an id that was deleted can be used again", func(b *bench) {
		old := b.user("1", "ada", `"title":"old"`)
		b.group("2", "staff", "1")
		b.remove(b.users, "1")
		again := b.user("1", "bo")
		if again.Meta.Version == old.Meta.Version {
			b.Fatal("its version is that of the old one")
		}
		b.members("2")
		b.same(text(b.get(b.users, "1")), `{"userName":"bo"}`)
		b.same(ids(b.list(b.users)), []string{"1"})
	}},
}
