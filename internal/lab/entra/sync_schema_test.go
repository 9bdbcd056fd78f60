package entra_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

func TestASchemaIsReadChangedAndPutBack(t *testing.T) {
	c := tenant(t)
	c.assigned(c.group("jira", c.user("ana"), c.user("ben")))
	c.must(c.UpdateUser(c.ids["ben"], entra.Props{"department": "Interns"}))
	job := c.setUp()
	c.ask(204, "POST", job+"/start", "")
	c.cycle()
	schema := c.ask(200, "GET", job+"/schema", "")
	version := schema["version"]
	rule := schema["synchronizationRules"].([]any)[0].(map[string]any)
	for _, m := range rule["objectMappings"].([]any) {
		if m := m.(map[string]any); m["sourceObjectName"] == "User" {
			var scope any
			c.must(json.Unmarshal([]byte(`{"groups":[{"name":"No interns","clauses":[
				{"sourceOperandName":"department","operatorName":"NOT EQUALS","targetOperand":{"values":["Interns"]}},
				{"sourceOperandName":"displayName","operatorName":"IS NOT NULL","targetOperand":{"values":[]}}]}],
				"inputFilterGroups":[],"categoryFilterGroups":[]}`), &scope))
			m["scope"] = scope
		}
	}
	delete(schema, "@odata.context")
	raw, err := json.Marshal(map[string]any{"synchronizationRules": schema["synchronizationRules"]})
	c.must(err)
	c.must(c.UpdateUser(c.ids["ana"], entra.Props{"department": "Sales"}))
	c.ask(204, "PATCH", job+"/schema", string(raw))
	c.cycle()
	c.expect("with the filter", []string{"ana@fabrikam.example", "ben@fabrikam.example (inactive)"}, []string{"jira: ana ben"})
	got := c.ask(200, "GET", job+"/schema", "")
	delete(got, "@odata.context")
	if got["version"] == version {
		t.Error("the version is the old one")
	}
	schema["version"] = got["version"]
	if diff := cmp.Diff(schema, got); diff != "" {
		t.Errorf("the schema that was put (-put +got):\n%s", diff)
	}
	for sentence, body := range map[string]string{
		"no JSON":                         "{",
		"no rule":                         `{"synchronizationRules":[]}`,
		"a function that nobody has":      strings.ReplaceAll(string(raw), "[displayName]", "Frobnicate([displayName])"),
		"an expression that does not end": strings.ReplaceAll(string(raw), "[displayName]", "Join("),
	} {
		if a := c.ask(400, "PUT", job+"/schema", body); code(a) != "BadRequest" {
			t.Errorf("%s: %v", sentence, a)
		}
	}
}

func TestTemplatesOperatorsAndFunctionsAreWhatTheContractSays(t *testing.T) {
	check := entra.Contract(t)
	c := tenant(t)
	job := c.setUp()
	for _, of := range []string{job, "templates/scim"} {
		for path, want := range map[string]struct{ typ, example string }{
			"filterOperators": {"filterOperatorSchema", `{"name":"EQUALS","arity":"Binary","multivaluedComparisonType":"All","supportedAttributeTypes":["String","Integer"]}`},
			"functions": {"attributeMappingFunctionSchema", `{"name":"Append","parameters":[{"allowMultipleOccurrences":false,"name":"source","required":true,"type":"String"},
				{"allowMultipleOccurrences":false,"name":"suffix","required":true,"type":"String"}]}`},
		} {
			var example any
			c.must(json.Unmarshal([]byte(want.example), &example))
			found := false
			for _, o := range c.ask(200, "GET", of+"/schema/"+path, "")["value"].([]any) {
				found = found || cmp.Equal(example, o)
				m := o.(map[string]any)
				delete(m, "name") // the page's answer has it, the contract calls it id
				for _, wrong := range check(path, m, want.typ) {
					t.Error(wrong)
				}
			}
			if !found {
				t.Errorf("%s: the page's example is not among them: %s", path, want.example)
			}
		}
		a := c.ask(200, "POST", of+"/schema/parseExpression", `{"expression":"IIF([a] = \"1\", Join(\"-\", [b], ), \"x\")","testInputObject":{"properties":[{"key":"A","value":"1"},{"key":"b","value":["2","3"]}]}}`)
		for _, wrong := range check("parsed", a, "parseExpressionResponse") {
			t.Error(wrong)
		}
		if got := fmt.Sprint(a["evaluationResult"]); got != "[2-3]" {
			t.Errorf("evaluated: %s", got)
		}
		a = c.ask(200, "POST", of+"/schema/parseExpression", `{"expression":"Join("}`)
		if a["parsingSucceeded"] != false || a["error"] == nil {
			t.Errorf("what cannot be parsed: %v", a)
		}
	}
	for _, x := range c.ask(200, "GET", "templates", "")["value"].([]any) {
		for _, wrong := range check("template", x, "synchronizationTemplate") {
			t.Error(wrong)
		}
		one := c.ask(200, "GET", "templates/"+x.(map[string]any)["id"].(string), "")
		delete(one, "@odata.context")
		if diff := cmp.Diff(x, any(one)); diff != "" {
			t.Error(diff)
		}
	}
	c.ask(404, "GET", "templates/Slack", "")
	c.ask(404, "GET", "templates/Slack/schema", "")
	c.ask(404, "GET", "templates/Slack/schema/functions", "")
	c.ask(404, "GET", "jobs/none/schema/functions", "")
	c.ask(400, "POST", "jobs", `{"templateId":"Slack"}`)
}

func TestTheTargetsAttributesAreDiscovered(t *testing.T) {
	check := entra.Contract(t)
	c := tenant(t)
	job := c.setUp()
	sides := map[string]string{}
	for _, d := range c.ask(200, "GET", job+"/schema", "")["directories"].([]any) {
		sides[d.(map[string]any)["name"].(string)] = d.(map[string]any)["id"].(string)
	}
	at := job + "/schema/directories/" + sides["AtlassianCloud"] + "/discover"
	c.ask(403, "POST", at, "")
	c.Clients["directory"] = entra.Client{Permissions: []string{"Directory.ReadWrite.All"}}
	d := c.askAs("directory", 200, "POST", at, "")
	for _, wrong := range check("directory", d, "directoryDefinition") {
		t.Error(wrong)
	}
	types := map[string]string{}
	for _, o := range d["objects"].([]any) {
		for _, a := range o.(map[string]any)["attributes"].([]any) {
			types[a.(map[string]any)["name"].(string)] = a.(map[string]any)["type"].(string)
		}
	}
	for name, want := range map[string]string{
		"userName": "String", "active": "Boolean", "name.givenName": "String", `emails[type eq "work"].value`: "String", "members": "Reference",
		"displayName": "String", "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department": "String",
	} {
		if types[name] != want {
			t.Errorf("%s is %q, want %q, among %v", name, types[name], want, types)
		}
	}
	c.askAs("directory", 404, "POST", job+"/schema/directories/another/discover", "")
	c.askAs("directory", 404, "POST", strings.Replace(at, sides["AtlassianCloud"], sides["Azure Active Directory"], 1), "")
	c.target.Inject(atlassian.Fault{Path: "*/Schemas", Status: 404})
	c.askAs("directory", 400, "POST", at, "")
}

// publishedDemand is the answer of the page on provisionOnDemand, its two texts unpacked and shortened.
const publishedDemand = `{"key":{"result":"Skipped","details":{"errorCode":"RedundantExport"}},
	"value":{"action":"Other","modifiedProperties":[{"displayName":"IsSoftDeleted","oldValue":null,"newValue":"False"}],
	"provisioningSteps":[{"name":"EntryImport","type":"Import","status":"Success"},{"name":"EntryImport","type":"Matching","status":"Success"},
		{"name":"EntrySynchronizationScoping","type":"Scoping","status":"Success"},
		{"name":"EntrySynchronizationSkip","type":"Export","status":"Skipped","details":{"SkipReason":"RedundantExport"}}],
	"reportableIdentifier":"ana@fabrikam.example",
	"statusInfo":{"status":"Skipped","additionalDetails":null,"errorCategory":null,"recommendedAction":null},
	"sourceIdentity":{"type":"User"},"sourceSystem":{"id":null,"name":"Azure Active Directory","details":null},
	"targetSystem":{"id":null,"name":"AtlassianCloud","details":null}}}`

func TestProvisioningOnDemandAnswersAsThePageShows(t *testing.T) {
	c := tenant(t)
	c.Limits = entra.Limits{}
	ana := c.user("ana")
	jira := c.assigned(c.group("jira", ana))
	job := c.setUp()
	rule := c.ask(200, "GET", job+"/schema", "")["synchronizationRules"].([]any)[0].(map[string]any)["id"].(string)
	demand := func(want int, object string, members ...string) map[string]any {
		t.Helper()
		links := ""
		if len(members) > 0 {
			links = `,"links":{"members":[{"objectId":"` + strings.Join(members, `","objectTypeName":"User"},{"objectId":"`) + `","objectTypeName":"User"}]}`
		}
		a := c.ask(want, "POST", job+"/provisionOnDemand", `{"parameters":[{"ruleId":"`+rule+`","subjects":[{"objectId":"`+object+`","objectTypeName":"User"`+links+`}]}]}`)
		if want != 200 {
			return a
		}
		if !strings.HasSuffix(a["@odata.context"].(string), "/v1.0/$metadata#microsoft.graph.stringKeyStringValuePair") {
			t.Errorf("the context is %v", a["@odata.context"])
		}
		out := map[string]any{}
		for _, k := range []string{"key", "value"} {
			var v any
			c.must(json.Unmarshal([]byte(a[k].(string)), &v))
			out[k] = v
		}
		return out
	}
	if got := demand(200, ana)["key"].(map[string]any)["result"]; got != "Success" {
		t.Errorf("the first time: %v", got)
	}
	got := demand(200, ana)
	var want map[string]any
	c.must(json.Unmarshal([]byte(publishedDemand), &want))
	v := got["value"].(map[string]any)
	v["modifiedProperties"] = slices.DeleteFunc(v["modifiedProperties"].([]any), func(m any) bool { return m.(map[string]any)["displayName"] != "IsSoftDeleted" })
	if diff := cmp.Diff(any(want), only(got, want)); diff != "" {
		t.Errorf("(-page +lab):\n%s", diff)
	}
	demand(200, jira, ana)
	c.expect("on demand", []string{"ana@fabrikam.example"}, []string{"jira: ana"})
	demand(404, "5f1b0000-0000-0000-0000-000000000000")
	if a := demand(400, jira, "1", "2", "3", "4", "5", "6"); code(a) != "BadRequest" {
		t.Errorf("six members: %v", a)
	}
	if a := demand(429, ana); code(a) != "TooManyRequests" {
		t.Errorf("the sixth call in ten seconds: %v", a)
	}
	rule = "another"
	c.advance(entra.Interval)
	demand(400, ana)
}
