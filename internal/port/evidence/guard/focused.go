package guard

import (
	"context"
	"fmt"
	"slices"

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
	for _, step := range []func(context.Context) error{s.persons, s.scimGroups, s.outside, s.orgGroups, s.ofAccounts, s.conflicts, s.past, s.aboutGroups, s.end} {
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

// end says of documents without a hole that they answer the question as a whole would.
func (s *search) end(context.Context) error {
	var files []document.File
	if s.directory {
		files = append(files, scimFiles...)
	}
	if s.org {
		files = append(files, document.ScimLinks, document.OrgUsers, document.Domains, document.Manage, document.AuthPolicies, document.OrgGroups)
		if s.evented {
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
