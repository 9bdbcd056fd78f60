package entra

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
	"github.com/rollcall/rollcall/internal/port/graph"
)

// need is a permission, with the cheapest read that it allows.
type need struct {
	name  string
	path  string
	query url.Values
	lost  string
	state evidence.State // where it is missing
}

// needs are the permissions that the connection asks for, by entra.md 1.10 and 7.6. id is the enterprise application's.
func (p *Probe) needs(id string) []need {
	one := url.Values{"$select": {"id"}, "$top": {"1"}}
	log := url.Values{"$top": {"1"}}
	apps := need{"Application.Read.All", "/servicePrincipals", one, "who is assigned to the application: nobody would be expected", evidence.Bad}
	if id != "" {
		apps.path, apps.query = "/servicePrincipals/"+url.PathEscape(id)+"/appRoleAssignedTo", log
	}
	out := []need{
		{"User.Read.All", "/users", one, "who is there at all: no roll call, no plan, no sync", evidence.Bad},
		{"GroupMember.Read.All", "/groups", one, "who is in which group, directly and through nesting: no roll call, no plan, no sync", evidence.Bad},
	}
	if p.Method == document.GuardNested { // without an enterprise application there are no assignments and no job
		apps.state, apps.lost = evidence.Warning, "the ends of secrets, and what was consented to"
		return append(out, apps, audits(log))
	}
	jobs := need{
		"Synchronization.Read.All", "/servicePrincipals/" + url.PathEscape(id) + "/synchronization/jobs", nil,
		"whether Entra's own provisioning runs, by which mapping and filters, and why it stopped", evidence.Warning,
	}
	if p.Method == document.Rollcall {
		jobs.state, jobs.lost = evidence.Bad, "whether Entra's own provisioning writes the same directory: apply refuses to write beside it unless --alone is given"
	}
	if id == "" {
		jobs.path = ""
	}
	return append(out, apps, jobs,
		need{"ProvisioningLog.Read.All", "/auditLogs/provisioning", log, "what Entra's provisioning tried for somebody, and what Atlassian answered", evidence.Warning},
		audits(log))
}

func audits(query url.Values) need {
	return need{"AuditLog.Read.All", "/auditLogs/directoryAudits", query, "when something changed in Entra and who changed it, as why and history tell", evidence.Warning}
}

func (p *Probe) permission(ctx context.Context, n need, id string) evidence.Check {
	c := evidence.Check{Name: n.name, State: evidence.OK, Fact: "GET " + strings.ReplaceAll(n.path, orNone(id), "{id}") + " answers"}
	if n.path == "" {
		return unknown(c, "not asked: the enterprise application was not found", "")
	}
	_, err := p.get(ctx, n.path, n.query)
	if err == nil || graph.Missing(err) { // whoever may not look is not told what is missing
		return c
	}
	refused, is := graph.Refused(err)
	if !is {
		return unknown(c, why(err), "try again; a service that refuses for hours is on status.cloud.microsoft")
	}
	c.State, c.Fact, c.Lost, c.Fix = n.state, refused.Why(), n.lost, p.grant(n.name)
	if len(refused.Needs) == 0 { // no permission helps, such as where the tenant has no licence for its logs
		c.State, c.Fix = evidence.Warning, "the logs need a licence of Entra ID P1 in the tenant"
	}
	return c
}

// orNone is an id, or what stands in no path.
func orNone(id string) string {
	if id == "" {
		return "\x00"
	}
	return url.PathEscape(id)
}

func (p *Probe) grant(name string) string {
	return registrations + p.ClientID + " › API permissions › Add a permission › Microsoft Graph › Application permissions › " + name + ", then Grant admin consent"
}

// msGraph is the appId of Microsoft Graph in every tenant.
const msGraph = "00000003-0000-0000-c000-000000000000"

// hidden tells whether members of groups with hidden membership can be seen. No cheap read would tell, so it is looked up
// in what was consented to; and it matters only where there is such a group.
func (p *Probe) hidden(ctx context.Context) evidence.Check {
	c := evidence.Check{Name: graph.HiddenMembers, State: evidence.OK, Fact: "granted"}
	granted, err := p.granted(ctx)
	if err != nil {
		return unknown(c, "whether it is granted is not readable: "+why(err), registrations+p.ClientID+" › API permissions")
	}
	if slices.Contains(granted, graph.HiddenMembers) {
		return c
	}
	// Only Microsoft 365 groups can hide their members (entra.md 7.7); that this can be filtered by is not documented.
	query := url.Values{"$filter": {"groupTypes/any(c:c eq 'Unified')"}, "$select": {"id,visibility"}, "$top": {"999"}}
	ctx, cancel := context.WithTimeout(ctx, p.Patience)
	defer cancel()
	n := 0
	for raw, err := range p.Graph.Objects(ctx, "/groups", query, nil) {
		var g document.Group
		switch n++; {
		case err != nil || json.Unmarshal(raw, &g) != nil || n > 5000:
			return unknown(c, "not granted; whether a group hides its members is not known", "if one does: "+p.grant(graph.HiddenMembers))
		case strings.EqualFold(g.Visibility, "HiddenMembership"):
			c.State, c.Fact = evidence.Warning, "not granted, and there are groups that hide their members"
			c.Lost, c.Fix = "who is in them: they are gaps, never taken for empty", p.grant(graph.HiddenMembers)
			return c
		}
	}
	c.Fact = "not granted, and no group hides its members"
	return c
}

// granted are the application permissions of Graph that an administrator has consented to.
func (p *Probe) granted(ctx context.Context) ([]string, error) {
	raw, err := p.get(ctx, "/servicePrincipals(appId='"+msGraph+"')", url.Values{"$select": {"id,appRoles"}})
	if err != nil {
		return nil, err
	}
	var resource document.ServicePrincipal
	if err := json.Unmarshal(raw, &resource); err != nil {
		return nil, err
	}
	raw, err = p.get(ctx, "/servicePrincipals(appId='"+url.PathEscape(p.ClientID)+"')/appRoleAssignments", url.Values{"$top": {"999"}})
	if err != nil {
		return nil, err
	}
	var list struct {
		Value []document.AppRoleAssignment `json:"value"`
	}
	if err := json.Unmarshal(raw, &list); err != nil {
		return nil, err
	}
	var out []string
	for _, g := range list.Value {
		for _, r := range resource.AppRoles.Value {
			if r.ID == g.AppRoleID {
				out = append(out, r.Value)
			}
		}
	}
	return out, nil
}

// Applications lists the enterprise applications of the tenant, at most so many, those first whose name speaks of Atlassian.
func Applications(ctx context.Context, client *graph.Client, most int) ([]document.ServicePrincipal, error) {
	var first, rest []document.ServicePrincipal
	n := 0
	for raw, err := range client.Objects(ctx, "/servicePrincipals", url.Values{"$select": {"id,displayName,appId"}, "$top": {"999"}}, nil) {
		if err != nil {
			return nil, err
		}
		var sp document.ServicePrincipal
		if err := json.Unmarshal(raw, &sp); err != nil {
			return nil, err
		}
		name := strings.ToLower(sp.DisplayName)
		if strings.Contains(name, "atlassian") || strings.Contains(name, "jira") || strings.Contains(name, "confluence") {
			first = append(first, sp)
		} else if len(rest) < most {
			rest = append(rest, sp)
		}
		if n++; n >= 5000 { // a tenant has hundreds, most of them Microsoft's own
			break
		}
	}
	out := slices.Concat(first, rest)
	return out[:min(len(out), most)], nil
}
