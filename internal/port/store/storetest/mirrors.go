package storetest

import (
	"errors"
	"strconv"
	"time"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/store"
)

var mirrors = []sentence{
	{"a mirror that was never read holds nothing and has no cursor", func(b *bench) {
		b.source()
		b.cursor(store.Source, "", time.Time{}, time.Time{})
	}},
	{"what was told is there once it was kept, and not before", func(b *bench) {
		r := b.reading().full(document.Users).put(document.Users, "u1", `{"id":"u1"}`).whole(document.Users)
		b.source()
		r.keep()
		b.source(`entra/users.json u1 {"id":"u1"}`, `entra/users.json whole`)
	}},
	{"what is forgotten leaves no trace, and the old cursor stays good", func(b *bench) {
		r := b.reading().full(document.Users).put(document.Users, "u1", `{"id":"u1"}`)
		b.ok(r.to.Keep(b.Context(), "first", noon))
		r = b.reading().full(document.Users, document.Groups).put(document.Users, "u2", `{}`).in("g", "u2")
		b.ok(r.to.Forget())
		b.source(`entra/users.json u1 {"id":"u1"}`)
		b.cursor(store.Source, "first", noon, noon)
	}},
	{"a reading is kept once", func(b *bench) {
		r := b.reading().put(document.Users, "u1", `{}`)
		r.keep()
		b.refused(r.to.Keep(b.Context(), "next", noon))
		b.ok(r.to.Forget())
		b.source(`entra/users.json u1 {}`)
	}},
	{"a cursor says where the last reading ended, when, and when the last full one did", func(b *bench) {
		b.ok(b.reading().full(document.Users, document.Groups).to.Keep(b.Context(), "one", noon))
		b.ok(b.reading().put(document.Users, "u1", `{}`).to.Keep(b.Context(), "two", noon.Add(time.Hour)))
		b.cursor(store.Source, "two", noon.Add(time.Hour), noon)
		b.Log("a reading that tells some documents in full and changes of others is no full one")
		b.ok(b.reading().full(document.Groups).to.Keep(b.Context(), "three", noon.Add(2*time.Hour)))
		b.cursor(store.Source, "three", noon.Add(2*time.Hour), noon)
		b.ok(b.reading().full(document.Groups, document.Users).to.Keep(b.Context(), "four", noon.Add(3*time.Hour)))
		b.cursor(store.Source, "four", noon.Add(3*time.Hour), noon.Add(3*time.Hour))
	}},
	{"the sides and the connections are apart", func(b *bench) {
		b.reading().put(document.Users, "u1", `{}`).keep()
		b.target()
		b.cursor(store.Target, "", time.Time{}, time.Time{})
		other := b.claim("fabrikam", "here", noon)
		r, err := b.store.Reading(b.Context(), other, store.Source)
		b.ok(err)
		b.ok(r.Full(document.Users))
		b.ok(r.Keep(b.Context(), "theirs", noon))
		b.source(`entra/users.json u1 {}`)
	}},
	{"there are two sides", func(b *bench) {
		_, err := b.store.Reading(b.Context(), b.fence, "inside")
		b.refused(err, "inside")
	}},
	{"objects come by id, documents in the order of a bundle", func(b *bench) {
		b.reading().put(document.Groups, "g", `{"id":"g"}`).put(document.AppRoleAssignments, "a", `{}`).
			put(document.Users, "b", `{}`).put(document.Users, "B", `{}`).put(document.Users, "a", `{}`).keep()
		b.source(`entra/users.json B {}`, `entra/users.json a {}`, `entra/users.json b {}`,
			`entra/app-role-assignments.json a {}`, `entra/groups.json g {"id":"g","members":[]}`)
	}},
	{"members of Entra's groups are told with their type, sorted by id, those of SCIM groups as values", func(b *bench) {
		r := b.reading().put(document.Groups, "g1", `{"id":"g1"}`)
		b.ok(r.to.Member(document.Groups, "g1", "z", "#microsoft.graph.user", true))
		b.ok(r.to.Member(document.Groups, "g1", "a", "#microsoft.graph.group", true))
		r.keep()
		b.source(`entra/groups.json g1 {"id":"g1","members":[{"@odata.type":"#microsoft.graph.group","id":"a"},{"@odata.type":"#microsoft.graph.user","id":"z"}]}`)
		t, err := b.store.Reading(b.Context(), b.fence, store.Target)
		b.ok(err)
		b.ok(t.Put(document.ScimGroups, "s1", []byte(`{"displayName":"x"}`)))
		b.ok(t.Put(document.ScimGroups, "s2", []byte(`{ }`)))
		b.ok(t.Member(document.ScimGroups, "s1", "t1", "", true))
		b.ok(t.Keep(b.Context(), "", noon))
		b.target(`atlassian/scim-groups.json s1 {"displayName":"x","members":[{"value":"t1"}]}`, `atlassian/scim-groups.json s2 {"members":[]}`)
	}},
	{"members of a group that nobody told of are not shown until it is told", func(b *bench) {
		b.reading().in("g1", "u1").keep()
		b.source()
		b.reading().put(document.Groups, "g1", `{"id":"g1"}`).keep()
		b.source(`entra/groups.json g1 {"id":"g1","members":[{"@odata.type":"#user","id":"u1"}]}`)
	}},
	{"a recorder that fails ends it, with its error", func(b *bench) {
		b.reading().put(document.Users, "u1", `{}`).whole(document.Users).keep()
		full := errors.New("the disk is full")
		b.fails(b.store.Documents(b.Context(), "acme", store.Source, &failing{err: full}), full)
	}},
	{"a mirror may be changed while it is read, and shows one moment", func(b *bench) {
		r := b.reading()
		for i := range 1200 {
			r.put(document.Groups, "g"+strconv.Itoa(i), `{}`)
		}
		r.keep()
		rec := &meanwhile{do: func() { b.reading().full(document.Groups).keep() }}
		b.ok(b.store.Documents(b.Context(), "acme", store.Source, rec))
		b.same(len(rec.lines), 1200)
		b.source()
	}},
	{"a reading that was overtaken by another is not kept", func(b *bench) {
		slow := b.reading().put(document.Users, "u1", `{"old":true}`)
		b.reading().put(document.Users, "u1", `{"new":true}`).keep()
		b.refused(slow.to.Keep(b.Context(), "late", noon), "read it again")
		b.source(`entra/users.json u1 {"new":true}`)
	}},
}

func (b *bench) cursor(side store.Side, want source.Cursor, at, full time.Time) {
	b.Helper()
	c, gotAt, gotFull, err := b.store.Cursor(b.Context(), "acme", side)
	b.ok(err)
	b.same([]any{c, gotAt, gotFull}, []any{want, at, full})
}

// failing is a recorder that takes nothing.
type failing struct {
	recorder
	err error
}

func (f *failing) Whole(document.File) error { return f.err }

// meanwhile does something when it is told the first object.
type meanwhile struct {
	recorder
	do func()
}

func (m *meanwhile) Add(f document.File, key string, object jsontext.Value) error {
	if m.do != nil {
		m.do()
		m.do = nil
	}
	return m.recorder.Add(f, key, object)
}
