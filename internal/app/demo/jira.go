package demo

import "slices"

// The site: what Jira shows of groups, and who may use which product.

func (c *company) siteGroups() obj {
	all := obj{}
	for i := range groups {
		g := &groups[i]
		if !g.assigned {
			continue
		}
		values := []obj{}
		for _, p := range c.shown(g) {
			values = append(values, obj{"accountId": p.account(), "displayName": p.display, "active": p.trouble != deactivated})
		}
		all[g.there()] = obj{"values": values}
	}
	return all
}

// roles are the products of the site. Every seat of the service desk is taken.
func (c *company) roles() []obj {
	role := func(key string, spare int) obj {
		fallback := key + "-users-kestrel"
		in, used := []string{fallback}, map[string]bool{}
		for i := range groups {
			g := &groups[i]
			if !g.assigned || !slices.Contains(g.products, key) {
				continue
			}
			in = append(in, g.there())
			for _, p := range c.shown(g) {
				if p.trouble != deactivated {
					used[p.nick] = true
				}
			}
		}
		return obj{
			"key": key, "name": products[key], "groups": in, "defaultGroups": []string{fallback}, "selectedByDefault": key == "jira-software", "defined": true,
			"numberOfSeats": len(used) + spare, "remainingSeats": spare, "userCount": len(used), "userCountDescription": "users", "hasUnlimitedSeats": false, "platform": false,
		}
	}
	return []obj{role("jira-software", 60), role("jira-servicedesk", 0)}
}
