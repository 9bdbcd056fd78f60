package guard

import (
	"context"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
)

const (
	rounds       = 4 // people who share a key with people who share a key …
	mostAddress  = 4 // addresses of one question that are looked up as names and in the links
	mostAccounts = 6 // accounts about each of which a request is sent
)

// persons finds records, links and accounts of the people, and what shares a key with them.
func (s *search) persons(ctx context.Context) error {
	ids, mails, accounts, records := slices.Clone(s.focus.Users), slices.Clone(s.focus.Addresses), slices.Clone(s.focus.Accounts), slices.Clone(s.focus.Records)
	for _, text := range s.focus.Texts {
		switch {
		case strings.Contains(text, "@"):
			mails = append(mails, text)
		case len(s.focus.Users) == 0 && !slices.Contains(s.focus.GroupNames, text) && !strings.Contains(text, " "):
			// Nobody at the source: it may be an id of Atlassian's, of a record, an account, or the externalId of a record.
			records, ids, accounts = append(records, text), append(ids, text), append(accounts, text)
		}
	}
	for range rounds {
		before := len(s.asked)
		if err := s.lookUpRecords(ctx, ids, mails, records); err != nil {
			return err
		}
		for _, rec := range s.sortedRecords() {
			mails = append(append(mails, rec.UserName), rec.mail())
			ids, accounts = append(ids, rec.ExternalID), append(accounts, rec.Atlassian.Account)
		}
		more, err := s.lookUpLinks(ctx, mails)
		if err != nil {
			return err
		}
		for _, l := range more {
			accounts = append(accounts, l.Account)
			if document.Fold(l.Directory) == document.Fold(s.o.Connection.Directory) {
				records = append(records, l.Record)
			}
		}
		if err := s.lookUpAccounts(ctx, mails, accounts); err != nil {
			return err
		}
		for _, a := range s.accounts {
			mails = append(mails, a.Email)
		}
		if len(s.asked) == before {
			break
		}
	}
	if err := s.byName(ctx); err != nil {
		return err
	}
	s.extendFocus()
	return nil
}

// byName looks for people whom only Atlassian knows by the words that were typed.
func (s *search) byName(ctx context.Context) error {
	if len(s.focus.Users) > 0 || len(s.records)+len(s.accounts) > 0 || !s.org {
		return nil
	}
	for _, text := range s.focus.Texts {
		if strings.Contains(text, "@") || looksLikeID(text) || slices.Contains(s.focus.GroupNames, text) || !s.first("term", text) {
			continue
		}
		if err := s.addAccounts(ctx, userSearch{Term: text, Limit: 20}, func(a account) bool { return document.Fold(a.Name) == document.Fold(text) }); err != nil {
			return err
		}
	}
	var mails []string
	for _, a := range s.accounts {
		mails = append(mails, a.Email)
	}
	more, err := s.lookUpLinks(ctx, mails)
	if err != nil {
		return err
	}
	var records []string
	for _, l := range more {
		if document.Fold(l.Directory) == document.Fold(s.o.Connection.Directory) {
			records = append(records, l.Record)
		}
	}
	return s.lookUpRecords(ctx, nil, mails, records)
}

// extendFocus says to the sources behind this one whom they should look for.
func (s *search) extendFocus() {
	grow := func(list *[]string, id string) {
		if id != "" && !slices.Contains(*list, id) {
			*list = append(*list, id)
		}
	}
	nobody := len(s.focus.Users) == 0
	s.strangers = nobody
	s.recordless = !nobody && s.directory && len(s.records) == 0 && s.complete(document.ScimUsers)
	for _, rec := range s.sortedRecords() {
		if nobody { // whom the source did not know by the words that were typed
			grow(&s.focus.Users, rec.ExternalID)
		}
		grow(&s.focus.Records, rec.ID)
		grow(&s.focus.Accounts, rec.Atlassian.Account)
	}
	for _, a := range s.accounts {
		grow(&s.focus.Accounts, a.ID)
	}
}
