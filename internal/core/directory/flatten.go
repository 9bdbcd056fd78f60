package directory

import "slices"

// Reach says how far nesting leads from a group.
type Reach struct {
	Depth int               // levels of member groups that are entered; 0: none, only direct members; negative: any
	Enter func(uint32) bool // whether a member group may be entered; nil: every one
	Steps *int              // counts down with every group and user looked at; the walk ends early below 0. nil: no bound
}

// Below is every user that nesting leads into the group, sorted, and every group that was entered on the way, the group
// itself first. Both are valid until the next question to this walker.
func (w *Walker) Below(group uint32, r Reach, into []uint32) (users, entered []uint32) {
	w.start()
	w.reach(group, holder)
	level, next := 0, 1 // w.queue[:next] are the groups up to this level
	for i := 0; i < len(w.queue); i++ {
		if i == next {
			level, next = level+1, len(w.queue)
		}
		if r.Steps != nil {
			if *r.Steps -= 1 + len(w.g.Users(w.queue[i])); *r.Steps < 0 {
				break
			}
		}
		into = append(into, w.g.Users(w.queue[i])...)
		if r.Depth >= 0 && level >= r.Depth {
			continue
		}
		for _, child := range w.g.Children(w.queue[i]) {
			if r.Enter == nil || r.Enter(child) {
				w.reach(child, int32(w.queue[i]))
			}
		}
	}
	return w.sort(into, w.g.nUsers()), w.queue
}

// Trail is the way by which the last Below reached a group: the group of the question first, the reached one last.
// Nil where it was not reached.
func (w *Walker) Trail(group uint32) []uint32 {
	up := w.Chain(group)
	slices.Reverse(up)
	return up
}
