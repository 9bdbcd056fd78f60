package exports

import (
	"github.com/rollcall/rollcall/internal/core/document"
)

// joinAssignments finds for every assignment the group or person that it names.
func (j *joined) joinAssignments(s *Set, p *people, g *groups) {
	known := len(s.assignments) > 0
	for _, f := range s.assignments {
		rows, ok := f.ofApplication(s.Application)
		known = known && ok && f.complete()
		for i := range rows {
			j.Assignments = append(j.Assignments, j.assignment(f, &rows[i], p, g))
		}
	}
	switch {
	case known:
		j.have[document.AppRoleAssignments] = true
	case len(s.assignments) > 0:
		j.gap(document.AppRoleAssignments, "", "other assignments", "the list of assignments could not be used as a whole", Assignments)
	case len(s.members) > 0 && s.Selected == nil:
		j.gap(document.AppRoleAssignments, "", "who is assigned to the application",
			"no file tells it, and the portal has no download; write assignments.csv: a line that says group, then one assigned group a line", Assignments)
	}
}

func (j *joined) assignment(f *assignmentFile, a *assignmentRow, p *people, g *groups) document.AppRoleAssignment {
	out := document.AppRoleAssignment{
		ID: a.id, PrincipalID: a.principal, PrincipalDisplayName: a.name, ResourceID: a.appID,
		CreatedDateTime: a.created, DeletedDateTime: a.deleted,
	}
	if isGUID(a.role) {
		out.AppRoleID = a.role
	}
	group, isGroup, many := g.find(first(a.principal, a.name))
	address := ""
	if isAddress(a.name) {
		address = a.name
	}
	user, isUser := p.find(a.principal, address, address, a.name)
	switch {
	case a.kind == "other":
		out.PrincipalType = "ServicePrincipal"
	case a.kind != "user" && (isGroup || many):
		if many {
			f.note(a.line, "", "several groups are called %s; the assignment is taken for %s: write the object id instead", a.name, j.Groups[group].ID)
		}
		out.PrincipalType, out.PrincipalID = "Group", j.Groups[group].ID
		out.PrincipalDisplayName = first(j.Groups[group].DisplayName, a.name)
	case a.kind != "group" && isUser:
		out.PrincipalType, out.PrincipalID = "User", j.Users[user].ID
		out.PrincipalDisplayName = first(j.Users[user].DisplayName, a.name)
	case a.kind == "user", a.kind == "" && address != "":
		out.PrincipalType = "User"
		if made, ok := p.assigned(a.principal, address, a.name); ok {
			out.PrincipalID = made
		} else if out.PrincipalID == "" {
			out.PrincipalID = unnamed("name", a.name)
			f.note(a.line, "", "%s is not in any file of users, so the assignment reaches nobody who is known", a.name)
		}
	case a.kind == "" && a.principal != "":
		f.note(a.line, "", "%s is in no file of users or groups, and its type is not told", a.principal)
	default:
		out.PrincipalType = "Group"
		out.PrincipalID = first(out.PrincipalID, j.Groups[g.ofName(a.name)].ID)
		if a.kind == "" {
			f.note(a.line, "", "%s is in no other file; it is taken for a group", a.name)
		}
	}
	return out
}
