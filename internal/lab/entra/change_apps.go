package entra

import (
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
)

// DefaultAccess is the app role of an assignment that names none.
const DefaultAccess = "00000000-0000-0000-0000-000000000000"

// Assign gives a user, group or service principal an app role of an application and returns the assignment's id.
// The application is named by its service principal's id; an empty role is [DefaultAccess].
func (l *Lab) Assign(application, principal, role string) (id string, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	app := l.dir.app(application)
	if app == nil {
		return "", fmt.Errorf("assigning: service principal %q: %w", application, ErrUnknown)
	}
	who, err := l.dir.principal(principal)
	if err != nil {
		return "", fmt.Errorf("assigning: %w", err)
	}
	if role == "" {
		role = DefaultAccess
	}
	sum := sha256.Sum256([]byte(app.id + who.id + role))
	id = base64.RawURLEncoding.EncodeToString(sum[:])
	if l.dir.grants[id] != nil {
		return "", fmt.Errorf("assigning: %s %q has that role already", who.kind, who.id)
	}
	at := l.now()
	o := &object{kind: "appRoleAssignment", id: id}
	for _, f := range []struct{ name, value string }{
		{"id", id},
		{"appRoleId", role},
		{"createdDateTime", stamp(at)},
		{"principalDisplayName", who.text("displayName")},
		{"principalId", who.id},
		{"principalType", principalType(who)},
		{"resourceDisplayName", app.text("displayName")},
		{"resourceId", app.id},
	} {
		o.put(f.name, quote(nil, f.value))
		if f.name == "id" {
			o.put("deletedDateTime", jsontext.Value("null"))
		}
	}
	if err := l.dir.assign(app, o); err != nil {
		return "", fmt.Errorf("assigning: %w", err)
	}
	l.audit(at, grants[who.kind][0], l.granted(app, who, o, false), about(who))
	return id, nil
}

// Unassign ends an assignment.
func (l *Lab) Unassign(id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	app := l.dir.grants[id]
	if app == nil {
		return fmt.Errorf("unassigning %q: %w", id, ErrUnknown)
	}
	o := l.dir.assigned[app].find(id)
	l.dir.revoke(app, o)
	who := l.dir.anywhere(o.text("principalId"))
	if who == nil {
		who = &object{kind: fold(o.text("principalType")), id: o.text("principalId")}
	}
	l.audit(l.now(), grants[who.kind][1], l.granted(app, who, o, true), about(who))
	return nil
}

func (d *directory) revoke(app, o *object) {
	d.assigned[app].remove(o)
	delete(d.grants, o.id)
}

// unassignAll drops the assignments of a principal that is gone for good.
func (d *directory) unassignAll(who *object) {
	for app, c := range d.assigned {
		for _, s := range c.list {
			if s.o != nil && strings.EqualFold(s.o.text("principalId"), who.id) {
				d.revoke(app, s.o)
			}
		}
	}
}

var grants = map[string][2]act{
	"user":             {grantUser, revokeUser},
	"group":            {grantGroup, revokeGroup},
	"servicePrincipal": {grantApp, revokeApp},
}

func principalType(o *object) string {
	return strings.ToUpper(o.kind[:1]) + o.kind[1:]
}

// granted is the application as the target of an assignment's log entry: it carries who got what.
func (l *Lab) granted(app, who, o *object, ended bool) target {
	value, name := role(app, o.text("appRoleId"))
	props := []modified{
		{DisplayName: "AppRole.Id", NewValue: quoted(o.text("appRoleId"))},
		{DisplayName: "AppRole.Value", NewValue: quoted(value)},
		{DisplayName: "AppRole.DisplayName", NewValue: quoted(name)},
		{DisplayName: "AppRoleAssignment.CreatedDateTime", NewValue: quoted(o.text("createdDateTime"))},
		{DisplayName: principalType(who) + ".ObjectID", NewValue: quoted(who.id)},
	}
	if who.kind == "user" {
		props = append(props, modified{DisplayName: "User.UPN", NewValue: quoted(who.text("userPrincipalName"))})
	}
	if ended {
		for i := range props {
			props[i].OldValue, props[i].NewValue = props[i].NewValue, nil
		}
	}
	return about(app, props...)
}
