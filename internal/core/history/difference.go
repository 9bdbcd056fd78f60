package history

import (
	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// difference is the hop that failed and had not: the cause's own, else the first on the way; with its facts before and
// after.
func difference(was, is *Moment) (at cause.Hop, before, after []Fact) {
	before, after = []Fact{}, []Fact{}
	earlier := map[cause.Hop]*trace.Hop{}
	if was != nil {
		for i := range was.Trace.Hops {
			earlier[was.Trace.Hops[i].Hop] = &was.Trace.Hops[i]
		}
	}
	home := cause.Hop("")
	if c, ok := cause.Get(is.Trace.Cause); ok {
		home = c.Home
	}
	var found *trace.Hop
	for i := range is.Trace.Hops {
		h := &is.Trace.Hops[i]
		own := h.Cause != "" && h.Cause == is.Trace.Cause || h.Hop == home && h.Status == trace.NotKnown
		red := h.Status == trace.Fail || h.Status == trace.Follows
		if !own && (!red || earlier[h.Hop] != nil && earlier[h.Hop].Status == h.Status) {
			continue
		}
		if found == nil || own {
			found = h
		}
		if own {
			break
		}
	}
	if found == nil {
		return at, before, after
	}
	if h := earlier[found.Hop]; h != nil {
		before = factsOf(h)
	}
	return found.Hop, before, factsOf(found)
}

func factsOf(h *trace.Hop) []Fact {
	out := []Fact{}
	if h.Summary != "" {
		out = append(out, Fact{"", h.Summary})
	}
	for _, e := range h.Evidence {
		out = append(out, Fact{e.Seen, e.Fact})
	}
	if len(out) == 0 && (h.Status == trace.Pass || h.Status == trace.Skipped) {
		out = append(out, Fact{"", "nothing was wrong here"})
	}
	return out
}
