package entra

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/rules"
)

// sourceObject is one object as a cycle found it: read once, under the tenant's lock, so that a cycle judges one
// moment however long its requests take.
type sourceObject struct {
	id, kind   string // User or Group
	name       string // displayName
	report     string // how the log calls it: a user by userPrincipalName
	alive      bool
	purged     bool // gone for good
	enabled    bool
	assigned   bool // or the scope is everybody
	entitled   bool // through a role that provisions
	verdict    rules.Verdict
	values     map[string][]string // attributes that mappings and filters read
	members    []string            // of a group: direct members, in their order
	kinds      map[string]string   // their types
	attributes []string            // the keys of values, in the order of the mappings
}

// softDeleted is the computed attribute IsSoftDeleted.
func (e *sourceObject) softDeleted() bool {
	return !e.alive || !e.enabled || !e.assigned || !e.entitled || !e.verdict.In
}

// inScope tells whether the object is to be provisioned.
func (e *sourceObject) inScope() bool { return !e.softDeleted() && e.verdict.Input }

// outOfScope tells whether it is there but not wanted.
func (e *sourceObject) outOfScope() bool {
	return e.alive && (!e.assigned || !e.entitled || !e.verdict.In)
}

// get gives an attribute to an expression.
func (e *sourceObject) get(name string) []string {
	if strings.EqualFold(name, "IsSoftDeleted") {
		if e.softDeleted() {
			return []string{"True"}
		}
		return []string{"False"}
	}
	return e.values[strings.ToLower(name)]
}

// scope is who is assigned: read once for a cycle.
type scope struct {
	all    bool
	direct map[string][]string // principal's id in lower case -> its roles
	groups map[*object][]string
}

// scope reads the application's assignments. The caller holds the tenant's lock.
func (j *Job) scope(all bool) scope {
	s := scope{all: all, direct: map[string][]string{}, groups: map[*object][]string{}}
	if list := j.l.dir.assigned[j.app]; list != nil {
		for _, slot := range list.list {
			if slot.o == nil {
				continue
			}
			id := fold(slot.o.text("principalId"))
			s.direct[id] = append(s.direct[id], slot.o.text("appRoleId"))
		}
	}
	for id, roles := range s.direct {
		if g := j.l.dir.groups.find(id); g != nil && string(g.get("securityEnabled")) != "false" {
			s.groups[g] = roles
		}
	}
	return s
}

// roles are those that an object has directly and as a direct member of assigned groups; nested groups give none.
func (s *scope) roles(o *object) []string {
	out := slices.Clone(s.direct[fold(o.id)])
	if o.kind == "user" {
		for _, g := range o.parents {
			if g.alive() {
				out = append(out, s.groups[g]...)
			}
		}
	} else if _, counts := s.groups[o]; !counts {
		return nil
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// entry reads one object. The caller holds the tenant's lock.
func (j *Job) entry(o *object, s *scope) *sourceObject {
	e := &sourceObject{id: o.id, kind: "User", name: o.text("displayName"), alive: o.alive(), purged: o.purged, values: map[string][]string{}}
	e.report = o.text("userPrincipalName")
	k := &j.plan.Users
	e.enabled = string(o.get("accountEnabled")) != "false"
	if o.kind == "group" {
		e.kind, e.report, e.enabled, k = "Group", e.name, true, &j.plan.Groups
	}
	roles := s.roles(o)
	e.assigned, e.entitled = s.all || len(roles) > 0, s.all
	for _, r := range roles {
		e.entitled = e.entitled || provisions(j.app, r)
	}
	e.entitled = e.entitled || !e.assigned // what is not assigned lacks that, not a role
	e.attributes = []string{"objectId"}
	for _, n := range k.Attributes() {
		if !strings.EqualFold(n, "objectId") {
			e.attributes = append(e.attributes, n)
		}
	}
	for _, n := range e.attributes {
		e.values[strings.ToLower(n)] = o.valuesOf(n)
	}
	e.values["approleassignments"] = roleJSON(j.app, roles)
	e.verdict = k.Scope.Judge(e.get)
	if o.kind == "group" {
		e.kinds = map[string]string{}
		for _, m := range o.members.all() {
			e.members = append(e.members, m.o.id)
			e.kinds[m.o.id] = m.o.kind
		}
	}
	return e
}
