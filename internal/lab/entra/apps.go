package entra

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

func (l *Lab) routeApps(seg []string, name func(int) string) (endpoint, *graphError) {
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
		e.needs, e.units = readJobs, 0
		return l.routeSync(e, seg, name)
	}
	return e, noSegment(seg[2])
}

func (l *Lab) routeSync(e endpoint, seg []string, name func(int) string) (endpoint, *graphError) {
	switch {
	case len(seg) == 4 && name(3) == "jobs":
		e.serve = l.withSync(seg[1], func(c *call, s *synced) answer {
			p := &page{context: c.syncContext(seg[1], "jobs"), count: -1, values: [][]byte{}}
			for _, j := range s.jobs.list {
				p.values = append(p.values, append(view{}.write(nil, j.o), '}'))
			}
			return answer{status: http.StatusOK, page: p}
		})
	case len(seg) == 5 && name(3) == "jobs":
		e.serve = l.withSync(seg[1], func(c *call, s *synced) answer {
			j := s.jobs.find(seg[4])
			if j == nil {
				return notFound(seg[4]).answer(c)
			}
			return entity(c.syncContext(seg[1], "jobs/$entity"), append(view{}.write(nil, j), '}'))
		})
	case len(seg) == 6 && name(3) == "jobs" && name(5) == "schema":
		e.needs = readSchema
		e.serve = l.withSync(seg[1], func(c *call, s *synced) answer {
			schema := s.schemas[seg[4]]
			if schema == nil {
				return notFound(seg[4]).answer(c)
			}
			return entity(c.syncContext(seg[1], "jobs('"+seg[4]+"')/schema/$entity"), schema)
		})
	case len(seg) == 4 && name(3) == "secrets":
		e.serve = l.withSync(seg[1], func(c *call, s *synced) answer {
			b := quote(key([]byte{'{'}, "@odata.context"), c.syncContext(seg[1], "secrets"))
			b = append(append(key(b, "value"), s.secrets...), '}')
			return answer{status: http.StatusOK, body: jsontext.Value(b)}
		})
	default:
		return e, noSegment(seg[len(seg)-1])
	}
	return e, nil
}

func (c *call) syncContext(app, what string) string {
	return c.base + "/v1.0/$metadata#servicePrincipals('" + strings.TrimPrefix(app, "appId=") + "')/synchronization/" + what
}

// withSync finds an application's synchronization; one that was never set up has no jobs.
func (l *Lab) withSync(id string, serve func(*call, *synced) answer) func(*call) answer {
	return func(c *call) answer {
		l.mu.RLock()
		defer l.mu.RUnlock()
		app := l.dir.app(id)
		if app == nil {
			return notFound(id).answer(c)
		}
		s := l.dir.syncs[app]
		if s == nil {
			s = &synced{secrets: jsontext.Value("[]")}
		}
		return serve(c, s)
	}
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
