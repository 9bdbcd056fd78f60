package storetest

import "github.com/rollcall/rollcall/internal/port/store"

func (b *bench) links() []store.Link {
	b.Helper()
	all, err := b.store.Links(b.Context(), "acme")
	b.ok(err)
	return all
}

var links = []sentence{
	{"links are listed by kind, source and target", func(b *bench) {
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("user", "b", "2"), link("user", "a", "1"), link("group", "z", "3")}))
		b.same(b.links(), []store.Link{link("group", "z", "3"), link("user", "a", "1"), link("user", "b", "2")})
	}},
	{"a record that is taken over belongs to nobody else any more", func(b *bench) {
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("user", "a", "1"), link("group", "a", "1")}))
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("user", "b", "1")}))
		b.same(b.links(), []store.Link{link("group", "a", "1"), link("user", "b", "1")})
	}},
	{"a renamed group's old one stays ours beside the new one", func(b *bench) {
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("group", "a", "2"), link("group", "a", "1")}))
		b.same(b.links(), []store.Link{link("group", "a", "1"), link("group", "a", "2")})
	}},
	{"a user's link replaces the one before", func(b *bench) {
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("user", "a", "1"), link("group", "a", "2")}))
		b.ok(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("user", "a", "3")}))
		b.same(b.links(), []store.Link{link("group", "a", "2"), link("user", "a", "3")})
	}},
	{"links of one call are written together or not at all", func(b *bench) {
		b.refused(b.store.PutLinks(b.Context(), b.fence, []store.Link{link("user", "a", "1"), link("user", "b", "")}))
		b.same(b.links(), nil)
	}},
	{"connections have links of their own", func(b *bench) {
		b.ok(b.store.PutLinks(b.Context(), b.claim("fabrikam", "here", noon), []store.Link{link("user", "a", "1")}))
		b.same(b.links(), nil)
	}},
}

func link(kind, source, target string) store.Link {
	return store.Link{Kind: kind, Source: source, Target: target}
}
