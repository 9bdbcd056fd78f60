package directory

import (
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

func TestAKeyFindsExactlyTheRowsThatHoldItInAnyLetterCase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringOfN(rapid.SampledFrom([]rune("aAbBÄä ")), 0, 4, -1)
		value := rapid.OneOf(rapid.Just(document.NotTold), rapid.Just(document.NullValue),
			rapid.Map(word, document.TextValue), rapid.Map(rapid.SliceOfN(word, 1, 2), document.ListValue))
		values := rapid.SliceOfN(value, 0, 60).Draw(t, "values")
		rows := make([][]document.AttributeValue, len(values))
		want := map[string][]uint32{} // the naive reading
		for i, v := range values {
			rows[i] = []document.AttributeValue{document.NotTold, v}
			if rapid.IntRange(0, 9).Draw(t, "skip") == 0 {
				rows[i] = nil
			} else if key := document.Fold(v.Text); key != "" {
				want[key] = append(want[key], uint32(i))
			}
		}
		k := table(2, rows).Keys(1)
		asked := append(rapid.SliceOfN(word, 0, 10).Draw(t, "others"), "")
		for _, v := range values {
			asked = append(asked, v.Text)
		}
		each := make([]uint32, len(asked))
		k.Each(asked, each)
		for i := range values {
			var rows []uint32
			if v := k.t.Text(uint32(i), 1); v != "" {
				rows = want[document.Fold(v)]
			}
			if k.Shared(uint32(i)) != (len(rows) > 1) {
				t.Fatalf("row %d shares its value: %v, rows with it: %v", i, k.Shared(uint32(i)), rows)
			}
		}
		for i, key := range asked {
			rows := want[document.Fold(key)]
			if got := k.Rows(key); !slices.Equal(got, rows) {
				t.Fatalf("rows of %q: %v, want %v", key, got, rows)
			}
			one, ok := k.One(key)
			if ok != (len(rows) > 0) || ok && one != rows[0] {
				t.Fatalf("first row of %q: %v %v, want of %v", key, one, ok, rows)
			}
			if want := append(rows, NoRow)[0]; each[i] != want {
				t.Fatalf("among others the first row of %q is %v, want %v", key, each[i], want)
			}
			calls := 0
			k.All(key, func(uint32) bool { calls++; return false })
			if calls != min(1, len(rows)) {
				t.Fatalf("%q: %d calls after the first said that it is enough", key, calls)
			}
		}
	})
}

func TestTenThousandKeysAreFoundOneByOne(t *testing.T) {
	const n = 10_000 // more than the free places that a small table starts with, so that many lie beside theirs
	rows := make([][]document.AttributeValue, n)
	for i := range rows {
		rows[i] = []document.AttributeValue{document.TextValue("User-" + strconv.Itoa(i))}
	}
	k := table(1, rows).Keys(0)
	for i := range rows {
		if diff := cmp.Diff([]uint32{uint32(i)}, k.Rows("USER-"+strconv.Itoa(i))); diff != "" {
			t.Fatalf("user %d (-want +got):\n%s", i, diff)
		}
	}
	if got := k.Rows("user-10000"); len(got) != 0 {
		t.Errorf("a key that nobody has is found in %v", got)
	}
	asked, got := []string{"user-10000", ""}, make([]uint32, n+2)
	want := []uint32{NoRow, NoRow}
	for i := range n {
		asked, want = append(asked, "uSER-"+strconv.Itoa(n-1-i)), append(want, uint32(n-1-i))
	}
	k.Each(asked, got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("rows of many keys (-want +got):\n%s", diff)
	}
}

func TestManyRowsWithFewValuesAreIndexedAndAsked(t *testing.T) {
	const n, values = 300_000, 3 // an index that goes from row to row among equals takes minutes for this
	r := NewRows(n, "department")
	for i := range n {
		r.Add(document.TextValue("Department " + strconv.Itoa(i%values)))
	}
	k := r.Table().Keys(0)
	for v := range values {
		row, ok := k.One("department " + strconv.Itoa(v))
		if rows := k.Rows("Department " + strconv.Itoa(v)); !ok || int(row) != v || len(rows) != (n+values-1-v)/values || !slices.IsSorted(rows) {
			t.Errorf("value %d: first row %d, %d rows", v, row, len(rows))
		}
	}
}

func TestNoKeysFindNothing(t *testing.T) {
	var none *Keys
	if _, ok := none.One("a"); ok {
		t.Error("found")
	}
	rows := []uint32{0}
	none.Each([]string{"a"}, rows)
	if rows[0] != NoRow {
		t.Error("found among many")
	}
}
