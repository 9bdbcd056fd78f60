// Package demo makes up a company, Kestrel Instruments, of some three hundred people whom Entra's SCIM app provisions
// into Atlassian, with the troubles that real companies have. It writes what the services would answer, as the documents
// of a bundle, and shares no code with those that read them, so that the two cannot agree on a mistake.
//
// The same moment gives the same company, to the byte.
package demo

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"time"
)

// At is the moment at which the company is shown where nothing else is asked for.
var At = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// Person is one whose case shows much: a member of an assigned group only through two groups inside each other.
const Person = "ingrid.solberg@" + domain

// Documents are the company's documents as a bundle has them, recorded at that moment.
func Documents(at time.Time) (fs.FS, error) {
	c := newCompany(at.UTC().Truncate(time.Second))
	out := memory{}
	for name, v := range map[string]any{
		"bundle.json":                              c.manifest(),
		"entra/users.json":                         c.users(),
		"entra/groups.json":                        c.entraGroups(),
		"entra/deleted-users.json":                 c.deletedUsers(),
		"entra/service-principal.json":             servicePrincipal(),
		"entra/app-role-assignments.json":          c.assignments(),
		"entra/synchronization-jobs.json":          c.jobs(),
		"entra/synchronization-schema.json":        schema(),
		"entra/synchronization-secrets.json":       secrets(),
		"entra/provisioning-logs.json":             c.logs(),
		"entra/directory-audits.json":              c.audits(),
		"atlassian/scim-users.json":                c.scimUsers(),
		"atlassian/scim-groups.json":               c.scimGroups(),
		"atlassian/scim-links.json":                c.scimLinks(),
		"atlassian/org-users.json":                 c.orgUsers(),
		"atlassian/org-groups.json":                c.orgGroups(),
		"atlassian/domains.json":                   domains(),
		"atlassian/manage.json":                    c.manage(),
		"atlassian/auth-policies.json":             c.policies(),
		"atlassian/events.json":                    c.events(),
		"jira/" + site + "/groups.json":            c.siteGroups(),
		"jira/" + site + "/application-roles.json": c.roles(),
	} {
		text, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("making up the company: %s: %w", name, err)
		}
		out[name] = text
	}
	out["atlassian/troubleshooting-log.txt"] = []byte(c.troubleshooting())
	return out, nil
}

func (c *company) manifest() obj {
	return obj{
		"version": 1, "captured_at": stamp(c.at), "connection": obj{
			"name": "kestrel", "method": "entra-scim", "application": application, "directory": directory, "org": org,
			"sites":             []string{"https://" + site},
			"expected_policies": obj{"finance": ssoPolicy, "leadership": ssoPolicy},
			"expected_products": obj{"engineering": []string{"jira-software"}, "service-desk": []string{"jira-servicedesk"}, "legal": []string{"jira-servicedesk"}},
		},
	}
}
