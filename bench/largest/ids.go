package largest

import (
	"math/bits"
	"strings"
)

// ids are texts of 36 characters, one behind the other.
type ids string

const idSize = 36

func (x ids) at(i int) string { return string(x[i*idSize : (i+1)*idSize]) }

// newIDs makes random ids of version 4. No two of them are alike: the first half is a permutation.
func newIDs(n int, seed uint64) ids {
	const digits = "0123456789abcdef"
	var text strings.Builder
	text.Grow(n * idSize)
	for i := range n {
		var id [idSize]byte
		word, at := mix(seed, uint64(2*i)), 0
		for nibble := range 32 {
			if nibble == 16 {
				word = mix(seed, uint64(2*i+1))
			}
			switch nibble {
			case 8, 12, 16, 20:
				id[at] = '-'
				at++
			}
			id[at] = digits[word>>60]
			word = bits.RotateLeft64(word, 4)
			at++
		}
		id[14] = '4'
		id[19] = "89ab"[word&3]
		text.Write(id[:])
	}
	return ids(text.String())
}

// mix scatters numbers (splitmix64): for one seed different numbers give different ones.
func mix(seed, n uint64) uint64 {
	z := (seed+1)*0xd1342543de82ef95 + n*0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}
