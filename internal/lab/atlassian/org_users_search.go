package atlassian

import (
	"net/http"
	"slices"
	"strings"
)

// userSearch is what a search for users asks. An empty list asks nothing.
type userSearch struct {
	accountIDs, emails, domains    []string
	groups                         []*group
	noGroup                        bool // groups were named and none exists
	claim, status, account, member []string
	roles, resources               []string
	term                           string
}

// searchUsers answers users/search. One search with expand groups reads the memberships of many people.
func (c *call) searchUsers(directory string) answer {
	body := object{}
	if len(c.body) > 0 {
		var err error
		if body, err = c.read(); err != nil {
			return orgError(http.StatusBadRequest, "ADMIN-400-24", "Bad Request", "The body cannot be read")
		}
	}
	q := userSearch{
		accountIDs: texts(body["accountIds"]), emails: texts(body["emails"]), domains: texts(body["emailDomains"]),
		claim: texts(body["claimStatus"]), status: texts(body["status"]), account: texts(body["accountStatus"]),
		member: texts(body["membershipStatus"]), roles: texts(body["roleIds"]), resources: texts(body["resourceIds"]),
		term: str(body["searchTerm"]),
	}
	if q.term != "" && len(q.emails) > 0 {
		return orgError(http.StatusBadRequest, "ADMIN-400-24", "Bad Request", "emails and searchTerm exclude each other")
	}
	for _, id := range texts(body["groupIds"]) {
		if g := c.w.groupByID[id]; g != nil {
			q.groups = append(q.groups, g)
		} else {
			q.noGroup = true
		}
	}
	q.noGroup = q.noGroup && len(q.groups) == 0
	from, good := c.start("users", str(body["cursor"]))
	if !good {
		return badCursor()
	}
	expand := map[string]bool{}
	for _, e := range texts(body["expand"]) {
		expand[e] = true
	}
	candidates := c.candidates(q)
	var data []any
	next := page(from, len(candidates), c.limit(body["limit"], min(50, c.w.limits.OrgPage), c.w.limits.OrgPage), func(i int) bool {
		a := candidates[i]
		if !shown(a, directory) || !c.wanted(a, q) {
			return false
		}
		data = append(data, c.accountView(a, directory, expand))
		return true
	})
	return c.listV2(data, "users", next)
}

// candidates narrows a search to what an index gives, so that asking for one group does not read all accounts.
func (c *call) candidates(q userSearch) []*account {
	var out []*account
	switch {
	case q.noGroup:
		return nil
	case len(q.accountIDs) > 0:
		for _, id := range q.accountIDs {
			if a := c.w.byID[id]; a != nil {
				out = append(out, a)
			}
		}
	case len(q.emails) > 0:
		for _, e := range q.emails {
			if a := c.w.byEmail[c.w.fold(e)]; a != nil {
				out = append(out, a)
			}
		}
	case len(q.groups) == 1:
		return q.groups[0].members.all()
	default:
		return c.w.accounts
	}
	return out
}

func (c *call) wanted(a *account, q userSearch) bool {
	claim := "unmanaged"
	if c.w.managed(a) {
		claim = "managed"
	}
	_, domain, _ := strings.Cut(a.email, "@")
	fits := func(asked []string, is string) bool {
		return len(asked) == 0 || slices.ContainsFunc(asked, func(s string) bool { return strings.EqualFold(s, is) })
	}
	if !fits(q.accountIDs, a.id) || !fits(q.emails, a.email) || !fits(q.domains, domain) || !fits(q.claim, claim) ||
		!fits(q.status, a.wholeStatus()) || !fits(q.account, a.status) || !fits(q.member, a.membership) {
		return false
	}
	if len(q.groups) > 0 && !slices.ContainsFunc(q.groups, func(g *group) bool { return g.members.has(a) }) {
		return false
	}
	if len(q.roles)+len(q.resources) > 0 && !slices.ContainsFunc(a.groups.all(), func(g *group) bool { return grants(g, q.roles, q.resources) }) {
		return false
	}
	term := strings.ToLower(q.term)
	return term == "" || strings.Contains(strings.ToLower(a.name), term) || strings.Contains(strings.ToLower(a.email), term)
}

// grants tells whether a group gives one of the roles on one of the resources.
func grants(g *group, roles, resources []string) bool {
	return slices.ContainsFunc(g.grants, func(gr *grant) bool {
		return (len(roles) == 0 || slices.Contains(roles, gr.role)) && (len(resources) == 0 || slices.Contains(resources, gr.resource))
	})
}

// texts reads a list of texts; a single one stands for itself.
func texts(v any) []string {
	switch v := v.(type) {
	case string:
		return []string{v}
	case []any:
		var out []string
		for _, x := range v {
			if s := str(x); s != "" {
				out = append(out, s)
			}
		}
		return out
	}
	return nil
}
