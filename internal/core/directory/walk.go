package directory

// Walker answers questions about nesting on one graph. It keeps scratch memory between questions, so a roll
// call over many users allocates nothing; it is not safe for concurrent use.
type Walker struct {
	g     *Graph
	stamp []uint32 // group -> round in which it was last reached
	round uint32
	via   []int32 // group -> the member group through which it was reached, or holder, or refused
	queue []uint32
	sorter
}

// holder marks a group that holds the subject directly, refused one that may not be entered.
const (
	holder  = -1
	refused = -2
)

// Walk makes a walker on the graph.
func (g *Graph) Walk() *Walker {
	return &Walker{g: g, stamp: make([]uint32, g.Groups()), via: make([]int32, g.Groups())}
}

// Up finds every group that reaches the user over any nesting, nearest first and equals by ordinal. The result
// is valid until the next question to this walker. Cycles end where they close.
func (w *Walker) Up(user uint32) []uint32 {
	w.start()
	for _, direct := range w.g.Direct(user) {
		w.reach(direct, holder)
	}
	return w.climb()
}

// UpFrom finds every group that contains the group over any nesting, the group itself not included unless a
// cycle leads back to it.
func (w *Walker) UpFrom(group uint32) []uint32 {
	w.start()
	for _, parent := range w.g.Parents(group) {
		w.reach(parent, holder)
	}
	return w.climb()
}

func (w *Walker) start() {
	w.round++
	w.queue = w.queue[:0]
}

func (w *Walker) reach(group uint32, via int32) {
	if w.stamp[group] == w.round {
		return
	}
	w.stamp[group], w.via[group] = w.round, via
	w.queue = append(w.queue, group)
}

func (w *Walker) climb() []uint32 {
	for i := 0; i < len(w.queue); i++ {
		for _, parent := range w.g.Parents(w.queue[i]) {
			w.reach(parent, int32(w.queue[i]))
		}
	}
	return w.queue
}

// Reached tells whether the last question reached the group.
func (w *Walker) Reached(group uint32) bool {
	return w.round > 0 && w.stamp[group] == w.round && w.via[group] != refused
}

// Through is the group through which the last question reached the group; the group itself where it holds the subject.
// It was reached.
func (w *Walker) Through(group uint32) uint32 {
	if up := w.via[group]; up >= 0 {
		return uint32(up)
	}
	return group
}

// Chain is the shortest way by which the last question reached the group: the group first, then the group
// inside it, down to the one that holds the subject directly. Nil where it was not reached.
func (w *Walker) Chain(group uint32) []uint32 {
	if !w.Reached(group) {
		return nil
	}
	chain := []uint32{group}
	for w.via[group] != holder {
		group = uint32(w.via[group])
		chain = append(chain, group)
	}
	return chain
}

// Down is every user that any nesting leads into the group, sorted. It allocates the result only.
func (w *Walker) Down(group uint32) []uint32 {
	w.start()
	w.reach(group, -1)
	for i := 0; i < len(w.queue); i++ {
		for _, child := range w.g.Children(w.queue[i]) {
			w.reach(child, int32(w.queue[i]))
		}
	}
	var all []uint32
	for _, g := range w.queue {
		all = append(all, w.g.Users(g)...)
	}
	return w.sort(all, w.g.nUsers())
}
