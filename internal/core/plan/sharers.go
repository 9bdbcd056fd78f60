package plan

import (
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// sharers are the first two, by ordinal, of the users who have a value and stand in one way: one of them is somebody
// else, whoever asks.
type sharers [2]uint32

// but is the first of them who is not the user; match.None where there is none.
func (s sharers) but(u uint32) uint32 {
	if s[0] == u {
		return s[1]
	}
	return s[0]
}

// stands is a way in which users stand.
type stands uint8

const (
	inScope    stands = iota // should be there
	unassigned               // nothing leads them in
	unsettled                // judged, and it is not known; asked only after everybody is judged
)

func (p *planner) stands(u uint32, as stands) bool {
	switch as {
	case inScope:
		return p.sel.Users[u] == scope.In
	case unassigned:
		return p.sel.Users[u] == scope.NotAssigned
	case unsettled:
	}
	return p.userReason[u] == NotSettled
}

// sharing is a value, folded, in a column of the target.
type sharing struct {
	column int
	value  string
	as     stands
}

// manyLooks is from how many looks on an answer is remembered: else many who have one value would take forever.
const manyLooks = 8

// sharers finds the first two users who have the value, whatever the letter case, and stand so.
func (p *planner) sharers(column int, value string, as stands) sharers {
	key := sharing{column, document.Fold(value), as}
	if s, known := p.holders.sharers[key]; known {
		return s
	}
	s, looks, n := sharers{match.None, match.None}, 0, 0
	_, want := p.holdersOf(column)
	want.All(value, func(u uint32) bool {
		looks++
		if p.stands(u, as) {
			s[n] = u
			n++
		}
		return n < len(s)
	})
	if p.holders.looks += looks; looks >= manyLooks {
		if p.holders.sharers == nil {
			p.holders.sharers = map[sharing]sharers{}
		}
		p.holders.sharers[key] = s
	}
	return s
}
