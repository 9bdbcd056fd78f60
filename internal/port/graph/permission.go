package graph

import "strings"

// Permissions of the calls that rollcall makes, by entra.md 1.10 and 7.6: application permissions, the least first. "*"
// stands for one segment of the path. The first row that fits counts.
var permissions = []struct {
	path string
	any  []string
}{
	{"/users/*/memberOf", []string{"Directory.Read.All"}},
	{"/users/*/transitiveMemberOf", []string{"Directory.Read.All"}},
	{"/users/*/appRoleAssignments", []string{"Directory.Read.All"}},
	{"/users", []string{"User.Read.All", "Directory.Read.All"}},
	{"/groups/*/appRoleAssignments", []string{"Directory.Read.All"}},
	{"/groups", []string{"GroupMember.Read.All", "Group.Read.All", "Directory.Read.All"}},
	{"/directory/deletedItems/microsoft.graph.group", []string{"Group.Read.All", "Directory.Read.All"}},
	{"/directory/deletedItems", []string{"User.Read.All", "Directory.Read.All"}},
	{"/directoryObjects", []string{"Directory.Read.All"}},
	{"/servicePrincipals/*/synchronization", []string{"Synchronization.Read.All", "Synchronization.ReadWrite.All", "Application.ReadWrite.OwnedBy"}},
	{"/servicePrincipals", []string{"Application.Read.All", "Directory.Read.All", "Application.ReadWrite.OwnedBy"}},
	{"/applications", []string{"Application.Read.All", "Directory.Read.All", "Application.ReadWrite.OwnedBy"}},
	{"/auditLogs/provisioning", []string{"ProvisioningLog.Read.All", "AuditLog.Read.All"}},
	{"/auditLogs", []string{"AuditLog.Read.All"}},
}

// HiddenMembers is the permission that shows members of groups with hidden membership, besides that for groups.
const HiddenMembers = "Member.Read.Hidden"

// needs are the permissions one of which a call needs; nil: not known. Keys in parentheses are segments, too:
// users('x') is users/x.
func needs(path string) []string {
	have := strings.FieldsFunc(path, func(r rune) bool { return r == '/' || r == '(' || r == ')' })
	for _, p := range permissions {
		if fits(strings.Split(p.path, "/")[1:], have) {
			return p.any
		}
	}
	return nil
}

func fits(want, have []string) bool {
	if len(have) < len(want) {
		return false
	}
	for i, w := range want {
		if w != "*" && !strings.EqualFold(w, have[i]) {
			return false
		}
	}
	return true
}
