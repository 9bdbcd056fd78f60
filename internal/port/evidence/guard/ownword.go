package guard

import (
	"context"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// The directory takes one filter on groups, displayName eq (atlassian.md 1.5), so a group costs a request. But a record
// names the groups that it is in, and of a group that somebody is in an answer needs no more than that, unless the
// membership does not show elsewhere at Atlassian: then it says when the group last changed. So such a group is read
// only where somebody whom the question is about is not in it, or something does not show the membership. That records
// name their groups is in the vendor's document; where a service leaves them out, every group is read.

// ownGroup is a group of the directory that the records of all the people name.
type ownGroup struct{ id, name string }

// Look is Fetch for a question, without those groups: rest records them, once the sites were asked and have said in the
// focus where they lack somebody. No Fetch may come between the two.
func (s *Source) Look(ctx context.Context, focus *evidence.Focus, to evidence.Recorder) (rest func(context.Context) error, err error) {
	r := &reading{Source: s, to: to, most: s.o.Requests}
	found, err := r.about(focus)
	if err == nil {
		found.sparing = true
		err = found.all(ctx)
	}
	if err != nil {
		return nil, wrapped(err)
	}
	return func(ctx context.Context) error { return wrapped(found.ownGroups(ctx)) }, nil
}

// byOwnWord tells whether the records of all the people name a group of exactly this name. It must be one for everybody:
// of somebody without a record, or outside the group, an answer says how many members the group has.
func (s *search) byOwnWord(name string, names []string) (ownGroup, bool) {
	if !s.sparing || len(s.records) == 0 || len(s.focus.Users) == 0 {
		return ownGroup{}, false
	}
	alike := func(other string) bool { return other != name && document.Fold(other) == document.Fold(name) }
	if slices.ContainsFunc(names, alike) {
		return ownGroup{}, false
	}
	records := s.sortedRecords()
	for _, id := range s.focus.Users {
		if !slices.ContainsFunc(records, func(r record) bool { return r.ExternalID == id }) {
			return ownGroup{}, false
		}
	}
	id := ""
	for _, rec := range records {
		own := ""
		for _, g := range rec.Groups {
			if alike(g.Name) || g.Name == name && own != "" {
				return ownGroup{}, false
			}
			if g.Name == name {
				own = g.ID
			}
		}
		if own == "" || id != "" && own != id {
			return ownGroup{}, false
		}
		id = own
	}
	return ownGroup{id, name}, true
}

// ownGroups records the groups that were left, and says that those of the directory are all there.
func (s *search) ownGroups(ctx context.Context) error {
	if err := s.readOwn(ctx, func(g ownGroup) bool { return !s.shows(g.name) }); err != nil {
		return err
	}
	for _, g := range s.own {
		type member struct {
			Record string `json:"value"`
		}
		var object struct {
			ID      string   `json:"id"`
			Name    string   `json:"displayName"`
			Members []member `json:"members"`
		}
		object.ID, object.Name = g.id, g.name
		for _, rec := range s.sortedRecords() {
			object.Members = append(object.Members, member{rec.ID})
		}
		text, err := json.Marshal(object, json.Deterministic(true))
		if err != nil {
			return err
		}
		if err := s.to.Add(document.ScimGroups, "", text); err != nil {
			return err
		}
	}
	s.own = nil
	if !s.directory || slices.Contains(s.holes, document.ScimGroups) {
		return nil
	}
	return s.to.Whole(document.ScimGroups)
}

// readOwn reads some of the groups that were left as a whole.
func (s *search) readOwn(ctx context.Context, which func(ownGroup) bool) error {
	var read []ownGroup
	left := s.own[:0:0]
	for _, g := range s.own {
		if which(g) {
			read = append(read, g)
		} else {
			left = append(left, g)
		}
	}
	s.own = left
	return evidence.InOrder(ctx, s.o.SideBySide, read, func(ctx context.Context, g ownGroup) objectAnswer {
		o, err := s.get(ctx, s.scim, s.directoryPath()+"/Groups/"+url.PathEscape(g.id), nil)
		return objectAnswer{o, err}
	}, func(g ownGroup, a objectAnswer) error {
		if a.err != nil { // that a record of the same minute names it and it is not there is no word to trust
			return s.hole(ctx, a.err, gap(document.ScimGroups, g.name, "the group "+g.name, ""))
		}
		return s.addScimGroup(ctx, a.object)
	})
}

// shows tells whether everything at Atlassian shows all accounts in a group, or nothing will: a local group of that name
// is in the way. Accounts that only a link names count: what is not known of them is not shown.
func (s *search) shows(name string) bool {
	accounts := slices.Concat(s.focus.Accounts, s.linked)
	if len(accounts) == 0 {
		return true // nobody who could be in it anywhere else
	}
	if !s.org || !s.complete(document.OrgGroups) || !s.complete(document.OrgUsers) {
		return false
	}
	there, local, all := false, true, true
	for _, g := range s.found {
		if document.Fold(g.Name) != document.Fold(name) {
			continue
		}
		there = true
		local = local && g.Synced != nil && !*g.Synced
		for _, id := range accounts {
			all = all && slices.Contains(s.members[g.ID], id)
		}
	}
	return there && (local || all && !slices.Contains(s.focus.Lacking, name))
}

type objectAnswer struct {
	object jsontext.Value
	err    error
}

// outside tells the sources behind this one in which groups none of the people's records is. Whether a site has somebody in
// such a group is of no interest then: nobody promised that it would.
func (s *search) outside(context.Context) error {
	if !s.directory || len(s.focus.Users) == 0 || !s.complete(document.ScimUsers) || !s.complete(document.ScimGroups) {
		return nil
	}
	for _, name := range s.names() {
		if slices.ContainsFunc(s.own, func(g ownGroup) bool { return g.name == name }) {
			continue
		}
		inside := false
		for _, g := range s.groups {
			if document.Fold(g.Name) != document.Fold(name) {
				continue
			}
			inside = inside || g.Members == nil
			for _, rec := range s.records {
				inside = inside || g.has(rec.ID)
			}
		}
		if !inside {
			s.focus.Outside = append(s.focus.Outside, name)
		}
	}
	return nil
}
