package plan

import (
	"fmt"
	"sync"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/match"
)

// holders find who has a userName or an address already: both are unique in a directory, and a request that takes
// another's is refused by the target. An index is made when it is first needed.
type holders struct {
	columns []int                      // userName, then the address, where the rules fill them
	users   map[int][2]*directory.Keys // column -> present, wanted
	groups  *directory.Keys
	sharers map[sharing]sharers // of values that many users have
	looks   int                 // how many users were looked at for them
}

func (p *planner) holdersOf(column int) (have, want *directory.Keys) {
	k, made := p.holders.users[column]
	if !made {
		var wg sync.WaitGroup
		wg.Go(func() { k[0] = p.have.Users.Keys(column) })
		wg.Go(func() { k[1] = p.want.State.Users.Keys(column) })
		wg.Wait()
		if p.holders.users == nil {
			p.holders.users = map[int][2]*directory.Keys{}
		}
		p.holders.users[column] = k
	}
	return k[0], k[1]
}

// collision finds another who has, or should have, the user's name or address. own is the user's record; fields are the
// columns that would be written.
func (p *planner) collision(u, own uint32, fields uint64) (t match.Trouble, bad bool) {
	for _, c := range p.holders.columns {
		if fields>>(c-1)&1 == 0 {
			continue
		}
		have, want := p.holdersOf(c)
		value := p.want.State.Users.Text(u, c)
		if want.Shared(u) {
			if other := p.sharers(c, value, inScope).but(u); other != match.None {
				return match.Trouble{Wanted: u, Kind: match.Shared, Column: c, Present: match.None, Other: other}, true
			}
		}
		if h, held := have.One(value); held && h != own {
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

// maxMet bounds how many accounts with the address of somebody new are told one by one.
const maxMet = 20

// meets notes that somebody new has the address of an account that no record is linked to.
func (p *planner) meets(u uint32) {
	if len(p.in.Target.Accounts) == 0 || p.email < 0 {
		return
	}
	words := p.in.Target.Accounts[document.Fold(p.want.State.Users.Text(u, p.email))]
	if words == "" {
		return
	}
	if p.met++; p.met <= maxMet {
		p.Notes = append(p.Notes, p.in.Source.Users.Text(u, 1)+": "+words)
	}
}

func (p *planner) metMore() {
	if more := p.met - maxMet; more > 0 {
		p.Notes = append(p.Notes, fmt.Sprintf("%d more users who are created have the address of an account that is there", more))
	}
}
