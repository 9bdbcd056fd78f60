package facts

// table finds a row by the hash of its id. The hash is good already, so its place is found by the low bits and,
// where that is taken, it is the next free one. Hashes lie close together, apart from the rows: for each of millions
// of members one look in memory is what it costs.
type table struct {
	hashes []uint64 // 0: free
	rows   []uint32
	used   int
}

// put adds a row unless the hash has one. Hashes are seeded and of 64 bits: among a million ids two alike are less
// likely than a fault of the memory.
func (t *table) put(hash uint64, row int) {
	if hash == 0 {
		return
	}
	if 4*t.used >= 3*len(t.hashes) {
		t.grow()
	}
	if at := t.place(hash); t.hashes[at] == 0 {
		t.hashes[at], t.rows[at] = hash, uint32(row)
		t.used++
	}
}

func (t *table) grow() {
	hashes, rows := t.hashes, t.rows
	t.hashes, t.rows = make([]uint64, max(64, 2*len(hashes))), make([]uint32, max(64, 2*len(hashes)))
	for i, h := range hashes {
		if h != 0 {
			at := t.place(h)
			t.hashes[at], t.rows[at] = h, rows[i]
		}
	}
}

func (t *table) get(hash uint64) (uint32, bool) {
	if hash == 0 || len(t.hashes) == 0 {
		return 0, false
	}
	at := t.place(hash)
	return t.rows[at], t.hashes[at] != 0
}

// place is where the hash is, or the free place where it belongs. A quarter of the places is always free.
func (t *table) place(hash uint64) uint64 {
	mask := uint64(len(t.hashes) - 1)
	at := hash & mask
	for t.hashes[at] != hash && t.hashes[at] != 0 {
		at = (at + 1) & mask
	}
	return at
}
