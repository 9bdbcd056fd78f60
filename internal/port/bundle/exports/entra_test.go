package exports

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

const (
	lenaID  = "93e06d78-83c5-42a4-a7f2-68b72b32aa7c"
	jonasID = "68fedbfa-51a7-5406-b26b-38f06870ac12"
	maraID  = "b42f570d-4160-43f2-a0c5-30cf29d6a426"
	devID   = "c9dd5641-17ca-4740-a817-8a78356a9ee6"
	teamID  = "17752e69-d710-4fd7-b1f4-841fc889168e"
)

// texts makes files of texts.
func texts(files map[string]string) map[string][]byte {
	out := map[string][]byte{}
	for n, s := range files {
		out[n] = []byte(s)
	}
	return out
}

// said tells whether one of the notes contains every part.
func said(s *Set, parts ...string) bool {
next:
	for _, n := range s.Notes() {
		for _, p := range parts {
			if !strings.Contains(n.String(), p) {
				continue next
			}
		}
		return true
	}
	return false
}

func noted(t *testing.T, s *Set, parts ...string) {
	t.Helper()
	if !said(s, parts...) {
		t.Errorf("no note says %q; notes:\n%s", parts, all(s))
	}
}

func all(s *Set) string {
	var b strings.Builder
	for _, n := range s.Notes() {
		b.WriteString(n.String() + "\n")
	}
	return b.String()
}

func TestUsersAreReadInEveryGeneration(t *testing.T) {
	lena := document.User{ID: lenaID, UserPrincipalName: "lena@fabrikam.example", DisplayName: "Lena Vogel", AccountEnabled: document.Some(true), UserType: "Member"}
	tests := map[string]struct {
		text string
		want func(*document.User)
	}{
		"the file of 2021": {
			"userPrincipalName,displayName,mail,id,userType,accountEnabled,officeLocation,telephoneNumber,directorySynced,invitationState,createdDateTime\n" +
				"lena@fabrikam.example,Lena Vogel,lena@fabrikam.example," + lenaID + ",Member,True,H 2,+49 40,False,,8/19/2021 1:25:31 PM\n",
			func(u *document.User) {
				u.Mail, u.OnPremisesSyncEnabled = document.Some("lena@fabrikam.example"), document.Some(false)
				u.CreatedDateTime = document.ParseTime("2021-08-19T13:25:31Z")
				u.Other = []byte(`{"officeLocation":"H 2","businessPhones":["+49 40"]}`)
			},
		},
		"the documented names": {
			"objectId;userPrincipalName;displayName;userType;accountEnabled;physicalDeliveryOfficeName;mobile;usageLocation\n" +
				lenaID + ";lena@fabrikam.example;Lena Vogel;Member;True;H 2;;DE\n",
			func(u *document.User) {
				u.Other = []byte(`{"usageLocation":"DE","officeLocation":"H 2","mobilePhone":null}`)
			},
		},
		"columns of the view, with one that no document has": {
			"Display name\tUser principal name\tObject ID\tUser type\tAccount enabled\textensionAttribute1\nLena Vogel\tlena@fabrikam.example\t" + lenaID + "\tMember\tJa\tblue\n",
			func(u *document.User) { u.Other = []byte(`{"extensionAttribute1":"blue"}`) },
		},
		"a mail that is told to be empty": {
			"userPrincipalName,displayName,mail,id,userType,accountEnabled\nlena@fabrikam.example,Lena Vogel,," + lenaID + ",Member,TRUE\n",
			func(u *document.User) { u.Mail = document.Opt[string]{Known: true, Null: true} },
		},
		"no column for the object id": {
			"userPrincipalName,displayName,userType,accountEnabled\nlena@fabrikam.example,Lena Vogel,Member,true\n",
			func(u *document.User) { u.ID = "upn:lena@fabrikam.example" },
		},
		"a display name that begins like a formula": {
			"userPrincipalName,displayName,userType,accountEnabled,id\nlena@fabrikam.example,=HYPERLINK(1),Member,true," + lenaID + "\n",
			func(u *document.User) { u.DisplayName = "=HYPERLINK(1)" },
		},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := setOf(t, texts(map[string]string{"users.csv": tt.text}))
			want := lena
			tt.want(&want)
			if diff := cmp.Diff([]document.User{want}, s.Documents().Users); diff != "" {
				t.Errorf("users (-want +got):\n%s\n%s", diff, all(s))
			}
			if diff := cmp.Diff([]document.File{document.Users}, s.Have()); diff != "" {
				t.Errorf("have (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAColumnOfDatesIsDayFirstOnlyWhereItMustBe(t *testing.T) {
	header := "userPrincipalName,accountEnabled,createdDateTime\n"
	tests := map[string]struct {
		dates []string
		want  string // of the first, which fits both orders
		note  string
	}{
		"nothing speaks against the month first": {[]string{"8/9/2021 1:25:31 PM", "8/19/2021 1:25:31 PM"}, "2021-08-09", ""},
		"one can only be day first":              {[]string{"8/9/2021 13:25", "19/8/2021 13:25"}, "2021-09-08", "all dates of this column are read day first"},
		"they contradict each other":             {[]string{"8/9/2021 13:25", "19/8/2021 13:25", "8/19/2021 13:25"}, "2021-08-09", "those that fit both are read month first"},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			text := header
			for i, d := range tt.dates {
				text += string(rune('a'+i)) + "@fabrikam.example,True," + d + "\n"
			}
			s := setOf(t, texts(map[string]string{"users.csv": text}))
			if got := s.Documents().Users[0].CreatedDateTime.Format("2006-01-02"); got != tt.want {
				t.Errorf("created = %s, want %s", got, tt.want)
			}
			if tt.note != "" {
				noted(t, s, "users.csv, line 3, column createdDateTime", tt.note)
			} else if len(s.Notes()) != 1 { // the one about object ids
				t.Errorf("notes:\n%s", all(s))
			}
		})
	}
}

func TestRowsThatCannotBeUsedAreNotedWithTheirLine(t *testing.T) {
	header := "id,userPrincipalName,displayName,mail,accountEnabled\n"
	tests := map[string]struct {
		rows  string
		users int
		whole bool
		note  []string
	}{
		"a comma that was not quoted":          {lenaID + ",lena@fabrikam.example,Vogel, Lena,,True\n", 0, false, []string{"users.csv, line 2", "6 cells where the header has 5", "not used"}},
		"a row that spans lines by mistake":    {lenaID + ",\"lena@fabrikam.example,Vogel\n x\",a,b,c,d\n", 0, false, []string{"users.csv, line 2", "the row goes on to line 3"}},
		"nobody":                               {",,Lena,,True\n", 0, false, []string{"users.csv, line 2, column userPrincipalName", "neither an object id nor a user principal name", "not used"}},
		"fewer cells than columns":             {lenaID + ",lena@fabrikam.example\n", 1, true, []string{"line 2", "2 cells where the header has 5", "taken as not told"}},
		"a file that breaks off":               {lenaID + ",lena@fab", 0, false, []string{"line 2", "breaks off after 2 of 5 cells", "download it again"}},
		"a word that is no Boolean":            {lenaID + ",lena@fabrikam.example,Lena,,perhaps\n", 1, true, []string{"line 2, column accountEnabled", `"perhaps" is neither yes nor no`}},
		"separators at the end are no content": {lenaID + ",lena@fabrikam.example,Lena,,True,,\n", 1, true, nil},
		"the same person twice":                {lenaID + ",lena@fabrikam.example,Lena,,True\n" + lenaID + ",lena@fabrikam.example,Lena,,True\n", 1, true, []string{"1 person more than once"}},
		"the same id for two people":           {lenaID + ",lena@fabrikam.example,Lena,,True\n" + lenaID + ",jonas@fabrikam.example,Jonas,,True\n", 1, true, []string{"line 3", "earlier row with other values"}},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := setOf(t, texts(map[string]string{"users.csv": header + tt.rows}))
			if got := len(s.Documents().Users); got != tt.users {
				t.Errorf("%d users, want %d", got, tt.users)
			}
			whole := len(s.Have()) == 1
			if whole != tt.whole {
				t.Errorf("have %v, want whole %v: a row that is lost may hold anybody", s.Have(), tt.whole)
			}
			if !whole && len(s.Gaps()) == 0 && tt.users > 0 {
				t.Error("there is no gap")
			}
			if tt.note != nil {
				noted(t, s, tt.note...)
			} else if len(s.Notes()) > 0 {
				t.Errorf("notes:\n%s", all(s))
			}
		})
	}
}

func TestManyBadRowsAreCountedNotListed(t *testing.T) {
	s := setOf(t, texts(map[string]string{"users.csv": "id,userPrincipalName,mail\n" + strings.Repeat(",,x\n", 500)}))
	notes := s.Notes()
	if len(notes) > notesPerKind+3 {
		t.Errorf("%d notes", len(notes))
	}
	noted(t, s, "400 more rows with the same trouble, the last at line 501")
	if f := s.Files()[0]; f.Rows != 0 || f.Unused != 500 {
		t.Errorf("file = %+v", f)
	}
}

func TestGroupsAreReadWithWhatThePortalsWordsSay(t *testing.T) {
	head := "Object Id,Name,Group type,Membership type,Source\n"
	known, yes, no := []string{}, document.Some(true), document.Some(false)
	tests := map[string]struct {
		row  string
		want document.Group
	}{
		"security":              {"Security,Assigned,Cloud", document.Group{GroupTypes: known, SecurityEnabled: yes, MailEnabled: no, OnPremisesSyncEnabled: no}},
		"Microsoft 365":         {"Microsoft 365,Assigned,Cloud", document.Group{GroupTypes: []string{"Unified"}, MailEnabled: yes, OnPremisesSyncEnabled: no}},
		"distribution":          {"Distribution,Assigned,Windows Server AD", document.Group{GroupTypes: known, SecurityEnabled: no, MailEnabled: yes, OnPremisesSyncEnabled: yes}},
		"mail-enabled security": {"Mail-enabled security,Assigned,", document.Group{GroupTypes: known, SecurityEnabled: yes, MailEnabled: yes}},
		"dynamic":               {"Security,Dynamic,Cloud", document.Group{GroupTypes: []string{"DynamicMembership"}, SecurityEnabled: yes, MailEnabled: no, OnPremisesSyncEnabled: no}},
		"a word of tomorrow":    {"Quantum,Assigned,Cloud", document.Group{GroupTypes: known, OnPremisesSyncEnabled: no}},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := setOf(t, texts(map[string]string{"groups.csv": head + devID + ",jira-developers," + tt.row + "\n"}))
			tt.want.ID, tt.want.DisplayName = devID, "jira-developers"
			if diff := cmp.Diff([]document.Group{tt.want}, s.Documents().Groups); diff != "" {
				t.Errorf("groups (-want +got):\n%s", diff)
			}
		})
	}
}
