package guard

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// lookUpRecords asks the directory for records by externalId, by userName and by id. It answers no other filter.
func (s *search) lookUpRecords(ctx context.Context, ids, names, records []string) error {
	if !s.directory {
		return nil
	}
	if err := s.recordsBy(ctx, "externalId", ids, 3*mostAddress); err != nil {
		return err
	}
	if err := s.recordsBy(ctx, "userName", names, 2*mostAddress); err != nil {
		return err
	}
	for _, id := range records {
		if _, have := s.records[id]; have || !s.first("record", id) {
			continue
		}
		o, err := s.get(ctx, s.scim, s.directoryPath()+"/Users/"+url.PathEscape(id), nil)
		switch {
		case evidence.Status(err) == http.StatusNotFound: // a link may outlive its record
		case err != nil:
			if err := s.hole(ctx, err, gap(document.ScimUsers, "", "record "+id, "")); err != nil {
				return err
			}
		default:
			if err := s.addRecord(o); err != nil {
				return err
			}
		}
	}
	return nil
}

// recordsBy asks for records by one attribute.
func (s *search) recordsBy(ctx context.Context, attribute string, values []string, most int) error {
	var asked []string
	for _, v := range values {
		if !s.first(attribute, v) {
			continue
		}
		if s.count(attribute) > most {
			if err := s.hole(ctx, errMany, gap(document.ScimUsers, v, "records with "+attribute+" "+v, "")); err != nil {
				return err
			}
			continue
		}
		asked = append(asked, v)
	}
	return evidence.InOrder(ctx, s.o.SideBySide, asked, func(ctx context.Context, v string) filteredAnswer {
		return s.filteredBy(ctx, "/Users", attribute, v)
	}, func(v string, a filteredAnswer) error {
		if a.err == nil && len(a.page.Resources) < a.page.Total {
			a.err = errFewer
		}
		if a.err != nil {
			if err := s.hole(ctx, a.err, gap(document.ScimUsers, "", "records with "+attribute+" "+v, "")); err != nil {
				return err
			}
		}
		for _, o := range a.page.Resources {
			if err := s.addRecord(o); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *search) addRecord(o jsontext.Value) error {
	rec, err := decode[record](o)
	if err != nil {
		return err
	}
	if _, have := s.records[rec.ID]; have || rec.ID == "" {
		return nil
	}
	s.records[rec.ID] = rec
	return s.to.Add(document.ScimUsers, "", o)
}

// lookUpLinks asks which records, of any directory, carry an address.
func (s *search) lookUpLinks(ctx context.Context, mails []string) ([]link, error) {
	var asked []string
	for _, m := range mails {
		if !s.org || !isMail(m) || !s.first("link", m) {
			continue
		}
		if s.count("link") > mostAddress {
			if err := s.hole(ctx, errMany, gap(document.ScimLinks, m, "links of "+m, "")); err != nil {
				return nil, err
			}
			continue
		}
		asked = append(asked, m)
	}
	var out []link
	err := evidence.InOrder(ctx, s.o.SideBySide, asked, s.linksOf, func(m string, a linksAnswer) error {
		if a.err != nil {
			return s.hole(ctx, a.err, gap(document.ScimLinks, "", "links of "+m, ""))
		}
		for _, o := range a.links {
			l, err := decode[link](o)
			if err != nil {
				return err
			}
			out = append(out, l)
			if l.Account != "" {
				s.linked = append(s.linked, l.Account)
			}
		}
		return s.links.add(s.reading, m, a.links)
	})
	return out, err
}

// total tells how many records there are where somebody has none.
func (s *search) total(ctx context.Context) error {
	for _, id := range s.focus.Users {
		if !slices.ContainsFunc(s.sortedRecords(), func(r record) bool { return r.ExternalID == id }) {
			page, err := s.scimPage(ctx, "/Users", url.Values{"startIndex": {"1"}, "count": {"1"}})
			if err != nil {
				return s.hole(ctx, err, gap(document.ScimUsers, "how many there are", "how many records there are", ""))
			}
			return evidence.Count(s.to, document.ScimUsers, page.Total)
		}
	}
	return nil
}
