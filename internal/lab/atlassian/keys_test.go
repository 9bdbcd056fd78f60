package atlassian

import (
	"testing"
	"time"
)

func TestEachFamilyOfCallsTakesItsOwnKindOfKey(t *testing.T) {
	w := open(t, &Lab{
		Directories: []Directory{{ID: DefaultDirectory, Key: DefaultKey}, {ID: "dir-two", Key: "key-two"}},
		AdminKeys: []AdminKey{
			{Key: DefaultAdminKey}, {Key: "scoped", Scopes: []string{"read:accounts:admin"}}, {Key: "policies", Scopes: []string{"write:policies:admin"}},
		},
	})
	w.user("ann@acme.example")
	account := w.AccountID("ann@acme.example")
	site := basic("admin@acme.example", "site-token")
	keys := []string{"", "Bearer " + DefaultKey, "Bearer key-two", "Bearer " + DefaultAdminKey, "Bearer scoped", "Bearer policies", site, "Bearer wrong", "Basic !"}
	for _, c := range []struct {
		method, address string
		body            any
		want            []int
	}{
		//                                                                  none  dir  two  org scoped pol site wrong bad
		{"GET", scimBase + "/Users", nil, []int{401, 200, 403, 401, 401, 401, 401, 401, 401}},
		{"GET", "https://api.atlassian.com/scim/directory/none/Users", nil, []int{401, 404, 404, 401, 401, 401, 401, 401, 401}},
		{"GET", "https://api.atlassian.com/admin/user-provisioning/v1/org/" + DefaultOrg + "/user/" + account + "/get-scim-links", nil, []int{401, 401, 401, 200, 200, 200, 401, 401, 401}},
		{"GET", orgV1, nil, []int{401, 401, 401, 200, 200, 200, 401, 401, 401}},
		{"GET", orgV1 + "/users", nil, []int{401, 401, 401, 200, 200, 403, 401, 401, 401}},
		{"GET", orgV1 + "/events", nil, []int{401, 401, 401, 200, 403, 403, 401, 401, 401}},
		{"POST", orgV2 + "/directories/-/users/search", object{}, []int{401, 401, 401, 200, 403, 403, 401, 401, 401}},
		{"GET", "https://api.atlassian.com/users/" + account + "/manage", nil, []int{401, 401, 401, 200, 403, 403, 401, 401, 401}},
		{"POST", "https://api.atlassian.com/admin/control/v1/orgs/" + DefaultOrg + "/auth-policy/policy-local/add-users", object{"users": []string{"x@y.example"}}, []int{401, 401, 401, 202, 403, 202, 401, 401, 401}},
		{"GET", "https://" + testHost + "/rest/api/3/myself", nil, []int{401, 401, 401, 401, 401, 401, 200, 401, 401}},
	} {
		for i, key := range keys {
			if r := w.ask(c.method, c.address, key, c.body); r.status != c.want[i] {
				t.Errorf("%s %s with %q: %d, want %d: %s", c.method, c.address, key, r.status, c.want[i], r.text)
			}
		}
	}
}

func TestAnExpiredOrReplacedKeyLetsNobodyIn(t *testing.T) {
	for forbidden, status := range map[bool]int{false: 401, true: 403} {
		w := open(t, &Lab{Readings: Readings{ExpiredKeyIs403: forbidden}, Directories: []Directory{
			{ID: DefaultDirectory, Key: DefaultKey, Expires: noon.Add(time.Hour)},
		}})
		w.scim("GET", "/ServiceProviderConfig", nil).want(t, 200)
		w.now = w.now.Add(time.Hour)
		if r := w.scim("GET", "/ServiceProviderConfig", nil).want(t, status); r.object["error"] == nil || r.object["traceId"] == nil {
			t.Errorf("the failure says %s", r.text)
		}
		key, err := w.RegenerateKey(DefaultDirectory)
		must(t, err)
		w.ask("GET", scimBase+"/Users", "Bearer "+key, nil).want(t, 200)
		w.scim("GET", "/Users", nil).want(t, 401)
		must(t, w.ExpireKey(DefaultDirectory))
		w.ask("GET", scimBase+"/Users", "Bearer "+key, nil).want(t, status)
	}
	w := open(t, &Lab{AdminKeys: []AdminKey{{Key: DefaultAdminKey, Expires: noon.Add(time.Hour)}}})
	w.admin("GET", orgV1, nil).want(t, 200)
	w.now = w.now.Add(2 * time.Hour)
	w.admin("GET", orgV1, nil).want(t, 401)
}

func TestAnotherOrganizationIsNotFound(t *testing.T) {
	w := open(t, &Lab{})
	for _, address := range []string{
		"/admin/v1/orgs/other", "/admin/v1/orgs/other/domains", "/admin/v2/orgs/other/directories", "/admin/user-provisioning/v1/org/other/user/x/get-scim-links",
	} {
		r := w.admin("GET", "https://api.atlassian.com"+address, nil)
		if r.status != 404 || at(r.object, "errors", 0, "code") != "ADMIN-404-2" {
			t.Errorf("%s gets %d %s", address, r.status, r.text)
		}
	}
	for _, address := range []string{"/", "/admin", "/admin/v9/orgs", "/nothing", "/users/x"} {
		if r := w.admin("GET", "https://api.atlassian.com"+address, nil); r.status != 404 {
			t.Errorf("%s gets %d", address, r.status)
		}
	}
}
