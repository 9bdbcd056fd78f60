package guard

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

var (
	errMany  = errors.New("not asked: there are too many of them for one question")
	errFewer = errors.New("the service announces more than it gave")
)

// scimGroup is what of a group of the directory leads to others.
type scimGroup struct {
	ID         string `json:"id"`
	ExternalID string `json:"externalId"`
	Name       string `json:"displayName"`
	Members    *[]struct {
		Record string `json:"value"`
	} `json:"members"` // nil: not told
}

// has tells whether a record is among the members.
func (g *scimGroup) has(record string) bool {
	if g.Members == nil {
		return false
	}
	for _, m := range *g.Members {
		if m.Record == record {
			return true
		}
	}
	return false
}

// foundGroup is a group of the organization that was recorded.
type foundGroup struct {
	orgGroup
	expected bool
}

// names are the groups that matter, as Entra and as a person calls them.
func (s *search) names() []string {
	names := slices.Clone(s.focus.GroupNames)
	if g := s.focus.Group; g != "" && !looksLikeID(g) {
		names = append(names, g)
	}
	if len(s.focus.Users)+len(s.records)+len(s.accounts) == 0 {
		for _, text := range s.focus.Texts { // it may be a group that only Atlassian knows
			if !strings.Contains(text, "@") && !looksLikeID(text) && !looksLikeAccount(text) {
				names = append(names, text)
			}
		}
	}
	return names
}

// mostGroups is how many groups of the directory a question asks for.
const mostGroups = 50

// scimGroups reads the groups of the directory with all their members, found by name. One that was renamed in Entra
// keeps its old name here: it is found among the groups of the people's records.
func (s *search) scimGroups(ctx context.Context) error {
	if !s.directory {
		return nil
	}
	if s.strangers && len(s.focus.Users) > 0 && len(s.focus.GroupNames) == 0 {
		// They lead to somebody at the source after all, whose groups nobody told: without Find before this, no group may
		// count as missing.
		g := gap(document.ScimGroups, "", "groups of people who were found at Atlassian only", "which groups they should be in was not known; ask by user principal name")
		s.holes = append(s.holes, document.ScimGroups)
		if err := s.to.Gap(g); err != nil {
			return err
		}
	}
	var asked, missing []string
	names := s.names()
	for _, name := range names {
		if own, ok := s.byOwnWord(name, names); ok {
			s.own = append(s.own, own)
			continue
		}
		if !s.first("scim group", name) {
			continue
		}
		if s.count("scim group") > mostGroups {
			if err := s.hole(ctx, errMany, gap(document.ScimGroups, name, "the group "+name, "")); err != nil {
				return err
			}
			continue
		}
		asked = append(asked, name)
	}
	err := evidence.InOrder(ctx, sideBySide, asked, func(ctx context.Context, name string) filteredAnswer {
		return s.filteredBy(ctx, "/Groups", "displayName", name)
	}, func(name string, a filteredAnswer) error {
		if a.err != nil {
			subject := name
			if refusal(a.err) {
				subject = "" // of every group
			}
			return s.hole(ctx, a.err, gap(document.ScimGroups, subject, "the group "+name, ""))
		}
		if len(a.page.Resources) == 0 {
			if a.page.Total > 0 {
				if err := s.hole(ctx, errFewer, gap(document.ScimGroups, name, "the group "+name, "")); err != nil {
					return err
				}
			}
			missing = append(missing, name)
		}
		for _, o := range a.page.Resources {
			if err := s.addScimGroup(ctx, o); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	if len(missing) == 0 {
		return s.total(ctx)
	}
	s.trouble = true
	if err := s.renamed(ctx, missing); err != nil {
		return err
	}
	return s.total(ctx)
}

func (s *search) addScimGroup(ctx context.Context, o jsontext.Value) error {
	g, err := decode[scimGroup](o)
	if err != nil {
		return err
	}
	if _, have := s.groups[g.ID]; have {
		return nil
	}
	s.groups[g.ID] = g
	if len(s.focus.Groups) == 0 && g.ExternalID != "" { // whose name the source did not know
		s.focus.Groups = append(s.focus.Groups, g.ExternalID)
	}
	if !slices.Contains(s.focus.GroupNames, g.Name) {
		s.others = append(s.others, g.Name)
		s.focus.GroupNames = append(s.focus.GroupNames, g.Name) // Jira knows it by this name
	}
	return s.scimGroup(ctx, g.ID, o)
}

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

// orgGroups reads the organization's groups of the names that matter, and those of an account that has no product.
func (s *search) orgGroups(ctx context.Context) error {
	if !s.org {
		return nil
	}
	names := s.names()
	if len(names) > 0 {
		if err := s.findGroups(ctx, groupSearch{Names: names, Limit: 100}, true); err != nil {
			return err
		}
	}
	if err := s.anyGroup(ctx, names); err != nil {
		return err
	}
	var others []string
	noProduct := false
	for _, a := range s.accounts {
		if a.Products == nil || len(*a.Products) > 0 || a.Groups == nil {
			continue
		}
		noProduct = true
		for _, g := range *a.Groups {
			if s.first("org group", g.ID) {
				others = append(others, g.ID)
			}
		}
	}
	if len(others) > 0 {
		if err := s.findGroups(ctx, groupSearch{IDs: others[:min(len(others), 100)], Limit: 100}, false); err != nil {
			return err
		}
	}
	return s.addGroups(ctx, noProduct)
}

// anyGroup looks twice where none of the names was found: an organization that then has no group at all has lost a page.
func (s *search) anyGroup(ctx context.Context, names []string) error {
	if len(names) == 0 || len(s.found) > 0 || slices.Contains(s.holes, document.OrgGroups) {
		return nil
	}
	raw, err := s.searchGroups(ctx, groupSearch{Limit: 1})
	if err == nil {
		var page orgPageAnswer
		if page, err = decode[orgPageAnswer](raw); err == nil && len(page.Data) > 0 {
			return nil
		}
	}
	if err == nil {
		err = errors.New("the organization tells of no group at all")
	}
	return s.hole(ctx, err, gap(document.OrgGroups, "", "groups", ""))
}

func (s *search) findGroups(ctx context.Context, q groupSearch, expected bool) error {
	e, err := orgList(func(cursor string) (jsontext.Value, error) {
		q.Cursor = cursor
		return s.searchGroups(ctx, q)
	}, "id", 2, func(id string, o jsontext.Value) error {
		g, err := decode[orgGroup](o)
		g.object = o
		s.first("org group", id)
		s.found = append(s.found, foundGroup{g, expected})
		return err
	})
	switch {
	case err != nil:
		return s.hole(ctx, err, gap(document.OrgGroups, "", "groups", ""))
	case e.hole != "":
		return s.hole(ctx, errFewer, gap(document.OrgGroups, "", "groups: "+e.hole, ""))
	}
	return nil
}

// mostRoles is of how many groups a question asks what they grant.
const mostRoles = 8

// addGroups records the groups. What a group grants only matters where a product is expected of it, where somebody has
// none, and of a local group: it may be a default one.
func (s *search) addGroups(ctx context.Context, noProduct bool) error {
	asked := 0
	for _, g := range s.found {
		local := g.expected && (g.Synced == nil || !*g.Synced)
		s.trouble = s.trouble || local
		var roles []jsontext.Value
		if local || noProduct || len(s.o.Connection.ExpectedProducts[g.Name]) > 0 && !s.recordless {
			err := errMany
			if asked++; asked <= mostRoles {
				roles, err = s.rolesOf(ctx, g.ID)
			}
			if err != nil {
				roles = nil
				if err := s.rolesUntold(ctx, g.orgGroup, false, err); err != nil {
					return err
				}
			}
		}
		if slices.Contains(s.holes, document.OrgUsers) { // who is in it is not known then
			if err := s.to.Gap(gap(document.OrgGroups, g.ID, "members of "+g.Name, "the accounts were not read")); err != nil {
				return err
			}
		}
		if err := s.addGroup(g.orgGroup, s.members[g.ID], roles); err != nil {
			return err
		}
	}
	return nil
}

// conflicts asks for signs of a directory that was removed, where a group is missing or stands against a local one: the
// audit log's words about it, and links of those who are in the local group.
func (s *search) conflicts(ctx context.Context) error {
	if !s.org || !s.trouble {
		return nil
	}
	for _, word := range []string{"directory", "identity"} {
		e, err := orgList(func(cursor string) (jsontext.Value, error) {
			q := url.Values{"q": {word}}
			if cursor != "" {
				q.Set("cursor", cursor)
			}
			return s.ask(ctx, s.admin, getIn(eventsLane, s.orgPath("v1")+"/events", q))
		}, "id", 2, func(id string, o jsontext.Value) error {
			if id != "" && !s.first("event", id) {
				return nil
			}
			return s.to.Add(document.Events, "", o)
		})
		if err == nil && e.hole != "" {
			err = errFewer
		}
		if err != nil {
			if err := s.hole(ctx, err, gap(document.Events, "", "events about "+word, "")); err != nil {
				return err
			}
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
