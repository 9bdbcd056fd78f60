package entra

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// directory is everything a tenant holds.
type directory struct {
	seq           uint64 // the last number given out
	users, groups collection
	goneUsers     collection // soft-deleted
	goneGroups    collection
	apps          collection         // service principals
	others        map[string]*object // members of other types: devices, contacts
	upn           map[string]*object // user principal name in lower case -> user

	assigned map[*object]*collection // service principal -> appRoleAssignedTo
	grants   map[string]*object      // assignment's id -> service principal
	syncs    map[*object]*synced     // service principal -> its synchronization

	audits, provisioning journal

	changes []change // since the beginning, or since Load
	reset   int      // grows when all delta tokens are to lose their meaning
	reach   closures
}

// synced is an application's synchronization: jobs, the schema of each, secrets.
type synced struct {
	jobs    collection
	schemas map[string]jsontext.Value // job's id -> synchronizationSchema
	secrets jsontext.Value            // an array of {key, value}
	hidden  secrets                   // those that are never given out
}

// change is one line of the feed that delta queries read.
type change struct {
	at     time.Time
	o      *object
	props  []string // changed properties; nil: it came, went or returned
	member *object  // a membership of o changed
}

func (d *directory) next() uint64 { d.seq++; return d.seq }

// ErrUnknown is wrapped by errors of methods that were given the id of an object that is not there.
var ErrUnknown = errors.New("no such object in the tenant")

func (d *directory) user(id string) (*object, error) {
	if o := d.findUser(id); o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("user %q: %w", id, ErrUnknown)
}

// findUser takes an id or a user principal name, as Graph does.
func (d *directory) findUser(id string) *object {
	if o := d.users.find(id); o != nil {
		return o
	}
	return d.upn[strings.ToLower(id)]
}

func (d *directory) group(id string) (*object, error) {
	if o := d.groups.find(id); o != nil {
		return o, nil
	}
	return nil, fmt.Errorf("group %q: %w", id, ErrUnknown)
}

// principal is anything that can be a member or be assigned.
func (d *directory) principal(id string) (*object, error) {
	for _, o := range []*object{d.findUser(id), d.groups.find(id), d.apps.find(id), d.others[strings.ToLower(id)]} {
		if o != nil {
			return o, nil
		}
	}
	return nil, fmt.Errorf("principal %q: %w", id, ErrUnknown)
}

// app takes a service principal's id or "appId=…".
func (d *directory) app(id string) *object {
	want, byApp := strings.CutPrefix(id, "appId=")
	if !byApp {
		return d.apps.find(id)
	}
	for _, s := range d.apps.list {
		if s.o != nil && strings.EqualFold(s.o.text("appId"), want) {
			return s.o
		}
	}
	return nil
}

// enrol gives a new object its place and makes it findable.
func (d *directory) enrol(o *object) error {
	if at := d.anywhere(o.id); at != nil {
		return fmt.Errorf("%s %q: a %s has that id already", o.kind, o.id, at.kind)
	}
	o.seq = d.next()
	switch o.kind {
	case "user":
		name := strings.ToLower(o.text("userPrincipalName"))
		if other := d.upn[name]; name != "" && other != nil {
			return fmt.Errorf("user %q: %s has the userPrincipalName %s already", o.id, other.id, name)
		}
		d.users.add(o)
		d.named(name, o)
	case "group":
		if o.members == nil {
			o.members = &links{}
		}
		d.groups.add(o)
	case "servicePrincipal":
		d.apps.add(o)
	default:
		if d.others == nil {
			d.others = map[string]*object{}
		}
		d.others[strings.ToLower(o.id)] = o
	}
	return nil
}

func (d *directory) named(name string, o *object) {
	if name == "" {
		return
	}
	if d.upn == nil {
		d.upn = map[string]*object{}
	}
	d.upn[name] = o
}

// anywhere finds an object of any kind, deleted ones too.
func (d *directory) anywhere(id string) *object {
	for _, c := range []*collection{&d.users, &d.groups, &d.apps, &d.goneUsers, &d.goneGroups} {
		if o := c.find(id); o != nil {
			return o
		}
	}
	return d.others[strings.ToLower(id)]
}

// live is the collection in which an object of that kind lives, gone the one in which it waits after deletion.
func (d *directory) live(o *object) (live, gone *collection) {
	if o.kind == "group" {
		return &d.groups, &d.goneGroups
	}
	return &d.users, &d.goneUsers
}
