package text

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestForeignTextCannotSteerTheTerminal(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"plain text stays":                     {"Lena Vogel", "Lena Vogel"},
		"letters of the world stay":            {"田中 優希, Åsa Öberg", "田中 優希, Åsa Öberg"},
		"an escape sequence is spelled out":    {"\x1b[31mroot\x1b[0m", `\u001b[31mroot\u001b[0m`},
		"the one-byte form of C1 too":          {"a\u009b2Jb", `a\u009b2Jb`},
		"line breaks and tabs become blanks":   {"a\r\nb\tc", "a  b c"},
		"the bell and delete are spelled out":  {"\a\x7f", `\u0007\u007f`},
		"reversed text is spelled out":         {"txt\u202egnp.exe", `txt\u202egnp.exe`},
		"broken UTF-8 becomes the mark for it": {"a\xff", "a\uFFFD"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Clean(c.in); got != c.want {
				t.Errorf("Clean(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestCleanLeavesNothingThatSteers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		got := Clean(string(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")))
		if !utf8.ValidString(got) || strings.ContainsFunc(got, steers) {
			t.Fatalf("left: %q", got)
		}
	})
}

func TestCleanJSONMeansTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "s")
		raw, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		clean := CleanJSON(raw)
		var got string
		if err := json.Unmarshal(clean, &got); err != nil || got != want {
			t.Fatalf("%s reads back as %q, want %q (%v)", clean, got, want, err)
		}
		if strings.ContainsFunc(string(clean), steers) {
			t.Fatalf("left: %q", clean)
		}
	})
}

func TestWidthCountsColumnsNotBytes(t *testing.T) {
	for s, want := range map[string]int{"": 0, "abc": 3, "Åsa": 3, "A\u030asa": 3, "田中": 4, "ｱ": 1, "Ａ": 2, "🚀": 2, "e\u200bf": 2} {
		if got := Width(s); got != want {
			t.Errorf("Width(%q) = %d, want %d", s, got, want)
		}
	}
}

func TestWrapKeepsEveryWordAndTheLimit(t *testing.T) {
	for name, c := range map[string]struct {
		in    string
		limit int
		want  []string
	}{
		"breaks at blanks":                     {"one two three", 7, []string{"one two", "three"}},
		"a long word stays whole":              {"see /groups/0f1e2d3c/members there", 10, []string{"see", "/groups/0f1e2d3c/members", "there"}},
		"wide text without blanks is broken":   {"田中優希", 5, []string{"田中", "優希"}},
		"no limit gives one line":              {"one  two", 0, []string{"one two"}},
		"nothing is one empty line":            {"", 10, []string{""}},
		"a wide rune in a single column stays": {"田", 1, []string{"田"}},
	} {
		t.Run(name, func(t *testing.T) {
			if d := cmp.Diff(c.want, Wrap(c.in, c.limit)); d != "" {
				t.Error(d)
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		in := strings.Join(rapid.SliceOf(rapid.StringMatching(`[a-z田優]{1,9}`)).Draw(t, "words"), " ")
		limit := rapid.IntRange(2, 20).Draw(t, "limit")
		lines := Wrap(in, limit)
		squeeze := func(s string) string { return strings.ReplaceAll(s, " ", "") }
		if squeeze(strings.Join(lines, "")) != squeeze(in) {
			t.Fatalf("%q became %q", in, lines)
		}
		for _, l := range lines {
			if Width(l) > limit && strings.Contains(l, " ") {
				t.Fatalf("%q is wider than %d", l, limit)
			}
		}
	})
}

func TestNumbersAndDatesReadAlikeEverywhere(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1203: "1,203", 8000000: "8,000,000", -1203: "-1,203", -12: "-12"} {
		if got := Number(n); got != want {
			t.Errorf("Number(%d) = %q, want %q", n, got, want)
		}
	}
	if got := Count(1, "person", "people") + ", " + Count(1203, "person", "people"); got != "1 person, 1,203 people" {
		t.Error(got)
	}
	at := time.Date(2026, 11, 20, 13, 0, 0, 0, time.FixedZone("CET", 3600))
	if got := Date(at); got != "20 Nov 2026 12:00" {
		t.Error(got)
	}
	if got := Date(time.Time{}); got != "at an unknown time" {
		t.Error(got)
	}
}

func TestShellWordsCanBePasted(t *testing.T) {
	for in, want := range map[string]string{
		"lena@fabrikam.example": "lena@fabrikam.example", "": "''", "Lena Vogel": "'Lena Vogel'", "a;rm -rf": "'a;rm -rf'",
		"O'Brien": `'O'\''Brien'`, "gäste": "gäste", "#ops": "'#ops'",
	} {
		if got := Shell(in); got != want {
			t.Errorf("Shell(%q) = %s, want %s", in, got, want)
		}
	}
}

func TestAHugeNameIsClipped(t *testing.T) {
	for s, want := range map[string]string{"": "", "short": "short", "12345678": "12345678", "123456789": "1234567…", "田田田田": "田田田田", "田田田田田": "田田田…", "ÅÅÅÅÅÅÅÅ": "ÅÅÅÅÅÅÅÅ", "e\u0301e\u0301e\u0301e\u0301": "e\u0301e\u0301e\u0301e\u0301"} {
		if got := Clip(s, 8); got != want || Width(got) > 8 {
			t.Errorf("%q becomes %q, want %q", s, got, want)
		}
	}
}
