package entra

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/port/evidence"
)

// The reporting service takes five calls in ten seconds (entra.md 1.11), so logs are asked for as little as can be.

// whole reads what a roll call needs beside people and groups.
func (s *Source) whole(ctx context.Context, to evidence.Recorder) error {
	into := sheaf{}
	opened, err := s.open(ctx, ofJobs...)
	if err != nil {
		return err
	}
	if _, _, err := s.synchronization(ctx, opened, into); err != nil {
		return err
	}
	if err := into.record(to); err != nil {
		return err
	}
	if s.set.Connection.Application != "" {
		if err := s.provisioning(ctx, "servicePrincipal/id eq "+quoted(s.set.Connection.Application), s.set.Pages, nil, into); err != nil {
			return err
		}
	}
	if err := s.everyAudit(ctx, into); err != nil {
		return err
	}
	return into.record(to)
}

// everyAudit reads all entries from which an answer about anybody can draw.
func (s *Source) everyAudit(ctx context.Context, into sheaf) error {
	return s.audits(ctx, oneOf("activityDisplayName", activities)+" or loggedByService eq 'PIM'", s.set.Pages, relevant, into)
}

// since is the part of a filter that bounds a log by time.
func (s *Source) since() string {
	return "activityDateTime ge " + s.set.Now().Add(-s.set.Back).UTC().Format(time.RFC3339)
}

// provisioning reads the provisioning log as far as the filter lets through. Of the same log others' applications are
// left out where the service does not filter.
func (s *Source) provisioning(ctx context.Context, filter string, pages int, keep func(*document.ProvisioningRecord) bool, into sheaf) error {
	const file = document.ProvisioningLogs
	if keep == nil {
		keep = func(r *document.ProvisioningRecord) bool {
			return r.ServicePrincipal.ID == "" || strings.EqualFold(r.ServicePrincipal.ID, s.set.Connection.Application)
		}
	}
	return logged(ctx, s, "/auditLogs/provisioning", file, filter, pages, keep, into)
}

func (s *Source) audits(ctx context.Context, filter string, pages int, keep func(*document.DirectoryAudit) bool, into sheaf) error {
	return logged(ctx, s, "/auditLogs/directoryAudits", document.DirectoryAudits, filter, pages, keep, into)
}

// logged reads a log by time and a filter. Which filters a log takes is not documented completely: where this one is
// refused, the log is read by time alone and sifted here.
func logged[T any](ctx context.Context, s *Source, path string, file document.File, filter string, pages int, keep func(*T) bool, into sheaf) error {
	take := func(raw jsontext.Value) error {
		var v T
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		if keep(&v) {
			into.add(file, raw)
		}
		return nil
	}
	n, err := s.list(ctx, path, url.Values{"$filter": {s.since() + " and (" + filter + ")"}}, nil, pages, take)
	if n == 0 && unfit(err) {
		n, err = s.list(ctx, path, url.Values{"$filter": {s.since()}}, nil, pages, take)
	}
	return s.ended(err, into, file, n)
}

// activities are those of the audit log that an answer can draw from (entra.md 7.4): how somebody came into scope or
// left it, got another name, how the job's settings changed, and how the connector's consent went.
var activities = []string{
	"Add member to group", "Remove member from group", "Add group", "Update group", "Delete group", "Hard Delete group", "Restore group",
	"Add app role assignment to group", "Remove app role assignment from group", "Add app role assignment grant to user", "Remove app role assignment from user",
	"Add user", "Update user", "Delete user", "Hard Delete user", "Restore user", "Disable account", "Enable account",
	"Update provisioning setting or credentials", "Enable/start provisioning configuration", "Enable/restart provisioning configuration",
	"Restart provisioning configuration", "Disable/pause provisioning configuration", "Quarantine", "Update attribute mappings or scope", "Add provisioning configuration", "Delete provisioning configuration",
	"Consent to application", "Revoke consent", "Add delegated permission grant", "Remove delegated permission grant", "Remove OAuth2PermissionGrant",
	"Add app role assignment to service principal", "Remove app role assignment from service principal",
	"Add service principal", "Update service principal", "Remove service principal", "Delete service principal", "Hard delete service principal", "Restore service principal",
}

// settingsChanged are the activities from which an answer sees that the scope was narrowed and the job not restarted.
var settingsChanged = []string{"Update provisioning setting or credentials", "Enable/restart provisioning configuration", "Restart provisioning configuration"}

// relevant tells whether an entry is one of the activities, or of Privileged Identity Management, whose words are not
// documented.
func relevant(a *document.DirectoryAudit) bool {
	text := strings.ToLower(a.ActivityDisplayName)
	return slices.ContainsFunc(activities, func(known string) bool { return strings.EqualFold(known, text) }) ||
		strings.EqualFold(a.LoggedByService, "PIM") || strings.Contains(text, "pim") || strings.Contains(text, "eligible") ||
		strings.Contains(text, "consent") || strings.Contains(text, "permission grant")
}
