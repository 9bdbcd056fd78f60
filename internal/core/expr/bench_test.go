package expr

import "testing"

func benchmark(b *testing.B, source string) {
	b.Helper()
	e, err := Parse(source)
	if err != nil {
		b.Fatal(err)
	}
	get := ada.get
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Eval(get); err != nil {
			b.Fatal(err)
		}
	}
}

// The planner evaluates about eight expressions for each of a million users.
func BenchmarkEvalDirect(b *testing.B) { benchmark(b, `[userPrincipalName]`) }
func BenchmarkEvalSwitch(b *testing.B) {
	benchmark(b, `Switch([IsSoftDeleted], , "False", "True", "True", "False")`)
}
func BenchmarkEvalJoin(b *testing.B) { benchmark(b, `Join(" ", [givenName], [surname])`) }
func BenchmarkEvalLower(b *testing.B) {
	benchmark(b, `ToLower(Coalesce([mail], [userPrincipalName]))`)
}
func BenchmarkEvalRegexp(b *testing.B) {
	benchmark(b, `Replace([mobile], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", , "${phoneNumber}", , )`)
}

func TestADirectMappingAllocatesNothing(t *testing.T) {
	for source, most := range map[string]float64{
		`[userPrincipalName]`: 0,
		`Switch([IsSoftDeleted], , "False", "True", "True", "False")`: 1,
		`Join(" ", [givenName], [surname])`:                           2,
	} {
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		get := ada.get
		if n := testing.AllocsPerRun(100, func() { _, _ = e.Eval(get) }); n > most {
			t.Errorf("%s allocates %v times, at most %v are expected", source, n, most)
		}
	}
}
