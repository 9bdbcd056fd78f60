package entra

import (
	"slices"
	"sort"
	"time"
)

// journal is a log: entries in the order of their moments.
type journal struct {
	entries []logged
	byID    map[string]*object
}

type logged struct {
	at  time.Time
	seq uint64
	o   *object
}

func (a logged) compare(b logged) int {
	if c := a.at.Compare(b.at); c != 0 {
		return c
	}
	switch {
	case a.seq < b.seq:
		return -1
	case a.seq > b.seq:
		return 1
	}
	return 0
}

// add puts an entry in its place, which is nearly always the end.
func (j *journal) add(at time.Time, o *object) {
	if j.byID == nil {
		j.byID = map[string]*object{}
	}
	e := logged{at, o.seq, o}
	j.byID[o.id] = o
	if n := len(j.entries); n == 0 || j.entries[n-1].compare(e) < 0 {
		j.entries = append(j.entries, e)
		return
	}
	i := sort.Search(len(j.entries), func(i int) bool { return j.entries[i].compare(e) > 0 })
	j.entries = slices.Insert(j.entries, i, e)
}

// load adds many entries at once, in any order.
func (j *journal) load(more []logged) {
	if j.byID == nil {
		j.byID = make(map[string]*object, len(more))
	}
	for _, e := range more {
		j.byID[e.o.id] = e.o
	}
	j.entries = append(j.entries, more...)
	slices.SortFunc(j.entries, logged.compare)
}

// older gives the entries before a place, the newest last; newer those after it, the oldest first.
func (j *journal) older(than logged) []logged {
	return j.entries[:sort.Search(len(j.entries), func(i int) bool { return j.entries[i].compare(than) >= 0 })]
}

func (j *journal) newer(than logged) []logged {
	return j.entries[sort.Search(len(j.entries), func(i int) bool { return j.entries[i].compare(than) > 0 }):]
}
