package atlassian

import (
	"reflect"
	"strings"
)

// The fixed mapping and what it does to the accounts. The words of the troubleshooting log about users who are passed
// over are not known: these say what is the matter.

// identifier is what becomes a user's name and address at Atlassian.
func (c *connector) identifier(u graphUser, readings Readings) string {
	switch {
	case c.Settings.Identifier != "userPrincipalName" && u.Mail == "" && readings.MailOrUPN:
		return u.UserPrincipalName
	case c.Settings.Identifier != "userPrincipalName":
		return u.Mail
	case isGuest(u) && readings.GuestsByMail && u.Mail != "":
		return u.Mail
	}
	return u.UserPrincipalName
}

func isGuest(u graphUser) bool { return strings.EqualFold(u.UserType, "Guest") }

// mapped are the attributes of a user by the connector's table.
func mapped(u graphUser, identifier string) object {
	o := object{
		"externalId": u.ID, "userName": identifier,
		"emails": []any{object{"value": identifier, "type": "work", "primary": true}},
		"active": u.Enabled == nil || *u.Enabled,
	}
	name := object{}
	put := func(in object, key, value string) {
		if value != "" {
			in[key] = value
		}
	}
	put(name, "givenName", u.Given)
	put(name, "familyName", u.Surname)
	if len(name) > 0 {
		o["name"] = name
	}
	put(o, "displayName", u.Name)
	put(o, "title", u.JobTitle)
	put(o, "preferredLanguage", u.Language)
	var phones []any
	if u.Mobile != "" {
		phones = append(phones, object{"value": u.Mobile, "type": "mobile"})
	}
	if len(u.Phones) > 0 {
		phones = append(phones, object{"value": u.Phones[0], "type": "work"})
	}
	if phones != nil {
		o["phoneNumbers"] = phones
	}
	if u.Department != "" {
		o[enterpriseURN] = object{"department": u.Department}
	}
	return o
}

// syncUsers creates and updates users and gives the records by Entra's ids, also of those who are passed over now but
// were synced before: they stay as they are.
func (w *world) syncUsers(c *connector, users []graphUser, say func(string)) map[string]*record {
	records := map[string]*record{}
	for _, u := range users {
		r := c.record(u.ID)
		if r != nil {
			records[u.ID] = r
		}
		id := c.identifier(u, w.readings)
		switch {
		case !strings.Contains(id, "@"):
			say("Skipped user with ID " + u.ID + ": the attribute for the email address is empty.")
			continue
		case !isGuest(u) && !w.claimed(id):
			say("Skipped user " + id + ": the domain is not verified for OrgId " + w.org.ID + ".")
			continue
		}
		attrs := mapped(u, id)
		switch {
		case r == nil && attrs["active"] == false && !w.readings.SyncCreatesDisabled:
			continue
		case r != nil && reflect.DeepEqual(r.attrs, attrs):
			continue
		case w.taken(c.dir, r, attrs):
			say(existsLine(attrs))
		case r == nil:
			records[u.ID] = w.create(c.dir, attrs)
		default:
			w.update(r, attrs, false)
		}
	}
	return records
}

// record is the one of an object of Entra.
func (c *connector) record(id string) *record {
	for _, r := range c.dir.byExternal[id] {
		if !r.hidden {
			return r
		}
	}
	return nil
}

// syncLeavers deactivates those whom Graph names no longer, or who are in no chosen group any more.
func (w *world) syncLeavers(c *connector, here map[string]*record) {
	for _, r := range append([]*record(nil), c.dir.users.all()...) {
		switch {
		case here[r.externalID()] == r:
		case w.readings.LeaversAreDeleted:
			w.remove(r)
		case r.active():
			attrs := clone(r.attrs)
			attrs["active"] = false
			w.update(r, attrs, false)
		}
	}
}
