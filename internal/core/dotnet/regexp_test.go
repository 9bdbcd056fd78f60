package dotnet

import (
	"errors"
	"regexp"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPatternsMatchAsInDotNet(t *testing.T) {
	tests := map[string]struct {
		pattern, text string
		want          bool
	}{
		"digits of any script":                 {`^\d+$`, "٣४", true},
		"letters of any script":                {`^\w+$`, "Köln漢_7", true},
		"no word letter":                       {`^\W$`, "-", true},
		"a blank that is no ASCII":             {`^\s$`, "\u00a0", true},
		"a vertical tab is a blank":            {`^\s$`, "\v", true},
		"the dot stops at a line":              {`^.*$`, "a\nb", false},
		"the dot of (?s) does not":             {`(?s)^.*$`, "a\nb", true},
		"(?m) has lines":                       {`(?m)^b$`, "a\nb\n", true},
		"(?m) of a group ends with it":         {`(?m:^b)$`, "a\nb", true},
		"letter case counts":                   {`sales`, "Sales", false},
		"(?i) forgets it":                      {`(?i)sales`, "SALES", true},
		"(?i) ends with its group":             {`(?:(?i)a)b`, "AB", false},
		"(?i) goes on into alternatives":       {`^(?:x(?i)a|b)$`, "B", true},
		"(?-i) switches it off":                {`(?i)a(?-i)b`, "AB", false},
		"(?i) of a letter with an accent":      {`(?i)é`, "É", true},
		"(?i) leaves categories alone":         {`(?i)^\p{Lu}$`, "a", false},
		"(?i) of a range":                      {`(?i)^[a-c]+$`, "aBC", true},
		"(?i) of a negated class":              {`(?i)[^a]`, "A", false},
		"(?x) has blanks and comments":         {"(?x) a b # letters\n c", "abc", true},
		"(?x) leaves blanks in classes":        {`(?x)[ ]`, " ", true},
		"a comment":                            {`a(?#no letter)b`, "ab", true},
		"subtraction":                          {`^[a-z-[aeiou]]+$`, "xyz", true},
		"subtraction takes away":               {`^[a-z-[aeiou]]+$`, "xaz", false},
		"subtraction in a subtraction":         {`^[\w-[a-z-[m]]]+$`, "Mm1", true},
		"subtraction of a negated class":       {`^[^a-[b]]$`, "b", false},
		"a minus behind \\s is a minus":        {`^[()\s-]+$`, "( - )", true},
		"a minus behind a range is a minus":    {`^[a-c-9]$`, "-", true},
		"an escaped minus begins no range":     {`^[\--a]$`, "0", false},
		"a range may end with an escaped sign": {`^[+-\-]$`, ",", true},
		"a bracket first is a bracket":         {`^[]a]+$`, "]a", true},
		"a bracket inside is a bracket":        {`^[a[]+$`, "a[", true},
		"a category":                           {`^\p{Lu}\P{Lu}$`, "Éé", true},
		"a block":                              {`^\p{IsGreek}+$`, "αβ", true},
		"a block of Cyrillic":                  {`^\P{IsCyrillic}+$`, "Д", false},
		"hexadecimal and octal":                {`^\x41\u0042\011\cI[\103]$`, "AB\t\tC", true},
		"\\b in a class is a backspace":        {`^[\b]$`, "\b", true},
		"an escaped sign is the sign":          {`^\@\-\.\ $`, "@-. ", true},
		"a brace that repeats nothing":         {`^{a},{,3}$`, "{a},{,3}", true},
		"repetition":                           {`^a{2,3}b{2}c{1,}$`, "aaabbcc", true},
		"\\A and \\z":                          {`\Aab\z`, "ab", true},
		"\\Z":                                  {`b\Z`, "ab", true},
		"a word boundary":                      {`\bun`, "the unit", true},
		"an empty alternative":                 {`^(?:a|)$`, "", true},
		"a group by apostrophes":               {`(?'x'a)b`, "ab", true},
		"a group without capture":              {`(?n)(a)b`, "ab", true},
		"nothing":                              {``, "x", true},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			re, err := Compile(tt.pattern, false)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := re.Match(tt.text); err != nil || got != tt.want {
				t.Errorf("%s over %q: %v, %v; want %v", tt.pattern, tt.text, got, err, tt.want)
			}
		})
	}
}

func TestConstructsThatGoLacksAreRefusedByNameAndPlace(t *testing.T) {
	for pattern, want := range map[string]string{
		`a(?=b)`:           "the lookahead (?= (character 2) is not evaluated",
		`(?!a)`:            "the negative lookahead (?! (character 1) is not evaluated",
		`(?<=a)b`:          "the lookbehind (?<= (character 1) is not evaluated",
		`(?<!a)b`:          "the negative lookbehind (?<! (character 1) is not evaluated",
		`(?>a)`:            "the atomic group (?> (character 1) is not evaluated",
		`(?(a)b|c)`:        "the conditional (?( (character 1) is not evaluated",
		`(?<a-b>c)`:        "the balancing group a-b (character 1) is not evaluated",
		`(?<2>c)`:          "a group with the number 2 for its name (character 1) is not evaluated",
		`(?<a>b)|(?<a>c)`:  "a second group named a (character 9) is not evaluated",
		`(a)\1`:            `the back reference \1 (character 4) is not evaluated`,
		`(?<a>a)\k<a>`:     `the back reference \k (character 8) is not evaluated`,
		`é\Ga`:             `the anchor \G (character 2) is not evaluated`,
		`\p{IsTibetan}`:    `\p{IsTibetan} (character 1) is not evaluated`,
		`\p{Cn}`:           `\p{Cn} (character 1) is not evaluated`,
		`(?i)ß`:            "(?i) over letters whose case depends on the culture (character 5) is not evaluated",
		`(?i)[a-z-[b]]`:    "a class subtraction -[ under (?i) (character 9) is not evaluated",
		`[[:alpha:]]`:      "[: in a class (character 2) is not evaluated",
		`(a*)*`:            "a repetition of what can be empty (character 1) is not evaluated",
		`(a*)?`:            "a repetition of what can be empty (character 1) is not evaluated",
		`a{1001}`:          "a repetition of more than 1000 times (character 2) is not evaluated",
		`(a{100}){100}`:    "a regular expression whose repetitions are too large is not evaluated",
		`(\w{1000}){1000}`: "a regular expression whose repetitions are too large is not evaluated",
		`😀`:                `'😀', which .NET reads in two halves, (character 1) is not evaluated`,
		strings.Repeat("(", 200) + strings.Repeat(")", 200): "parentheses nested deeper than 100 (character 102) is not evaluated",
		strings.Repeat("a", 5000):                           "a regular expression that is too long, more than 4096 bytes, is not evaluated",
	} {
		_, err := Compile(pattern, false)
		var u *UnsupportedError
		if !errors.As(err, &u) || err.Error() != want {
			t.Errorf("%.40s: %v; want %s", pattern, err, want)
		}
	}
}

func TestWhatDotNetRefusesIsASyntaxError(t *testing.T) {
	for pattern, want := range map[string]string{
		`(a`:         "a parenthesis without end (character 1)",
		`a)`:         "a closing parenthesis too many (character 2)",
		`[a`:         "a class without ] (character 1)",
		`[]`:         "a class without ] (character 1)",
		`*a`:         "a quantifier behind nothing (character 1)",
		`a|{2}`:      "a quantifier behind nothing (character 3)",
		`a**`:        "a quantifier behind a quantifier (.NET has no possessive ones) (character 3)",
		`a++`:        "a quantifier behind a quantifier (.NET has no possessive ones) (character 3)",
		`a{3,2}`:     "a repetition from 3 to 2 times (character 2)",
		`[z-a]`:      "the range z-a, which runs backwards (character 2)",
		`[a-\d]`:     `a range that ends with \d (character 2)`,
		`[a-z-[b]c]`: "something behind a class subtraction (character 9)",
		`\q`:         `\q, which is no escape of .NET (character 1)`,
		`\pL`:        `\p without {name} (character 1)`,
		`\x4`:        `\x without 2 hexadecimal digits (character 1)`,
		`a\`:         "a backslash at the end (character 2)",
		`(?P<a>b)`:   "a group that .NET does not know (character 1)",
		`(?<a.b>c)`:  `the group name "a.b" (character 1)`,
		`(?<a`:       "a group name without end (character 1)",
		`a(?#b`:      "a comment without end (character 2)",
		`(?i`:        "a group that .NET does not know (character 1)",
		`[\c1]`:      `\c without a control character (character 2)`,
	} {
		_, err := Compile(pattern, false)
		var s *SyntaxError
		if !errors.As(err, &s) || err.Error() != want {
			t.Errorf("%s: %v; want %s", pattern, err, want)
		}
	}
}

func TestTextsOverWhichTheEnginesDifferAreRefused(t *testing.T) {
	for _, tt := range [][3]string{
		{`a$`, "a\n", "$ over a text that ends with a line break"},
		{`a\Z`, "a\n", "$ over a text that ends with a line break"},
		{`.`, "😀", "two halves"},
		{`\bé`, "é", `\b over letters outside ASCII`},
		{`(?i)k`, "\u212a", "letter case of"},
		{`a`, "a\xff", "not valid UTF-8"},
	} {
		re, err := Compile(tt[0], false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := re.Match(tt[1]); err == nil || !strings.Contains(err.Error(), tt[2]) {
			t.Errorf("%s over %q: %v; want %s", tt[0], tt[1], err, tt[2])
		}
	}
}

func TestReplacementsFollowDotNet(t *testing.T) {
	tests := map[string]struct{ pattern, text, to, want string }{
		"an empty match right behind a match": {`[a-z]*`, "abc", "-", "--"},
		"empty matches between characters":    {`x*`, "abc", "-", "-a-b-c-"},
		"empty and other matches":             {`b*`, "abbc", "-", "-a--c-"},
		"an anchor is true once":              {`^a`, "aaa", "-", "-aa"},
		"a line anchor at every line":         {`(?m)^`, "a\nb", "> ", "> a\n> b"},
		"a boundary sees what stands before":  {`\bb`, "ab b", "-", "ab -"},
		"groups by number":                    {`(\w+)\s(\w+)`, "one two", "$2 $1", "two one"},
		"groups by name":                      {`(?<a>\w+)\s(?<b>\w+)`, "one two", "${b} ${a}", "two one"},
		"named groups are numbered last":      {`(?<n>a)(b)`, "ab", "$1|$2", "b|a"},
		"number in braces":                    {`(a)`, "ab", "${1}1", "a1b"},
		"a number that names no group stays":  {`(a)`, "ab", "$12", "$12b"},
		"a name that names no group stays":    {`(a)`, "ab", "${x}", "${x}b"},
		"a group that took no part is empty":  {`a(x)?`, "ab", "[$1]", "[]b"},
		"the whole match":                     {`b`, "abc", "<$&$0>", "a<bb>c"},
		"a dollar sign":                       {`b`, "abc", "$$1", "a$1c"},
		"before, behind and all":              {`b`, "abc", "$`$'$_", "aacabcc"},
		"a dollar sign at the end":            {`b`, "abc", "x$", "ax$c"},
		"letters outside ASCII":               {`[éè]`, "très été", "e", "tres ete"},
		"lazy":                                {`<.+?>`, "<a><b>", "", ""},
		"the documented letters":              {`[a-zA-Z_]*`, "john_doe72", "", "72"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			re, err := Compile(tt.pattern, false)
			if err != nil {
				t.Fatal(err)
			}
			got, err := re.Replace(tt.text, tt.to, 1000)
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("%s over %q by %q: %q, want %q", tt.pattern, tt.text, tt.to, got, tt.want)
			}
		})
	}
}

func TestReplacementsThatGrowAreStopped(t *testing.T) {
	re, err := Compile(`a`, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := re.Replace(strings.Repeat("a", 100), "$_", 1000); err == nil || !strings.Contains(err.Error(), "more than 1000 bytes") {
		t.Errorf("%v; want the bound", err)
	}
	if _, err := re.Replace("a", "b$+", 1000); err == nil || err.Error() != "$+ in a replacement (character 2) is not evaluated" {
		t.Errorf("%v; want $+ refused", err)
	}
}

func TestGroupsAreFound(t *testing.T) {
	re, err := Compile(`(?<letters>[a-z]+)(?<digits>\d+)?`, false)
	if err != nil {
		t.Fatal(err)
	}
	spans, err := re.Spans("ab1 c d22", "digits")
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([][2]int{{2, 3}, {7, 9}}, spans); diff != "" {
		t.Errorf("spans (-want +got):\n%s", diff)
	}
	if v, found, err := re.Find("--xy7", "digits"); v != "7" || !found || err != nil {
		t.Errorf("found %q, %v, %v", v, found, err)
	}
	if _, found, _ := re.Find("xy", "digits"); found {
		t.Error("a group that took no part is found")
	}
	if re.HasGroup("other") || !re.HasGroup("digits") {
		t.Error("names of groups")
	}
}

// Over ASCII, a pattern of what both dialects share means the same translated and as it is.
func TestATranslatedPatternMeansTheSame(t *testing.T) {
	piece := rapid.SampledFrom([]string{"a", "b", ".", "[ab]", "[^a]", `\d`, `\w`, `\s`, "^", "$", "(a|b)", "(?:ab|c)", "a+", "b*?", "[a-c]{1,2}", `\.`, "|", "(a)(b)?", `\b`})
	rapid.Check(t, func(t *rapid.T) {
		source := strings.Join(rapid.SliceOfN(piece, 1, 6).Draw(t, "pattern"), "")
		text := rapid.StringMatching(`[abc1 .]{0,12}`).Draw(t, "text")
		re, err := Compile(source, false)
		if err != nil {
			t.Fatalf("%s: %v", source, err)
		}
		mine, want := re.re.FindStringSubmatchIndex(text), regexp.MustCompile(source).FindStringSubmatchIndex(text)
		if diff := cmp.Diff(want, mine); diff != "" {
			t.Fatalf("%s over %q (-Go +translated):\n%s", source, text, diff)
		}
		// Each match that Go finds, .NET finds too; the others are empty.
		var all [][2]int
		if err := re.each(text, func(m []int) { all = append(all, [2]int{m[0], m[1]}) }); err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(source).FindAllStringIndex(text, -1) {
			found := false
			for i, a := range all {
				if a == [2]int{m[0], m[1]} {
					all, found = append(all[:i:i], all[i+1:]...), true
					break
				}
			}
			if !found {
				t.Fatalf("%s over %q: %v is missing in %v", source, text, m, all)
			}
		}
		for _, a := range all {
			if a[0] != a[1] {
				t.Fatalf("%s over %q: %v is no match of Go's", source, text, a)
			}
		}
	})
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{`(?<isdCode>\d* )(?<phoneNumber>\d{10})`, `[a-z-[aeiou]]`, `(?i)[^\W_]+`, `(?x) a # b`, `a{1000}{2}`, `\p{IsGreek}`, `[\--a]`, `((((a`, `(?<a-b>c)`} {
		f.Add(s, "+91 8887779999", "${phoneNumber}$1$&")
	}
	f.Fuzz(func(t *testing.T, pattern, text, to string) {
		re, err := Compile(pattern, false)
		if err != nil {
			var u *UnsupportedError
			var s *SyntaxError
			if !errors.As(err, &u) && !errors.As(err, &s) {
				t.Fatalf("%q: an error of no kind: %v", pattern, err)
			}
			return
		}
		if _, err := re.Match(text); err != nil {
			return
		}
		got, err := re.Replace(text, to, 10_000)
		if err == nil && utf8.ValidString(text) && utf8.ValidString(to) && !utf8.ValidString(got) {
			t.Fatalf("%q over %q by %q: %q is not valid UTF-8", pattern, text, to, got)
		}
	})
}
