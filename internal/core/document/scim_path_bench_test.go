package document

import "testing"

// BenchmarkScimPathOf reads what a plan compares of a million records.
func BenchmarkScimPathOf(b *testing.B) {
	u, _ := recordOf(b, realRecord)
	for _, path := range []string{
		"userName", "name.givenName", `emails[type eq "work"].value`, "preferredLanguage", `phoneNumbers[type eq "mobile"].value`,
		enterprise + "department", enterprise + "costCenter",
	} {
		p, err := ParseScimPath(path)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(path, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				p.Of(u)
			}
		})
	}
}

// BenchmarkScimUserAttribute parses the path every time.
func BenchmarkScimUserAttribute(b *testing.B) {
	u, _ := recordOf(b, realRecord)
	b.ReportAllocs()
	for b.Loop() {
		u.Attribute(`emails[type eq "work"].value`)
	}
}
