package directory

import (
	"encoding/binary"
	"slices"
	"strings"
)

// byID gives the order of the rows by the text of their first column. Where two rows have one id the first that came
// stays and the other is counted.
func (t *Table) byID() (order []uint32, doubles []string) {
	type entry struct {
		key uint64 // the first eight bytes: nearly always enough to tell two ids apart
		row uint32
	}
	entries := make([]entry, len(t.rows))
	sorted := true
	for i := range entries {
		entries[i] = entry{prefix(t.Text(uint32(i), 0)), uint32(i)}
		sorted = sorted && (i == 0 || entries[i-1].key < entries[i].key)
	}
	if !sorted {
		slices.SortFunc(entries, func(a, b entry) int {
			if a.key != b.key {
				if a.key < b.key {
					return -1
				}
				return 1
			}
			if c := strings.Compare(t.Text(a.row, 0), t.Text(b.row, 0)); c != 0 {
				return c
			}
			return int(a.row) - int(b.row)
		})
	}
	order = make([]uint32, 0, len(entries))
	for i, e := range entries {
		if i > 0 && entries[i-1].key == e.key && t.Text(entries[i-1].row, 0) == t.Text(e.row, 0) {
			doubles = append(doubles, strings.Clone(t.Text(e.row, 0)))
			continue
		}
		order = append(order, e.row)
	}
	return order, doubles
}

func prefix(s string) uint64 {
	var b [8]byte
	copy(b[:], s)
	return binary.BigEndian.Uint64(b[:])
}

// inOrder is the table with its rows in another order; rows that the order leaves out are gone.
func (t *Table) inOrder(order []uint32) *Table {
	out := &Table{columns: t.columns, blocks: t.blocks, rows: make([]uint64, len(order))}
	for i, row := range order {
		out.rows[i] = t.rows[row]
	}
	return out
}
