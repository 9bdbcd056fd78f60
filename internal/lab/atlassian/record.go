package atlassian

import (
	"slices"
	"time"
)

// record is a user of a SCIM directory: what the identity provider said, and the account that it stands for.
type record struct {
	dir      *directory
	id       string
	attrs    object // what was sent, in the spelling of the schema; no id, meta, groups
	created  time.Time
	modified time.Time
	account  *account // nil: not linked
	groups   set[scimGroup]
	hidden   bool // deleted, and kept (Readings.DeleteKeepsRecord)
	unlisted bool // loaded from a link alone: the directory itself does not show it
	meta     object
	schemas  any
}

func (r *record) userName() string   { return str(r.attrs["userName"]) }
func (r *record) externalID() string { return str(r.attrs["externalId"]) }
func (r *record) email() string      { return primaryEmail(r.attrs) }

// active is true where nothing was said.
func (r *record) active() bool { return isActive(r.attrs) }

func isActive(attrs object) bool {
	b, told := attrs["active"].(bool)
	return b || !told
}

// primaryEmail is the address that makes the link to an account.
func primaryEmail(attrs object) string {
	list, _ := attrs["emails"].([]any)
	for _, e := range list {
		if e, ok := e.(object); ok && e["primary"] == true {
			return str(e["value"])
		}
	}
	return ""
}

// displayName is what the account is called: the given and family name only where no other was sent.
func displayName(attrs object) string {
	if s := str(attrs["displayName"]); s != "" {
		return limited(s, 100)
	}
	name, _ := attrs["name"].(object)
	if s := str(name["formatted"]); s != "" {
		return limited(s, 100)
	}
	return limited(str(name["givenName"])+" "+str(name["familyName"]), 100)
}

// index makes a record findable by what is unique or asked for.
func (w *world) index(r *record) {
	r.dir.byUserName[w.fold(r.userName())] = r
	if x := r.externalID(); x != "" {
		r.dir.byExternal[x] = append(r.dir.byExternal[x], r)
	}
	if e := w.fold(r.email()); e != "" {
		w.holders[e] = append(w.holders[e], r)
	}
}

func (w *world) unindex(r *record) {
	if r.dir.byUserName[w.fold(r.userName())] == r {
		delete(r.dir.byUserName, w.fold(r.userName()))
	}
	drop(r.dir.byExternal, r.externalID(), r)
	drop(w.holders, w.fold(r.email()), r)
}

func drop(index map[string][]*record, key string, r *record) {
	left := slices.DeleteFunc(index[key], func(x *record) bool { return x == r })
	if len(left) == 0 {
		delete(index, key)
		return
	}
	index[key] = left
}

// taken tells whether a record may not have these attributes because another record or account holds what must be
// its own. One text stands for all cases, as it does at the vendor's.
func (w *world) taken(dir *directory, r *record, attrs object) bool {
	another := func(x *record) bool { return x != r && !x.hidden }
	if other := dir.byUserName[w.fold(str(attrs["userName"]))]; other != nil && another(other) {
		return true
	}
	if w.readings.UniqueExternalID && str(attrs["externalId"]) != "" {
		if slices.ContainsFunc(dir.byExternal[str(attrs["externalId"])], another) {
			return true
		}
	}
	email := w.fold(primaryEmail(attrs))
	if slices.ContainsFunc(w.holders[email], func(x *record) bool {
		elsewhere := (x.account != nil || w.readings.UnlinkedElsewhereIs409) && !w.readings.DomainDecidesHolder
		return another(x) && (x.dir == dir || elsewhere)
	}) {
		return true
	}
	a := w.byEmail[email]
	switch {
	case a == nil:
		return false
	case r != nil:
		return r.account != a && w.fold(r.email()) != email
	}
	// A new record takes over an account that nobody holds; one that waits for its deletion still holds its address.
	if w.readings.DomainDecidesHolder {
		another = func(x *record) bool { return x.dir == dir && !x.hidden }
	}
	return slices.ContainsFunc(a.records, another) || !a.deleteOn.IsZero() || w.readings.ExternalAccountIs409 && !w.managed(a)
}
