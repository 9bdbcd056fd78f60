package entra

import (
	"slices"
	"sync"
)

// closures remembers who is in a group through any nesting, and which groups somebody is in, until the next change.
// Paging through a large group would otherwise walk the whole nesting once for every page.
type closures struct {
	mu   sync.Mutex
	down map[*object][]slot // group -> members of any depth
	up   map[*object][]slot // anything -> groups of any depth
}

func (c *closures) forget() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.down, c.up = nil, nil
}

// below gives the members of a group through any nesting, each once, in the order of lists. A group that contains
// itself in a circle is not its own member.
func (c *closures) below(g *object) []slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.down[g]; ok {
		return known
	}
	out := walk(g, func(o *object, visit func(*object)) {
		if o.members == nil {
			return
		}
		for _, s := range o.members.list {
			if s.o != nil {
				visit(s.o)
			}
		}
	})
	if c.down == nil {
		c.down = map[*object][]slot{}
	}
	c.down[g] = out
	return out
}

// above gives the groups that contain an object through any nesting.
func (c *closures) above(o *object) []slot {
	c.mu.Lock()
	defer c.mu.Unlock()
	if known, ok := c.up[o]; ok {
		return known
	}
	out := walk(o, func(o *object, visit func(*object)) {
		for _, g := range o.parents {
			visit(g)
		}
	})
	if c.up == nil {
		c.up = map[*object][]slot{}
	}
	c.up[o] = out
	return out
}

func walk(from *object, next func(*object, func(*object))) []slot {
	seen := map[*object]bool{from: true}
	queue := []*object{from}
	var out []slot
	for len(queue) > 0 {
		o := queue[0]
		queue = queue[1:]
		next(o, func(n *object) {
			if seen[n] || !n.alive() {
				return
			}
			seen[n] = true
			out = append(out, slot{n.seq, n})
			queue = append(queue, n)
		})
	}
	slices.SortFunc(out, func(a, b slot) int {
		if a.seq < b.seq {
			return -1
		}
		return 1
	})
	return out
}
