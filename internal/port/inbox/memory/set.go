package memory

import (
	"iter"
	"slices"
)

// set is a set of records in the order in which they came. Adding, removing and asking cost the same however many there
// are. The zero value is empty.
type set struct {
	items []*record       // nil where one was removed
	at    map[*record]int // places in items; made when looking through the list would take longer
	holes int
	names map[*record]string // what clients call those that they named
}

const small = 16 // as many are found faster by looking

func (s *set) len() int { return len(s.items) - s.holes }

func (s *set) find(r *record) int {
	if s.at != nil {
		if i, ok := s.at[r]; ok {
			return i
		}
		return -1
	}
	for i, have := range s.items {
		if have == r {
			return i
		}
	}
	return -1
}

func (s *set) has(r *record) bool { return s.find(r) >= 0 }

func (s *set) calls() map[*record]string {
	if s == nil {
		return nil
	}
	return s.names
}

// call notes what a client calls a record.
func (s *set) call(r *record, name string) {
	if name == "" {
		return
	}
	if s.names == nil {
		s.names = map[*record]string{}
	}
	s.names[r] = name
}

// expect makes room for so many more.
func (s *set) expect(n int) {
	s.items = slices.Grow(s.items, n)
	if s.at == nil && len(s.items)+n > small {
		s.index(n)
	}
}

// add tells whether it was not there.
func (s *set) add(r *record) bool {
	if s.has(r) {
		return false
	}
	s.items = append(s.items, r)
	switch {
	case s.at != nil:
		s.at[r] = len(s.items) - 1
	case len(s.items) > small:
		s.index(0)
	}
	return true
}

// remove tells whether it was there.
func (s *set) remove(r *record) bool {
	i := s.find(r)
	if i < 0 {
		return false
	}
	s.items[i] = nil
	s.holes++
	delete(s.at, r)
	delete(s.names, r)
	if s.holes > small && s.holes > len(s.items)/2 || s.holes == len(s.items) {
		s.compact()
	}
	return true
}

func (s *set) compact() {
	s.items = s.copied()
	s.holes = 0
	s.at = nil
	if len(s.items) > small {
		s.index(0)
	}
}

// index makes the places, with room for more.
func (s *set) index(more int) {
	s.at = make(map[*record]int, len(s.items)+more)
	for i, r := range s.items {
		if r != nil {
			s.at[r] = i
		}
	}
}

// all are the members. The set must not change meanwhile.
func (s *set) all() iter.Seq[*record] {
	return func(yield func(*record) bool) {
		if s == nil {
			return
		}
		for _, r := range s.items {
			if r != nil && !yield(r) {
				return
			}
		}
	}
}

// copied are the members as they are now.
func (s *set) copied() []*record {
	if s == nil || s.len() == 0 {
		return nil
	}
	out := make([]*record, 0, s.len())
	for r := range s.all() {
		out = append(out, r)
	}
	return out
}
