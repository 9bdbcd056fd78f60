package entra

import (
	"errors"
	"fmt"

	"github.com/go-json-experiment/json/jsontext"
)

// app reads the service principal that the bundle is about. Its synchronization is read after it.
func (l *loader) app(dec *jsontext.Decoder) error {
	o, err := l.object(dec, "servicePrincipal")
	if err != nil {
		return err
	}
	l.owner = o
	return l.d.enrol(o)
}

// assignment files an appRoleAssignment under the application it is for. A bundle may lack that application: then
// the assignment's words about it are all that is known of it.
func (l *loader) assignment(o *object) error {
	id := o.text("resourceId")
	app := l.d.apps.find(id)
	if app == nil {
		if id == "" {
			return fmt.Errorf("assignment %q has no resourceId", o.id)
		}
		app = &object{kind: "servicePrincipal", id: id, fields: []field{{name: "id", raw: quote(nil, id)}}}
		if name := o.get("resourceDisplayName"); name != nil {
			app.fields = append(app.fields, field{name: "displayName", raw: name})
		}
		if err := l.d.enrol(app); err != nil {
			return err
		}
	}
	if l.owner == nil {
		l.owner = app
	}
	return l.d.assign(app, o)
}

func (l *loader) job(o *object) error {
	s, err := l.sync()
	if err != nil {
		return err
	}
	if s.jobs.find(o.id) != nil {
		return fmt.Errorf("two jobs have the id %q", o.id)
	}
	o.seq = l.d.next()
	s.jobs.add(o)
	return nil
}

// schema reads one synchronizationSchema. A bundle holds one, for all of its jobs.
func (l *loader) schema(dec *jsontext.Decoder) error {
	v, err := dec.ReadValue()
	if err != nil {
		return err
	}
	if v.Kind() != '{' {
		return errors.New("a synchronizationSchema is an object")
	}
	s, err := l.sync()
	if err != nil {
		return err
	}
	if s.jobs.len() == 0 {
		return errors.New("a schema belongs to a job, and synchronization-jobs.json has none")
	}
	v = v.Clone()
	if err := v.Compact(); err != nil {
		return err
	}
	for _, j := range s.jobs.list {
		s.schemas[j.o.id] = v
	}
	return nil
}

// sync is the synchronization of the bundle's application.
func (l *loader) sync() (*synced, error) {
	if l.owner == nil {
		return nil, errors.New("nothing says which application it belongs to: service-principal.json is not there")
	}
	return l.d.sync(l.owner), nil
}

func (d *directory) sync(app *object) *synced {
	if d.syncs == nil {
		d.syncs = map[*object]*synced{}
	}
	if d.syncs[app] == nil {
		d.syncs[app] = &synced{schemas: map[string]jsontext.Value{}, secrets: jsontext.Value("[]")}
	}
	return d.syncs[app]
}

// assign files an assignment under its application.
func (d *directory) assign(app, o *object) error {
	if d.grants[o.id] != nil {
		return fmt.Errorf("assignment %q: the id is taken", o.id)
	}
	if d.grants == nil {
		d.grants, d.assigned = map[string]*object{}, map[*object]*collection{}
	}
	if d.assigned[app] == nil {
		d.assigned[app] = &collection{}
	}
	o.seq = d.next()
	d.assigned[app].add(o)
	d.grants[o.id] = app
	return nil
}
