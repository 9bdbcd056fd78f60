package entra

import (
	"errors"
	"net/http"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// onJob lets a call act on the service's job: that of [Lab.Provision], or one that the tenant has and that the service
// takes over now. A call that worked has nothing to say.
func onJob(do func(*call, *Job) *graphError) func(*call, place) answer {
	return func(c *call, at place) answer {
		j, err := c.l.job(at)
		if err == nil {
			err = do(c, j)
		}
		if err != nil {
			return err.answer(c)
		}
		return answer{status: http.StatusNoContent}
	}
}

func (l *Lab) job(at place) (*Job, *graphError) {
	l.mu.RLock()
	o := l.dir.app(at.app)
	known := o != nil && l.dir.syncs[o] != nil && l.dir.syncs[o].jobs.find(at.id) != nil
	var j *Job
	for _, x := range l.provisioned {
		if x.app == o {
			j = x
		}
	}
	l.mu.RUnlock()
	if !known {
		return nil, notFound(at.id)
	}
	if j == nil {
		var err error
		if j, err = l.Provision(at.app, Provisioning{Through: l.way()}); err != nil {
			return nil, badRequest("%v", err)
		}
	}
	if !strings.EqualFold(j.id, at.id) {
		return nil, badRequest("The lab works for one job of an application: %s.", j.id)
	}
	return j, nil
}

// way leads to the targets of jobs that calls of Graph set up.
func (l *Lab) way() http.RoundTripper {
	if l.Through == nil {
		return nowhere{}
	}
	return l.Through
}

// nowhere is the way of a lab that has none.
type nowhere struct{}

func (nowhere) RoundTrip(*http.Request) (*http.Response, error) {
	return nil, errors.New("no request leaves the lab")
}

// refused is what a call says of a job that cannot do it.
func refused(err error) *graphError {
	switch {
	case errors.Is(err, ErrUnknown):
		return &graphError{status: http.StatusNotFound, code: "Request_ResourceNotFound", message: err.Error()}
	case err != nil:
		return badRequest("%v", err)
	}
	return nil
}

// createJob makes a job, disabled, with the schema of its template. The page's text and an issue of 2020 say 201, the
// page's example 200.
func createJob(c *call, at place) answer {
	var in struct {
		Template string `json:"templateId"`
	}
	err := c.body(&in)
	if err == nil && !rules.Known(in.Template) {
		err = badRequest("The application has no synchronization template '%s'.", in.Template)
	}
	if err != nil {
		return err.answer(c)
	}
	if a := reading(listJobs)(c, at); a.status != http.StatusOK || len(a.page.values) > 0 {
		if a.status == http.StatusOK { // what the service says to a second job was not found
			return badRequest("The lab works for one job of an application.").answer(c)
		}
		return a
	}
	j, broken := c.l.Provision(at.app, Provisioning{Template: in.Template, Through: c.l.way()})
	if broken != nil {
		return badRequest("%v", broken).answer(c)
	}
	a := reading(getJob)(c, place{app: at.app, id: j.ID()})
	a.status = http.StatusCreated
	return a
}

func removeJob(_ *call, j *Job) *graphError { return refused(j.Delete()) }

// resets are the words of resetScope.
var resets = map[string]Reset{
	"none": 0, "connectordatastore": ResetLinks, "escrows": ResetEscrows, "watermark": ResetWatermark, "quarantinestate": ResetQuarantine,
	"full": ResetFull, "forcedeletes": ForceDeletes,
}

// restart reads what is to be reset. Nothing is what the portal's button resets, says the page of the criteria.
func restart(c *call, j *Job) *graphError {
	var in struct {
		Criteria struct {
			Scope string `json:"resetScope"`
		} `json:"criteria"`
	}
	if c.r.ContentLength != 0 {
		if err := c.body(&in); err != nil {
			return err
		}
	}
	what := Restarted
	if in.Criteria.Scope != "" {
		what = 0
		for word := range strings.SplitSeq(in.Criteria.Scope, ",") {
			r, known := resets[fold(strings.TrimSpace(word))]
			if !known {
				return badRequest("Requested value '%s' was not found.", strings.TrimSpace(word))
			}
			what |= r
		}
	}
	return refused(j.Restart(what))
}
