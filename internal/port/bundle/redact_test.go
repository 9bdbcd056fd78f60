package bundle

import (
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

// heard is a recorder that keeps what it is told.
type heard struct {
	objects []string
	gaps    []document.Gap
	counts  map[document.File]int
}

func (h *heard) Add(f document.File, key string, v jsontext.Value) error {
	h.objects = append(h.objects, string(f)+" "+key+" "+string(v))
	return nil
}
func (h *heard) Whole(document.File) error { return nil }
func (h *heard) Gap(g document.Gap) error  { h.gaps = append(h.gaps, g); return nil }
func (h *heard) Count(f document.File, n int) error {
	h.counts = map[document.File]int{f: n}
	return nil
}

func redactedObject(t *testing.T, r *Redaction, file document.File, key, object string) string {
	t.Helper()
	h := &heard{}
	if err := r.Recorder(h).Add(file, key, jsontext.Value(object)); err != nil {
		t.Fatal(err)
	}
	return h.objects[0]
}

func TestWordsHaveOneStandInEverywhere(t *testing.T) {
	r := NewRedaction([]byte("k"))
	word := func(s string) string { return r.Name(s) }
	lena, vogel, fabrikam := word("lena"), word("vogel"), word("fabrikam")
	for text, want := range map[string]string{
		"lena.vogel@fabrikam.com":                  lena + "." + vogel + "@" + fabrikam + ".com",
		"SMTP:lena.vogel@fabrikam.com":             "SMTP:" + lena + "." + vogel + "@" + fabrikam + ".com",
		"LENA":                                     strings.ToUpper(lena),
		"lena2":                                    lena + "2",
		"lena_fabrikam.com#EXT#@x.com":             lena + "_" + fabrikam + ".com#EXT#@x.com",
		"9a5388b5-7ce0-42b5-b6d9-613fcc9d7494":     "9a5388b5-7ce0-42b5-b6d9-613fcc9d7494",
		"2026-11-20T04:02:31Z":                     "2026-11-20T04:02:31Z",
		"https://fabrikam.atlassian.net":           "https://" + fabrikam + ".atlassian.net",
		"ari:cloud:jira-software::site/" + "vogel": "ari:cloud:jira-software::site/" + vogel,
	} {
		if got := r.Name(text); got != want {
			t.Errorf("%s became %s, want %s", text, got, want)
		}
	}
	if lena == vogel || strings.Contains(lena, "lena") || r.Name("Lena") == lena || !strings.EqualFold(r.Name("Lena"), lena) || !strings.EqualFold(r.Name("lEna"), lena) || r.Name("lEna") == r.Name("Lena") {
		t.Errorf("stand-ins %s, %s, %s", lena, r.Name("Lena"), vogel)
	}
	if NewRedaction([]byte("other")).Name("lena") == lena {
		t.Error("the key decides nothing")
	}
}

func TestWhatDiffersStillDiffersAndWhatAgreesStillAgrees(t *testing.T) {
	r := NewRedaction([]byte("k"))
	some := rapid.StringOfN(rapid.RuneFrom([]rune("abAB-. @12345é田ß\\\"#")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		a, b := some.Draw(t, "a"), some.Draw(t, "b")
		if (a == b) != (r.Name(a) == r.Name(b)) {
			t.Fatalf("%q and %q became %q and %q", a, b, r.Name(a), r.Name(b))
		}
		if document.Fold(a) == document.Fold(b) && document.Fold(r.Name(a)) != document.Fold(r.Name(b)) {
			t.Fatalf("%q and %q agree but for their case, %q and %q do not", a, b, r.Name(a), r.Name(b))
		}
	})
}

func TestWhatNobodyForesawIsReplaced(t *testing.T) {
	r := NewRedaction([]byte("k"))
	for sentence, c := range map[string]struct {
		file        document.File
		key, object string
	}{
		"an unknown property":                   {document.Users, "", `{"id":"x","extension_1_nick":"Vogel"}`},
		"a property that is named after her":    {document.Users, "", `{"vogel@x.example":1}`},
		"inside a list inside an object":        {document.OrgUsers, "", `{"a":[{"b":["Vogel"]}]}`},
		"a number that tells of a person":       {document.Users, "", `{"mobilePhone":8675309}`},
		"a phone number as text":                {document.Users, "", `{"x":"+49 8675309"}`},
		"a value that is none of the services'": {document.OrgUsers, "", `{"status":"vogel@fabrikam.example"}`},
		"where she lives":                       {document.Users, "", `{"state":"Vogel"}`},
		"a photo":                               {document.Users, "", `{"photo":"` + strings.Repeat("Vogel", 4000) + `"}`},
		"the name of a group of a site":         {document.JiraGroups, "team-vogel", `{"values":[]}`},
		"the host of a site":                    {"jira/vogel.atlassian.net/groups.json", "g", `{"values":[]}`},
		"an expression":                         {document.SynchronizationRule, "", `{"expression":"Switch([givenName], \"Vogel\", 'vogel')"}`},
		"a constant":                            {document.SynchronizationRule, "", `{"source":{"name":"Vogel","type":"Constant"}}`},
		"a filter":                              {document.SynchronizationRule, "", `{"targetOperand":{"values":["\\bVogel\\d"]}}`},
		"a membership rule":                     {document.Groups, "", `{"membershipRule":"user.surname -eq \"Vogel\""}`},
		"a message":                             {document.ProvisioningLogs, "", `{"provisioningStatusInfo":{"errorInformation":{"reason":"the user Vogel, vogel@x.example (team-vogel)"}}}`},
		"an audit's JSON inside JSON":           {document.DirectoryAudits, "", `{"modifiedProperties":[{"displayName":"Name","newValue":"[\"Vogel\"]"}]}`},
		"a line of Guard's log":                 {document.TroubleshootingLog, "", `"Failed to create group team-vogel"`},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := strings.ToLower(redactedObject(t, r, c.file, c.key, c.object))
			for _, word := range []string{"vogel", "8675309"} {
				if strings.Contains(got, word) {
					t.Errorf("%s", got)
				}
			}
		})
	}
}

func TestWhatAnImportedSchemaHoldsBesideItsRulesIsReplaced(t *testing.T) {
	const rules = `{"assigned":true,"schema":{"note":"Zobelnotiz","secret":"Quokka99x","owner":{"name":"Narwal","list":["Okapi"]},"synchronizationRules":[{"name":"users","objectMappings":[` +
		`{"sourceObjectName":"User","targetObjectName":"urn:ietf:params:scim:schemas:core:2.0:User","flowTypes":"Add, Update","attributeMappings":[` +
		`{"targetAttributeName":"userName","flowType":"Always","source":{"type":"Attribute","name":"employeeId","expression":"[employeeId]"}},` +
		`{"targetAttributeName":"title","source":{"type":"Constant","name":"Tapir"}}]}]}]}}`
	got := redactedObject(t, NewRedaction([]byte("k")), document.OwnRulesFile, "", rules)
	for _, secret := range []string{"zobel", "quokka", "narwal", "okapi", "tapir"} {
		if strings.Contains(strings.ToLower(got), secret) {
			t.Errorf("%s is still there: %s", secret, got)
		}
	}
	for _, kept := range []string{`"sourceObjectName":"User"`, `"flowTypes":"Add, Update"`, `"name":"employeeId"`, `"expression":"[employeeId]"`, `"flowType":"Always"`, `"targetAttributeName":"userName"`} {
		if !strings.Contains(got, kept) {
			t.Errorf("%s is read by the rules, and gone: %s", kept, got)
		}
	}
}

func TestWhatRulesReadStays(t *testing.T) {
	r := NewRedaction([]byte("k"))
	for _, c := range []struct {
		file   document.File
		object string
	}{
		{document.Users, `{"@odata.type":"#microsoft.graph.user","userType":"Guest","accountEnabled":true,"createdDateTime":"2019-03-04T08:30:00Z","onPremisesSyncEnabled":null}`},
		{document.SynchronizationRule, `{"sourceOperandName":"employeeType","operatorName":"NOT EQUALS","expression":"ToLower([userPrincipalName])","flowTypes":"Add,Update,Delete"}`},
		{document.Groups, `{"membershipRuleProcessingState":"On","groupTypes":["DynamicMembership"]}`},
		{document.Manage, `{"email.set":{"allowed":false,"reason":{"key":"externalDirectory.scim"}}}`},
		{document.SynchronizationKeys, `{"key":"SyncAll","value":"false"}`},
		{document.SynchronizationJobs, `{"status":{"code":"Quarantine","quarantine":{"reason":"TooManyDeletes"}}}`},
		{document.OrgGroups, `{"roleAssignments":[{"resourceOwner":"jira-servicedesk","roles":["atlassian/user"],"defaultRole":null}]}`},
		{document.ProvisioningLogs, `{"provisioningAction":"create","errorCode":"DuplicateTargetEntries","details":{"SkipReason":"NotEffectivelyEntitled"}}`},
		{document.DirectoryAudits, `{"activityDisplayName":"Add member to group","modifiedProperties":[{"displayName":"Group.ObjectID","newValue":"\"65f87089-50c4-4d7f-8c09-62f5ad7b6e96\""}]}`},
		{document.TroubleshootingLog, `"Email update to unmanaged user with ID 9a5388b5-7ce0-42b5-b6d9-613fcc9d7494"`},
	} {
		if diff := cmp.Diff(string(c.file)+"  "+c.object, redactedObject(t, r, c.file, "", c.object)); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	}
}

func TestTheManifestAndGapsAreRedacted(t *testing.T) {
	r, h := NewRedaction([]byte("k")), &heard{}
	to := r.Recorder(h)
	must(t, to.Gap(document.Gap{File: "jira/vogel.atlassian.net/groups.json", Subject: "team-vogel", What: "some members of team-vogel", Why: "403 Forbidden", Call: "GET /vogel"}))
	if got := strings.ToLower(strings.Join([]string{h.gaps[0].File, h.gaps[0].Subject, h.gaps[0].What, h.gaps[0].Why, h.gaps[0].Call}, " ")); strings.Contains(got, "vogel") || !strings.Contains(got, "get /rest/api/3/group/member") {
		t.Error(got)
	}
	must(t, to.(*redacted).Count(document.Users, 7))
	if h.counts[document.Users] != 7 {
		t.Error("the count is lost")
	}
	m := r.Manifest(document.Bundle{Version: 1, Connection: document.Connection{
		Name: "vogel", Method: document.EntraSCIM, Directory: "3b5c493c-7057-4098-8e23-36bf9599cb82", Sites: []string{"https://vogel.atlassian.net"}, Selected: &document.Selected{Users: "groups", Groups: []string{"vogel"}},
		ExpectedPolicies: map[string]string{"vogel": "p"}, ExpectedProducts: map[string][]string{"vogel": {"jira-software"}},
	}, Gaps: []document.Gap{{File: "jira/vogel.atlassian.net/groups.json"}}, Totals: map[document.File]int{"jira/vogel.atlassian.net/groups.json": 3}})
	v := r.Name("vogel")
	site := document.File("jira/" + v + ".atlassian.net/groups.json")
	want := document.Bundle{Version: 1, Connection: document.Connection{
		Name: v, Method: document.EntraSCIM, Directory: "3b5c493c-7057-4098-8e23-36bf9599cb82", Sites: []string{"https://" + v + ".atlassian.net"}, Selected: &document.Selected{Users: "groups", Groups: []string{v}},
		ExpectedPolicies: map[string]string{v: "p"}, ExpectedProducts: map[string][]string{v: {"jira-software"}},
	}, Gaps: []document.Gap{{File: string(site), Call: "GET /rest/api/3/group/member"}}, Totals: map[document.File]int{site: 3}}
	if diff := cmp.Diff(want, m); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
