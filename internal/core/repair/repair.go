// Package repair says what the catalogue's fix of a broken SCIM record consists of, as steps of a plan: an old record
// that holds somebody's name or address, a record that is linked to no account, an account that another directory holds.
// Every step waits for a person. What the facts do not prove to be safe is said in words instead.
package repair

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/trace"
)

// LinkPath is the property of a record that names its Atlassian account. It is read-only in SCIM: a step that has a field
// of this path is a repair, and the fields' old values are what must still be so when it is carried out.
//
//   - op delete, old null: the record hangs on no account and is deleted in its directory
//   - op delete, old an account: the account's only record is deleted, the account stays as it is
//   - op update, old an account: the link between the record and the account is broken, both stay
const LinkPath = "urn:scim:schemas:extension:atlassian-external:1.0:atlassianAccountId"

// Causes are those of which a repair may mend something.
var Causes = []cause.Code{cause.StaleScimRecord, cause.AccountUnlinked, cause.HeldByOtherDirectory}

// Foreign is the id at the target of a record in another directory than the connection's.
func Foreign(directory, record string) string { return directory + "/" + record }

// Split takes an id of Foreign apart. Of a record in the connection's own directory the directory is "".
func Split(target string) (directory, record string) {
	if i := strings.LastIndexByte(target, '/'); i >= 0 {
		return target[:i], target[i+1:]
	}
	return "", target
}

// Of gives the steps that mend what a trace of a person names, in the order of its causes, and what cannot be mended by a
// request, in words. Both are empty where no cause of the trace is about a record.
//
// The world must know the owners, as Owners names them.
func Of(w *facts.World, t trace.Trace) (steps []plan.Step, rest []string) {
	for _, c := range append([]cause.Code{t.Cause}, t.Also...) {
		if !slices.Contains(Causes, c) {
			continue
		}
		s, why := one(w, t, c)
		if why != "" {
			rest = append(rest, why)
			continue
		}
		if !slices.ContainsFunc(steps, func(have plan.Step) bool { return have.ID == s.ID }) {
			steps = append(steps, s)
		}
	}
	return steps, rest
}

// one is the step for one cause, or why there is none.
func one(w *facts.World, t trace.Trace, c cause.Code) (plan.Step, string) {
	u, ok := w.UserByID(t.Subject.ID)
	if !ok {
		return plan.Step{}, fmt.Sprintf("%s is not in Entra, so that nothing would make the record anew: that is for offboarding, not for a repair", t.Subject.Name)
	}
	values := t.Values[c]
	switch c {
	case cause.StaleScimRecord:
		return stale(w, &w.Users[u], values["record"])
	case cause.AccountUnlinked:
		return unlinked(w, &w.Users[u], values["record"])
	case cause.HeldByOtherDirectory:
		return held(w, &w.Users[u], values)
	}
	return plan.Step{}, "nothing is known that mends " + string(c)
}

// Owners are ids at the source that decide whether a record is somebody's: they must be looked up before Of is asked of
// a world that was read for one person alone.
func Owners(w *facts.World, t trace.Trace) []string {
	var out []string
	for _, c := range append([]cause.Code{t.Cause}, t.Also...) {
		i, ok := w.ScimByID(t.Values[c]["record"])
		if !ok || c != cause.StaleScimRecord {
			continue
		}
		r := &w.ScimUsers[i]
		out = append(out, r.ExternalID)
		for _, l := range w.OwnLinks {
			if l.Kind == plan.KindUser && l.Target == r.ID {
				out = append(out, l.Source)
			}
		}
	}
	slices.Sort(out)
	return slices.DeleteFunc(slices.Compact(out), func(id string) bool { return id == "" || id == t.Subject.ID })
}

// Call is the request that a step is, for people.
func Call(c document.Connection, s *plan.Step) string {
	org := "https://api.atlassian.com/admin/user-provisioning/v1/org/" + cmp.Or(c.Org, "<organization id>")
	directory, record := Split(s.Subject.Target)
	account := Old(s.Fields, LinkPath)
	switch {
	case s.Op == plan.Update:
		return fmt.Sprintf("PATCH %s/scimDirectoryId/%s/scimUserId/%s/unlink", org, cmp.Or(directory, c.Directory), record)
	case account != "":
		return fmt.Sprintf("DELETE %s/user/%s/onlyDeleteUserInDB", org, account)
	}
	return fmt.Sprintf("DELETE https://api.atlassian.com/scim/directory/%s/Users/%s", cmp.Or(c.Directory, "<directory id>"), record)
}

// Old is the value that a field had; "" where it had none.
func Old(fields []plan.Field, path string) string {
	for i := range fields {
		if fields[i].Path == path && !fields[i].Old.Null {
			return fields[i].Old.Text
		}
	}
	return ""
}

// step is a repair of a record that is about a user.
func step(u *document.User, op plan.Op, target string, c cause.Code, why, held string, fields ...plan.Field) plan.Step {
	_, record := Split(target)
	return plan.Step{
		ID: "repair-" + string(op) + "-" + record, Op: op, Kind: plan.KindUser, Reason: string(c), Why: why, Needs: []string{}, Fields: fields,
		Subject: plan.Subject{Kind: plan.KindUser, ID: u.ID, Name: u.UserPrincipalName, Target: target},
		Held:    &plan.Held{Code: plan.HeldRepair.String(), Text: held},
	}
}

// goes is a field whose value goes with the record.
func goes(path, old string) plan.Field {
	f := plan.Field{Path: path, Old: document.NullValue, New: document.NullValue}
	if old != "" {
		f.Old = document.TextValue(old)
	}
	return f
}
