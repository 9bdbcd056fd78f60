package facts

import (
	"slices"

	"github.com/rollcall/rollcall/internal/core/document"
)

// builtIn are group names that Atlassian keeps for itself. The list is from memory, not from a document (atlassian.md
// 3.2), so a name alone proves nothing of a group that is there; a group that is to be made is better not made.
var builtIn = []string{"site-admins", "administrators", "org-admins", "org-admin", "site-admin", "jira-administrators", "confluence-administrators", "system-administrators", "atlassian-addons-admin", "atlassian-addons", "trusted-users-trusted-ops"}

// BuiltInName tells whether a name is one of those that Atlassian keeps for its own groups.
func BuiltInName(name string) bool { return slices.Contains(builtIn, Fold(name)) }

// BuiltInNames are these names.
func BuiltInNames() []string { return slices.Clone(builtIn) }

// DefaultGroups are the folded names of default access groups, as role assignments and the sites' product roles show
// them.
func (w *World) DefaultGroups() map[string]bool {
	out := map[string]bool{}
	for i := range w.OrgGroups {
		for _, r := range w.OrgGroups[i].RoleAssignments.Value {
			if r.DefaultRole.Value != "" {
				out[Fold(w.OrgGroups[i].Name)] = true
			}
		}
	}
	for i := range w.Sites {
		if !w.HasSite(document.ApplicationRoles, w.Sites[i].Host) {
			continue
		}
		for _, r := range w.Sites[i].Roles {
			for _, name := range r.DefaultGroups {
				out[Fold(name)] = true
			}
			for _, d := range r.DefaultGroupsInfo {
				out[Fold(d.Name)] = true
			}
		}
	}
	return out
}
