package inboxtest

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

var directories = []sentence{
	{"directories are given by id, and keep their first moment under another name", func(b *bench) {
		for _, d := range []inbox.Directory{{ID: "zeta", Name: "Z", Created: after(1)}, {ID: "beta", Name: "B", Created: after(2)}, {ID: "acme", Name: "Acme & Sons", Created: after(3)}} {
			b.ok(b.inbox.PutDirectory(b.Context(), d))
		}
		got, err := b.inbox.Directories(b.Context())
		b.ok(err)
		b.same(got, []inbox.Directory{{ID: "acme", Name: "Acme & Sons", Created: noon}, {ID: "beta", Name: "B", Created: after(2)}, {ID: "zeta", Name: "Z", Created: after(1)}})
	}},
	{"nothing of one directory is seen in another", func(b *bench) {
		b.ok(b.inbox.PutDirectory(b.Context(), inbox.Directory{ID: "beta", Name: "B", Created: noon}))
		beta := b.in("beta")
		b.user("1", "ada")
		b.group("2", "staff", "1")
		beta.gone(b.users, "1")
		beta.finds(b.users, `userName eq "ada"`)
		beta.finds(b.groups, `members.value eq "1"`)
		beta.same(ids(beta.list(b.users)), []string{})
		events, err := b.inbox.History(b.Context(), "beta", "1")
		b.ok(err)
		b.same(events, []inbox.Event{})
		b.same(beta.since(""), []string{})
		beta.fails(b.inbox.Delete(b.Context(), beta.key(b.users, "1"), noon, nil), inbox.ErrNone)
		_, _, err = beta.patch(b.users, "1", set("title", `"x"`))
		beta.fails(err, inbox.ErrNone)
	}},
	{"the same id and the same names can be in two directories", func(b *bench) {
		b.ok(b.inbox.PutDirectory(b.Context(), inbox.Directory{ID: "beta", Name: "B", Created: noon}))
		beta := b.in("beta")
		b.user("1", "ada", `"title":"here"`)
		beta.user("1", "ada", `"title":"there"`)
		b.group("2", "staff", "1")
		beta.group("2", "staff")
		b.same(text(beta.get(b.users, "1")), `{"userName":"ada","title":"there"}`)
		beta.remove(b.users, "1")
		b.members("2", "1 User ada")
		beta.members("2")
	}},
	{"members come from their own directory", func(b *bench) {
		b.ok(b.inbox.PutDirectory(b.Context(), inbox.Directory{ID: "beta", Name: "B", Created: noon}))
		b.user("1", "ada")
		_, err := b.in("beta").create(b.groups, "2", groupBody("staff", "1"))
		b.refused(err, 400, scim.InvalidValue)
	}},
	{"in a directory that nobody put there is nothing, and nothing can be created", func(b *bench) {
		none := b.in("nowhere")
		if _, err := none.create(b.users, "1", `{"userName":"ada"}`); err == nil {
			b.Fatal("it was created")
		}
		none.gone(b.users, "1")
		none.same(ids(none.list(b.users)), []string{})
		none.same(none.since(""), []string{})
		b.ok(b.inbox.PutDirectory(b.Context(), inbox.Directory{ID: "nowhere", Name: "N", Created: noon}))
		none.user("1", "ada")
		none.finds(b.users, `userName eq "ada"`, "1")
	}},
	{"times are kept to the nanosecond, and no time stays none", func(b *bench) {
		b.ok(b.inbox.PutDirectory(b.Context(), inbox.Directory{ID: "beta"}))
		got, err := b.inbox.Directories(b.Context())
		b.ok(err)
		if !got[0].Created.Equal(noon) || got[1].Created != (time.Time{}) {
			b.Fatal(got)
		}
	}},
}
