package entra

import (
	"sort"
	"strings"
)

// collection holds objects by id and in the order in which they came. A page of a list begins after a sequence
// number, found by bisection, so that paging through everything costs no more than reading it once, and an object
// that goes meanwhile moves no other.
type collection struct {
	byID map[string]*object // by id in lower case
	list []slot
	dead int
}

type slot struct {
	seq uint64
	o   *object // nil: removed
}

func (c *collection) find(id string) *object { return c.byID[strings.ToLower(id)] }

func (c *collection) len() int { return len(c.byID) }

// add appends an object; its sequence number must be the largest.
func (c *collection) add(o *object) {
	if c.byID == nil {
		c.byID = map[string]*object{}
	}
	c.byID[strings.ToLower(o.id)] = o
	c.list = append(c.list, slot{o.seq, o})
}

func (c *collection) remove(o *object) {
	delete(c.byID, strings.ToLower(o.id))
	i := sort.Search(len(c.list), func(i int) bool { return c.list[i].seq >= o.seq })
	if i < len(c.list) && c.list[i].o == o {
		c.list[i].o = nil
		c.dead++
	}
	if c.dead > 32 && c.dead > len(c.list)/2 {
		c.list, c.dead = compact(c.list), 0
	}
}

func compact(list []slot) []slot {
	out := make([]slot, 0, len(list)/2)
	for _, s := range list {
		if s.o != nil {
			out = append(out, s)
		}
	}
	return out
}

// after gives what comes after a sequence number. Slots may be empty.
func (c *collection) after(seq uint64) []slot { return after(c.list, seq) }

func after(list []slot, seq uint64) []slot {
	return list[sort.Search(len(list), func(i int) bool { return list[i].seq > seq }):]
}

// links are the members of a group: a list in order of joining, and an index that is built when the first single
// member is looked for, since most groups only ever get loaded and read.
type links struct {
	list  []slot // seq is the membership's own number, not the member's
	dead  int
	index map[*object]int
}

func (l *links) add(seq uint64, o *object) bool {
	if l.index == nil {
		l.reindex()
	}
	if _, is := l.index[o]; is {
		return false
	}
	l.index[o] = len(l.list)
	l.list = append(l.list, slot{seq, o})
	return true
}

func (l *links) remove(o *object) bool {
	if l.index == nil {
		l.reindex()
	}
	i, is := l.index[o]
	if !is {
		return false
	}
	delete(l.index, o)
	l.list[i].o = nil
	if l.dead++; l.dead > 32 && l.dead > len(l.list)/2 {
		l.list, l.dead = compact(l.list), 0
		l.reindex()
	}
	return true
}

func (l *links) reindex() {
	l.index = make(map[*object]int, len(l.list))
	for i, s := range l.list {
		if s.o != nil {
			l.index[s.o] = i
		}
	}
}

// all gives the memberships, those of deleted members left out: they come back when the member is restored.
func (l *links) all() []slot {
	if l == nil {
		return nil
	}
	out := make([]slot, 0, len(l.list)-l.dead)
	for _, s := range l.list {
		if s.o != nil && s.o.alive() {
			out = append(out, s)
		}
	}
	return out
}
