package entra

import (
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// syncCall is a call below /servicePrincipals/{id}/synchronization.
type syncCall struct {
	method, path string // a * stands for the id of a job or a template
	needs        []string
	serve        func(c *call, app, id string) answer
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
		id, fits := s.fits(seg[3:])
		if !fits {
			continue
		}
		e = endpoint{method: s.method, needs: s.needs, serve: func(c *call) answer { return s.serve(c, seg[1], id) }}
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
func (s *syncCall) fits(seg []string) (id string, fits bool) {
	parts := strings.Split(s.path, "/")
	if len(parts) != len(seg) {
		return "", false
	}
	for i, p := range parts {
		switch {
		case p == "*":
			id = seg[i]
		case !strings.EqualFold(p, strings.TrimPrefix(seg[i], "microsoft.graph.")):
			return "", false
		}
	}
	return id, true
}

// reading finds an application's synchronization and holds it still; one that was never set up has no jobs.
func reading(serve func(c *call, s *synced, app, id string) answer) func(*call, string, string) answer {
	return func(c *call, app, id string) answer {
		c.l.mu.RLock()
		defer c.l.mu.RUnlock()
		o := c.l.dir.app(app)
		if o == nil {
			return notFound(app).answer(c)
		}
		s := c.l.dir.syncs[o]
		if s == nil {
			s = &synced{secrets: jsontext.Value("[]")}
		}
		return serve(c, s, app, id)
	}
}

func (c *call) syncContext(app, what string) string {
	return c.base + "/v1.0/$metadata#servicePrincipals('" + strings.TrimPrefix(app, "appId=") + "')/synchronization/" + what
}

func listJobs(c *call, s *synced, app, _ string) answer {
	p := &page{context: c.syncContext(app, "jobs"), count: -1, values: [][]byte{}}
	for _, j := range s.jobs.list {
		if j.o != nil {
			p.values = append(p.values, append(view{}.write(nil, j.o), '}'))
		}
	}
	return answer{status: http.StatusOK, page: p}
}

func getJob(c *call, s *synced, app, id string) answer {
	j := s.jobs.find(id)
	if j == nil {
		return notFound(id).answer(c)
	}
	return entity(c.syncContext(app, "jobs/$entity"), append(view{}.write(nil, j), '}'))
}

func listSecrets(c *call, s *synced, app, _ string) answer {
	b := quote(key([]byte{'{'}, "@odata.context"), c.syncContext(app, "secrets"))
	b = append(append(key(b, "value"), s.secrets...), '}')
	return answer{status: http.StatusOK, body: jsontext.Value(b)}
}

func getSchema(c *call, s *synced, app, id string) answer {
	schema := s.schemas[id]
	if schema == nil {
		return notFound(id).answer(c)
	}
	return entity(c.syncContext(app, "jobs('"+id+"')/schema/$entity"), schema)
}
