package entra

import "strings"

func (l *Lab) routeApps(method string, seg []string, name func(int) string) (endpoint, *graphError) {
	e := endpoint{method: "GET", needs: readApps, units: 1}
	switch {
	case len(seg) == 1:
		e.takes, e.serve = "$select $filter $top $count $skiptoken", l.list("servicePrincipal", &l.dir.apps)
		return e, nil
	case len(seg) == 2 && strings.EqualFold(seg[1], "appId="+graphApp):
		e.takes, e.serve = "$select", graphPrincipal
		return e, nil
	case len(seg) == 2:
		e.takes, e.serve = "$select", l.one("servicePrincipal", seg[1])
		return e, nil
	case len(seg) == 3 && name(2) == "approleassignments" && strings.HasPrefix(seg[1], "appId="):
		e.takes, e.serve = "$select $top", l.grantedTo(strings.TrimPrefix(seg[1], "appId="))
		return e, nil
	case len(seg) == 3 && name(2) == "approleassignedto":
		e.takes, e.serve = "$select $top $count $skiptoken", l.assignedTo(seg[1])
		return e, nil
	case name(2) == "synchronization":
		return routeSync(method, seg)
	}
	return e, noSegment(seg[2])
}

// assignedTo answers the assignments of an application. Those of principals in the deleted items are not shown.
func (l *Lab) assignedTo(id string) func(*call) answer {
	return func(c *call) answer {
		if err := selectable(c.opts.sel, "appRoleAssignment"); err != nil {
			return err.answer(c)
		}
		l.mu.RLock()
		defer l.mu.RUnlock()
		app := l.dir.app(id)
		if app == nil {
			return notFound(id).answer(c)
		}
		list := l.dir.assigned[app]
		if list == nil {
			list = &collection{}
		}
		keep := func(o *object) bool {
			who := l.dir.anywhere(o.text("principalId"))
			return who == nil || who.alive()
		}
		return c.cut(listing{
			slots: list.after, keep: keep, context: c.context("servicePrincipals('" + app.id + "')/appRoleAssignedTo"),
			write: c.writer(view{fields: c.opts.sel}),
			total: func() int { return tally(list.list, keep) },
		})
	}
}
