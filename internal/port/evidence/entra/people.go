package entra

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// person is a user who touches the subjects.
type person struct {
	raw      jsontext.Value
	user     document.User
	deleted  bool
	subject  bool // meant by what was typed, or known by id to another source; others only share a key with one
	climbed  bool // the groups were read
	direct   map[string]bool
	above    map[string]bool // over any nesting, the direct ones too
	recorded bool
}

const (
	rounds     = 5    // as far as a focused world looks for people who share a key
	maxPeople  = 2000 // more are no focus
	deletedDir = "/directory/deletedItems/microsoft.graph.user"
)

var errCrowd = errors.New("more people share a name or an address with the subject than can be looked at")

// findPeople looks for whom the focus names, and for those who share a key with them, and so on.
func (f *search) findPeople(ctx context.Context) error {
	var clauses []string
	fresh := func(kind, value string) bool {
		key := kind + " " + facts.Fold(value)
		if facts.Fold(value) == "" || f.asked[key] {
			return false
		}
		f.asked[key] = true
		return true
	}
	for _, t := range f.focus.Texts {
		if t = typed(t); fresh("text", t) {
			f.asked["key "+facts.Fold(t)] = true
			clauses = append(clauses, byText(t)...)
		}
	}
	if g := strings.TrimSpace(f.focus.Group); fresh("text", g) {
		clauses = append(clauses, "displayName eq "+quoted(g)) // somebody may bear the name of a group
	}
	for _, id := range f.focus.Users {
		if isID(id) && fresh("id", id) {
			clauses = append(clauses, "id eq "+quoted(id))
		}
	}
	for _, a := range f.focus.Addresses {
		if fresh("key", a) {
			clauses = append(clauses, byKey(facts.Fold(a))...)
		}
	}
	for round := 0; len(clauses) > 0 && round <= rounds; round++ {
		before := len(f.people)
		if round == 0 {
			f.named.clauses = f.groupClauses()
		}
		if err := f.look(ctx, clauses, round == 0); err != nil {
			return err
		}
		clauses = nil
		for _, p := range f.people[before:] {
			for _, k := range keysOf(&p.user) {
				if fresh("key", k) {
					clauses = append(clauses, byKey(k)...)
				}
			}
		}
	}
	return nil
}

// look asks for users and deleted users who fit any of the clauses; the first time also for groups by their names.
func (f *search) look(ctx context.Context, clauses []string, first bool) error {
	places := []place{{"/users", document.Users, false, f.userFields}, {deletedDir, document.DeletedUsers, true, append(slices.Clone(f.userFields), "deletedDateTime")}}
	places = slices.DeleteFunc(places, func(at place) bool { return f.lost[at.file] })
	var asks []ask
	chunks := slices.Collect(slices.Chunk(clauses, mostClauses))
	for _, some := range chunks {
		for _, at := range places {
			asks = append(asks, ask{path: at.path, query: with(selected(at.fields), "$filter", strings.Join(some, " or ")), of: document.Users})
		}
	}
	about := len(asks)
	if first {
		asks = append(asks, f.named.asks(f.groupFields)...)
	}
	got, err := f.all(ctx, asks, 2)
	if err != nil {
		return err
	}
	if first {
		f.named.got = got[about:]
	}
	for i, a := range got[:about] {
		if err := f.found(ctx, places[i%len(places)], chunks[i/len(places)], a, first); err != nil {
			return err
		}
	}
	for _, at := range places {
		if !f.lost[at.file] {
			f.into.whole(at.file)
		}
	}
	return nil
}

// place is where users are looked for.
type place struct {
	path    string
	file    document.File
	deleted bool
	fields  []string
}

// found keeps whom one answer shows. A filter that the service does not take is asked clause by clause; of the deleted
// items it is not documented which they take, so they are few enough to be looked through.
func (f *search) found(ctx context.Context, at place, clauses []string, got answered, subjects bool) error {
	take := func(v jsontext.Value) error { return f.meet(v, at.deleted, subjects) }
	err := got.err
	for _, v := range got.values {
		if fault := take(v); fault != nil && err == nil {
			err = fault
		}
	}
	if unfit(err) {
		err = f.each(ctx, at.path, selected(at.fields), clauses, take, err)
	}
	if at.deleted && unfit(err) {
		_, err = f.list(ctx, at.path, selected(at.fields), nil, 3, func(v jsontext.Value) error {
			var u document.User
			if err := json.Unmarshal(v, &u); err != nil || !f.touches(&u) {
				return err
			}
			return take(v)
		})
	}
	if err == nil || f.lost[at.file] {
		return nil
	}
	f.lost[at.file] = true
	return f.ended(err, f.into, at.file, 0)
}

// each asks with every clause for itself, where the service does not take one of them: those are left out as long as
// one is answered.
func (f *search) each(ctx context.Context, path string, query url.Values, clauses []string, take func(jsontext.Value) error, refused error) error {
	asks := make([]ask, len(clauses))
	for i, c := range clauses {
		asks[i] = ask{path: path, query: with(query, "$filter", c)}
	}
	got, err := f.all(ctx, asks, 2)
	if err != nil {
		return err
	}
	answers := 0
	for _, a := range got {
		switch {
		case a.err == nil:
			answers++
		case !unfit(a.err):
			return a.err
		}
		for _, v := range a.values {
			if err := take(v); err != nil {
				return err
			}
		}
	}
	if answers == 0 {
		return refused
	}
	return nil
}

// touches tells whether somebody has a key that was looked for.
func (f *search) touches(u *document.User) bool {
	for _, k := range keysOf(u) {
		if f.asked["key "+k] || f.asked["text "+k] {
			return true
		}
	}
	return f.asked["text "+facts.Fold(u.DisplayName)] || f.asked["text "+facts.Fold(u.ID)] || f.asked["id "+facts.Fold(u.ID)]
}

// meet keeps somebody who was found.
func (f *search) meet(raw jsontext.Value, deleted, subject bool) error {
	p := &person{raw: raw, deleted: deleted, subject: subject, direct: map[string]bool{}, above: map[string]bool{}}
	if err := json.Unmarshal(raw, &p.user); err != nil {
		return err
	}
	id := facts.Fold(p.user.ID)
	if id == "" || f.byID[id] != nil {
		return nil
	}
	if len(f.people) == maxPeople {
		return errCrowd
	}
	f.people, f.byID[id] = append(f.people, p), p
	return nil
}
