package scim

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func BenchmarkParseFilter(b *testing.B) {
	typ := users(b)
	for name, filter := range map[string]string{
		"eq":     `userName eq "bjensen@example.com"`,
		"nested": `active eq true and (emails[type eq "work" and value co "@example.com"] or userName sw "b")`,
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := typ.ParseFilter(filter); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkMatch(b *testing.B) {
	r := read(b, users(b), barbara)
	f, err := r.Type.ParseFilter(`emails[type eq "home" and value eq "BABS@jensen.org"]`)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if !f.Match(r) {
			b.Fatal("no match")
		}
	}
}

func BenchmarkDecodeUser(b *testing.B) {
	typ := users(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := typ.Decode([]byte(barbara)); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecodeStoredUser(b *testing.B) {
	r := read(b, users(b), barbara)
	stored := r.AppendStored(nil)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := r.Type.DecodeStored(stored); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendUser(b *testing.B) {
	r := read(b, users(b), barbara)
	dst := r.Append(nil, base, nil)
	b.ReportAllocs()
	for b.Loop() {
		dst = r.Append(dst[:0], base, nil)
	}
}

func BenchmarkAppendGroupOf1000(b *testing.B) {
	r := read(b, groups(b), tourGuides)
	var refs []Ref
	for i := range 1_000 {
		refs = append(refs, Ref{Value: fmt.Sprintf("id-%d", i), Type: "User", Display: "Somebody"})
	}
	r.Refs = func(*Attr) iterRefs { return slices.Values(refs) }
	dst := r.Append(nil, base, nil)
	b.ReportAllocs()
	for b.Loop() {
		dst = r.Append(dst[:0], base, nil)
	}
}

func BenchmarkPatchOneMember(b *testing.B) {
	r := read(b, groups(b), tourGuides)
	body := []byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Add","path":"members","value":[{"$ref":null,"value":"902c246b-6245-4190-8e05-00816be7344a"}]}]}`)
	b.ReportAllocs()
	for b.Loop() {
		p, err := r.Type.ParsePatch(body)
		if err != nil {
			b.Fatal(err)
		}
		if c, err := p.Apply(r); err != nil || len(c.Refs) != 1 {
			b.Fatal(err)
		}
	}
}

// BenchmarkPatchOperations shows that the cost of an operation does not grow with their number.
func BenchmarkPatchOperations(b *testing.B) {
	r := read(b, users(b), barbara)
	for _, n := range []int{1, 1_000, 50_000} {
		ops := strings.Repeat(`,{"op":"replace","path":"emails[type eq \"work\"].value","value":"x@example.com"}`, n)
		body := []byte(`{"Operations":[` + ops[1:] + `]}`)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p, err := r.Type.ParsePatch(body)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := p.Apply(r); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/operation")
		})
	}
}
