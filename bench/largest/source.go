package largest

import (
	"encoding/binary"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// UserColumns are the source attributes of users.
var UserColumns = []string{"id", "userPrincipalName", "mail", "displayName", "givenName", "surname", "department", "jobTitle", "accountEnabled", "userType"}

// Snapshot builds the source. Every group is assigned, and so is one user in a hundred.
func (w *World) Snapshot() *directory.Snapshot {
	text, enabled, member := document.TextValue, document.BoolValue(true), document.TextValue("Member")
	b := directory.NewSnapshot(UserColumns, []string{"id", "displayName"})
	for i := range w.size.Users {
		p := w.person(i)
		address := text(p.address)
		b.User(text(w.users.at(i)), address, address, text(p.name), text(p.given), text(p.surname), text(p.department), text(p.title), enabled, member)
	}
	var users, nested []string
	for g := range w.groups {
		users, nested = w.direct(g, users[:0], nested[:0])
		b.Group([]document.AttributeValue{text(w.groupIDs.at(g)), text(w.groupName(g))}, users, nested, "")
	}
	assigned := directory.Assigned{Groups: make([]string, len(w.groups))}
	for g := range assigned.Groups {
		assigned.Groups[g] = w.groupIDs.at(g)
	}
	for i := 0; i < w.size.Users; i += 100 {
		assigned.Users = append(assigned.Users, w.users.at(i))
	}
	return b.Snapshot(assigned, nil, directory.Gaps{})
}

// direct are the direct members of a group. A group of a spine holds the next of the spine at the start of its stretch,
// a leaf at its end, and itself whoever stands between them and one whom the next holds too.
func (w *World) direct(g int, users, nested []string) (u, n []string) {
	s, own := w.size, int(w.groups[g].own)
	if at := g - 1; at >= 0 && at < s.families()*s.family() {
		family, level := at/s.family(), at%s.family()
		first := 1 + family*s.family() // the group at the top
		inside := func(other int) {
			nested = append(nested, w.groupIDs.at(other))
			own = 0
		}
		switch last := s.spine() - 1; {
		case level > last: // a leaf; some contain themselves
			if family%7 == 6 {
				nested = append(nested, w.groupIDs.at(g))
			}
		case level < last:
			next, leaf := int(w.groups[g+1].own), 0
			inside(g + 1)
			if level < s.leaves() {
				inside(first + s.spine() + level)
				leaf = int(w.groups[first+s.spine()+level].own)
			}
			if level+2 <= last && (family+level)%3 == 0 { // and what lies two levels below, a second way
				inside(g + 2)
			}
			users = append(users, w.user(g, 0))
			for k := next; k < int(w.groups[g].own)-leaf; k++ {
				users = append(users, w.user(g, k))
			}
		case s.cycle(family) >= 0:
			nested = append(nested, w.groupIDs.at(first+s.cycle(family)))
		}
	}
	for k := range own {
		users = append(users, w.user(g, k))
	}
	return users, nested
}

// user is the id of a member of the group.
func (w *World) user(g, k int) string { return w.users.at(w.member(g, k)) }

func (w *World) member(g, k int) int {
	i := int(w.groups[g].from) + k
	if i >= w.size.Users {
		i -= w.size.Users
	}
	return i
}

func (w *World) groupName(g int) string { return "group-" + strconv.Itoa(g) }

// person is what both sides say of a user. The account is the target's own.
type person struct{ address, name, given, surname, department, title, account string }

func (w *World) person(i int) person {
	h := mix(w.size.Seed^0x70656f706c65, uint64(i))
	pick := func(list []string) string {
		one := list[h%uint64(len(list))]
		h /= uint64(len(list))
		return one
	}
	p := person{given: pick(givenNames), surname: pick(surnames), department: pick(departments), title: pick(titles)}
	var buf [128]byte
	text := append(append(append(buf[:0], p.given...), ' '), p.surname...)
	cut := len(text)
	for _, c := range text[:cut] { // the address: the name in lower case and a number that nobody else has
		switch {
		case c == ' ':
			c = '.'
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		text = append(text, c)
	}
	text = strconv.AppendInt(append(text, '.'), int64(i), 10)
	text = append(text, "@fabrikam.example"...)
	end := len(text)
	var account [8]byte
	binary.BigEndian.PutUint64(account[:], mix(w.size.Seed^0x6163636f756e74, uint64(i)))
	text = hex.AppendEncode(text, account[:])
	all := string(text)
	p.name, p.address, p.account = all[:cut], all[cut:end], all[end:]
	return p
}

var (
	givenNames  = strings.Fields("Ada Ben Carla David Elif Femi Greta Hugo Ines Jonas Kaya Lena Miguel Nora Omar Paula Quentin Rosa Samir Tara Uwe Vera Wei Xenia Yusuf Zoe")
	surnames    = strings.Fields("Abbott Becker Castillo Dietrich Eriksen Fontaine Gruber Hoffmann Ivanova Jansen Kowalski Lindqvist Moreau Nakamura Okafor Petrov Quinn Rossi Schneider Tanaka Ulrich Vogel Weber Xu Yilmaz Zimmermann")
	departments = strings.Split("Sales,Marketing,Engineering,Research,Customer Support,Finance,Legal,Human Resources,Procurement,Operations,Quality,Logistics", ",")
	titles      = strings.Split("Engineer,Senior Engineer,Product Manager,Account Executive,Analyst,Team Lead,Support Specialist,Controller,Counsel,Recruiter,Buyer,Director", ",")
)
