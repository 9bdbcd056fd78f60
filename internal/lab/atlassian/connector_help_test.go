package atlassian

import (
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra"
)

// refusedLine is what the vendor's knowledge base shows of the troubleshooting log after a 409.
func refusedLine(email string) string {
	return `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Resource [USER]: with email[` + email + `] already exists."}`
}

// pair is an Entra tenant and an organization whose connector reads it, with one clock.
type pair struct {
	*testWorld
	entra *entra.Lab
	ids   map[string]string // of Entra, by name
}

// connected makes a tenant with lena in platform-team, which is inside jira-developers, and max in jira-developers
// itself. Nothing is synced yet.
func connected(t *testing.T, l *Lab) *pair {
	t.Helper()
	p := &pair{entra: &entra.Lab{Domains: []string{"acme.example"}}, ids: map[string]string{}}
	c := Connector{}
	if l.Connector != nil {
		c = *l.Connector
	}
	c.Transport = p.entra.Transport()
	c.Token = func() (string, error) { return p.entra.Token(entra.DefaultClient), nil }
	l.Connector = &c
	if l.Domains == nil {
		l.Domains = []Domain{{Name: "acme.example", Directory: ConnectorDirectory}}
	}
	p.testWorld = open(t, l)
	p.entra.Now = func() time.Time { return p.now }
	p.person("lena@acme.example")
	p.person("max@acme.example")
	p.group("platform-team", "lena")
	p.group("jira-developers", "max", "platform-team")
	return p
}

// person adds a user to Entra.
func (p *pair) person(mail string, more ...entra.Props) {
	p.t.Helper()
	name, _, _ := strings.Cut(mail, "@")
	props := entra.Props{"displayName": name, "mail": mail, "userPrincipalName": mail}
	for _, m := range more {
		maps.Copy(props, m)
	}
	id, err := p.entra.AddUser(props)
	must(p.t, err)
	p.ids[name] = id
}

func (p *pair) group(name string, members ...string) {
	p.t.Helper()
	id, err := p.entra.AddGroup(entra.Props{"displayName": name})
	must(p.t, err)
	p.ids[name] = id
	for _, m := range members {
		must(p.t, p.entra.AddMember(id, p.ids[m]))
	}
}

func (p *pair) sync() {
	p.t.Helper()
	must(p.t, p.SyncNow())
}

// later lets time pass.
func (p *pair) later(d time.Duration) { p.now = p.now.Add(d) }

// sees holds the members of a group on the site against those wanted.
func (p *pair) sees(group string, want ...string) {
	p.t.Helper()
	got := p.inJira(group)
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		p.t.Errorf("the site shows %v in %s, want %v", got, group, want)
	}
}

// field is one of the organization's words about an account, nil if it knows none.
func (p *pair) field(email, name string) any { return p.accountOf(email)[name] }

// orgGroup is what the organization says of a group, nil if there is none.
func (w *testWorld) orgGroup(name string) object {
	w.t.Helper()
	r := w.admin("POST", orgV2+"/directories/-/groups/search", object{"groupNames": []string{name}}).want(w.t, 200)
	o, _ := at(r.object, "data", 0).(object)
	return o
}
