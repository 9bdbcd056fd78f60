package scenario

import (
	"fmt"
	"regexp"

	"github.com/go-json-experiment/json"
)

const auditFile = "entra/directory-audits.json"

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
	{regexp.MustCompile(`^(\S+) (deleted|restored|deleted for good)$`), func(t *Tenant, a map[string]any, w []string) error {
		a["category"] = "UserManagement"
		a["activityDisplayName"] = map[string]string{"deleted": "Delete user", "restored": "Restore user", "deleted for good": "Hard Delete user"}[w[1]]
		a["targetResources"] = []any{t.target(w[0])}
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
	if t.isPerson(w[0]) {
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
		if t.isPerson(w[0]) {
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
	if !t.isPerson(name) {
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
