package guard

import (
	"context"
	"net/url"
	"strconv"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
)

// everything reads whole documents. What hangs on accounts and addresses one by one comes last, when it is known whom
// it can matter for.
func (r *reading) everything(ctx context.Context) error {
	directory, org, err := r.askable()
	if err != nil {
		return err
	}
	w := &whole{reading: r, linked: map[string]bool{}, groups: map[string][]string{}}
	if directory {
		if err := w.records(ctx); err != nil {
			return err
		}
	}
	if !org {
		return nil
	}
	for _, step := range []func(context.Context) error{w.accounts, w.orgGroups, w.domains, w.policies, w.links, w.manage, w.events} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// whole is what a whole reading remembers, so that its documents can be checked against each other.
type whole struct {
	*reading
	linked  map[string]bool     // accounts that a record of the directory is linked to
	loose   []string            // addresses of records that are linked to none
	people  []account           // of the organization
	groups  map[string][]string // group id -> account ids, by what the accounts say
	untold  bool                // some accounts did not say their groups
	unread  bool                // accounts are missing, so that what hangs on them is not known as a whole
	managed int                 // accounts of a verified domain
}

// account is what of an account decides whom to ask about it.
type account struct {
	ID     string `json:"accountId"`
	Email  string `json:"email"`
	Name   string `json:"name"`
	Claim  string `json:"claimStatus"`
	Source string `json:"managementSource"`
	Groups *[]struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"groups"` // nil: not told
	Products *[]jsontext.Value `json:"productAccess"` // likewise
}

// record is what of a record leads to others.
type record struct {
	ID         string `json:"id"`
	ExternalID string `json:"externalId"`
	UserName   string `json:"userName"`
	Emails     []struct {
		Value   string `json:"value"`
		Primary bool   `json:"primary"`
	} `json:"emails"`
	Groups []struct {
		ID   string `json:"value"`
		Name string `json:"display"`
	} `json:"groups"`
	Atlassian struct {
		Account string `json:"atlassianAccountId"`
	} `json:"urn:scim:schemas:extension:atlassian-external:1.0"`
}

func (r *record) mail() string {
	for _, e := range r.Emails {
		if e.Primary {
			return e.Value
		}
	}
	if len(r.Emails) > 0 {
		return r.Emails[0].Value
	}
	return ""
}

func (w *whole) records(ctx context.Context) error {
	e, err := w.scimList(ctx, "/Users", func(_ string, o jsontext.Value) error {
		rec, err := decode[record](o)
		if err != nil {
			return err
		}
		if rec.Atlassian.Account != "" {
			w.linked[rec.Atlassian.Account] = true
		} else if m := rec.mail(); m != "" {
			w.loose = append(w.loose, m)
		}
		return w.to.Add(document.ScimUsers, "", o)
	})
	if err := w.ended(ctx, document.ScimUsers, e, err); err != nil {
		return err
	}
	e, err = w.scimList(ctx, "/Groups", func(id string, o jsontext.Value) error { return w.scimGroup(ctx, id, o) })
	return w.ended(ctx, document.ScimGroups, e, err)
}

// accounts reads who is in the organization. With the groups of each account, one search tells the members of all
// groups, which would else be a call for each (atlassian.md 8.9).
func (w *whole) accounts(ctx context.Context) error {
	seen := map[string]bool{}
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		return w.searchUsers(ctx, userSearch{Cursor: cursor, Limit: 100})
	}, "accountId", allPages, func(id string, o jsontext.Value) error {
		a, err := decode[account](o)
		if err != nil {
			return err
		}
		if a.Groups == nil {
			w.untold = true
		} else {
			for _, g := range *a.Groups {
				w.groups[g.ID] = append(w.groups[g.ID], id)
			}
		}
		a.Groups, a.Products, seen[id] = nil, nil, true
		if a.Claim == "managed" {
			w.managed++
		}
		w.people = append(w.people, a)
		return w.to.Add(document.OrgUsers, "", o)
	})
	if err == nil && e.hole == "" && len(seen) == 0 && len(w.linked) > 0 {
		e.hole, e.total = "records of the directory are linked to accounts, and none came", len(w.linked)
	}
	w.unread = err != nil || e.hole != ""
	w.untold = w.untold || w.unread
	return w.ended(ctx, document.OrgUsers, e, err)
}

// userSearch is the body of users/search. What is empty asks nothing.
type userSearch struct {
	Cursor     string   `json:"cursor,omitzero"`
	Limit      int      `json:"limit,omitzero"`
	AccountIDs []string `json:"accountIds,omitzero"`
	Emails     []string `json:"emails,omitzero"`
	GroupIDs   []string `json:"groupIds,omitzero"`
	Term       string   `json:"searchTerm,omitzero"`
	Expand     []string `json:"expand"`
}

func (r *reading) searchUsers(ctx context.Context, q userSearch) (jsontext.Value, error) {
	q.Expand = []string{"productAccess", "groups"}
	return r.search(ctx, r.orgPath("v2")+"/directories/-/users/search", q)
}

// groupSearch is the body of groups/search.
type groupSearch struct {
	Cursor string   `json:"cursor,omitzero"`
	Limit  int      `json:"limit,omitzero"`
	IDs    []string `json:"groupIds,omitzero"`
	Names  []string `json:"groupNames,omitzero"`
	Expand []string `json:"expand"`
}

func (r *reading) searchGroups(ctx context.Context, q groupSearch) (jsontext.Value, error) {
	q.Expand = []string{"counts.users"}
	return r.search(ctx, r.orgPath("v2")+"/directories/-/groups/search", q)
}

func (r *reading) orgPath(version string) string {
	return "/admin/" + version + "/orgs/" + url.PathEscape(r.o.Connection.Org)
}

func (w *whole) domains(ctx context.Context) error {
	e, err := w.readDomains(ctx, allPages)
	if err == nil && e.got == 0 && w.managed > 0 {
		e.hole = "accounts are managed, which takes a verified domain, and none came"
	}
	return w.ended(ctx, document.Domains, e, err)
}

func (r *reading) readDomains(ctx context.Context, pages int) (extent, error) {
	return orgList(func(cursor string) (jsontext.Value, error) {
		q := url.Values{}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		return r.get(ctx, r.admin, r.orgPath("v1")+"/domains", q)
	}, "id", pages, func(_ string, o jsontext.Value) error { return r.to.Add(document.Domains, "", o) })
}

// events reads the audit log from the stream, which is the way to read much; /events takes ten requests a minute.
func (w *whole) events(ctx context.Context) error {
	from := w.o.Now().Add(-w.o.Back)
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		q := url.Values{"from": {strconv.FormatInt(from.UnixMilli(), 10)}, "limit": {"500"}}
		if cursor != "" {
			q.Set("cursor", cursor)
		}
		return w.ask(ctx, w.admin, getIn(eventsLane, w.orgPath("v1")+"/events-stream", q))
	}, "id", mostEventPages, func(_ string, o jsontext.Value) error { return w.to.Add(document.Events, "", o) })
	if err == nil && e.got == 0 && len(w.people) > 0 {
		e.hole = "people are in the organization, and no event came of half a year"
	}
	return w.ended(ctx, document.Events, e, err)
}

// mostEventPages bounds a log that could be endless.
const mostEventPages = 2000
