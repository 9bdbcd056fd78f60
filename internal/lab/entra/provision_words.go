package entra

import (
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/lab/entra/outbound"
)

// The sentences are those of published records where there is one (entra.md 1.13, 7.2): import, scoping, matching for
// a new object, export, both skips. The words for updates, disabling, deletion and staging are made after them; the
// step names EntryExportUpdateSoftDelete and EntryExportDelete are from a script of Microsoft's of 2017.

func (c *cycle) imported(e *sourceObject) step {
	return step{"EntryImport", "import", "success", fmt.Sprintf("Retrieved %s '%s' from %s", e.kind, e.report, c.plan.SourceSystem), c.importDetails(e)}
}

func (c *cycle) importDetails(e *sourceObject) []byte {
	var pairs []string
	for _, m := range c.sourceProperties(e) {
		pairs = append(pairs, m.DisplayName, *m.NewValue)
	}
	return details(pairs...)
}

func (c *cycle) scoped(e *sourceObject) step {
	truth := func(b bool) string { return map[bool]string{true: "True", false: "False"}[b] }
	return step{
		"EntrySynchronizationScoping", "scoping", "success", fmt.Sprintf("Determine if %s in scope by evaluating against each scoping filter", e.kind),
		details("Active in the source system", truth(e.alive && e.enabled), "Assigned to the application", truth(e.assigned),
			"User has the required role", truth(e.entitled && e.assigned), "Scoping filter evaluation passed", truth(e.verdict.In && e.verdict.Input), "ScopeEvaluationResult", e.verdict.Result()),
	}
}

func (c *cycle) matchStep(e *sourceObject, ln *link, now outbound.Resource) step {
	var pairs []string
	for _, r := range c.kind(e).Rows {
		if v := now.Value(r.Target); v != nil && r.Reference == "" {
			pairs = append(pairs, r.Target, strings.Join(v, ", "))
		}
	}
	return step{"EntryImport", "matching", "success", fmt.Sprintf("Retrieved %s '%s' from %s", e.kind, e.report, c.plan.Target), details(append(pairs, "id", ln.id)...)}
}

// sourceProperties are the object's attributes as the log lists them: those that mappings read and that have a value.
func (c *cycle) sourceProperties(e *sourceObject) []modified {
	var out []modified
	for _, n := range e.attributes {
		v := e.get(n)
		if len(v) == 0 || strings.EqualFold(n, "members") {
			continue
		}
		text := strings.Join(v, ", ")
		out = append(out, modified{DisplayName: n, NewValue: &text})
	}
	return out
}

func targetProperties(fields []outbound.Field, old outbound.Resource) []modified {
	var out []modified
	for _, f := range fields {
		text := strings.Join(f.Value, ", ")
		m := modified{DisplayName: f.Target, NewValue: &text}
		if had := old.Value(f.Target); had != nil {
			was := strings.Join(had, ", ")
			m.OldValue = &was
		}
		out = append(out, m)
	}
	return out
}

func (c *cycle) logCreate(e *sourceObject, ln *link, fields []outbound.Field) {
	c.log(e, ln, summary{
		Action: "create", Status: summaryStatus{Status: "success"}, Modified: append(c.sourceProperties(e), targetProperties(fields, nil)...),
		Steps: []step{
			c.imported(e), c.scoped(e), c.absent(e),
			{"EntryExportAdd", "export", "success", fmt.Sprintf("%s '%s' was created in %s", e.kind, e.report, c.plan.Target), details("ReportableIdentifier", e.report)},
		},
	})
}

// absent is the step that says that the target has no such object.
func (c *cycle) absent(e *sourceObject) step {
	return step{"EntrySynchronizationAdd", "matching", "success", fmt.Sprintf("%s '%s' will be created in %s (%s is active and assigned in %s, but no matching %s was found in %s)",
		e.kind, e.report, c.plan.Target, e.kind, c.plan.SourceSystem, e.kind, c.plan.Target), details()}
}

func (c *cycle) logUpdate(e *sourceObject, ln *link, now outbound.Resource, changes []outbound.Change, v verdict) {
	var fields []outbound.Field
	for _, ch := range changes {
		fields = append(fields, ch.Field)
	}
	name, done := "EntryExportUpdate", "updated"
	if v == turnOff {
		name, done = "EntryExportUpdateSoftDelete", "disabled"
	}
	c.log(e, ln, summary{
		Action: action(v), Status: summaryStatus{Status: "success"}, Modified: targetProperties(fields, now),
		Steps: []step{
			c.imported(e), c.matchStep(e, ln, now), c.scoped(e),
			{"EntrySynchronizationUpdate", "processing", "success", fmt.Sprintf("%s '%s' will be %s in %s", e.kind, e.report, done, c.plan.Target), details()},
			{name, "export", "success", fmt.Sprintf("%s '%s' was %s in %s", e.kind, e.report, done, c.plan.Target), details("ReportableIdentifier", e.report)},
		},
	})
}

func (c *cycle) logDelete(e *sourceObject, ln *link) {
	c.log(e, ln, summary{
		Action: "delete", Status: summaryStatus{Status: "success"},
		Steps: []step{{"EntryExportDelete", "export", "success", fmt.Sprintf("%s '%s' was deleted in %s", e.kind, e.report, c.plan.Target), details("ReportableIdentifier", e.report)}},
	})
}

func (c *cycle) logStaged(e *sourceObject) {
	ln := c.links[e.id]
	if e.report == "" {
		e.report, e.name = ln.report, ln.name
	}
	c.log(e, ln, summary{
		Action: "stagedDelete", Status: summaryStatus{Status: "success"},
		Steps: []step{c.imported(e), c.scoped(e), {
			"EntryExportStagedDelete", "export", "skipped", fmt.Sprintf("The deletion of %s '%s' is held because the threshold for accidental deletions was exceeded.", e.kind, e.report),
			details("SkipReason", "StagedDelete", "ReportableIdentifier", e.report),
		}},
	})
}
