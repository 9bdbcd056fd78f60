package entra_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/source/entra"
)

func TestTheFirstReadingIsTheTenantToTheLetter(t *testing.T) {
	n := filled(t, &lab.Lab{Pages: lab.Pages{DeltaObjects: 7, DeltaMembers: 6}}, 60)
	n.reads()
	want := n.truth()
	for _, f := range []document.File{document.Users, document.Groups, document.DeletedUsers, document.ServicePrincipals, document.AppRoleAssignments} {
		if diff := cmp.Diff(want.objects[f], n.mirror.objects[f]); diff != "" || len(want.objects[f]) == 0 {
			t.Errorf("%s: %d objects (-tenant +mirror):\n%s", f, len(want.objects[f]), diff)
		}
	}
	if diff := cmp.Diff(want.members, n.mirror.members); diff != "" || len(want.members) != 7 {
		t.Errorf("%d groups with members (-tenant +mirror):\n%s", len(want.members), diff)
	}
	if diff := cmp.Diff(want.whole, n.mirror.whole); diff != "" || len(n.mirror.gaps) > 0 {
		t.Errorf("gaps: %v, documents that are whole:\n%s", n.mirror.gaps, diff)
	}
}

func TestNothingChangedIsNothingTold(t *testing.T) {
	n := filled(t, &lab.Lab{}, 30)
	n.reads()
	before := n.cursor
	n.c.Pass(time.Minute)
	n.reads()
	n.same()
	if slices.Contains(n.mirror.fulls, document.Users) || slices.Contains(n.mirror.fulls, document.Groups) {
		t.Errorf("read in full again: %v", n.mirror.fulls)
	}
	if n.cursor == before {
		t.Error("the delta links were not replaced")
	}
}

// TestAReadingOfChangesCostsByWhatChanged counts requests of one reading at two sizes.
func TestAReadingOfChangesCostsByWhatChanged(t *testing.T) {
	var cost [2][]string
	for i, size := range []int{300, 3000} {
		n := filled(t, &lab.Lab{}, size)
		first := n.requests(n.reads)
		a, b := n.user("new"), n.list("/users?$top=1")[0]["id"].(string)
		must(t, n.l.AddMember(n.list("/groups?$top=1")[0]["id"].(string), a))
		must(t, n.l.UpdateUser(b, lab.Props{"department": "Board"}))
		cost[i] = n.requests(n.reads)
		n.same()
		t.Logf("%d users: %d requests at first, %d for two changed users and a changed group", size, len(first), len(cost[i]))
	}
	if diff := cmp.Diff(cost[0], cost[1]); diff != "" || len(cost[0]) != 5 {
		t.Errorf("%d requests at 300 users (-300 +3000):\n%s", len(cost[0]), diff)
	}
}

func TestDocumentsAreSelectedByWhatIsNeeded(t *testing.T) {
	n := filled(t, &lab.Lab{}, 5)
	n.o.UserAttributes = []string{"objectId", "DEPARTMENT", "telephoneNumber", "extensionAttribute3", "employeeOrgData.division", "IsSoftDeleted", "manager", "companyname", "originalUserPrincipalName"}
	n.o.GroupAttributes = []string{"displayName", "mail"}
	n.renew()
	n.l.ForgetRequests()
	n.reads()
	got := map[string][]string{}
	for _, r := range n.l.Requests() {
		if strings.HasSuffix(r.Path, "/delta") {
			got[r.Path] = strings.Split(query("?"+r.Query).Get("$select"), ",")
		}
	}
	if diff := cmp.Diff(map[string][]string{
		"/v1.0/users/delta": {
			"id", "accountEnabled", "businessPhones", "companyName", "createdDateTime", "department", "displayName", "employeeOrgData",
			"externalUserState", "givenName", "jobTitle", "mail", "mailNickname", "onPremisesExtensionAttributes", "onPremisesLastSyncDateTime",
			"onPremisesProvisioningErrors", "onPremisesSyncEnabled", "otherMails", "proxyAddresses", "surname", "userPrincipalName", "userType",
		},
		"/v1.0/groups/delta": {
			"id", "createdDateTime", "description", "displayName", "groupTypes", "mail", "mailEnabled", "mailNickname", "membershipRule",
			"membershipRuleProcessingState", "onPremisesLastSyncDateTime", "onPremisesProvisioningErrors", "onPremisesSyncEnabled",
			"securityEnabled", "visibility", "members",
		},
	}, got); diff != "" {
		t.Errorf("$select (-want +got):\n%s", diff)
	}
}

func TestOtherAttributesLeadToAFullReadingOfThatKind(t *testing.T) {
	n := filled(t, &lab.Lab{}, 20)
	n.reads()
	n.o.UserAttributes = []string{"employeeId"}
	n.renew()
	n.reads()
	if !slices.Contains(n.mirror.fulls, document.Users) || slices.Contains(n.mirror.fulls, document.Groups) {
		t.Errorf("read in full: %v", n.mirror.fulls)
	}
	if _, told := n.mirror.objects[document.Users][n.list("/users?$top=1")[0]["id"].(string)]["employeeId"]; !told {
		t.Error("the new attribute is not told")
	}
}

func TestAnAttributeThatGraphDoesNotKnowIsAnErrorThatNamesIt(t *testing.T) {
	n := filled(t, &lab.Lab{}, 5)
	n.o.UserAttributes = []string{"shoeSize"}
	n.renew()
	if err := n.try(); err == nil || !strings.Contains(err.Error(), "shoeSize") || !strings.Contains(err.Error(), "reading users") {
		t.Errorf("%v", err)
	}
}

func TestACursorThatIsNotUsableLeadsToAFullReading(t *testing.T) {
	for sentence, change := range map[string]func(map[string]any){
		"of another version":              func(c map[string]any) { c["version"] = 99 },
		"of another tenant":               func(c map[string]any) { c["tenant"] = "contoso.example" },
		"with links to another host":      relink("https://graph.microsoft.com", "https://elsewhere.example"),
		"with links to another port":      relink("graph.microsoft.com/", "graph.microsoft.com:444/"),
		"with links to other collections": relink("/delta", "/deltas"),
		"with tokens that nobody gave":    relink("deltatoken=", "deltatoken=x"),
	} {
		t.Run(sentence, func(t *testing.T) {
			n := filled(t, &lab.Lab{}, 20)
			n.reads()
			var c map[string]any
			must(t, json.Unmarshal([]byte(n.cursor), &c))
			change(c)
			b, err := json.Marshal(c)
			must(t, err)
			n.cursor = source.Cursor(b)
			n.reads()
			if !slices.Contains(n.mirror.fulls, document.Users) || !slices.Contains(n.mirror.fulls, document.Groups) {
				t.Errorf("read in full: %v", n.mirror.fulls)
			}
			n.same()
		})
	}
	n := filled(t, &lab.Lab{}, 20)
	n.cursor = "rubbish"
	n.reads()
	n.same()
}

func relink(old, to string) func(map[string]any) {
	return func(c map[string]any) {
		for _, set := range []string{"users", "groups"} {
			st := c[set].(map[string]any)
			st["link"] = strings.Replace(st["link"].(string), old, to, 1)
		}
	}
}

func TestTheApplicationIsFoundByAnyOfItsNames(t *testing.T) {
	n := filled(t, &lab.Lab{}, 5)
	for _, name := range []string{n.app, "0f0f0f0f-0000-4000-8000-000000000001", application, "atlassian cloud"} {
		n.o.Application, n.cursor, n.mirror = name, "", newMirror()
		n.renew()
		n.reads()
		if len(n.mirror.objects[document.ServicePrincipals]) != 1 || len(n.mirror.objects[document.AppRoleAssignments]) != 2 {
			t.Errorf("%s: %v %v", name, n.mirror.objects[document.ServicePrincipals], n.mirror.objects[document.AppRoleAssignments])
		}
	}
	twin, err := n.l.AddServicePrincipal(lab.Props{"displayName": application})
	must(t, err)
	for name, says := range map[string][]string{
		application:                            {"2 enterprise applications", n.app, twin},
		"O'Reilly":                             {`no enterprise application named "O'Reilly"`},
		"11111111-2222-4333-8444-555555555555": {"no enterprise application with the id 11111111"},
	} {
		n.o.Application = name
		n.renew()
		err := n.try()
		for _, s := range says {
			if err == nil || !strings.Contains(err.Error(), s) {
				t.Errorf("%s: the error is %v, which should say %q", name, err, s)
			}
		}
	}
	n.o.Application, n.mirror, n.cursor = "", newMirror(), ""
	n.renew()
	n.reads()
	if n.mirror.whole[document.ServicePrincipals] || n.mirror.whole[document.AppRoleAssignments] || len(n.mirror.gaps) > 0 {
		t.Errorf("without an application: %v %v", n.mirror.whole, n.mirror.gaps)
	}
}

func TestMembersThroughNestingAreCounted(t *testing.T) {
	n := filled(t, &lab.Lab{}, 40)
	top := n.list("/groups?$filter=displayName%20eq%20'everybody'")[0]["id"].(string)
	if count, err := n.s.CountMembers(t.Context(), top); count != 39 || err != nil {
		t.Errorf("%d, %v", count, err)
	}
	if _, err := n.s.CountMembers(t.Context(), "nobody/../x"); err == nil {
		t.Error("a group that is none was counted")
	}
	n.l.Break(lab.Fault{Path: "*/transitiveMembers/*", Status: 403})
	if _, err := n.s.CountMembers(t.Context(), top); err == nil || !strings.Contains(err.Error(), "GroupMember.Read.All") {
		t.Errorf("%v", err)
	}
}

func TestASourceWithoutAClientIsNotMade(t *testing.T) {
	if _, err := entra.New(entra.Options{}); err == nil {
		t.Error("no error")
	}
}
