package atlassian

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

// jira answers /rest/api/3/… of a site. Data from the SCIM directory shows when it has propagated.
func (c *call) jira(s *site) answer {
	if a, in := c.siteDoor(s); !in {
		return a
	}
	c.base += "/rest/api/3"
	switch {
	case c.is("GET", "group", "member"):
		return c.groupMembers(s)
	case c.is("GET", "group", "bulk"):
		return c.groupsInBulk(s)
	case c.is("GET", "groups", "picker"):
		return c.pickGroups(s)
	case c.is("GET", "user", "search"):
		return c.searchPeople(s)
	case c.is("GET", "users", "search"), c.is("GET", "users"):
		return c.allPeople(s)
	case c.is("GET", "user"):
		return c.onePerson(s)
	case c.is("GET", "user", "groups"):
		return c.groupsOfPerson(s)
	case c.is("GET", "user", "bulk"):
		return c.peopleInBulk(s)
	case c.is("GET", "applicationrole"):
		return c.applicationRoles(s)
	case c.is("GET", "applicationrole", "*"):
		return c.applicationRole(s, c.path[1])
	case c.is("GET", "myself"):
		return c.myself(s)
	case c.is("GET", "serverInfo"):
		return ok(object{
			"baseUrl": "https://" + s.Host, "version": "1001.0.0-SNAPSHOT", "versionNumbers": []int{1001, 0, 0},
			"deploymentType": "Cloud", "serverTitle": s.Host, "serverTime": c.w.at.Format("2006-01-02T15:04:05.000-0700"),
		})
	}
	return jiraError(http.StatusNotFound, "There is no such resource")
}

// window is a part of a list as Jira asks for it: from startAt on, at most maxResults.
func (c *call) window(usual, most int) (start, count int, refused *answer) {
	count = usual
	for name, field := range map[string]*int{"startAt": &start, "maxResults": &count} {
		text := c.query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			a := jiraError(http.StatusBadRequest, name+" must be a number from 0 on")
			return 0, 0, &a
		}
		*field = n
	}
	if c.fault.IgnoreStart {
		start = 0
	}
	if c.fault.IgnoreCount {
		count = usual
	}
	return start, min(count, most), nil
}

// cut is the part of a list in a window.
func cut[T any](list []T, start, count int) []T {
	start = min(start, len(list))
	return list[start:min(start+count, len(list))]
}

// paged is a page in Jira's form.
func (c *call) paged(values []object, start, count, total int) answer {
	last := start+len(values) >= total
	if c.fault.LosePage || values == nil {
		values = []object{}
	}
	at := func(start int) string {
		q := url.Values{}
		maps.Copy(q, c.query)
		q.Set("startAt", strconv.Itoa(start))
		q.Set("maxResults", strconv.Itoa(count))
		return c.base + "/" + join(c.path) + "?" + q.Encode()
	}
	o := object{
		"self": at(start), "maxResults": count, "startAt": start, "total": total, "isLast": last, "values": values,
	}
	if !last {
		o["nextPage"] = at(start + count)
	}
	return ok(o)
}

// bare is a list in Jira's other form, without anything around it.
func (c *call) bare(values []object) answer {
	if c.fault.LosePage || values == nil {
		values = []object{}
	}
	return ok(values)
}

// person is an account as a site shows it.
func (c *call) person(s *site, a *account) object {
	o := object{
		"self": c.base + "/user?accountId=" + url.QueryEscape(a.id), "accountId": a.id, "accountType": "atlassian",
		"displayName": a.name, "active": s.lets(a),
		"avatarUrls": object{"48x48": pictureOf(a) + "?size=48", "16x16": pictureOf(a) + "?size=16"},
	}
	if !s.HidesEmail {
		o["emailAddress"] = a.email
	}
	if a.profile.TimeZone != "" {
		o["timeZone"] = a.profile.TimeZone
	}
	return o
}

// lets tells whether a site lets a person in: the account is active and nobody suspended it.
func (s *site) lets(a *account) bool {
	return a.status == active && a.membership != halted && !a.blocked[s]
}

func notAdministrator() answer {
	return jiraError(http.StatusForbidden, "You need the Administer Jira global permission.")
}
