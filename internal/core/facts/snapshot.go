package facts

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/rollcall/rollcall/internal/core/directory"
	"github.com/rollcall/rollcall/internal/core/document"
)

// Snapshot is the source's side of the world in the shape that plans are computed from, with these attributes of users
// and groups. assigned says who is in scope, by ids; noScope why that is not fully known, "" where it is.
func (w *World) Snapshot(users, groups []string, assigned directory.Assigned, noScope string) *directory.Snapshot {
	b := directory.NewSnapshot(users, groups)
	values := make([]document.AttributeValue, len(users))
	for i := range w.Users {
		read := w.Users[i].AttributeOf(w.told)
		for k, name := range users {
			values[k] = read(name)
		}
		b.User(values...)
	}
	values = make([]document.AttributeValue, len(groups))
	gaps := w.gapsOf(document.Groups)
	stale := w.Absence(document.DeletedUsers) != "" // what is there of them is of before, and some may be back
	var memberUsers, memberGroups []string
	for g := range w.Groups {
		for k, name := range groups {
			values[k] = w.Groups[g].Attribute(name)
		}
		memberUsers, memberGroups = memberUsers[:0], memberGroups[:0]
		for _, u := range w.Graph.Users(uint32(g)) {
			memberUsers = append(memberUsers, w.Users[u].ID)
		}
		for _, c := range w.Graph.Children(uint32(g)) {
			memberGroups = append(memberGroups, w.Groups[c].ID)
		}
		b.Group(values, memberUsers, memberGroups, gaps.members(&w.Groups[g], stale))
	}
	b.Named(w.untold...)
	var deleted []string
	for i := range w.Deleted {
		deleted = append(deleted, w.Deleted[i].ID)
	}
	return b.Snapshot(assigned, deleted, directory.Gaps{Users: w.Absence(document.Users), Groups: w.Absence(document.Groups), Assignments: noScope})
}

// Absence says why a document as a whole is not known; "" where it is. A gap of one subject of whom nothing was read is
// a hole in the whole: nobody can tell what else it hides. An id that stands there twice is the mark of pages that shifted
// while they were read, and then others are missing.
func (w *World) Absence(f document.File) string {
	for _, g := range w.Bundle.Gaps {
		if g.File == string(f) && (g.Subject == "" || !w.tells(f, g.Subject)) {
			return fmt.Sprintf("%s: %s (%s)", f, cmp.Or(g.What, g.Subject), g.Why)
		}
	}
	if n := w.doubled[f]; n > 0 {
		return fmt.Sprintf("%s: %d ids stand there more than once, so that others may be missing", f, n)
	}
	if !w.Has(f) {
		return fmt.Sprintf("%s was not read (%s)", f, w.Call(f))
	}
	return ""
}

// tells says whether something was read of the subject of a gap.
func (w *World) tells(f document.File, subject string) bool {
	some := false
	switch f {
	case document.Users:
		_, some = w.UserByID(subject)
		some = some || len(w.UsersByKey(subject)) > 0
	case document.Groups:
		_, some = w.GroupByID(subject)
		some = some || len(w.GroupsByName(subject)) > 0
	case document.ScimUsers:
		_, some = w.ScimByID(subject)
		some = some || len(w.ScimByUserName(subject)) > 0
	case document.ScimGroups:
		_, some = w.ScimGroupByID(subject)
		some = some || len(w.ScimGroupsByName(subject)) > 0
	}
	return some
}

// members says why a group may have direct members that were not told; "" where it cannot. stale: who is deleted now is
// not known.
func (s *subjectGaps) members(g *Group, stale bool) string {
	if gap, ok := s.of(g.ID, g.DisplayName); ok {
		return strings.TrimSuffix(fmt.Sprintf("%s: %s", gap.What, gap.Why), ": ")
	}
	switch {
	case !g.Members.Known:
		return "its members were not told"
	case strings.EqualFold(g.Visibility, "HiddenMembership") && g.Count == 0:
		return "its membership is hidden (Member.Read.Hidden shows it)"
	case strings.EqualFold(g.MembershipRuleProcessing.Status, "Running"), strings.EqualFold(g.MembershipRuleProcessing.Status, "NotStarted"):
		return "its dynamic membership rule is still being processed"
	case g.Unresolved > 0:
		return fmt.Sprintf("%d of its members are users of whom nothing was told", g.Unresolved)
	case stale && g.Departed > 0:
		return fmt.Sprintf("%d of its members were deleted users, and who is deleted now was not told", g.Departed)
	case g.MissingGroups > 0:
		return fmt.Sprintf("%d groups inside it were not told", g.MissingGroups)
	}
	return ""
}

// State is the Guard directory in the shape that plans are computed from: the users' columns are the id, these target
// attributes, and the account that the record is linked to. Without any SCIM document (Guard's own connector has
// none) what was synced is taken from the organization.
func (w *World) State(attributes []string) *directory.State {
	columns := append(append([]string{"id"}, attributes...), "accountId")
	b := directory.NewState(columns)
	if w.Method() == document.GuardNested && !w.Has(document.ScimUsers) && w.Has(document.OrgUsers) {
		return w.syncedState(b, attributes)
	}
	paths := make([]document.ScimPath, len(attributes))
	for i, a := range attributes {
		paths[i], _ = document.ParseScimPath(a) // a path that cannot be read is never told, so that nothing is written there
	}
	values := make([]document.AttributeValue, len(columns))
	for i := range w.ScimUsers {
		u := &w.ScimUsers[i]
		values[0] = document.TextValue(u.ID)
		for k := range paths {
			values[k+1] = paths[k].Of(u)
		}
		values[len(columns)-1] = document.TextValue(w.accountOf(u))
		b.User(u.IsActive(), values...)
	}
	_, all := w.Gap(document.ScimGroups)
	gaps := w.gapsOf(document.ScimGroups)
	var members []string
	for i := range w.ScimGroups {
		g := &w.ScimGroups[i]
		members = members[:0]
		for _, m := range g.Members {
			members = append(members, w.ScimUsers[m].ID)
		}
		_, cut := gaps.of(g.ID, g.DisplayName)
		b.Group(g.ID, g.ExternalID, g.DisplayName, members, g.ScimGroup.Members.Known && !all && !cut)
	}
	return b.State(directory.StateGaps{Users: w.Absence(document.ScimUsers), Groups: w.Absence(document.ScimGroups)})
}

// accountOf is the account that a record is linked to, by the record itself or by the links.
func (w *World) accountOf(u *document.ScimUser) string {
	if id := u.Atlassian.Value.AtlassianAccountID.Value; id != "" {
		return id
	}
	for _, l := range w.LinksOf("", u.ID, "") {
		if l.AtlassianAccountID.Value != "" {
			return l.AtlassianAccountID.Value
		}
	}
	return ""
}

// syncedState is what Guard's connector has synced, as the organization shows it. Which object of Entra an account
// stands for is not told there: the address says it.
func (w *World) syncedState(b *directory.StateBuilder, attributes []string) *directory.State {
	values := make([]document.AttributeValue, len(attributes)+2)
	for i := range w.OrgUsers {
		u := &w.OrgUsers[i]
		if !document.Is(u.ManagementSource, "synced") {
			continue
		}
		values[0], values[len(values)-1] = document.TextValue(u.AccountID), document.TextValue(u.AccountID)
		for k, a := range attributes {
			switch key := Fold(a); {
			case key == "username" || strings.HasPrefix(key, "emails"):
				values[k+1] = document.TextValue(u.Email)
			default:
				values[k+1] = document.NotTold
			}
		}
		b.User(!strings.EqualFold(u.AccountStatus, "inactive") && !strings.EqualFold(u.Status, "deactivated"), values...)
	}
	var members []string
	for i := range w.OrgGroups {
		g := &w.OrgGroups[i]
		if !document.Is(g.ExternalSynced, true) {
			continue
		}
		members = members[:0]
		for _, m := range g.Members {
			members = append(members, w.OrgUsers[m].AccountID)
		}
		b.Group(g.ID, "", g.Name, members, g.OrgGroup.Members.Known)
	}
	return b.State(directory.StateGaps{Users: w.Absence(document.OrgUsers), Groups: w.Absence(document.OrgGroups)})
}
