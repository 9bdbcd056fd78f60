package plan

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// About is everything that the plan says of one user of the source.
type About struct {
	Judgement
	Led    []Way   // the groups in scope that lead to the user, by name; none: assigned itself, or not in scope
	Values []Field // what is wanted beside what is there; old is null where there is no record
}

// Way is how a group in scope leads to a user.
type Way struct {
	Chain  []string // the group in scope, then the group inside it, down to the one that holds the user
	Member bool     // the user is in the group at the target
}

// About tells of one user, by the id at the source.
func (p *Plan) About(id string) (About, bool) {
	u, ok := p.in.Source.User(id)
	if !ok {
		return About{}, false
	}
	t := p.teller()
	r := p.userReason[u]
	out := About{Judgement: Judgement{t.user(u), p.userVerdict(u, r), r.String(), t.text(subject{kindUser, u}, r)}}
	h := p.users.Present[u]
	for _, g := range slices.Clone(p.in.Source.Graph.Walk().Up(u)) {
		if p.sel.Groups[g] != scope.In {
			continue
		}
		if _, in := slices.BinarySearch(p.sel.Member[g], u); !in {
			continue
		}
		w := Way{Chain: t.chain(g, u)}
		if at := p.groups.Present[g]; at != match.None && h != match.None {
			_, w.Member = slices.BinarySearch(t.have.Member[at], h)
		}
		out.Led = append(out.Led, w)
	}
	slices.SortFunc(out.Led, func(a, b Way) int { return slices.Compare(a.Chain, b.Chain) })
	for i, c := range p.want.Columns {
		if c.Unwritten {
			continue
		}
		f := Field{Path: c.Target, Old: document.NullValue, New: p.want.State.Users.Cell(u, i+1)}
		if h != match.None {
			f.Old = t.have.Users.Cell(h, i+1)
		}
		out.Values = append(out.Values, f)
	}
	return out, true
}
