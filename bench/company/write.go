package company

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
)

// sheet is a file that is being written: objects separated by commas, one on a line.
type sheet struct {
	f     *os.File
	w     *bufio.Writer
	first bool
}

func (s *sheet) next() *bufio.Writer {
	if !s.first {
		s.w.WriteByte(',')
	}
	s.first = false
	s.w.WriteByte('\n')
	return s.w
}

// item writes one object by a format.
func (s *sheet) item(format string, args ...any) { fmt.Fprintf(s.next(), format, args...) }

// moment is a time of the year 2024, as the services write it.
func moment(day int) string {
	return fmt.Sprintf("2024-%02d-%02dT%02d:%02d:00Z", 1+day/28%12, 1+day%28, day%24, day%60)
}

// write writes every document.
func write(dir string, c *company) error {
	documents := []struct {
		name, head, tail string
		fill             func(*company, *sheet)
	}{
		{"bundle.json", "", "", manifest},
		{"entra/users.json", `{"@odata.context":"https://graph.microsoft.com/v1.0/$metadata#users","value":[`, "]}", users},
		{"entra/deleted-users.json", `{"value":[`, "]}", deletedUsers},
		{"entra/groups.json", `{"value":[`, "]}", groups},
		{"entra/service-principal.json", "", "", principal},
		{"entra/app-role-assignments.json", `{"value":[`, "]}", assignments},
		{"entra/synchronization-jobs.json", "", "", jobs},
		{"entra/synchronization-schema.json", "", "", schema},
		{"entra/synchronization-secrets.json", "", "", secrets},
		{"entra/provisioning-logs.json", `{"value":[`, "]}", provisioning},
		{"entra/directory-audits.json", `{"value":[`, "]}", audits},
		{"atlassian/scim-users.json", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"Resources":[`, "]}", scimUsers},
		{"atlassian/scim-groups.json", `{"Resources":[`, "]}", scimGroups},
		{"atlassian/scim-links.json", `{"scimLinks":[`, "]}", scimLinks},
		{"atlassian/org-users.json", `{"data":[`, "]}", orgUsers},
		{"atlassian/org-groups.json", `{"data":[`, "]}", orgGroups},
		{"atlassian/domains.json", "", "", domains},
		{"atlassian/manage.json", "{", "}", manage},
		{"atlassian/auth-policies.json", "{", "}", policies},
		{"atlassian/troubleshooting-log.txt", "", "", guardLog},
		{"atlassian/events.json", `{"data":[`, "]}", events},
		{"jira/groups.json", "{", "}", jiraGroups},
		{"jira/application-roles.json", "", "", roles},
	}
	for _, d := range documents {
		if err := one(filepath.Join(dir, d.name), d.head, d.tail, func(s *sheet) { d.fill(c, s) }); err != nil {
			return err
		}
	}
	return nil
}

func one(path, head, tail string, fill func(*sheet)) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	s := &sheet{f: f, w: bufio.NewWriterSize(f, 1<<20), first: true}
	s.w.WriteString(head)
	fill(s)
	s.w.WriteString(tail + "\n")
	if err := s.w.Flush(); err != nil {
		_ = f.Close()
		return err
	}
	return f.Close()
}
