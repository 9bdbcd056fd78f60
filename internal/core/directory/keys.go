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
	slots  []uint64 // upper half of the hash, then the row + 1; 0: free. Rows with one key stand in their order
	checks []uint64 // of each row: another hash of its key
}

// The seeds differ in every process, so that nobody can prepare a directory whose keys fall into one place. No answer
// depends on them.
var seed, checkSeed = maphash.MakeSeed(), maphash.MakeSeed()

// Keys makes rows findable by a column. Null and empty values are not found.
func (t *Table) Keys(column int) *Keys {
	size := 64
	for size < 2*len(t.rows) {
		size *= 2
	}
	k := &Keys{t: t, column: column, slots: make([]uint64, size), checks: make([]uint64, len(t.rows))}
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
	key = document.Fold(key)
	if key == "" || k == nil {
		return
	}
	h := maphash.String(seed, key)
	mask := uint64(len(k.slots) - 1)
	for at := h & mask; k.slots[at] != 0; at = (at + 1) & mask {
		slot := k.slots[at]
		if slot>>32 != h>>32 {
			continue
		}
		row := uint32(slot) - 1
		if document.Fold(k.t.Text(row, k.column)) == key && !take(row) {
			return
		}
	}
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
