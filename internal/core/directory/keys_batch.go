package directory

import (
	"hash/maphash"
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// batch is how many keys are worked on at once. The index of a million rows is larger than the caches, so each look into
// it waits for the memory; looks that do not depend on one another wait together.
const batch = 64

// keyBatch is some keys, what their slots should look like, and the slots where they should be.
type keyBatch struct {
	keys          [batch]string
	hashes, slots [batch]uint64
}

// look folds the first n keys and takes their slots.
func (b *keyBatch) look(k *Keys, n int) {
	for i, key := range b.keys[:n] {
		key = document.Fold(key)
		b.keys[i], b.hashes[i] = key, maphash.String(seed, key)
	}
	mask := uint64(len(k.slots) - 1)
	for i, h := range b.hashes[:n] {
		b.slots[i] = k.slots[h&mask]
	}
}

// put adds the rows of n keys, of which from is the first.
func (k *Keys) put(b *keyBatch, from, n int) {
	b.look(k, n)
	for i, key := range b.keys[:n] {
		if key == "" {
			continue
		}
		row, check := uint32(from+i), maphash.String(checkSeed, key)
		k.checks[row] = check
		if at, first := k.place(b.hashes[i], check); first == NoRow {
			k.slots[at] = b.hashes[i]>>32<<32 | uint64(row+1)
		} else {
			k.share(first, row)
		}
	}
}

// place goes from slot to slot until it finds the key, or the free slot where it would be.
func (k *Keys) place(h, check uint64) (at uint64, first uint32) {
	mask := uint64(len(k.slots) - 1)
	for at = h & mask; k.slots[at] != 0; at = (at + 1) & mask {
		if slot := k.slots[at]; slot>>32 == h>>32 && k.checks[uint32(slot)-1] == check {
			return at, uint32(slot) - 1
		}
	}
	return at, NoRow
}

func (k *Keys) share(first, row uint32) {
	if k.shared == nil {
		k.shared = make([]uint64, (len(k.checks)+63)/64)
	}
	k.shared[first/64] |= 1 << (first % 64)
	k.shared[row/64] |= 1 << (row % 64)
	k.more[first] = append(k.more[first], row)
}

// NoRow stands for no row.
const NoRow = ^uint32(0)

// Each is One for many keys, and several times as fast: rows gets the row of each key, or NoRow. It does not read the
// rows once more, but trusts 96 bits of two hashes with random seeds: that two keys agree in them is less likely than a
// fault of the memory.
func (k *Keys) Each(keys []string, rows []uint32) {
	if k == nil {
		for i := range keys {
			rows[i] = NoRow
		}
		return
	}
	if len(keys) < batch/16 { // what a batch needs costs more than it saves
		for i, key := range keys {
			key = document.Fold(key)
			rows[i] = k.probe(maphash.String(seed, key), key)
		}
		return
	}
	k.inBatches(keys, rows)
}

func (k *Keys) inBatches(keys []string, rows []uint32) {
	var b keyBatch
	var checks [batch]uint64
	for len(keys) > 0 {
		n := copy(b.keys[:], keys)
		b.look(k, n)
		for i, slot := range b.slots[:n] {
			if slot != 0 && slot>>32 == b.hashes[i]>>32 {
				checks[i] = k.checks[uint32(slot)-1]
			}
		}
		for i, slot := range b.slots[:n] {
			if slot>>32 == b.hashes[i]>>32 && slot != 0 && checks[i] == maphash.String(checkSeed, b.keys[i]) {
				rows[i] = uint32(slot) - 1
			} else {
				rows[i] = k.probe(b.hashes[i], b.keys[i])
			}
		}
		keys, rows = keys[n:], rows[n:]
	}
}

func (k *Keys) probe(h uint64, key string) uint32 {
	if key == "" {
		return NoRow
	}
	_, first := k.place(h, maphash.String(checkSeed, key))
	return first
}

// members are the rows of those keys that have one, in the order of the keys.
func (k *Keys) members(keys []string) []uint32 {
	rows := make([]uint32, len(keys))
	k.Each(keys, rows)
	return slices.DeleteFunc(rows, func(row uint32) bool { return row == NoRow })
}
