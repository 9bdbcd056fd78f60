package guard

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// renamed looks for groups that were not found by their names among those that the people are in, and in the list where
// it is short. A long list is not read for a question; a gap then says that an old name was not looked for, and names
// no group, so that a group that is not there still counts as missing.
func (s *search) renamed(ctx context.Context, missing []string) error {
	known := map[string]bool{}
	for _, g := range s.groups {
		known[g.ID] = true
	}
	n := 0
	for _, rec := range s.sortedRecords() {
		for _, g := range rec.Groups {
			if known[g.ID] || g.ID == "" || n == 5 {
				continue
			}
			known[g.ID], n = true, n+1
			o, err := s.get(ctx, s.scim, s.directoryPath()+"/Groups/"+url.PathEscape(g.ID), nil)
			if evidence.Status(err) == http.StatusNotFound {
				continue
			}
			if err != nil {
				if err := s.hole(ctx, err, gap(document.ScimGroups, g.ID, "the group "+g.Name, "")); err != nil {
					return err
				}
				continue
			}
			if err := s.addScimGroup(ctx, o); err != nil {
				return err
			}
		}
	}
	if s.renamedFound(missing) {
		return nil
	}
	const short = 2 * scimPage
	one, err := s.scimPage(ctx, "/Groups", url.Values{"startIndex": {"1"}, "count": {"1"}})
	if err == nil && one.Total > short {
		err = errMany
	}
	var e extent
	if err == nil && one.Total > 0 {
		e, err = s.scimList(ctx, "/Groups", func(_ string, o jsontext.Value) error {
			g, err := decode[scimGroup](o)
			if err != nil || !slices.Contains(s.focus.Groups, g.ExternalID) {
				return err
			}
			return s.addScimGroup(ctx, o)
		})
	}
	if err == nil && e.hole != "" {
		err = errFewer
	}
	if err == nil {
		return nil
	}
	// One of the names may have gone over to another group: then the id of a group that was left tells.
	if err := s.readOwn(ctx, func(ownGroup) bool { return true }); err != nil {
		return err
	}
	return s.hole(ctx, err, gap(document.ScimGroups, "groups under another name", "whether "+strings.Join(missing, ", ")+" is there under an old name", ""))
}

// renamedFound tells whether as many groups of the people's as were missing are there by their ids, under other names.
func (s *search) renamedFound(missing []string) bool {
	n := 0
	for _, g := range s.groups {
		if slices.Contains(s.focus.Groups, g.ExternalID) && slices.Contains(s.others, g.Name) {
			n++
		}
	}
	return n >= len(missing)
}

// conflicts asks for signs of a directory that was removed, where a group is missing or stands against a local one: the
// audit log's words about it, and links of those who are in the local group.
func (s *search) conflicts(ctx context.Context) error {
	if !s.org || !s.trouble {
		return nil
	}
	for _, word := range ofDirectories {
		if err := s.events(ctx, word, 2); err != nil {
			return err
		}
	}
	for _, g := range s.found {
		if !g.expected || g.Synced == nil || *g.Synced {
			continue
		}
		some, err := s.someOf(ctx, g.ID, 3)
		if err != nil {
			if err := s.hole(ctx, err, gap(document.ScimLinks, "", "links of members of "+g.Name, "")); err != nil {
				return err
			}
			continue
		}
		for _, a := range some {
			if !isMail(a.Email) || !s.first("link", a.Email) {
				continue
			}
			told := s.linksOf(ctx, a.Email)
			if told.err != nil {
				err = s.hole(ctx, told.err, gap(document.ScimLinks, "", "links of "+a.Email, ""))
			} else {
				err = s.links.add(s.reading, a.Email, told.links)
			}
			if err != nil {
				return err
			}
		}
		break
	}
	return nil
}
