package entra

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/graph"
)

var guid = regexp.MustCompile(`(?i)^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)

// app tells the service principal and who is assigned to it.
func (r *reading) app(ctx context.Context) error {
	if r.application == "" {
		return nil
	}
	object, err := r.find(ctx)
	if refused, is := graph.Refused(err); is {
		return errors.Join(r.gap(document.ServicePrincipals, refused), r.gap(document.AppRoleAssignments, refused))
	}
	if err != nil {
		return err
	}
	id, object, err := plain(object)
	if err != nil {
		return err
	}
	for _, tell := range []func() error{
		func() error { return r.to.Full(document.ServicePrincipals) },
		func() error { return r.to.Put(document.ServicePrincipals, id, object) },
		func() error { return r.to.Whole(document.ServicePrincipals) },
	} {
		if err := tell(); err != nil {
			return err
		}
	}
	return r.list(ctx, document.AppRoleAssignments, "/servicePrincipals/"+url.PathEscape(id)+"/appRoleAssignedTo", url.Values{"$top": {"999"}})
}

// find gives the service principal of the application, by whatever name it goes.
func (r *reading) find(ctx context.Context) (jsontext.Value, error) {
	query := url.Values{"$select": {strings.Join(appFields, ",")}}
	if guid.MatchString(r.application) {
		object, err := r.graph.Get(ctx, "/servicePrincipals/"+r.application, query)
		if !graph.Missing(err) {
			return object, err
		}
		object, err = r.graph.Get(ctx, "/servicePrincipals(appId='"+r.application+"')", query)
		if graph.Missing(err) {
			return nil, fmt.Errorf("tenant %s has no enterprise application with the id %s", r.graph.Tenant(), r.application)
		}
		return object, err
	}
	query.Set("$filter", "displayName eq '"+strings.ReplaceAll(r.application, "'", "''")+"'")
	var found []jsontext.Value
	var ids []string
	for object, err := range r.graph.Objects(ctx, "/servicePrincipals", query, nil) {
		if err != nil {
			return nil, err
		}
		id, object, err := plain(object)
		if err != nil {
			return nil, err
		}
		found, ids = append(found, object), append(ids, id)
	}
	switch len(found) {
	case 0:
		return nil, fmt.Errorf("tenant %s has no enterprise application named %q", r.graph.Tenant(), r.application)
	case 1:
		return found[0], nil
	}
	return nil, fmt.Errorf("tenant %s has %d enterprise applications named %q: name the one that is meant by its id (%s)",
		r.graph.Tenant(), len(found), r.application, strings.Join(ids, ", "))
}

// deleted tells the users in the deleted items, where they stay for thirty days.
func (r *reading) deleted(ctx context.Context) error {
	fields := selection(r.users.fields, []string{"deletedDateTime"})
	return r.list(ctx, document.DeletedUsers, "/directory/deletedItems/microsoft.graph.user",
		url.Values{"$select": {strings.Join(fields, ",")}, "$top": {"999"}})
}

// list tells a document that is a list, read to its end. A new application's assignments are not there (404) for a
// minute or two: unknown, then.
func (r *reading) list(ctx context.Context, f document.File, path string, query url.Values) error {
	for restarts := 0; ; restarts++ {
		told, err := r.through(ctx, f, path, query)
		e, refused := graph.Refused(err)
		if graph.Missing(err) && !told {
			e, refused = errors.AsType[*graph.Error](err)
		}
		switch {
		case err == nil:
			return r.to.Whole(f)
		case refused && !told:
			return r.gap(f, e)
		case !graph.Reset(err) || restarts == maxRestarts:
			return err
		}
	}
}

func (r *reading) through(ctx context.Context, f document.File, path string, query url.Values) (told bool, err error) {
	for p, err := range r.graph.Pages(ctx, path, query, nil) {
		if err != nil {
			return told, err
		}
		if !told {
			if err := r.to.Full(f); err != nil {
				return told, err
			}
		}
		told = true
		for _, v := range p.Values {
			id, object, err := plain(v)
			if err != nil {
				return told, fmt.Errorf("an object of %s: %w", path, err)
			}
			if err := r.to.Put(f, id, object); err != nil {
				return told, err
			}
		}
	}
	return told, nil
}

// plain gives an object's id, and the object without the annotation that says which metadata describe it.
func plain(raw jsontext.Value) (id string, object jsontext.Value, err error) {
	object = append(object, '{')
	err = properties(raw, func(name string, pair, v jsontext.Value) error {
		if name == "@odata.context" {
			return nil
		}
		if name == "id" {
			if err := json.Unmarshal(v, &id); err != nil {
				return err
			}
		}
		object = append(comma(object), pair...)
		return nil
	})
	if err == nil && id == "" {
		err = errors.New("it has no id")
	}
	return id, append(object, '}'), err
}
