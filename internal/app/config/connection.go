package config

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/rollcall/rollcall/internal/core/document"
)

// shortest is the shortest time between two cycles: below it a cycle cannot end before the next begins.
const shortest = 10 * time.Second

// Policy says which authentication policy the members of a group should be in. With the method rollcall the policy's
// members are kept equal to the group; otherwise it is only looked at.
type Policy struct {
	Group, ID    string // the group's display name; the policy's id
	Line, Column int
}

// Product says which products a group should give.
type Product struct {
	Group        string   // display name
	Keys         []string // jira-software, jira-servicedesk, confluence, …
	Line, Column int
}

// Import takes the attribute mappings and scoping filters of the existing Entra job. Connection.Map overrides them by
// target attribute, Scope.Filters as a whole.
type Import struct {
	Schema string // a file that holds a synchronizationSchema; empty: the job's own, read from the source
	Line   int
}

func (p *parser) connection(v value) Connection {
	c := Connection{Scope: Scope{Assigned: true}}
	c.Line, c.Column = v.Line, v.Column
	found := p.mapping(v, "a connection with `name`, `method` …", []field{
		{key: "name", need: true, read: func(v value) { c.Name, c.Line, c.Column = p.name(v), v.Line, v.Column }},
		{key: "method", need: true, read: func(v value) {
			c.Method = p.choice(v, document.Rollcall, document.EntraSCIM, document.GuardNested)
		}},
		{key: "identifier", read: func(v value) { c.Identifier = p.choice(v, "mail", "userPrincipalName") }},
		{key: "selected", read: func(v value) { c.Selected = p.selected(v) }},
		{key: "source", read: func(v value) { c.Source = p.source(v) }},
		{key: "target", read: func(v value) { c.Target = p.target(v) }},
		{key: "scope", read: func(v value) { c.Scope = p.scope(v) }},
		{key: "match", read: func(v value) { c.Match = p.match(v) }},
		{key: "map", read: func(v value) { c.Map = p.attributes(v) }},
		{key: "policies", read: func(v value) { c.Policies = p.policies(v) }},
		{key: "products", read: func(v value) { c.Products = p.products(v) }},
		{key: "limits", read: func(v value) { c.Limits = p.limits(v) }},
		{key: "every", read: func(v value) { c.Every = p.duration(v, shortest) }},
		{key: "lookback", read: func(v value) { c.Lookback = p.duration(v, time.Hour) }},
		{key: "import", read: func(v value) { c.Import = p.imported(v) }},
	})
	p.fits(c, found)
	return c
}

// fits checks the keys that only some methods know.
func (p *parser) fits(c Connection, found map[string]value) {
	if c.Method == document.EntraSCIM || c.Method == document.GuardNested {
		if v, ok := found["limits"]; ok {
			p.faultKey(v, fmt.Sprintf("`limits` with the method %s, which is only observed: rollcall writes nothing there", c.Method),
				"leave it out, or let rollcall do the work: `method: rollcall`")
		}
	}
	if v, ok := found["identifier"]; ok && c.Method != "" && c.Method != document.GuardNested {
		p.faultKey(v, "`identifier` is a setting of Guard's connector; the method here is "+c.Method, "leave it out; `map` says what fills userName")
	}
	if v, ok := found["selected"]; ok && c.Method != "" && c.Method != document.GuardNested {
		p.faultKey(v, "`selected` is a setting of Guard's connector; the method here is "+c.Method, "leave it out; `scope` says who is in")
	}
	if v, ok := found["import"]; ok && c.Method == document.GuardNested {
		p.faultKey(v, "`import` with the method guard-nested, which has no Entra job and so no synchronization schema", "leave it out")
	}
}

// Selected is what the wizard of Guard's connector was told to sync.
type Selected struct {
	Groups []string // display names or ids in Entra; none: all users and groups
}

func (p *parser) selected(v value) *Selected {
	if v.scalar() {
		if p.choice(v, "all") == "" {
			return nil
		}
		return &Selected{}
	}
	groups := p.texts(v, "`all`, or a list of names or ids of groups in Entra")
	if len(groups) == 0 {
		p.fault(v, "`selected` without a group: nobody would be synced", "`selected: all`, or the groups that were chosen")
		return nil
	}
	return &Selected{Groups: groups}
}

// name reads a connection's name, which people type and files are called after.
func (p *parser) name(v value) string {
	s, ok := p.text(v, "a name")
	switch {
	case !ok:
		return ""
	case s != strings.TrimSpace(s) || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }):
		p.fault(v, "a name with blanks around it or characters that cannot be seen", "")
	case len(s) > 100:
		p.fault(v, "a name of more than 100 bytes", "")
	}
	return s
}

func (p *parser) policies(v value) []Policy {
	var out []Policy
	for _, e := range p.entries(v, "policies by group: `Contractors: <policy id>`") {
		if e.key == "" {
			p.faultKey(e.value, "a policy of a group without a name", "the key is the group's display name in Entra")
		}
		if id, ok := p.text(e.value, "the id of an authentication policy"); ok {
			out = append(out, Policy{Group: e.key, ID: id, Line: e.at.Line, Column: e.at.Column})
		}
	}
	return out
}

// productKeys are those seen; the list is open, so that only what looks like a slip of the pen is refused.
var productKeys = []string{
	"bitbucket", "compass", "confluence", "confluence-guest", "jira-core", "jira-product-discovery", "jira-servicedesk",
	"jira-software", "loom", "opsgenie", "statuspage", "trello",
}

func (p *parser) products(v value) []Product {
	var out []Product
	for _, e := range p.entries(v, "products by group: `jira-developers: [jira-software]`") {
		if e.key == "" {
			p.faultKey(e.value, "products of a group without a name", "the key is the group's display name in Entra")
		}
		items, ok := p.list(e.value, "a list of product keys")
		if ok && len(items) == 0 {
			p.fault(e.value, "no product for "+show(e.key), "name one, such as `jira-software`, or leave the group out")
		}
		out = append(out, Product{Group: e.key, Keys: p.productList(items), Line: e.at.Line, Column: e.at.Column})
	}
	return out
}

func (p *parser) productList(items []value) []string {
	var keys []string
	for _, item := range items {
		key, ok := p.text(item, "a product key")
		if !ok {
			continue
		}
		near := nearest(key, productKeys)
		switch {
		case slices.Contains(keys, key):
			p.fault(item, "the product "+show(key)+" a second time", "")
		case near != "" && near != key:
			p.fault(item, "the product "+show(key)+" is not known", mean(near))
		}
		keys = append(keys, key)
	}
	return keys
}

func (p *parser) duration(v value, least time.Duration) time.Duration {
	s, ok := p.text(v, "a time such as `5m`")
	if !ok {
		return 0
	}
	d, err := time.ParseDuration(s)
	switch {
	case err != nil:
		p.fault(v, show(s)+" is not a length of time", "write a number with its unit: `30s`, `5m`, `4h`")
	case d < least:
		text := strings.TrimSuffix(strings.TrimSuffix(least.String(), "0s"), "0m")
		if least < time.Minute {
			text = least.String()
		}
		p.fault(v, show(s)+" is too short", "at least `"+text+"`")
	}
	return d
}

func (p *parser) imported(v value) *Import {
	out := &Import{Line: v.Line}
	if v.scalar() {
		p.choice(v, "schema")
		return out
	}
	p.mapping(v, "`schema`, or `{schema: FILE}`", []field{
		{key: "schema", need: true, read: func(v value) { out.Schema, _ = p.text(v, "the path of a file") }},
	})
	return out
}
