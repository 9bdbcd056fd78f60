package entra

import (
	"errors"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// demanded is the body of provisionOnDemand.
type demanded struct {
	Parameters []struct {
		Rule     string `json:"ruleId"`
		Subjects []struct {
			ID    string `json:"objectId"`
			Type  string `json:"objectTypeName"`
			Links struct {
				Members []struct {
					ID string `json:"objectId"`
				} `json:"members"`
			} `json:"links"`
		} `json:"subjects"`
	} `json:"parameters"`
}

// demandLimit is how many calls for provisioning on demand an application may make in ten seconds.
const demandLimit = 5

// provisionOnDemand provisions one object now and tells what became of it. The portal's page takes one user, or one
// group with members; what the service says to more was not found.
func provisionOnDemand(c *call, at place) answer {
	j, err := c.l.job(at)
	if err != nil {
		return err.answer(c)
	}
	if oldest, over := c.l.wire.report("on demand "+c.who.Client, c.at, demandLimit); over && !c.l.Limits.Off {
		return c.l.slowDown(oldest.Add(window).Sub(c.at)).answer(c)
	}
	var in demanded
	if err := c.body(&in); err != nil {
		return err.answer(c)
	}
	if len(in.Parameters) != 1 || len(in.Parameters[0].Subjects) != 1 {
		return badRequest("One rule and one subject can be provisioned on demand.").answer(c)
	}
	p := in.Parameters[0]
	if rule := j.rule(); p.Rule != rule {
		return badRequest("The job has no synchronization rule '%s'.", p.Rule).answer(c)
	}
	var members []string
	for _, m := range p.Subjects[0].Links.Members {
		members = append(members, m.ID)
	}
	o, broken := j.ProvisionOnDemand(c.r.Context(), p.Subjects[0].ID, members...)
	if broken != nil {
		if errors.Is(broken, ErrUnknown) {
			return notFound(p.Subjects[0].ID).answer(c)
		}
		return badRequest("%v", broken).answer(c)
	}
	raw, _ := json.Marshal(o, jsontext.AllowInvalidUTF8(true)) // two texts
	return entity(c.base+"/v1.0/$metadata#microsoft.graph.stringKeyStringValuePair", raw)
}

// rule is the id of the rule that the job carries out.
func (j *Job) rule() string {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.l.mu.RLock()
	defer j.l.mu.RUnlock()
	if j.compile(j.l.dir.sync(j.app).schemas[j.id]) != nil {
		return ""
	}
	return j.plan.RuleID
}
