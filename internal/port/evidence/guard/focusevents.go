package guard

import (
	"context"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// ofDirectories are words of events about a directory as a whole.
var ofDirectories = []string{"directory", "identity"}

// mostWords is for how many words a history searches the organization's audit log. The service takes ten calls a minute.
const mostWords = 9

// past asks for what happened to the people, their groups, the directory, its key and the domains, newest first and one
// page of each. No answer about now draws from it.
func (s *search) past(ctx context.Context) error {
	if !s.org || !s.focus.History {
		return nil
	}
	words := append(slices.Clone(ofDirectories), "key", "domain")
	for _, a := range slices.Concat(s.focus.Addresses, s.focus.Texts) {
		if isMail(a) && len(words) < mostWords-2 && !slices.Contains(words, a) {
			words = append(words, a)
		}
	}
	groups := s.focus.GroupNames
	if s.focus.Group != "" {
		groups = slices.DeleteFunc(slices.Clone(groups), func(name string) bool { return document.Fold(name) != document.Fold(s.focus.Group) })
	}
	for _, name := range groups {
		if len(words) < mostWords {
			words = append(words, name)
		}
	}
	for _, word := range words {
		if err := s.events(ctx, word, 1); err != nil {
			return err
		}
	}
	return nil
}

// events asks for the newest events that hold a word, so many pages of them.
func (s *search) events(ctx context.Context, word string, pages int) error {
	if !s.first("event word", word) {
		return nil
	}
	s.evented = true
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		q := url.Values{"q": {word}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		return s.ask(ctx, s.admin, getIn(eventsLane, s.orgPath("v1")+"/events", q))
	}, "id", pages, func(id string, o jsontext.Value) error {
		if id != "" && !s.first("event", id) {
			return nil
		}
		return s.to.Add(document.Events, "", o)
	})
	if err == nil && e.hole != "" && !s.focus.History { // what happened last is there
		err = errFewer
	}
	if err != nil {
		return s.hole(ctx, err, gap(document.Events, "", "events about "+word, ""))
	}
	return nil
}
