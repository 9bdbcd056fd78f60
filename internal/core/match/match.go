// Package match pairs what is wanted with what is present at a target: by a link that an earlier run left, else by
// values, in the order that the rules give. It pairs only what is certain: where two could be meant, or the one that is
// found carries another's id, it pairs nobody and says so.
package match

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/directory"
)

// None stands for nobody.
const None = ^uint32(0)

// How says what a pair rests on.
type How uint8

// The ways, the surest first.
const (
	Unpaired     How = iota
	ByLink           // an earlier run wrote down that they belong together
	ByExternalID     // the present one carries the id
	ByValue          // another matching attribute; the present one carries no other id
)

// Pairs say who belongs to whom. Wanted ordinals are those of the source.
type Pairs struct {
	Present []uint32 // wanted -> present, or None
	Wanted  []uint32 // present -> wanted, or None
	How     []How    // of each wanted one
	Trouble []Trouble
	trouble []int32 // wanted -> 1 + index into Trouble

	Contested []bool // present ones that several could mean: nobody's until somebody decides

	looks int // how many present ones were looked at
}

// Kind says why there is no pair.
type Kind uint8

// The kinds.
const (
	Several   Kind = iota + 1 // several present ones have the value
	Shared                    // several wanted ones have the value
	Taken                     // the present one carries the id of another wanted one
	Stale                     // the present one carries an id that belongs to nobody who was told
	OtherCase                 // the present one's id differs in letter case alone, and ids are case-exact
)

// Trouble is a wanted user or group that could not be paired although something has its value.
type Trouble struct {
	Wanted  uint32
	Kind    Kind
	Column  int    // the matching attribute, as a column
	Present uint32 // the first present one that was found; None where there is none
	Other   uint32 // another wanted one that has the value or the id; None where there is none
}

// Of gives the trouble of a wanted one, if there is any.
func (p *Pairs) Of(wanted uint32) (Trouble, bool) {
	if i := p.trouble[wanted]; i > 0 {
		return p.Trouble[i-1], true
	}
	return Trouble{}, false
}

// Links are what earlier runs wrote down, by ordinals.
type Links struct {
	Wanted []uint32          // present -> wanted; None: not ours; Gone: ours, but the wanted one is no longer told
	Source map[uint32]string // present -> the source's id, of those that are Gone
	Lost   []uint32          // wanted ones whose link leads to something that is no longer present, sorted
	Twice  []uint32          // present ones with links to several: Gone, with no source
}

// Gone stands for somebody of whom the source tells nothing any more.
const Gone = None - 1

// Link is one line of what was written down: ids of both sides.
type Link struct{ Source, Target string }

// Rows finds the rows of many ids at a time; directory.NoRow where there is none.
type Rows func(ids []string, rows []uint32)

// Resolve looks the links up on both sides.
func Resolve(links []Link, present int, wantedBy, presentBy Rows) Links {
	l := Links{Wanted: make([]uint32, present), Source: map[uint32]string{}}
	for i := range l.Wanted {
		l.Wanted[i] = None
	}
	const some = 1024
	var ids [some]string
	var wanted, there [some]uint32
	for part := range slices.Chunk(links, some) {
		for i, k := range part {
			ids[i] = k.Source
		}
		wantedBy(ids[:len(part)], wanted[:])
		for i, k := range part {
			ids[i] = k.Target
		}
		presentBy(ids[:len(part)], there[:])
		for i, k := range part {
			switch w, p := wanted[i], there[i]; {
			case p != directory.NoRow && l.Wanted[p] != None: // told before
				if before := l.Wanted[p]; w == directory.NoRow && l.Source[p] != k.Source || w != directory.NoRow && before != w {
					l.Wanted[p] = Gone
					delete(l.Source, p)
					l.Twice = append(l.Twice, p)
				}
			case p != directory.NoRow && w != directory.NoRow:
				l.Wanted[p] = w
			case p != directory.NoRow:
				l.Wanted[p], l.Source[p] = Gone, k.Source
			case w != directory.NoRow:
				l.Lost = append(l.Lost, w)
			}
		}
	}
	slices.Sort(l.Lost)
	return l
}

// Sides are what is paired.
type Sides struct {
	Wanted, Present *directory.Table // with the same columns behind the id
	External        int              // the column of externalId; -1 where there is none
	Keys            []int            // the columns to match by, in order

	// First tells who is paired before the others: those in scope. The others are looked for among what is left, and
	// by their id alone.
	First func(wanted uint32) bool

	// Others are the columns to match the others by, where the present side tells no ids; nil: their id.
	Others []int

	// Prefer tells which of two that are linked to one wanted it is, where it can be told (a renamed group: the one
	// with the new name). May be nil.
	Prefer func(wanted, present uint32) bool
}

// Match pairs the sides.
func Match(s Sides, links Links) *Pairs {
	n, m := s.Wanted.Len(), s.Present.Len()
	p := &Pairs{Present: make([]uint32, n), Wanted: make([]uint32, m), How: make([]How, n), trouble: make([]int32, n), Contested: make([]bool, m)}
	for i := range p.Present {
		p.Present[i] = None
	}
	for i := range p.Wanted {
		p.Wanted[i] = None
	}
	for present, wanted := range links.Wanted {
		if wanted >= Gone {
			continue
		}
		if before := p.Present[wanted]; before != None { // two links of one: the other is nobody's to touch
			if s.Prefer == nil || !s.Prefer(wanted, uint32(present)) || s.Prefer(wanted, before) {
				p.Contested[present] = true
				continue
			}
			p.Contested[before], p.Wanted[before] = true, None
		}
		p.pair(wanted, uint32(present), ByLink)
	}
	for _, present := range links.Twice {
		p.Contested[present] = true
	}
	x := &matcher{Sides: s, Pairs: p, links: links, claim: make([]uint32, m)}
	for i := range x.claim {
		x.claim[i] = None
	}
	for _, column := range s.Keys {
		x.round(column, true)
	}
	others := s.Others
	if others == nil && s.External >= 0 {
		others = []int{s.External}
	}
	for _, column := range others {
		x.round(column, false)
	}
	return p
}

func (p *Pairs) pair(wanted, present uint32, how How) {
	p.Present[wanted], p.Wanted[present], p.How[wanted] = present, wanted, how
}
