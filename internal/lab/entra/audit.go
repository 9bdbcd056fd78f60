package entra

import (
	"fmt"
	"strings"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// modified is one entry of modifiedProperties. Values are JSON in a string, as the real log has them: a text arrives
// as "\"Finance\"", an absent value as null.
type modified struct {
	DisplayName string  `json:"displayName"`
	OldValue    *string `json:"oldValue"`
	NewValue    *string `json:"newValue"`
}

// target is one entry of targetResources.
type target struct {
	ID                string     `json:"id"`
	DisplayName       *string    `json:"displayName"`
	Type              string     `json:"type"`
	UserPrincipalName *string    `json:"userPrincipalName"`
	GroupType         *string    `json:"groupType"`
	Modified          []modified `json:"modifiedProperties"`
}

type auditEntry struct {
	ID                string    `json:"id"`
	Category          string    `json:"category"`
	CorrelationID     string    `json:"correlationId"`
	Result            string    `json:"result"`
	ResultReason      string    `json:"resultReason"`
	Activity          string    `json:"activityDisplayName"`
	At                string    `json:"activityDateTime"`
	LoggedBy          string    `json:"loggedByService"`
	Operation         string    `json:"operationType"`
	InitiatedBy       initiator `json:"initiatedBy"`
	Targets           []target  `json:"targetResources"`
	AdditionalDetails []string  `json:"additionalDetails"`
}

type initiator struct {
	User *initiatorUser `json:"user"`
	App  *initiatorApp  `json:"app"`
}

type initiatorUser struct {
	ID                string  `json:"id"`
	DisplayName       *string `json:"displayName"`
	UserPrincipalName string  `json:"userPrincipalName"`
	IPAddress         *string `json:"ipAddress"`
}

type initiatorApp struct {
	AppID                *string `json:"appId"`
	DisplayName          string  `json:"displayName"`
	ServicePrincipalID   string  `json:"servicePrincipalId"`
	ServicePrincipalName *string `json:"servicePrincipalName"`
}

// act is what happened: the list's name for it, its category and the kind of operation.
type act struct{ name, category, operation string }

var (
	addUser       = act{"Add user", "UserManagement", "Add"}
	updateUser    = act{"Update user", "UserManagement", "Update"}
	disable       = act{"Disable account", "UserManagement", "Update"}
	enable        = act{"Enable account", "UserManagement", "Update"}
	deleteUser    = act{"Delete user", "UserManagement", "Delete"}
	restoreUser   = act{"Restore user", "UserManagement", "Update"}
	purgeUser     = act{"Hard Delete user", "UserManagement", "Delete"}
	addGroup      = act{"Add group", "GroupManagement", "Add"}
	updateGroup   = act{"Update group", "GroupManagement", "Update"}
	deleteGroup   = act{"Delete group", "GroupManagement", "Delete"}
	restoreGroup  = act{"Restore group", "GroupManagement", "Update"}
	purgeGroup    = act{"Hard Delete group", "GroupManagement", "Delete"}
	addMember     = act{"Add member to group", "GroupManagement", "Assign"}
	removeMember  = act{"Remove member from group", "GroupManagement", "Unassign"}
	grantUser     = act{"Add app role assignment grant to user", "UserManagement", "Assign"}
	revokeUser    = act{"Remove app role assignment from user", "UserManagement", "Unassign"}
	grantGroup    = act{"Add app role assignment to group", "GroupManagement", "Assign"}
	revokeGroup   = act{"Remove app role assignment from group", "GroupManagement", "Unassign"}
	grantApp      = act{"Add app role assignment to service principal", "ApplicationManagement", "Assign"}
	revokeApp     = act{"Remove app role assignment from service principal", "ApplicationManagement", "Unassign"}
	addServicePri = act{"Add service principal", "ApplicationManagement", "Add"}
)

// audit writes an entry of the directory's log. The caller holds the lock.
func (l *Lab) audit(at time.Time, a act, targets ...target) {
	l.auditOf("Core Directory", at, a, targets...)
}

// auditOf is audit for an entry of another service.
func (l *Lab) auditOf(service string, at time.Time, a act, targets ...target) {
	d := &l.dir
	seq := d.next()
	correlation := guid(0xc0, seq)
	e := auditEntry{
		ID:            fmt.Sprintf("Directory_%s_%05d", correlation, seq),
		Category:      a.category,
		CorrelationID: correlation,
		Result:        "success",
		Activity:      a.name,
		At:            at.Format("2006-01-02T15:04:05.0000000Z"),
		LoggedBy:      service,
		Operation:     a.operation,
		InitiatedBy:   l.initiator(),
		Targets:       targets,
	}
	raw, err := json.Marshal(e)
	if err != nil {
		return // the entry is made of strings only
	}
	o, err := (&reader{}).object(jsontext.NewDecoder(strings.NewReader(string(raw))), "directoryAudit")
	if err != nil {
		return
	}
	o.seq = seq
	d.audits.add(at, o)
}

func (l *Lab) initiator() initiator {
	a := l.Actor
	if a.App != "" {
		return initiator{App: &initiatorApp{DisplayName: a.App, ServicePrincipalID: a.ID}}
	}
	if a.ID == "" {
		a = Actor{ID: guid(0xad, 0), Name: "Administrator", UserPrincipalName: "admin@lab.example"}
	}
	return initiator{User: &initiatorUser{ID: a.ID, DisplayName: maybe(a.Name), UserPrincipalName: a.UserPrincipalName}}
}

// about names an object as the target of an entry.
func about(o *object, changes ...modified) target {
	t := target{ID: o.id, Type: "Other", DisplayName: maybe(o.text("displayName")), Modified: changes}
	switch o.kind {
	case "user":
		t.Type, t.UserPrincipalName = "User", maybe(o.text("userPrincipalName"))
	case "group":
		kind := "azureAD"
		if strings.Contains(string(o.get("groupTypes")), `"Unified"`) {
			kind = "unifiedGroups"
		}
		t.Type, t.GroupType = "Group", &kind
	case "servicePrincipal":
		t.Type = "ServicePrincipal"
	case "device":
		t.Type = "Device"
	}
	return t
}

func maybe(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// quoted is a text as the log's values have it.
func quoted(s string) *string {
	q := string(quote(nil, s))
	return &q
}

// listed is a property's value as the log's values have it: JSON, in an array.
func listed(raw jsontext.Value) *string {
	if raw == nil || raw.Kind() == 'n' {
		s := "[]"
		return &s
	}
	if raw.Kind() == '[' {
		s := string(raw)
		return &s
	}
	s := "[" + string(raw) + "]"
	return &s
}
