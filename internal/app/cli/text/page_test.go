package text

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func page(width int, color bool, write func(*Page)) string {
	var b strings.Builder
	p := NewPage(&b, width, color)
	write(p)
	p.Flush()
	return b.String()
}

func cells(texts ...string) []Cell {
	var row []Cell
	for _, t := range texts {
		row = append(row, Cell{Text: t})
	}
	return row
}

func TestTableAlignsAndWrapsItsLastColumn(t *testing.T) {
	rows := [][]Cell{cells("1", "source", "pass", "enabled"), cells("2", "assignment", "FAIL", "Atlassian Cloud ← jira-developers ← platform-team"), cells("10", "x", "")}
	want := strings.TrimPrefix(`
  1   source      pass  enabled
  2   assignment  FAIL  Atlassian Cloud ← jira-developers
                        ← platform-team
  10  x
`, "\n")
	if d := cmp.Diff(want, page(58, false, func(p *Page) { p.Table(2, 2, rows) })); d != "" {
		t.Error(d)
	}
}

func TestTablePutsTheLastColumnBelowWhereARowHasNoRoom(t *testing.T) {
	rows := [][]Cell{cells("lena.vogel@fabrikam.example", "in jira-developers only through platform-team"), cells("bo@x.example", "ok")}
	want := strings.TrimPrefix(`
  lena.vogel@fabrikam.example
    in jira-developers only through
    platform-team
  bo@x.example  ok
`, "\n")
	if d := cmp.Diff(want, page(40, false, func(p *Page) { p.Table(2, 2, rows) })); d != "" {
		t.Error(d)
	}
}

func TestARowWithoutALastCellTakesOneLine(t *testing.T) {
	rows := [][]Cell{cells("urn:ietf:params:scim:schemas:extension", ""), cells("next", "ok")}
	if d := cmp.Diff("urn:ietf:params:scim:schemas:extension\nnext  ok\n", page(30, false, func(p *Page) { p.Table(0, 2, rows) })); d != "" {
		t.Error(d)
	}
}

func TestWideNamesKeepTheColumnsStraight(t *testing.T) {
	rows := [][]Cell{cells("田中", "a"), cells("Åsa", "b")}
	if d := cmp.Diff("田中  a\nÅsa   b\n", page(40, false, func(p *Page) { p.Table(0, 2, rows) })); d != "" {
		t.Error(d)
	}
}

func TestInkIsShownOnlyWhereAskedForAndDoesNotShiftColumns(t *testing.T) {
	rows := [][]Cell{{{"FAIL", Bad}, {"x", Plain}}, {{"pass", Good}, {"y", Plain}}}
	if d := cmp.Diff("FAIL  x\npass  y\n", page(40, false, func(p *Page) { p.Table(0, 2, rows) })); d != "" {
		t.Error(d)
	}
	if d := cmp.Diff("\x1b[31mFAIL\x1b[0m  x\n\x1b[32mpass\x1b[0m  y\n", page(40, true, func(p *Page) { p.Table(0, 2, rows) })); d != "" {
		t.Error(d)
	}
}

func TestFlowStartsANewLineWhereThePartWouldNotFit(t *testing.T) {
	parts := cells("1,203 expected", "1,171 present", "27 missing")
	if d := cmp.Diff("1,203 expected   1,171 present\n27 missing\n", page(32, false, func(p *Page) { p.Flow(0, 3, parts...) })); d != "" {
		t.Error(d)
	}
}

func TestFlowWrapsAPartThatIsWiderThanThePage(t *testing.T) {
	parts := cells("change:  nothing", "held: 2 records to adopt, 21 memberships to add", "end")
	want := "change:  nothing\nheld: 2 records to adopt, 21\n  memberships to add   end\n"
	if d := cmp.Diff(want, page(32, false, func(p *Page) { p.Flow(0, 3, parts...) })); d != "" {
		t.Error(d)
	}
}

func TestNoLineOfTextIsWiderThanThePageOrEndsInBlanks(t *testing.T) {
	word := rapid.StringMatching(`[a-z田]{0,6}( [a-z田]{1,6}){0,8}`)
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(40, 120).Draw(t, "width")
		var rows [][]Cell
		for range rapid.IntRange(1, 6).Draw(t, "rows") {
			rows = append(rows, cells(rapid.StringMatching(`[a-z]{0,12}`).Draw(t, "a"), rapid.StringMatching(`[a-z]{0,12}`).Draw(t, "b"), word.Draw(t, "c")))
		}
		out := page(width, false, func(p *Page) { p.Table(2, 2, rows) })
		for line := range strings.SplitSeq(out, "\n") {
			if Width(line) > width {
				t.Fatalf("%d columns in a page of %d: %q", Width(line), width, line)
			}
			if strings.HasSuffix(line, " ") {
				t.Fatalf("ends in blanks: %q", line)
			}
		}
	})
}
