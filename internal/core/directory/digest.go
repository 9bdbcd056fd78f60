package directory

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"hash"
	"maps"
	"slices"
)

// Digest is a fingerprint of everything in the snapshot, as 64 hexadecimal digits: equal for the same directory in
// whatever order it was read.
func (s *Snapshot) Digest() string {
	d := digest{Hash: sha256.New()}
	d.table(s.Users)
	d.table(s.Groups)
	for g := range s.Groups.Len() {
		d.list(s.Graph.Users(uint32(g)))
		d.list(s.Graph.Children(uint32(g)))
	}
	for _, g := range slices.Sorted(maps.Keys(s.Incomplete)) {
		d.number(int(g))
		d.text(s.Incomplete[g])
	}
	d.flag(s.All)
	d.list(s.AssignedUsers)
	d.list(s.AssignedGroups)
	d.text(s.Deleted...)
	d.text(s.Named...)
	d.text(s.Gaps.Users, s.Gaps.Groups, s.Gaps.Assignments)
	return d.sum()
}

// Digest is a fingerprint of everything in the state, as 64 hexadecimal digits.
func (s *State) Digest() string {
	d := digest{Hash: sha256.New()}
	d.table(s.Users)
	d.table(s.Groups)
	for _, a := range s.Active {
		d.flag(a)
	}
	for g := range s.Member {
		d.flag(s.Told[g])
		d.list(s.Member[g])
	}
	d.text(s.Gaps.Users, s.Gaps.Groups)
	return d.sum()
}

type digest struct {
	hash.Hash
	buf []byte
}

// Everything is written with its length before it, so that no two contents run together into one.
func (d *digest) table(t *Table) {
	d.text(t.columns...)
	d.number(t.Len())
	for i := range t.Len() {
		d.text(string(t.Row(uint32(i))))
	}
}

func (d *digest) text(all ...string) {
	for _, s := range all {
		d.number(len(s))
		d.buf = append(d.buf, s...)
		d.spill()
	}
}

func (d *digest) list(all []uint32) {
	d.number(len(all))
	for _, v := range all {
		d.buf = binary.LittleEndian.AppendUint32(d.buf, v)
		d.spill()
	}
}

func (d *digest) number(n int) {
	d.buf = binary.LittleEndian.AppendUint64(d.buf, uint64(n))
	d.spill()
}

func (d *digest) flag(b bool) {
	if b {
		d.buf = append(d.buf, 1)
	} else {
		d.buf = append(d.buf, 0)
	}
	d.spill()
}

func (d *digest) spill() {
	if len(d.buf) >= 32<<10 {
		_, _ = d.Write(d.buf) // a hash never fails
		d.buf = d.buf[:0]
	}
}

func (d *digest) sum() string {
	_, _ = d.Write(d.buf)
	return hex.EncodeToString(d.Sum(nil))
}
