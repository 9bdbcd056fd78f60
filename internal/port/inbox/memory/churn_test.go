package memory_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

// Many come, change and go; those who stay are found by every index, in their order.
func TestWhoStaysIsFoundAmongManyWhoCameAndWent(t *testing.T) {
	const many, every = 3000, 10
	b := open(t)
	var all []string
	for i := range many {
		b.must(b.create(b.users, fmt.Sprintf("u%d", i), fmt.Sprintf(`{"userName":"n%d","displayName":"same"}`, i)))
		all = append(all, fmt.Sprintf(`"u%d"`, i))
	}
	b.must(b.create(b.groups, "g", `{"displayName":"g","members":[`+strings.Join(all, ",")+`]}`))
	b.at = noon.Add(time.Hour)
	var stay []string
	for i := range many {
		id := fmt.Sprintf("u%d", i)
		if i%every == 0 {
			stay = append(stay, id)
			continue
		}
		if _, err := b.patch(b.users, id, `{"op":"add","path":"title","value":"t"}`); err != nil {
			t.Fatal(err)
		}
		b.must(b.Delete(t.Context(), b.key(b.users, id), b.at, nil))
	}
	want := strings.Join(stay, " ")
	for _, filter := range []string{`displayName eq "same"`, `groups.value eq "g"`, `userName pr`, `meta.lastModified lt "2026-11-20T12:30:00Z"`} {
		if got := strings.Join(b.list(b.users, filter), " "); got != want {
			t.Errorf("%s finds %d of %d: %.80s", filter, len(strings.Fields(got)), len(stay), got)
		}
	}
	if got := b.list(b.users, `meta.lastModified gt "2026-11-20T12:30:00Z" or title pr`); len(got) != 0 {
		t.Errorf("who went is found: %d", len(got))
	}
	g, err := b.Get(t.Context(), b.key(b.groups, "g"), func(*scim.Attr) bool { return true })
	b.must(err)
	var members []string
	for ref := range g.Refs(b.groups.Attr("members")) {
		members = append(members, ref.Value)
	}
	if got := strings.Join(members, " "); got != want {
		t.Errorf("%d members of %d", len(members), len(stay))
	}
	page, err := b.List(t.Context(), "d", b.users, &scim.Query{Page: scim.Page{Start: 299, Count: 10}})
	b.must(err)
	if page.Total != many/every || len(page.Resources) != 2 || page.Resources[1].ID != "u2990" {
		t.Errorf("the last page has %d of %d", len(page.Resources), page.Total)
	}
}

func TestAChangeComesToAnEndThoughOthersAreFaster(t *testing.T) {
	b := open(t)
	b.must(b.create(b.users, "u", `{"userName":"u"}`))
	asked := 0
	p, err := b.users.ParsePatch([]byte(`{"Operations":[{"op":"add","path":"nickName","value":"n"}]}`))
	b.must(err)
	r, changed, err := b.Change(t.Context(), b.key(b.users, "u"), noon, func(r *scim.Resource) (*scim.Change, error) {
		if asked++; asked < 5 { // the fifth time nobody can be
			if _, err := b.patch(b.users, "u", fmt.Sprintf(`{"op":"replace","path":"title","value":"%d"}`, asked)); err != nil {
				t.Error(err)
			}
		}
		return p.Apply(r)
	})
	if err != nil || !changed || asked != 5 || string(r.AppendStored(nil)) != `{"userName":"u","title":"4","nickName":"n"}` {
		t.Errorf("asked %d times: %v %v %s", asked, changed, err, r.AppendStored(nil))
	}
	gone := func(r *scim.Resource) (*scim.Change, error) {
		b.must(b.Delete(t.Context(), b.key(b.users, "u"), noon, nil))
		return p.Apply(r)
	}
	if _, _, err := b.Change(t.Context(), b.key(b.users, "u"), noon, gone); err != inbox.ErrNone { //nolint:errorlint // it is that error itself
		t.Errorf("of who is gone meanwhile: %v", err)
	}
}
