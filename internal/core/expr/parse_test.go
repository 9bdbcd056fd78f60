package expr

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

func TestParseErrorsSayWhereAndWhat(t *testing.T) {
	tests := map[string]struct {
		source string
		at     int
		want   string
	}{
		"nothing":                          {"  ", 3, "empty expression"},
		"an attribute without end":         {`Append([mail, "x")`, 8, "[ without ]"},
		"an attribute without name":        {`Append([ ], "x")`, 8, "no attribute between [ and ]"},
		"a text without end":               {`Append([mail], "x)`, 16, "text without closing quote"},
		"a lone backslash":                 {`"DOMAIN\user"`, 8, `a backslash in a text is written \\`},
		"a call without end":               {`Append([mail], "x"`, 19, "expected , or ) after argument 2 of Append, found end of the expression"},
		"text behind the end":              {`Not([a]) x`, 10, `unexpected 'x' after the end`},
		"a closing parenthesis too many":   {`Not([a]))`, 9, `unexpected ')'`},
		"too few arguments":                {`Join(",")`, 1, "Join takes at least 2 arguments, found 1"},
		"too many arguments":               {`Coalesce(Not([a], [b]))`, 10, "Not takes 1 argument, found 2"},
		"a wrong number of arguments":      {`Left([a])`, 1, "Left takes 2 arguments, found 1"},
		"outside a range":                  {`ToLower()`, 1, "ToLower takes 1 to 2 arguments, found 0"},
		"a comparison without right side":  {`IIF([a] = , "x", "y")`, 11, "nothing to the right of ="},
		"two comparisons in a row":         {`[a] = [b] = [c]`, 11, `unexpected '='`},
		"a character that means nothing":   {`Append(§, "x")`, 8, `unexpected '§'; an attribute stands in [brackets]`},
		"positions count characters":       {`Append("äöü", §)`, 15, `unexpected '§'`},
		"longer than Entra accepts":        {`"` + strings.Repeat("x", MaxLength) + `"`, 1, "10002 characters, more than the 10000"},
		"deeper than is sensible":          {strings.Repeat("Not(", 200), 405, "nested deeper than 100 calls"},
		"keys without values":              {`Switch([a], , "k")`, 1, "Switch takes at least 4 arguments, found 3"},
		"a key without its value":          {`Switch([a], , "k", "v", "l")`, 1, "Switch takes an even number of arguments, because keys and values come in pairs, found 5"},
		"the way it is written":            {`Left([a])`, 1, "it is written Left(string, numChars)"},
		"arguments where none belong":      {`Append(Now("x"), "y")`, 8, "Now takes no arguments, found 1"},
		"a word cannot hold an apostrophe": {`Append('x', [a])`, 8, `unexpected '\''`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := Parse(tt.source)
			var p *ParseError
			if !errors.As(err, &p) || p.Column != tt.at || !strings.Contains(p.Message, tt.want) {
				t.Errorf("%v; want character %d: %s", err, tt.at, tt.want)
			}
		})
	}
}

func TestExpressionsPrintInThePortalsForm(t *testing.T) {
	for source, want := range map[string]string{
		`Switch([IsSoftDeleted],,"False","True","True","False")`: `Switch([IsSoftDeleted], , "False", "True", "True", "False")`,
		`Now( )`:                         `Now()`,
		`Replace([m],"x",,,"",,)`:        `Replace([m], "x", , , "", , )`,
		`IIF([a]<>"b",-1,&HF)`:           `IIF([a] <> "b", -1, &HF)`,
		`InStr("a","e",3,vbTextCompare)`: `InStr("a", "e", 3, vbTextCompare)`,
		`"q\"\\"`:                        `"q\"\\"`,
	} {
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if got := e.String(); got != want {
			t.Errorf("%s prints as %s, want %s", source, got, want)
		}
	}
}

// drawNode makes any expression of the language, with functions that are evaluated and others.
func drawNode(t *rapid.T, depth int) *node {
	kinds := []kind{attribute, constant, word}
	if depth > 0 {
		kinds = append(kinds, invoke, invoke, compare)
	}
	switch k := rapid.SampledFrom(kinds).Draw(t, "kind"); k {
	case attribute:
		return &node{kind: k, text: rapid.StringMatching(`[a-zA-Z_]{1,8}`).Draw(t, "attribute")}
	case constant:
		return &node{kind: k, text: rapid.String().Draw(t, "constant")}
	case word:
		return &node{kind: k, text: rapid.StringMatching(`-?[0-9]{1,3}|&H[0-9A-F]{1,2}|vb[a-zA-Z]{1,6}`).Draw(t, "word")}
	case compare:
		op := rapid.SampledFrom([]string{"=", "<>", "<", "<=", ">", ">="}).Draw(t, "operator")
		left, right := drawNode(t, depth-1), drawNode(t, depth-1)
		if left.kind == compare || right.kind == compare {
			return left
		}
		return &node{kind: k, text: op, args: []*node{left, right}}
	default:
		names := []string{"Frobnicate", "append"}
		for _, f := range functions {
			names = append(names, f.name)
		}
		n := &node{kind: invoke, text: rapid.SampledFrom(names).Draw(t, "function")}
		if n.fn = lookup(n.text); n.fn == nil {
			n.missing = unknownFunction(n.text)
		}
		low, high := 0, 5
		if n.fn != nil {
			low, high = n.fn.min, max(n.fn.min, min(n.fn.max, 8))
		}
		for range rapid.IntRange(low, high).Draw(t, "arguments") {
			if rapid.IntRange(0, 5).Draw(t, "omit") == 0 {
				n.args = append(n.args, &node{kind: omitted})
			} else {
				n.args = append(n.args, drawNode(t, depth-1))
			}
		}
		if len(n.args) == 1 && n.args[0].kind == omitted {
			n.args = []*node{{kind: word, text: "1"}}
		}
		if n.fn != nil && n.fn.pairs && len(n.args)%2 != 0 {
			n.args = append(n.args, &node{kind: word, text: "1"})
		}
		return n
	}
}

// drawValue makes values that some function takes: texts, numbers, Booleans, dates, lists, null.
var drawValue = rapid.SampledFrom([]Value{
	null, text(""), text("True"), text("False"), text("7"), text("-1"), text("a b"), text("Zoë"), text("O'Neil"), text("d"), text("ww"),
	text("2020-03-16-07:00"), text("3/16/2020 7:00:00 AM"), text("yyyy-MM-dd"), text("tr-TR"), text("(?<a>[a-z]+)"), text(","), text("a,b,A"),
	document.ListValue([]string{"x", "y", "x"}), document.ListValue(nil),
})

// drawAttributes gives the expression's attributes values; some are not told.
func drawAttributes(t *rapid.T, e *Expr) attributes {
	with := attributes{}
	for _, name := range e.Attributes() {
		if rapid.IntRange(0, 9).Draw(t, "told") > 0 {
			with[name] = drawValue.Draw(t, "value")
		}
	}
	return with
}

var sameExpr = cmp.Options{
	cmp.AllowUnexported(Expr{}, node{}), cmp.Comparer(func(a, b *function) bool { return a == b }),
	cmpopts.IgnoreFields(Expr{}, "source"), cmpopts.IgnoreFields(node{}, "at", "pattern"),
}

func TestAPrintedExpressionParsesToItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := &Expr{root: drawNode(t, 4)}
		printed := e.String()
		if len([]rune(printed)) > MaxLength {
			t.Skip("longer than an expression may be")
		}
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%s: %v", printed, err)
		}
		if diff := cmp.Diff(e, again, sameExpr); diff != "" {
			t.Fatalf("%s (-before +after):\n%s", printed, diff)
		}
	})
}

// What is known never depends on attributes that were not told: telling more can complete an answer, not change it.
func TestTellingMoreNeverChangesAnAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := &Expr{root: drawNode(t, 4)}
		full, part := attributes{}, attributes{}
		for _, name := range e.Attributes() {
			full[name] = drawValue.Draw(t, "full")
			if rapid.Bool().Draw(t, "told") {
				part[name] = full[name]
			}
		}
		before, err := e.Eval(part.get)
		if err != nil || !before.Known {
			return
		}
		after, err := e.Eval(full.get)
		if err != nil {
			t.Fatalf("%s was %v, then fails: %v", e, before, err)
		}
		if diff := cmp.Diff(before, after); diff != "" {
			t.Fatalf("%s (-before +after):\n%s", e, diff)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{
		`Switch([IsSoftDeleted], , "False", "True", "True", "False")`, `Replace([mail], "@contoso.com", , ,"", ,)`, `IIF([a]<>"b",-1,&HF)`,
		`Word("This,string!has&many separators",3,",!&#")`, `Join("", 1000, Mid("abc", 2, 1))`, `NormalizeDiacritics("Zoë")`, `"q\"\\"`, `Not(`, `[`,
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		e, err := Parse(source)
		if err != nil {
			var p *ParseError
			if !errors.As(err, &p) || p.Column < 1 {
				t.Fatalf("error without a place: %v", err)
			}
			return
		}
		printed := e.String()
		if len([]rune(printed)) > MaxLength {
			return // printing adds blanks
		}
		again, err := Parse(printed)
		if err != nil {
			t.Fatalf("%q prints as %q, which does not parse: %v", source, printed, err)
		}
		if again.String() != printed {
			t.Fatalf("%q prints as %q, then as %q", source, printed, again.String())
		}
		for _, u := range e.Unknown() {
			if u.Column < 1 || u.Excerpt() == "" {
				t.Fatalf("%q: an unknown function without a place: %+v", source, u)
			}
		}
	})
}

func FuzzEval(f *testing.F) {
	for name, examples := range documented {
		for _, ex := range examples {
			f.Add(ex.source, name)
		}
	}
	for _, s := range []string{`Replace([a], , [b], , [c])`, `Replace(Replace(Replace([a],"",,,[a]),"a",,,[a]),"a",,,[a])`, `FormatDateTime([a], , [b], [a])`, `Split([a], [b])`} {
		f.Add(s, "aaaa")
	}
	now := time.Date(2021, 7, 2, 15, 33, 38, 0, time.UTC)
	f.Fuzz(func(t *testing.T, source, value string) {
		e, err := Parse(source)
		if err != nil {
			var p *ParseError
			if !errors.As(err, &p) || !strings.HasPrefix(p.Excerpt(), err.Error()) || strings.Count(p.Excerpt(), "\n") < 2 {
				t.Fatalf("%q: %v", source, err)
			}
			return
		}
		e = e.At(now)
		given := []Value{text(value), {}, null, text("x"), text("True"), document.ListValue([]string{"a", value})}
		get := func(name string) Value { return given[len(name)%len(given)] }
		v, err := e.Eval(get)
		if err != nil && v.Known {
			t.Fatalf("%q: a value and an error: %v, %v", source, v, err)
		}
		if len(v.Text) > maxText && e.root.kind == invoke {
			t.Fatalf("%q yields %d bytes", source, len(v.Text))
		}
		if len(e.String()) > MaxLength {
			return
		}
		steps := e.Explain(get)
		if last := steps[len(steps)-1]; last.Value.String() != v.String() {
			t.Fatalf("%q: %v, the last step has %v", source, v, last.Value)
		}
	})
}
