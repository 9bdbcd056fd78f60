package inboxtest

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

var lists = []sentence{
	{"a list has what was created, in an order that stays", func(b *bench) {
		b.people(25)
		l := b.list(b.users)
		b.same([]int{l.Total, len(l.Resources)}, []int{25, 25})
		b.change(b.users, "u3", set("title", `"x"`))
		b.same(ids(b.list(b.users)), ids(l))
		b.same(b.list(b.groups).Total, 0)
	}},
	{"an element of a list is what Get gives", func(b *bench) {
		_, err := b.create(b.users, "1", everything)
		b.ok(err)
		b.group("2", "staff", "1")
		one, got := b.list(b.users).Resources[0], b.get(b.users, "1")
		b.same(string(one.Append(nil, "", nil)), string(got.Append(nil, "", nil)))
	}},
	{"pages by index follow one another", func(b *bench) {
		b.people(25)
		whole := ids(b.list(b.users))
		var got []string
		for start := 1; start <= 25; start += 10 {
			l := b.list(b.users, "startIndex", strconv.Itoa(start), "count", "10")
			b.same([]any{l.Total, l.Next}, []any{25, ""})
			got = append(got, ids(l)...)
		}
		b.same(got, whole)
		b.same(ids(b.list(b.users, "startIndex", "7", "count", "3")), whole[6:9])
	}},
	{"pages by index count right when somebody goes", func(b *bench) {
		b.people(25)
		b.list(b.users, "startIndex", "1", "count", "10")
		b.remove(b.users, "u4")
		whole := ids(b.list(b.users))
		b.same(ids(b.list(b.users, "startIndex", "11", "count", "10")), whole[10:20])
		b.user("u4", "back")
		whole = ids(b.list(b.users))
		b.same(ids(b.list(b.users, "startIndex", "11", "count", "10")), whole[10:20])
	}},
	{"a page behind the last is empty, and tells the total", func(b *bench) {
		b.people(3)
		for _, p := range [][]string{nil, {"filter", `userName sw "u"`}, {"sortBy", "userName"}} {
			for _, start := range []string{"4", "1000000", "9223372036854775807"} {
				l := b.list(b.users, append([]string{"startIndex", start, "count", "10"}, p...)...)
				b.same([]any{l.Total, len(l.Resources)}, []any{3, 0})
			}
		}
	}},
	{"count 0 gives the total alone", func(b *bench) {
		b.people(3)
		for _, p := range [][]string{{"count", "0"}, {"count", "0", "filter", `userName sw "U"`}, {"count", "0", "sortBy", "userName"}} {
			l := b.list(b.users, p...)
			b.same([]any{l.Total, len(l.Resources)}, []any{3, 0})
		}
	}},
	{"pages by cursor follow one another, until there is no next", func(b *bench) {
		b.people(25)
		b.same(b.walk(b.users, nil, "count", "10"), ids(b.list(b.users)))
		b.same(b.walk(b.users, nil, "count", "5"), ids(b.list(b.users)))
		b.same(b.walk(b.users, nil, "count", "25"), ids(b.list(b.users)))
		b.same(len(b.walk(b.users, nil, "count", "2", "filter", `userName ew "0"`)), 3)
		b.same(b.walk(b.users, nil, "count", "2", "filter", `userName eq "nobody"`), []string{})
	}},
	{"who comes and goes during a walk by cursor moves nobody else", func(b *bench) {
		for _, p := range [][]string{{"count", "3"}, {"count", "3", "filter", `userName sw "user"`}, {"count", "3", "sortBy", "userName"}} {
			b := b.in("d" + p[len(p)-1])
			b.ok(b.inbox.PutDirectory(b.Context(), inbox.Directory{ID: b.directory}))
			b.people(20)
			n := 0
			got := b.walk(b.users, func(page []string) {
				b.user(fmt.Sprint("new", n), fmt.Sprint("a", n))
				b.user(fmt.Sprint("newer", n), fmt.Sprint("zz", n))
				b.remove(b.users, page[0])
				n++
			}, p...)
			for i := range 20 {
				id := fmt.Sprint("u", i)
				if times := count(got, id); times != 1 {
					b.Errorf("%v: %s is there %d times: %v", p, id, times, got)
				}
			}
			slices.Sort(got)
			if len(slices.Compact(slices.Clone(got))) != len(got) {
				b.Errorf("%v: somebody is there twice: %v", p, got)
			}
		}
	}},
	{"a cursor of another query, or of nobody, is refused", func(b *bench) {
		b.people(5)
		next := b.list(b.users, "cursor", "", "count", "2").Next
		if next == "" || len(next) > 2048 {
			b.Fatalf("the cursor is %q", next)
		}
		for _, p := range [][]string{
			{"cursor", "x"},
			{"cursor", next + "x"},
			{"cursor", "-" + next},
			{"cursor", next, "filter", `userName pr`},
			{"cursor", next, "sortBy", "userName"},
		} {
			_, err := b.tryList(b.users, p...)
			b.refused(err, 400, scim.InvalidCursor)
		}
		_, err := b.tryList(b.groups, "cursor", next)
		b.refused(err, 400, scim.InvalidCursor)
	}},
	{"a walk in order goes on right when its place has moved, or says that it cannot", func(b *bench) {
		b.people(6)
		l := b.list(b.users, "cursor", "", "count", "2", "sortBy", "userName")
		b.same(ids(l), []string{"u0", "u1"})
		b.change(b.users, "u1", set("userName", `"zoe"`))
		l, err := b.tryList(b.users, "cursor", l.Next, "count", "9", "sortBy", "userName")
		if err != nil {
			b.refused(err, 400, scim.ExpiredCursor)
			return
		}
		b.same(ids(l)[:4], []string{"u2", "u3", "u4", "u5"})
	}},
	{"a list is sorted by an attribute, and who has none comes last", func(b *bench) {
		b.user("1", "b", `"title":"x"`)
		b.user("2", "C")
		b.user("3", "a", `"title":"Y"`, `"name":{"familyName":"Z"}`)
		b.user("4", "D", `"title":"X"`)
		b.same(ids(b.list(b.users, "sortBy", "userName")), []string{"3", "1", "2", "4"})
		b.same(ids(b.list(b.users, "sortBy", "userName", "sortOrder", "descending")), []string{"4", "2", "1", "3"})
		b.same(ids(b.list(b.users, "sortBy", "userName", "startIndex", "2", "count", "2")), []string{"1", "2"})
		b.same(ids(b.list(b.users, "sortBy", "title", "filter", "title pr"))[2], "3")
		b.same(ids(b.list(b.users, "sortBy", "title"))[2:], []string{"3", "2"})
		b.same(ids(b.list(b.users, "sortBy", "name.familyName"))[0], "3")
		b.same(b.walk(b.users, nil, "sortBy", "userName", "count", "1"), []string{"3", "1", "2", "4"})
		b.same(ids(b.list(b.users, "sortBy", "meta.created"))[0], "1")
	}},
	{"numbers are sorted as numbers", func(b *bench) {
		for i, n := range []string{"100", "9", "-1"} {
			_, err := b.create(b.device, fmt.Sprint(i), fmt.Sprintf(`{"serial":"%d","ports":[%s]}`, i, n))
			b.ok(err)
		}
		b.same(ids(b.list(b.device, "sortBy", "ports")), []string{"2", "1", "0"})
	}},
	{"filters of providers find by name, id and address", func(b *bench) {
		_, err := b.create(b.users, "1", everything)
		b.ok(err)
		b.people(3)
		b.group("9", "Staff", "1")
		for filter, want := range map[string][]string{
			`userName eq "ADA"`: {"1"}, `externalId eq "X1"`: {"1"}, `externalId eq "x1"`: {}, `id eq "1"`: {"1"},
			`emails[type eq "work" and value eq "ADA@acme.example"]`: {"1"}, `emails[type eq "home" and value eq "ada@acme.example"]`: {},
			`emails.value eq "A@b.example"`: {"1"}, `userName eq "ada" or userName eq "user1"`: {"1", "u1"}, `userName eq "ada" and active eq false`: {},
			`id eq "u0" or id eq "u1" or id eq "u0"`: {"u0", "u1"}, `userName sw "USER"`: {"u0", "u1", "u2"}, `not (userName sw "user")`: {"1"},
			`userName ne "ada"`: {"u0", "u1", "u2"}, `urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager eq "7"`: {"1"},
			`meta.resourceType eq "User" and meta.created ge "2026-11-20T12:00:00Z"`: {"1", "u0", "u1", "u2"}, `meta.lastModified gt "2026-11-20T12:00:01Z"`: {},
			`userName gt "user0"`: {"u1", "u2"},
		} {
			b.finds(b.users, filter, want...)
		}
		b.finds(b.groups, `displayName eq "staff"`, "9")
		b.finds(b.groups, `externalId eq "9"`)
	}},
	{"a filter with very many terms is answered", func(b *bench) {
		b.people(5)
		terms := []string{`id eq "u1"`}
		for i := range 1500 {
			terms = append(terms, fmt.Sprintf(`userName eq "user%d"`, i+3))
		}
		b.finds(b.users, strings.Join(terms, " or "), "u1", "u3", "u4")
	}},
	{"a filter follows every change", func(b *bench) {
		b.user("1", "ada", `"externalId":"X"`, `"emails":[{"value":"a@x.example"},{"value":"b@x.example"}]`)
		b.change(b.users, "1", set("externalId", `"Y"`), `{"op":"remove","path":"emails[value eq \"a@x.example\"]"}`)
		b.finds(b.users, `externalId eq "X" or emails eq "a@x.example"`)
		b.finds(b.users, `externalId eq "Y"`, "1")
		b.finds(b.users, `emails eq "b@x.example"`, "1")
		b.change(b.users, "1", `{"op":"remove","path":"externalId"}`)
		b.finds(b.users, `externalId eq "Y"`)
		b.finds(b.users, `not (externalId pr)`, "1")
	}},
	{"a filter finds what begins with something, whatever its letters", func(b *bench) {
		for i, name := range []string{"a", "a\U0010FFFFb", "a\uD7FFb", "a\uE000b", "ab", "b", "Aé"} {
			b.user(fmt.Sprint(i), name, `"displayName":"`+name+`"`)
		}
		for _, attribute := range []string{"userName", "displayName"} {
			b.finds(b.users, attribute+` sw "A"`, "0", "1", "2", "3", "4", "6")
			b.finds(b.users, attribute+" sw \"a\U0010FFFF\"", "1")
			b.finds(b.users, attribute+" sw \"a\uD7FF\"", "2")
			b.finds(b.users, attribute+` sw "aÉ" or id eq "5"`, "5", "6")
			b.finds(b.users, attribute+` sw "a" and not (`+attribute+` sw "ab")`, "0", "1", "2", "3", "6")
		}
	}},
	{"a filter finds what was changed since a moment", func(b *bench) {
		b.people(3)
		b.group("g", "staff", "u1")
		b.change(b.users, "u0", set("title", `"x"`))
		b.change(b.groups, "g", remove("u1"))
		b.finds(b.users, `meta.lastModified gt "2026-11-20T12:00:30Z"`, "u0")
		b.finds(b.groups, `meta.lastModified ge "2026-11-20T12:01:00Z" and displayName pr`, "g")
		b.finds(b.users, `meta.lastModified gt "2026-11-20T13:00:30+01:00" or userName eq "user2"`, "u0", "u2")
		b.finds(b.users, `meta.lastModified lt "2026-11-20T12:00:30Z"`, "u1", "u2")
		b.finds(b.users, `meta.lastModified gt "9999-01-01T00:00:00Z"`)
		b.finds(b.users, `meta.lastModified gt "0001-01-01T00:00:00Z" and userName ew "1"`, "u1")
		b.finds(b.users, `meta.lastModified eq "2026-11-20T12:01:00.123456789Z"`, "u0")
	}},
	{"more than one piece of resources is searched and sorted", func(b *bench) {
		b.people(1100)
		b.same(b.list(b.users, "filter", `userName ew "9"`, "count", "5").Total, 110)
		b.same(ids(b.list(b.users, "sortBy", "userName", "sortOrder", "descending", "count", "2")), []string{"u999", "u998"})
		b.same(len(b.walk(b.users, nil, "filter", `userName ew "7" or userName ew "8"`, "count", "100")), 220)
		b.same(len(b.walk(b.users, nil, "count", "300")), 1100)
	}},
}

// people makes the users u0, u1 … with the names user0, user1 …, in whatever order.
func (b *bench) people(n int) {
	b.Helper()
	b.together(func(first int) error {
		for i := first; i < n; i += many {
			if _, err := b.create(b.users, fmt.Sprint("u", i), fmt.Sprintf(`{"userName":"user%d"}`, i)); err != nil {
				return err
			}
		}
		return nil
	})
}

// walk reads a list to its end by cursor. between is called after every page but the last.
func (b *bench) walk(t *scim.ResourceType, between func(page []string), parameters ...string) []string {
	b.Helper()
	all := []string{}
	for cursor, pages := "", 0; ; pages++ {
		l := b.list(t, append([]string{"cursor", cursor}, parameters...)...)
		all = append(all, ids(l)...)
		if cursor = l.Next; cursor == "" {
			return all
		}
		if len(l.Resources) == 0 || pages > 1000 {
			b.Fatalf("page %d is empty, and not the last one", pages)
		}
		if between != nil {
			between(ids(l))
		}
	}
}

func count(all []string, one string) (n int) {
	for _, x := range all {
		if x == one {
			n++
		}
	}
	return n
}

// late is a context that is over.
func (b *bench) late() context.Context {
	ctx, stop := context.WithCancel(b.Context())
	stop()
	return ctx
}
