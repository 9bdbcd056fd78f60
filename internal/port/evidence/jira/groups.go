package jira

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// page is a page in Jira's form.
type page struct {
	Total  *int             `json:"total"`
	Last   *bool            `json:"isLast"`
	Values []jsontext.Value `json:"values"`
}

// list is what of a paged list came.
type list struct {
	values []jsontext.Value
	total  int    // as the site says; 0 where it does not
	hole   string // why some of it is missing; empty: nothing is
}

// read reads all pages of a list, of which key names the elements. It survives a site that ignores startAt, and says
// when less came than the site announces. On an error it gives what came until then.
func (r *reading) read(ctx context.Context, path string, query url.Values, key string) (list, error) {
	var l list
	seen := map[string]bool{}
	for start, idle := 0, 0; ; {
		q := url.Values{"startAt": {strconv.Itoa(start)}, "maxResults": {strconv.Itoa(mostAtOnce)}}
		maps.Copy(q, query)
		raw, err := r.get(ctx, path, q)
		if err != nil {
			return l, err
		}
		p, err := decode[page](raw)
		if err != nil {
			return l, err
		}
		fresh := 0
		for _, o := range p.Values {
			id := text(o, key)
			if id != "" && seen[id] {
				continue
			}
			seen[id], fresh = true, fresh+1
			l.values = append(l.values, o)
		}
		if p.Total != nil {
			if moved := l.total - *p.Total; moved > 0 {
				start = max(0, start-moved) // some went away, and what came behind them moved up
			}
			l.total = *p.Total
		}
		if idle++; fresh > 0 {
			idle = 0
		}
		start += len(p.Values)
		switch {
		case p.Total != nil && len(l.values) >= l.total && (p.Last == nil || *p.Last):
			return l, nil
		case p.Total == nil && (p.Last != nil && *p.Last || len(p.Values) == 0):
			return l, nil
		case idle > 1, p.Total == nil && fresh == 0:
			l.hole = "the site announces more than it gave"
			return l, nil
		}
	}
}

// mostAtOnce is what is asked for; a site gives fewer where it likes (50 members of a group, by its documentation).
const mostAtOnce = 200

// groups records the members of every group of a site.
func (r *reading) groups(ctx context.Context) error {
	f := r.file(document.JiraGroups)
	all, err := r.read(ctx, "/rest/api/3/group/bulk", nil, "groupId")
	if err != nil {
		return r.failed(ctx, err, r.gap(document.JiraGroups, "", "the whole document"))
	}
	var names []string
	for _, o := range all.values {
		if name := text(o, "name"); name != "" && (r.only == nil || r.only(name)) {
			names = append(names, name)
		}
	}
	var stopped error
	err = evidence.InOrder(ctx, sideBySide, names, func(ctx context.Context, name string) answer {
		l, err := r.members(ctx, name)
		return answer{l, err}
	}, func(name string, a answer) error {
		if refused(a.err) {
			stopped = a.err
			return a.err // nobody is asked again and again what a token may not see
		}
		return r.add(ctx, f, name, a)
	})
	switch {
	case stopped != nil:
		return r.failed(ctx, stopped, r.gap(document.JiraGroups, "", "members of groups"))
	case err != nil:
		return err
	case all.hole != "":
		g := r.gap(document.JiraGroups, "", fmt.Sprintf("%d of %d groups", all.total-len(all.values), all.total))
		g.Why = all.hole
		return r.to.Gap(g)
	}
	return r.to.Whole(f)
}

const sideBySide = 8

type answer struct {
	list
	err error
}

// members reads a group. People who are not active are in it, too, and say so.
func (r *reading) members(ctx context.Context, name string) (list, error) {
	return r.read(ctx, "/rest/api/3/group/member", url.Values{"groupname": {name}, "includeInactiveUsers": {"true"}}, "accountId")
}

// add records a group: its members, or the error as it came.
func (r *reading) add(ctx context.Context, f document.File, name string, a answer) error {
	body := jsontext.Value(evidence.Body(a.err))
	switch {
	case a.err == nil:
	case evidence.Status(a.err) == http.StatusNotFound && len(a.values) == 0 && body.IsValid() && body.Kind() == jsontext.KindBeginObject:
		if err := r.failed(ctx, a.err, r.gap(document.JiraGroups, name, "members of "+name)); err != nil { // the site has just named it
			return err
		}
		return r.to.Add(f, name, body)
	default:
		if err := r.failed(ctx, a.err, r.gap(document.JiraGroups, name, "members of "+name)); err != nil {
			return err
		}
		if len(a.values) == 0 {
			return nil
		}
		a.total = max(a.total, len(a.values)+1) // the reader must not take it for all
	}
	if a.hole != "" {
		g := r.gap(document.JiraGroups, name, "some members of "+name)
		g.Why = a.hole
		if err := r.to.Gap(g); err != nil {
			return err
		}
		a.total = max(a.total, len(a.values)+1)
	}
	return r.write(f, name, recorded{Values: a.values, Total: max(a.total, len(a.values))})
}

// recorded is a group as a bundle holds it.
type recorded struct {
	Values []jsontext.Value `json:"values"`
	Total  int              `json:"total"`
	Asked  []string         `json:"asked,omitzero"`
}

func (r *reading) write(f document.File, name string, g recorded) error {
	if g.Values == nil {
		g.Values = []jsontext.Value{}
	}
	object, err := json.Marshal(g, json.Deterministic(true))
	if err != nil {
		return fmt.Errorf("writing the group %s: %w", name, err)
	}
	return r.to.Add(f, name, object)
}

func refused(err error) bool {
	status := evidence.Status(err)
	return status == http.StatusUnauthorized || status == http.StatusForbidden
}

// text reads one text of an object.
func text(object jsontext.Value, key string) string {
	o, err := decode[map[string]jsontext.Value](object)
	if err != nil {
		return ""
	}
	s, err := decode[string](o[key])
	if err != nil {
		return ""
	}
	return s
}

func decode[T any](raw jsontext.Value) (v T, err error) {
	if err := json.Unmarshal(raw, &v); err != nil {
		return v, fmt.Errorf("reading an answer: %w", err)
	}
	return v, nil
}
