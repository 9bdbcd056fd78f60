package storetest

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

const (
	u = document.Users
	g = document.Groups
)

var readings = []sentence{
	{"put replaces the whole object", func(b *bench) {
		b.reading().put(u, "1", `{"a":1,"b":2}`).keep()
		b.reading().put(u, "1", `{"c":3}`).keep()
		b.source(`entra/users.json 1 {"c":3}`)
	}},
	{"objects are kept as they are, but for blanks and the members of groups", func(b *bench) {
		b.reading().put(u, "1", `{ "z":1.50, "a":"\u00e9<", "n":null, "deep":{"x":[1, 2]} }`).put(g, "1", `{"id":"1","members":[{"id":"9"}],"x":1}`).keep()
		b.source(`entra/users.json 1 {"z":1.50,"a":"\u00e9<","n":null,"deep":{"x":[1,2]}}`, `entra/groups.json 1 {"id":"1","x":1,"members":[]}`)
	}},
	{"merge changes the properties that it names", func(b *bench) {
		b.reading().put(u, "1", `{"a":1,"b":{"x":1},"c":3}`).keep()
		b.reading().merge(u, "1", `{"b":{"y":2},"d":4}`).keep()
		b.source(`entra/users.json 1 {"a":1,"b":{"y":2},"c":3,"d":4}`)
	}},
	{"null clears: the property is known to be empty", func(b *bench) {
		b.reading().put(u, "1", `{"a":1,"mail":"x"}`).keep()
		b.reading().merge(u, "1", `{"mail":null}`).keep()
		b.source(`entra/users.json 1 {"a":1,"mail":null}`)
	}},
	{"merging into what is not there makes it", func(b *bench) {
		b.reading().merge(u, "1", `{"a":1}`).full(g).merge(g, "2", `{"b":1}`).merge(g, "2", `{"c":2}`).keep()
		b.source(`entra/users.json 1 {"a":1}`, `entra/groups.json 2 {"b":1,"c":2,"members":[]}`)
	}},
	{"merges add up, onto what was put, dropped or merged before", func(b *bench) {
		b.reading().put(u, "kept", `{"a":1}`).put(u, "dropped", `{"a":1}`).keep()
		b.reading().
			put(u, "put", `{"a":1}`).merge(u, "put", `{"b":2}`).
			drop(u, "dropped").merge(u, "dropped", `{"b":2}`).merge(u, "dropped", `{"c":3}`).
			merge(u, "kept", `{"b":2}`).merge(u, "kept", `{"b":3,"c":4}`).keep()
		b.source(`entra/users.json dropped {"b":2,"c":3}`, `entra/users.json kept {"a":1,"b":3,"c":4}`, `entra/users.json put {"a":1,"b":2}`)
	}},
	{"drop takes away, also what is not there", func(b *bench) {
		b.reading().put(u, "1", `{}`).put(u, "2", `{}`).keep()
		b.reading().drop(u, "1").drop(u, "nobody").put(u, "3", `{}`).drop(u, "3").keep()
		b.source(`entra/users.json 2 {}`)
	}},
	{"a group goes with its members, and comes back without them", func(b *bench) {
		b.reading().put(g, "1", `{}`).in("1", "ada").in("1", "bo").put(g, "2", `{}`).in("2", "ada").keep()
		b.reading().in("1", "eve").drop(g, "1").put(g, "1", `{}`).in("1", "joe").keep()
		b.source(group("1", "joe"), group("2", "ada"))
	}},
	{"a user who is dropped stays a member until that is told", func(b *bench) {
		b.reading().put(g, "1", `{}`).in("1", "ada").put(u, "ada", `{}`).keep()
		b.reading().drop(u, "ada").keep()
		b.source(group("1", "ada"))
	}},
	{"members come and go one by one, and telling it twice changes nothing", func(b *bench) {
		b.reading().put(g, "1", `{}`).in("1", "ada").in("1", "ada").in("1", "bo").keep()
		b.reading().in("1", "ada").in("1", "eve").out("1", "bo").out("1", "bo").out("1", "nobody").keep()
		b.source(group("1", "ada", "eve"))
	}},
	{"the last word on a membership counts", func(b *bench) {
		b.reading().put(g, "1", `{}`).in("1", "ada").out("1", "ada").out("1", "bo").in("1", "bo").keep()
		b.source(group("1", "bo"))
		b.reading().out("1", "bo").in("1", "bo").in("1", "ada").out("1", "ada").keep()
		b.source(group("1", "bo"))
	}},
	{"the groups of a member are apart", func(b *bench) {
		b.reading().put(g, "1", `{}`).in("1", "ada").put(g, "2", `{}`).in("2", "ada").keep()
		b.reading().out("2", "ada").keep()
		b.source(group("1", "ada"), group("2"))
	}},
	{"a member's type may change", func(b *bench) {
		b.reading().put(g, "1", `{}`).in("1", "x").keep()
		r := b.reading()
		b.ok(r.to.Member(g, "1", "x", "#group", true))
		r.keep()
		b.source(`entra/groups.json 1 {"members":[{"@odata.type":"#group","id":"x"}]}`)
	}},
	{"of what is told in full, what is not told again is gone", func(b *bench) {
		b.reading().put(u, "1", `{"a":1}`).put(u, "2", `{}`).put(u, "3", `{}`).put(g, "1", `{}`).in("1", "ada").in("1", "bo").put(g, "2", `{}`).in("2", "ada").keep()
		b.reading().full(u, g).put(u, "1", `{"a":1}`).put(u, "3", `{"changed":true}`).put(g, "1", `{}`).in("1", "bo").in("1", "eve").keep()
		b.source(`entra/users.json 1 {"a":1}`, `entra/users.json 3 {"changed":true}`, group("1", "bo", "eve"))
	}},
	{"full leaves other documents alone", func(b *bench) {
		b.reading().put(u, "1", `{}`).put(g, "1", `{}`).in("1", "ada").keep()
		b.reading().full(u).keep()
		b.source(group("1", "ada"))
		b.reading().full(g).put(g, "1", `{}`).keep()
		b.source(group("1"))
	}},
	{"full begins anew in the middle of a reading", func(b *bench) {
		b.reading().put(u, "1", `{}`).in("1", "ada").gap(u, "1", "x").whole(g).full(u, g).put(u, "2", `{}`).put(g, "1", `{}`).keep()
		b.source(`entra/users.json 2 {}`, group("1"))
	}},
	{"in a full reading a merge makes an object of itself", func(b *bench) {
		b.reading().put(u, "1", `{"a":1}`).keep()
		b.reading().full(u).merge(u, "1", `{"b":2}`).keep()
		b.source(`entra/users.json 1 {"b":2}`)
	}},
	{"a document is whole until it is told in full without being whole", func(b *bench) {
		b.reading().full(u).whole(u).keep()
		b.reading().put(u, "1", `{}`).keep()
		b.source(`entra/users.json 1 {}`, `entra/users.json whole`)
		b.reading().full(u).put(u, "1", `{}`).keep()
		b.source(`entra/users.json 1 {}`)
	}},
	{"a document of which nothing could be read is not whole", func(b *bench) {
		b.reading().full(u).whole(u).keep()
		b.reading().gap(u, "", "no permission").keep()
		b.source(`entra/users.json gap : no permission`)
	}},
	{"gaps stay until their document is told in full or as a whole by a later reading", func(b *bench) {
		b.reading().gap(u, "1", "a").gap(g, "2", "b").keep()
		b.reading().put(u, "9", `{}`).keep()
		b.source(`entra/users.json 9 {}`, `entra/users.json gap 1: a`, `entra/groups.json gap 2: b`)
		b.reading().full(u).whole(g).keep()
		b.source(`entra/groups.json whole`)
	}},
	{"a gap that is told beside a whole document stays, in whatever order", func(b *bench) {
		b.reading().full(u, g).gap(u, "1", "a").whole(u).whole(g).gap(g, "2", "b").keep()
		b.source(`entra/users.json gap 1: a`, `entra/users.json whole`, `entra/groups.json gap 2: b`, `entra/groups.json whole`)
	}},
	{"the same gap told by every reading is one", func(b *bench) {
		b.reading().gap(u, "1", "a").keep()
		b.reading().gap(u, "1", "a").gap(u, "1", "a").gap(u, "2", "a").keep()
		b.source(`entra/users.json gap 1: a`, `entra/users.json gap 2: a`)
	}},
	{"ids of any writing keep themselves apart", func(b *bench) {
		b.reading().put(g, `a"b\`, `{}`).put(g, "A", `{}`).put(g, "a", `{}`).keep()
		r := b.reading()
		r.in(`a"b\`, `"é\`).in("A", "1").in("a", "2").keep()
		b.source(group("A", "1"), group("a", "2"), `entra/groups.json a"b\ {"members":[{"@odata.type":"#user","id":"\"é\\"}]}`)
	}},
	{"what is no object, or has no id, is refused and leaves the rest", func(b *bench) {
		r := b.reading().put(u, "1", `{}`)
		b.refused(r.to.Put(u, "2", []byte(`{"a":`)), "entra/users.json", "2")
		b.refused(r.to.Put(u, "2", []byte(`[]`)), "object")
		b.refused(r.to.Merge(u, "2", nil))
		b.refused(r.to.Put(u, "", []byte(`{}`)), "id")
		b.refused(r.to.Drop(u, ""), "id")
		b.refused(r.to.Member(g, "", "x", "", true))
		b.refused(r.to.Member(g, "x", "", "", true))
		b.refused(r.to.Gap(document.Gap{What: "x"}))
		r.keep()
		b.source(`entra/users.json 1 {}`)
	}},
	{"what was told may be changed by its owner afterwards", func(b *bench) {
		text := []byte(`{"a":1}`)
		r := b.reading()
		b.ok(r.to.Put(u, "1", text))
		copy(text, `{"b":2}`)
		r.keep()
		b.source(`entra/users.json 1 {"a":1}`)
	}},
}

// group is the line of a group that has nothing but members.
func group(id string, members ...string) string {
	var all []string
	for _, m := range members {
		all = append(all, `{"@odata.type":"#user","id":"`+m+`"}`)
	}
	return "entra/groups.json " + id + ` {"members":[` + strings.Join(all, ",") + "]}"
}
