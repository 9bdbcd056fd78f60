package facts

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

var day = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

func world(build func(*Builder)) *World {
	b := NewBuilder(document.Bundle{Version: 1, CapturedAt: document.At(day)}, Focus{})
	build(b)
	return b.World()
}

func TestPeopleAreFoundByEachOfTheirKeysWhateverTheCase(t *testing.T) {
	w := world(func(b *Builder) {
		b.User(document.User{ID: "B", UserPrincipalName: "Lena@X.example", Mail: document.Some("lena@x.example"), ProxyAddresses: []string{"SMTP:Lena.V@x.example", "X500:/o=x"}})
		b.User(document.User{ID: "a", UserPrincipalName: "omar@x.example", ProxyAddresses: []string{"smtp:shared@x.example"}})
		b.User(document.User{ID: "c", UserPrincipalName: "mia@x.example", Mail: document.Some("shared@x.example")})
		b.ScimUser(document.ScimUser{
			ID: "r", ExternalID: "b", UserName: "LENA@x.example", Emails: []document.ScimEmail{{Value: "lena@x.example"}, {Value: "Lena@x.example"}},
			Atlassian: document.Some(document.ScimAccount{AtlassianAccountID: document.Some("acc")}),
		})
		b.OrgUser(document.OrgUser{AccountID: "Acc", Email: "lena@x.example"})
		b.DeletedUser(document.User{ID: "d", UserPrincipalName: "gone@x.example"})
	})
	if w.Users[0].ID != "a" || w.Users[1].ID != "B" {
		t.Errorf("users are not in the order of their ids: %v", w.Users)
	}
	for key, want := range map[string][]uint32{
		"lena@x.example": {1}, "\tLENA@X.EXAMPLE\n": {1}, "lena.v@x.example": {1}, "shared@x.example": {0, 2}, "/o=x": nil, "": nil, "nobody": nil,
	} {
		if diff := cmp.Diff(want, w.UsersByKey(key)); diff != "" {
			t.Errorf("users by %q: %s", key, diff)
		}
	}
	at, ok := w.UserByID("b")
	if !ok || at != 1 {
		t.Errorf("user by id: %d, %v", at, ok)
	}
	for what, got := range map[string][]uint32{
		"external id": w.ScimByExternal("B"), "user name": w.ScimByUserName("lena@X.example"), "address": w.ScimByEmail("LENA@x.example"), "account": w.ScimByAccount("ACC"),
		"account's address": w.AccountsByEmail("lena@x.example"), "deleted by id": w.DeletedByKey("D"), "deleted by name": w.DeletedByKey("gone@x.example"),
	} {
		if len(got) != 1 || got[0] != 0 {
			t.Errorf("by %s: %v", what, got)
		}
	}
	if _, ok := w.Account("aCC"); !ok {
		t.Error("the account is not found by its id")
	}
	if _, ok := w.UserByID(""); ok {
		t.Error("somebody is found by no id")
	}
}

func TestOfTwoRowsWithOneIDTheFirstIsUsed(t *testing.T) {
	w := world(func(b *Builder) {
		for _, name := range []string{"first", "second", "third"} {
			b.User(document.User{ID: "a", DisplayName: name})
			b.Group(document.Group{ID: "g", DisplayName: name})
			b.OrgGroup(document.OrgGroup{ID: "o", Name: name})
			b.ScimGroup(document.ScimGroup{ID: "s", DisplayName: name})
		}
		b.ScimUser(document.ScimUser{UserName: "without an id"})
		b.ScimUser(document.ScimUser{UserName: "without one, too"})
	})
	if len(w.Users) != 1 || w.Users[0].DisplayName != "first" || len(w.Groups) != 1 || len(w.OrgGroups) != 1 || len(w.ScimGroups) != 1 {
		t.Errorf("%v, %v", w.Users, w.Groups)
	}
	if len(w.ScimUsers) != 2 {
		t.Errorf("records without an id are lost: %v", w.ScimUsers)
	}
	if len(w.Notes) != 8 {
		t.Errorf("%d notes: %v", len(w.Notes), w.Notes)
	}
}

func TestADeletedUserWhomAGroupStillNamesIsNoGap(t *testing.T) {
	whole := func(f document.File) func(*Builder) { return func(b *Builder) { b.Have(f) } }
	for name, c := range map[string]struct {
		with func(*Builder)
		gap  string
	}{
		"who was deleted is known":     {whole(document.DeletedUsers), ""},
		"who is deleted was not told":  {func(*Builder) {}, "1 of its members were deleted users, and who is deleted now was not told"},
		"and somebody else is unknown": {whole(document.DeletedUsers), "1 of its members are users of whom nothing was told"},
	} {
		t.Run(name, func(t *testing.T) {
			w := world(func(b *Builder) {
				b.Have(document.Users)
				b.Have(document.Groups)
				c.with(b)
				b.User(document.User{ID: "u"})
				b.DeletedUser(document.User{ID: "Gone", UserPrincipalName: "nobody"})
				b.SealPeople()
				list := []document.Member{{Type: "#microsoft.graph.user", ID: "u"}, {Type: "#microsoft.graph.user", ID: "gone"}}
				if strings.Contains(name, "somebody else") {
					list = append(list, document.Member{Type: "#microsoft.graph.user", ID: "nobody"}) // a key, but no id
				}
				b.Group(document.Group{ID: "g", DisplayName: "g", Members: document.Members{Known: true, List: list}})
			})
			s := w.Snapshot([]string{"id"}, []string{"id", "displayName"}, directory.Assigned{}, "")
			if got := s.Incomplete[0]; got != c.gap {
				t.Errorf("the gap is %q, not %q", got, c.gap)
			}
		})
	}
}

func TestMembersAreTakenForWhatTheyAre(t *testing.T) {
	member := func(kind, id string) document.Member { return document.Member{Type: kind, ID: id} }
	const user, group = "#microsoft.graph.user", "#microsoft.graph.group"
	w := world(func(b *Builder) {
		b.User(document.User{ID: "u"})
		b.SealPeople()
		b.Group(document.Group{ID: "outer", DisplayName: "outer", Members: document.Members{Known: true, List: []document.Member{
			member(user, "U"), member(user, "gone"), member(group, "INNER"), member(group, "missing"), member("", "u"), member("", "inner"), member("", "nobody"),
			member("#microsoft.graph.device", "d"), member(group, "outer"),
		}}})
		b.Group(document.Group{ID: "inner"})
	})
	at, _ := w.GroupByID("outer")
	inner, _ := w.GroupByID("inner")
	g := w.Groups[at]
	if g.Count != 9 || g.Unresolved != 2 || g.MissingGroups != 1 || g.Members.List != nil || !g.Members.Known {
		t.Errorf("%+v", g)
	}
	if diff := cmp.Diff([]uint32{0}, w.Graph.Users(at)); diff != "" {
		t.Error(diff)
	}
	if got := w.Graph.Children(at); len(got) != 2 || !slices.Contains(got, inner) || !slices.Contains(got, at) {
		t.Errorf("children %v", got)
	}
}

func TestAGapOnTheWholeFileMakesItUnknown(t *testing.T) {
	b := NewBuilder(document.Bundle{CapturedAt: document.At(day), Gaps: []document.Gap{{File: string(document.Users), Call: "GET /ours"}, {File: string(document.Groups), Subject: "g"}}}, Focus{})
	b.Have(document.Users)
	b.Have(document.Groups)
	b.Have(document.ScimUsers)
	b.Gap(document.Gap{File: string(document.ScimUsers), Why: "cut"})
	w := b.World()
	if w.Has(document.Users) || w.Has(document.ScimUsers) || !w.Has(document.Groups) {
		t.Error("what was read is not what counts as known")
	}
	if w.Call(document.Users) != "GET /ours" || w.Call(document.Domains) != document.Of(document.Domains).Call {
		t.Error("the calls are not those of the gap and of the catalogue")
	}
	if _, ok := w.Gap(document.Groups, "", "G"); !ok {
		t.Error("the gap of a group is not found by its id")
	}
	if _, ok := w.Gap(document.Groups); ok {
		t.Error("the gap of one group counts for all")
	}
}

func TestLogsAreInOrderAndToldOnce(t *testing.T) {
	at := func(id string, minutes int) document.ProvisioningRecord {
		return document.ProvisioningRecord{ID: id, ActivityDateTime: document.At(day.Add(time.Duration(minutes) * time.Minute)), SourceIdentity: document.Identity{ID: "U"}}
	}
	w := world(func(b *Builder) {
		for _, r := range []document.ProvisioningRecord{at("c", 3), at("a", 1), at("b", 2), at("a", 1), at("", 4), at("", 4)} {
			b.Record(r)
		}
	})
	got := ""
	for _, r := range w.RecordsOf("u") {
		got += r.ID + ","
	}
	if got != "a,b,c,,," {
		t.Errorf("records %s", got)
	}
}

func TestAuditsAreFoundByAllTheObjectsThatTheyName(t *testing.T) {
	target := func(id, upn, property, value string) document.Target {
		return document.Target{ID: id, UserPrincipalName: upn, ModifiedProperties: []document.ModifiedProperty{{DisplayName: property, NewValue: document.Some(value)}}}
	}
	w := world(func(b *Builder) {
		b.Audit(document.DirectoryAudit{ID: "1", TargetResources: []document.Target{target("u", "lena@x.example", "Group.ObjectID", `"g"`)}})
		b.Audit(document.DirectoryAudit{ID: "2", TargetResources: []document.Target{target("u", "lena@x.example", "Group.ObjectID", `"h"`), {ID: "g"}}})
		b.Audit(document.DirectoryAudit{ID: "3", TargetResources: []document.Target{target("sp", "", "User.UPN", `["LENA@x.example"]`)}})
	})
	for keys, want := range map[string]string{"u": "12", "U g": "12", "u h": "2", "g": "12", "lena@x.example": "123", "sp u": "", "": ""} {
		got := ""
		for _, a := range w.AuditsOf(strings.Fields(keys)...) {
			got += a.ID
		}
		if got != want {
			t.Errorf("audits of %q: %s, want %s", keys, got, want)
		}
	}
}

func TestValuesOfAuditsAreUnquoted(t *testing.T) {
	for text, want := range map[string]string{`"x"`: "x", `x`: "x", `["a","b"]`: "a, b", `"say \"hi\""`: `say "hi"`, ``: "", `""`: "", `"`: `"`, `["x"`: `["x"`, `{"a":1}`: `{"a":1}`, ` "x" `: "x"} {
		if got := Unquote(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

func TestTheNameOfAPolicyAndSharedPermissionsAreKept(t *testing.T) {
	w := world(func(b *Builder) {
		b.OrgUser(document.OrgUser{AccountID: "acc", Email: "lena@x.example"})
		b.SealPeople()
		b.Policy("Lena@x.example", document.AuthPolicy{PolicyID: "p"})
		b.Policy("other", document.AuthPolicy{Error: "Not managed"})
		for i := range 40 {
			b.ManageAnswer(fmt.Sprint("a", i%20), document.ManageAnswer{Permissions: map[string]document.Permission{fmt.Sprint(i % 20): {}}})
		}
	})
	if w.Policies["acc"].PolicyID != "p" || len(w.Policies) != 1 {
		t.Errorf("%v, %v", w.Policies, w.Notes)
	}
	if n := len(w.Notes); n != 21 { // twenty alike are told one by one
		t.Errorf("%d notes; want one on the refusal and one on each account that stands there twice", n)
	}
	for i := range 20 {
		if _, ok := w.Manage[fmt.Sprint("a", i)].Permissions[fmt.Sprint(i)]; !ok {
			t.Errorf("account %d has the permissions of another one", i)
		}
	}
}

func TestOdditiesThatAreAlikeAreCounted(t *testing.T) {
	w := world(func(b *Builder) {
		for i := range 50 {
			b.Note(document.Users, "user %d is odd", i)
			b.Note(document.Groups, "%s", fmt.Sprint("told as it is ", i))
		}
	})
	told := 0
	for _, n := range w.Notes {
		if n.File == document.Groups {
			told++
		}
	}
	if len(w.Notes) != 50+20+1 || told != 50 || !slices.Contains(w.Notes, Note{document.Users, "30 more of the kind: user … is odd"}) {
		t.Errorf("%d notes: %v", len(w.Notes), w.Notes)
	}
}

func TestArrangedRowsAreInOrderAndEqualOnesKeepTheirs(t *testing.T) {
	type row struct{ key, at int }
	rapid.Check(t, func(t *rapid.T) {
		var list []row
		for i, k := range rapid.SliceOf(rapid.IntRange(0, 5)).Draw(t, "keys") {
			list = append(list, row{k, i})
		}
		got := arranged(slices.Clone(list), func(x, y *row) int { return x.key - y.key })
		slices.SortStableFunc(list, func(x, y row) int { return x.key - y.key })
		if !slices.Equal(got, list) {
			t.Fatalf("%v, want %v", got, list)
		}
	})
}

func TestLimitsThatAtlassianAgreedOnStandInForThePublishedOnes(t *testing.T) {
	limits := func(sizes document.SizeLimits) Limits {
		return NewBuilder(document.Bundle{Version: 1, CapturedAt: document.At(day), Connection: document.Connection{SizeLimits: sizes}}, Focus{}).World().Limits
	}
	if got := limits(document.SizeLimits{}); got != DefaultLimits {
		t.Errorf("nothing agreed on: %+v", got)
	}
	if got := limits(document.SizeLimits{Users: 5000, GroupMembers: 300}); got.UsersPerDirectory != 5000 || got.UsersPerGroup != 300 {
		t.Errorf("agreed on: %+v", got)
	}
}
