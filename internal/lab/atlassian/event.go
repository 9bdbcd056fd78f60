package atlassian

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// event is one line of the organization's audit log. Only two action ids are known to be the vendor's
// (user_added_to_group, user_logged_in_as_user); the others follow their form.
type event struct {
	n       int // its number; each has one more than the one before
	id      string
	time    time.Time
	action  string
	actor   object
	about   []subject
	message string
	raw     object // as loaded
}

// actions are the ids with the words of the audit log's page and its category.
var actions = []struct{ id, name, category string }{
	{"user_added_to_group", "Added user to group", "Groups"},
	{"user_removed_from_group", "Removed user from group", "Groups"},
	{"group_created", "Created group", "Groups"},
	{"group_deleted", "Deleted group", "Groups"},
	{"group_not_synced", "Group could not be synced to sites", "Groups"},
	{"group_conflict_resolved", "Synced group from identity provider", "Groups"},
	{"group_default_changed", "Changed default access group", "Groups"},
	{"group_role_granted", "Granted product access to group", "Groups"},
	{"group_role_revoked", "Revoked product access from group", "Groups"},
	{"user_invited", "Invited user", "Users"},
	{"user_access_suspended", "Suspended access for user", "Users"},
	{"user_access_restored", "Restored access for user", "Users"},
	{"user_deactivated", "Deactivated account", "Atlassian accounts"},
	{"user_reactivated", "Reactivated account", "Atlassian accounts"},
	{"user_email_changed", "Changed email address", "Atlassian accounts"},
	{"user_deletion_scheduled", "Scheduled deletion of account", "Atlassian accounts"},
	{"user_deletion_canceled", "Canceled deletion of account", "Atlassian accounts"},
	{"user_deleted", "Deleted account permanently", "Atlassian accounts"},
	{"user_logged_in_as_user", "Logged in as user", "Users"},
	{"domain_claimed", "Claimed domain", "Domains"},
	{"domain_changed", "Changed domain", "Domains"},
	{"account_unclaimed", "Unclaimed account", "Domains"},
	{"policy_created", "Created authentication policy", "Authentication policies"},
	{"policy_deleted", "Deleted authentication policy", "Authentication policies"},
	{"policy_default_changed", "Changed default authentication policy", "Authentication policies"},
	{"policy_user_added", "Added user to authentication policy", "Authentication policies"},
	{"scim_key_regenerated", "Regenerated API key of directory", "Identity providers"},
	{"scim_key_expired", "API key of directory expired", "Identity providers"},
	{"scim_directory_created", "Created directory", "Identity providers"},
	{"scim_directory_deleted", "Deleted directory", "Identity providers"},
	{"scim_user_unlinked", "Unlinked user from identity provider", "Identity providers"},
	{"seats_changed", "Changed the number of seats", "Billing"},
}

// subject is what an event is about, as it was then.
type subject struct{ kind, id, name, email string }

// maxEvents bounds the audit log of a long simulation; the oldest fall off.
const maxEvents = 200_000

// provisioning is who did what the directory said.
var provisioning = object{"id": "", "name": "User provisioning", "email": ""}

// administrator is who changes things by hand.
var administrator = object{"id": "712020:administrator", "name": "Administrator", "email": "administrator@lab.example"}

// happened writes an event.
func (w *world) happened(actor object, action string, about []subject, format string, args ...any) {
	if len(w.events) >= maxEvents {
		w.events = slices.Delete(w.events, 0, maxEvents/2)
	}
	w.numbered++
	w.events = append(w.events, &event{
		n: w.numbered, id: w.newID("e0"), time: w.at, action: action, actor: actor, about: about, message: fmt.Sprintf(format, args...),
	})
}

func (a *account) subject() subject { return subject{"users", a.id, a.name, a.email} }

func (g *group) subject() subject { return subject{"groups", g.id, g.name, ""} }

func (s subject) view() object {
	attributes := object{"name": s.name}
	if s.kind == "users" {
		attributes["accountType"], attributes["email"] = "atlassian", s.email
	}
	return object{"id": s.id, "type": s.kind, "attributes": attributes}
}

func (e *event) view(base, org string) object {
	self := base + "/admin/v1/orgs/" + org + "/events/" + e.id
	if e.raw != nil {
		out := clone(e.raw)
		if out["links"] == nil {
			out["links"] = object{"self": self}
		}
		return out
	}
	about := []object{}
	for _, s := range e.about {
		about = append(about, s.view())
	}
	return object{
		"id": e.id, "type": "events",
		"attributes": object{"time": stamp(e.time), "action": e.action, "actor": e.actor, "context": about, "container": []object{}},
		"message":    object{"content": e.message, "format": "simple"},
		"links":      object{"self": self},
	}
}

// clone copies the first level of an object.
func clone(o object) object {
	out := make(object, len(o))
	maps.Copy(out, o)
	return out
}
