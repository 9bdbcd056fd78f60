package scenario_test

import (
	"os"
	"sync"
	"testing"

	"github.com/rollcall/rollcall/internal/scenario"
	"github.com/rollcall/rollcall/internal/testkit"
)

// kubernetes is the base of scenarios about the nested teams of a real organization, whose directory is in sync.
const kubernetes = "kubernetes"

var synced struct {
	once   sync.Once
	tenant *scenario.Tenant
}

// inSync is the organization after a first run: everybody is provisioned, with nesting flattened, and linked.
func inSync(t *testing.T) *scenario.Tenant {
	t.Helper()
	dir := testkit.Shared(t, "data", "kubernetes-teams")
	synced.once.Do(func() {
		tenant, err := scenario.ReadReal(os.DirFS(dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, sentence := range []string{`new file atlassian/org-groups.json: {"data": []}`, `new file atlassian/auth-policies.json: {}`, `new file entra/deleted-users.json: {"value": []}`} {
			if err := tenant.Change(sentence); err != nil {
				t.Fatal(err)
			}
		}
		p := compute(t, load(t, saved(t, tenant), &scenario.Scenario{}), scenario.PlanAsk{}, "", nil)
		if err := tenant.Carry(p); err != nil {
			t.Fatal(err)
		}
		synced.tenant = tenant
	})
	if synced.tenant == nil {
		t.Fatal("the organization could not be read")
	}
	return synced.tenant.Copy()
}
