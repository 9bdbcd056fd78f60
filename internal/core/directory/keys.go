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
	slots  []uint64 // upper half of the hash, then the row + 1; 0: free
}

// seed differs in every process, so that nobody can prepare a directory whose keys fall into one place. No answer
// depends on it.
var seed = maphash.MakeSeed()

// Keys makes rows findable by a column. Null and empty values are not found.
func (t *Table) Keys(column int) *Keys {
	size := 64
	for size < 2*len(t.rows) {
		size *= 2
	}
	k := &Keys{t: t, column: column, slots: make([]uint64, size)}
	mask := uint64(size - 1)
	for i := range t.rows {
		key := document.Fold(t.Text(uint32(i), column))
		if key == "" {
			continue
		}
		h := maphash.String(seed, key)
		at := h & mask
		for k.slots[at] != 0 {
			at = (at + 1) & mask
		}
		k.slots[at] = h&^0xffffffff | uint64(i+1)
	}
	return k
}

// All calls take with every row whose value is the key, in no particular order of rows, until take says no.
func (k *Keys) All(key string, take func(row uint32) bool) {
	key = document.Fold(key)
	if key == "" || k == nil {
		return
	}
	h := maphash.String(seed, key)
	mask := uint64(len(k.slots) - 1)
	for at := h & mask; k.slots[at] != 0; at = (at + 1) & mask {
		slot := k.slots[at]
		if slot^h>>32<<32 > 0xffffffff {
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
		if !ok || r < row {
			row, ok = r, true
		}
		return true
	})
	return row, ok
}

// Rows are all rows whose value is the key, sorted.
func (k *Keys) Rows(key string) []uint32 {
	var rows []uint32
	k.All(key, func(r uint32) bool { rows = append(rows, r); return true })
	return tidy(rows, k.t.Len())
}
