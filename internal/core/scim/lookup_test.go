package scim

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func indexed(a *Attr) bool {
	return slices.Contains([]string{"userName", "externalId", "emails.value", "emails.type", "groups.value"}, a.Path())
}

func TestAFilterTellsWhatToAskTheIndexes(t *testing.T) {
	for filter, want := range map[string]string{
		`userName eq "B"`:                      "[{userName b}] true",
		`externalId eq "B" and active eq true`: "[{externalId B}] true",
		`active eq true and (userName eq "a" or emails[type pr and value eq "X"])`:  "[{userName a} {emails.value x}] true",
		`(userName eq "a" or userName eq "b" or userName eq "A") and groups eq "g"`: "[{groups.value g}] true",
		`userName eq "a" or title pr`: "[] false",
		`not (userName eq "a")`:       "[] false",
		`userName ne "a"`:             "[] false",
		`userName sw "a"`:             "[] false",
		`title eq "a"`:                "[] false",
	} {
		f, err := users(t).ParseFilter(filter)
		if err != nil {
			t.Fatal(err)
		}
		qs, ok := f.Lookups(indexed)
		if got := fmt.Sprint(qs, ok); got != want {
			t.Errorf("%s: %s, want %s", filter, got, want)
		}
	}
}

func TestWhoeverFitsAFilterIsAmongItsCandidates(t *testing.T) {
	typ := users(t)
	rapid.Check(t, func(t *rapid.T) {
		text := drawFilter(t, 3).text
		f, err := typ.ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		r := drawUser(t, typ)
		qs, ok := f.Lookups(indexed)
		if !ok || !f.Match(r) {
			return
		}
		for _, q := range qs {
			if list := q.Attr.Apart(); list != nil {
				for ref := range r.refs(list) {
					if q.Attr.Key(ref.Value) == q.Key {
						return
					}
				}
			}
			for v := range r.Values(q.Attr) {
				if q.Attr.Key(v) == q.Key {
					return
				}
			}
		}
		t.Fatalf("%s fits %s, which none of %v finds", text, r.AppendStored(nil), qs)
	})
}
