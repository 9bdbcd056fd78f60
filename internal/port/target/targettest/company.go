package targettest

import (
	"fmt"
	"slices"
)

// company is what the source says: people and groups, all of them assigned.
type company struct {
	domain string
	people []*person
	groups []*group
}

// person is a user of the source. Empty texts are null there.
type person struct {
	id, upn, mail, display, given, family, title, department, phone string

	enabled, gone bool
}

type group struct {
	id, name string
	members  []*person
	gone     bool
}

func newCompany(domain string) *company {
	c := &company{domain: domain}
	// Somebody who has a value of everything, so that what is empty with others is known to be empty.
	c.add("everything", func(p *person) { p.title, p.department, p.phone = "Chief of everything", "All", "+41 1 000" })
	return c
}

func (c *company) add(name string, change ...func(*person)) *person {
	p := &person{
		id: fmt.Sprintf("00000000-0000-4000-8000-%012d", len(c.people)+1), upn: name + "@" + c.domain, mail: name + "@" + c.domain,
		display: "Display of " + name, given: "Given", family: "Family of " + name, enabled: true,
	}
	for _, f := range change {
		f(p)
	}
	c.people = append(c.people, p)
	return p
}

func (c *company) addMany(n int) []*person {
	out := make([]*person, n)
	for i := range out {
		out[i] = c.add(fmt.Sprintf("person%04d", i))
	}
	return out
}

func (c *company) group(name string, members ...*person) *group {
	g := &group{id: fmt.Sprintf("00000000-0000-4000-9000-%012d", len(c.groups)+1), name: name, members: members}
	c.groups = append(c.groups, g)
	return g
}

func (g *group) leaves(some ...*person) {
	g.members = slices.DeleteFunc(slices.Clone(g.members), func(p *person) bool { return slices.Contains(some, p) })
}
