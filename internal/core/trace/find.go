package trace

import (
	"fmt"
	"slices"
	"strings"
)

// Query asks about a subject as a person types it: a user principal name, a mail, a proxy address, an id of either
// side or a display name; with Group, about the membership in that group.
type Query struct {
	Subject string
	Group   string
}

// Ambiguous is the error for a subject that several users or groups answer to.
type Ambiguous struct {
	Query      string
	Candidates []Subject
}

func (e *Ambiguous) Error() string {
	names := make([]string, 0, len(e.Candidates))
	for _, c := range e.Candidates {
		names = append(names, fmt.Sprintf("%s %s (%s)", c.Kind, c.Name, c.ID))
	}
	return fmt.Sprintf("%q is ambiguous: %s", e.Query, list(names, 8))
}

// find looks a subject up on both sides. Keys that belong to one person only (id, name, address) come before
// display names; Entra comes before what is left of somebody at Atlassian.
func (t *Tracer) find(query string) []candidate {
	for _, look := range []func(string) []candidate{t.byKey, t.deletedByKey, t.groupsByKey, t.atTarget, t.byDisplayName} {
		if found := look(query); len(found) > 0 {
			return found
		}
	}
	return nil
}

func (t *Tracer) byKey(query string) []candidate {
	if ord, ok := t.w.UserByID(query); ok {
		return []candidate{t.userCandidate(ord)}
	}
	var out []candidate
	for _, ord := range t.w.UsersByKey(query) {
		if same(t.w.Users[ord].UserPrincipalName, query) {
			return []candidate{t.userCandidate(ord)} // a user principal name is unique; a mail need not be
		}
		out = append(out, t.userCandidate(ord))
	}
	return out
}

func (t *Tracer) deletedByKey(query string) []candidate {
	var out []candidate
	for _, i := range t.w.DeletedByKey(query) {
		out = append(out, t.deletedCandidate(i))
	}
	return out
}

func (t *Tracer) groupsByKey(query string) []candidate {
	if g, ok := t.w.GroupByID(query); ok {
		return []candidate{t.groupCandidate(g)}
	}
	var exact, folded []candidate
	for _, g := range t.w.GroupsByName(query) {
		if t.w.Groups[g].DisplayName == query {
			exact = append(exact, t.groupCandidate(g))
		}
		folded = append(folded, t.groupCandidate(g))
	}
	if len(exact) == 0 {
		exact = folded
	}
	for i := range t.w.Users { // somebody may bear the name of a group
		if len(exact) > 0 && t.w.Users[i].DisplayName == query {
			exact = append(exact, t.userCandidate(uint32(i)))
		}
	}
	return exact
}

// atTarget finds people and groups whom only Atlassian knows, or whom it knows by another name: a record found by
// id, userName or address leads back to the user of its externalId.
func (t *Tracer) atTarget(query string) []candidate {
	w := t.w
	var records []uint32
	if r, ok := w.ScimByID(query); ok {
		records = []uint32{r}
	}
	for _, l := range [][]uint32{w.ScimByUserName(query), w.ScimByEmail(query), w.ScimByAccount(query), w.ScimByExternal(query)} {
		for _, r := range l {
			if !slices.Contains(records, r) {
				records = append(records, r)
			}
		}
	}
	var out []candidate
	take := func(c candidate) {
		if !slices.ContainsFunc(out, func(o candidate) bool { return o.subject.ID == c.subject.ID }) {
			out = append(out, c)
		}
	}
	for _, r := range records {
		take(t.behind(r))
	}
	accounts := w.AccountsByEmail(query)
	if a, ok := w.Account(query); ok {
		accounts = append(accounts, a)
	}
	if len(out) == 0 {
		for _, a := range accounts {
			take(t.accountCandidate(a))
		}
	}
	if g, ok := w.ScimGroupByID(query); ok && len(out) == 0 {
		take(t.behindGroup(g))
	}
	for i := range w.OrgGroups {
		if len(out) == 0 && w.OrgGroups[i].ID != "" && same(w.OrgGroups[i].ID, query) {
			return t.groupsByKey(w.OrgGroups[i].Name)
		}
	}
	if len(out) == 0 {
		for _, g := range w.ScimGroupsByName(query) {
			take(t.behindGroup(g))
		}
	}
	if len(out) == 0 {
		for _, g := range w.OrgGroupsByName(query) {
			og := &w.OrgGroups[g]
			take(candidate{subject: Subject{Kind: "group", ID: og.ID, Name: og.Name, Display: og.Name}, deleted: -1, group: -1, record: -1})
		}
	}
	return out
}

// behindGroup is the group of Entra that a SCIM group belongs to, or itself.
func (t *Tracer) behindGroup(g uint32) candidate {
	sg := &t.w.ScimGroups[g]
	if eg, ok := t.w.GroupByID(sg.ExternalID); ok {
		return t.groupCandidate(eg)
	}
	return candidate{subject: Subject{Kind: "group", ID: sg.ID, Name: sg.DisplayName, Display: sg.DisplayName}, deleted: -1, group: -1, record: -1}
}

// behind is whom a record belongs to: the user of its externalId, living or deleted, or nobody but itself.
func (t *Tracer) behind(r uint32) candidate {
	rec := &t.w.ScimUsers[r]
	if ord, ok := t.w.UserByID(rec.ExternalID); ok {
		return t.userCandidate(ord)
	}
	if d := t.w.DeletedByKey(rec.ExternalID); len(d) > 0 {
		return t.deletedCandidate(d[0])
	}
	return t.recordCandidate(r)
}

func (t *Tracer) byDisplayName(query string) []candidate {
	var out []candidate
	for i := range t.w.Users {
		if same(t.w.Users[i].DisplayName, query) {
			out = append(out, t.userCandidate(uint32(i)))
		}
	}
	if len(out) > 0 {
		return out
	}
	for i := range t.w.Deleted {
		if same(t.w.Deleted[i].DisplayName, query) {
			out = append(out, t.deletedCandidate(uint32(i)))
		}
	}
	for i := range t.w.ScimUsers {
		c := t.behind(uint32(i))
		if same(t.w.ScimUsers[i].DisplayName, query) && !slices.ContainsFunc(out, func(o candidate) bool { return o.subject.ID == c.subject.ID }) {
			out = append(out, c)
		}
	}
	if len(out) > 0 {
		return out
	}
	for i := range t.w.OrgUsers {
		if same(t.w.OrgUsers[i].Name, query) {
			out = append(out, t.accountCandidate(uint32(i)))
		}
	}
	return out
}

// findOne is find for exactly one, as a query needs it; ok is false where nobody answers.
func (t *Tracer) findOne(query string) (c candidate, ok bool, err error) {
	query = strings.TrimSpace(query)
	if kind, address, ok := strings.Cut(query, ":"); ok && strings.EqualFold(kind, "smtp") {
		query = address // as copied from proxyAddresses
	}
	found := t.find(query)
	switch len(found) {
	case 0:
		return candidate{subject: Subject{Kind: "user", Name: query}, deleted: -1, group: -1, record: -1}, false, nil
	case 1:
		return found[0], true, nil
	}
	e := &Ambiguous{Query: query}
	for _, f := range found {
		e.Candidates = append(e.Candidates, f.subject)
	}
	slices.SortFunc(e.Candidates, func(a, b Subject) int { return strings.Compare(a.Name+a.ID, b.Name+b.ID) })
	return candidate{}, false, e
}
