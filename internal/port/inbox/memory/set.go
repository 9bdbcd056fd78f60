package memory

import (
	"iter"
	"slices"

	"github.com/rollcall/rollcall/internal/core/scim"
)

// edge is one end of a membership, as the resource at the other end keeps it: the list, and the record there.
type edge struct {
	list *scim.Attr
	r    *record
}

// set is a set of edges in the order in which they came. Adding, removing and asking cost the same however many there are.
// The zero value is empty.
type set struct {
	items []edge          // without a record where one was removed
	at    map[edge]int    // places in items; made when somebody asks, and looking through them would take longer
	names map[edge]string // what clients call the members that they named
	holes int
}

const small = 16 // as many are found faster by looking

func (s *set) find(e edge) int {
	if len(s.items) <= small {
		return slices.Index(s.items, e)
	}
	if s.at == nil {
		s.at = make(map[edge]int, len(s.items)+1)
		for i, e := range s.items {
			if e.r != nil {
				s.at[e] = i
			}
		}
	}
	if i, ok := s.at[e]; ok {
		return i
	}
	return -1
}

func (s *set) has(e edge) bool { return s.find(e) >= 0 }

// append adds an edge that is not there.
func (s *set) append(e edge, name string) {
	s.items = append(s.items, e)
	if s.at != nil {
		s.at[e] = len(s.items) - 1
	}
	if name == "" {
		return
	}
	if s.names == nil {
		s.names = map[edge]string{}
	}
	s.names[e] = name
}

func (s *set) remove(e edge) {
	i := s.find(e)
	if i < 0 {
		return
	}
	s.items[i] = edge{}
	s.holes++
	delete(s.at, e)
	delete(s.names, e)
	if s.holes > small && s.holes > len(s.items)/2 || s.holes == len(s.items) {
		s.items = slices.DeleteFunc(slices.Clone(s.items), func(e edge) bool { return e.r == nil })
		s.holes, s.at = 0, nil
	}
}

// all are the records of a list; of all lists, where it is nil. The set must not change meanwhile.
func (s *set) all(list *scim.Attr) iter.Seq[*record] {
	return func(yield func(*record) bool) {
		for _, e := range s.items {
			if e.r != nil && (list == nil || e.list == list) && !yield(e.r) {
				return
			}
		}
	}
}

// edges are all of them, as they are now.
func (s *set) edges() []edge {
	return slices.DeleteFunc(slices.Clone(s.items), func(e edge) bool { return e.r == nil })
}
