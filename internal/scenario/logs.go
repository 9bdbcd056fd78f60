package scenario

import (
	"fmt"
	"maps"
	"regexp"
	"strings"
)

const (
	logFile      = "entra/provisioning-logs.json"
	guardLogFile = "atlassian/troubleshooting-log.txt"
	conflictCode = "SystemForCrossDomainIdentityManagementServiceIncompatibleFiltering"
)

// entry is what a sentence says of one entry of the provisioning log.
type entry struct {
	action, name         string
	status, code, reason string
	details              map[string]any
}

var outcome = regexp.MustCompile(`^(succeeded|failed|skipped)(?: (\w+))?(?: "([^"]*)")?(?: (\{.*\}))?$`)

// log adds an entry of the provisioning log.
func (t *Tenant) log(m []string) error {
	at, err := t.when(m[0])
	if err != nil {
		return err
	}
	e := entry{action: m[1], name: m[2]}
	if clash, ok := strings.CutPrefix(m[3], "refused, "); ok {
		e.status, e.code, e.reason = "failure", conflictCode, conflict(strings.TrimSuffix(clash, " exists"))
	} else if o := outcome.FindStringSubmatch(m[3]); o != nil {
		e.status = map[string]string{"succeeded": "success", "failed": "failure", "skipped": "skipped"}[o[1]]
		e.code, e.reason = o[2], o[3]
		if o[4] != "" {
			v, err := t.value(o[4])
			if err != nil {
				return err
			}
			e.details, _ = v.(map[string]any)
		}
	} else {
		return fmt.Errorf("cannot read the outcome %q", m[3])
	}
	if (e.code == "") != (e.status == "success") {
		return fmt.Errorf("a code belongs to failed and skipped, and to nothing else: %q", m[3])
	}
	t.logs++
	return t.add(logFile, t.provisioningRecord(at, e))
}

// conflict is what Entra quotes when Atlassian answers 409: about an address, or about the name of a group.
func conflict(what string) string {
	detail := fmt.Sprintf("Resource [USER]: with email[%s] already exists.", what)
	if what == "name" {
		detail = "Resource [GROUP]: with displayName already exists."
	}
	return `StatusCode: Conflict Message: Processing of the HTTP request resulted in an exception. Please see the HTTP response returned by the 'Response' property of this exception for details. Web Response: ` +
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"` + detail + `"}`
}

func (t *Tenant) provisioningRecord(at string, e entry) map[string]any {
	kind, source, target := "Group", "g-"+e.name, "sg-"+e.name
	if t.isPerson(e.name) {
		kind, source, target = "User", "u-"+e.name, "s-"+e.name
	}
	if e.status != "success" && e.action == "create" {
		target = ""
	}
	return map[string]any{
		"id": fmt.Sprintf("log-added-%d", t.logs), "activityDateTime": at, "jobId": "scim.fabrikam.job",
		"cycleId": fmt.Sprintf("cycle-added-%d", t.logs), "changeId": fmt.Sprintf("change-added-%d", t.logs),
		"provisioningAction":     e.action,
		"provisioningStatusInfo": map[string]any{"status": e.status, "errorInformation": e.failure()},
		"sourceIdentity":         map[string]any{"id": source, "displayName": t.display(e.name), "identityType": kind, "details": map[string]any{}},
		"targetIdentity":         map[string]any{"id": target, "displayName": "", "identityType": kind, "details": map[string]any{}},
		"servicePrincipal":       map[string]any{"id": "sp-atlassian", "displayName": "Atlassian Cloud"},
		"provisioningSteps":      e.steps(kind, t.display(e.name), target),
		"modifiedProperties":     []any{},
	}
}

func (e entry) failure() any {
	if e.status != "failure" {
		return nil
	}
	return map[string]any{"errorCode": e.code, "errorCategory": "nonServiceFailure", "reason": e.reason, "additionalDetails": nil, "recommendedAction": nil}
}

// steps are those of a real entry: read, put in scope or not, sent.
func (e entry) steps(kind, display, target string) []any {
	read := map[string]any{
		"name": "EntryImport", "provisioningStepType": "import", "status": "success", "details": map[string]any{},
		"description": fmt.Sprintf("Received %s '%s' from Azure Active Directory", kind, display),
	}
	if e.status == "skipped" {
		details := map[string]any{"SkipReason": e.code}
		maps.Copy(details, e.details)
		return []any{read, map[string]any{"name": "EntrySynchronizationSkip", "provisioningStepType": "scoping", "status": "skipped", "description": e.reason, "details": details}}
	}
	scoping := map[string]any{
		"name": "EntrySynchronizationScoping", "provisioningStepType": "scoping", "status": "success", "description": "Determine if " + kind + " is in scope",
		"details": map[string]any{
			"Active in the source system": "True", "Assigned to the application": "True", "User has the required role": "True",
			"Scoping filter evaluation passed": "True", "ScopeEvaluationResult": "{}",
		},
	}
	name := "EntryExportUpdate"
	if e.action == "create" {
		name = "EntryExportAdd"
	}
	details := map[string]any{"ReportableIdentifier": target}
	maps.Copy(details, e.details)
	return []any{read, scoping, map[string]any{"name": name, "provisioningStepType": "export", "status": e.status, "description": e.reason, "details": details}}
}

// cycle moves the last cycle of every job.
func (t *Tenant) cycle(m []string) error {
	at, err := t.when(m[0])
	if err != nil {
		return err
	}
	jobs, _ := listOf(t.docs["entra/synchronization-jobs.json"])
	if len(jobs) == 0 {
		return fmt.Errorf("there is no job")
	}
	for _, j := range jobs {
		status, _ := find(j, "status").(map[string]any)
		for _, field := range []string{"lastExecution", "lastSuccessfulExecution"} {
			status[field] = map[string]any{"activityIdentifier": "cycle-set", "state": "Succeeded", "timeBegan": at, "timeEnded": at, "error": nil}
		}
	}
	return nil
}

func (t *Tenant) guardLog(m []string) error {
	t.text[guardLogFile] += m[0] + "\n"
	return nil
}
