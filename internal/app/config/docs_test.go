package config

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

func page(t *testing.T) (text string, examples []string) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "config.md"))
	if err != nil {
		t.Fatal(err)
	}
	text = string(raw)
	for _, m := range regexp.MustCompile("(?s)```yaml\n(.*?)```").FindAllStringSubmatch(text, -1) {
		examples = append(examples, m[1])
	}
	return text, examples
}

func TestTheExamplesOfThePageAreWithoutFault(t *testing.T) {
	_, examples := page(t)
	if len(examples) < 4 {
		t.Fatalf("%d examples", len(examples))
	}
	for _, e := range examples {
		mustParse(t, e)
	}
}

// The parser notes every key that it asks for. A key that the examples do not use would hide what is below it, so each
// must stand in one of them, and be named in the text as `key`.
func TestThePageNamesEveryKeyAndShowsItOnce(t *testing.T) {
	text, examples := page(t)
	known := map[string]bool{}
	for _, e := range examples {
		p := newParser([]byte(e))
		p.file(*p.load([]byte(e)), &File{})
		for key := range p.known {
			known[key] = true
		}
	}
	all := strings.Join(examples, "\n")
	for key := range known {
		if !regexp.MustCompile(`\b` + key + `:`).MatchString(all) {
			t.Errorf("no example of docs/config.md uses %s", key)
		}
		if !strings.Contains(text, "`"+key+"`") {
			t.Errorf("docs/config.md does not name `%s`", key)
		}
	}
	if len(known) < 35 {
		t.Errorf("the parser asked for %d keys only: does it still take note?", len(known))
	}
}

func TestThePageNamesEveryOperatorTargetAndMatch(t *testing.T) {
	text, _ := page(t)
	names := slices.Concat(operatorNames, matchable, targets)
	for _, name := range names {
		if short, ok := strings.CutPrefix(name, enterprise); ok && short != "department" {
			name = "…:" + short
		}
		if strings.HasPrefix(name, "phoneNumbers") {
			name = `phoneNumbers[type eq "work"].value`
		}
		if !strings.Contains(text, "`"+name+"`") {
			t.Errorf("docs/config.md does not name `%s`", name)
		}
	}
}
