package entra_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/testkit"
)

func TestOneUserIsProvisionedOnDemand(t *testing.T) {
	c := begin(t, entra.Provisioning{TenantURL: tenantURL + "?aadOptscim062020"})
	ana, eve := c.user("ana"), c.user("eve")
	jira := c.assigned(c.group("jira", ana, c.user("ben")))
	demand := func(id string, members ...string) entra.Outcome {
		t.Helper()
		o, err := c.job.ProvisionOnDemand(t.Context(), id, members...)
		c.must(err)
		var key struct {
			Result  string
			Details map[string]string
		}
		c.must(json.Unmarshal([]byte(o.Key), &key))
		var value map[string]any
		c.must(json.Unmarshal([]byte(o.Value), &value))
		if key.Result != o.Result {
			t.Errorf("key %s, result %s", o.Key, o.Result)
		}
		return o
	}
	if o := demand(ana); o.Result != "Success" || !strings.Contains(o.Value, `"type":"Export"`) {
		t.Errorf("the first time: %+v", o)
	}
	if o := demand("ana@fabrikam.example"); o.Result != "Skipped" || !strings.Contains(o.Key, "RedundantExport") {
		t.Errorf("the second time: %+v", o)
	}
	if o := demand(eve); o.Result != "Skipped" || !strings.Contains(o.Key, "NotEffectivelyEntitled") {
		t.Errorf("somebody who is not assigned: %+v", o)
	}
	if o := demand(jira, ana); o.Result != "Success" {
		t.Errorf("a group with a member: %+v", o)
	}
	c.expect("on demand", []string{"ana@fabrikam.example"}, []string{"jira: ana"})
	if _, err := c.job.ProvisionOnDemand(t.Context(), jira, eve); err == nil {
		t.Error("a member who is none was taken")
	}
	if _, err := c.job.ProvisionOnDemand(t.Context(), jira, "1", "2", "3", "4", "5", "6"); err == nil {
		t.Error("six members were taken")
	}
	c.start()
	c.expect("then the job is started", []string{"ana@fabrikam.example", "ben@fabrikam.example"}, []string{"jira: ana ben"})
}

func TestALoadedTenantRunsWithItsOwnMappingAndFilters(t *testing.T) {
	c := begin(t, entra.Provisioning{})
	c.Lab = &entra.Lab{Now: c.Now, Wait: c.Wait, Limits: entra.Limits{Off: true}}
	c.must(c.Load(os.DirFS(filepath.Join(testkit.Root(t), "examples", "fabrikam"))))
	apps := c.graph("/servicePrincipals?$filter=displayName eq 'Atlassian Cloud'")["value"].([]any)
	c.app = apps[0].(map[string]any)["id"].(string)
	before := c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs")["value"].([]any)[0].(map[string]any)
	var err error
	c.job, err = c.Provision(c.app, entra.Provisioning{SecretToken: "scim-key", Through: c})
	c.must(err)
	after := c.graph("/servicePrincipals/" + c.app + "/synchronization/jobs")["value"].([]any)[0].(map[string]any)
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the job changed by being taken over (-before +after):\n%s", diff)
	}
	c.job.UseCredentials(tenantURL, "scim-key")
	c.must(c.Advance(t.Context(), time.Hour))
	users := c.at("Users")
	if len(users) < 10 || len(c.at("Groups")) < 3 {
		t.Errorf("provisioned: %q, %q", users, c.at("Groups"))
	}
	filtered := 0
	for _, line := range c.log() {
		if strings.HasSuffix(line, "NotEffectivelyEntitled") {
			filtered++
		}
	}
	if filtered == 0 {
		t.Error("its filter keeps nobody out")
	}
}
