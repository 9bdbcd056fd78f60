package guard

import (
	"context"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
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
	err := evidence.InOrder(ctx, s.o.SideBySide, asked, func(ctx context.Context, name string) filteredAnswer {
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
