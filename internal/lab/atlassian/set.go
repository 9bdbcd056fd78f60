package atlassian

import "slices"

// set keeps things in the order in which they came. Adding, removing and asking cost the same in a set of ten and in
// one of a hundred thousand.
type set[T any] struct {
	list []*T // nil where one was removed
	pos  map[*T]int
	dead int
}

// small sets are searched, which is faster than an index and takes no memory.
const small = 24

func (s *set[T]) find(x *T) int {
	if s.pos == nil {
		return slices.Index(s.list, x)
	}
	if i, ok := s.pos[x]; ok {
		return i
	}
	return -1
}

func (s *set[T]) has(x *T) bool { return s.find(x) >= 0 }

func (s *set[T]) len() int { return len(s.list) - s.dead }

// add tells whether the thing was new.
func (s *set[T]) add(x *T) bool {
	if s.has(x) {
		return false
	}
	s.list = append(s.list, x)
	switch {
	case s.pos != nil:
		s.pos[x] = len(s.list) - 1
	case len(s.list) > small:
		s.index()
	}
	return true
}

// remove tells whether the thing was there.
func (s *set[T]) remove(x *T) bool {
	i := s.find(x)
	if i < 0 {
		return false
	}
	if s.pos == nil {
		s.list = slices.Delete(s.list, i, i+1)
		return true
	}
	s.list[i] = nil
	delete(s.pos, x)
	if s.dead++; s.dead > len(s.list)/2 {
		s.compact()
	}
	return true
}

// each visits all in order.
func (s *set[T]) each(visit func(*T)) {
	for _, x := range s.list {
		if x != nil {
			visit(x)
		}
	}
}

// all gives the things themselves: for reading, until the next change.
func (s *set[T]) all() []*T {
	if s.dead > 0 {
		s.compact()
	}
	return s.list
}

func (s *set[T]) compact() {
	s.list = slices.DeleteFunc(s.list, func(x *T) bool { return x == nil })
	s.dead = 0
	s.index()
}

func (s *set[T]) index() {
	s.pos = make(map[*T]int, len(s.list))
	for i, x := range s.list {
		s.pos[x] = i
	}
}
