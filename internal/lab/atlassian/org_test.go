package atlassian

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestTheOrganizationNamesItselfAndItsDomains(t *testing.T) {
	w := open(t, &Lab{Org: Org{ID: DefaultOrg, Name: "Acme"}, Domains: []Domain{
		{Name: "acme.example"},
		{Name: "half.example", State: VerifiedUnclaimed},
		{Name: "new.example", State: Unverified},
		{Name: "lost.example", State: Superseded},
		{Name: "old.example", State: Deleted},
		{Name: "bare.example", State: MissingToken},
	}})
	if r := w.admin("GET", "https://api.atlassian.com/admin/v1/orgs", nil).want(t, 200); at(r.object, "data", 0, "attributes", "name") != "Acme" {
		t.Errorf("the organizations are %s", r.text)
	}
	r := w.admin("GET", orgV1+"/domains", nil).want(t, 200)
	var got []string
	for _, d := range at(r.object, "data").([]any) {
		got = append(got, fmt.Sprint(at(d, "attributes", "name"), " ", at(d, "attributes", "claim", "status")))
	}
	want := []string{
		"acme.example verified", "half.example verified", "new.example unverified", "lost.example superseded",
		"old.example deleted", "bare.example missing_token",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("the domains differ:\n%s", diff)
	}
	id := str(at(r.object, "data", 1, "id"))
	if one := w.admin("GET", orgV1+"/domains/"+id, nil).want(t, 200); at(one.object, "data", "attributes", "name") != "half.example" {
		t.Errorf("one domain is %s", one.text)
	}
	w.admin("GET", orgV1+"/domains/none", nil).want(t, 404)
	if r := w.admin("GET", orgV2+"/directories", nil).want(t, 200); len(names(r.object["data"], "directoryId")) != 2 {
		t.Errorf("the directories are %s", r.text)
	}
}

func TestListsOfTheOrganizationArePagedByCursor(t *testing.T) {
	for _, asURL := range []bool{false, true} {
		w := open(t, &Lab{Limits: Limits{OrgPage: 10}, Readings: Readings{CursorIsURL: asURL}})
		for i := range 25 {
			w.user(fmt.Sprintf("u%02d@acme.example", i))
		}
		var got []string
		body := object{"limit": 7}
		for pages := 0; ; pages++ {
			r := w.admin("POST", orgV2+"/directories/-/users/search", body).want(t, 200)
			got = append(got, names(r.object["data"], "email")...)
			next := str(at(r.object, "links", "next"))
			if next == "" {
				if pages != 3 {
					t.Errorf("there are %d pages, want 4", pages+1)
				}
				break
			}
			if strings.HasPrefix(next, "https://") != asURL {
				t.Fatalf("the link to the next page is %q", next)
			}
			if u, err := url.Parse(next); err == nil && asURL {
				next = u.Query().Get("cursor")
			}
			body["cursor"] = next
		}
		if len(got) != 25 || !slices.IsSorted(got) {
			t.Errorf("the pages hold %v", got)
		}
		got = nil
		for next := orgV1 + "/users"; next != ""; {
			r := w.admin("GET", next, nil).want(t, 200)
			got = append(got, names(r.object["data"], "email")...)
			next = str(at(r.object, "links", "next"))
		}
		if len(got) != 25 {
			t.Errorf("version 1 lists %d managed accounts, want 25", len(got))
		}
		if r := w.admin("POST", orgV2+"/directories/-/users/search", object{"cursor": "nonsense"}); at(r.object, "errors", 0, "code") != "ADMIN-400-1" {
			t.Errorf("a wrong cursor gets %s", r.text)
		}
	}
}

func TestAGroupOfTheOrganizationSaysWhoEditsIt(t *testing.T) {
	w := open(t, &Lab{})
	w.team("crew", w.user("ann@acme.example"))
	_, err := w.CreateLocalGroup("local")
	must(t, err)
	r := w.admin("POST", orgV2+"/directories/-/groups/search", object{"expand": []string{"counts.users"}}).want(t, 200)
	for i, want := range []object{
		{"name": "crew", "externalSynced": true, "managedBy": "external", "directoryId": DefaultDirectory},
		{"name": "local", "externalSynced": false, "managedBy": "admins", "directoryId": LocalDirectory},
	} {
		for k, v := range want {
			if got := at(r.object, "data", i, k); got != v {
				t.Errorf("group %d: %s is %v, want %v", i, k, got, v)
			}
		}
	}
	if at(r.object, "data", 0, "counts", "users") != 1.0 {
		t.Errorf("the counts are %s", r.text)
	}
	id := str(at(r.object, "data", 0, "id"))
	w.admin("GET", orgV2+"/directories/-/groups/"+id, nil).want(t, 200)
	w.admin("GET", orgV2+"/directories/"+LocalDirectory+"/groups/"+id, nil).want(t, 404)
	w.admin("GET", orgV2+"/directories/-/groups/none", nil).want(t, 404)
	stats := w.admin("GET", orgV2+"/directories/-/groups/stats", nil).want(t, 200)
	if diff := cmp.Diff(object{"all": 2.0, "managed": 1.0, "synced": 1.0}, stats.object["totals"]); diff != "" {
		t.Errorf("the totals differ:\n%s", diff)
	}
	if err := w.AddToGroup("crew", "ann@acme.example"); err == nil || !strings.Contains(err.Error(), "synced") {
		t.Errorf("a synced group took a member by hand: %v", err)
	}
	if err := w.DeleteLocalGroup("crew"); err == nil {
		t.Error("a synced group was deleted by hand")
	}
	must(t, w.AddToGroup("local", "ann@acme.example"))
	must(t, w.RemoveFromGroup("local", "ann@acme.example"))
	must(t, w.DeleteLocalGroup("local"))
}
