package guard

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// focused records what touches a few people and their groups, so that an answer about them is the one that the whole
// documents would give (ADR 5 says what touches somebody):
//
//   - records that carry their id or a name or address of theirs, records that the links of their addresses name, and
//     whatever shares a key with those, a few rounds far
//   - accounts with their addresses, accounts that the records and links name, with the groups that each is in
//   - of groups that somebody should be in, all of the SCIM group; of the organization's group the members that are
//     among these accounts, and how many there are in all
//   - what hangs on the accounts: what may be managed, policies; and the domains
//
// What is only needed when something is wrong is only asked for then: what a group grants, the audit log, who else is
// in a local group, the name of a policy.
func (r *reading) focused(ctx context.Context, focus *evidence.Focus) error {
	s, err := r.about(focus)
	if err != nil {
		return err
	}
	return s.all(ctx)
}

func (s *search) all(ctx context.Context) error {
	for _, step := range []func(context.Context) error{s.persons, s.scimGroups, s.outside, s.orgGroups, s.ofAccounts, s.conflicts, s.aboutGroups, s.end} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// about begins a search.
func (r *reading) about(focus *evidence.Focus) (*search, error) {
	directory, org, err := r.askable()
	return &search{
		reading: r, focus: focus, directory: directory, org: org, links: linkSet{}, members: map[string][]string{},
		records: map[string]record{}, groups: map[string]scimGroup{}, asked: map[key]bool{},
	}, err
}

// Find looks for people whom the source does not know by the words that were typed: by the id of a record or an account,
// or by a name that only Atlassian has. It records nothing and adds ids of the source to the focus, so that the source
// can say which groups they should be in before Fetch. Where the source knows somebody it asks nothing.
func (s *Source) Find(ctx context.Context, focus *evidence.Focus) error {
	if len(focus.Users)+len(focus.Groups) > 0 {
		return nil
	}
	r := &reading{Source: s, to: nowhere{}, most: s.o.Requests}
	found, err := r.about(focus)
	if err == nil {
		err = found.persons(ctx)
	}
	if err != nil {
		return fmt.Errorf("looking for people at Atlassian: %w", err)
	}
	return nil
}

// nowhere takes what is only looked at.
type nowhere struct{}

func (nowhere) Add(document.File, string, jsontext.Value) error { return nil }
func (nowhere) Whole(document.File) error                       { return nil }
func (nowhere) Gap(document.Gap) error                          { return nil }

// aboutGroups says of a question about a group that its members are not judged: that would take requests for each of
// them. The group itself is, and how many are in it.
func (s *search) aboutGroups(context.Context) error {
	names := slices.Concat(s.focus.Groups, s.focus.GroupNames)
	for _, g := range s.groups {
		names = append(names, g.ID)
	}
	for _, g := range s.found {
		names = append(names, g.ID, g.Name)
	}
	for i := range names {
		names[i] = document.Fold(names[i])
	}
	if !slices.ContainsFunc(s.focus.Texts, func(text string) bool { return slices.Contains(names, document.Fold(text)) }) {
		return nil
	}
	var files []document.File
	if s.directory {
		files = append(files, document.ScimUsers)
	}
	if s.org {
		files = append(files, document.OrgUsers)
	}
	for _, f := range files {
		if slices.Contains(s.holes, f) {
			continue
		}
		s.holes = append(s.holes, f)
		g := gap(f, "", "the members of the group", "a question about a group does not ask about each member: a roll call does, and a question about one person")
		if err := s.to.Gap(g); err != nil {
			return err
		}
	}
	return nil
}

// search is what a question has found so far.
type search struct {
	*reading
	focus          *evidence.Focus
	directory, org bool // can be asked

	records    map[string]record // by id
	accounts   []account         // in the order in which they were found
	links      linkSet
	linked     []string             // accounts that the links of the people's addresses name
	groups     map[string]scimGroup // by id
	others     []string             // names of groups of the directory that Entra calls otherwise
	sparing    bool                 // groups that the people's records name are left for later
	own        []ownGroup           // these
	found      []foundGroup
	members    map[string][]string // id of an organization's group -> accounts of ours in it
	asked      map[key]bool
	holes      []document.File // documents that end with a gap
	strangers  bool            // nobody is known by an id of the source
	recordless bool            // the directory was asked, and nobody has a record: which account is theirs, nobody says then
	trouble    bool            // a group is missing or in conflict: what the audit log says matters
}

// key is something that was asked for once.
type key struct{ kind, value string }

// first tells whether something is asked for the first time.
func (s *search) first(kind, value string) bool {
	k := key{kind, document.Fold(value)}
	if k.value == "" || s.asked[k] {
		return false
	}
	s.asked[k] = true
	return true
}

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

func (s *search) sortedRecords() []record {
	var out []record
	for _, rec := range s.records {
		out = append(out, rec)
	}
	slices.SortFunc(out, func(x, y record) int { return strings.Compare(x.ID, y.ID) })
	return out
}

// hole notes that a document is not known as a whole, or not for a subject.
func (s *search) hole(ctx context.Context, err error, g document.Gap) error {
	s.first("gap", g.File)
	if g.Subject == "" && !slices.Contains(s.holes, document.File(g.File)) {
		s.holes = append(s.holes, document.File(g.File))
	} else if g.Subject == "" {
		return nil // one gap of the kind is enough
	}
	return s.failed(ctx, err, g)
}

// complete tells whether nothing of a document stayed untold so far.
func (s *search) complete(f document.File) bool {
	return !s.asked[key{"gap", document.Fold(string(f))}]
}

// end says of documents without a hole that they answer the question as a whole would.
func (s *search) end(context.Context) error {
	var files []document.File
	if s.directory {
		files = append(files, scimFiles...)
	}
	if s.org {
		files = append(files, document.ScimLinks, document.OrgUsers, document.Domains, document.Manage, document.AuthPolicies, document.OrgGroups)
		if s.trouble {
			files = append(files, document.Events)
		}
	}
	for _, f := range files {
		if slices.Contains(s.holes, f) || s.sparing && f == document.ScimGroups {
			continue
		}
		if err := s.to.Whole(f); err != nil {
			return err
		}
	}
	return nil
}

func looksLikeID(text string) bool { return len(text) == 36 && strings.Count(text, "-") == 4 }

// looksLikeAccount recognises 712020:… and the older form of 24 hexadecimal digits.
func looksLikeAccount(text string) bool {
	site, id, ok := strings.Cut(text, ":")
	if ok {
		return site != "" && id != "" && !strings.Contains(text, " ")
	}
	return len(text) == 24 && strings.Trim(strings.ToLower(text), "0123456789abcdef") == ""
}
