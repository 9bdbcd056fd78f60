package scenario

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/go-json-experiment/json"
)

const (
	logFile      = "entra/provisioning-logs.json"
	auditFile    = "entra/directory-audits.json"
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
	if isPerson(e.name) {
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
		for k, v := range e.details {
			details[k] = v
		}
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
	for k, v := range e.details {
		details[k] = v
	}
	return []any{read, scoping, map[string]any{"name": name, "provisioningStepType": "export", "status": e.status, "description": e.reason, "details": details}}
}

// audit adds an entry of Entra's audit log: who was added, assigned, renamed, or what was set at the application.
func (t *Tenant) audit(m []string) error {
	at, err := t.when(m[0])
	if err != nil {
		return err
	}
	for _, s := range auditSentences {
		w := s.pattern.FindStringSubmatch(m[1])
		if w == nil {
			continue
		}
		a := map[string]any{"loggedByService": "Core Directory", "category": "GroupManagement", "operationType": "Update", "result": "success"}
		if err := s.fill(t, a, w[1:]); err != nil {
			return err
		}
		t.logs++
		a["id"], a["activityDateTime"] = fmt.Sprintf("audit-added-%d", t.logs), at
		a["initiatedBy"] = map[string]any{"user": map[string]any{"id": "u-liam.walsh", "userPrincipalName": "liam.walsh@fabrikam.example"}, "app": nil}
		return t.add(auditFile, a)
	}
	return fmt.Errorf("cannot read the audit entry %q", m[1])
}

var auditSentences = []struct {
	pattern *regexp.Regexp
	fill    func(t *Tenant, a map[string]any, w []string) error
}{
	{regexp.MustCompile(`^(\S+) (added to|removed from) (\S+)$`), (*Tenant).auditMember},
	{regexp.MustCompile(`^(\S+) assigned$`), (*Tenant).auditAssigned},
	{regexp.MustCompile(`^PIM "([^"]+)" (\S+) in (\S+)$`), func(t *Tenant, a map[string]any, w []string) error {
		a["loggedByService"], a["activityDisplayName"] = "PIM", w[0]
		a["targetResources"] = []any{t.target(w[1]), t.target(w[2])}
		return nil
	}},
	{regexp.MustCompile(`^activity "([^"]+)"$`), func(_ *Tenant, a map[string]any, w []string) error {
		a["loggedByService"], a["category"], a["activityDisplayName"] = "Account Provisioning", "ProvisioningManagement", w[0]
		a["targetResources"] = []any{application()}
		return nil
	}},
	{regexp.MustCompile(`^(\S+) (\S+) from (.+) to (.+)$`), (*Tenant).auditChanged},
	{regexp.MustCompile(`^(SyncAll) from (.+) to (.+)$`), func(t *Tenant, a map[string]any, w []string) error {
		return t.auditChanged(a, []string{"", w[0], w[1], w[2]})
	}},
}

func (t *Tenant) auditMember(a map[string]any, w []string) error {
	a["activityDisplayName"], a["operationType"] = "Add member to group", "Assign"
	if w[1] == "removed from" {
		a["activityDisplayName"], a["operationType"] = "Remove member from group", "Unassign"
	}
	member, group := t.target(w[0]), t.target(w[2])
	var props []any
	for name, value := range map[string]string{"Group.ObjectID": "g-" + w[2], "Group.DisplayName": w[2]} {
		quoted, nothing := any(quote(value)), any(nil)
		if w[1] == "removed from" {
			quoted, nothing = nothing, quoted
		}
		props = append(props, map[string]any{"displayName": name, "oldValue": nothing, "newValue": quoted})
	}
	member["modifiedProperties"] = props
	a["targetResources"] = []any{member, group}
	return nil
}

func (t *Tenant) auditAssigned(a map[string]any, w []string) error {
	app, who := application(), t.target(w[0])
	a["activityDisplayName"], a["operationType"] = "Add app role assignment to group", "Assign"
	id := map[string]any{"displayName": "Group.ObjectID", "oldValue": nil, "newValue": quote("g-" + w[0])}
	if isPerson(w[0]) {
		a["activityDisplayName"], a["category"] = "Add app role assignment grant to user", "UserManagement"
		id = map[string]any{"displayName": "User.ObjectID", "oldValue": nil, "newValue": quote("u-" + w[0])}
	}
	app["modifiedProperties"] = []any{id}
	a["targetResources"] = []any{app, who}
	return nil
}

func (t *Tenant) auditChanged(a map[string]any, w []string) error {
	target := application()
	a["activityDisplayName"], a["category"], a["loggedByService"] = "Update provisioning setting or credentials", "ProvisioningManagement", "Account Provisioning"
	if w[0] != "" {
		target = t.target(w[0])
		a["activityDisplayName"], a["category"], a["loggedByService"] = "Update group", "GroupManagement", "Core Directory"
		if isPerson(w[0]) {
			a["activityDisplayName"], a["category"] = "Update user", "UserManagement"
		}
	}
	target["modifiedProperties"] = []any{map[string]any{"displayName": w[1], "oldValue": w[2], "newValue": w[3]}}
	a["targetResources"] = []any{target}
	return nil
}

func application() map[string]any {
	return map[string]any{"id": "sp-atlassian", "type": "ServicePrincipal", "displayName": "Atlassian Cloud", "modifiedProperties": []any{}}
}

func (t *Tenant) target(name string) map[string]any {
	if !isPerson(name) {
		return map[string]any{"id": "g-" + name, "type": "Group", "displayName": name, "modifiedProperties": []any{}}
	}
	target := map[string]any{"id": "u-" + name, "type": "User", "displayName": t.display(name), "modifiedProperties": []any{}}
	if u, err := t.record("entra/users.json", name); err == nil {
		target["userPrincipalName"] = u["userPrincipalName"]
	}
	return target
}

func quote(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a handle or a name
	}
	return string(b)
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
