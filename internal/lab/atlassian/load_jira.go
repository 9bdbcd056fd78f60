package atlassian

import (
	"maps"
	"slices"
)

// sites loads what each site answered. With one site its files may lie directly below jira/.
func (ld *loader) sites() error {
	for _, s := range ld.w.sites {
		for _, step := range []struct {
			file string
			load func(*site, string) (bool, error)
		}{{"application-roles.json", ld.roles}, {"groups.json", ld.siteGroups}} {
			there, err := step.load(s, "jira/"+s.Host+"/"+step.file)
			if err == nil && !there && len(ld.w.sites) == 1 {
				_, err = step.load(s, "jira/"+step.file)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

func (ld *loader) roles(s *site, file string) (bool, error) {
	var list []object
	there, err := ld.read(file, &list)
	for _, raw := range list {
		if raw == nil {
			continue
		}
		p := s.product(str(raw["key"]))
		if p == nil {
			p = s.addProduct(Product{Key: str(raw["key"]), Name: str(raw["name"])})
		}
		p.raw = raw
		if raw["hasUnlimitedSeats"] != true {
			p.Seats = max(0, number(raw["numberOfSeats"]))
		}
		defaults := texts(raw["defaultGroups"])
		for _, name := range texts(raw["groups"]) {
			g := ld.w.groupNames[ld.w.fold(name)]
			if g == nil {
				g = ld.w.addGroup("", name, LocalDirectory)
			}
			ld.connect(g, p, slices.Contains(defaults, name))
			p.groups = append(p.groups, g)
		}
		ld.count(p)
		if raw["userCount"] != nil {
			p.uncounted = number(raw["userCount"]) - p.used
		}
	}
	return there, err
}

// connect finds the grant by which a group gives a product: the organization names resources, not sites.
func (ld *loader) connect(g *group, p *product, byDefault bool) {
	var found *grant
	for _, gr := range g.grants {
		if gr.product == nil && gr.owner == p.Key && (found == nil || gr.resource == p.resource) {
			found = gr
		}
	}
	if found == nil {
		g.grants = append(g.grants, &grant{product: p, resource: p.resource, owner: p.Key, role: "atlassian/user", byDefault: byDefault})
		return
	}
	if len(p.groups) == 0 {
		p.resource = found.resource
	}
	for _, gr := range g.grants {
		if gr.resource == found.resource {
			gr.product = p
		}
	}
	found.byDefault = found.byDefault || byDefault
}

// count finds who holds a product. Where it was told what an account has, that decides: a group may grant what no seat
// was left for.
func (ld *loader) count(p *product) {
	for _, g := range p.groups {
		g.members.each(func(a *account) {
			_, told := a.raw["productAccess"]
			if told && !slices.ContainsFunc(a.access, p.names) {
				return
			}
			p.give(a)
		})
	}
}

// siteGroups notes what a site shows otherwise than the organization.
func (ld *loader) siteGroups(s *site, file string) (bool, error) {
	var doc map[string]object
	there, err := ld.read(file, &doc)
	if err != nil || !there {
		return there, err
	}
	known := map[*group]bool{}
	for _, name := range slices.Sorted(maps.Keys(doc)) {
		values, told := doc[name]["values"]
		if !told {
			continue
		}
		g := ld.w.groupNames[ld.w.fold(name)]
		if g == nil {
			g = ld.w.addGroup("", name, LocalDirectory)
		}
		known[g] = true
		ld.siteMembers(s, g, objects(values))
	}
	for _, p := range s.products {
		for _, g := range p.groups {
			known[g] = true // an application role names it, though nobody asked for its members
		}
	}
	for _, g := range ld.w.groups {
		if !known[g] {
			s.hidden[g] = true
		}
	}
	return true, nil
}

func (ld *loader) siteMembers(s *site, g *group, values []object) {
	listed := map[*account]bool{}
	for _, v := range values {
		a := ld.account(str(v["accountId"]))
		if a.name == "" {
			a.name = str(v["displayName"])
		}
		listed[a] = true
		if !g.members.has(a) {
			if s.extra[g] == nil {
				s.extra[g] = &set[account]{}
			}
			s.extra[g].add(a)
		}
		if v["active"] == false && a.status == active {
			s.block(a)
		}
	}
	g.members.each(func(a *account) {
		if !listed[a] && s.lets(a) {
			if s.lost[g] == nil {
				s.lost[g] = map[*account]bool{}
			}
			s.lost[g][a] = true
		}
	})
}
