package expr

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

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

// Each of these would take very long, or very much, without its bound.
func TestHostileExpressionsEndSoon(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	with := attributes{"long": text(long), "ab": text(strings.Repeat("ab", 1000)), "pattern": text(`(\w{1000}){1000}`), "letters": text("abcdefghijklmnopqrstuvwxyz")}
	hostile := map[string]string{
		`Replace([long], , "a*b|a", , "x", )`:                                      "so many matches",
		`Replace([ab], , [pattern], , "x", )`:                                      "repetitions are too large",
		`Replace([letters], , "(?<x>[a-z])", "x", "abcdefghijklmnopqrstuvwxyz", )`: "more than",
		`Join("", [long], [long])`:                                                 "more than",
		`Split(` + strings.Repeat(`Replace(`, 30) + `"a,"` + strings.Repeat(`, ",", , , ",a,")`, 30) + `, ",")`: "more than",
		`Left(Join("", ` + strings.Repeat(`Left(Redact([long]), 1), `, 20) + `"x"), 1)`:                         "on the way",
		`FormatDateTime("2021", , "yyyy", [long])`:                                                              "a format of more than",
		strings.Repeat(`IIF(`, 99) + `"True"` + strings.Repeat(`, "True", "b")`, 99):                            "",
	}
	for _, source := range testkit.Sample(t, slices.Sorted(maps.Keys(hostile)), 3) {
		want := hostile[source]
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := e.Eval(with.get); want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%.60s: %v; want %q", source, err, want)
		}
	}
}
