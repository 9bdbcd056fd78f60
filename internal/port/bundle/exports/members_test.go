package exports

import (
	"bytes"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

const (
	memberHead = "Object ID,User principal name,Display name,Member type\n"
	lenaRow    = lenaID + ",lena@fabrikam.example,Lena Vogel,User\n"
	jonasRow   = jonasID + ",jonas@fabrikam.example,Jonas Weber,User\n"
	teamRow    = teamID + ",,platform-team,Group\n"
)

var lenaMember = document.Member{Type: graphUser, ID: lenaID}

func group(id string) document.Member { return document.Member{Type: graphGroup, ID: id} }

func TestMembersAreFoundWhateverTheFileTells(t *testing.T) {
	users := "id,userPrincipalName,mail,displayName,accountEnabled\n" + lenaID + ",lena@fabrikam.example,l.vogel@fabrikam.example,Lena Vogel,True\n" +
		jonasID + ",jonas@fabrikam.example,,Jonas Weber,True\n"
	tests := map[string]struct {
		text string
		want []document.Member
	}{
		"the documented columns":      {memberHead + lenaRow + teamRow, []document.Member{lenaMember, group(teamID)}},
		"the older columns":           {"id,userPrincipalName,displayName,objectType,userType,isUser,isGroup,isGuest\n" + teamID + ",,platform-team,Group,,False,True,False\n" + lenaID + ",lena@fabrikam.example,Lena,User,Member,True,False,False\n", []document.Member{group(teamID), lenaMember}},
		"only user principal names":   {"User principal name,Member type\nLENA@fabrikam.example,User\n", []document.Member{lenaMember}},
		"a mail in place of the name": {"User principal name,Member type\nl.vogel@fabrikam.example,User\n", []document.Member{lenaMember}},
		"only a display name":         {"User principal name,Display name,Member type\n,Lena Vogel,User\n", []document.Member{lenaMember}},
		"a group by its name":         {"User principal name,Display name,Member type\n,platform-team,Group\n", []document.Member{group("name:platform-team")}},
		"no type, an id of a user":    {"id,displayName\n" + lenaID + ",Lena\n", []document.Member{lenaMember}},
		"no type, an id of nobody":    {"id,displayName\n" + maraID + ",Mara\n", []document.Member{{ID: maraID}}},
		"a device":                    {memberHead + maraID + ",,LAPTOP,Device\n", []document.Member{{Type: "#microsoft.graph.device", ID: maraID}}},
		"Graph's own type":            {"id,@odata.type,displayName\n" + teamID + ",#microsoft.graph.group,platform-team\n", []document.Member{group(teamID)}},
		"neither user nor group":      {"id,displayName,isUser,isGroup\n" + maraID + ",x,False,False\n", []document.Member{{Type: "#microsoft.graph.directoryObject", ID: maraID}}},
		"German words and headers":    {"Objekt-ID;Benutzerprinzipalname;Anzeigename;Mitgliedstyp\n" + lenaID + ";lena@fabrikam.example;Lena;Benutzer\n" + teamID + ";;platform-team;Gruppe\n", []document.Member{lenaMember, group(teamID)}},
		"the same member twice":       {memberHead + lenaRow + lenaRow, []document.Member{lenaMember}},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := setOf(t, texts(map[string]string{"users.csv": users, "members-jira-developers.csv": tt.text}))
			g := find(t, s.Documents().Groups, func(g document.Group) bool { return g.DisplayName == "jira-developers" })
			if diff := cmp.Diff(document.Members{Known: true, List: tt.want}, g.Members); diff != "" {
				t.Errorf("members (-want +got):\n%s\n%s", diff, all(s))
			}
			noted(t, s, "members-jira-developers.csv: taken for the members of the group jira-developers")
		})
	}
}

func TestAMembersFileFindsItsGroupAmongThoseThatAreKnown(t *testing.T) {
	groups := "id,displayName,groupType\n" + devID + ",Jira: Developers,Security\n" + teamID + ",platform-team,Security\n" + maraID + ",twins,Security\n" + jonasID + ",Twins,Security\n"
	tests := map[string]struct {
		group, file string
		want        string // id of the group; "" for none
		note        string
	}{
		"by its name":                            {"", "members-platform-team.csv", teamID, "platform-team, by its file name"},
		"by its name, which a file cannot spell": {"", "members-jira_developers.csv", devID, "Jira: Developers, by its file name"},
		"by its object id":                       {"", "members-" + teamID + ".csv", teamID, "platform-team"},
		"by what the caller says":                {"Jira: Developers", "exportGroupMembers_2026-11-20.csv", devID, "Jira: Developers, as you said"},
		"by an object id that the caller says":   {teamID, "x.csv", teamID, "platform-team, as you said"},
		"a name that no other file has":          {"", "sales.csv", "name:sales", "no other file names that group"},
		"a name that two groups have":            {"", "twins.csv", "", maraID + "=twins.csv"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			var s Set
			if err := s.Add("groups.csv", strings.NewReader(groups)); err != nil {
				t.Fatal(err)
			}
			var err error
			if r := strings.NewReader(memberHead + lenaRow); tt.group != "" {
				err = s.AddMembers(tt.group, tt.file, r)
			} else {
				err = s.Add(tt.file, r)
			}
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, g := range s.Documents().Groups {
				if g.Members.Known {
					got = g.ID
				}
			}
			if got != tt.want {
				t.Errorf("members are those of %q, want %q", got, tt.want)
			}
			noted(t, &s, tt.file, tt.note)
		})
	}
}

func TestAMembersFileWithoutAGroupIsRefusedWithWhatToDo(t *testing.T) {
	var s Set
	err := s.Add("exportGroupMembers_2026-11-20.csv", strings.NewReader(memberHead+lenaRow))
	if err == nil || !strings.Contains(err.Error(), "GROUP=exportGroupMembers_2026-11-20.csv") {
		t.Errorf("error = %v", err)
	}
	if err := s.AddMembers("x", "users.csv", strings.NewReader("Name,Email,Atlassian ID,Status\n")); err == nil || !strings.Contains(err.Error(), "managed accounts") && !strings.Contains(err.Error(), "no column") {
		t.Errorf("error for another kind = %v", err)
	}
	if got := s.Files(); len(got) != 0 {
		t.Errorf("a refused file was kept: %v", got)
	}
}

func TestPeopleWhoAreInNoFileOfUsersAreStillPeople(t *testing.T) {
	s := setOf(t, texts(map[string]string{"members-a.csv": memberHead + lenaRow}))
	want := []document.User{{ID: lenaID, UserPrincipalName: "lena@fabrikam.example", DisplayName: "Lena Vogel"}}
	if diff := cmp.Diff(want, s.Documents().Users); diff != "" {
		t.Errorf("users (-want +got):\n%s", diff)
	}
	if gap := find(t, s.Gaps(), func(g document.Gap) bool { return g.File == string(document.Users) }); !strings.Contains(gap.Why, "do not tell whether an account is enabled") {
		t.Errorf("gap = %+v", gap)
	}
	s = setOf(t, texts(map[string]string{"members-a.csv": memberHead + lenaRow, "users.csv": "id,userPrincipalName,accountEnabled\n" + jonasID + ",jonas@fabrikam.example,True\n"}))
	if len(s.Documents().Users) != 2 {
		t.Errorf("users = %v", s.Documents().Users)
	}
	noted(t, s, "members-a.csv, line 2", "lena@fabrikam.example is not in the file of users")
	for _, f := range s.Have() {
		if f == document.Users {
			t.Error("a file of users that lacks somebody is taken for everybody")
		}
	}
}

func TestAUserKnownByNameGetsTheObjectIDOfAMembersFile(t *testing.T) {
	s := setOf(t, texts(map[string]string{
		"a-users.csv":   "userPrincipalName,accountEnabled\nlena@fabrikam.example,True\n",
		"members-a.csv": memberHead + lenaRow,
		"members-b.csv": "User principal name,Member type\nlena@fabrikam.example,User\n",
	}))
	if u := s.Documents().Users; len(u) != 1 || u[0].ID != lenaID {
		t.Errorf("users = %v", u)
	}
	for _, g := range s.Documents().Groups {
		if diff := cmp.Diff([]document.Member{lenaMember}, g.Members.List); diff != "" {
			t.Errorf("%s (-want +got):\n%s", g.DisplayName, diff)
		}
	}
}

func TestGroupsThatTheApplicationReachesNeedTheirMembers(t *testing.T) {
	s := setOf(t, texts(map[string]string{
		"members-dev.csv": memberHead + teamRow + lenaRow, "groups.csv": "group\ndev\nother\n",
	}))
	want := map[string]string{
		teamID:       "no file tells them; download them as members-platform-team.csv",
		"name:other": "no file tells them; download them as members-other.csv",
	}
	if diff := cmp.Diff(want, gapsIn(s, document.Groups)); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
}

// gapsIn are the gaps of a document: whose, and why.
func gapsIn(s *Set, f document.File) map[string]string {
	out := map[string]string{}
	for _, g := range s.Gaps() {
		if g.File == string(f) {
			out[g.Subject] = g.Why
		}
	}
	return out
}

func TestSelectedGroupsNeedTheirMembersAndNoAssignments(t *testing.T) {
	files := texts(map[string]string{"members-dev.csv": memberHead + lenaRow})
	for sentence, c := range map[string]struct {
		selected *document.Selected
		more     string // a file of groups
		want     map[string]string
	}{
		"the id alone is known":              {&document.Selected{Users: "groups", Groups: []string{teamID}}, "", map[string]string{teamID: "no file tells them; download them as members-" + teamID + ".csv, or add the list of all groups, which tells what the group is called: " + EntraGroups.Menu()}},
		"a list of groups tells the name":    {&document.Selected{Users: "groups", Groups: []string{teamID}}, "id,displayName\n" + teamID + ",dev\n", map[string]string{}},
		"the connector syncs everybody":      {&document.Selected{Users: "all"}, "", map[string]string{}},
		"the list tells the name of another": {&document.Selected{Users: "groups", Groups: []string{teamID}}, "id,displayName\n" + teamID + ",ops\n", map[string]string{teamID: "no file tells them; download them as members-ops.csv"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := Set{Selected: c.selected}
			for name, b := range files {
				if err := s.Add(name, bytes.NewReader(b)); err != nil {
					t.Fatal(err)
				}
			}
			if c.more != "" {
				if err := s.Add("groups.csv", strings.NewReader(c.more)); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff(c.want, gapsIn(&s, document.Groups)); diff != "" {
				t.Errorf("gaps in groups (-want +got):\n%s", diff)
			}
			if got := gapsIn(&s, document.AppRoleAssignments); len(got) > 0 {
				t.Errorf("assignments are asked for, but this connector has none: %v", got)
			}
		})
	}
}

func TestMembersWithoutAListOfAssignmentsAskForOne(t *testing.T) {
	s := setOf(t, texts(map[string]string{"members-dev.csv": memberHead + lenaRow}))
	if why := gapsIn(s, document.AppRoleAssignments)[""]; !strings.Contains(why, "write assignments.csv") {
		t.Errorf("gap = %q, want it to say which file to write", why)
	}
	s = setOf(t, texts(map[string]string{"guard.txt": "Failed to create group of name dev\n"}))
	if got := s.Gaps(); len(got) > 0 {
		t.Errorf("gaps = %v, want none: a log alone says nothing of groups", got)
	}
}

func TestAssignmentsAreReadInEveryForm(t *testing.T) {
	members := map[string]string{"members-dev.csv": memberHead + teamRow + lenaRow}
	assigned := func(kind, id, name string) document.AppRoleAssignment {
		return document.AppRoleAssignment{PrincipalType: kind, PrincipalID: id, PrincipalDisplayName: name}
	}
	tests := map[string]struct {
		text string
		want []document.AppRoleAssignment
	}{
		"a list of groups":            {"group\ndev\nplatform-team\n", []document.AppRoleAssignment{assigned("Group", "name:dev", "dev"), assigned("Group", teamID, "platform-team")}},
		"principals with types":       {"principal,type\ndev,Group\nlena@fabrikam.example,User\n", []document.AppRoleAssignment{assigned("Group", "name:dev", "dev"), assigned("User", lenaID, "Lena Vogel")}},
		"principals without types":    {"principal\nLena Vogel\nplatform-team\n" + teamID + "\n", []document.AppRoleAssignment{assigned("User", lenaID, "Lena Vogel"), assigned("Group", teamID, "platform-team"), assigned("Group", teamID, "platform-team")}},
		"principals in no other file": {"principal\nnobody@fabrikam.example\nno-group\n", []document.AppRoleAssignment{assigned("User", "upn:nobody@fabrikam.example", "nobody@fabrikam.example"), assigned("Group", "name:no-group", "no-group")}},
		"a script's columns": {
			"ApplicationName,ApplicationId,PrincipalType,PrincipalName,PrincipalId,RoleId,RoleName\nAtlassian Cloud,sp,Group,platform-team," + teamID + "," + maraID + ",User\nAtlassian Cloud,sp,User,Lena Vogel," + lenaID + ",,Default Access\n",
			[]document.AppRoleAssignment{
				{PrincipalType: "Group", PrincipalID: teamID, PrincipalDisplayName: "platform-team", ResourceID: "sp", AppRoleID: maraID},
				{PrincipalType: "User", PrincipalID: lenaID, PrincipalDisplayName: "Lena Vogel", ResourceID: "sp"},
			},
		},
		"Graph's columns": {
			"id,appRoleId,createdDateTime,principalDisplayName,principalId,principalType,resourceDisplayName,resourceId\na1," + maraID + ",2019-03-04T09:05:00Z,platform-team," + teamID + ",Group,Atlassian Cloud,sp\n",
			[]document.AppRoleAssignment{{ID: "a1", PrincipalType: "Group", PrincipalID: teamID, PrincipalDisplayName: "platform-team", ResourceID: "sp", AppRoleID: maraID, CreatedDateTime: document.ParseTime("2019-03-04T09:05:00Z")}},
		},
		"several applications, one of them Atlassian's": {
			"ApplicationName,PrincipalType,PrincipalName,PrincipalId\nSalesforce,Group,x," + maraID + "\nAtlassian Cloud,Group,platform-team," + teamID + "\n",
			[]document.AppRoleAssignment{assigned("Group", teamID, "platform-team")},
		},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			files := map[string]string{"assigned.csv": tt.text}
			maps.Copy(files, members)
			s := setOf(t, texts(files))
			if diff := cmp.Diff(tt.want, s.Documents().Assignments); diff != "" {
				t.Errorf("assignments (-want +got):\n%s\n%s", diff, all(s))
			}
		})
	}
}

func TestAssignmentsOfSeveralApplicationsAreNotMixed(t *testing.T) {
	text := "ApplicationName,PrincipalType,PrincipalName,PrincipalId\nSalesforce,Group,x," + maraID + "\nZoom,Group,y," + teamID + "\n"
	s := setOf(t, texts(map[string]string{"assigned.csv": text}))
	if len(s.Documents().Assignments) != 0 || len(s.Have()) != 0 {
		t.Errorf("assignments %v, have %v", s.Documents().Assignments, s.Have())
	}
	noted(t, s, "2 applications (Salesforce, Zoom)", "keep the rows of one")
	chosen := Set{Application: "zoom"}
	if err := chosen.Add("assigned.csv", strings.NewReader(text)); err != nil {
		t.Fatal(err)
	}
	if got := chosen.Documents().Assignments; len(got) != 1 || got[0].PrincipalID != teamID {
		t.Errorf("assignments = %v", got)
	}
}
