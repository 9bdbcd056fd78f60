package atlassian

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// errConsent means that Microsoft lets the connector read no longer.
var errConsent = errors.New("the connection was refused by Microsoft: sign in again")

// pulled is what a sync has read, in Graph's order.
type pulled struct {
	users   []graphUser
	groups  []graphGroup
	domains []string
}

// graphUser is a user as far as the fixed mapping goes.
type graphUser struct {
	ID                string   `json:"id"`
	Name              string   `json:"displayName"`
	Given             string   `json:"givenName"`
	Surname           string   `json:"surname"`
	Mail              string   `json:"mail"`
	UserPrincipalName string   `json:"userPrincipalName"`
	UserType          string   `json:"userType"`
	Enabled           *bool    `json:"accountEnabled"`
	JobTitle          string   `json:"jobTitle"`
	Language          string   `json:"preferredLanguage"`
	Mobile            string   `json:"mobilePhone"`
	Phones            []string `json:"businessPhones"`
	Department        string   `json:"department"`
}

const userSelect = "id,displayName,givenName,surname,mail,userPrincipalName,userType,accountEnabled,jobTitle,preferredLanguage,mobilePhone,businessPhones,department"

// graphGroup is a group with the users whom any nesting leads into it.
type graphGroup struct {
	ID    string `json:"id"`
	Name  string `json:"displayName"`
	users []string
	blind bool // its members may not be read
}

// reader reads Graph for one sync.
type reader struct {
	base      string
	transport http.RoundTripper
	settings  SyncSettings
	readings  Readings
	token     string

	out  pulled
	seen map[string]bool // users and groups by id
}

func (r *reader) readAs(ctx context.Context, token func() (string, error), refused bool) (pulled, error) {
	if refused || token == nil {
		return pulled{}, errConsent
	}
	var err error
	if r.token, err = token(); err != nil {
		return pulled{}, fmt.Errorf("%w: %w", errConsent, err)
	}
	r.seen = map[string]bool{}
	for _, step := range []func(context.Context) error{r.domains, r.groups, r.everybody, r.members} {
		if err := step(ctx); err != nil {
			return pulled{}, err
		}
	}
	return r.out, nil
}

// graphDomain is a domain of the tenant.
type graphDomain struct {
	ID       string `json:"id"`
	Verified bool   `json:"isVerified"`
}

// domains are those verified in Entra, as far as they were chosen. A consent that does not reach that far verifies none.
func (r *reader) domains(ctx context.Context) error {
	err := pages(ctx, r, "/domains", func(d graphDomain) {
		chosen := len(r.settings.Domains) == 0 || slices.ContainsFunc(r.settings.Domains, func(n string) bool { return strings.EqualFold(n, d.ID) })
		if d.Verified && chosen {
			r.out.domains = append(r.out.domains, d.ID)
		}
	})
	if errors.Is(err, status(http.StatusForbidden)) {
		return nil
	}
	return err
}

// groups are all, or the chosen ones and, flattened beside them, those inside them.
func (r *reader) groups(ctx context.Context) error {
	keep := func(g graphGroup) {
		if !r.seen[g.ID] {
			r.seen[g.ID] = true
			r.out.groups = append(r.out.groups, g)
		}
	}
	if len(r.settings.Groups) == 0 {
		return consent(pages(ctx, r, "/groups?$select=id,displayName&$top=999", keep))
	}
	for _, id := range r.settings.Groups {
		var g graphGroup
		err := r.get(ctx, r.base+"/groups/"+url.PathEscape(id)+"?$select=id,displayName", &g)
		if errors.Is(err, status(http.StatusNotFound)) {
			continue // deleted in Entra
		}
		if err != nil {
			return consent(err)
		}
		keep(g)
	}
	if r.readings.OnlyChosenGroups {
		return nil
	}
	for _, g := range slices.Clone(r.out.groups) {
		err := pages(ctx, r, "/groups/"+g.ID+"/transitiveMembers/microsoft.graph.group?$select=id,displayName&$count=true&$top=999", keep)
		if err != nil && !errors.Is(err, status(http.StatusForbidden)) {
			return err
		}
	}
	return nil
}

// everybody are all users, also those in no group.
func (r *reader) everybody(ctx context.Context) error {
	if len(r.settings.Groups) > 0 {
		return nil
	}
	return consent(pages(ctx, r, "/users?$select="+userSelect+"&$top=999", r.user))
}

func (r *reader) user(u graphUser) {
	if !r.seen[u.ID] {
		r.seen[u.ID] = true
		r.out.users = append(r.out.users, u)
	}
}

func (r *reader) members(ctx context.Context) error {
	for i := range r.out.groups {
		g := &r.out.groups[i]
		err := pages(ctx, r, "/groups/"+g.ID+"/transitiveMembers/microsoft.graph.user?$select="+userSelect+"&$count=true&$top=999", func(u graphUser) {
			r.user(u)
			g.users = append(g.users, u.ID)
		})
		if errors.Is(err, status(http.StatusForbidden)) {
			g.blind = true // hidden membership
			continue
		}
		if err != nil {
			return err
		}
	}
	return nil
}
