package expr

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// told writes steps as lines: depth, part, value.
func told(steps []Step) string {
	var b strings.Builder
	for _, s := range steps {
		outcome := s.Value.String()
		switch {
		case s.Skipped:
			outcome = "not taken"
		case s.Err != nil:
			outcome = "error: " + s.Err.Error()
		}
		fmt.Fprintf(&b, "%s%s = %s\n", strings.Repeat("  ", s.Depth), s.Text, outcome)
		if s.Note != "" {
			fmt.Fprintf(&b, "%s! %s\n", strings.Repeat("  ", s.Depth), s.Note[:strings.IndexAny(s.Note+":", ":;")])
		}
	}
	return b.String()
}

func TestTheStepsOfAnExpression(t *testing.T) {
	for source, want := range map[string]string{
		`[mail]`: "[mail] = null\n",
		`"x"`:    "x = x\n",
		`IIF([country] = "USA", ToLower([state]), Append([nowhere], "x"))`: `    [country] = USA
  [country] = "USA" = True
    [state] = QLD
  ToLower([state]) = qld
  Append([nowhere], "x") = not taken
IIF([country] = "USA", ToLower([state]), Append([nowhere], "x")) = qld
! Documented limit
`,
		`Switch([state], [nowhere], "NSW", [mail], "QLD", [UserID])`: `  [state] = QLD
  [UserID] = jsmith
  [nowhere] = not taken
  [mail] = not taken
Switch([state], [nowhere], "NSW", [mail], "QLD", [UserID]) = jsmith
! Documented defect
`,
		`Append(Coalesce([mail], [nowhere]), Guid())`: `    [mail] = null
    [nowhere] = not told
  Coalesce([mail], [nowhere]) = not told
  Guid() = not taken
Append(Coalesce([mail], [nowhere]), Guid()) = not told
`,
		`ToLower(Guid())`: `  Guid() = error: Guid is not evaluated: it is random, so that every run would give another value
ToLower(Guid()) = error: Guid is not evaluated: it is random, so that every run would give another value
`,
		`DateAdd("d", 1, CDate("2021-08-24"))`: `  CDate("2021-08-24") = 8/24/2021 12:00:00 AM
  ! a date without an offset is read as UTC
DateAdd("d", 1, CDate("2021-08-24")) = 8/25/2021 12:00:00 AM
`,
	} {
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		want = strings.Replace(want, "x = x\n", "\"x\" = x\n", 1)
		if diff := cmp.Diff(want, told(e.Explain(ada.get))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", source, diff)
		}
	}
}

func TestTheLastStepIsTheAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := &Expr{root: drawNode(t, 4)}
		with := drawAttributes(t, e)
		steps := e.Explain(with.get)
		last := steps[len(steps)-1]
		v, err := e.Eval(with.get)
		if diff := cmp.Diff(v, last.Value); diff != "" || fmt.Sprint(err) != fmt.Sprint(last.Err) {
			t.Fatalf("%s: %v, %v; the last step has %v, %v", e, v, err, last.Value, last.Err)
		}
		if last.Depth != 0 || last.Text != e.String() || last.Skipped {
			t.Fatalf("%s ends with %+v", e, last)
		}
		for i, s := range steps[:len(steps)-1] {
			if s.Depth == 0 || s.Skipped && (s.Err != nil || s.Value.Known) {
				t.Fatalf("%s, step %d: %+v", e, i, s)
			}
			if s.Depth > steps[i+1].Depth+1 {
				t.Fatalf("%s: step %d has nothing around it", e, i)
			}
		}
	})
}

func TestWhatIsIgnoredWhenEmpty(t *testing.T) {
	for source, want := range map[string]bool{
		`IgnoreFlowIfNullOrEmpty([mail])`: true, `ignoreflowifnullorempty([mail])`: true,
		`[mail]`: false, `ToLower(IgnoreFlowIfNullOrEmpty([mail]))`: false, `"x"`: false,
	} {
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if e.IgnoresEmpty() != want {
			t.Errorf("%s: %v", source, e.IgnoresEmpty())
		}
	}
}

func TestUnknownFunctionsAreShownWithTheNearestName(t *testing.T) {
	for source, want := range map[string]string{
		`Append("a", Swich([a], , "b", "c"))`: "13 function Swich is not in Entra's reference; did you mean Switch?",
		`Tolower([a])`:                        "",
		`IsNullorEmpty([a])`:                  "",
		`Jion([a])`:                           "1 function Jion is not in Entra's reference; did you mean Join?",
		`NormaliseDiacritics([a])`:            "1 function NormaliseDiacritics is not in Entra's reference; did you mean NormalizeDiacritics?",
		`Frobnicate([a])`:                     "1 function Frobnicate is not in Entra's reference",
		`Right([a], 1)`:                       "1 function Right is not in Entra's reference",
		strings.Repeat("x", 60) + `()`:        "1 function " + strings.Repeat("x", 40) + "… is not in Entra's reference",
	} {
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for _, u := range e.Unknown() {
			got = fmt.Sprintf("%d %s", u.Column, u.Message)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", source, got, want)
		}
		var unanswered *NotEvaluatedError
		if _, err := e.Eval(ada.get); want != "" && !errors.As(err, &unanswered) {
			t.Errorf("%s: %v", source, err)
		}
	}
}

func TestFaultsAreShownWithACaret(t *testing.T) {
	long := `Switch([department], "none", "Sales", "Verkauf", "Marketing", "Werbung", "Support" "Hilfe", "Research", "Forschung und Entwicklung", "Legal", "Recht")`
	for source, want := range map[string]string{
		`Append([mail], "x"`: `expression, character 19: expected , or ) after argument 2 of Append, found end of the expression
Append([mail], "x"
                  ^`,
		`Left([a])`: `expression, character 1: Left takes 2 arguments, found 1; it is written Left(string, numChars)
Left([a])
^`,
		"Append(\n\t\"漢字\",\n\t§)": `expression, character 17: unexpected '§'; an attribute stands in [brackets], text in "quotes"
Append(  "漢字",  §)
                  ^`,
		`Append("é", §)`: `expression, character 13: unexpected '§'; an attribute stands in [brackets], text in "quotes"
Append("é", §)
            ^`,
		long: `expression, character 84: expected , or ) after argument 7 of Switch, found '"'
…auf", "Marketing", "Werbung", "Support" "Hilfe", "Research", "Forschung und…
                                         ^`,
		``: `expression, character 1: empty expression

^`,
	} {
		_, err := Parse(source)
		var p *ParseError
		if !errors.As(err, &p) {
			t.Errorf("%q: %v", source, err)
			continue
		}
		if diff := cmp.Diff(want, p.Excerpt()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", source, diff)
		}
	}
}
