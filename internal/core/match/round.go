package match

import (
	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// matcher tries one matching attribute after the other on those who have no pair yet.
type matcher struct {
	Sides
	*Pairs
	links   Links
	claim   []uint32                // present -> the wanted one that claims it in this round
	claimed []uint32                // the present ones that are claimed
	wanted  map[int]*directory.Keys // of the wanted side by column, once asked for
	seen    map[string]*sights      // of this round: folded values that many present ones have
}

// sight is what there is to see of a value among the present ones without a pair. It stays the same for a whole round.
type sight struct {
	found     uint32 // the first that has it; None where there is none
	others    int    // how many have it: more than one is enough
	otherCase uint32 // the first whose id differs in letter case alone
}

// sights is what there is to see of a value in all its letter cases: they matter in ids alone.
type sights struct {
	column         int
	exact          map[string]sight // by the id as it is written; by "" in other columns
	first, another uint32           // the first of all, and the first whose id is written in another way
	marked         bool             // all of them are contested
}

// round looks up everybody without a pair by one attribute. A pair is made only where one claims one.
func (x *matcher) round(column int, first bool) {
	if x.Sides.Present.Len() == 0 {
		return
	}
	var index *directory.Keys
	x.claimed, x.seen = x.claimed[:0], map[string]*sights{}
	for w := range uint32(x.Sides.Wanted.Len()) {
		if x.Pairs.Present[w] != None || x.trouble[w] != 0 || x.First(w) != first {
			continue
		}
		value := x.Sides.Wanted.Cell(w, column)
		if value.Empty() || !value.Known {
			continue
		}
		if index == nil {
			index = x.Sides.Present.Keys(column)
		}
		x.look(w, column, value.Text, index)
	}
	for _, present := range x.claimed {
		w := x.claim[present]
		x.claim[present] = None
		if w < None && x.trouble[w] == 0 {
			x.settle(w, present, column)
		}
	}
}

// few is how many present ones may have a value so that looking at all of them each time is nothing.
const few = 10

// see looks for a value. Where many have it, whatever the letter case, it looks once: else many who want what many have
// would take forever.
func (x *matcher) see(column int, value string, index *directory.Keys) (sight, *sights) {
	if len(x.seen) > 0 {
		if all, ok := x.seen[document.Fold(value)]; ok {
			return all.of(x, value), all
		}
	}
	s, looks := sight{found: None, otherCase: None}, 0
	index.All(value, func(present uint32) bool {
		looks++
		switch {
		case x.Pairs.Wanted[present] != None:
		case column == x.External && x.Sides.Present.Text(present, column) != value:
			s.otherCase = min(s.otherCase, present)
		default:
			s.others++
			s.found = min(s.found, present)
		}
		return looks < few
	})
	x.looks += looks
	if looks < few {
		return s, nil
	}
	all := x.seeAll(column, value, index)
	x.seen[document.Fold(value)] = all
	return all.of(x, value), all
}

// seeAll looks at everybody who has the value in any letter case.
func (x *matcher) seeAll(column int, value string, index *directory.Keys) *sights {
	all := &sights{exact: map[string]sight{}, column: column, first: None, another: None}
	index.All(value, func(present uint32) bool {
		x.looks++
		if x.Pairs.Wanted[present] != None {
			return true
		}
		id := ""
		if column == x.External {
			id = x.Sides.Present.Text(present, column)
		}
		s, known := all.exact[id]
		if !known {
			s.found = present
		}
		s.others++
		all.exact[id] = s
		switch {
		case all.first == None:
			all.first = present
		case all.another == None && !known:
			all.another = present
		}
		return column == x.External || s.others < 2
	})
	return all
}

// of is what there is to see of a value in this letter case.
func (a *sights) of(x *matcher, value string) sight {
	if a.column != x.External {
		value = ""
	}
	s, ok := a.exact[value]
	if !ok {
		s.found = None
	}
	s.otherCase = None
	if a.column == x.External && a.first != None {
		if s.otherCase = a.first; a.first == s.found {
			s.otherCase = a.another
		}
	}
	return s
}

// look claims the one present row that has the value.
func (x *matcher) look(w uint32, column int, value string, index *directory.Keys) {
	s, all := x.see(column, value, index)
	found, others, otherCase := s.found, s.others, s.otherCase
	switch {
	case others == 1 && x.claim[found] != None:
		x.note(Trouble{x.claim[found], Shared, column, found, w})
		x.note(Trouble{w, Shared, column, found, x.claim[found]})
		x.Contested[found] = true
	case others > 1 || others == 1 && x.Contested[found]:
		if all == nil || !all.marked {
			index.All(value, func(present uint32) bool {
				x.looks++
				x.Contested[present] = x.Pairs.Wanted[present] == None
				return true
			})
		}
		if all != nil {
			all.marked = true
		}
		x.note(Trouble{w, Several, column, found, None})
	case others == 1:
		x.claim[found] = w
		x.claimed = append(x.claimed, found)
	case otherCase != None:
		x.note(Trouble{w, OtherCase, column, otherCase, None})
		x.Contested[otherCase] = true
	}
}

// orphaned tells whether a present one is linked to somebody who is no longer told.
func (x *matcher) orphaned(present uint32) bool {
	return int(present) < len(x.links.Wanted) && x.links.Wanted[present] == Gone
}

// settle pairs a claim, unless the present one carries the id of somebody else.
func (x *matcher) settle(w, present uint32, column int) {
	if x.orphaned(present) { // somebody else's once, whatever values it carries: names and addresses are given again
		x.note(Trouble{w, Stale, column, present, None})
		return
	}
	if column == x.External {
		x.pair(w, present, ByExternalID)
		return
	}
	if x.External >= 0 {
		has, wants := x.Sides.Present.Text(present, x.External), x.Sides.Wanted.Text(w, x.External)
		if has != "" && has != wants {
			if other, ok := x.owner(has); ok && other != w {
				x.note(Trouble{w, Taken, column, present, other})
				return
			}
			kind := Stale
			if document.Fold(has) == document.Fold(wants) {
				kind = OtherCase
				x.Contested[present] = true
			}
			x.note(Trouble{w, kind, column, present, None})
			return
		}
	}
	if other := x.sharer(w, column); other != None { // it may be a second record of somebody who has one
		x.note(Trouble{w, Shared, column, present, other})
		x.Contested[present] = true
		return
	}
	x.pair(w, present, ByValue)
}

// sharer is somebody who has a pair already, in scope, and the value as well.
func (x *matcher) sharer(w uint32, column int) uint32 {
	found, looks := None, 0
	x.keys(column).All(x.Sides.Wanted.Text(w, column), func(other uint32) bool {
		looks++
		if other != w && (x.Pairs.Present[other] != None && x.First(other) || looks == maxSharers) { // too many to tell them apart
			found = other
		}
		return found == None && looks < maxSharers
	})
	return found
}

// maxSharers bounds how many who have one value are looked at.
const maxSharers = 1000

// owner is the wanted one, in scope or not, who has the id.
func (x *matcher) owner(id string) (uint32, bool) { return x.keys(x.External).One(id) }

// keys finds wanted ones by a column.
func (x *matcher) keys(column int) *directory.Keys {
	if x.wanted == nil {
		x.wanted = map[int]*directory.Keys{}
	}
	if x.wanted[column] == nil {
		x.wanted[column] = x.Sides.Wanted.Keys(column)
	}
	return x.wanted[column]
}

func (x *matcher) note(t Trouble) {
	if x.trouble[t.Wanted] != 0 {
		return
	}
	x.Pairs.Trouble = append(x.Pairs.Trouble, t)
	x.trouble[t.Wanted] = int32(len(x.Pairs.Trouble))
}
