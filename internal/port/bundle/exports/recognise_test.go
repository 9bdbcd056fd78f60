package exports

import (
	"errors"
	"strings"
	"testing"
)

func TestRecogniseTellsFilesByTheirHeader(t *testing.T) {
	tests := map[string]struct {
		name, head string
		want       Kind
	}{
		"Entra users of 2021":                              {"x.csv", "userPrincipalName,displayName,surname,mail,givenName,id,userType,jobTitle,department,accountEnabled\n", EntraUsers},
		"Entra users as documented":                        {"x.csv", "userPrincipalName,displayName,surname,mail,givenName,objectId,userType,physicalDeliveryOfficeName,mobile\n", EntraUsers},
		"Entra users with columns of the view":             {"x.csv", "Display name,User principal name,User type,Object ID,Account enabled\n", EntraUsers},
		"Entra members as documented":                      {"x.csv", "Object ID,User principal name,Display name,Member type\n", EntraMembers},
		"Entra members of the older service":               {"x.csv", "id,userPrincipalName,displayName,objectType,userType,isUser,isGroup,isGuest\n", EntraMembers},
		"a script's members, told by the name":             {"members-x.csv", "Id,DisplayName,UserPrincipalName,Mail\n", EntraMembers},
		"Entra groups with many columns":                   {"x.csv", "id,displayName,mail,groupType,membershipType,source,securityEnabled\n", EntraGroups},
		"Entra groups with id and name only":               {"x.csv", "Name;Object Id\ndev;c9dd5641-17ca-4740-a817-8a78356a9ee6\n", EntraGroups},
		"assignments from a script":                        {"x.csv", "ApplicationName,ApplicationId,PrincipalType,PrincipalName,PrincipalId,RoleId,RoleName\n", Assignments},
		"assignments as Graph names them":                  {"x.csv", "id,appRoleId,createdDateTime,principalDisplayName,principalId,principalType,resourceDisplayName,resourceId\n", Assignments},
		"our own list of principals":                       {"x.csv", "principal,type\njira-developers,Group\n", Assignments},
		"our own list of groups":                           {"x.csv", "group\njira-developers\n", Assignments},
		"a provisioning log in the portal's words":         {"x.csv", "Date,Identity,Action,Source System,Target System,Status,Change ID,Cycle ID,Job ID,Error code,Status reason\n", ProvisioningLog},
		"a provisioning log in Graph's names":              {"x.csv", "id,activityDateTime,jobId,cycleId,changeId,provisioningAction,provisioningStatusInfo.status,sourceIdentity.id\n", ProvisioningLog},
		"a provisioning log of Log Analytics":              {"x.csv", "TenantId,TimeGenerated [UTC],JobId,CycleId,ChangeId,ProvisioningAction,ResultType,ResultSignature,SourceIdentity,TargetIdentity,ModifiedProperties,ProvisioningSteps,Type\n", ProvisioningLog},
		"the steps of a log":                               {"x.csv", "Change ID,Name,Type,Status,Description,Details\n", ProvisioningSteps},
		"the steps of a log in Graph's names":              {"x.csv", "changeId,provisioningStepType,status,description\n", ProvisioningSteps},
		"the changed attributes of a log":                  {"x.csv", "changeId,displayName,oldValue,newValue\n", ModifiedProperties},
		"a JSON log as a list":                             {"x.json", `[{"id":"1","changeId":"c","provisioningAction":"create"`, ProvisioningJSON},
		"a JSON log as Graph answers":                      {"x.json", `{"@odata.context":"https://x","value":[{"id":"1","jobId":"j","cycleId":"c"}]}`, ProvisioningJSON},
		"a JSON log of Log Analytics":                      {"x.json", `[{"TenantId":"t","JobId":"j","CycleId":"c"}]`, ProvisioningJSON},
		"a JSON log of Azure Monitor, one record a line":   {"x.json", `{"time":"2026","properties":{"changeId":"c"}}` + "\n", ProvisioningJSON},
		"Atlassian users with the pivot":                   {"x.csv", "Group id,Group name,User id,User name,email,User status,Added to org,Org role,Jira - acme\n", OrgUsers},
		"Atlassian users with one cell of groups":          {"x.csv", "User id,User name,email,User status,Added to org,Org role,Group membership,Jira - acme\n", OrgUsers},
		"Atlassian users without groups":                   {"x.csv", "User id,User name,email,User status\n", OrgUsers},
		"Atlassian users in between":                       {"x.csv", "email,active,created,Last seen in Jira Software\n", OrgUsers},
		"Atlassian users of 2021 and before":               {"x.csv", "group_name,username,full_name,email,active,last_login,last_session,Jira Software,Confluence\n", OrgUsers},
		"Atlassian managed accounts":                       {"x.csv", "Name,Email,Atlassian ID,Status,Last active date [UTC],Jira,Confluence\n", ManagedAccounts},
		"a pasted troubleshooting log":                     {"x.txt", "2026-11-20 10:00  Failed to create group of name sales for OrgId 1 due to existing group with same name in organization\n", GuardLog},
		"a pasted log that says nothing known":             {"log.txt", "10:00, something happened\n10:05, something else, and more, happened\n", GuardLog},
		"a pasted log that only its name tells":            {"troubleshooting.txt", "Time  Message\n10:00  all is well\n", GuardLog},
		"a pasted answer in JSON":                          {"x.txt", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness"}`, GuardLog},
		"what PowerShell writes":                           {"x.csv", "#TYPE Selected.Microsoft.Graph.User\n\"Id\",\"UserPrincipalName\",\"Mail\"\n", EntraUsers},
		"German headers, told by values and the file name": {"members-x.csv", "Objekt-ID;Benutzerprinzipalname;Anzeigename;Mitgliedstyp\n93e06d78-83c5-42a4-a7f2-68b72b32aa7c;lena@fabrikam.example;Lena;Benutzer\n", EntraMembers},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			for dress, head := range map[string][]byte{
				"UTF-8": []byte(tt.head), "UTF-8 with a mark": []byte("\xef\xbb\xbf" + tt.head),
				"UTF-16": utf16Of([]byte(tt.head), false, true), "upper case": []byte(upperHeader(tt.head)),
			} {
				if dress == "upper case" && (tt.want == ProvisioningJSON || tt.want == GuardLog) {
					continue
				}
				got, err := Recognise(tt.name, head)
				if err != nil || got != tt.want {
					t.Errorf("%s: %v, %v; want %v", dress, got, err, tt.want)
				}
			}
		})
	}
}

func upperHeader(s string) string {
	line, rest, _ := strings.Cut(s, "\n")
	return strings.ToUpper(line) + "\n" + rest
}

func TestRecogniseSaysWhatAnUnknownFileLacks(t *testing.T) {
	tests := map[string]struct {
		name, head string
		want       []string // parts of the error
	}{
		"a table with an id and a name":       {"x.csv", "id,name\n1,soap\n", []string{"columns found: id, name"}},
		"a mailing list":                      {"x.csv", "email,name,status\na@x.example,A,active\n", []string{"columns found: email, name, status"}},
		"prices of groups":                    {"x.csv", "id,name,source\n1,soap,shop\n", []string{"columns found: id, name, source"}},
		"an empty file":                       {"x.csv", " \n", []string{"x.csv", "empty"}},
		"a table about something else":        {"x.csv", "order,amount,paid\n1,2,3\n", []string{"columns found: order, amount, paid"}},
		"users without a way to tell them":    {"x.csv", "displayName,accountEnabled,department\n", []string{"closest is Entra users", "Users › All users › Download users", "the column userPrincipalName"}},
		"accounts without a status":           {"x.csv", "User id,email,Added to org\n", []string{"closest is Atlassian users", "one of the columns userStatus, status, active"}},
		"JSON about something else":           {"x.json", `{"value":[{"id":"1","displayName":"x"}]}`, []string{"properties found: id, displayName", "changeId"}},
		"something that only begins as JSON":  {"x.json", `{nonsense`, []string{"begins like JSON"}},
		"a table that calls itself a log":     {"x.txt", "a,b,c\n1,2,3\n4,5,6\n", []string{"columns found: a, b, c"}},
		"somebody's notes":                    {"notes.txt", "call Bob\nask for the key\n", []string{"none of its lines", "call the file troubleshooting-log.txt"}},
		"a list of people":                    {"expected.txt", "lena@fabrikam.example\njonas@fabrikam.example\n", []string{"none of its lines"}},
		"a name that only contains log":       {"catalogue.txt", "a text\n", []string{"none of its lines"}},
		"a template to add members":           {"x.csv", "version:v1.0\nMember object ID or user principal name [memberObjectIdOrUpn] Required\n", []string{"template", "Download members"}},
		"a template of tomorrow":              {"x.csv", "version:v1.0\nSomething new\n", []string{"template", "a bulk edit"}},
		"a template to add members, unmarked": {"x.csv", "Member object ID or user principal name [memberObjectIdOrUpn] Required\n", []string{"template", "adding or removing members", "Members › Bulk operations › Download members"}},
		"a template to create users":          {"x.csv", "Name [displayName] Required,User name [userPrincipalName] Required\n", []string{"template", "Download users"}},
		"a template to invite guests":         {"x.csv", "Email address to invite [inviteeEmail] Required\n", []string{"template", "inviting guests"}},
		"localised headers that could be any": {"x.csv", "Eins,Zwei\n93e06d78-83c5-42a4-a7f2-68b72b32aa7c,lena@fabrikam.example\n", []string{"columns found: Eins, Zwei"}},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			kind, err := Recognise(tt.name, []byte(tt.head))
			if err == nil {
				t.Fatalf("recognised as %v", kind)
			}
			for _, part := range tt.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error = %q, want it to say %q", err, part)
				}
			}
			if strings.Contains(sentence, "template") != errors.Is(err, errTemplate) {
				t.Errorf("errTemplate: %v", err)
			}
		})
	}
}

func TestEveryKindHasAName(t *testing.T) {
	for k := EntraUsers; k <= GuardLog; k++ {
		if k.String() == "unrecognised" || k.Menu() == "" {
			t.Errorf("kind %d has no name or place", k)
		}
	}
}

func TestTheGroupOfAMembersFileIsReadFromItsName(t *testing.T) {
	tests := map[string]string{ // file -> likeliest group; "" for none
		"jira-developers.csv":                                      "jira-developers",
		"members-jira-developers.csv":                              "jira-developers",
		"members of jira-developers.csv":                           "jira-developers",
		"Members_Sales EMEA (2).csv":                               "Sales EMEA",
		"group-members-jira-developers.csv":                        "jira-developers",
		"jira-developers-members.csv":                              "jira-developers",
		"jira-developers_members_2026-11-20.csv":                   "jira-developers",
		"exportGroupMembers_jira-developers_2026-11-20.csv":        "jira-developers",
		"exportGroupMembers_jira-developers_2026-11-20_101500.csv": "jira-developers",
		`C:\Downloads\members-jira-developers.csv`:                 "jira-developers",
		"exports/members/jira-developers.csv":                      "jira-developers",
		"members-17752e69-d710-4fd7-b1f4-841fc889168e.csv":         "17752e69-d710-4fd7-b1f4-841fc889168e",
		"team-2026-11-20.csv":                                      "team",
		"exportGroupMembers_2026-11-20.csv":                        "",
		"exportGroupMember_2024-3-7.csv":                           "",
		"exportGroupMembers.csv":                                   "",
		"members.csv":                                              "",
		"Group members.csv":                                        "",
		"download (3).csv":                                         "",
		"20261120.csv":                                             "",
	}
	for file, want := range tests {
		got := first(groupNames(file)...)
		if got != want {
			t.Errorf("%s: group %q, want %q (of %q)", file, got, want, groupNames(file))
		}
	}
}
