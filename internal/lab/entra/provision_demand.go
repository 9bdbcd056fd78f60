package entra

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Outcome is the answer of provisionOnDemand: two texts that hold JSON.
type Outcome struct {
	Result string `json:"-"` // Success, Skipped, Failure
	Key    string `json:"key"`
	Value  string `json:"value"`
}

// maxOnDemand is how many members of a group can be provisioned on demand.
const maxOnDemand = 5

// ProvisionOnDemand provisions one user, or one group with up to five of its members, now. It writes for real. The
// flag for newer PATCH shapes does not apply. A job in any state can do it.
func (j *Job) ProvisionOnDemand(ctx context.Context, object string, members ...string) (Outcome, error) {
	if len(members) > maxOnDemand {
		return Outcome{}, fmt.Errorf("provisioning on demand: %d members, at most %d can be named", len(members), maxOnDemand)
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	c := &cycle{Job: j, ctx: ctx, full: true, began: j.l.now(), bosses: map[string]bool{}, changed: map[string][]delta{}}
	e, err := c.subject(object, members)
	if err != nil {
		return Outcome{}, fmt.Errorf("provisioning on demand: %w", err)
	}
	if err = c.probe(); err == nil {
		if err = c.object(e); err == nil && e.kind == "User" {
			err = c.references()
		}
		if ln := j.links[e.id]; err == nil && e.kind == "Group" && ln != nil {
			err = c.onlyThese(e, ln, members)
		}
	}
	if c.stop != nil {
		return Outcome{"Failure", result("Failure", c.stop.Code, c.stop.Message), "{}"}, nil
	}
	if err != nil {
		return Outcome{}, fmt.Errorf("provisioning on demand: %w", err)
	}
	return c.outcome(e), nil
}

// onlyThese writes the named members alone and leaves the others as they are.
func (c *cycle) onlyThese(e *sourceObject, ln *link, members []string) error {
	w := &filling{cycle: c, group: e, link: ln}
	if ln.members == nil {
		ln.members = map[string]string{}
	}
	for _, m := range members {
		if err := w.sort(delta{m, true}); err != nil {
			return err
		}
	}
	return w.send()
}

// subject reads the object and makes the cycle ready for it.
func (c *cycle) subject(id string, members []string) (*sourceObject, error) {
	l := c.l
	l.mu.Lock()
	o := l.dir.findUser(id)
	if o == nil {
		o = l.dir.groups.find(id)
	}
	l.mu.Unlock()
	if o == nil {
		return nil, fmt.Errorf("%q: %w", id, ErrUnknown)
	}
	mark, was := c.watermark, c.full
	c.watermark, c.full = 0, false
	if _, _, err := c.read(); err != nil {
		return nil, err
	}
	c.watermark, c.full = mark, was
	c.users, c.groups, c.changed, c.to.Strict = nil, nil, map[string][]delta{}, false
	l.mu.RLock()
	defer l.mu.RUnlock()
	s := c.scope(c.secrets.is("SyncAll"))
	e := c.entry(o, &s)
	if e.kind == "User" {
		c.users = []*sourceObject{e}
		return e, nil
	}
	for _, m := range members {
		if _, is := e.kinds[m]; !is {
			return nil, fmt.Errorf("%q is no direct member of the group %s", m, e.name)
		}
	}
	return e, nil
}

func result(result, code, message string) string {
	b := key([]byte{'{'}, "result")
	b = key(quote(b, result), "details")
	b = append(b, '{')
	if code != "" {
		b = quote(key(b, "errorCode"), code)
		b = quote(key(b, "errorMessage"), message)
	}
	return string(append(b, '}', '}'))
}

// outcome tells the last record of the log in the words of the answer.
func (c *cycle) outcome(e *sourceObject) Outcome {
	s := c.last
	if s == nil {
		return Outcome{"Skipped", result("Skipped", "EntrySynchronizationSkipped", "Nothing was to be done."), "{}"}
	}
	title := func(t string) string { return strings.ToUpper(t[:1]) + t[1:] }
	code, message := "", ""
	if last := s.Steps[len(s.Steps)-1]; s.Status.Status == "skipped" {
		var d struct{ SkipReason string }
		if json.Unmarshal(last.Details, &d) == nil {
			code, message = d.SkipReason, last.Description
		}
	}
	if s.Status.Error != nil {
		code, message = s.Status.Error.Code, s.Status.Error.Reason
	}
	type demandStep struct {
		Name        string         `json:"name"`
		Type        string         `json:"type"`
		Status      string         `json:"status"`
		Description string         `json:"description"`
		Timestamp   string         `json:"timestamp"`
		Details     jsontext.Value `json:"details"`
	}
	steps := []demandStep{}
	for _, x := range s.Steps {
		steps = append(steps, demandStep{x.Name, title(x.Type), title(x.Status), x.Description, s.At, x.Details})
	}
	side := func(id, name string) map[string]any {
		return map[string]any{"id": maybe(id), "name": name, "details": nil}
	}
	of := func(i identity) map[string]any {
		return map[string]any{"id": i.ID, "type": i.Type, "displayName": maybe(i.Name), "details": i.Details}
	}
	v, err := json.Marshal(map[string]any{
		"action": title(s.Action), "changeId": s.Change, "startTime": precise(c.began), "endTime": s.At, "modifiedProperties": s.Modified,
		"provisioningSteps": steps, "reportableIdentifier": e.report,
		"statusInfo": map[string]any{
			"status": title(s.Status.Status), "errorCode": maybe(code), "reason": maybe(message), "additionalDetails": nil, "errorCategory": nil, "recommendedAction": nil,
		},
		"sourceIdentity": of(s.Source), "sourceSystem": side("", s.SourceSys.Name), "targetIdentity": of(s.Target), "targetSystem": side("", s.TargetSys.Name),
	}, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		v = []byte("{}")
	}
	return Outcome{title(s.Status.Status), result(title(s.Status.Status), code, message), string(v)}
}
