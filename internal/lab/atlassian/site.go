package atlassian

import (
	"cmp"
	"slices"
	"strings"
)

// site is a Jira site at work.
type site struct {
	Site
	products []*product
	hidden   map[*group]bool              // groups that the site does not know
	lost     map[*group]map[*account]bool // members whom the site does not list
	extra    map[*group]*set[account]     // members whom only the site lists
	cache    memberCache
}

// product is an application on a site.
type product struct {
	Product
	site      *site
	resource  string
	used      int              // seats taken by active people in groups that grant the product
	uncounted int              // seats taken by people whom the lab does not know
	holders   map[*account]int // how many groups give it to a person
	groups    []*group         // that grant it, or did
	raw       object
}

// grant is a product role that a group carries.
type grant struct {
	product   *product // nil: of something that is no product of a site here
	resource  string
	owner     string
	role      string
	byDefault bool
	raw       object
}

func (w *world) addSite(s Site) *site {
	added := &site{Site: s, hidden: map[*group]bool{}, lost: map[*group]map[*account]bool{}, extra: map[*group]*set[account]{}}
	for _, p := range s.Products {
		added.addProduct(p)
	}
	w.sites = append(w.sites, added)
	return added
}

func (s *site) addProduct(p Product) *product {
	label, _, _ := strings.Cut(s.Host, ".")
	p.Name = cmp.Or(p.Name, p.Key)
	added := &product{Product: p, site: s, resource: "ari:cloud:" + p.Key + "::site/" + label, holders: map[*account]int{}}
	s.products = append(s.products, added)
	return added
}

func (w *world) site(host string) *site {
	i := slices.IndexFunc(w.sites, func(s *site) bool { return strings.EqualFold(s.Host, host) })
	if i < 0 {
		return nil
	}
	return w.sites[i]
}

func (s *site) product(key string) *product {
	for _, p := range s.products {
		if p.Key == key {
			return p
		}
	}
	return nil
}

// full tells whether one more person has no seat.
func (p *product) full(a *account) bool {
	return p.Seats > 0 && a.status == active && p.holders[a] == 0 && p.used+p.uncounted >= p.Seats
}

// give lets a person have the product through one more group.
func (p *product) give(a *account) {
	if p.holders[a]++; p.holders[a] > 1 {
		return
	}
	if a.status == active {
		p.used++
	}
	if !slices.ContainsFunc(a.access, p.names) {
		a.access = append(a.access, object{"key": p.Key, "name": p.Name, "url": "https://" + p.site.Host, "resourceId": p.resource})
	}
}

// take ends what one group gave.
func (p *product) take(a *account) {
	if p.holders[a] == 0 {
		return
	}
	if p.holders[a]--; p.holders[a] > 0 {
		return
	}
	delete(p.holders, a)
	if a.status == active {
		p.used--
	}
	a.access = slices.DeleteFunc(a.access, p.names)
}

// fill gives free seats to members of synced groups who were turned away, in the order of the groups and their members.
func (w *world) fill(p *product) {
	if !w.readings.SeatsAreFilled {
		return
	}
	for _, g := range p.groups {
		if g.gone || g.source == nil {
			continue
		}
		for _, a := range slices.Clone(g.turnedAway.all()) {
			if slices.ContainsFunc(a.records, g.source.members.has) {
				w.join(g, a)
			} else {
				g.turnedAway.remove(a)
			}
		}
		for _, a := range g.members.all() {
			if p.holders[a] == 0 && !p.full(a) {
				p.give(a)
			}
		}
	}
}

// names tells whether an entry of productAccess means this product.
func (p *product) names(entry object) bool {
	return str(entry["key"]) == p.Key && strings.TrimPrefix(str(entry["url"]), "https://") == p.site.Host
}

// productsOf are the products that a person has, each once.
func (w *world) productsOf(a *account) []*product {
	var out []*product
	a.groups.each(func(g *group) {
		for _, gr := range g.grants {
			if p := gr.product; p != nil && p.holders[a] > 0 && !slices.Contains(out, p) {
				out = append(out, p)
			}
		}
	})
	return out
}

// block takes the access to a site from a person.
func (s *site) block(a *account) {
	if a.blocked == nil {
		a.blocked = map[*site]bool{}
	}
	a.blocked[s] = true
}
