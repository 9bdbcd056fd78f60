package entra_test

import (
	"encoding/json"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/atlassian"
	"github.com/rollcall/rollcall/internal/lab/entra"
)

// life lets a small company live for some days, with all that the provisioning service writes about it.
func life(t *testing.T) *company {
	c := begin(t, entra.Provisioning{})
	c.someone("old.cyd", "cyd@fabrikam.example", "")
	c.must(c.job.Map("User", "title", "[jobTitle]"))
	c.must(c.job.Filter("User", "No interns", "jobTitle NOT EQUALS Intern"))
	c.must(c.job.Filter("User", "Without a title", "jobTitle IS NULL"))
	c.job.PreventDeletions(1)
	c.assigned(c.group("jira", c.user("ana"), c.user("ben"), c.user("cyd"), c.user("dan"), c.group("nested", c.user("eve"))))
	c.must(c.UpdateUser(c.ids["dan"], entra.Props{"jobTitle": "Intern"}))
	c.start()
	c.must(c.UpdateUser(c.ids["ana"], entra.Props{"jobTitle": "Chef", "displayName": "Anna"}))
	c.must(c.DisableUser(c.ids["ben"]))
	c.cycle()
	c.must(c.DeleteUser(c.ids["ben"]))
	c.advance(31 * 24 * time.Hour)
	c.must(c.Unassign(c.ids["grant of "+c.ids["jira"]]))
	c.assigned(c.ids["cyd"])
	c.cycle()
	c.must(c.job.AllowDeletes())
	c.cycle()
	c.target.Inject(atlassian.Fault{Status: 401})
	c.assigned(c.ids["ana"])
	c.cycle()
	return c
}

func TestWhatTheServiceWritesIsWhatTheContractSays(t *testing.T) {
	check := entra.Contract(t)
	c := life(t)
	seen := map[string]int{}
	for _, r := range c.records() {
		for _, wrong := range check("provisioning", r, "provisioningObjectSummary") {
			t.Error(wrong)
		}
		seen[r["provisioningAction"].(string)+" "+r["provisioningStatusInfo"].(map[string]any)["status"].(string)]++
	}
	for _, want := range []string{"create success", "create skipped", "create failure", "update success", "update skipped", "disable success", "delete success", "stagedDelete success"} {
		if seen[want] == 0 {
			t.Errorf("no record of %s among %v", want, slices.Sorted(maps.Keys(seen)))
		}
	}
	base := "/servicePrincipals/" + c.app + "/synchronization/"
	job := c.graph(base + "jobs/" + c.job.ID())
	if job["status"].(map[string]any)["code"] != "Quarantine" {
		t.Errorf("the job at the end: %v", job)
	}
	delete(job, "@odata.context")
	schema := c.graph(base + "jobs/" + c.job.ID() + "/schema")
	delete(schema, "@odata.context")
	for _, x := range []struct {
		name, typ string
		v         any
	}{{"job", "synchronizationJob", job}, {"schema", "synchronizationSchema", schema}} {
		for _, wrong := range check(x.name, x.v, x.typ) {
			t.Error(wrong)
		}
	}
	for _, v := range c.graph(base + "secrets")["value"].([]any) {
		for _, wrong := range check("secret", v, "synchronizationSecretKeyStringValuePair") {
			t.Error(wrong)
		}
	}
	for _, v := range c.graph("/auditLogs/directoryAudits?$filter=loggedByService eq 'Account Provisioning'")["value"].([]any) {
		for _, wrong := range check("audit", v, "directoryAudit") {
			t.Error(wrong)
		}
	}
}

func TestTheSameLifeIsWrittenInTheSameWords(t *testing.T) {
	tell := func() []string {
		c := life(t)
		var out []string
		for _, r := range c.records() {
			b, err := json.Marshal(r)
			c.must(err)
			out = append(out, string(b))
		}
		return append(out, c.sent...)
	}
	if diff := cmp.Diff(tell(), tell()); diff != "" {
		t.Errorf("two lives differ (-first +second):\n%s", diff)
	}
}

// published are Microsoft's examples, shortened to what can be compared: the list of provisioning events (a group
// that exists already), and the skip of the page on provisioning on demand.
const (
	publishedConflict = `{"provisioningAction":"create","targetIdentity":{"id":"","displayName":"","identityType":"Group","details":{}},
		"initiatedBy":{"id":"","displayName":"Azure AD Provisioning Service","initiatorType":"system"},
		"sourceIdentity":{"displayName":"Self-service Pilot","identityType":"Group"},
		"provisioningStatusInfo":{"status":"failure","errorInformation":{"additionalDetails":null,"errorCategory":"nonServiceFailure","recommendedAction":null}},
		"lastSteps":[{"name":"EntrySynchronizationAdd","provisioningStepType":"matching","status":"success",
			"description":"Group 'Self-service Pilot' will be created in AtlassianCloud (Group is active and assigned in Azure Active Directory, but no matching Group was found in AtlassianCloud)","details":{}},
			{"name":"EntryExportAdd","provisioningStepType":"export","status":"failure","description":"Failed to create Group 'Self-service Pilot' in AtlassianCloud","details":{"ReportableIdentifier":"Self-service Pilot"}}],
		"modified":{"displayName":"Self-service Pilot"}}`
	publishedSkip = `{"lastSteps":[{"name":"EntrySynchronizationScoping","provisioningStepType":"scoping","status":"success","description":"Determine if User in scope by evaluating against each scoping filter"},
		{"name":"EntrySynchronizationSkip","provisioningStepType":"export","status":"skipped",
		"description":"The state of the user in both the source and target systems already match. No change to the User 'ana@fabrikam.example' currently needs to be made.","details":{"SkipReason":"RedundantExport"}}],
		"provisioningStatusInfo":{"status":"skipped","errorInformation":null}}`
)

func TestLogEntriesAreShapedAsThePublishedExamples(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.target.Inject(atlassian.Fault{Method: "POST", Path: "*/Groups", Status: 409})
	c.someone("ana@fabrikam.example", "ana@fabrikam.example", "")
	c.assigned(c.group("Self-service Pilot"))
	c.assigned(c.user("ana"))
	c.start()
	c.must(c.UpdateUser(c.ids["ana"], entra.Props{"mail": "ana@fabrikam.example", "displayName": "Anna"}))
	c.scim("PATCH", "/Users/"+c.record("ana@fabrikam.example")["id"].(string), map[string]any{
		"schemas": []string{"urn:ietf:params:scim:api:messages:2.0:PatchOp"}, "Operations": []any{map[string]any{"op": "replace", "path": "displayName", "value": "Anna"}},
	})
	c.cycle()
	for _, x := range []struct{ of, example string }{{"Self-service Pilot", publishedConflict}, {"Anna", publishedSkip}} {
		var want map[string]any
		c.must(json.Unmarshal([]byte(x.example), &want))
		got := c.last(x.of)
		steps := got["provisioningSteps"].([]any)
		got["lastSteps"] = steps[len(steps)-2:]
		got["modified"] = map[string]any{}
		for _, m := range got["modifiedProperties"].([]any) {
			m := m.(map[string]any)
			got["modified"].(map[string]any)[m["displayName"].(string)] = m["newValue"]
		}
		if diff := cmp.Diff(want, only(got, want)); diff != "" {
			t.Errorf("%s (-published +lab):\n%s", x.of, diff)
		}
	}
}

// only leaves of a value what another one has.
func only(v, like any) any {
	switch like := like.(type) {
	case map[string]any:
		m, ok := v.(map[string]any)
		if !ok || len(like) == 0 {
			return v
		}
		out := map[string]any{}
		for k := range like {
			if x, has := m[k]; has {
				out[k] = only(x, like[k])
			}
		}
		return out
	case []any:
		l, ok := v.([]any)
		if !ok || len(l) != len(like) {
			return v
		}
		out := make([]any, len(l))
		for i := range l {
			out[i] = only(l[i], like[i])
		}
		return out
	}
	return v
}
