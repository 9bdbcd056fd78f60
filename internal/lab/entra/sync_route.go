package entra

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// syncCall is a call below /servicePrincipals/{id}/synchronization.
type syncCall struct {
	method, path string // a * stands for an id
	needs        []string
	serve        func(c *call, at place) answer
}

// place is what the ids of a call's path name.
type place struct {
	app       string
	id        string // of a job or a template
	directory string // of its schema
}

// syncCalls are the calls for provisioning, with the permissions of their pages.
func syncCalls() []syncCall {
	return []syncCall{
		{"GET", "jobs", readJobs, reading(listJobs)},
		{"POST", "jobs", writeJobs, createJob},
		{"GET", "jobs/*", readJobs, reading(getJob)},
		{"DELETE", "jobs/*", writeJobs, onJob(removeJob)},
		{"POST", "jobs/*/start", writeJobs, onJob(func(_ *call, j *Job) *graphError { return refused(j.Start()) })},
		{"POST", "jobs/*/pause", writeJobs, onJob(func(_ *call, j *Job) *graphError { return refused(j.Pause()) })},
		{"POST", "jobs/*/restart", writeJobs, onJob(restart)},
		{"POST", "jobs/*/validateCredentials", writeJobs, onJob(validateCredentials)},
		{"POST", "jobs/*/provisionOnDemand", writeJobs, provisionOnDemand},
		{"GET", "jobs/*/schema", readSchema, reading(getSchema)},
		{"PUT", "jobs/*/schema", writeJobs, onJob(putSchema)},
		{"PATCH", "jobs/*/schema", writeJobs, onJob(patchSchema)},
		{"GET", "jobs/*/schema/filterOperators", writeJobs, reading(ofJob(filterOperators))},
		{"GET", "jobs/*/schema/functions", writeJobs, reading(ofJob(functions))},
		{"POST", "jobs/*/schema/parseExpression", writeJobs, reading(ofJob(parseExpression))},
		{"POST", "jobs/*/schema/directories/*/discover", discoverers, discover},
		{"GET", "templates", readJobs, reading(listTemplates)},
		{"GET", "templates/*", readJobs, reading(getTemplate)},
		{"GET", "templates/*/schema", readJobs, reading(getTemplateSchema)},
		{"GET", "templates/*/schema/filterOperators", writeJobs, reading(ofTemplate(filterOperators))},
		{"GET", "templates/*/schema/functions", writeJobs, reading(ofTemplate(functions))},
		{"POST", "templates/*/schema/parseExpression", writeJobs, reading(ofTemplate(parseExpression))},
		{"GET", "secrets", readJobs, reading(listSecrets)},
		{"PUT", "secrets", writeJobs, putSecrets},
	}
}

// routeSync finds a call by its path and method; where only the path fits, any of its calls, which is then refused.
func routeSync(method string, seg []string) (endpoint, *graphError) {
	e := endpoint{}
	for _, s := range syncCalls() {
		at, fits := s.fits(seg[3:])
		if !fits {
			continue
		}
		at.app = seg[1]
		e = endpoint{method: s.method, needs: s.needs, serve: func(c *call) answer { return s.serve(c, at) }}
		if s.method == method {
			return e, nil
		}
	}
	if e.serve == nil {
		return e, noSegment(seg[len(seg)-1])
	}
	return e, nil
}

// fits compares a path, in which actions may carry their namespace.
func (s *syncCall) fits(seg []string) (at place, fits bool) {
	parts := strings.Split(s.path, "/")
	if len(parts) != len(seg) {
		return at, false
	}
	for i, p := range parts {
		switch {
		case p == "*" && at.id == "":
			at.id = seg[i]
		case p == "*":
			at.directory = seg[i]
		case !strings.EqualFold(p, strings.TrimPrefix(seg[i], "microsoft.graph.")):
			return at, false
		}
	}
	return at, true
}

// reading finds an application's synchronization and holds it still; one that was never set up has no jobs.
func reading(serve func(c *call, s *synced, at place) answer) func(*call, place) answer {
	return func(c *call, at place) answer {
		c.l.mu.RLock()
		defer c.l.mu.RUnlock()
		o := c.l.dir.app(at.app)
		if o == nil {
			return notFound(at.app).answer(c)
		}
		s := c.l.dir.syncs[o]
		if s == nil {
			s = &synced{secrets: jsontext.Value("[]")}
		}
		return serve(c, s, at)
	}
}

func (c *call) syncContext(app, what string) string {
	return c.base + "/v1.0/$metadata#servicePrincipals('" + strings.TrimPrefix(app, "appId=") + "')/synchronization/" + what
}

func listJobs(c *call, s *synced, at place) answer {
	p := &page{context: c.syncContext(at.app, "jobs"), count: -1, values: [][]byte{}}
	for _, j := range s.jobs.list {
		if j.o != nil {
			p.values = append(p.values, append(view{}.write(nil, j.o), '}'))
		}
	}
	return answer{status: http.StatusOK, page: p}
}

func getJob(c *call, s *synced, at place) answer {
	j := s.jobs.find(at.id)
	if j == nil {
		return notFound(at.id).answer(c)
	}
	return entity(c.syncContext(at.app, "jobs/$entity"), append(view{}.write(nil, j), '}'))
}

func listSecrets(c *call, s *synced, at place) answer {
	b := quote(key([]byte{'{'}, "@odata.context"), c.syncContext(at.app, "secrets"))
	b = append(append(key(b, "value"), s.secrets...), '}')
	return answer{status: http.StatusOK, body: jsontext.Value(b)}
}

func getSchema(c *call, s *synced, at place) answer {
	schema := s.schemas[at.id]
	if schema == nil {
		return notFound(at.id).answer(c)
	}
	return entity(c.syncContext(at.app, "jobs('"+at.id+"')/schema/$entity"), schema)
}
