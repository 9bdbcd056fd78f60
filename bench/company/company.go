// Package company makes up a company and writes it as a bundle: people in Entra, in the Guard directory, in the
// organization and in Jira, nested groups, and some people who are broken in each of the ways that a recorded world
// can show. The same seed writes the same bytes. It serves measurements and tests and is no part of the program.
package company

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
)

// company is everybody and every group, before any service has a view of it.
type company struct {
	rnd    *rand.Rand
	app    string // service principal
	dir    string // SCIM directory
	org    string
	people []person
	groups []group
}

// person is one employee. The trouble, if any, decides what each service shows of them.
type person struct {
	id, upn, mail, given, family string
	department, title            string
	number                       int
	record, account              string // SCIM record and Atlassian account
	trouble                      trouble
	created                      int // day of the year 2024
	groups                       []int
}

type group struct {
	id, scim, org, name string
	assigned            bool
	people              []int
	inside              []int // groups that are direct members
	created             int
}

var (
	givenNames  = strings.Fields("Anna Ben Clara David Elena Felix Greta Hugo Ines Jonas Karla Leon Mara Nils Olga Paul Rosa Simon Tara Uwe Vera Wanda Yusuf Zoe Amelie Björn Chloé Dörte Émile Françoise")
	familyNames = strings.Fields("Abel Berger Conrad Dietz Ebert Fuchs Graf Hahn Iversen Jung Keller Lang Meier Neumann Ott Pohl Quandt Roth Schmidt Thiel Ulrich Vogel Wolf Zander Núñez Özdemir Strauß Lindström")
	departments = strings.Fields("Engineering Sales Support Finance People Legal Marketing Operations Security Research")
	titles      = []string{"Engineer", "Senior Engineer", "Manager", "Director", "Analyst", "Consultant", "Assistant"}
)

const domain = "fabrikam.example"

// Write makes a company of so many people and direct memberships and writes its bundle into the folder.
func Write(dir string, users, memberships int, seed uint64) error {
	return write(dir, newCompany(users, memberships, seed))
}

func newCompany(users, memberships int, seed uint64) *company {
	c := &company{rnd: rand.New(rand.NewPCG(seed, 20261120))}
	c.app, c.dir, c.org = c.uuid(), c.uuid(), c.uuid()
	for n := range users {
		p := person{id: c.uuid(), record: c.uuid(), account: "712020:" + c.uuid(), number: n, created: c.rnd.IntN(300)}
		p.given, p.family = pick(c, givenNames), pick(c, familyNames)
		p.department, p.title = pick(c, departments), pick(c, titles)
		p.upn = fmt.Sprintf("%s.%s%d@%s", ascii(p.given), ascii(p.family), n, domain)
		p.mail, p.trouble = p.upn, troubleOf(n)
		if p.trouble == mailDiffers {
			p.mail = fmt.Sprintf("%s%d@brand.%s", ascii(p.family), n, domain)
		}
		if p.trouble == guest {
			p.mail = fmt.Sprintf("%s%d@partner.example", ascii(p.given), n)
			p.upn = strings.ReplaceAll(p.mail, "@", "_") + "#EXT#@" + domain
		}
		c.people = append(c.people, p)
	}
	c.form(memberships)
	return c
}

// form makes the groups: everybody, one for each department, and teams of very different sizes inside units. Units
// only hold their teams and are not assigned; most teams are. One project is assigned whose people are in a group
// inside it: those whom Entra's service does not reach.
func (c *company) form(memberships int) {
	c.group("all-staff", true)
	for _, d := range departments {
		c.group("department-"+strings.ToLower(d), true)
	}
	project, partners := c.group("project-apollo", true), c.group("project-apollo-partners", false)
	c.groups[project].inside = append(c.groups[project].inside, partners)
	for n := range c.people {
		if c.people[n].trouble == nestedOnly {
			c.join(n, partners)
			continue
		}
		c.join(n, 0)
		c.join(n, 1+c.rnd.IntN(len(departments)))
	}
	left := memberships - 2*len(c.people)
	for n := 0; left > 0; n++ {
		unit := c.group(fmt.Sprintf("unit-%04d", n), false)
		for t := 0; t < 4 && left > 0; t++ {
			team := c.group(fmt.Sprintf("team-%04d-%d", n, t), c.rnd.IntN(10) < 8)
			c.groups[unit].inside = append(c.groups[unit].inside, team)
			left--
			for size := 5 + c.rnd.IntN(40)*c.rnd.IntN(40); size > 0 && left > 0; size-- {
				left -= c.join(c.rnd.IntN(len(c.people)), team)
			}
		}
	}
}

func (c *company) group(name string, assigned bool) int {
	c.groups = append(c.groups, group{id: c.uuid(), scim: c.uuid(), org: c.uuid(), name: name, assigned: assigned, created: c.rnd.IntN(300)})
	return len(c.groups) - 1
}

// join makes a person a direct member. People whose trouble is to be in no assigned group, or in one only through
// nesting, join no assigned group.
func (c *company) join(n, g int) int {
	p := &c.people[n]
	if (p.trouble == notAssigned || p.trouble == nestedOnly) && c.groups[g].assigned {
		return 0
	}
	if slices.Contains(p.groups, g) {
		return 0
	}
	p.groups = append(p.groups, g)
	c.groups[g].people = append(c.groups[g].people, n)
	return 1
}

func (c *company) uuid() string {
	a, b := c.rnd.Uint64(), c.rnd.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0x3fff|0x8000, b&0xffffffffffff)
}

func pick(c *company, from []string) string { return from[c.rnd.IntN(len(from))] }

func ascii(s string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(s) {
		if r < 128 {
			b.WriteRune(r)
		} else {
			b.WriteByte('e')
		}
	}
	return b.String()
}
