package entra

import (
	"errors"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// verdict is what a cycle does with an object.
type verdict int

const (
	leave   verdict = iota // nothing, and nothing is said
	skip                   // not in scope: an entry in the log
	provide                // match, create or update
	turnOff                // PATCH active
	erase                  // DELETE
	staged                 // would be disabled or deleted, held by the threshold
)

// judge decides about an object; staging comes after it.
func (c *cycle) judge(e *sourceObject) verdict {
	k, ln := c.kind(e), c.links[e.id]
	switch {
	case ln == nil && e.inScope():
		return provide
	case ln == nil && e.alive && !(c.set.Readings.QuietAboutUnassigned && !e.assigned):
		return skip
	case ln == nil:
		return leave
	case e.purged && ln.managed:
		return c.able(k.Deletes, erase)
	case e.purged || !ln.managed && !e.inScope():
		return leave
	case !e.softDeleted() && e.verdict.Input:
		return provide
	case !e.verdict.Input && e.alive && e.enabled:
		return leave // input filters do not deprovision
	case e.outOfScope() && c.secrets.is("SkipOutOfScopeDeletions"):
		return skip
	case k.Disables():
		if ln.inactive && !c.full { // a full cycle looks at everybody whom the service has links of
			return leave
		}
		return turnOff
	}
	return c.able(k.Deletes, erase)
}

func (c *cycle) able(can bool, v verdict) verdict {
	if can {
		return v
	}
	return leave
}

func (c *cycle) kind(e *sourceObject) *rules.Kind {
	if e.kind == "Group" {
		return &c.plan.Groups
	}
	return &c.plan.Users
}

// stage counts what the cycle would disable or delete. Above the threshold nothing of it is done and the job is held.
func (c *cycle) stage() {
	most := c.secrets.threshold()
	if most == 0 || c.force {
		return
	}
	n := 0
	for _, e := range slices.Concat(c.users, c.groups) {
		if v := c.judge(e); v == turnOff || v == erase {
			n++
		}
	}
	if n <= most {
		return
	}
	c.stop = &jobError{"TooManyDeletes", "The number of objects that would be deleted or disabled exceeds the threshold for accidental deletions.", true}
}

// held tells whether the threshold holds deletions in this cycle.
func (c *cycle) held() bool { return c.stop != nil && c.stop.Code == "TooManyDeletes" }

// object carries out the verdict on one object. Only what stops the cycle is an error.
func (c *cycle) object(e *sourceObject) error {
	v := c.judge(e)
	if (v == turnOff || v == erase) && c.held() {
		v = staged
	}
	if e.inScope() {
		c.run.Entitled++
		c.run.EntitledFor++
	}
	var err error
	switch v {
	case leave:
	case skip:
		c.logSkip(e)
		delete(c.escrow, e.id)
	case staged:
		c.logStaged(e)
	case erase:
		err = c.delete(e)
	case provide, turnOff:
		err = c.export(e, v)
	}
	if ln := c.links[e.id]; ln != nil && !e.purged {
		if ln.deleted && e.alive {
			ln.returned = c.cycles
		}
		ln.deleted = !e.alive
		ln.stale = ln.stale || e.kind == "Group" && !e.inScope()
		if ln.inactive && e.outOfScope() {
			ln.managed = false
		}
	}
	return err
}

// delete removes an object from the target. One that is not there any more counts as removed.
func (c *cycle) delete(e *sourceObject) error {
	ln := c.links[e.id]
	if e.report == "" {
		e.report, e.name = ln.report, ln.name
	}
	c.run.Exports++
	err := c.patiently(func() error { return c.to.Delete(c.ctx, e.kind, ln.id) })
	var f *outbound.Failure
	if errors.As(err, &f) && f.Status == 404 {
		err = nil
	}
	if err != nil {
		return c.failure(e, "delete", err, true)
	}
	c.run.Exported++
	delete(c.links, e.id)
	delete(c.escrow, e.id)
	c.logDelete(e, ln)
	return nil
}

// fields computes the values that the target should have, in the mapping's order. Null values do not flow.
func (c *cycle) fields(e *sourceObject) []computed {
	var out []computed
	for _, r := range c.kind(e).Rows {
		if r.Reference != "" {
			continue
		}
		v, flows := r.From.Eval(e.get)
		if !flows {
			continue
		}
		out = append(out, computed{r, v})
	}
	return out
}

// computed is an attribute mapping with its value.
type computed struct {
	rules.Row
	value []string
}

// atAdd is the value at creation: there the default stands in for null.
func (f computed) atAdd() []string {
	if len(f.value) == 0 && f.Default != nil {
		return []string{*f.Default}
	}
	return f.value
}

func (f computed) field(v []string) outbound.Field {
	return outbound.Field{Target: f.Target, Value: v, Type: f.Type, Assertive: f.From.Calls("AssertiveAppRoleAssignmentsComplex")}
}

// changes are the attributes that are to be written: what changed in Entra since it was last written (everything in a
// full cycle) and differs from what the target has. A disabled object gets nothing but what follows from that.
func (c *cycle) changes(e *sourceObject, now outbound.Resource, v verdict) []outbound.Change {
	ln := c.links[e.id]
	var out []outbound.Change
	for _, f := range c.fields(e) {
		value := f.value
		if f.From.Empty() {
			value = f.atAdd()
		}
		have := now.Value(f.Target)
		switch {
		case len(value) == 0 || f.OnlyAtAdd || f.OnlyIfEmpty && have != nil:
		case v == turnOff && !f.From.Reads("IsSoftDeleted") && !strings.EqualFold(f.Target, "active"):
		case !c.full && !f.FlowsAlways && ln.sent != nil && slices.Equal(ln.sent[f.Target], value):
		case !f.field(value).Holds(have):
			out = append(out, outbound.Change{Field: f.field(value), Had: have != nil})
		}
	}
	return out
}
