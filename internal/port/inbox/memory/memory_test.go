package memory_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/inbox/memory"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// box is an inbox with the directory d, and the types of RFC 7643.
type box struct {
	*memory.Inbox
	t             testing.TB
	users, groups *scim.ResourceType
	at            time.Time // of what is done next
}

func open(t testing.TB) *box {
	s, err := scim.NewService([]scim.Schema{scim.User(), scim.Group(), scim.EnterpriseUser()},
		[]scim.TypeDefinition{scim.UserDefinition(), scim.GroupDefinition()}, scim.Rules{Tolerate: scim.Lenient})
	if err != nil {
		t.Fatal(err)
	}
	b := &box{Inbox: &memory.Inbox{}, t: t, users: s.Type("User"), groups: s.Type("Group"), at: noon}
	if err := b.PutDirectory(t.Context(), inbox.Directory{ID: "d", Name: "D", Created: noon}); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *box) key(t *scim.ResourceType, id string) inbox.Key {
	return inbox.Key{Directory: "d", Type: t, ID: id}
}

func (b *box) create(t *scim.ResourceType, id, body string) error {
	read, err := t.Decode([]byte(body))
	if err != nil {
		b.t.Fatal(err)
	}
	_, err = b.Create(b.t.Context(), b.key(t, id), read, b.at)
	return err
}

func (b *box) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

func (b *box) patch(t *scim.ResourceType, id, operations string) (bool, error) {
	p, err := t.ParsePatch([]byte(`{"Operations":[` + operations + `]}`))
	if err != nil {
		b.t.Fatal(err)
	}
	_, changed, err := b.Change(b.t.Context(), b.key(t, id), b.at, p.Apply)
	return changed, err
}

// list gives the ids that fit a filter.
func (b *box) list(t *scim.ResourceType, filter string) []string {
	b.t.Helper()
	q, err := t.ParseQuery(scim.Parameters{"filter": {filter}, "count": {"1000"}})
	if err != nil {
		b.t.Fatal(err)
	}
	found, err := b.List(b.t.Context(), "d", t, q)
	if err != nil {
		b.t.Fatal(err)
	}
	ids := []string{}
	for _, r := range found.Resources {
		ids = append(ids, r.ID)
	}
	return ids
}

func (b *box) version(t *scim.ResourceType, id string) string {
	r, err := b.Get(b.t.Context(), b.key(t, id), nil)
	b.must(err)
	return r.Meta.Version + " " + r.Meta.LastModified.Format("15:04")
}

func TestTheVersionChangesWhenAnythingDoesAndOnlyThen(t *testing.T) {
	b := open(t)
	b.must(b.create(b.users, "u", `{"userName":"u"}`))
	b.must(b.create(b.groups, "g", `{"displayName":"g","members":["u"]}`))
	b.at = noon.Add(time.Hour)
	for _, c := range []struct {
		operation, version string
		changed            bool
	}{
		{`{"op":"add","path":"members","value":["u"]}`, `W/"1" 12:00`, false},
		{`{"op":"replace","path":"displayName","value":"g"}`, `W/"1" 12:00`, false},
		{`{"op":"remove","path":"members","value":["nobody"]}`, `W/"1" 12:00`, false},
		{`{"op":"remove","path":"members[value eq \"u\"]"}`, `W/"2" 13:00`, true},
		{`{"op":"replace","path":"members","value":["u"]}`, `W/"3" 13:00`, true},
		{`{"op":"replace","path":"members","value":["u"]}`, `W/"3" 13:00`, false},
		{`{"op":"remove","path":"members[type eq \"User\"]"}`, `W/"4" 13:00`, true},
		{`{"op":"add","path":"externalId","value":"x"}`, `W/"5" 13:00`, true},
	} {
		changed, err := b.patch(b.groups, "g", c.operation)
		if got := b.version(b.groups, "g"); err != nil || changed != c.changed || got != c.version {
			t.Errorf("%s: %v %v %s", c.operation, changed, err, got)
		}
	}
	if got := b.version(b.users, "u"); got != `W/"1" 12:00` {
		t.Errorf("the member is %s", got)
	}
}

func TestWhatIsRefusedChangesNothing(t *testing.T) {
	b := open(t)
	b.must(b.create(b.users, "u", `{"userName":"u"}`))
	b.must(b.create(b.users, "v", `{"userName":"v"}`))
	b.must(b.create(b.groups, "g", `{"displayName":"g","members":["u"]}`))
	before := b.events("g")
	for operations, want := range map[string]string{
		`{"op":"add","path":"members","value":["v","nobody"]},{"op":"replace","path":"displayName","value":"x"}`: "members: there is no resource",
		`{"op":"replace","path":"displayName","value":""}`:                                                       "displayName",
	} {
		if _, err := b.patch(b.groups, "g", operations); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", operations, err)
		}
	}
	if _, err := b.patch(b.users, "v", `{"op":"replace","value":{"title":"t","userName":"U"}}`); err == nil {
		t.Error("a second user of the same name")
	}
	own := errors.New("no")
	_, _, err := b.Change(t.Context(), b.key(b.users, "v"), noon, func(*scim.Resource) (*scim.Change, error) { return nil, own })
	if !errors.Is(err, own) {
		t.Errorf("got %v", err)
	}
	if err := b.Delete(t.Context(), b.key(b.users, "v"), noon, func(*scim.Resource) error { return own }); !errors.Is(err, own) {
		t.Errorf("got %v", err)
	}
	if d := cmp.Diff(before, b.events("g")); d != "" || b.version(b.groups, "g") != `W/"1" 12:00` || b.version(b.users, "v") != `W/"1" 12:00` {
		t.Errorf("something changed: %s", d)
	}
}

func (b *box) events(id string) []string {
	all, err := b.History(b.t.Context(), "d", id)
	b.must(err)
	var out []string
	for _, e := range all {
		out = append(out, strings.TrimSpace(e.At.Format("15:04 ")+e.What+" "+e.Of+" "+string(e.Text)))
	}
	return out
}

func TestHistoryTellsWhatBecameOfSomebodyFromBothSides(t *testing.T) {
	b := open(t)
	b.must(b.create(b.users, "u", `{"userName":"u"}`))
	b.must(b.create(b.groups, "g", `{"displayName":"g","members":["u"]}`))
	b.at = noon.Add(time.Minute)
	if _, err := b.patch(b.users, "u", `{"op":"add","path":"title","value":"t"}`); err != nil {
		t.Fatal(err)
	}
	b.must(b.Delete(t.Context(), b.key(b.users, "u"), b.at, nil))
	want := []string{`12:00 created  {"userName":"u"}`, "12:00 member added g", `12:01 changed  {"userName":"u","title":"t"}`, "12:01 member removed g", "12:01 deleted"}
	if d := cmp.Diff(want, b.events("u")); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff([]string{`12:00 created  {"displayName":"g"}`, "12:00 member added u", "12:01 member removed u"}, b.events("g")); d != "" {
		t.Error(d)
	}
	if n, err := b.Prune(t.Context(), noon.Add(time.Minute)); n != 3 || err != nil {
		t.Errorf("%d were forgotten, %v", n, err)
	}
	if d := cmp.Diff(want[2:], b.events("u")); d != "" {
		t.Error(d)
	}
}

func collect(t testing.TB, all iter.Seq2[inbox.Changed, error]) []string {
	var out []string
	for c, err := range all {
		if err != nil {
			t.Fatal(err)
		}
		s := c.Type + " " + c.ID
		if c.Member != "" {
			s += " " + c.Member
		}
		if c.Gone {
			s += " gone"
		}
		out = append(out, s)
	}
	return out
}

func TestSinceGivesWhatChangedBehindAMark(t *testing.T) {
	b := open(t)
	b.must(b.create(b.users, "u", `{"userName":"u"}`))
	b.must(b.create(b.groups, "g", `{"displayName":"g","members":["u"]}`))
	since := func(mark string) ([]string, string) {
		all, newest, err := b.Since(t.Context(), "d", mark)
		b.must(err)
		return collect(t, all), newest
	}
	all, mark := since("")
	if d := cmp.Diff([]string{"User u", "Group g", "Group g u"}, all); d != "" {
		t.Error(d)
	}
	if none, again := since(mark); len(none) != 0 || again != mark {
		t.Errorf("%v %s %s", none, again, mark)
	}
	b.must(b.Delete(t.Context(), b.key(b.users, "u"), noon, nil))
	if some, _ := since(mark); cmp.Diff([]string{"Group g u gone", "User u gone"}, some) != "" {
		t.Errorf("got %v", some)
	}
	if _, err := b.Prune(t.Context(), noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	for _, old := range []string{mark, "x", "1", mark + "9"} {
		if _, _, err := b.Since(t.Context(), "d", old); !errors.Is(err, inbox.ErrOldMark) {
			t.Errorf("%s: %v", old, err)
		}
	}
	if all, _ := since(""); cmp.Diff([]string{"Group g"}, all) != "" {
		t.Errorf("got %v", all)
	}
}

func TestTheLogKeepsTheNewestAndIsAskedInManyWays(t *testing.T) {
	b := open(t)
	for i := range 12 {
		var batch []inbox.Request
		for range 1000 {
			batch = append(batch, inbox.Request{At: noon.Add(time.Duration(i) * time.Hour), Status: 200 + 200*(i%2), Token: fmt.Sprint(i), Name: "N", ID: "1", Directory: "d"})
		}
		b.must(b.PutRequests(t.Context(), batch))
	}
	for want, q := range map[int]inbox.Log{
		1000: {},
		5000: {Limit: 20_000},
		3000: {Limit: 20_000, Refused: true},
		999:  {Limit: 20_000, Before: 8000},
		4000: {Limit: 20_000, From: noon.Add(8 * time.Hour)},
		2000: {Limit: 20_000, From: noon.Add(8 * time.Hour), Until: noon.Add(10 * time.Hour), Name: "n", ID: "1", Directory: "d"},
		7:    {Limit: 7, Token: "11"},
		0:    {Limit: 20_000, Token: "1"},
	} {
		all, err := b.Requests(t.Context(), q)
		if err != nil || len(all) != want || !slices.IsSortedFunc(all, func(x, y inbox.Request) int { return int(y.Seq - x.Seq) }) {
			t.Errorf("%+v: %d of %d, %v", q, len(all), want, err)
		}
	}
	if n, err := b.Prune(t.Context(), noon.Add(11*time.Hour)); n != 4000 || err != nil {
		t.Errorf("%d, %v", n, err)
	}
}

func TestWhatIsNotThereIsErrNone(t *testing.T) {
	b := open(t)
	b.must(b.create(b.users, "u", `{"userName":"u"}`))
	for _, k := range []inbox.Key{b.key(b.users, "x"), b.key(b.groups, "u"), {Directory: "e", Type: b.users, ID: "u"}} {
		if _, err := b.Get(t.Context(), k, nil); !errors.Is(err, inbox.ErrNone) {
			t.Errorf("Get: %v", err)
		}
		if _, _, err := b.Change(t.Context(), k, noon, nil); !errors.Is(err, inbox.ErrNone) {
			t.Errorf("Change: %v", err)
		}
		if err := b.Delete(t.Context(), k, noon, nil); !errors.Is(err, inbox.ErrNone) {
			t.Errorf("Delete: %v", err)
		}
	}
	if err := b.UsedToken(t.Context(), "t", noon, ""); !errors.Is(err, inbox.ErrNone) {
		t.Errorf("UsedToken: %v", err)
	}
}

// Whatever was done before, an answer from the indexes is what a look at every resource gives.
func TestIndexesAnswerAsALookAtEverybodyWould(t *testing.T) {
	filters := map[string][]string{
		"User": {
			`userName eq "N1"`, `externalId eq "e1"`, `emails.value eq "m1"`, `emails[type eq "work" and value eq "m2"]`, `displayName eq "d0"`, `displayName eq "d0" and userName eq "n1"`,
			`userName eq "n1" or externalId eq "e2" or emails eq "m0"`, `groups.value eq "g1"`, `not (groups pr)`, `id eq "u1"`, `meta.lastModified gt "2026-11-20T12:10:00Z"`,
			`meta.lastModified le "2026-11-20T12:10:00Z" and displayName sw "d"`, `userName pr`, `groups.display eq "g0" or userName eq "n2"`,
		},
		"Group": {`displayName eq "G1"`, `members eq "u1"`, `members[value eq "u2" and type eq "User"]`, `members.value eq "g0"`, `members pr and not (members eq "u0")`, `members.type eq "Group"`},
	}
	rapid.Check(t, func(r *rapid.T) {
		b := open(t)
		n := func(what string) int { return rapid.IntRange(0, 3).Draw(r, what) }
		for step := range rapid.IntRange(1, 40).Draw(r, "steps") {
			b.at = noon.Add(time.Duration(step) * time.Minute)
			u, g := fmt.Sprintf("u%d", n("user")), fmt.Sprintf("g%d", n("group"))
			attrs := fmt.Sprintf(`"externalId":"e%d","displayName":"d%d","emails":[{"value":"m%d","type":"work"},{"value":"m%d"}]`, n("e"), n("d"), n("m"), n("m2"))
			switch rapid.IntRange(0, 6).Draw(r, "op") {
			case 0:
				_ = b.create(b.users, u, `{"userName":"n`+u[1:]+`",`+attrs+`}`)
			case 1:
				_ = b.create(b.groups, g, `{"displayName":"g`+g[1:]+`"}`)
			case 2:
				_, _ = b.patch(b.users, u, `{"op":"replace","value":{`+attrs+`}}`)
			case 3:
				_, _ = b.patch(b.groups, g, `{"op":"add","path":"members","value":["`+u+`"]}`)
			case 4:
				_, _ = b.patch(b.groups, g, `{"op":"add","path":"members","value":["`+fmt.Sprintf("g%d", n("inner"))+`"]},{"op":"remove","path":"members[value eq \"`+u+`\"]"}`)
			case 5:
				_ = b.Delete(t.Context(), b.key(b.users, u), b.at, nil)
			case 6:
				_ = b.Delete(t.Context(), b.key(b.groups, g), b.at, nil)
			}
		}
		for _, typ := range []*scim.ResourceType{b.users, b.groups} {
			everybody, err := b.List(t.Context(), "d", typ, &scim.Query{Page: scim.Page{Start: 1, Count: 100}, Projection: nil})
			if err != nil {
				r.Fatal(err)
			}
			for _, text := range filters[typ.Name()] {
				f, err := typ.ParseFilter(text)
				if err != nil {
					r.Fatal(err)
				}
				want := []string{}
				for _, one := range everybody.Resources {
					if f.Match(one) {
						want = append(want, one.ID)
					}
				}
				if got := b.list(typ, text); !slices.Equal(got, want) {
					r.Fatalf("%s: %v, want %v", text, got, want)
				}
			}
		}
	})
}

// A member more costs the same whether there are a thousand or a hundred thousand.
func BenchmarkOneMemberMore(b *testing.B) {
	for _, size := range []int{1_000, 100_000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			x := open(b)
			members := make([]string, size)
			for i := range members {
				members[i] = fmt.Sprintf(`"u%d"`, i)
				x.must(x.create(x.users, fmt.Sprintf("u%d", i), fmt.Sprintf(`{"userName":"u%d"}`, i)))
			}
			x.must(x.create(x.users, "one", `{"userName":"one"}`))
			x.must(x.create(x.groups, "g", `{"displayName":"g","members":[`+strings.Join(members, ",")+`]}`))
			add, err := x.groups.ParsePatch([]byte(`{"Operations":[{"op":"add","path":"members","value":["one"]}]}`))
			x.must(err)
			remove, err := x.groups.ParsePatch([]byte(`{"Operations":[{"op":"remove","path":"members[value eq \"one\"]"}]}`))
			x.must(err)
			b.ReportAllocs()
			for b.Loop() {
				for _, p := range []*scim.Patch{add, remove} {
					if _, changed, err := x.Change(b.Context(), x.key(x.groups, "g"), noon, p.Apply); err != nil || !changed {
						b.Fatal(changed, err)
					}
				}
			}
		})
	}
}
