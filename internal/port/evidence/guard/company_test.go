package guard_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/go-json-experiment/json"
)

// company writes a recording of a company in good order: everybody is in all-staff, every fifth in a team, and both
// groups are at Atlassian with one site.
func company(t *testing.T, people int) string {
	t.Helper()
	type object = map[string]any
	var users, records, accounts []object
	var all, team []object
	var scimAll, scimTeam []object
	var orgAll, orgTeam []string
	var siteAll, siteTeam []object
	for i := range people {
		id, mail := fmt.Sprintf("%08d-0000-4000-a000-000000000000", i), fmt.Sprintf("person%d@acme.example", i)
		rec, account := fmt.Sprintf("r%07d-0000-4000-a000-000000000000", i), fmt.Sprintf("712020:%d", i)
		users = append(users, object{"id": id, "userPrincipalName": mail, "mail": mail, "displayName": fmt.Sprintf("Person %d", i), "accountEnabled": true, "userType": "Member"})
		records = append(records, object{
			"id": rec, "externalId": id, "userName": mail, "active": true, "emails": []object{{"value": mail, "primary": true}},
			"urn:scim:schemas:extension:atlassian-external:1.0": object{"atlassianAccountId": account},
		})
		accounts = append(accounts, object{
			"accountId": account, "name": fmt.Sprintf("Person %d", i), "email": mail, "emailVerified": true, "status": "active", "accountStatus": "active",
			"membershipStatus": "active", "claimStatus": "managed", "managementSource": "synced", "productAccess": []object{{"key": "jira-software", "name": "Jira"}},
		})
		member := object{"@odata.type": "#microsoft.graph.user", "id": id}
		all, scimAll, orgAll = append(all, member), append(scimAll, object{"value": rec, "type": "User"}), append(orgAll, account)
		siteAll = append(siteAll, object{"accountId": account, "displayName": "Person", "active": true})
		if i%5 == 0 {
			team, scimTeam, orgTeam, siteTeam = append(team, member), append(scimTeam, object{"value": rec, "type": "User"}), append(orgTeam, account), append(siteTeam, siteAll[i])
		}
	}
	role := []object{{"resourceId": "ari:jira", "resourceOwner": "jira-software", "defaultRole": nil, "roles": []string{"atlassian/user"}}}
	docs := map[string]any{
		"bundle.json": object{"version": 1, "captured_at": "2026-11-20T12:00:00Z", "connection": object{
			"name": "acme", "method": "entra-scim", "application": "app", "directory": "dir-acme", "org": "org-acme", "sites": []string{"https://acme.atlassian.net"},
		}},
		"entra/users.json": object{"value": users},
		"entra/groups.json": object{"value": []object{
			{"id": "g-all", "displayName": "all-staff", "securityEnabled": true, "members": all}, {"id": "g-team", "displayName": "team", "securityEnabled": true, "members": team},
		}},
		"entra/app-role-assignments.json": object{"value": []object{{"id": "1", "principalId": "g-all", "principalType": "Group"}, {"id": "2", "principalId": "g-team", "principalType": "Group"}}},
		"atlassian/scim-users.json":       object{"Resources": records},
		"atlassian/scim-groups.json": object{"Resources": []object{
			{"id": "sg-all", "externalId": "g-all", "displayName": "all-staff", "members": scimAll}, {"id": "sg-team", "externalId": "g-team", "displayName": "team", "members": scimTeam},
		}},
		"atlassian/org-users.json": object{"data": accounts},
		"atlassian/org-groups.json": object{"data": []object{
			{"id": "og-all", "name": "all-staff", "externalSynced": true, "members": orgAll, "roleAssignments": role},
			{"id": "og-team", "name": "team", "externalSynced": true, "members": orgTeam, "roleAssignments": role},
		}},
		"atlassian/domains.json": object{"data": []object{{"id": "d", "attributes": object{"name": "acme.example", "claim": object{"type": "dns", "status": "verified"}}}}},
		"jira/groups.json":       object{"all-staff": object{"values": siteAll}, "team": object{"values": siteTeam}},
		"jira/application-roles.json": []object{{
			"key": "jira-software", "name": "Jira", "groups": []string{"all-staff", "team"}, "defaultGroups": []string{}, "hasUnlimitedSeats": true,
		}},
	}
	var events []object
	for i := range 60 {
		events = append(events, object{"id": fmt.Sprint(i), "attributes": object{"time": "2026-11-19T10:00:00Z", "action": "user_added_to_group"}})
	}
	docs["atlassian/events.json"] = object{"data": events}
	folder := t.TempDir()
	for name, doc := range docs {
		text, err := json.Marshal(doc, json.Deterministic(true))
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return folder
}
