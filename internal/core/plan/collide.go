package plan

import (
	"fmt"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// holders find who has a userName or an address already: both are unique in a directory, and a request that takes
// another's is refused by the target. The indexes are made when the first is needed.
type holders struct {
	columns    []int // userName, then the address
	have, want []*directory.Keys
	ready      bool
	groups     *directory.Keys
}

func (p *planner) prepareHolders() {
	if p.holders.ready {
		return
	}
	p.holders.ready = true
	for _, c := range []int{p.column("username"), p.emailColumn()} {
		if c > 0 {
			p.holders.columns = append(p.holders.columns, c)
			p.holders.have = append(p.holders.have, p.have.Users.Keys(c))
			p.holders.want = append(p.holders.want, p.want.State.Users.Keys(c))
		}
	}
}

// collision finds another who has, or should have, the user's name or address. own is the user's record; fields are the
// columns that would be written.
func (p *planner) collision(u, own uint32, fields uint64) (t match.Trouble, bad bool) {
	if fields == 0 {
		return t, false
	}
	p.prepareHolders()
	for i, c := range p.holders.columns {
		if fields>>(c-1)&1 == 0 {
			continue
		}
		value := p.want.State.Users.Text(u, c)
		p.holders.want[i].All(value, func(other uint32) bool {
			if other != u && p.sel.Users[other] == scope.In {
				t, bad = match.Trouble{Wanted: u, Kind: match.Shared, Column: c, Present: match.None, Other: other}, true
			}
			return !bad
		})
		if bad {
			return t, bad
		}
		if h, held := p.holders.have[i].One(value); held && h != own {
			return p.holder(u, h, c), true
		}
	}
	return match.Trouble{}, false
}

// holder says what kind of obstacle a record is.
func (p *planner) holder(u, h uint32, column int) match.Trouble {
	t := match.Trouble{Wanted: u, Kind: match.Stale, Column: column, Present: h, Other: match.None}
	external := ""
	if c := p.column("externalid"); c >= 0 {
		external = p.have.Users.Text(h, c)
	}
	_, gone := p.in.Target.Users.Source[h]
	switch {
	case p.users.Wanted[h] != match.None:
		t.Kind, t.Other = match.Taken, p.users.Wanted[h]
	case p.users.Contested[h]:
		t.Kind = match.Several
	case external == "" && !gone:
		t.Kind = byAddress
	}
	return t
}

// troubleText says in one sentence what stands in the way, with names and ids.
func (p *planner) troubleText(t match.Trouble, present, source *directory.Table, column string) string {
	value := ""
	record := "a record"
	if t.Present != match.None {
		record = "record " + present.Text(t.Present, 0)
		value = " " + present.Text(t.Present, t.Column)
	}
	other := ""
	if t.Other != match.None {
		other = source.Text(t.Other, 1)
	}
	switch t.Kind {
	case match.Several:
		return fmt.Sprintf("%s and others have the %s%s", record, column, value)
	case match.Shared:
		return fmt.Sprintf("%s has the same %s", other, column)
	case match.Taken:
		return fmt.Sprintf("%s with the %s%s is %s's", record, column, value, other)
	case match.Stale:
		return fmt.Sprintf("%s has the %s%s and the externalId of somebody else", record, column, value)
	case match.OtherCase:
		return fmt.Sprintf("%s has the externalId in another letter case", record)
	case byAddress:
		return fmt.Sprintf("%s has the %s%s and no externalId", record, column, value)
	}
	return ""
}
