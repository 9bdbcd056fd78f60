package inboxtest

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

// told are the events of a resource, each as a line.
func (b *bench) told(id string) []string {
	b.Helper()
	events, err := b.inbox.History(b.Context(), b.directory, id)
	b.ok(err)
	out := []string{}
	for _, e := range events {
		out = append(out, strings.TrimSpace(fmt.Sprintf("%s %s %s%s", e.At.Format("04"), e.What, e.Of, e.Text)))
	}
	return out
}

var histories = []sentence{
	{"history tells what became of a user, with the attributes of then", func(b *bench) {
		b.user("1", "ada")
		b.change(b.users, "1", set("title", `"x"`))
		b.change(b.users, "1", set("title", `"y"`))
		b.remove(b.users, "1")
		b.same(b.told("1"), []string{
			`00 created {"userName":"ada"}`, `01 changed {"userName":"ada","title":"x"}`, `01 changed {"userName":"ada","title":"y"}`, `02 deleted`,
		})
	}},
	{"what changed nothing is not told, nor what failed", func(b *bench) {
		b.user("1", "ada", `"title":"x"`)
		b.group("2", "staff")
		_, _, err := b.patch(b.users, "1", set("title", `"x"`))
		b.ok(err)
		if _, _, err = b.patch(b.groups, "2", add("1", "nobody")); err == nil {
			b.Fatal("somebody who is not there was added")
		}
		b.same(b.told("1"), []string{`00 created {"userName":"ada","title":"x"}`})
		b.same(b.told("2"), []string{`00 created {"displayName":"staff"}`})
	}},
	{"memberships are told on both sides", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		b.group("3", "staff", "1")
		b.change(b.groups, "3", add("2"), remove("1"))
		b.same(b.told("1"), []string{`00 created {"userName":"ada"}`, `00 member added 3`, `01 member removed 3`})
		got := b.told("3")
		slices.Sort(got[2:]) // in whatever order
		b.same(got, []string{`00 created {"displayName":"staff"}`, `00 member added 1`, `01 member added 2`, `01 member removed 1`})
	}},
	{"whose group is deleted, or whose member, learns it", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		b.group("3", "staff", "1", "2")
		b.remove(b.users, "2")
		b.remove(b.groups, "3")
		b.same(b.told("1"), []string{`00 created {"userName":"ada"}`, `00 member added 3`, `02 member removed 3`})
		b.same(b.told("3")[3:], []string{`02 member removed 2`, `02 member removed 1`, `02 deleted`})
	}},
	{"a group within itself is told once", func(b *bench) {
		b.group("1", "staff")
		b.change(b.groups, "1", add("1"))
		b.same(b.told("1"), []string{`00 created {"displayName":"staff"}`, `01 member added 1`})
	}},
	{"of nobody nothing is told", func(b *bench) {
		b.same(b.told("nobody"), []string{})
	}},
	{"an event names the request about the same resource at the same moment", func(b *bench) {
		b.user("1", "ada")
		b.group("2", "staff")
		b.change(b.groups, "2", add("1"))
		b.ok(b.inbox.PutRequests(b.Context(), []inbox.Request{
			{At: noon, Directory: "acme", ID: "1"}, {At: after(1), Directory: "acme", ID: "2"}, {At: noon, Directory: "other", ID: "2"},
		}))
		log, err := b.inbox.Requests(b.Context(), inbox.Log{})
		b.ok(err)
		events, err := b.inbox.History(b.Context(), "acme", "1")
		b.ok(err)
		b.same([]int64{events[0].Request, events[1].Request}, []int64{log[2].Seq, log[1].Seq})
		events, err = b.inbox.History(b.Context(), "acme", "2")
		b.ok(err)
		b.same([]int64{events[0].Request, events[1].Request}, []int64{0, log[1].Seq})
	}},
	{"pruning forgets what is old, and what stays is told as before", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		b.change(b.users, "1", set("title", `"x"`))
		b.remove(b.users, "2")
		n, err := b.inbox.Prune(b.Context(), after(1))
		b.ok(err)
		b.same(n, 2)
		b.same(b.told("1"), []string{`01 changed {"userName":"ada","title":"x"}`})
		b.same(b.told("2"), []string{`02 deleted`})
		n, err = b.inbox.Prune(b.Context(), after(5))
		b.ok(err)
		b.same(n, 2)
		b.same(b.told("1"), []string{})
		b.same(b.told("2"), []string{})
		b.same(text(b.get(b.users, "1")), `{"userName":"ada","title":"x"}`)
		b.change(b.users, "1", set("title", `"y"`))
		b.same(b.told("1"), []string{`01 changed {"userName":"ada","title":"y"}`})
		b.user("2", "bo")
		b.same(b.told("2"), []string{`00 created {"userName":"bo"}`})
	}},
}

// since gives what changed behind a mark, each as a line.
func (b *bench) since(mark string) []string {
	b.Helper()
	out, _ := b.sinceMark(mark)
	return out
}

func (b *bench) sinceMark(mark string) (out []string, next string) {
	b.Helper()
	all, next, err := b.inbox.Since(b.Context(), b.directory, mark)
	b.ok(err)
	for c, err := range all {
		b.ok(err)
		line := c.Type + " " + c.ID
		if c.Member != "" {
			line += " " + c.Member
		}
		if c.Gone {
			line += " gone"
		}
		out = append(out, line)
	}
	return out, next
}

var changes = []sentence{
	{"from the beginning everything is given, and behind a mark what happened since", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		b.group("3", "staff", "1")
		b.remove(b.users, "2")
		first, mark := b.sinceMark("")
		b.same(first, []string{"User 1", "Group 3", "Group 3 1"})
		b.same(b.since(mark), []string{})
		b.user("4", "eve")
		b.change(b.groups, "3", add("4"))
		b.change(b.groups, "3", remove("1"))
		b.change(b.users, "4", set("title", `"x"`))
		b.remove(b.users, "1")
		second, next := b.sinceMark(mark)
		b.same(second, []string{"User 4", "Group 3 4", "Group 3 1 gone", "User 4", "User 1 gone"})
		b.same(b.since(next), []string{})
		b.same(b.since(mark), second)
	}},
	{"who is deleted is out of the groups before", func(b *bench) {
		b.user("1", "ada")
		b.group("2", "staff", "1")
		_, mark := b.sinceMark("")
		b.remove(b.users, "1")
		b.same(b.since(mark), []string{"Group 2 1 gone", "User 1 gone"})
	}},
	{"a mark is good while what follows it is kept, and old afterwards", func(b *bench) {
		b.user("1", "ada")
		_, mark := b.sinceMark("")
		b.change(b.users, "1", set("title", `"x"`))
		_, newer := b.sinceMark(mark)
		_, err := b.inbox.Prune(b.Context(), after(1))
		b.ok(err)
		b.same(b.since(mark), []string{"User 1"})
		_, err = b.inbox.Prune(b.Context(), after(2))
		b.ok(err)
		_, _, err = b.inbox.Since(b.Context(), "acme", mark)
		b.fails(err, inbox.ErrOldMark)
		b.same(b.since(newer), []string{})
		b.same(b.since(""), []string{"User 1"})
	}},
	{"a mark that nobody gave is old", func(b *bench) {
		for _, mark := range []string{"x", "-1", "99999999", "1 "} {
			_, _, err := b.inbox.Since(b.Context(), "acme", mark)
			b.fails(err, inbox.ErrOldMark)
		}
	}},
	{"more than one piece is given, and whoever stops early leaves nothing open", func(b *bench) {
		_, mark := b.sinceMark("")
		b.people(1100)
		var all []string
		for i := range 1100 {
			all = append(all, fmt.Sprint("u", i))
		}
		b.group("g", "staff", all...)
		b.same(len(b.since(mark)), 2201)
		b.same(len(b.since("")), 2201)
		for range 20 {
			seq, _, err := b.inbox.Since(b.Context(), "acme", "")
			b.ok(err)
			for _, err := range seq {
				b.ok(err)
				break
			}
		}
		b.remove(b.groups, "g")
	}},
	{"what is read is whole, whoever writes meanwhile", func(b *bench) {
		seq, mark, err := b.inbox.Since(b.Context(), "acme", "")
		b.ok(err)
		b.user("1", "ada")
		for _, err := range seq {
			b.ok(err)
		}
		if got := b.since(mark); !slices.Equal(got, []string{"User 1"}) {
			b.Fatal(got, errors.New("a change between the mark and the reading is lost"))
		}
	}},
}
