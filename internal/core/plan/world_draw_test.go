package plan_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/match"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/scope"
)

// The worlds are small and collide often: a handful of addresses and names in both letter cases, for everybody.
var (
	addresses = []string{"ada@x.example", "Ada@X.example", "bob@x.example", "cleo@x.example"}
	teamNames = []string{"alpha", "Alpha", "beta", "gamma", "alpha-admins", ""}
)

// chance is true about one time in n.
func chance(t *rapid.T, n int, what string) bool { return rapid.IntRange(1, n).Draw(t, what) == n }

func some[T any](t *rapid.T, from []T, what string) []T {
	var out []T
	for i := range from {
		if rapid.Bool().Draw(t, fmt.Sprintf("%s %d", what, i)) {
			out = append(out, from[i])
		}
	}
	return out
}

func drawWorld(t *rapid.T) *world {
	w := newWorld()
	drawPeople(t, w)
	drawTeams(t, w)
	drawScope(t, w)
	drawRecords(t, w)
	drawSynced(t, w)
	drawOrganization(t, w)
	return w
}

func drawPeople(t *rapid.T, w *world) {
	for i := range rapid.IntRange(0, 5).Draw(t, "users") {
		p := person{id: fmt.Sprintf("u%d", i+1), name: fmt.Sprintf("User %d", i+1), enabled: "True", kind: "Member"}
		p.upn, p.mail = p.id+"@x.example", p.id+"@x.example"
		if chance(t, 3, "odd user name") {
			p.upn = rapid.SampledFrom(addresses).Draw(t, "user name")
		}
		if chance(t, 3, "odd address") {
			p.mail = rapid.SampledFrom(append([]string{"", "no address", strings.ToUpper(p.mail)}, addresses...)).Draw(t, "address")
		}
		if chance(t, 5, "odd state") {
			p.enabled = rapid.SampledFrom([]string{"False", "False", ""}).Draw(t, "enabled")
		}
		if chance(t, 5, "odd type") {
			p.kind = rapid.SampledFrom([]string{"Guest", ""}).Draw(t, "type")
		}
		if chance(t, 6, "no name") {
			p.name = ""
		}
		w.people = append(w.people, p)
	}
	if chance(t, 3, "somebody is deleted") {
		w.deleted = append(w.deleted, "gone1")
	}
}

func (w *world) personIDs() (ids []string) {
	for _, p := range w.people {
		ids = append(ids, p.id)
	}
	return ids
}

func drawTeams(t *rapid.T, w *world) {
	n := rapid.IntRange(0, 4).Draw(t, "groups")
	ids := []string{}
	for i := range n {
		ids = append(ids, fmt.Sprintf("t%d", i+1))
	}
	for i, id := range ids {
		g := team{id: id, name: fmt.Sprintf("team %d", i+1)}
		if chance(t, 3, "odd group name") {
			g.name = rapid.SampledFrom(teamNames).Draw(t, "group name")
		}
		g.users = some(t, w.personIDs(), "member of "+id)
		if rapid.Bool().Draw(t, "nests") {
			g.groups = some(t, ids, "inside "+id)
		}
		w.teams = append(w.teams, g)
	}
	w.assignedGroups = some(t, ids, "assigned")
	if chance(t, 2, "users are assigned") {
		w.assignedUsers = some(t, w.personIDs(), "assigned")
	}
	w.all = chance(t, 10, "everybody is assigned")
}

func drawScope(t *rapid.T, w *world) {
	s := &w.rules.Scope
	rule := scope.GroupRule{Name: rapid.SampledFrom([]string{"team*", "alpha*", "*"}).Draw(t, "rule for")}
	switch rapid.IntRange(0, 6).Draw(t, "scope") {
	case 0:
		rule.Nested = scope.Direct
		s.Groups = append(s.Groups, rule)
	case 1:
		rule.Nested, rule.Depth = scope.Flatten, rapid.IntRange(1, 2).Draw(t, "depth")
		s.Groups = append(s.Groups, rule)
	case 2:
		rule.Exclude = []string{rapid.SampledFrom([]string{"team 2", "alpha-admins", "team*"}).Draw(t, "exclude")}
		s.Groups = append(s.Groups, rule)
	case 3:
		s.Assigned, s.Groups = false, append(s.Groups, rule)
	}
	if chance(t, 6, "filter") {
		w.onlyMembers()
	}
}

func drawRecords(t *rapid.T, w *world) {
	taken := map[string]bool{}
	distinct := !chance(t, 5, "names are held twice")
	for i := range rapid.IntRange(0, 6).Draw(t, "records") {
		r := record{id: fmt.Sprintf("r%d", i+1), active: !chance(t, 4, "inactive"), values: map[string]string{}}
		owner := rapid.SampledFrom(append([]string{"gone1", "gone2"}, w.personIDs()...)).Draw(t, "record of")
		if w.person(owner) != nil {
			r.values = w.values(owner)
		} else {
			r.values = map[string]string{"externalId": owner, "userName": owner + "@x.example", email: owner + "@x.example"}
		}
		switch rapid.IntRange(0, 7).Draw(t, "drift") {
		case 0:
			delete(r.values, "externalId")
		case 1:
			r.values["externalId"] = "foreign"
		case 2:
			r.values["externalId"] = strings.ToUpper(r.values["externalId"])
		case 3:
			r.values["userName"] = rapid.SampledFrom(addresses).Draw(t, "drifted user name")
		case 4:
			r.values[email] = rapid.SampledFrom(addresses).Draw(t, "drifted address")
		case 5:
			r.values["displayName"] = "Somebody"
		}
		for _, key := range []string{"userName", email} { // a directory lets nobody have another's
			if held := key + strings.ToLower(r.values[key]); distinct && taken[held] {
				r.values[key] = r.id + "@y.example"
			}
			taken[key+strings.ToLower(r.values[key])] = true
		}
		if !chance(t, 4, "no account") {
			r.values[plan.AccountColumn] = "account-" + r.id
		}
		w.records = append(w.records, r)
		switch rapid.IntRange(0, 5).Draw(t, "link") {
		case 0, 1, 2:
			w.userLinks = append(w.userLinks, match.Link{Source: owner, Target: r.id})
		case 3:
			w.userLinks = append(w.userLinks, match.Link{Source: rapid.SampledFrom(append([]string{"gone1", "gone2"}, w.personIDs()...)).Draw(t, "linked to"), Target: r.id})
		}
	}
	if len(w.records) > 0 && chance(t, 6, "one record is linked twice") {
		w.userLinks = append(w.userLinks, match.Link{Source: rapid.SampledFrom(append([]string{"gone1"}, w.personIDs()...)).Draw(t, "second link to"), Target: "r1"})
	}
	for _, u := range w.personIDs() {
		if chance(t, 8, "lost link") {
			w.userLinks = append(w.userLinks, match.Link{Source: u, Target: "lost-" + u})
		}
	}
}

func drawSynced(t *rapid.T, w *world) {
	var ids []string
	for _, g := range w.teams {
		ids = append(ids, g.id)
	}
	for i := range rapid.IntRange(0, 5).Draw(t, "synced groups") {
		g := synced{id: fmt.Sprintf("g%d", i+1)}
		owner := rapid.SampledFrom(append([]string{"gone-team"}, ids...)).Draw(t, "group of")
		g.external, g.name = owner, owner
		if of := w.team(owner); of != nil {
			g.name = of.name
		}
		switch rapid.IntRange(0, 6).Draw(t, "group drift") {
		case 0:
			g.external = ""
		case 1:
			g.external = "foreign"
		case 2:
			g.name = rapid.SampledFrom(teamNames[:5]).Draw(t, "other name")
		case 3:
			g.name = strings.ToUpper(g.name)
		}
		for _, r := range w.records {
			if rapid.Bool().Draw(t, "is in the synced group") {
				g.members = append(g.members, r.id)
			}
		}
		g.untold = chance(t, 8, "members not told")
		if g.name == "" || slices.ContainsFunc(w.synced, func(o synced) bool { return strings.EqualFold(o.name, g.name) }) {
			g.name = g.id + "-" + g.name // a directory has no two groups of one name
		}
		w.synced = append(w.synced, g)
		if !chance(t, 3, "not linked") {
			w.groupLinks = append(w.groupLinks, match.Link{Source: owner, Target: g.id})
		}
	}
}

func drawOrganization(t *rapid.T, w *world) {
	for _, name := range []string{"alpha", "team 1"} {
		if !chance(t, 4, "a group of the organization") || slices.ContainsFunc(w.synced, func(o synced) bool { return strings.EqualFold(o.name, name) }) {
			continue
		}
		l := plan.Local{Name: name, Kind: plan.LocalKind(rapid.IntRange(0, 2).Draw(t, "kind")), Told: rapid.Bool().Draw(t, "told")}
		if l.Told {
			l.Members = []plan.LocalMember{{Account: "account-r1", Name: "ada"}, {Account: "by-hand", Name: "hand"}}
		}
		w.local[name] = l
	}
	if chance(t, 3, "policies") {
		w.rules.Policies = []plan.Policy{{Group: "team 1", ID: "p1"}, {Group: "team 2", ID: rapid.SampledFrom([]string{"p1", "p2"}).Draw(t, "policy")}}
		for _, r := range w.records {
			if a := r.values[plan.AccountColumn]; a != "" && !chance(t, 4, "policy not told") {
				w.policyOf[a] = rapid.SampledFrom([]string{"p1", "p2", "default"}).Draw(t, "is in policy")
			}
		}
	}
	if chance(t, 10, "limit of a group") {
		w.limit = 1
	}
}

// shuffled is the same world in another order.
func (w *world) shuffled(t *rapid.T) *world {
	c := w.clone()
	c.people = rapid.Permutation(c.people).Draw(t, "order of users")
	c.teams = rapid.Permutation(c.teams).Draw(t, "order of groups")
	for i := range c.teams {
		c.teams[i].users = rapid.Permutation(c.teams[i].users).Draw(t, "order of members")
		c.teams[i].groups = rapid.Permutation(c.teams[i].groups).Draw(t, "order of nested groups")
	}
	c.assignedUsers = rapid.Permutation(c.assignedUsers).Draw(t, "order of assigned users")
	c.assignedGroups = rapid.Permutation(c.assignedGroups).Draw(t, "order of assigned groups")
	c.records = rapid.Permutation(c.records).Draw(t, "order of records")
	c.synced = rapid.Permutation(c.synced).Draw(t, "order of synced groups")
	for i := range c.synced {
		c.synced[i].members = rapid.Permutation(c.synced[i].members).Draw(t, "order of synced members")
	}
	c.userLinks = rapid.Permutation(c.userLinks).Draw(t, "order of links")
	c.groupLinks = rapid.Permutation(c.groupLinks).Draw(t, "order of links of groups")
	c.local = maps.Clone(w.local)
	return c
}
