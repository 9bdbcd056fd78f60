package largest

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// RecordColumns are the attributes of users at the target: the id, the eight that are mapped, and the account.
var RecordColumns = []string{
	"id", "externalId", "userName", "displayName", "name.givenName", "name.familyName", `emails[type eq "work"].value`, "title",
	"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "accountId",
}

// State builds the target, and says what was made to differ from what is wanted. It needs nothing of the snapshot.
func (w *World) State(c Case) (*directory.State, Drift) {
	b := directory.NewState(RecordColumns)
	var d Drift
	if c.Empty {
		return b.State(directory.StateGaps{}), d
	}
	text := document.TextValue
	for i := range w.size.Users {
		p := w.person(i)
		if c.OneUserIn > 0 && i%c.OneUserIn == c.OneUserIn/2 {
			p = earlier(p, d.Users)
			d.Users++
		}
		b.User(true, text(w.records.at(i)), text(w.users.at(i)), text(p.address), text(p.name), text(p.given), text(p.surname), text(p.address), text(p.title), text(p.department), text(p.account))
	}
	var members []string
	seen, turn := 0, 0
	for g := range w.groups {
		members = members[:0]
		size, extra := int(w.groups[g].flat), 0
		for k := range size {
			seen++
			if c.OneMemberIn > 0 && seen%c.OneMemberIn == 0 {
				turn++
				if turn%2 == 0 || size+extra == w.size.Users {
					d.Missing++
					continue
				}
				members = append(members, w.records.at(w.member(g, size+extra)))
				extra++
				d.Extra++
			}
			members = append(members, w.records.at(w.member(g, k)))
		}
		b.Group(w.groupsThere.at(g), w.groupIDs.at(g), w.groupName(g), members, true)
	}
	return b.State(directory.StateGaps{}), d
}

// earlier is a person before one attribute changed, another one in turn.
func earlier(p person, turn int) person {
	switch turn % 4 {
	case 0:
		p.title = "Trainee"
	case 1:
		p.department = ""
	case 2:
		p.surname = strings.ToUpper(p.surname)
	default:
		p.name = "New " + p.name
	}
	return p
}
