package entra

import (
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// export matches, creates, updates or disables one object.
func (c *cycle) export(e *sourceObject, v verdict) error {
	ln := c.links[e.id]
	var now outbound.Resource
	var err error
	if ln != nil {
		err = c.patiently(func() error { now, err = c.to.Get(c.ctx, e.kind, ln.id); return err })
		if err != nil {
			return c.failure(e, "read", err, v == turnOff)
		}
	} else {
		var done bool
		if now, done, err = c.match(e); done || err != nil {
			return err
		}
		if now == nil {
			return c.create(e)
		}
		ln = &link{kind: e.kind, id: now.ID(), report: e.report, name: e.name, managed: true}
		c.links[e.id] = ln
	}
	changes := c.changes(e, now, v)
	if len(changes) > 0 && !c.kind(e).Updates {
		changes = nil
	}
	if len(changes) == 0 {
		c.sent(e, ln, v)
		c.logRedundant(e, ln, now)
		return nil
	}
	c.run.Exports++
	if err := c.patiently(func() error { return c.to.Patch(c.ctx, e.kind, ln.id, outbound.Update(changes, c.to.Strict)) }); err != nil {
		return c.failure(e, action(v), err, v == turnOff)
	}
	c.run.Exported++
	c.sent(e, ln, v)
	c.logUpdate(e, ln, now, changes, v)
	return nil
}

func action(v verdict) string {
	if v == turnOff {
		return "disable"
	}
	return "update"
}

// sent remembers what the target was given.
func (c *cycle) sent(e *sourceObject, ln *link, v verdict) {
	delete(c.escrow, e.id)
	ln.report, ln.name = e.report, e.name
	ln.inactive = v == turnOff
	ln.managed = !(v == turnOff && e.outOfScope()) // somebody disabled or deleted in Entra stays in scope
	if v == turnOff && ln.sent != nil {
		for _, f := range c.fields(e) {
			if f.From.Reads("IsSoftDeleted") {
				ln.sent[f.Target] = f.value
			}
		}
		return
	}
	ln.sent = map[string][]string{}
	for _, f := range c.fields(e) {
		if len(f.value) > 0 {
			ln.sent[f.Target] = f.value
		}
	}
}

// match looks for the object at the target by the matching attributes in order, until one hits. Done tells that the
// object is settled: it cannot be matched.
func (c *cycle) match(e *sourceObject) (found outbound.Resource, done bool, err error) {
	asked := false
	for _, r := range c.kind(e).Matching {
		v, _ := r.From.Eval(e.get)
		if len(v) == 0 || v[0] == "" {
			continue
		}
		asked = true
		if !c.set.Readings.SpecialCharactersMatch && strings.ContainsAny(v[0], `"\#&+%`) {
			return nil, true, c.refused(e, "match", trouble{
				code: "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering", reason: "The filter for " + r.Target + " could not be built from the value " + v[0] + ".",
			})
		}
		list, err := c.find(e.kind, outbound.Equals(r.Target, v[0]))
		if err != nil {
			return nil, true, c.failure(e, "match", err, false)
		}
		switch len(list) {
		case 0:
		case 1:
			return list[0], false, nil
		default:
			return nil, true, c.refused(e, "match", trouble{
				code: "DuplicateTargetEntries", step: "Failed to match an entry in the source and target systems " + e.kind + " '" + e.report + "'",
				reason: "More than one " + strings.ToLower(e.kind) + " in " + c.plan.Target + " has the value of the matching attribute " + r.Target + ".",
			})
		}
	}
	if !asked {
		c.logImportSkipped(e)
		return nil, true, nil
	}
	return nil, false, nil
}

// create makes the object at the target, without references.
func (c *cycle) create(e *sourceObject) error {
	if !c.kind(e).Adds {
		return nil
	}
	var fields []outbound.Field
	for _, f := range c.fields(e) {
		if v := f.atAdd(); len(v) > 0 {
			fields = append(fields, f.field(v))
		}
	}
	body := outbound.NewUser(fields)
	if e.kind == "Group" {
		body = outbound.NewGroup(fields)
	}
	c.run.Exports++
	var made outbound.Resource
	var err error
	err = c.patiently(func() error { made, err = c.to.Create(c.ctx, e.kind, body); return err })
	if err != nil {
		return c.failure(e, "create", err, false, fields...)
	}
	c.run.Exported++
	ln := &link{kind: e.kind, id: made.ID(), report: e.report, name: e.name, managed: true}
	c.links[e.id] = ln
	c.sent(e, ln, provide)
	c.logCreate(e, ln, fields)
	return nil
}
