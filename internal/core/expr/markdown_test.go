package expr

import (
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write docs/expressions.md anew")

func TestThePageOfExpressionsIsFresh(t *testing.T) {
	path := filepath.Join("..", "..", "..", "docs", "expressions.md")
	want := Markdown()
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatalf("writing the page of expressions: %v", err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("reading the page of expressions: %v", err)
	}
	if d := cmp.Diff(want, string(have)); d != "" {
		t.Errorf("docs/expressions.md is stale; write it anew with: go test ./internal/core/expr -update\n(-table +page)\n%s", d)
	}
}

func TestEveryReferenceOnThePageLeadsToAHeading(t *testing.T) {
	page := Markdown()
	headings := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^#+ (.+)$`).FindAllStringSubmatch(page, -1) {
		if headings[anchor(m[1])] {
			t.Errorf("two headings share the anchor %q", anchor(m[1]))
		}
		headings[anchor(m[1])] = true
	}
	for _, m := range regexp.MustCompile(`\]\(#([^)]+)\)`).FindAllStringSubmatch(page, -1) {
		if !headings[m[1]] {
			t.Errorf("#%s leads nowhere", m[1])
		}
	}
}

func TestTheTableIsWhole(t *testing.T) {
	for _, f := range functions {
		t.Run(f.name, func(t *testing.T) {
			if !strings.HasPrefix(f.signature, f.name+"(") || f.text == "" || !strings.HasSuffix(f.text, ".") {
				t.Errorf("signature %q, text %q", f.signature, f.text)
			}
			if (f.refused == "") != (f.eval != nil) {
				t.Error("a function is either evaluated or refused with its reason")
			}
			if f.defect != "" && !strings.HasPrefix(f.defect, "Documented ") {
				t.Errorf("defect %q", f.defect)
			}
			if f.example == "" {
				if f.refused == "" && f.name != "Now" {
					t.Error("no example")
				}
				return
			}
			e, err := Parse(f.example)
			if err != nil {
				t.Fatal(err)
			}
			v, err := e.Eval(func(string) Value { return Value{} })
			if err != nil || !v.Known || v.String() != f.yields {
				t.Errorf("%s = %q, %v; the table says %q", f.example, v, err, f.yields)
			}
		})
	}
}
