package exports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

// conflict is one record in Graph's form; the other spellings say the same.
func conflict() document.ProvisioningRecord {
	return document.ProvisioningRecord{
		ID: "r1", ActivityDateTime: document.ParseTime("2026-11-20T04:02:31Z"), JobID: "j", CycleID: "cy", ChangeID: "ch", Action: "create",
		Status:         document.ProvisioningStatus{Status: "failure", ErrorInformation: &document.ErrorDetails{ErrorCode: "Conflict", Reason: "with email[x] already exists"}},
		SourceIdentity: document.Identity{ID: jonasID, DisplayName: "Jonas Weber", IdentityType: "User"},
		Steps: []document.ProvisioningStep{{
			Name: "EntryExportAdd", Type: "export", Status: "failure", Description: "Failed to create User 'jonas@fabrikam.example' in AtlassianCloud",
			Details: map[string]any{"ReportableIdentifier": "jonas@fabrikam.example"},
		}},
		ModifiedProperties: []document.ModifiedProperty{{DisplayName: "title", OldValue: document.Some("a"), NewValue: document.Some("b")}},
	}
}

const (
	logUsers = "id,userPrincipalName,displayName,mail,accountEnabled\n" + jonasID + ",jonas@fabrikam.example,Jonas Weber,,True\n"
	steps    = "Change ID,Name,Type,Status,Description,Details\nCH,EntryExportAdd,Export,Failure,Failed to create User 'jonas@fabrikam.example' in AtlassianCloud,\"{\"\"ReportableIdentifier\"\":\"\"jonas@fabrikam.example\"\"}\"\n"
	changed  = "Change ID,Property Name,Old Value,New Value\nch,title,a,b\n"
)

func TestTheProvisioningLogIsReadInEverySpelling(t *testing.T) {
	tests := map[string]map[string]string{
		"three files in the portal's words": {
			"log.csv":   "Date,Identity,Source ID,Identity type,Action,Target System,Status,Change ID,Cycle ID,Job ID,ID,Error code,Status reason\n2026-11-20T04:02:31Z,Jonas Weber," + jonasID + ",User,Create,AtlassianCloud,Failure,ch,cy,j,r1,Conflict,with email[x] already exists\n",
			"steps.csv": steps, "changed.csv": changed,
		},
		"three files in Graph's names, flattened": {
			"log.csv":   "id;activityDateTime;jobId;cycleId;changeId;provisioningAction;provisioningStatusInfo.status;provisioningStatusInfo.errorInformation.errorCode;provisioningStatusInfo.errorInformation.reason;sourceIdentity.id;sourceIdentity.displayName;sourceIdentity.identityType\nr1;2026-11-20T04:02:31Z;j;cy;ch;create;failure;Conflict;with email[x] already exists;" + jonasID + ";Jonas Weber;User\n",
			"steps.csv": "changeId,name,provisioningStepType,status,description,details\nch,EntryExportAdd,export,failure,Failed to create User 'jonas@fabrikam.example' in AtlassianCloud,\"{\"\"ReportableIdentifier\"\":\"\"jonas@fabrikam.example\"\"}\"\n", "changed.csv": "changeId,displayName,oldValue,newValue\nch,title,a,b\n",
		},
		"the portal's list, with the id inside the cell of the name": {
			"log.csv":   "Date,Identity,Action,Source System,Target System,Status,Change ID,Cycle ID,Job ID,Log ID,Error code,Reason\n\"11/20/2026, 4:02:31 AM\",Jonas Weber (Source ID: " + jonasID + "),Create,Azure Active Directory,AtlassianCloud,Failure,ch,cy,j,r1,Conflict,with email[x] already exists\n",
			"steps.csv": steps, "changed.csv": changed,
		},
		"no object id, but a name that one person has": {
			"log.csv":   "Date,Identity,Action,Target System,Status,Change ID,Cycle ID,Job ID,Log ID,Error code,Reason\n2026-11-20T04:02:31Z,Jonas Weber,Create,AtlassianCloud,Failure,ch,cy,j,r1,Conflict,with email[x] already exists\n",
			"steps.csv": steps, "changed.csv": changed,
		},
		"Log Analytics as CSV": {
			"log.csv": "TimeGenerated [UTC],Id,JobId,CycleId,ChangeId,ProvisioningAction,ResultType,ResultSignature,ResultDescription,SourceIdentity,ProvisioningSteps,ModifiedProperties,Type\n" +
				"\"11/20/2026, 4:02:31.000 AM\",r1,j,cy,ch,Create,Failure,Conflict,with email[x] already exists,\"{\"\"Id\"\":\"\"" + jonasID + "\"\",\"\"Name\"\":\"\"Jonas Weber\"\",\"\"identityType\"\":\"\"User\"\"}\"," +
				"\"[{\"\"name\"\":\"\"EntryExportAdd\"\",\"\"provisioningStepType\"\":\"\"Export\"\",\"\"status\"\":\"\"Failure\"\",\"\"description\"\":\"\"Failed to create User 'jonas@fabrikam.example' in AtlassianCloud\"\",\"\"details\"\":{\"\"ReportableIdentifier\"\":\"\"jonas@fabrikam.example\"\"}}]\"," +
				"\"[{\"\"displayName\"\":\"\"title\"\",\"\"oldValue\"\":\"\"a\"\",\"\"newValue\"\":\"\"b\"\"}]\",AADProvisioningLogs\n",
		},
		"Log Analytics as JSON": {
			"log.json": `[{"TimeGenerated":"2026-11-20T04:02:31Z","Id":"r1","JobId":"j","CycleId":"cy","ChangeId":"ch","ProvisioningAction":"Create","ResultType":"Failure","ResultSignature":"Conflict","ResultDescription":"with email[x] already exists",
				"SourceIdentity":"{\"Id\":\"` + jonasID + `\",\"Name\":\"Jonas Weber\",\"identityType\":\"User\"}",
				"ProvisioningSteps":"[{\"name\":\"EntryExportAdd\",\"provisioningStepType\":\"Export\",\"status\":\"Failure\",\"description\":\"Failed to create User 'jonas@fabrikam.example' in AtlassianCloud\",\"details\":{\"ReportableIdentifier\":\"jonas@fabrikam.example\"}}]",
				"ModifiedProperties":[{"displayName":"title","oldValue":"a","newValue":"b"}]}]`,
		},
		"Graph's JSON": {
			"log.json": `{"@odata.context":"x","value":[` + graphRecord + `]}`,
		},
		"the portal's JSON": {"log.json": `[` + graphRecord + `]`},
		"one record a line": {"log.json": graphRecord + "\n"},
		"Azure Monitor's wrapping": {
			"log.json": `{"time":"2026-11-20T05:00:00Z","category":"ProvisioningLogs","properties":` + graphRecord + `}`,
		},
	}
	for sentence, files := range tests {
		t.Run(sentence, func(t *testing.T) {
			files["users.csv"] = logUsers
			s := setOf(t, texts(files))
			if diff := cmp.Diff([]document.ProvisioningRecord{conflict()}, s.Documents().Records); diff != "" {
				t.Errorf("records (-want +got):\n%s\n%s", diff, all(s))
			}
			if diff := cmp.Diff([]document.File{document.ProvisioningLogs, document.Users}, s.Have()); diff != "" {
				t.Errorf("have (-want +got):\n%s", diff)
			}
		})
	}
}

const graphRecord = `{"id":"r1","activityDateTime":"2026-11-20T04:02:31Z","jobId":"j","cycleId":"cy","changeId":"ch","provisioningAction":"create",
	"provisioningStatusInfo":{"status":"failure","errorInformation":{"errorCode":"Conflict","reason":"with email[x] already exists"}},
	"sourceIdentity":{"id":"` + jonasID + `","displayName":"Jonas Weber","identityType":"User"},
	"provisioningSteps":[{"name":"EntryExportAdd","provisioningStepType":"export","status":"failure","description":"Failed to create User 'jonas@fabrikam.example' in AtlassianCloud","details":{"ReportableIdentifier":"jonas@fabrikam.example"}}],
	"modifiedProperties":[{"displayName":"title","oldValue":"a","newValue":"b"}]}`

func TestTheObjectOfARecordIsFoundByWhateverItTells(t *testing.T) {
	const head = "Date,Action,Target System,Status,Change ID,Identity,Identity type\n2026-11-20,Create,x,Success,ch,"
	tests := map[string]struct {
		identity, steps string
		want            document.Identity
	}{
		"a user principal name":              {"JONAS@fabrikam.example,", "", document.Identity{ID: jonasID, DisplayName: "JONAS@fabrikam.example", IdentityType: "User"}},
		"a display name":                     {"Jonas Weber,User", "", document.Identity{ID: jonasID, DisplayName: "Jonas Weber", IdentityType: "User"}},
		"a group by its name":                {"platform-team,Group", "", document.Identity{ID: teamID, DisplayName: "platform-team", IdentityType: "Group"}},
		"a group whose type is not told":     {"platform-team,", "", document.Identity{ID: teamID, DisplayName: "platform-team", IdentityType: "Group"}},
		"the import step's object id":        {"somebody,User", "EntryImport,Import,Success,x,\"{\"\"objectId\"\":\"\"" + jonasID + "\"\"}\"", document.Identity{ID: jonasID, DisplayName: "somebody", IdentityType: "User"}},
		"the export step's identifier":       {"somebody,", "EntryExportAdd,Export,Success,x,\"{\"\"ReportableIdentifier\"\":\"\"jonas@fabrikam.example\"\"}\"", document.Identity{ID: jonasID, DisplayName: "somebody", IdentityType: "User"}},
		"the name in a step's sentence":      {"somebody,", "EntryImport,Import,Success,Received User 'jonas@fabrikam.example' change of type (Add),", document.Identity{ID: jonasID, DisplayName: "somebody", IdentityType: "User"}},
		"nobody who is known":                {"Kim Larsen,User", "", document.Identity{DisplayName: "Kim Larsen", IdentityType: "User"}},
		"an id that stands in for the name":  {jonasID + ",", "", document.Identity{ID: jonasID, IdentityType: "User"}},
		"a user type with a schema in front": {"Jonas Weber,urn:ietf:params:scim:schemas:core:2.0:User", "", document.Identity{ID: jonasID, DisplayName: "Jonas Weber", IdentityType: "User"}},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			files := map[string]string{"users.csv": logUsers, "groups.csv": "id,displayName,groupType\n" + teamID + ",platform-team,Security\n", "log.csv": head + tt.identity + "\n"}
			if tt.steps != "" {
				files["steps.csv"] = "Change ID,Name,Type,Status,Description,Details\nch," + tt.steps + "\n"
			}
			s := setOf(t, texts(files))
			if diff := cmp.Diff(tt.want, s.Documents().Records[0].SourceIdentity); diff != "" {
				t.Errorf("source (-want +got):\n%s\n%s", diff, all(s))
			}
			if tt.want.ID == "" {
				noted(t, s, "log.csv, line 2, column Identity", `"Kim Larsen" is in no file`)
			}
		})
	}
}

func TestALogNamesItsApplicationAsATextOrAsAList(t *testing.T) {
	for _, cell := range []string{"Atlassian Cloud", `"{""Id"":""sp"",""Name"":""Atlassian Cloud""}"`, `"[{""id"":""sp"",""displayName"":""Atlassian Cloud""}]"`} {
		s := setOf(t, texts(map[string]string{"log.csv": "Date,Action,Target System,Status,Identity,Service Principal\n2026-11-20,Create,x,Success,Kim," + cell + "\n"}))
		if got := s.Documents().Records[0].ServicePrincipal; got.DisplayName != "Atlassian Cloud" || (got.ID != "sp") != (cell[0] == 'A') {
			t.Errorf("%s: %+v", cell, got)
		}
	}
}

func TestWhatALogRowCannotSayIsNotedWithItsPlace(t *testing.T) {
	tests := map[string]struct {
		file, text string
		note       []string
		records    int
	}{
		"a word that is no outcome":                     {"log.csv", "Date,Action,Target System,Status,Identity\n2026-11-20,Create,x,Puzzled,Kim\n", []string{"log.csv, line 2, column Status", `"Puzzled"`}, 1},
		"a date that is none":                           {"log.csv", "Date,Action,Target System,Status,Identity\nyesterday,Create,x,Success,Kim\n", []string{"line 2, column Date", `"yesterday"`, "oldest"}, 1},
		"no date":                                       {"log.csv", "Date,Action,Target System,Status,Identity\n,Create,x,Success,Kim\n", []string{"line 2, column Date", "no moment"}, 1},
		"steps that are no JSON":                        {"log.csv", "Date,Action,Target System,Status,Identity,ProvisioningSteps\n2026-11-20,Create,x,Success,Kim,oops\n", []string{"line 2, column ProvisioningSteps", "not the JSON"}, 1},
		"a step without a change id":                    {"steps.csv", "Change ID,Name,Type,Status,Description\n,EntryImport,Import,Success,x\n", []string{"steps.csv, line 2, column Change ID", "not used"}, 0},
		"steps without a record":                        {"steps.csv", "Change ID,Name,Type,Status,Description\nch,EntryImport,Import,Success,x\n", []string{"steps.csv", "1 change without a record"}, 0},
		"a value in a list of records":                  {"log.json", `[` + graphRecord + `, 5]`, []string{"log.json, column /1", "no record"}, 1},
		"an object that is no record":                   {"log.json", `[` + graphRecord + `, {"a":1}]`, []string{"log.json, column /1", "no record"}, 1},
		"a record with a value that is not of its kind": {"log.json", `{"value":[` + graphRecord + `,` + strings.Replace(graphRecord, `"jobId":"j"`, `"jobId":{}`, 1) + `]}`, []string{"log.json, column /value/1", "cannot be read"}, 1},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := setOf(t, texts(map[string]string{tt.file: tt.text}))
			noted(t, s, tt.note...)
			if got := len(s.Documents().Records); got != tt.records {
				t.Errorf("%d records, want %d", got, tt.records)
			}
		})
	}
}

func TestBrokenJSONIsAnErrorWithItsPlaceAndAddsNothing(t *testing.T) {
	for sentence, text := range map[string]string{
		"cut off":           `[` + graphRecord + `,{"id":`,
		"text behind":       `[` + graphRecord + `] and more`,
		"a wrong separator": `[` + graphRecord + `;` + graphRecord + `]`,
	} {
		var s Set
		err := s.Add("log.json", strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), "log.json: at byte ") {
			t.Errorf("%s: error = %v", sentence, err)
		}
		if len(s.Documents().Records) > 0 {
			t.Errorf("%s: records were kept", sentence)
		}
	}
}

func TestTheSameLogInTwoFormsIsReadOnce(t *testing.T) {
	s := setOf(t, texts(map[string]string{
		"a.json": `[` + graphRecord + `]`, "users.csv": logUsers,
		"b.csv": "Date,Id,Action,Target System,Status,Change ID,Identity\n2026-11-20T04:02:31Z,R1,Create,x,Failure,ch,Jonas Weber\n",
	}))
	if got := len(s.Documents().Records); got != 1 {
		t.Errorf("%d records, want 1", got)
	}
	noted(t, s, "b.csv", "1 record of an earlier file")
}

func TestAnEmptyLogSaysThatNothingHappened(t *testing.T) {
	s := setOf(t, texts(map[string]string{"ProvisioningLogs.json": "[]"}))
	if diff := cmp.Diff([]document.File{document.ProvisioningLogs}, s.Have()); diff != "" {
		t.Errorf("have (-want +got):\n%s", diff)
	}
}

func TestALogInWhichNothingIsKnownIsSaidToBeTakenByItsName(t *testing.T) {
	s := setOf(t, texts(map[string]string{"troubleshooting-log.txt": "10:00 all is well\n"}))
	noted(t, s, "troubleshooting-log.txt", "by its name")
	s = setOf(t, texts(map[string]string{"troubleshooting-log.txt": "10:00 Failed to create group of name sales\n"}))
	if got := s.Notes(); len(got) > 0 {
		t.Errorf("notes = %v, want none", got)
	}
}

func TestThePastedLogKeepsItsLines(t *testing.T) {
	text := "Time\tMessage\r\n\r\n10:00\tFailed to create group of name sales for OrgId 1 due to existing group with same name in organization\r\n"
	s := setOf(t, map[string][]byte{"guard.txt": utf16Of([]byte(text), false, true)})
	want := []document.LogLine{{Line: 1, Text: "Time\tMessage"}, {Line: 3, Text: "10:00\tFailed to create group of name sales for OrgId 1 due to existing group with same name in organization"}}
	if diff := cmp.Diff(want, s.Documents().GuardLog); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}
