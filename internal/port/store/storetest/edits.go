package storetest

import (
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/store"
)

// edit settles an intent that changes the mirror of the target.
func (b *bench) edit(all ...store.Edit) error {
	b.Helper()
	s := done(b.intend(entry("update", "u1", "ada"))[0])
	s.Mirror = all
	return b.store.Settle(b.Context(), b.fence, []store.Settlement{s})
}

const s = document.ScimGroups

var edits = []sentence{
	{"an object is put, replaced, and dropped", func(b *bench) {
		b.ok(b.edit(store.Edit{File: document.ScimUsers, ID: "1", Object: []byte(`{"a":1}`)}))
		b.ok(b.edit(store.Edit{File: document.ScimUsers, ID: "1", Object: []byte(`{"b":2}`)}))
		b.target(`atlassian/scim-users.json 1 {"b":2}`)
		b.ok(b.edit(store.Edit{File: document.ScimUsers, ID: "1", Drop: true}))
		b.target()
	}},
	{"members are added and taken out, of a group that is put in the same edit too", func(b *bench) {
		b.ok(b.edit(store.Edit{File: s, ID: "g", Object: []byte(`{"id":"g"}`), Add: []string{"2", "1"}}))
		b.target(`atlassian/scim-groups.json g {"id":"g","members":[{"value":"1"},{"value":"2"}]}`)
		b.ok(b.edit(store.Edit{File: s, ID: "g", Add: []string{"3"}, Remove: []string{"1", "nobody"}}))
		b.target(`atlassian/scim-groups.json g {"id":"g","members":[{"value":"2"},{"value":"3"}]}`)
		b.ok(b.edit(store.Edit{File: s, ID: "g", Object: []byte(`{"renamed":true}`)}))
		b.target(`atlassian/scim-groups.json g {"renamed":true,"members":[{"value":"2"},{"value":"3"}]}`)
	}},
	{"a group is dropped with its members", func(b *bench) {
		b.ok(b.edit(store.Edit{File: s, ID: "g", Object: []byte(`{}`), Add: []string{"1"}}))
		b.ok(b.edit(store.Edit{File: s, ID: "g", Drop: true}))
		b.ok(b.edit(store.Edit{File: s, ID: "g", Object: []byte(`{}`)}))
		b.target(`atlassian/scim-groups.json g {"members":[]}`)
	}},
	{"edits leave cursor, wholes and gaps as they are", func(b *bench) {
		r, err := b.store.Reading(b.Context(), b.fence, store.Target)
		b.ok(err)
		b.ok(r.Full(s))
		b.ok(r.Gap(document.Gap{File: string(s), Subject: "x", What: "y"}))
		b.ok(r.Whole(s))
		b.ok(r.Keep(b.Context(), "c", noon))
		b.ok(b.edit(store.Edit{File: s, ID: "g", Object: []byte(`{}`)}))
		b.target(`atlassian/scim-groups.json g {"members":[]}`, `atlassian/scim-groups.json gap x: y`, `atlassian/scim-groups.json whole`)
		b.cursor(store.Target, "c", noon, noon)
	}},
	{"edits that follow each other count in their order", func(b *bench) {
		b.ok(b.edit(store.Edit{File: s, ID: "g", Object: []byte(`{"a":1}`), Add: []string{"1"}}, store.Edit{File: s, ID: "g", Drop: true},
			store.Edit{File: s, ID: "g", Object: []byte(`{"a":2}`), Add: []string{"2"}}, store.Edit{File: s, ID: "g", Add: []string{"3"}}, store.Edit{File: s, ID: "g", Remove: []string{"2"}}))
		b.target(`atlassian/scim-groups.json g {"a":2,"members":[{"value":"3"}]}`)
	}},
	{"a reading of the target that an edit overtook is not kept", func(b *bench) {
		r, err := b.store.Reading(b.Context(), b.fence, store.Target)
		b.ok(err)
		b.ok(r.Full(document.ScimUsers))
		b.ok(b.edit(store.Edit{File: document.ScimUsers, ID: "1", Object: []byte(`{}`)}))
		b.refused(r.Keep(b.Context(), "c", noon), "target", "read it again")
		b.target(`atlassian/scim-users.json 1 {}`)
	}},
}
