package entra

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// cycle is one run of a job, from what it read to what it did.
type cycle struct {
	*Job
	ctx     context.Context
	to      *outbound.Client
	full    bool // an initial cycle, or one after a restart
	began   time.Time
	id      string
	secrets secrets

	users, groups []*sourceObject    // to be evaluated, in the directory's order
	changed       map[string][]delta // group -> whose membership changed
	bosses        map[string]bool    // users whose manager is to be written
	probed        bool
	force         bool

	records int      // entries of the log so far
	last    *summary // the newest
	run     execution
	failed  int       // failures of this cycle that are no references
	broken  int       // failures of references
	stop    *jobError // the job as a whole cannot work
}

// delta is a member that came or went.
type delta struct {
	member string
	in     bool
}

// errStopped ends a cycle whose target cannot be talked to.
var errStopped = errors.New("the cycle stopped")

// tick runs a cycle if one is due.
func (j *Job) tick(ctx context.Context) (bool, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	now := j.l.now()
	if !j.state.on() || now.Before(j.due) {
		return false, nil
	}
	if over := j.overdue(now); over {
		return false, j.update(func() { j.state.Schedule.State, j.state.Status.Code = "Disabled", "Paused" })
	}
	return true, j.cycle(ctx, now)
}

// cycle runs one. The caller holds the job's lock.
func (j *Job) cycle(ctx context.Context, now time.Time) error {
	c := &cycle{Job: j, ctx: ctx, full: j.watermark < 0, began: now, force: j.force, bosses: map[string]bool{}, changed: map[string][]delta{}}
	mark, seen, err := c.read()
	if err != nil {
		return err
	}
	j.cycles++
	err = c.work()
	if err != nil && !errors.Is(err, errStopped) {
		return err // the caller's context ended: nothing of it counts, and the next cycle does it again
	}
	if err == nil && !c.held() { // what the threshold holds is found again by the next attempt
		j.watermark, j.seen, j.force = mark, seen, false
	}
	return j.update(func() { c.conclude(err == nil) })
}

// work carries out what was read.
func (c *cycle) work() error {
	if len(c.users)+len(c.groups)+len(c.changed) == 0 && c.state.Status.Quarantine == nil {
		return nil // nothing changed: not a single request
	}
	if err := c.probe(); err != nil {
		return err
	}
	c.stage()
	for _, list := range [][]*sourceObject{c.users, c.groups} {
		for _, e := range list {
			if err := c.object(e); err != nil {
				return err
			}
		}
	}
	return c.references()
}

// update changes the job's state and shows it.
func (j *Job) update(change func()) error {
	j.l.mu.Lock()
	defer j.l.mu.Unlock()
	change()
	return j.publish()
}

// probe asks for a random user and group, which checks address and credentials.
func (c *cycle) probe() error {
	c.probed = true
	return c.test(refusesAll)
}

// test asks for a random user and group. What counts as a refusal of everything stops the job.
func (c *cycle) test(refusal func(error) *jobError) error {
	if len(c.plan.Users.Matching) == 0 && len(c.plan.Groups.Matching) == 0 {
		c.stop = &jobError{"ConfigurationError", "The schema has no matching attribute.", true}
		return errStopped
	}
	for _, k := range []*struct {
		kind, attribute string
	}{{"User", first(c.plan.Users.Matching)}, {"Group", first(c.plan.Groups.Matching)}} {
		if k.attribute == "" || k.kind == "Group" && !c.plan.Groups.On {
			continue
		}
		_, err := c.find(k.kind, outbound.Equals(k.attribute, guid(0x70, uint64(c.cycles))))
		if err == nil {
			continue
		}
		if err := c.ctx.Err(); err != nil {
			return err
		}
		if c.stop = refusal(err); c.stop != nil {
			return errStopped
		}
	}
	return nil
}

// refusesAll tells whether a refused probe stops the whole job, which goes into quarantine at once. Other answers
// are errors of single objects.
func refusesAll(err error) *jobError {
	var f *outbound.Failure
	if !errors.As(err, &f) {
		return nil
	}
	switch {
	case f.Status == 401 || f.Status == 403:
		return &jobError{"SystemForCrossDomainIdentityManagementCredentialValidationFailure", "You appear to have entered invalid credentials. Please confirm you are using the correct information for an administrative account. " + httpText(f), true}
	case f.Status == 404:
		return &jobError{"SystemForCrossDomainIdentityManagementServiceIncompatible", "The SCIM endpoint is not fully compatible with the Azure Active Directory SCIM client. " + httpText(f), true}
	case f.Status == 200:
		return &jobError{"SystemForCrossDomainIdentityManagementServiceIncompatible", fmt.Sprintf("An HTTP/%d answer was no ListResponse. %v", f.Status, f.Err), true}
	case f.Status == 0:
		return &jobError{"SystemForCrossDomainIdentityManagementCredentialValidationUnavailable", fmt.Sprintf("We received this unexpected response from your application: %v", f.Err), true}
	}
	return nil
}

// find lists, and waits where the target asks for it.
func (c *cycle) find(kind, filter string) (list []outbound.Resource, err error) {
	err = c.patiently(func() error { list, err = c.to.Find(c.ctx, kind, filter); return err })
	return list, err
}

// patiently sends a request again after the pause that a 429 asks for, as the service does since about 2023.
func (c *cycle) patiently(send func() error) error {
	const times = 3
	for n := 0; ; n++ {
		err := send()
		var f *outbound.Failure
		if err == nil || !errors.As(err, &f) || f.Status != 429 || f.RetryAfter == 0 || n == times {
			return err
		}
		if err := c.l.wait(c.ctx, f.RetryAfter); err != nil {
			return err
		}
	}
}
