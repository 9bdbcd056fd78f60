package scope

import (
	"cmp"
	"slices"

	"github.com/rollcall/rollcall/internal/core/directory"
)

// maxNodes bounds what Ways remembers, in groups entered.
const maxNodes = 4_000_000

// Ways tells by which way groups in scope lead to their users. It follows the nesting of a group once, not once for each
// user. It is for one goroutine.
type Ways struct {
	s     *directory.Snapshot
	r     *Rules
	sel   *Selection
	walk  *directory.Walker
	trees map[uint32][]node // group in scope -> the groups it leads to, sorted
	nodes int               // of all trees
	walks int
}

// node is a group that was entered.
type node struct {
	group, up uint32 // the group, and the one through which it was reached: itself at the top
	at        uint32 // how many were reached before
}

// Ways is for questions about one selection.
func (sel *Selection) Ways(s *directory.Snapshot, r *Rules) *Ways {
	return &Ways{s: s, r: r, sel: sel, walk: s.Graph.Walk(), trees: map[uint32][]node{}}
}

// Chain is the way by which a group in scope leads to a user: the group first, then the group inside it, down to the
// one that holds the user directly. Nil where it does not.
func (w *Ways) Chain(group, user uint32) []uint32 {
	tree := w.tree(group)
	var last *node
	for _, g := range w.s.Graph.Direct(user) {
		if n := find(tree, g); n != nil && (last == nil || n.at < last.at) {
			last = n
		}
	}
	if last == nil {
		return nil
	}
	chain := []uint32{last.group}
	for last.group != group {
		last = find(tree, last.up)
		chain = append(chain, last.group)
	}
	slices.Reverse(chain)
	return chain
}

func find(tree []node, group uint32) *node {
	i, ok := slices.BinarySearchFunc(tree, group, func(n node, g uint32) int { return cmp.Compare(n.group, g) })
	if !ok {
		return nil
	}
	return &tree[i]
}

func (w *Ways) tree(group uint32) []node {
	if tree, ok := w.trees[group]; ok {
		return tree
	}
	entered := w.walk.Enter(w.sel.reach(w.s, w.r, group, nil), group)
	tree := make([]node, len(entered))
	for i, g := range entered {
		tree[i] = node{g, w.walk.Through(g), uint32(i)}
	}
	slices.SortFunc(tree, func(a, b node) int { return cmp.Compare(a.group, b.group) })
	if w.nodes += len(tree); w.nodes > maxNodes {
		clear(w.trees)
		w.nodes = len(tree)
	}
	w.trees[group] = tree
	w.walks++
	return tree
}
