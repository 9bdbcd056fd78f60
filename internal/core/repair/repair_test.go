package repair_test

import (
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/core/cause"
	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/facts"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/core/repair"
	"github.com/rollcall/rollcall/internal/core/trace"
)

const (
	lena   = "00000000-0000-4000-8000-000000000002"
	former = "00000000-0000-4000-8000-000000000009"
	okta   = "dir-okta"
)

// told is what the documents say of Lena; a test changes one thing of it.
type told struct {
	users   []document.User
	records []document.ScimUser
	links   []document.ScimLink
	own     []document.OwnLink
	account document.OrgUser
	absent  []document.File
}

func clinic() told {
	mail := "lena@clinic.example"
	return told{
		users:   []document.User{{ID: lena, UserPrincipalName: mail, Mail: document.Some(mail)}},
		records: []document.ScimUser{{ID: "old", ExternalID: former, UserName: mail, Atlassian: document.Some(document.ScimAccount{AtlassianAccountID: document.Some("acc")})}},
		links: []document.ScimLink{
			{ScimUserID: "old", AtlassianAccountID: document.Some("acc"), DirectoryID: "here"},
			{ScimUserID: "there", AtlassianAccountID: document.Some("acc-2"), DirectoryID: okta, Email: mail},
		},
		account: document.OrgUser{AccountID: "acc", Email: mail, ClaimStatus: "managed"},
	}
}

func (c told) world(t *testing.T) *facts.World {
	t.Helper()
	b := facts.NewBuilder(document.Bundle{Version: 1, Connection: document.Connection{Method: document.Rollcall, Directory: "here", Org: "org"}}, facts.Focus{})
	for _, u := range c.users {
		b.User(u)
	}
	for _, r := range c.records {
		b.ScimUser(r)
	}
	for _, l := range c.links {
		b.ScimLink(l)
	}
	for _, l := range c.own {
		b.OwnLink(l)
	}
	b.OrgUser(c.account)
	b.OrgUser(document.OrgUser{AccountID: "acc-2", Email: "lena@clinic.example", ClaimStatus: "managed"})
	for _, f := range []document.File{document.Users, document.ScimUsers, document.ScimLinks, document.OrgUsers} {
		present := true
		for _, a := range c.absent {
			present = present && a != f
		}
		if present {
			b.Have(f)
		}
	}
	return b.World()
}

func of(t *testing.T, c told, code cause.Code, values map[string]string) ([]plan.Step, string) {
	t.Helper()
	steps, rest := repair.Of(c.world(t), trace.Trace{
		Subject: trace.Subject{Kind: "user", ID: lena, Name: "lena@clinic.example"}, Cause: code, Values: map[cause.Code]map[string]string{code: values},
	})
	return steps, strings.Join(rest, "; ")
}

func TestAStaleRecordIsDeletedOnlyWhereItIsProvenToBeNobodys(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*told)
		call   string // "": none, and then
		rest   string
	}{
		"of a managed account the account stays": {func(*told) {}, "DELETE https://api.atlassian.com/admin/user-provisioning/v1/org/org/user/acc/onlyDeleteUserInDB", ""},
		"without account it goes from the directory": {func(c *told) {
			c.records[0].Atlassian, c.links = document.Some(document.ScimAccount{}), nil
		}, "DELETE https://api.atlassian.com/scim/directory/here/Users/old", ""},
		"a living user's": {func(c *told) {
			c.users = append(c.users, document.User{ID: former, UserPrincipalName: "bo@clinic.example"})
		}, "", "bo@clinic.example, who is in Entra"},
		"her own in other letters": {func(c *told) { c.records[0].ExternalID = strings.ToUpper(lena) }, "", "lena@clinic.example's own"},
		"of another kind of id":    {func(c *told) { c.records[0].ExternalID = "payroll-7" }, "", "no object id"},
		"without id":               {func(c *told) { c.records[0].ExternalID = "" }, "", "no externalId"},
		"with no name of hers":     {func(c *told) { c.records[0].UserName = "bo@clinic.example" }, "", "left alone"},
		"made for somebody who is there": {func(c *told) {
			c.users = append(c.users, document.User{ID: "u3", UserPrincipalName: "bo@clinic.example"})
			c.own = []document.OwnLink{{Kind: "user", Source: "u3", Target: "old"}}
		}, "", "rollcall apply looks after it"},
		"of an account with two records": {func(c *told) {
			c.links = append(c.links, document.ScimLink{ScimUserID: "second", AtlassianAccountID: document.Some("acc"), DirectoryID: okta})
		}, "", "second of directory dir-okta"},
		"of an account that nobody manages":      {func(c *told) { c.account.ClaimStatus = "unmanaged" }, "", "does not manage"},
		"of an account that is not told":         {func(c *told) { c.account.AccountID = "another" }, "", "is managed was not told"},
		"of an account whose records are hidden": {func(c *told) { c.absent = []document.File{document.ScimLinks} }, "", "was not told"},
		"where Entra was not read":               {func(c *told) { c.absent = []document.File{document.Users} }, "", "were not read"},
		"where she is not in Entra":              {func(c *told) { c.users = nil }, "", "offboarding"},
		"that the directory does not show":       {func(c *told) { c.records[0].ID = "another" }, "", "does not show"},
	} {
		t.Run(name, func(t *testing.T) {
			world := clinic()
			c.change(&world)
			steps, rest := of(t, world, cause.StaleScimRecord, map[string]string{"record": "old"})
			if c.call == "" {
				if len(steps) > 0 || !strings.Contains(rest, c.rest) {
					t.Errorf("%+v, %s", steps, rest)
				}
				return
			}
			if len(steps) != 1 || rest != "" {
				t.Fatalf("%+v, %s", steps, rest)
			}
			s := steps[0]
			if got := repair.Call(document.Connection{Directory: "here", Org: "org"}, &s); got != c.call {
				t.Errorf("%s", got)
			}
			if s.Held == nil || s.Held.Code != "record-repair" || s.Op != plan.Delete || s.Reason != "stale-scim-record" || repair.Old(s.Fields, "externalId") != former {
				t.Errorf("%+v", s)
			}
		})
	}
}

func TestARecordWithoutAccountIsDeletedWhereItIsThePersonsOwn(t *testing.T) {
	for name, c := range map[string]struct {
		external string
		account  string
		goes     bool
	}{
		"her own":          {lena, "", true},
		"hers by name":     {"", "", true},
		"another's":        {former, "", false},
		"linked after all": {lena, "acc", false},
	} {
		t.Run(name, func(t *testing.T) {
			world := clinic()
			world.links = nil
			world.records[0].ExternalID, world.records[0].Atlassian = c.external, document.Some(document.ScimAccount{AtlassianAccountID: document.Some(c.account)})
			steps, rest := of(t, world, cause.AccountUnlinked, map[string]string{"record": "old"})
			if c.goes != (len(steps) == 1) || c.goes != (rest == "") {
				t.Errorf("%+v, %s", steps, rest)
			}
		})
	}
}

func TestAnAccountOfAnotherPersonIsNotTakenFromAnotherDirectory(t *testing.T) {
	values := map[string]string{"record": "there", "other": okta}
	steps, rest := of(t, clinic(), cause.HeldByOtherDirectory, values)
	if len(steps) != 1 || rest != "" || steps[0].Op != plan.Update || steps[0].Subject.Target != "dir-okta/there" || repair.Old(steps[0].Fields, repair.LinkPath) != "acc-2" {
		t.Fatalf("%+v, %s", steps, rest)
	}
	for name, change := range map[string]func(*told, map[string]string){
		"no address of hers": func(c *told, _ map[string]string) {
			c.users[0].Mail, c.users[0].UserPrincipalName = document.Some("x@y"), "x@y"
		},
		"not linked":                    func(c *told, _ map[string]string) { c.links[1].AtlassianAccountID = document.Some("") },
		"the record is not told":        func(_ *told, v map[string]string) { delete(v, "record") },
		"the connection's own":          func(_ *told, v map[string]string) { v["other"] = "HERE" },
		"a record of a third directory": func(c *told, _ map[string]string) { c.links[1].DirectoryID = "dir-google" },
	} {
		t.Run(name, func(t *testing.T) {
			world, v := clinic(), map[string]string{"record": "there", "other": okta}
			change(&world, v)
			if steps, rest := of(t, world, cause.HeldByOtherDirectory, v); len(steps) > 0 || rest == "" {
				t.Errorf("%+v, %s", steps, rest)
			}
		})
	}
}

func TestWhoeverARecordMayBelongToIsNamed(t *testing.T) {
	world := clinic()
	world.own = []document.OwnLink{{Kind: "user", Source: "u3", Target: "old"}, {Kind: "group", Source: "g", Target: "old"}}
	got := repair.Owners(world.world(t), trace.Trace{
		Subject: trace.Subject{ID: lena}, Cause: cause.StaleScimRecord, Values: map[cause.Code]map[string]string{cause.StaleScimRecord: {"record": "old"}},
	})
	if strings.Join(got, " ") != former+" u3" {
		t.Errorf("%q", got)
	}
}

func TestACauseThatIsNotAboutARecordHasNoRepair(t *testing.T) {
	if steps, rest := of(t, clinic(), cause.NestedGroup, nil); len(steps) > 0 || rest != "" {
		t.Errorf("%+v, %s", steps, rest)
	}
}
