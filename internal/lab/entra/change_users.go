package entra

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/go-json-experiment/json/jsontext"
)

// AddUser makes a user and gives its id. Properties that are not given take what a new account has: enabled, a
// member, created now. A userPrincipalName that somebody has is an error.
func (l *Lab) AddUser(p Props) (id string, err error) {
	return l.add("user", 0xa0, p, Props{"accountEnabled": true, "userType": "Member"}, addUser)
}

// AddGroup makes a group and gives its id: a security group, unless the properties say otherwise.
func (l *Lab) AddGroup(p Props) (id string, err error) {
	return l.add("group", 0xb0, p, Props{"mailEnabled": false, "securityEnabled": true, "groupTypes": []string{}}, addGroup)
}

// AddServicePrincipal makes an application's service principal and gives its id.
func (l *Lab) AddServicePrincipal(p Props) (id string, err error) {
	return l.add("servicePrincipal", 0xe0, p, Props{"accountEnabled": true, "servicePrincipalType": "Application"}, addServicePri)
}

func (l *Lab) add(kind string, mark byte, p, usual Props, a act) (string, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.now()
	o := &object{kind: kind}
	all := Props{"id": guid(mark, l.dir.seq+1), "createdDateTime": stamp(at)}
	if kind == "servicePrincipal" {
		delete(all, "createdDateTime") // v1.0 has none
	}
	for _, from := range []Props{usual, p} {
		maps.Copy(all, from)
	}
	for _, k := range sorted(all) {
		raw, err := encode(all[k])
		if err != nil {
			return "", fmt.Errorf("adding a %s: property %s: %w", kind, k, err)
		}
		o.put(k, raw)
	}
	if o.id = o.text("id"); o.id == "" {
		return "", fmt.Errorf("adding a %s: the id must be a text", kind)
	}
	if err := l.dir.enrol(o); err != nil {
		return "", fmt.Errorf("adding a %s: %w", kind, err)
	}
	l.dir.changed(at, change{o: o})
	o.born = len(l.dir.changes)
	l.audit(at, a, about(o))
	return o.id, nil
}

func sorted(p Props) []string {
	keys := make([]string, 0, len(p))
	for k := range p {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// UpdateUser changes properties of a user, named by id or userPrincipalName; nil clears one.
func (l *Lab) UpdateUser(id string, p Props) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, err := l.dir.user(id)
	if err != nil {
		return fmt.Errorf("updating: %w", err)
	}
	return l.update(o, p, updateUser)
}

// DisableUser blocks a user's sign-in; EnableUser allows it again.
func (l *Lab) DisableUser(id string) error { return l.block(id, false, disable) }

// EnableUser allows a user's sign-in.
func (l *Lab) EnableUser(id string) error { return l.block(id, true, enable) }

func (l *Lab) block(id string, enabled bool, a act) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	o, err := l.dir.user(id)
	if err != nil {
		return fmt.Errorf("%s: %w", strings.ToLower(a.name), err)
	}
	return l.update(o, Props{"accountEnabled": enabled}, a)
}

// update writes properties and, if that changed any, the feed and the log. The log has an entry for every property
// and one that lists their names.
func (l *Lab) update(o *object, p Props, a act) error {
	name := strings.ToLower(o.text("userPrincipalName"))
	raws := map[string]jsontext.Value{}
	for _, k := range sorted(p) {
		raw, err := encode(p[k])
		switch {
		case err != nil:
			return fmt.Errorf("updating %s %q: property %s: %w", o.kind, o.id, k, err)
		case k == "id":
			return fmt.Errorf("updating %s %q: an id does not change", o.kind, o.id)
		case k == "userPrincipalName" && o.kind == "user":
			other := l.dir.upn[strings.ToLower(unquote(raw))]
			if other != nil && other != o {
				return fmt.Errorf("updating user %q: %s has the userPrincipalName %s", o.id, other.id, raw)
			}
		}
		raws[k] = raw
	}
	var changed []string
	var log []modified
	for _, k := range sorted(p) {
		old := o.get(k)
		if !o.put(k, raws[k]) {
			continue
		}
		changed = append(changed, k)
		log = append(log, modified{strings.ToUpper(k[:1]) + k[1:], listed(old), listed(raws[k])})
	}
	if len(changed) == 0 {
		return nil
	}
	if o.kind == "user" {
		delete(l.dir.upn, name)
		l.dir.named(strings.ToLower(o.text("userPrincipalName")), o)
	}
	names := make([]string, len(log))
	for i := range log {
		names[i] = log[i].DisplayName
	}
	log = append(log, modified{"Included Updated Properties", nil, quoted(strings.Join(names, ", "))})
	at := l.now()
	l.dir.changed(at, change{o: o, props: changed})
	l.audit(at, a, about(o, log...))
	return nil
}

// changed adds a line to the feed.
func (d *directory) changed(at time.Time, c change) {
	c.at = at
	d.changes = append(d.changes, c)
	d.reach.forget()
}
