package exports

import (
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

const (
	acct  = "712020:2da9c859-f0e8-453b-9551-bd59010b948f"
	other = "5c1e9ab7f4d2630e8b7a41c9"
)

func TestAtlassianUsersAreReadInEveryGeneration(t *testing.T) {
	jira := []document.ProductGrant{{Key: "jira-software", Name: "Jira", URL: "https://acme.atlassian.net"}}
	dev, everyone := document.OrgGroupRef{ID: "g1", Name: "dev"}, document.OrgGroupRef{ID: "g2", Name: "all"}
	base := document.OrgUser{AccountID: acct, Name: "Mara", Email: "mara@fabrikam.example", Status: "active", AccountStatus: "active", MembershipStatus: "active"}
	tests := map[string]struct {
		text string
		want func(*document.OrgUser)
	}{
		"with the pivot": {
			"Group id,Group name,User id,User name,email,User status,Added to org,Org role,Jira - acme,Last seen in Jira - acme,Confluence - acme\n" +
				"g1,dev," + acct + ",Mara,mara@fabrikam.example,Active,02 Jan 2023,User,User,Never accessed,\n" +
				"g2,all," + acct + ",Mara,mara@fabrikam.example,Active,02 Jan 2023,User,User,Never accessed,\n",
			func(u *document.OrgUser) {
				u.AddedToOrg, u.ProductAccess = document.ParseTime("2023-01-02"), document.Some(jira)
				u.Groups = document.Some([]document.OrgGroupRef{dev, everyone})
			},
		},
		"with numbered columns of groups": {
			"User id;User name;email;User status;Group 1 id;Group 1 name;Group 2 id;Group 2 name\n" + acct + ";Mara;mara@fabrikam.example;Active;g1;dev;g2;all\n",
			func(u *document.OrgUser) { u.Groups = document.Some([]document.OrgGroupRef{dev, everyone}) },
		},
		"with one cell of groups": {
			"email,User id,User name,User status,Group membership\nmara@fabrikam.example," + acct + ",Mara,Active,\"dev, all\"\n",
			func(u *document.OrgUser) {
				u.Groups = document.Some([]document.OrgGroupRef{{Name: "dev"}, {Name: "all"}})
			},
		},
		"without groups": {
			"User id,User name,email,User status,Jira Software - acme,Atlas - acme\n" + acct + ",Mara,mara@fabrikam.example,Active,,User\n",
			func(u *document.OrgUser) {
				u.ProductAccess = document.Some([]document.ProductGrant{{Key: "atlas", Name: "Atlas", URL: "https://acme.atlassian.net"}})
			},
		},
		"in between": {
			"User id,User name,email,active,created,Last seen in Jira Software\n" + acct + ",Mara,mara@fabrikam.example,Yes,02 Jan 2023,Never logged in\n",
			func(u *document.OrgUser) { u.AddedToOrg = document.ParseTime("2023-01-02") },
		},
		"of 2021 and before": {
			"group_name,username,full_name,email,active,last_login,last_session,Jira Software,Confluence\ndev,mara.l,Mara,mara@fabrikam.example,Yes,x,y,Yes,No\nall,mara.l,Mara,mara@fabrikam.example,Yes,x,y,Yes,No\n",
			func(u *document.OrgUser) {
				u.AccountID = "mail:mara@fabrikam.example"
				u.Groups = document.Some([]document.OrgGroupRef{{Name: "dev"}, {Name: "all"}})
				u.ProductAccess = document.Some([]document.ProductGrant{{Key: "jira-software", Name: "Jira Software"}})
			},
		},
		"nobody's access": {
			"User id,User name,email,User status,Jira - acme\n" + acct + ",Mara,mara@fabrikam.example,Active,None\n",
			func(u *document.OrgUser) { u.ProductAccess = document.Some([]document.ProductGrant{}) },
		},
		"an app of tomorrow": {
			"User id,User name,email,User status,Sparkle Studio - acme.example\n" + acct + ",Mara,mara@fabrikam.example,Active,User\n",
			func(u *document.OrgUser) {
				u.ProductAccess = document.Some([]document.ProductGrant{{Key: "sparkle-studio", Name: "Sparkle Studio", URL: "https://acme.example"}})
			},
		},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := setOf(t, texts(map[string]string{"export.csv": tt.text}))
			want := base
			tt.want(&want)
			if diff := cmp.Diff([]document.OrgUser{want}, s.Documents().OrgUsers); diff != "" {
				t.Errorf("accounts (-want +got):\n%s\n%s", diff, all(s))
			}
			if want.Groups.Known {
				if got := len(s.Documents().OrgGroups); got != 2 {
					t.Errorf("%d groups, want 2", got)
				}
				for _, g := range s.Documents().OrgGroups {
					if diff := cmp.Diff(document.Some([]string{want.AccountID}), g.Members); diff != "" {
						t.Errorf("%s: members (-want +got):\n%s", g.Name, diff)
					}
				}
			}
		})
	}
}

func TestTheStatusOfAnAccountSaysNoMoreThanTheFile(t *testing.T) {
	tests := map[string]document.OrgUser{
		"Active":      {Status: "active", AccountStatus: "active", MembershipStatus: "active"},
		"Suspended":   {Status: "suspended", AccountStatus: "active", MembershipStatus: "suspended"},
		"Deactivated": {Status: "deactivated", AccountStatus: "inactive"},
		"inactive":    {Status: "deactivated", AccountStatus: "inactive"},
		"Hibernating": {Status: "hibernating"},
		"":            {},
	}
	for word, want := range tests {
		s := setOf(t, texts(map[string]string{"export.csv": "User id,email,User status\n" + acct + ",m@fabrikam.example," + word + "\n"}))
		want.AccountID, want.Email = acct, "m@fabrikam.example"
		if diff := cmp.Diff([]document.OrgUser{want}, s.Documents().OrgUsers); diff != "" {
			t.Errorf("%q (-want +got):\n%s", word, diff)
		}
		if odd := want.AccountStatus == ""; odd != said(s, "export.csv, line 2, column User status") {
			t.Errorf("%q: notes:\n%s", word, all(s))
		}
	}
}

func TestACommaInAGroupNameIsResolvedOrSaid(t *testing.T) {
	const head = "User id,email,User status,Group membership\n"
	row := func(id, mail, cell string) string { return id + "," + mail + ",Active,\"" + cell + "\"\n" }
	tests := map[string]struct {
		cells string
		more  map[string]string
		want  map[string]int // group -> members; -1: not told
		note  string
	}{
		"no other file knows the name":    {row(acct, "m@x.example", "Sales, EMEA,dev"), nil, map[string]int{"Sales": 1, "EMEA": 1, "dev": 1}, ""},
		"Entra knows the name":            {row(acct, "m@x.example", "dev,Sales, EMEA"), map[string]string{"groups.csv": "id,displayName,groupType\n" + devID + ",\"Sales, EMEA\",Security\n"}, map[string]int{"Sales, EMEA": 1, "dev": 1}, ""},
		"a cell with nothing else":        {row(acct, "m@x.example", "dev") + row(other, "n@x.example", "dev, all"), nil, map[string]int{"dev": 2, "all": 1}, ""},
		"a row of its own knows the name": {row(acct, "m@x.example", "Sales, EMEA"), map[string]string{"pivot.csv": "Group id,Group name,User id,email,User status\ng,\"Sales, EMEA\"," + other + ",n@x.example,Active\n"}, map[string]int{"Sales, EMEA": 2}, ""},
		"both readings are possible": {
			row(acct, "m@x.example", "Sales, EMEA") + row(other, "n@x.example", "Sales"),
			map[string]string{"groups.csv": "id,displayName,groupType\n" + devID + ",\"Sales, EMEA\",Security\n" + teamID + ",EMEA,Security\n"},
			map[string]int{"Sales, EMEA": -1, "Sales": -1, "EMEA": -1},
			`"Sales, EMEA" can be read as one group or as several`,
		},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			files := map[string]string{"export.csv": head + tt.cells}
			maps.Copy(files, tt.more)
			s := setOf(t, texts(files))
			got := map[string]int{}
			for _, g := range s.Documents().OrgGroups {
				got[g.Name] = -1
				if g.Members.Known {
					got[g.Name] = len(g.Members.Value)
				}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("members (-want +got):\n%s\n%s", diff, all(s))
			}
			if tt.note != "" {
				noted(t, s, "export.csv, line 2", tt.note)
			}
		})
	}
}

func TestManagedAccountsTellWhoIsManaged(t *testing.T) {
	const export = "User id,User name,email,User status\n" + acct + ",Mara,mara@fabrikam.example,Active\n" + other + ",Kim,kim@fabrikam.example,Suspended\nx,Ext,ext@partner.example,Active\n"
	const head = "Name,Email,Atlassian ID,Status,Last active date [UTC],Verified email,Claimed,Jira\n"
	mara := "Mara,mara@fabrikam.example," + acct + ",Active,2026-11-19,Yes,,\"fabrikam, fabrikam-two\"\n"
	type facts struct {
		Claim, Account, Status string
		Verified               document.Opt[bool]
	}
	tests := map[string]struct {
		managed string
		want    map[string]facts
		note    string
	}{
		"whoever stands in it is managed, others of the domain are not, other domains are not told": {
			head + mara,
			map[string]facts{
				"mara@fabrikam.example": {"managed", "active", "active", document.Some(true)},
				"kim@fabrikam.example":  {"unmanaged", "active", "suspended", document.Opt[bool]{}},
				"ext@partner.example":   {"", "active", "active", document.Opt[bool]{}},
			},
			"it holds nobody of partner.example",
		},
		"a file that lost a row says nothing of those who are absent": {
			head + mara + "Kim,kim@fabrikam.example,,Active,,,,\n",
			map[string]facts{
				"mara@fabrikam.example": {"managed", "active", "active", document.Some(true)},
				"kim@fabrikam.example":  {"", "active", "suspended", document.Opt[bool]{}},
				"ext@partner.example":   {"", "active", "active", document.Opt[bool]{}},
			},
			"managed.csv, line 3, column Atlassian ID: no account id",
		},
		"the account's own state comes from it": {
			head + "Mara,mara@fabrikam.example," + acct + ",Deactivated,,No,,\nKim,kim@fabrikam.example," + other + ",Active,,unverified,,\n",
			map[string]facts{
				"mara@fabrikam.example": {"managed", "inactive", "deactivated", document.Some(false)},
				"kim@fabrikam.example":  {"managed", "active", "suspended", document.Some(false)},
				"ext@partner.example":   {"", "active", "active", document.Opt[bool]{}},
			},
			"the account's state is taken from here",
		},
		"claimed by another organization": {
			head + "Mara,mara@fabrikam.example," + acct + ",Active,,,Other organization,\n",
			map[string]facts{
				"mara@fabrikam.example": {"", "active", "active", document.Opt[bool]{}},
				"kim@fabrikam.example":  {"unmanaged", "active", "suspended", document.Opt[bool]{}},
				"ext@partner.example":   {"", "active", "active", document.Opt[bool]{}},
			},
			"column Claimed",
		},
	}
	for sentence, tt := range tests {
		t.Run(sentence, func(t *testing.T) {
			s := setOf(t, texts(map[string]string{"export.csv": export, "managed.csv": tt.managed}))
			got := map[string]facts{}
			for _, u := range s.Documents().OrgUsers {
				got[u.Email] = facts{u.ClaimStatus, u.AccountStatus, u.Status, u.EmailVerified}
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("accounts (-want +got):\n%s", diff)
			}
			noted(t, s, tt.note)
		})
	}
}

func TestManagedAccountsAloneAreNotEverybody(t *testing.T) {
	s := setOf(t, texts(map[string]string{"managed_accounts.csv": "Name,Email,Atlassian ID,Status,Jira,Trello\nMara,mara@fabrikam.example," + acct + ",Active,\"fabrikam, fabrikam-two\",Yes\n"}))
	want := document.OrgUser{
		AccountID: acct, Name: "Mara", Email: "mara@fabrikam.example", Status: "active", AccountStatus: "active", ClaimStatus: "managed",
		ProductAccess: document.Some([]document.ProductGrant{
			{Key: "jira-software", Name: "Jira", URL: "https://fabrikam-two.atlassian.net"}, {Key: "jira-software", Name: "Jira", URL: "https://fabrikam.atlassian.net"}, {Key: "trello", Name: "Trello"},
		}),
	}
	if diff := cmp.Diff([]document.OrgUser{want}, s.Documents().OrgUsers); diff != "" {
		t.Errorf("accounts (-want +got):\n%s", diff)
	}
	if len(s.Have()) != 0 || len(s.Gaps()) != 1 || s.Gaps()[0].File != string(document.OrgUsers) {
		t.Errorf("have %v, gaps %v", s.Have(), s.Gaps())
	}
}

func TestAnOldFileWithoutAccountIDsMeetsANewOneByAddress(t *testing.T) {
	s := setOf(t, texts(map[string]string{
		"a-old.csv":     "group_name,username,full_name,email,active\ndev,mara.l,Mara,Mara@fabrikam.example,Yes\n",
		"b-managed.csv": "Name,Email,Atlassian ID,Status\nMara,mara@fabrikam.example," + acct + ",Active\n",
	}))
	if u := s.Documents().OrgUsers; len(u) != 1 || u[0].AccountID != acct || u[0].ClaimStatus != "managed" {
		t.Errorf("accounts = %+v", u)
	}
	if diff := cmp.Diff(document.Some([]string{acct}), s.Documents().OrgGroups[0].Members); diff != "" {
		t.Errorf("members (-want +got):\n%s", diff)
	}
}

func TestTwoAccountsWithOneAddressStayTwo(t *testing.T) {
	s := setOf(t, texts(map[string]string{"export.csv": "User id,email,User status\n" + acct + ",m@fabrikam.example,Active\n" + other + ",m@fabrikam.example,Active\n"}))
	if got := len(s.Documents().OrgUsers); got != 2 {
		t.Errorf("%d accounts, want 2", got)
	}
}

func TestAGroupThatNoRowNamesIsAGapUnlessTheExportIsOfEverybody(t *testing.T) {
	files := map[string]string{
		"assigned.csv": "group\nempty\ndev\n", "members-empty.csv": memberHead + lenaRow, "members-dev.csv": memberHead + jonasRow,
		"export.csv": "Group id,Group name,User id,email,User status\ng1,dev," + acct + ",jonas@fabrikam.example,Active\n",
	}
	gapOf := func(s *Set) (subjects []string) {
		for _, g := range s.Gaps() {
			if g.File == string(document.OrgGroups) {
				subjects = append(subjects, g.Subject)
			}
		}
		return subjects
	}
	s := setOf(t, texts(files))
	if diff := cmp.Diff([]string{"empty"}, gapOf(s)); diff != "" {
		t.Errorf("gaps (-want +got):\n%s", diff)
	}
	files["export.csv"] += ",," + other + ",kim@fabrikam.example,Active\n"
	if got := gapOf(setOf(t, texts(files))); got != nil {
		t.Errorf("gaps = %v although somebody without a group shows that groups were not selected", got)
	}
}

func TestLocalisedAtlassianColumnsAreToldByTheirValues(t *testing.T) {
	s := setOf(t, texts(map[string]string{"export.csv": "Benutzer-ID,User name,Adresse,User status\n" + acct + ",Mara,mara@fabrikam.example,Active\n"}))
	if u := s.Documents().OrgUsers; len(u) != 1 || u[0].AccountID != acct || u[0].Email != "mara@fabrikam.example" {
		t.Errorf("accounts = %+v", u)
	}
	noted(t, s, "column Benutzer-ID: taken for accountId by its values")
	noted(t, s, "column Adresse: taken for email by its values")
}

func TestAFileThatGivesAnErrorAddsNothing(t *testing.T) {
	var s Set
	err := s.Add("export.csv", strings.NewReader("User id,email,User status\n"+acct+",m@x.example,Active\n\"open\n"))
	if err == nil || !strings.Contains(err.Error(), "export.csv: line 3: a quote") {
		t.Fatalf("error = %v", err)
	}
	if len(s.Files()) != 0 || len(s.Documents().OrgUsers) != 0 || len(s.Notes()) != 0 {
		t.Errorf("files %v, accounts %v, notes %v", s.Files(), s.Documents().OrgUsers, s.Notes())
	}
}
