package jira

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// Of a question about a few people.
const (
	mostAccounts = 6
	mostGroups   = 50
	mostNames    = 50 // in one request, as on one page
)

// focused records of the groups that matter whether the accounts are in them. The list of a group is not read: it would
// take a request for every fifty members. What is recorded names the accounts that were asked about, so that nobody
// else counts as not being a member, and how many members the site counts.
func (r *reading) focused(ctx context.Context, focus *evidence.Focus) error {
	f, names := r.file(document.JiraGroups), namesOf(focus)
	if len(focus.Users) > 0 && !slices.ContainsFunc(names, func(n string) bool { return !slices.Contains(focus.Outside, n) }) {
		return r.there(ctx, f, names)
	}
	accounts := focus.Accounts[:min(len(focus.Accounts), mostAccounts)]
	in := map[string][]string{} // group -> accounts
	for _, id := range accounts {
		groups, err := r.groupsOf(ctx, id)
		if err != nil {
			return r.failed(ctx, err, r.gap(document.JiraGroups, "", "groups of account "+id))
		}
		for _, name := range groups {
			in[name] = append(in[name], id)
		}
	}
	if left := focus.Accounts[len(accounts):]; len(left) > 0 {
		g := r.gap(document.JiraGroups, "", "groups of further accounts")
		g.Why = "not asked: there are too many of them for one question"
		return r.to.Gap(g)
	}
	asked := 0
	var mere []string
	for _, name := range names {
		outside := slices.Contains(focus.Outside, name)
		if len(in[name]) == 0 && outside {
			mere = append(mere, name)
			continue
		}
		size := len(in[name]) < max(len(accounts), 1) && !outside
		if size {
			asked++
		}
		if err := r.group(ctx, focus, name, accounts, in[name], size, asked); err != nil {
			return err
		}
	}
	return r.there(ctx, f, mere)
}

// namesOf are the names of the groups that matter.
func namesOf(focus *evidence.Focus) []string {
	names := slices.Clone(focus.GroupNames)
	if focus.Group != "" {
		names = append(names, focus.Group)
	}
	if len(focus.Users)+len(focus.Accounts) == 0 {
		names = append(names, focus.Texts...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// group records which of the accounts are in a group, and asks for its size where somebody is not: whether the site has
// it, and how many are in it, then matters. Asked is how many sizes were asked for, this one too.
func (r *reading) group(ctx context.Context, focus *evidence.Focus, name string, accounts, in []string, size bool, asked int) error {
	g := recorded{Total: len(in), Asked: accounts}
	if g.Asked == nil {
		g.Asked = []string{}
	}
	for _, id := range in {
		v, err := member(id)
		if err != nil {
			return err
		}
		g.Values = append(g.Values, v)
	}
	if size {
		total, there, err := 0, false, errSpent
		if asked <= mostGroups {
			total, there, err = r.size(ctx, name)
		}
		if err != nil {
			return r.failed(ctx, err, r.gap(document.JiraGroups, name, "members of "+name))
		}
		if !there {
			return nil
		}
		g.Total = max(g.Total, total)
		if len(in) < len(accounts) && !slices.Contains(focus.Lacking, name) {
			focus.Lacking = append(focus.Lacking, name)
		}
	}
	return r.write(r.file(document.JiraGroups), name, g)
}

// there records which of the groups a site has, and nothing of who is in them, and ends the document. That is all that counts of a group which
// none of the people is in at the directory: what an answer compares is the directory and the site.
func (r *reading) there(ctx context.Context, f document.File, names []string) error {
	for some := range slices.Chunk(names, mostNames) {
		l, err := r.read(ctx, "/rest/api/3/group/bulk", url.Values{"groupName": some}, "groupId")
		if err == nil && l.hole != "" {
			err = errors.New(l.hole)
		}
		if err != nil {
			return r.failed(ctx, err, r.gap(document.JiraGroups, "", "which groups there are"))
		}
		for _, o := range l.values {
			if name := text(o, "name"); slices.Contains(some, name) {
				if err := r.write(f, name, recorded{Asked: []string{}}); err != nil {
					return err
				}
			}
		}
	}
	return r.to.Whole(f)
}

// groupsOf are the names of the groups that an account is in at the site. One whom the site does not know is in none.
func (r *reading) groupsOf(ctx context.Context, account string) ([]string, error) {
	raw, err := r.get(ctx, "/rest/api/3/user/groups", url.Values{"accountId": {account}})
	if evidence.Status(err) == http.StatusNotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	groups, err := decode[[]jsontext.Value](raw)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range groups {
		names = append(names, text(o, "name"))
	}
	return names, nil
}

// size is how many members a site counts in a group, inactive ones too, and whether it has the group.
func (r *reading) size(ctx context.Context, name string) (total int, there bool, err error) {
	raw, err := r.get(ctx, "/rest/api/3/group/member", url.Values{
		"groupname": {name}, "includeInactiveUsers": {"true"}, "startAt": {"0"}, "maxResults": {"1"},
	})
	if evidence.Status(err) == http.StatusNotFound {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, err
	}
	p, err := decode[page](raw)
	if err != nil {
		return 0, false, err
	}
	if p.Total != nil {
		total = *p.Total
	}
	return max(total, len(p.Values)), true, nil
}

func member(account string) (jsontext.Value, error) {
	id, err := jsontext.AppendQuote(nil, account)
	if err != nil {
		return nil, err
	}
	return jsontext.Value(`{"accountId":` + string(id) + `}`), nil
}
