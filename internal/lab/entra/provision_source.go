package entra

import (
	"strings"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Mappings name attributes as the directory called them before Graph. Those that differ:
var directoryNames = map[string]string{
	"objectid": "id", "physicaldeliveryofficename": "officeLocation", "telephonenumber": "businessPhones", "mobile": "mobilePhone",
	"facsimiletelephonenumber": "faxNumber", "dirsyncenabled": "onPremisesSyncEnabled", "immutableid": "onPremisesImmutableId",
	"originaluserprincipalname": "userPrincipalName", "sn": "surname",
}

// graphName is the property of Graph that an attribute of a mapping is read from, "" for those the service computes.
func graphName(attribute string) string {
	low := strings.ToLower(attribute)
	switch {
	case low == "issoftdeleted" || low == "approleassignments" || low == "members":
		return ""
	case strings.HasPrefix(low, "extensionattribute"):
		return "onPremisesExtensionAttributes"
	}
	if n := directoryNames[low]; n != "" {
		return n
	}
	return attribute
}

// valuesOf reads an attribute as mappings see it: nil where there is none, Booleans as True and False.
func (o *object) valuesOf(attribute string) []string {
	low := strings.ToLower(attribute)
	name := graphName(attribute)
	raw := o.getFold(name)
	switch {
	case name == "onPremisesExtensionAttributes":
		raw = inside(raw, attribute)
	case low == "manager":
		raw = inside(raw, "id")
	}
	v := plainValues(raw)
	if low == "userprincipalname" && len(v) == 1 {
		v[0] = stripGuest(v[0])
	}
	if low == "telephonenumber" && len(v) > 1 {
		v = v[:1]
	}
	return v
}

// getFold is get for a name in any letter case.
func (o *object) getFold(name string) jsontext.Value {
	if raw := o.get(name); raw != nil {
		return raw
	}
	for i := range o.fields {
		if strings.EqualFold(o.fields[i].name, name) {
			return o.fields[i].raw
		}
	}
	return nil
}

func inside(raw jsontext.Value, name string) jsontext.Value {
	var m map[string]jsontext.Value
	if raw == nil || json.Unmarshal(raw, &m, json.MatchCaseInsensitiveNames(true)) != nil {
		return nil
	}
	for k, v := range m {
		if strings.EqualFold(k, name) {
			return v
		}
	}
	return nil
}

func plainValues(raw jsontext.Value) []string {
	switch raw.Kind() {
	case '"':
		if s := unquote(raw); s != "" {
			return []string{s}
		}
	case 't':
		return []string{"True"}
	case 'f':
		return []string{"False"}
	case '0':
		return []string{string(raw)}
	case '[':
		var list []jsontext.Value
		if json.Unmarshal(raw, &list) != nil {
			return nil
		}
		var out []string
		for _, v := range list {
			out = append(out, plainValues(v)...)
		}
		return out
	}
	return nil
}

// stripGuest turns alias_theirdomain#EXT#@yourdomain into alias@theirdomain, as the service does with the source
// attribute userPrincipalName (how-provisioning-works.md, the note on B2B users).
func stripGuest(upn string) string {
	head, _, guest := strings.Cut(upn, "#EXT#@")
	if i := strings.LastIndexByte(head, '_'); guest && i > 0 {
		return head[:i] + "@" + head[i+1:]
	}
	return upn
}

// roleJSON are the roles of a principal as the attribute appRoleAssignments has them: one JSON text for each.
func roleJSON(app *object, roles []string) []string {
	var out []string
	for _, id := range roles {
		value, name := role(app, id)
		b := append(key([]byte{'{'}, "id"), quote(nil, id)...)
		b = append(key(b, "value"), quote(nil, value)...)
		out = append(out, string(append(append(key(b, "displayName"), quote(nil, name)...), '}')))
	}
	return out
}

// provisions tells whether a role makes its holder entitled. Default access does, unless the application has roles and
// none that can be used: that an old registration with nothing but msiam_access gets everybody skipped was reported.
func provisions(app *object, id string) bool {
	var roles []struct {
		ID      string `json:"id"`
		Name    string `json:"displayName"`
		Enabled *bool  `json:"isEnabled"`
	}
	if raw := app.get("appRoles"); raw != nil && json.Unmarshal(raw, &roles) != nil {
		return true
	}
	usable := 0
	for _, r := range roles {
		if r.Enabled != nil && !*r.Enabled || r.Name == "msiam_access" {
			continue
		}
		usable++
		if strings.EqualFold(r.ID, id) {
			return true
		}
	}
	return (id == "" || id == DefaultAccess) && (usable > 0 || len(roles) == 0)
}

// SetManager names a user's manager; "" ends it. Both can be named by userPrincipalName.
func (l *Lab) SetManager(user, manager string) error {
	if manager == "" {
		return l.UpdateUser(user, Props{"manager": nil})
	}
	l.mu.RLock()
	m, err := l.dir.user(manager)
	l.mu.RUnlock()
	if err != nil {
		return err
	}
	return l.UpdateUser(user, Props{"manager": Props{"id": m.id}})
}
