package scimtarget

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/port/target"
	"github.com/rollcall/rollcall/internal/port/wire"
)

// known is what is known of the service: it is asked once.
type known struct {
	target.Abilities
	page, groupPage int
	schemas         schemas
}

// lenient reads what services write: names in any letter case, and what stands twice.
var lenient = json.JoinOptions(json.MatchCaseInsensitiveNames(true), jsontext.AllowDuplicateNames(true))

// Can says what the target is able to. It asks the service once and remembers.
func (t *Target) Can(ctx context.Context) (target.Abilities, error) {
	k, err := t.about(ctx)
	if err != nil {
		return target.Abilities{}, err
	}
	return k.Abilities, nil
}

func (t *Target) about(ctx context.Context) (*known, error) {
	t.mu.Lock()
	defer t.mu.Unlock() // who comes second waits for the answer rather than asking again
	if t.can != nil {
		return t.can, nil
	}
	var config struct {
		Patch  struct{ Supported *bool }
		Filter struct {
			Supported  *bool
			MaxResults float64 `json:"maxResults"`
		}
	}
	if err := t.ask(ctx, "/ServiceProviderConfig", &config); err != nil {
		return nil, err
	}
	k := &known{schemas: builtIn()}
	var list jsontext.Value
	if err := t.ask(ctx, "/Schemas", &list); err != nil {
		return nil, err
	}
	k.schemas.learn(list)
	k.Abilities = target.Abilities{
		Patch:           t.opts.Patch.or(config.Patch.Supported == nil || *config.Patch.Supported),
		Filter:          t.opts.Filter.or(config.Filter.Supported == nil || *config.Filter.Supported),
		Rename:          t.opts.Rename.or(!k.schemas.attribute(groupSchema, "displayname").fixed),
		PatchMembers:    count(t.opts.PatchMembers, 0),
		MembersInCreate: count(t.opts.MembersInCreate, 0),
	}
	k.page = 100
	if n := config.Filter.MaxResults; n >= 1 {
		k.page = int(min(n, 1000))
	}
	if t.opts.Page > 0 {
		k.page = t.opts.Page
	}
	k.groupPage = k.page
	if t.opts.GroupPage > 0 {
		k.groupPage = t.opts.GroupPage
	}
	t.can = k
	return k, nil
}

// ask reads one answer about the service itself. Some have none: then it stays as it is.
func (t *Target) ask(ctx context.Context, path string, into any) error {
	got, err := t.send(ctx, wire.Request{Method: http.MethodGet, Path: path})
	if failed, ok := errors.AsType[*wire.Error](err); ok {
		switch failed.Status {
		case http.StatusNotFound, http.StatusNotImplemented, http.StatusMethodNotAllowed, http.StatusNotAcceptable:
			return nil
		}
	}
	if err != nil {
		return fmt.Errorf("asking %s what it is able to: %w", t.opts.Name, fault(err, aboutService))
	}
	if err := json.Unmarshal(got.Body, into, lenient); err != nil {
		return fmt.Errorf("asking %s what it is able to: GET %s: the answer cannot be read: %w", t.opts.Name, path, err)
	}
	return nil
}

// learn takes the service's own schemas over: how attributes are spelled, and what values they take. What it cannot
// make sense of it leaves.
func (s schemas) learn(list jsontext.Value) {
	type described struct {
		Name          string      `json:"name"`
		Type          string      `json:"type"`
		MultiValued   bool        `json:"multiValued"`
		Mutability    string      `json:"mutability"`
		SubAttributes []described `json:"subAttributes"`
	}
	type schema struct {
		ID         string      `json:"id"`
		Attributes []described `json:"attributes"`
	}
	var all []schema
	switch list.Kind() {
	case jsontext.KindBeginArray: // as older drafts have it
		_ = json.Unmarshal(list, &all, lenient)
	case jsontext.KindBeginObject:
		var page struct {
			Resources []schema `json:"Resources"`
		}
		_ = json.Unmarshal(list, &page, lenient)
		all = page.Resources
	}
	var convert func(d *described) attribute
	convert = func(d *described) attribute {
		a := attribute{name: d.Name, kind: strings.ToLower(d.Type), many: d.MultiValued}
		a.fixed = strings.EqualFold(d.Mutability, "immutable") || strings.EqualFold(d.Mutability, "readOnly")
		for i := range d.SubAttributes {
			if a.parts == nil {
				a.parts = map[string]attribute{}
			}
			p := convert(&d.SubAttributes[i])
			a.parts[strings.ToLower(p.name)] = p
		}
		return a
	}
	for i := range all {
		id := strings.ToLower(all[i].ID)
		if id == "" {
			continue
		}
		if s[id].attributes == nil {
			s[id] = schemaOf{urn: all[i].ID, attributes: map[string]attribute{}}
		}
		for k := range all[i].Attributes {
			if a := convert(&all[i].Attributes[k]); a.name != "" {
				s[id].attributes[strings.ToLower(a.name)] = a
			}
		}
	}
}
