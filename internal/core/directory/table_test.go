package directory

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

// anyValue draws a value of every kind from few texts, so that equal ones are common.
func anyValue() *rapid.Generator[document.AttributeValue] {
	text := rapid.SampledFrom([]string{"", "a", "b", "ab", "\x00", "ÄÖ", strings.Repeat("x", 31), strings.Repeat("x", 32), strings.Repeat("y", 5000)})
	return rapid.OneOf(
		rapid.Just(document.NotTold),
		rapid.Just(document.NullValue),
		rapid.Map(text, document.TextValue),
		rapid.Map(rapid.SliceOfN(text, 1, 3), document.ListValue),
	)
}

func drawRows(t *rapid.T, columns int) [][]document.AttributeValue {
	return rapid.SliceOfN(rapid.SliceOfN(anyValue(), columns, columns), 0, 20).Draw(t, "rows")
}

func columnNames(n int) []string {
	names := make([]string, n)
	for i := range names {
		names[i] = "c" + strconv.Itoa(i)
	}
	return names
}

// table builds a table; a nil row is left empty.
func table(columns int, rows [][]document.AttributeValue) *Table {
	r := NewRows(0, columnNames(columns)...)
	for _, row := range rows {
		if row == nil {
			r.Skip()
			continue
		}
		r.Add(row...)
	}
	return r.Table()
}

func cellsOf(r Row) []document.AttributeValue {
	var out []document.AttributeValue
	r.Cells(func(column int, v document.AttributeValue) {
		if column != len(out) {
			panic("columns out of order")
		}
		out = append(out, v)
	})
	return out
}

func TestATableGivesBackWhatItTook(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 5).Draw(t, "columns")
		rows := drawRows(t, columns)
		for i := range rows {
			if rapid.IntRange(0, 4).Draw(t, "skip") == 0 {
				rows[i] = nil
			}
		}
		// In one piece or in two, joined.
		cut := rapid.IntRange(0, len(rows)).Draw(t, "cut")
		for _, got := range []*Table{table(columns, rows), Join(table(columns, rows[:cut]), table(columns, rows[cut:]))} {
			if got.Len() != len(rows) {
				t.Fatalf("%d rows, want %d", got.Len(), len(rows))
			}
			for i, want := range rows {
				row := got.Row(uint32(i))
				if diff := cmp.Diff(want, cellsOf(row)); diff != "" {
					t.Fatalf("row %d (-want +got):\n%s", i, diff)
				}
				if want == nil {
					want = make([]document.AttributeValue, columns)
				}
				for c := range columns {
					if diff := cmp.Diff(want[c], got.Cell(uint32(i), c)); diff != "" {
						t.Fatalf("row %d, column %d (-want +got):\n%s", i, c, diff)
					}
					if got.Text(uint32(i), c) != want[c].Text {
						t.Fatalf("row %d, column %d: text %q, want %q", i, c, got.Text(uint32(i), c), want[c].Text)
					}
					if diff := cmp.Diff(want[c], row.After(c).Cell(0)); diff != "" {
						t.Fatalf("row %d after %d columns (-want +got):\n%s", i, c, diff)
					}
				}
				if v := row.Cell(columns); v.Known {
					t.Fatalf("row %d: a column beyond the last holds %v", i, v)
				}
				if v := row.Cell(got.Column("no such column")); v.Known {
					t.Fatalf("row %d: a column that is not there holds %v", i, v)
				}
			}
		}
	})
}

func TestTwoRowsAreEqualExactlyWhereTheirValuesAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		columns := rapid.IntRange(1, 3).Draw(t, "columns")
		a, b := drawRows(t, columns), drawRows(t, columns)
		b = append(b, a...)
		ta, tb := table(columns, a), table(columns, b)
		from := rapid.IntRange(0, columns).Draw(t, "from")
		for i := range a {
			for j := range b {
				ra, rb := ta.Row(uint32(i)), tb.Row(uint32(j))
				if want := cmp.Equal(a[i], b[j]); (ra == rb) != want {
					t.Fatalf("%v and %v: rows equal %v, values equal %v", a[i], b[j], ra == rb, want)
				}
				if want := cmp.Equal(a[i][from:], b[j][from:]); (ra.After(from) == rb.After(from)) != want {
					t.Fatalf("%v and %v after %d: rows equal %v, values equal %v", a[i], b[j], from, !want, want)
				}
			}
		}
	})
}

func TestRowsThatAreLongerThanABlockAndRowsAtItsEdgeComeBack(t *testing.T) {
	var rows [][]document.AttributeValue
	add := func(size int) {
		fill := strings.Repeat(string(rune('a'+len(rows)%26)), size)
		rows = append(rows, []document.AttributeValue{document.TextValue(strconv.Itoa(len(rows))), document.TextValue(fill), document.ListValue([]string{fill, ""})})
	}
	for _, size := range []int{3, blockSize / 2, 3 << 20, 1, blockSize, 1, 1} {
		add(size)
	}
	for size := blockSize/2 - 24; size < blockSize/2+8; size++ { // the sum of two cells passes the edge somewhere here
		add(size)
		add(0)
	}
	got := table(3, rows)
	for i, want := range rows {
		if !slices.EqualFunc(want, cellsOf(got.Row(uint32(i))), func(a, b document.AttributeValue) bool {
			return a.Text == b.Text && a.Known == b.Known && slices.Equal(a.Values, b.Values)
		}) {
			t.Fatalf("row %d with %d bytes came back changed", i, len(want[1].Text))
		}
	}
}

func TestAnotherNumberOfValuesIsAMistakeOfTheProgram(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("two values for one column were taken")
		}
	}()
	NewRows(0, "id").Add(document.TextValue("a"), document.TextValue("b"))
}

func TestReadingAValueAllocatesNothing(t *testing.T) {
	tab := table(3, [][]document.AttributeValue{{document.TextValue("a"), document.NullValue, document.TextValue(strings.Repeat("b", 300))}})
	if n := testing.AllocsPerRun(100, func() {
		if tab.Cell(0, 2).Text == "" || tab.Row(0) == "" {
			t.Fatal("the value is gone")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
