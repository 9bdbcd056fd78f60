package demo

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
)

// obj is a JSON object; its keys are written in the order of the alphabet.
type obj = map[string]any

const (
	domain       = "kestrel.example"
	opticsDomain = "kestrel-optics.example" // of a company that was bought; never verified at Atlassian
	site         = "kestrel.atlassian.example"
)

var (
	application = id("service-principal", "Atlassian Cloud")
	directory   = id("directory", "kestrel")
	org         = id("org", "kestrel")
	job         = "atlassianCloud." + strings.ReplaceAll(id("tenant", "kestrel"), "-", "") + "." + id("job", "kestrel")
	userRole    = id("app-role", "User")
	ssoPolicy   = id("policy", "SSO required")
	basePolicy  = id("policy", "Default policy")
)

// id makes the same UUID from the same name, every time.
func id(kind, name string) string {
	h := sha256.Sum256([]byte("kestrel/" + kind + "/" + name))
	h[6], h[8] = h[6]&0x0f|0x40, h[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:16])
}

// stamp is a moment as the services write it.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// company is everybody and every group, before any service has a view of it.
type company struct {
	at     time.Time
	people []*person
	byNick map[string]*person
}

func newCompany(at time.Time) *company {
	c := &company{at: at, byNick: map[string]*person{}}
	for i := range stories {
		p := stories[i]
		c.hire(&p)
	}
	rnd := rand.New(rand.NewPCG(300, 12)) //nolint:gosec // the same names every time, and no secret
	for _, d := range departments {
		for range d.many {
			c.hire(c.somebody(rnd, d))
		}
	}
	return c
}

// somebody makes up a person whose name nobody has yet.
func (c *company) somebody(rnd *rand.Rand, d department) *person {
	for {
		t := tongues[rnd.IntN(len(tongues))]
		given, family := t.given[rnd.IntN(len(t.given))], t.family[rnd.IntN(len(t.family))]
		if c.byNick[nickname(given, family)] == nil {
			return &person{given: given, family: family, title: d.title, department: d.name, days: 60 + rnd.IntN(2300), groups: d.groups}
		}
	}
}

func (c *company) hire(p *person) {
	p.nick = strings.ReplaceAll(nickname(p.given, p.family), " ", "")
	p.nick = strings.NewReplacer("ć", "c").Replace(p.nick)
	if p.display = written[p.nick]; p.display == "" {
		p.display = p.given + " " + p.family
	}
	if p.kind == "" {
		p.kind = "Employee"
	}
	p.upn = p.nick + "@" + domain
	p.mail = p.upn
	switch p.trouble {
	case unverified:
		p.upn, p.mail = p.nick+"@"+opticsDomain, p.nick+"@"+opticsDomain
	case otherName:
		p.mail = "maya.lindqvist@" + domain
	case guest:
		p.mail = p.nick + "@atelier-nord.example"
		p.upn = strings.ReplaceAll(p.mail, "@", "_") + "#EXT#@" + domain
	}
	c.people, c.byNick[p.nick] = append(c.people, p), p
}

func (c *company) ago(d time.Duration) time.Time { return c.at.Add(-d) }

// since is when Entra came to know the person.
func (c *company) since(p *person) time.Time {
	if p.trouble == tooRecent {
		return c.ago(justNow + 6*time.Minute)
	}
	return c.ago(time.Duration(p.days) * 24 * time.Hour)
}

func (p *person) id() string       { return id("user", p.nick) }
func (p *person) recordID() string { return id("scim-user", p.nick) }
func (p *person) account() string  { return "712020:" + id("account", p.nick) }

// elder is the account that somebody had before there was a directory.
func (p *person) elder() string { return "5d" + strings.ReplaceAll(id("elder", p.nick), "-", "")[:22] }

func (p *person) enabled() bool { return p.trouble != left && p.trouble != stillActive }

// recorded tells whether the Guard directory has a record of the person: Entra reads direct members only.
func (p *person) recorded() bool {
	switch p.trouble {
	case intern, duplicate, staleRecord, guest, tooRecent:
		return false
	}
	return slices.ContainsFunc(p.groups, func(name string) bool { return named(name).assigned })
}

// active tells whether the record of the person is active. That of a former life was switched off when it ended.
func (p *person) active() bool { return p.trouble != left && p.trouble != staleRecord }

// linked tells whether the record is linked to an account.
func (p *person) linked() bool { return p.recorded() && p.trouble != unverified }

func named(name string) *group {
	return &groups[slices.IndexFunc(groups, func(g group) bool { return g.name == name })]
}

func (g *group) id() string       { return id("group", g.name) }
func (g *group) recordID() string { return id("scim-group", g.name) }
func (g *group) orgID() string    { return id("org-group", g.name) }

// there is the group's name at Atlassian.
func (g *group) there() string {
	if g.was != "" {
		return g.was
	}
	return g.name
}

// provisioned tells whether the Guard directory has the group: it took the name of a default access group, and
// refused one that somebody made by hand.
func (g *group) provisioned() bool { return g.assigned && g.local != madeByHand }

func (c *company) members(g *group) []*person {
	var in []*person
	for _, p := range c.people {
		if slices.Contains(p.groups, g.name) {
			in = append(in, p)
		}
	}
	return in
}

// pushed are the members that Entra put into the group of the directory.
func (c *company) pushed(g *group) []*person {
	return slices.DeleteFunc(c.members(g), func(p *person) bool { return !p.recorded() || p.trouble == left })
}

// reached are the members that the organization lists.
func (c *company) reached(g *group) []*person {
	if g.local == noLocal {
		return slices.DeleteFunc(c.pushed(g), func(p *person) bool { return !p.linked() })
	}
	var in []*person
	for _, nick := range g.byHand {
		in = append(in, c.byNick[nick])
	}
	return in
}

// shown are the members that the site lists.
func (c *company) shown(g *group) []*person {
	return slices.DeleteFunc(c.reached(g), func(p *person) bool { return p.trouble == noSeat })
}
