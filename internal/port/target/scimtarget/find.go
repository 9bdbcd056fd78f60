package scimtarget

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// key is what somebody is looked for by.
type key struct{ attribute, value string }

// fits tells whether an object has the value: externalId is case-exact, names are not (RFC 7643 4.1, 4.2).
func (k key) fits(o *keys) bool {
	switch k.attribute {
	case "userName":
		return document.Fold(o.UserName) == document.Fold(k.value)
	case "externalId":
		return o.ExternalID == k.value
	case "displayName":
		return document.Fold(o.DisplayName) == document.Fold(k.value)
	}
	return false
}

// find looks for objects, by a filter each where filters are answered, else all of them in one go through the list.
// Every answer is compared: some services take no notice of a filter and give everybody. That nobody was found is not
// believed where the value has quotes. What is returned stands in the order of the keys; why says why something may be there all the same, "" if it cannot be.
func (t *Target) find(ctx context.Context, path string, want []key) (found [][]jsontext.Value, why string, err error) {
	k, err := t.about(ctx)
	if err != nil {
		return nil, "", err
	}
	found = make([][]jsontext.Value, len(want))
	looked := make([]bool, len(want))
	if k.Filter {
		err = t.each(ctx, len(want), func(i int) error {
			got, answered, err := t.filtered(ctx, path, want[i], k.page)
			found[i], looked[i] = got, answered
			return err
		})
		if err != nil {
			return nil, "", err
		}
	}
	rest := map[string][]int{}
	for i := range want {
		if !looked[i] {
			rest[want[i].attribute] = append(rest[want[i].attribute], i)
		}
	}
	if len(rest) == 0 {
		return found, "", nil
	}
	count := k.page
	if path == groupsPath {
		count = k.groupPage
	}
	x, err := t.list(ctx, path, "", count, func(objects []jsontext.Value) error {
		for _, object := range objects {
			o, err := keysOf(object)
			if err != nil {
				return err
			}
			for _, at := range rest {
				for _, i := range at {
					if want[i].fits(&o) {
						found[i] = append(found[i], object)
					}
				}
			}
		}
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("looking for %s in the list, because it does not answer the filter: %w", path, err)
	}
	return found, x.why, nil
}

// filtered looks for one by a filter. answered is false where the service refuses the filter or takes no notice of it;
// it is not asked that way again.
func (t *Target) filtered(ctx context.Context, path string, want key, count int) (found []jsontext.Value, answered bool, err error) {
	name := path + "?" + want.attribute
	t.mu.Lock()
	refused := t.refused[name]
	t.mu.Unlock()
	if refused {
		return nil, false, nil
	}
	heeded := true
	x, err := t.list(ctx, path, want.attribute+" eq "+quote(want.value), count, func(objects []jsontext.Value) error {
		for _, object := range objects {
			o, err := keysOf(object)
			if err != nil {
				return err
			}
			if !want.fits(&o) {
				heeded = false
				return errNotHeeded
			}
			found = append(found, object)
		}
		return nil
	})
	failed, _ := errors.AsType[*wire.Error](err)
	plain := !strings.ContainsAny(want.value, `"\`)
	switch {
	case err == nil && x.whole() && (plain || len(found) > 0):
		return found, true, nil
	case err == nil && x.whole():
		return nil, false, nil // some services do not understand escapes, and find nobody
	case err == nil, !heeded:
	case failed != nil && (failed.Status == http.StatusBadRequest || failed.Status == http.StatusNotImplemented || failed.Status == http.StatusForbidden && strings.Contains(string(failed.Body), "invalidFilter")):
	default:
		return nil, false, err
	}
	if plain {
		t.mu.Lock()
		t.refused[name] = true
		t.mu.Unlock()
	}
	return nil, false, nil
}

var errNotHeeded = errors.New("the service takes no notice of a filter")
