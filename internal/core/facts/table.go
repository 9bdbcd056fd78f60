package facts

// table finds a row by the hash of its id. The hash is good already, so a slot is found by its low bits and, where
// that is taken, the next free one: one look in memory for each of millions of members.
type table struct {
	slots []slot
	used  int
}

type slot struct {
	hash uint64 // 0: free
	row  uint32
}

// put adds a row unless the hash has one. Hashes are seeded and of 64 bits: among a million ids two alike are less
// likely than a fault of the memory.
func (t *table) put(hash uint64, row int) {
	if hash == 0 {
		return
	}
	if 2*t.used >= len(t.slots) {
		old := t.slots
		t.slots, t.used = make([]slot, max(64, 2*len(old))), 0
		for _, s := range old {
			if s.hash != 0 {
				t.put(s.hash, int(s.row))
			}
		}
	}
	s := t.slot(hash)
	if s.hash == 0 {
		*s = slot{hash, uint32(row)}
		t.used++
	}
}

func (t *table) get(hash uint64) (uint32, bool) {
	if hash == 0 || len(t.slots) == 0 {
		return 0, false
	}
	s := t.slot(hash)
	return s.row, s.hash != 0
}

// slot is the one that holds the hash, or the free one where it belongs. At most half of them are taken.
func (t *table) slot(hash uint64) *slot {
	mask := uint64(len(t.slots) - 1)
	for at := hash & mask; ; at = (at + 1) & mask {
		if s := &t.slots[at]; s.hash == hash || s.hash == 0 {
			return s
		}
	}
}
