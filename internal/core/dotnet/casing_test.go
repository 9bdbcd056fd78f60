package dotnet

import (
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"
)

func TestLetterCaseFollowsTheCulture(t *testing.T) {
	tests := map[string]struct{ culture, lower, upper string }{
		"invariant":                        {"", "äé straße σ ı", "ÄÉ STRAßE Σ ı"},
		"English":                          {"en-US", "äé", "ÄÉ"},
		"Turkish":                          {"tr-TR", "ıi kılıç", "Iİ KILIÇ"},
		"Azeri with a script":              {"az-Latn-AZ", "i", "İ"},
		"Lithuanian has no rule in .NET":   {"lt-LT", "i\u0307", "I\u0307"},
		"a language of three letters":      {"haw-US", "a", "A"},
		"ASCII alone":                      {"", "john.doe7", "JOHN.DOE7"},
		"nothing":                          {"", "", ""},
		"letters that have no case at all": {"ja-JP", "漢字", "漢字"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c, err := ParseCulture(tt.culture)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := c.Upper(tt.lower); err != nil || got != tt.upper {
				t.Errorf("upper case of %q: %q, %v; want %q", tt.lower, got, err, tt.upper)
			}
			if got, err := c.Lower(tt.upper); err != nil || got != tt.lower {
				t.Errorf("lower case of %q: %q, %v; want %q", tt.upper, got, err, tt.lower)
			}
		})
	}
	if got, err := (Culture{}).Upper("ς"); err != nil || got != "Σ" {
		t.Errorf("a final sigma in upper case: %q, %v", got, err)
	}
}

func TestLettersAndCulturesThatAreNotSureAreRefused(t *testing.T) {
	english, err := ParseCulture("en-US")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"ſ", "µ", "ა", "𐐨", "ı"} {
		if got, err := english.Upper("a" + s); err == nil || !strings.Contains(err.Error(), "letter case of") {
			t.Errorf("upper case of %q: %q, %v", s, got, err)
		}
	}
	for _, s := range []string{"\u212a", "\u2126", "ẞ", "İ"} {
		if got, err := english.Lower("a" + s); err == nil {
			t.Errorf("lower case of %q: %q", s, got)
		}
	}
	for _, name := range []string{"english", "en_US", "x", "kk-KZ", "en-US-POSIX"} {
		if _, err := ParseCulture(name); err == nil {
			t.Errorf("%q is a culture", name)
		}
	}
}

func TestTitlesAsOnEntrasPage(t *testing.T) {
	for s, want := range map[string]string{
		"PABLO GONSALVES (SECOND)": "Pablo Gonsalves (Second)", "GREGORY JAMES": "Gregory James", "anna-lena": "Anna-Lena",
		"a_b.c,d": "A_B.C,D", "3com ltd2b": "3Com Ltd2b", "élan ǆ": "Élan ǅ", "": "", "o' neil": "O' Neil",
	} {
		if got, err := Title(s); err != nil || got != want {
			t.Errorf("title of %q: %q, %v; want %q", s, got, err, want)
		}
	}
	if got, err := Title("O'BRIEN"); err == nil {
		t.Errorf("an apostrophe inside a word gives %q", got)
	}
	if got, err := TitleBetween("PINTO-DE'SILVA", " '-"); err != nil || got != "Pinto-De'Silva" {
		t.Errorf("between separators: %q, %v", got, err)
	}
	if got, err := TitleBetween("a-b c", " "); err != nil || got != "A-b C" {
		t.Errorf("a hyphen that is no separator: %q, %v", got, err)
	}
}

// Where the answer is sure, changing case and changing it back gives the text that one change gives.
func TestCaseChangesAreEachOthersInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOf(rapid.RuneFrom(nil, unicode.Latin, unicode.Greek, unicode.Cyrillic)).Draw(t, "text")
		upper, err := Culture{}.Upper(s)
		if err != nil {
			t.Skip("not sure")
		}
		again, err := Culture{}.Upper(upper)
		if err != nil {
			t.Skip("not sure")
		}
		if again != upper || len([]rune(upper)) != len([]rune(s)) {
			t.Fatalf("%q, %q, %q", s, upper, again)
		}
	})
}
