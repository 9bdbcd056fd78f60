package document

import (
	"strings"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

func TestMembersKeepTypeAndIDOfEachForm(t *testing.T) {
	var g Group
	err := json.Unmarshal([]byte(`{"id":"g","members":[
		{"@odata.type":"#microsoft.graph.user","id":"a","displayName":"A"},
		{ "id" : "b" , "@odata.type" : "#microsoft.graph.group" },
		{"id":"c"},
		{"@odata.type":"#microsoft.graph.device","id":"d\u0031"},
		{"id":null}, {}]}`), &g)
	if err != nil {
		t.Fatal(err)
	}
	want := Members{Known: true, List: []Member{
		{"#microsoft.graph.user", "a"}, {"#microsoft.graph.group", "b"}, {"", "c"}, {"#microsoft.graph.device", "d1"}, {}, {},
	}}
	if diff := cmp.Diff(want, g.Members); diff != "" {
		t.Error(diff)
	}
	for text, known := range map[string]bool{`{"id":"g"}`: false, `{"members":null}`: true, `{"members":[]}`: true} {
		var g Group
		if err := json.Unmarshal([]byte(text), &g); err != nil || g.Members.Known != known || len(g.Members.List) != 0 {
			t.Errorf("%s: %+v, %v", text, g.Members, err)
		}
	}
}

func TestIdsOfMembersDoNotChangeWhenOthersAreRead(t *testing.T) {
	first := strings.Repeat(`{"id":"first"},`, 2000)
	var a, b Members
	if err := json.Unmarshal([]byte("["+strings.TrimSuffix(first, ",")+"]"), &a); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(strings.ReplaceAll("["+strings.TrimSuffix(first, ",")+"]", "first", "other")), &b); err != nil {
		t.Fatal(err)
	}
	for i := range a.List {
		if a.List[i].ID != "first" || b.List[i].ID != "other" {
			t.Fatalf("member %d: %v, %v", i, a.List[i], b.List[i])
		}
	}
}

func TestAGroupOfASiteIsMembersOrAnError(t *testing.T) {
	var got []JiraGroup
	x, err := Keyed(JiraGroups, strings.NewReader(`{
		"a":{"values":[{"accountId":"1","displayName":"One","active":true},{"accountId":"\u0032"}],"total":2,"isLast":true},
		"b":[{"accountId":"3"}],
		"c":{"errorMessages":["No permission"],"errors":{}},
		"d":{"errorMessages":[],"errors":{"groupname":"The group d does not exist"}},
		"e":{"values":[{"accountId":"1"}],"total":7},
		"f":{"values":[{"accountId":"1"}],"isLast":false},
		"g":{"values":null},
		"h":{},
		"errors":{"values":[]},
		"message":{"values":[]}}`), func(name string, g *JiraGroup) error {
		g.Name = name
		got = append(got, *g)
		return nil
	})
	if err != nil || x.Refused != "" {
		t.Fatal(x, err)
	}
	users := func(ids ...string) Opt[[]JiraUser] {
		o := Opt[[]JiraUser]{Known: true, Value: []JiraUser{}}
		for _, id := range ids {
			o.Value = append(o.Value, JiraUser{AccountID: id})
		}
		return o
	}
	want := []JiraGroup{
		{Name: "a", Values: users("1", "2"), MaxSize: 2},
		{Name: "b", Values: users("3")},
		{Name: "c", Error: "No permission"},
		{Name: "d", Error: "The group d does not exist"},
		{Name: "e", Values: users("1"), MaxSize: 7, Cut: true},
		{Name: "f", Values: users("1"), Cut: true},
		{Name: "g", Values: Opt[[]JiraUser]{Known: true, Null: true}},
		{Name: "h", Error: "an answer without members"},
		{Name: "errors", Values: users()},
		{Name: "message", Values: users()},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestWhatMayBeManagedIsPermissionsOrAnError(t *testing.T) {
	for text, want := range map[string]ManageAnswer{
		`{"email.set":{"allowed":false,"reason":{"key":"externalDirectory.scim"}},"lifecycle.enablement":{"allowed":true}}`: {
			Permissions: map[string]Permission{"email.set": {Reason: Reason{"externalDirectory.scim"}}, "lifecycle.enablement": {Allowed: true}},
		},
		`{"key":"forbidden.unclaimedDomain","context":{"domain":"x"}}`:                {ErrorKey: "forbidden.unclaimedDomain", Permissions: map[string]Permission{"context": {}}},
		`{"errors":[{"code":"ADMIN-404-8","title":"Not found","detail":"no user"}]}`:  {ErrorKey: "ADMIN-404-8", ErrorText: "Not found", Permissions: map[string]Permission{}},
		`{"code":401,"message":"Unauthorized"}`:                                       {ErrorText: "Unauthorized", Permissions: map[string]Permission{}},
		`{"error":{"code":"x","message":"y"}}`:                                        {ErrorText: "x: y", Permissions: map[string]Permission{}},
		`null`:                                                                        {},
		`{"new.action":{"allowed":true,"reason":{"key":"new.reason"}},"title":"Odd"}`: {ErrorText: "Odd", Permissions: map[string]Permission{"new.action": {Allowed: true, Reason: Reason{"new.reason"}}}},
	} {
		var got ManageAnswer
		if err := json.Unmarshal([]byte(text), &got); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
}

func TestPoliciesAreReadFromTheMapAndFromTheAnswer(t *testing.T) {
	read := func(text string) map[string]AuthPolicy {
		out := map[string]AuthPolicy{}
		if _, err := Keyed(AuthPolicies, strings.NewReader(text), func(account string, p *AuthPolicy) error {
			out[account] = *p
			return nil
		}); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		return out
	}
	if diff := cmp.Diff(map[string]AuthPolicy{"a": {PolicyID: "p", Name: "SSO"}, "b": {Error: "Not managed"}, "c": {}},
		read(`{"a":{"policyId":"p","name":"SSO"},"b":{"errors":[{"title":"Not managed"}]},"c":null}`)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(map[string]AuthPolicy{"a@x.example": {PolicyID: "p", Email: "a@x.example"}, "7": {PolicyID: "q", AccountID: "7", Email: "b@x.example"}},
		read(`[{"email":"a@x.example","policyId":"p"},{"email":"b@x.example","accountId":"7","policyId":"q"}]`)); diff != "" {
		t.Error(diff)
	}
}

func TestAnAbsentKeyIsNotAnEmptyOne(t *testing.T) {
	for text, want := range map[string]Opt[bool]{
		`{}`:                            {},
		`{"accountEnabled":null}`:       {Known: true, Null: true},
		`{"accountEnabled":false}`:      {Known: true},
		`{"accountEnabled":"True"}`:     {Known: true, Value: true},
		`{"accountEnabled":"disabled"}`: {Known: true},
	} {
		var u User
		if err := json.Unmarshal([]byte(text), &u); err != nil || u.AccountEnabled != want {
			t.Errorf("%s: %+v, %v", text, u.AccountEnabled, err)
		}
	}
}

func TestTimesAreReadAsTheServicesWriteThem(t *testing.T) {
	day := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	for text, want := range map[string]Time{
		`"2026-11-20T12:00:00Z"`:         At(day),
		`"2026-11-20T13:00:00.00+01:00"`: At(day),
		`"2026-11-20T12:00:00"`:          At(day),
		`"0001-01-01T00:00:00Z"`:         {},
		`null`:                           {},
		`""`:                             {},
		`"soon"`:                         {Text: "soon"},
		`"20 Nov 2026"`:                  At(day.Truncate(24 * time.Hour)),
		`"2026-11-20T12:00:00\u005a"`:    At(day),
	} {
		var got Time
		if err := json.Unmarshal([]byte(text), &got); err != nil || !got.Equal(want.Time) || got.Text != want.Text {
			t.Errorf("%s: %v, %v", text, got, err)
		}
	}
}

func TestPastedTextIsReadLineByLine(t *testing.T) {
	long := strings.Repeat("x", 3*MaxLine)
	var got []LogLine
	if err := Lines(TroubleshootingLog, strings.NewReader("\uFEFFone\r\n\n  two\xff  \n"+long+"\nlast"), func(l LogLine) error {
		got = append(got, l)
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	want := []LogLine{{1, "one"}, {3, "two\uFFFD"}, {4, long[:MaxLine] + "…"}, {5, "last"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = nil
	if err := Lines(TroubleshootingLog, strings.NewReader(inUTF16("Ärger\nhier", false)), func(l LogLine) error {
		got = append(got, l)
		return nil
	}); err != nil || len(got) != 2 || got[0].Text != "Ärger" {
		t.Errorf("UTF-16: %v, %v", got, err)
	}
}
