package largest

import (
	"time"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
)

// Documents is the same company as the documents of a diagnosis: users, groups, assignments, records and groups of the
// directory, all in sync.
func (w *World) Documents() *facts.World {
	b := facts.NewBuilder(document.Bundle{
		CapturedAt: document.At(time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)),
		Connection: document.Connection{Name: "fabrikam", Method: document.Rollcall, Application: "application"},
	}, facts.Focus{})
	for i := range w.size.Users {
		p := w.person(i)
		b.User(document.User{
			ID: w.users.at(i), UserPrincipalName: p.address, Mail: document.Some(p.address), DisplayName: p.name, GivenName: p.given, Surname: p.surname,
			Department: p.department, JobTitle: p.title, UserType: "Member", AccountEnabled: document.Some(true),
		})
		b.ScimUser(document.ScimUser{
			ID: w.records.at(i), ExternalID: w.users.at(i), UserName: p.address, DisplayName: p.name, Title: p.title,
			Name: document.ScimName{GivenName: p.given, FamilyName: p.surname}, Emails: []document.ScimEmail{{Value: p.address, Type: "work", Primary: document.Some(true)}},
			Active: document.Some(true), Atlassian: document.Some(document.ScimAccount{AtlassianAccountID: document.Some(p.account)}),
		})
	}
	b.SealPeople()
	var users, nested []string
	for g := range w.groups {
		users, nested = w.direct(g, users[:0], nested[:0])
		members := make([]document.Member, 0, len(users)+len(nested))
		for _, id := range users {
			members = append(members, document.Member{Type: "#microsoft.graph.user", ID: id})
		}
		for _, id := range nested {
			members = append(members, document.Member{Type: "#microsoft.graph.group", ID: id})
		}
		b.Group(document.Group{ID: w.groupIDs.at(g), DisplayName: w.groupName(g), SecurityEnabled: document.Some(true), Members: document.Members{Known: true, List: members}})
		b.Assignment(document.AppRoleAssignment{PrincipalID: w.groupIDs.at(g), PrincipalType: "Group", ResourceID: "application"})
		there := make([]document.ScimRef, int(w.groups[g].flat))
		for k := range there {
			there[k].Value = w.records.at(w.member(g, k))
		}
		b.ScimGroup(document.ScimGroup{ID: w.groupsThere.at(g), ExternalID: w.groupIDs.at(g), DisplayName: w.groupName(g), Members: document.Some(there)})
	}
	for _, f := range []document.File{document.Manifest, document.Users, document.Groups, document.AppRoleAssignments, document.ScimUsers, document.ScimGroups} {
		b.Have(f)
	}
	return b.World()
}
