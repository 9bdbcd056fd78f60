package entra

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// logSkip tells that an object is not provisioned because it is not in scope. All reasons stand in one sentence. The
// record's action is create, as in the records that were seen.
func (c *cycle) logSkip(e *sourceObject) {
	var why []string
	if !e.assigned {
		why = append(why, "This object is not assigned to the application. If you did not expect the object to be skipped, assign the object to the application or change your scoping setting to allow all users and groups to be in scope for provisioning.")
	}
	if !e.entitled || !e.assigned {
		why = append(why, "This object does not have required entitlement for provisioning. If you did not expect the object to be skipped, update provisioning scope to 'Sync all users and groups' or assign the object to the application with entitlement of provisioning category.")
	}
	if !e.verdict.In || !e.verdict.Input {
		why = append(why, "This object did not pass a scoping filter. If you did not expect the object to be skipped, please review your scoping filters to ensure the object passes the evaluation criteria.")
	}
	if len(why) == 0 {
		why = append(why, fmt.Sprintf("The %s is not active in the source system.", strings.ToLower(e.kind)))
	}
	for i := range why {
		why[i] = fmt.Sprintf("%d) %s", i+1, why[i])
	}
	truth := func(b bool) string { return map[bool]string{true: "True", false: "False"}[b] }
	c.log(e, c.links[e.id], summary{
		Action: "create", Status: summaryStatus{Status: "skipped"},
		Steps: []step{c.imported(e), {
			"EntrySynchronizationSkip", "scoping", "skipped", fmt.Sprintf("The %s '%s' will be skipped due to the following reasons: %s", e.kind, e.report, strings.Join(why, " ")),
			details("SkipReason", "NotEffectivelyEntitled", "IsActive", truth(e.enabled), "Assigned to the application", truth(e.assigned),
				"IsEffectivelyEntitledForProvisioning", truth(e.assigned && e.entitled), "IsInProvisioningScope", truth(e.verdict.In && e.verdict.Input),
				"ScopeEvaluationResult", e.verdict.Result(), "ReportableIdentifier", e.report),
		}},
	})
}

// logImportSkipped tells that no matching attribute has a value. The page on users who are not provisioned counts that
// among the skips, the page on the log calls its code an error; such an object is looked at again when it changes.
func (c *cycle) logImportSkipped(e *sourceObject) {
	text := fmt.Sprintf("The matching attributes of %s '%s' have no value in %s.", e.kind, e.report, c.plan.SourceSystem)
	c.log(e, nil, summary{
		Action: "create", Status: summaryStatus{"skipped", &errorInfo{Code: "ImportSkipped", Reason: text, Category: "nonServiceFailure"}},
		Steps: []step{{"EntryImport", "import", "skipped", text, details("SkipReason", "ImportSkipped", "ReportableIdentifier", e.report)}},
	})
}

// logRedundant tells that both sides agree.
func (c *cycle) logRedundant(e *sourceObject, ln *link, now outbound.Resource) {
	c.log(e, ln, summary{
		Action: "other", Status: summaryStatus{Status: "skipped"}, Modified: c.sourceProperties(e),
		Steps: []step{c.imported(e), c.matchStep(e, ln, now), c.scoped(e), {
			"EntrySynchronizationSkip", "export", "skipped",
			fmt.Sprintf("The state of the %s in both the source and target systems already match. No change to the %s '%s' currently needs to be made.", strings.ToLower(e.kind), e.kind, e.report),
			details("SkipReason", "RedundantExport"),
		}},
	})
}

// logMembers tells which references were written.
func (c *cycle) logMembers(e *sourceObject, ln *link, written []ref) {
	name := "members"
	if e.kind == "User" {
		name = "manager"
	}
	var list []modified
	for _, r := range written {
		m := modified{DisplayName: name, NewValue: &r.target}
		if _, still := ln.members[r.source]; name == "members" && !still {
			m.OldValue, m.NewValue = &r.target, nil
		}
		list = append(list, m)
	}
	c.log(e, ln, summary{
		Action: "update", Status: summaryStatus{Status: "success"}, Modified: list,
		Steps: []step{
			c.imported(e), c.scoped(e),
			{"EntryExportUpdate", "export", "success", fmt.Sprintf("%s '%s' was updated in %s", e.kind, e.report, c.plan.Target), details("ReportableIdentifier", e.report)},
		},
	})
}

// logUnresolved tells which references were left out. One record is seen for one member; the third step carries it
// (application-provisioning-log-analytics.md). Its status is not shown there.
func (c *cycle) logUnresolved(e *sourceObject, ln *link, lost []string) {
	what := "the members of " + e.name
	if e.kind == "User" {
		what = "the manager of " + e.name
	}
	for _, id := range lost {
		text := fmt.Sprintf("We were unable to assign %s as %s.", id, what)
		c.log(e, ln, summary{
			Action: "update", Status: summaryStatus{Status: "skipped"},
			Steps: []step{
				c.imported(e), c.scoped(e),
				{"EntrySynchronizationSkip", "referenceResolution", "skipped", text, details("SkipReason", "UnableToResolveReferenceAttributeValue", "ReportableIdentifier", e.report)},
			},
		})
	}
}

// logFailure tells what went wrong and when it is tried again.
func (c *cycle) logFailure(e *sourceObject, action string, t trouble, h *escrowed, fields []outbound.Field) {
	ln := c.links[e.id]
	if e.report == "" && ln != nil {
		e.report, e.name = ln.report, ln.name
	}
	reason := fmt.Sprintf("%s. This operation was retried %d times. It will be retried again after this date: %s UTC", strings.TrimSuffix(t.reason, "."), h.tries, precise(h.next))
	s := summary{
		Action: action, Modified: targetProperties(fields, nil),
		Status: summaryStatus{Status: "failure", Error: &errorInfo{Code: t.code, Reason: reason, Category: "nonServiceFailure"}},
		Steps:  []step{c.imported(e), c.scoped(e)},
	}
	verb, name := action, "EntryExportUpdate"
	switch action {
	case "match", "read":
		s.Action, name = "create", "EntrySynchronizationAdd"
		if ln != nil {
			s.Action, name = "update", "EntrySynchronizationUpdate"
		}
	case "create":
		name = "EntryExportAdd"
		s.Modified = append(c.sourceProperties(e), s.Modified...)
		s.Steps = append(s.Steps, c.absent(e))
	case "disable":
		name = "EntryExportUpdateSoftDelete"
	case "delete":
		name = "EntryExportDelete"
		s.Steps = nil
	}
	text, kind := fmt.Sprintf("Failed to %s %s '%s' in %s", verb, e.kind, e.report, c.plan.Target), "export"
	switch {
	case t.step != "":
		text, kind = t.step, "matching"
	case action == "match":
		text, kind = fmt.Sprintf("Failed to match an entry in the source and target systems %s '%s'", e.kind, e.report), "matching"
	case action == "read":
		text, kind = fmt.Sprintf("%s '%s' was not found in %s", e.kind, e.report, c.plan.Target), "matching"
	}
	s.Steps = append(s.Steps, step{name, kind, "failure", text, details("ReportableIdentifier", e.report)})
	c.log(e, ln, s)
}
