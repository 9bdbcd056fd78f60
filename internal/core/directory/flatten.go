package directory

import "slices"

// Reach says how far nesting leads from a group.
type Reach struct {
	Depth int               // levels of member groups that are entered; 0: none, only direct members; negative: any
	Enter func(uint32) bool // whether a member group may be entered, asked once of each; nil: every one
	Steps *int              // counts down with every group, user and member group looked at; the walk ends early below 0. nil: no bound
}

// Below is every user that nesting leads into the group, sorted, and every group that was entered on the way, the group
// itself first. Both are valid until the next question to this walker.
func (w *Walker) Below(group uint32, r Reach, into []uint32) (users, entered []uint32) {
	w.start()
	w.reach(group, holder)
	level, next := 0, 1 // w.queue[:next] are the groups up to this level
	for i := 0; i < len(w.queue) && r.count(1+len(w.g.Users(w.queue[i]))); i++ {
		if i == next {
			level, next = level+1, len(w.queue)
		}
		into = append(into, w.g.Users(w.queue[i])...)
		if (r.Depth < 0 || level < r.Depth) && !w.enter(w.queue[i], r) {
			break
		}
	}
	return w.sort(into, w.g.nUsers()), w.queue
}

// Enter is every group that nesting leads to from these groups, themselves first, the nearest before the others. It is
// valid until the next question to this walker.
func (w *Walker) Enter(r Reach, groups ...uint32) []uint32 {
	w.start()
	for _, g := range groups {
		w.reach(g, holder)
	}
	level, next := 0, len(w.queue)
	for i := 0; i < len(w.queue) && r.count(1); i++ {
		if i == next {
			level, next = level+1, len(w.queue)
		}
		if (r.Depth < 0 || level < r.Depth) && !w.enter(w.queue[i], r) {
			break
		}
	}
	return w.queue
}

// enter reaches the member groups of a group. false: the steps are used up.
func (w *Walker) enter(group uint32, r Reach) bool {
	children := w.g.Children(group)
	if !r.count(len(children)) {
		return false
	}
	for _, child := range children {
		switch {
		case w.stamp[child] == w.round: // reached, or refused
		case r.Enter == nil || r.Enter(child):
			w.reach(child, int32(group))
		default:
			w.stamp[child], w.via[child] = w.round, refused
		}
	}
	return true
}

func (r *Reach) count(steps int) bool {
	if r.Steps == nil {
		return true
	}
	*r.Steps -= steps
	return *r.Steps >= 0
}

// Trail is the way by which the last Below reached a group: the group of the question first, the reached one last.
// Nil where it was not reached.
func (w *Walker) Trail(group uint32) []uint32 {
	up := w.Chain(group)
	slices.Reverse(up)
	return up
}
