package scim

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

func TestThePageOfConformanceNamesTestsThatExistAndEveryTolerance(t *testing.T) {
	raw, err := os.ReadFile(filepath.Join(testkit.Root(t), "docs", "scim-conformance.md"))
	if err != nil {
		t.Fatal(err)
	}
	page := string(raw)
	var files []string
	for _, dir := range []string{".", filepath.Join(testkit.Root(t), "internal", "app", "inbound")} {
		some, err := filepath.Glob(filepath.Join(dir, "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, some...)
	}
	tests := map[string]bool{}
	for _, name := range files {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`).FindAllSubmatch(src, -1) {
			tests[string(m[1])] = true
		}
	}
	named := regexp.MustCompile("`(Test\\w+)`").FindAllStringSubmatch(page, -1)
	if len(named) < 50 {
		t.Errorf("the page names %d tests only", len(named))
	}
	for _, m := range named {
		if !tests[m[1]] {
			t.Errorf("the page names %s, which does not exist", m[1])
		}
	}
	requirements, _, _ := strings.Cut(page, "## Tolerances")
	for line := range strings.SplitSeq(requirements, "\n") {
		if head := strings.HasPrefix(line, "|---") || strings.HasSuffix(line, "| held by |"); strings.HasPrefix(line, "|") && !head && !strings.Contains(line, "`Test") {
			t.Errorf("no test holds: %s", line)
		}
	}
	want := toleranceTable()
	if !strings.Contains(page, want) {
		t.Errorf("the page's table of tolerances should be:\n%s", want)
	}
}

func toleranceTable() string {
	var b strings.Builder
	b.WriteString("| name | what | seen of |\n|---|---|---|\n")
	for _, tol := range Tolerances {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", tol.Name, tol.What, tol.Source)
	}
	return b.String()
}
