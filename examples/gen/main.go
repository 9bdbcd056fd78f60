// Command gen writes examples/fabrikam: the recorded world of a company of forty-one people,
// healthy but for a few. The same run gives the same bytes; a test fails when the committed files are not what it
// writes. It shares no code with rollcall, so that the two cannot agree on a mistake.
package main

//go:generate go run . ../fabrikam

import (
	"fmt"
	"os"
	"path/filepath"
)

// world gives every file of the bundle by its path.
func world() (map[string][]byte, error) {
	documents := map[string]any{
		"bundle.json": obj{"version", 1, "captured_at", captured, "connection", obj{
			"name", "fabrikam", "method", "entra-scim", "application", application, "directory", directory, "org", org,
			"sites",
			[]string{"https://" + mainSite, "https://" + deskSite},
			"expected_policies",
			obj{"finance", ssoPolicy, "leadership", ssoPolicy},
			"expected_products",
			obj{"jira-developers", []string{"jira-software"}, "service-desk-agents", []string{"jira-servicedesk"}},
		}},
		"entra/users.json":                             users(),
		"entra/groups.json":                            entraGroups(),
		"entra/deleted-users.json":                     deletedUsers(),
		"entra/service-principal.json":                 servicePrincipal(),
		"entra/app-role-assignments.json":              assignments(),
		"entra/synchronization-jobs.json":              jobs(),
		"entra/synchronization-schema.json":            schema(),
		"entra/synchronization-secrets.json":           secrets(),
		"entra/provisioning-logs.json":                 logs(),
		"entra/directory-audits.json":                  audits(),
		"atlassian/scim-users.json":                    scimUsers(),
		"atlassian/scim-groups.json":                   scimGroups(),
		"atlassian/scim-links.json":                    scimLinks(),
		"atlassian/org-users.json":                     orgUsers(),
		"atlassian/org-groups.json":                    orgGroups(),
		"atlassian/domains.json":                       domains(),
		"atlassian/manage.json":                        manage(),
		"atlassian/auth-policies.json":                 policies(),
		"atlassian/events.json":                        events(),
		"jira/" + mainSite + "/groups.json":            jiraGroups(),
		"jira/" + mainSite + "/application-roles.json": []obj{role("jira-software", "Jira", "jira-software-users-fabrikam", 50, 27)},
		"jira/" + deskSite + "/groups.json":            jiraGroups(),
		"jira/" + deskSite + "/application-roles.json": []obj{role("jira-servicedesk", "Jira Service Management", "jira-servicedesk-users-fabrikam-support", 15, 9)},
	}
	files := map[string][]byte{"atlassian/troubleshooting-log.txt": []byte(troubleshooting())}
	for path, v := range documents {
		b, err := document(v)
		if err != nil {
			return nil, fmt.Errorf("writing %s: %w", path, err)
		}
		files[path] = b
	}
	return files, nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: go run ./examples/gen FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func write(out string) error {
	files, err := world()
	if err != nil {
		return err
	}
	for path, b := range files {
		path = filepath.Join(out, filepath.FromSlash(path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, b, 0o644); err != nil {
			return err
		}
	}
	return nil
}
