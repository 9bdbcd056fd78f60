package atlassian

import (
	"container/heap"
	"time"
)

// effect is something that the world does later: what was said to the directory reaches the sites, an account's days
// of grace end.
type effect struct {
	due time.Time
	seq int
	do  func()
}

type effects []effect

func (e *effects) Len() int { return len(*e) }

func (e *effects) Less(i, j int) bool {
	a, b := (*e)[i], (*e)[j]
	if !a.due.Equal(b.due) {
		return a.due.Before(b.due)
	}
	return a.seq < b.seq
}

func (e *effects) Swap(i, j int) { (*e)[i], (*e)[j] = (*e)[j], (*e)[i] }

// Push is for container/heap.
func (e *effects) Push(x any) {
	if x, ok := x.(effect); ok {
		*e = append(*e, x)
	}
}

// Pop is for container/heap.
func (e *effects) Pop() any {
	last := (*e)[len(*e)-1]
	(*e)[len(*e)-1] = effect{}
	*e = (*e)[:len(*e)-1]
	return last
}

// settle does all that is due by now, each at its own moment.
func (w *world) settle() {
	now := w.at
	for len(w.queue) > 0 && !w.queue[0].due.After(now) {
		if e, ok := heap.Pop(&w.queue).(effect); ok {
			w.at = e.due
			e.do()
		}
	}
	w.at = now
}

// propagate does something at organization and sites after the delay. Two things never overtake each other, also when
// the delay was made shorter between them.
func (w *world) propagate(do func()) {
	due := w.at.Add(w.propagation)
	if due.Before(w.lastDue) {
		due = w.lastDue
	}
	w.lastDue = due
	w.when(due, do)
}

// when does something at a moment, at once if it has come.
func (w *world) when(due time.Time, do func()) {
	if !due.After(w.at) {
		do()
		return
	}
	w.seq++
	heap.Push(&w.queue, effect{due, w.seq, do})
}
