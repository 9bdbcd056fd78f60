package inboxtest

import (
	"fmt"
	"slices"

	"github.com/rollcall/rollcall/internal/core/scim"
)

var members = []sentence{
	{"members are told with type and name, and seen from their side", func(b *bench) {
		b.user("1", "ada", `"displayName":"Ada Lovelace"`)
		b.user("2", "bo")
		b.group("3", "staff", "2", "1")
		b.group("4", "crew", "1", "3")
		b.members("3", "1 User Ada Lovelace", "2 User bo")
		b.members("4", "1 User Ada Lovelace", "3 Group staff")
		b.groupsOf("1", "3 direct staff", "4 direct crew")
		b.groupsOf("2", "3 direct staff")
	}},
	{"names are those of now", func(b *bench) {
		b.user("1", "ada")
		b.group("2", "staff", "1")
		b.change(b.users, "1", set("displayName", `"Ada"`))
		b.change(b.groups, "2", set("displayName", `"crew"`))
		b.members("2", "1 User Ada")
		b.groupsOf("1", "2 direct crew")
	}},
	{"a member that the client gave a name shows that name, until it is gone", func(b *bench) {
		b.user("1", "ada", `"displayName":"Ada"`)
		_, err := b.create(b.groups, "2", `{"displayName":"staff","members":[{"value":"1","display":"Annie"}]}`)
		b.ok(err)
		b.change(b.users, "1", set("displayName", `"Ada Lovelace"`))
		b.members("2", "1 User Annie")
		b.finds(b.groups, `members.display eq "annie"`, "2")
		b.finds(b.groups, `members.display sw "ada"`)
		b.groupsOf("1", "2 direct staff")
		b.change(b.groups, "2", `{"op":"remove","path":"members[display eq \"Annie\"]"}`)
		b.change(b.groups, "2", add("1"))
		b.members("2", "1 User Ada Lovelace")
	}},
	{"members come and go, and the group has another version each time", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		versions := map[string]bool{b.group("3", "staff").Meta.Version: true}
		for _, step := range []struct {
			operations []string
			want       []string
		}{
			{[]string{add("1")}, []string{"1 User ada"}},
			{[]string{add("2"), remove("1")}, []string{"2 User bo"}},
			{[]string{`{"op":"replace","path":"members","value":[{"value":"1"}]}`}, []string{"1 User ada"}},
			{[]string{add("2", "1")}, []string{"1 User ada", "2 User bo"}},
			{[]string{`{"op":"remove","path":"members[value eq \"1\"]"}`}, []string{"2 User bo"}},
			{[]string{add("1"), `{"op":"remove","path":"members[display sw \"b\"]"}`}, []string{"1 User ada"}},
			{[]string{`{"op":"remove","path":"members"}`}, nil},
		} {
			r := b.change(b.groups, "3", step.operations...)
			b.members("3", step.want...)
			if versions[r.Meta.Version] || b.get(b.groups, "3").Meta != r.Meta {
				b.Fatalf("%v: %+v was there before, or is not what is kept", step.operations, r.Meta)
			}
			versions[r.Meta.Version] = true
		}
	}},
	{"what a removal would match stays, if it is added as well", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		b.group("3", "staff", "1", "2")
		b.change(b.groups, "3", `{"op":"remove","path":"members[type eq \"User\"]"}`, add("2"))
		b.members("3", "2 User bo")
	}},
	{"a member's own version stays", func(b *bench) {
		before := b.user("1", "ada")
		b.group("2", "staff", "1")
		b.change(b.groups, "2", remove("1"))
		b.same(b.get(b.users, "1").Meta, before.Meta)
	}},
	{"a user's groups are never written through the user", func(b *bench) {
		b.user("1", "ada", `"groups":[{"value":"2"}]`)
		b.group("2", "staff")
		b.groupsOf("1")
	}},
	{"who does not exist cannot be a member", func(b *bench) {
		b.user("1", "ada")
		b.group("2", "staff")
		_, err := b.create(b.groups, "3", groupBody("crew", "1", "nobody"))
		b.refused(err, 400, scim.InvalidValue, "members", "nobody")
		b.gone(b.groups, "3")
		_, _, err = b.patch(b.groups, "2", add("1", "nobody"))
		b.refused(err, 400, scim.InvalidValue, "members", "nobody")
		b.members("2")
		b.groupsOf("1")
	}},
	{"who is deleted cannot be a member", func(b *bench) {
		b.user("1", "ada")
		b.group("2", "staff")
		b.remove(b.users, "1")
		_, _, err := b.patch(b.groups, "2", add("1"))
		b.refused(err, 400, scim.InvalidValue, "members")
		_, changed, err := b.patch(b.groups, "2", remove("1"))
		if err != nil || changed {
			b.Fatal(changed, err)
		}
	}},
	{"who is deleted leaves all groups, which change by that", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		b.group("3", "staff", "1", "2")
		b.group("4", "crew", "1")
		other := b.group("5", "guests", "2")
		before := b.get(b.groups, "3")
		b.remove(b.users, "1")
		b.members("3", "2 User bo")
		b.members("4")
		if now := b.get(b.groups, "3").Meta; now.Version == before.Meta.Version || !now.LastModified.Equal(after(2)) {
			b.Fatalf("%+v", now)
		}
		b.same(b.get(b.groups, "5").Meta, other.Meta)
	}},
	{"a group that is deleted is no longer among the groups of its members, nor in another group", func(b *bench) {
		b.user("1", "ada")
		b.group("2", "staff", "1")
		b.group("3", "all", "2", "1")
		b.remove(b.groups, "2")
		b.groupsOf("1", "3 direct all")
		b.members("3", "1 User ada")
		b.finds(b.users, `groups.value eq "2"`)
	}},
	{"groups may be in groups, in each other, and in themselves", func(b *bench) {
		b.group("1", "one")
		b.group("2", "two", "1")
		b.change(b.groups, "1", add("2", "1"))
		b.members("1", "1 Group one", "2 Group two")
		b.members("2", "1 Group one")
		b.finds(b.groups, `members.value eq "1"`, "1", "2")
		b.remove(b.groups, "1")
		b.members("2")
		b.remove(b.groups, "2")
		b.same(b.list(b.groups).Total, 0)
	}},
	{"filters look into lists from both sides", func(b *bench) {
		b.user("1", "ada")
		b.user("2", "bo")
		b.user("3", "eve")
		b.group("4", "staff", "1", "2")
		b.group("5", "crew", "2", "4")
		b.group("6", "empty")
		b.finds(b.groups, `members eq "2"`, "4", "5")
		b.finds(b.groups, `members[value eq "2"]`, "4", "5")
		b.finds(b.groups, `members[value eq "2" and type eq "Group"]`)
		b.finds(b.groups, `members.type eq "Group"`, "5")
		b.finds(b.groups, `members.display co "D"`, "4")
		b.finds(b.groups, `members ne "2"`, "6")
		b.finds(b.groups, `not (members pr)`, "6")
		b.finds(b.groups, `members[not (value eq "2")]`, "4", "5")
		b.finds(b.groups, `id eq "4" and members eq "1"`, "4")
		b.finds(b.groups, `id eq "5" and members eq "1"`)
		b.finds(b.users, `groups.value eq "5"`, "2")
		b.finds(b.users, `groups eq "4" and groups eq "5"`, "2")
		b.finds(b.users, `groups.display eq "STAFF"`, "1", "2")
		b.finds(b.users, `not (groups pr)`, "3")
	}},
	{"many members are one list", func(b *bench) {
		var all, want []string
		b.people(1200)
		for i := range 1200 {
			all = append(all, fmt.Sprint("u", i))
		}
		slices.Sort(all)
		for _, id := range all {
			want = append(want, id+" User user"+id[1:])
		}
		b.group("g", "staff", all[:1000]...)
		b.members("g", want[:1000]...)
		b.change(b.groups, "g", `{"op":"replace","path":"members","value":[{"value":"`+all[1199]+`"},{"value":"`+all[3]+`"}]}`)
		b.members("g", want[3], want[1199])
		b.change(b.groups, "g", add(all...), remove(all[5]))
		b.same(len(refs(b.get(b.groups, "g"), "members")), 1199)
		b.remove(b.groups, "g")
		b.groupsOf(all[7])
	}},
}
