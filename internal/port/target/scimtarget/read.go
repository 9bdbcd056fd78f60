package scimtarget

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// Read records users and groups as the service gives them, each once. Of a group the members are always there: a list
// that leaves them out says nothing about them, so such a group is read singly (atlassian.md 1.4). A service without
// groups gives a gap. An error, an *Error where the service answered, means that the rest was not read.
func (t *Target) Read(ctx context.Context, want target.Want, to evidence.Recorder) error {
	k, err := t.about(ctx)
	if err != nil {
		return err
	}
	if want.All {
		return t.readAll(ctx, k, to)
	}
	users := make([]key, 0, len(want.UserNames)+len(want.ExternalIDs))
	for _, name := range want.UserNames {
		users = append(users, key{"userName", name})
	}
	for _, id := range want.ExternalIDs {
		users = append(users, key{"externalId", id})
	}
	groups := make([]key, 0, len(want.GroupNames))
	for _, name := range want.GroupNames {
		groups = append(groups, key{"displayName", name})
	}
	if err := t.readNamed(ctx, usersPath, document.ScimUsers, want.Users, users, to); err != nil {
		return err
	}
	return t.readNamed(ctx, groupsPath, document.ScimGroups, want.Groups, groups, to)
}

func (t *Target) readAll(ctx context.Context, k *known, to evidence.Recorder) error {
	users, err := t.list(ctx, usersPath, "", k.page, func(objects []jsontext.Value) error {
		for _, object := range objects {
			if err := to.Add(document.ScimUsers, "", object); err != nil {
				return fmt.Errorf("recording a user: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("reading the users of %s: %w", t.opts.Name, classed(err))
	}
	if err := ended(document.ScimUsers, users, to); err != nil {
		return err
	}
	groups, err := t.list(ctx, groupsPath, "", k.groupPage, func(objects []jsontext.Value) error {
		return t.addGroups(ctx, objects, to)
	})
	switch {
	case err == nil:
		return ended(document.ScimGroups, groups, to)
	case groups.came == 0 && withoutGroups(err):
		gap := document.Gap{File: string(document.ScimGroups), What: "the whole document", Why: fault(err, aboutService).Error(), Call: "GET " + groupsPath}
		return to.Gap(gap)
	}
	return fmt.Errorf("reading the groups of %s: %w", t.opts.Name, classed(err))
}

// withoutGroups tells whether a service that has users answers that it has no groups, or none that we may see.
func withoutGroups(err error) bool {
	w, ok := errors.AsType[*wire.Error](err)
	return ok && (w.Status == http.StatusNotFound || w.Status == http.StatusForbidden || w.Status == http.StatusNotImplemented)
}

// ended says that a document is whole, and what is missing from it all the same.
func ended(file document.File, x extent, to evidence.Recorder) error {
	if err := to.Whole(file); err != nil {
		return fmt.Errorf("recording the end of %s: %w", file, err)
	}
	if x.whole() {
		return nil
	}
	what := "an unknown part"
	if x.total > x.came {
		what = fmt.Sprintf("%d of %d", x.total-x.came, x.total)
	}
	return to.Gap(document.Gap{File: string(file), What: what, Why: x.why, Call: document.Of(file).Call})
}

// readNamed reads objects by their ids and by what they are called. One that is not there is left out.
func (t *Target) readNamed(ctx context.Context, path string, file document.File, ids []string, want []key, to evidence.Recorder) error {
	got := make([]jsontext.Value, len(ids))
	err := t.each(ctx, len(ids), func(i int) error {
		var err error
		got[i], err = t.get(ctx, path, ids[i])
		if failed, ok := errors.AsType[*wire.Error](err); ok && failed.Status == http.StatusNotFound {
			return nil
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("reading from %s: %w", t.opts.Name, classed(err))
	}
	found, why, err := t.find(ctx, path, want)
	if err != nil {
		return fmt.Errorf("reading from %s: %w", t.opts.Name, classed(err))
	}
	all := slices.Concat(got, slices.Concat(found...))
	for i, objects := range found {
		if why != "" && len(objects) == 0 {
			gap := document.Gap{File: string(file), Subject: want[i].value, What: "whether there is one", Why: why, Call: "GET " + path}
			if err := to.Gap(gap); err != nil {
				return fmt.Errorf("recording a gap: %w", err)
			}
		}
	}
	all, err = once(all)
	if err != nil {
		return err
	}
	if file == document.ScimGroups {
		return t.addGroups(ctx, all, to)
	}
	for _, object := range all {
		if err := to.Add(file, "", object); err != nil {
			return fmt.Errorf("recording a user: %w", err)
		}
	}
	return nil
}

// once leaves out what is not there and what was found twice.
func once(objects []jsontext.Value) ([]jsontext.Value, error) {
	seen := map[string]bool{}
	out := objects[:0]
	for _, object := range objects {
		if object == nil {
			continue
		}
		k, err := keysOf(object)
		if err != nil {
			return nil, err
		}
		if !seen[k.ID] {
			seen[k.ID] = true
			out = append(out, object)
		}
	}
	return out, nil
}

// addGroups records groups with their members.
func (t *Target) addGroups(ctx context.Context, objects []jsontext.Value, to evidence.Recorder) error {
	err := t.each(ctx, len(objects), func(i int) error {
		k, err := keysOf(objects[i])
		if err != nil || k.Members != nil {
			return err
		}
		objects[i], err = t.group(ctx, k.ID)
		if failed, ok := errors.AsType[*wire.Error](err); ok && failed.Status == http.StatusNotFound {
			return nil // it was deleted meanwhile
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, object := range objects {
		if object == nil {
			continue
		}
		if err := to.Add(document.ScimGroups, "", object); err != nil {
			return fmt.Errorf("recording a group: %w", err)
		}
	}
	return nil
}

// group reads one group with its members. A group that is read singly and has no members at all has none.
func (t *Target) group(ctx context.Context, id string) (jsontext.Value, error) {
	object, err := t.get(ctx, groupsPath, id)
	if err != nil {
		return nil, err
	}
	k, err := keysOf(object)
	if err != nil {
		return nil, err
	}
	if k.Members == nil {
		return with(without(object, "members"), "members", "[]"), nil // it may be there as null
	}
	return object, nil
}

// get reads one object. The error of one that is not there is a *wire.Error with status 404.
func (t *Target) get(ctx context.Context, path, id string) (jsontext.Value, error) {
	got, err := t.send(ctx, wire.Request{Method: http.MethodGet, Path: path + "/" + url.PathEscape(id)})
	if err != nil {
		return nil, err
	}
	object := jsontext.Value(got.Body)
	if !object.IsValid(lenient) || object.Kind() != jsontext.KindBeginObject {
		return nil, fmt.Errorf("GET %s/%s: the answer is no JSON object", path, id)
	}
	return object, nil
}

// classed gives errors of the service their class, and leaves others as they are.
func classed(err error) error {
	if _, ok := errors.AsType[*wire.Error](err); ok {
		return fault(err, aboutService)
	}
	return err
}
