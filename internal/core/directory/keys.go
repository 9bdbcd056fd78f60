package directory

import (
	"hash/maphash"

	"github.com/rollcall/rollcall/internal/core/document"
)

// Keys finds the rows of a table by the text of one column, whatever the letter case. It is immutable and safe for
// concurrent use.
type Keys struct {
	t      *Table
	column int
	slots  []uint64            // upper half of the hash, then the first row that has the key, + 1; 0: free
	checks []uint64            // of each row: another hash of its key
	more   map[uint32][]uint32 // first row -> the others that have its key
	shared []uint64            // a bit for each row: others have its key too; nil: no key is shared
}

// The seeds differ in every process, so that nobody can prepare a directory whose keys fall into one place. No answer
// depends on them.
var seed, checkSeed = maphash.MakeSeed(), maphash.MakeSeed()

// Keys makes rows findable by a column. Null and empty values are not found. It takes time in the number of rows, also
// where all of them have one value.
func (t *Table) Keys(column int) *Keys {
	size := 64
	for size < 2*len(t.rows) {
		size *= 2
	}
	k := &Keys{t: t, column: column, slots: make([]uint64, size), checks: make([]uint64, len(t.rows)), more: map[uint32][]uint32{}}
	var b keyBatch
	for from := 0; from < t.Len(); from += batch {
		n := min(batch, t.Len()-from)
		for i := range n {
			b.keys[i] = t.Text(uint32(from+i), column)
		}
		k.put(&b, from, n)
	}
	return k
}

// All calls take with every row whose value is the key, by ordinal, until take says no.
func (k *Keys) All(key string, take func(row uint32) bool) {
	if k == nil {
		return
	}
	key = document.Fold(key)
	first := k.probe(maphash.String(seed, key), key)
	if first == NoRow || k.is(first, key) && !take(first) {
		return
	}
	for _, row := range k.more[first] {
		if k.is(row, key) && !take(row) {
			return
		}
	}
}

func (k *Keys) is(row uint32, key string) bool {
	return document.Fold(k.t.Text(row, k.column)) == key
}

// Shared tells whether other rows have the value of the row too.
func (k *Keys) Shared(row uint32) bool {
	return int(row/64) < len(k.shared) && k.shared[row/64]>>(row%64)&1 != 0
}

// One is the first row whose value is the key, by ordinal.
func (k *Keys) One(key string) (row uint32, ok bool) {
	k.All(key, func(r uint32) bool {
		row, ok = r, true
		return false
	})
	return row, ok
}

// Rows are all rows whose value is the key, sorted.
func (k *Keys) Rows(key string) []uint32 {
	var rows []uint32
	k.All(key, func(r uint32) bool { rows = append(rows, r); return true })
	return rows
}
