package source_test

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/source"
)

// teller is a source that tells what a test wants to be told.
type teller func(source.Mirror) error

func (teller) Name() string { return "a test" }

func (f teller) Read(_ context.Context, since source.Cursor, to source.Mirror) (source.Cursor, error) {
	if since != "" {
		return "", errors.New("not asked for everything")
	}
	return "x", f(to)
}

// lines records documents as lines.
type lines []string

func (l *lines) Add(f document.File, key string, o jsontext.Value) error {
	*l = append(*l, fmt.Sprintf("%s %s %s", f, key, o))
	return nil
}
func (l *lines) Whole(f document.File) error { *l = append(*l, "whole "+string(f)); return nil }
func (l *lines) Gap(g document.Gap) error    { *l = append(*l, "gap "+g.File+" "+g.Subject); return nil }
func first(errs ...error) error              { return errors.Join(errs...) }
func raw(s string) jsontext.Value            { return jsontext.Value(s) }
func collect(t *testing.T, f teller) (l lines) {
	t.Helper()
	if err := source.Collect(t.Context(), f, &l); err != nil {
		t.Fatal(err)
	}
	return l
}

func TestWhatIsToldLaterCounts(t *testing.T) {
	const user = "#microsoft.graph.user"
	got := collect(t, func(m source.Mirror) error {
		return first(
			m.Put(document.Users, "old", raw(`{"id":"old"}`)),
			m.Full(document.Users, document.Groups),
			m.Member(document.Groups, "g", "b", user, true), // before the group is told
			m.Member(document.Groups, "g", "a", user, true),
			m.Member(document.Groups, "g", "c", "", true),
			m.Member(document.Groups, "g", "b", user, false),
			m.Member(document.Groups, "g", "a", user, false),
			m.Member(document.Groups, "g", "a", user, true),
			m.Put(document.Groups, "g", raw(` {"id":"g"} `)),
			m.Member(document.Groups, "unheard", "a", user, true),
			m.Put(document.Groups, "h", raw(`{"id":"h"}`)),
			m.Member(document.Groups, "h", "a", user, true),
			m.Drop(document.Groups, "h"),
			m.Merge(document.Groups, "h", raw(`{"id":"h"}`)),
			m.Put(document.Users, "b", raw(`{"id":"b","x":[1, 2],"y":"1","z":1}`)),
			m.Merge(document.Users, "b", raw(`{"z":null,"y":{"q":"\u0061"},"n":2}`)),
			m.Put(document.Users, "a", raw(`{}`)),
			m.Put(document.Users, "c", raw(`{"id":"c"}`)),
			m.Drop(document.Users, "c"),
			m.Drop(document.Users, "nobody"),
			m.Gap(document.Gap{File: string(document.Users)}),
			m.Whole(document.Users),
			m.Whole(document.Groups),
			m.Gap(document.Gap{File: string(document.Groups), Subject: "g"}),
			m.Gap(document.Gap{File: string(document.DeletedUsers)}),
			m.Full(document.AppRoleAssignments),
			m.Whole(document.AppRoleAssignments),
		)
	})
	if diff := cmp.Diff(lines{
		"whole entra/app-role-assignments.json",
		"gap entra/deleted-users.json ",
		`entra/groups.json g {"id":"g","members":[{"@odata.type":"#microsoft.graph.user","id":"a"},{"id":"c"}]}`,
		`entra/groups.json h {"id":"h","members":[]}`,
		"whole entra/groups.json", "gap entra/groups.json g",
		`entra/users.json a {}`,
		`entra/users.json b {"id":"b","x":[1, 2],"y":{"q":"\u0061"},"z":null,"n":2}`,
		"whole entra/users.json",
	}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestAnObjectThatIsNoneIsAnError(t *testing.T) {
	var l lines
	err := source.Collect(t.Context(), teller(func(m source.Mirror) error {
		return first(m.Put(document.Users, "a", raw(`[]`)), m.Merge(document.Users, "a", raw(`{}`)))
	}), &l)
	if err == nil || len(l) > 0 {
		t.Errorf("%v %v", err, l)
	}
}

// large is a tenant of 100,000 people, each in ten of 5,000 groups.
func large(m source.Mirror) error {
	const people, groups, each = 100_000, 5_000, 10
	user := func(i int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", i, i) }
	group := func(i int) string { return fmt.Sprintf("%08x-1111-4000-8000-%012x", i, i) }
	if err := m.Full(document.Users, document.Groups); err != nil {
		return err
	}
	for i := range people {
		o := fmt.Sprintf(`{"id":%q,"userPrincipalName":"user%d@fabrikam.example","mail":"user%d@fabrikam.example","displayName":"User %d","givenName":"User","surname":"%d","department":"Sales","jobTitle":"Clerk","accountEnabled":true,"userType":"Member","createdDateTime":"2024-01-01T00:00:00Z","proxyAddresses":["SMTP:user%d@fabrikam.example"],"otherMails":[],"onPremisesSyncEnabled":null}`, user(i), i, i, i, i, i)
		if err := m.Put(document.Users, user(i), raw(o)); err != nil {
			return err
		}
		for k := range each {
			if err := m.Member(document.Groups, group((i+k*491)%groups), user(i), "#microsoft.graph.user", true); err != nil {
				return err
			}
		}
	}
	for i := range groups {
		if err := m.Put(document.Groups, group(i), raw(fmt.Sprintf(`{"id":%q,"displayName":"group %d"}`, group(i), i))); err != nil {
			return err
		}
	}
	return first(m.Whole(document.Users), m.Whole(document.Groups))
}

type nowhere struct{ objects, bytes int }

func (n *nowhere) Add(_ document.File, _ string, o jsontext.Value) error {
	n.objects++
	n.bytes += len(o)
	return nil
}
func (*nowhere) Whole(document.File) error { return nil }
func (*nowhere) Gap(document.Gap) error    { return nil }

func BenchmarkCollectAMillionMemberships(b *testing.B) {
	b.ReportAllocs()
	var n nowhere
	var held uint64
	for b.Loop() {
		n = nowhere{}
		var before, at runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&before)
		err := source.Collect(b.Context(), teller(func(m source.Mirror) error {
			err := large(m)
			runtime.GC()
			runtime.ReadMemStats(&at)
			return err
		}), &n)
		if err != nil {
			b.Fatal(err)
		}
		held = at.HeapAlloc - before.HeapAlloc
	}
	b.ReportMetric(float64(held)/1e6, "MB-held")
	b.ReportMetric(float64(n.bytes)/1e6, "MB-recorded")
}
