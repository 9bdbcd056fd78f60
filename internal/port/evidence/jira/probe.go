package jira

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

const tokens = "id.atlassian.com › Security › API tokens"

// Probe looks whether each site lets its token's owner in, and whether a product's seats are used up. Two reads a site.
func (s *Source) Probe(ctx context.Context) []evidence.Check {
	ctx, cancel := context.WithTimeout(ctx, 45*time.Second)
	defer cancel()
	out := make([]evidence.Check, len(s.sites))
	var wg sync.WaitGroup
	for i, x := range s.sites {
		wg.Go(func() { out[i] = (&reading{site: x}).probe(ctx, s.o.Sites[i].Email) })
	}
	wg.Wait()
	return out
}

func (r *reading) probe(ctx context.Context, email string) evidence.Check {
	name := r.folder
	if name == "" {
		name = r.host
	}
	c := evidence.Check{Name: "site " + name, State: evidence.OK, Lost: "who is in which group at the site, what the groups grant, and whether a seat is left"}
	if r.client == nil {
		c.State, c.Fact, c.Fix = evidence.Warning, "no token is configured", "make one at "+tokens+", and write `email:` and `token:` beside the site's url"
		return c
	}
	refused := func(err error) evidence.Check {
		c.State, c.Fact, c.Fix = evidence.Unknown, evidence.Reason(err), "try again: status.atlassian.com"
		switch evidence.Status(err) {
		case 0:
			c.State, c.Fix = evidence.Bad, "compare the site's url, and let this machine reach it"
		case http.StatusUnauthorized:
			c.State, c.Fact = evidence.Bad, "refused: the token was revoked or has ended, or is not that of "+email
			c.Fix = "make a new one at " + tokens + " (signed in as " + email + ")"
		case http.StatusForbidden:
			c.State, c.Fact = evidence.Warning, email+" signs in, but may not administer Jira"
			c.Fix = "give " + email + " the global permission Administer Jira, or use another account"
		case http.StatusNotFound:
			c.State, c.Fix = evidence.Bad, "compare the site's url: there is no Jira"
		}
		return c
	}
	if _, err := r.get(ctx, "/rest/api/3/myself", nil); err != nil {
		return refused(err)
	}
	raw, err := r.get(ctx, "/rest/api/3/applicationrole", nil)
	if err != nil {
		return refused(err)
	}
	roles, err := decode[[]document.ApplicationRole](raw)
	if err != nil {
		return refused(err)
	}
	var full []string
	for _, role := range roles {
		if document.Is(role.RemainingSeats, 0) && !role.HasUnlimitedSeats {
			full = append(full, role.Name)
		}
	}
	c.Fact, c.Lost = fmt.Sprintf("%s administers it; products with a role: %d", email, len(roles)), ""
	if len(full) > 0 {
		c.State, c.Fact = evidence.Warning, "no seat is left in "+strings.Join(full, ", ")
		c.Lost, c.Fix = "whom provisioning puts into the product's groups gets no access", "Atlassian Administration › Billing, or free seats"
	}
	return c
}
