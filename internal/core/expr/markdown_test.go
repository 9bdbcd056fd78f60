package expr

import (
	"flag"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/testkit"
)

var update = flag.Bool("update", false, "write docs/expressions.md anew")

func TestThePageOfExpressionsIsFresh(t *testing.T) {
	testkit.Page(t, "expressions.md", Markdown(), "go test ./internal/core/expr -run Fresh -update", *update)
}

func TestEveryReferenceOnThePageLeadsToAHeading(t *testing.T) {
	testkit.Headings(t, Markdown(), anchor)
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
