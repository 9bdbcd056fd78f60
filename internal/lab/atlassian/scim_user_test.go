package atlassian

import (
	"fmt"
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestAZeroLabIsAnEmptyDirectory(t *testing.T) {
	w := open(t, &Lab{Domains: []Domain{}, Sites: []Site{}})
	for _, kind := range []string{"Users", "Groups"} {
		r := w.scim("GET", "/"+kind, nil).want(t, 200)
		if r.object["totalResults"] != 0.0 || len(at(r.object, "Resources").([]any)) != 0 {
			t.Errorf("a new directory has %s: %s", kind, r.text)
		}
	}
}

func TestACreatedUserComesBackWithIdMetaAndTheAccount(t *testing.T) {
	w := open(t, &Lab{})
	r := w.scim("POST", "/Users", person("ann@acme.example")).want(t, 201)
	again := w.scim("GET", "/Users/"+r.id(), nil).want(t, 200)
	if diff := cmp.Diff(r.object, again.object); diff != "" {
		t.Errorf("GET differs from POST:\n%s", diff)
	}
	want := object{
		"schemas":     []any{atlassianURN, userURN, enterpriseURN},
		"id":          r.id(),
		"userName":    "ann@acme.example",
		"externalId":  "x-ann",
		"displayName": "ann",
		"active":      true,
		"emails":      []any{object{"value": "ann@acme.example", "type": "work", "primary": true}},
		"groups":      []any{},
		"meta": object{
			"resourceType": "User", "location": scimBase + "/Users/" + r.id(),
			"created": "2026-11-20T12:00:00.000000Z", "lastModified": "2026-11-20T12:00:00.000000Z",
		},
		atlassianURN: object{"atlassianAccountId": w.AccountID("ann@acme.example")},
	}
	if diff := cmp.Diff(want, r.object); diff != "" {
		t.Errorf("the answer differs:\n%s", diff)
	}
}

func TestTheExtraScimInThePathOfEntrasGalleryAppIsTolerated(t *testing.T) {
	w := open(t, &Lab{})
	id := w.user("ann@acme.example")
	r := w.scim("GET", "/scim/Users?filter="+url.QueryEscape(`userName eq "ann@acme.example"`), nil).want(t, 200)
	if at(r.object, "Resources", 0, "id") != id {
		t.Errorf("the user is not found below the extra /scim: %s", r.text)
	}
}

func TestThereAreThreeFiltersAndNoOther(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	crew := w.team("crew")
	for filter, want := range map[string]any{
		`userName eq "ann@acme.example"`:    ann,
		`userName eq "ANN@acme.example"`:    ann, // whether case counts is not documented
		`USERNAME EQ "ann@acme.example"`:    ann,
		`externalId eq "x-ann"`:             ann,
		`externalId eq "X-ann"`:             nil, // this one is exact
		`userName eq "nobody@acme.example"`: nil,
	} {
		r := w.scim("GET", "/Users?filter="+url.QueryEscape(filter), nil).want(t, 200)
		if got := at(r.object, "Resources", 0, "id"); got != want {
			t.Errorf("%s finds %v, want %v", filter, got, want)
		}
	}
	if r := w.scim("GET", "/Groups?filter="+url.QueryEscape(`displayName eq "crew"`), nil); at(r.object, "Resources", 0, "id") != crew {
		t.Errorf("the group is not found by its name: %s", r.text)
	}
	for _, filter := range []string{
		`emails.value eq "ann@acme.example"`, `userName sw "ann"`, `userName eq "a" and active eq true`, `userName eq ann`,
		`id eq "1"`, `userName`, `userName eq`, `active eq true`,
	} {
		r := w.scim("GET", "/Users?filter="+url.QueryEscape(filter), nil).want(t, 400)
		want := object{
			"schemas": []any{"urn:ietf:params:scim:api:messages:2.0:Error"}, "status": "400",
			"scimType": "invalidFilter", "detail": "Resource [USER] invalid filter",
		}
		if diff := cmp.Diff(want, r.object); diff != "" {
			t.Errorf("%s:\n%s", filter, diff)
		}
	}
	if r := w.scim("GET", "/Groups?filter="+url.QueryEscape(`externalId eq "x-crew"`), nil).want(t, 400); r.object["detail"] != "Resource [GROUP] invalid filter" {
		t.Errorf("a group is searched by another attribute: %s", r.text)
	}
}

func TestAPageHoldsAHundredWhateverCountSays(t *testing.T) {
	w := open(t, &Lab{})
	for i := range 130 {
		w.user(fmt.Sprintf("u%d@acme.example", i))
	}
	for query, want := range map[string][3]int{ // total, start, held
		"":                           {130, 1, 100},
		"?count=1000":                {130, 1, 100},
		"?startIndex=101":            {130, 101, 30},
		"?startIndex=101&count=1000": {130, 101, 30},
		"?startIndex=0&count=5":      {130, 1, 5},
		"?startIndex=-7&count=-1":    {130, 1, 0},
		"?count=0":                   {130, 1, 0},
		"?startIndex=500":            {130, 500, 0},
	} {
		r := w.scim("GET", "/Users"+query, nil).want(t, 200)
		list, _ := r.object["Resources"].([]any)
		got := [3]int{int(r.object["totalResults"].(float64)), int(r.object["startIndex"].(float64)), len(list)}
		if got != want || r.object["itemsPerPage"] != float64(len(list)) {
			t.Errorf("/Users%s: total, start, held = %v, want %v", query, got, want)
		}
	}
	w.scim("GET", "/Users?count=many", nil).want(t, 400)
}

func TestWhatIsRequiredOfAUserIsAskedFor(t *testing.T) {
	w := open(t, &Lab{})
	for _, lack := range []string{"schemas", "userName", "emails"} {
		p := person("ann@acme.example")
		delete(p, lack)
		w.scim("POST", "/Users", p).want(t, 400)
	}
	p := person("ann@acme.example")
	p["emails"] = []object{{"value": "ann@acme.example"}}
	w.scim("POST", "/Users", p).want(t, 400)
	for _, body := range []string{"", "null", "[]", "{", `{"schemas":["x"],"userName":7}`, `{} {}`} {
		if r := w.scim("POST", "/Users", body); r.status != 400 {
			t.Errorf("the body %q gets %d", body, r.status)
		}
	}
}

func TestPutClearsWhatItLeavesOut(t *testing.T) {
	w := open(t, &Lab{})
	p := person("ann@acme.example")
	p["title"], p["nickName"], p["name"] = "Engineer", "annie", object{"givenName": "Ann", "familyName": "Ash"}
	id := w.scim("POST", "/Users", p).want(t, 201).id()
	p = person("ann@acme.example")
	p["id"], p["title"], p["meta"] = "another", "Manager", object{"created": "1999-01-01T00:00:00Z"}
	delete(p, "displayName")
	r := w.scim("PUT", "/Users/"+id, p).want(t, 200)
	for name, want := range map[string]any{"title": "Manager", "nickName": nil, "name": nil, "displayName": nil, "id": id} {
		if diff := cmp.Diff(want, r.object[name]); diff != "" {
			t.Errorf("%s after PUT:\n%s", name, diff)
		}
	}
	if at(r.object, "meta", "created") != "2026-11-20T12:00:00.000000Z" {
		t.Errorf("a read-only attribute was written: %s", r.text)
	}
}

func TestAttributesAreChosenOnUsersButNotOnGroups(t *testing.T) {
	w := open(t, &Lab{})
	ann := w.user("ann@acme.example")
	crew := w.team("crew", ann)
	if r := w.scim("GET", "/Users/"+ann+"?attributes=userName", nil); len(r.object) != 3 || r.object["userName"] == nil {
		t.Errorf("attributes=userName gives %s", r.text)
	}
	if r := w.scim("GET", "/Users/"+ann+"?excludedAttributes=emails,groups", nil); r.object["emails"] != nil || r.object["groups"] != nil || r.object["userName"] == nil {
		t.Errorf("excludedAttributes gives %s", r.text)
	}
	w.scim("GET", "/Users?attributes=userName&excludedAttributes=emails", nil).want(t, 400)
	if r := w.scim("GET", "/Groups/"+crew+"?excludedAttributes=members", nil); len(who(r)) != 1 {
		t.Errorf("a group leaves its members out, which no document has: %s", r.text)
	}
	w = open(t, &Lab{Readings: Readings{GroupsExcludeMembers: true, ListsWithoutMembers: true}})
	crew = w.team("crew", w.user("ann@acme.example"))
	if r := w.scim("GET", "/Groups/"+crew+"?excludedAttributes=members", nil); r.object["members"] != nil {
		t.Errorf("in the other reading the members come all the same: %s", r.text)
	}
	if r := w.scim("GET", "/Groups", nil); at(r.object, "Resources", 0, "members") != nil {
		t.Errorf("in the other reading a list has the members: %s", r.text)
	}
}

func TestTheServiceDescribesItself(t *testing.T) {
	w := open(t, &Lab{})
	config := w.scim("GET", "/ServiceProviderConfig", nil).want(t, 200)
	if at(config.object, "patch", "supported") != true || at(config.object, "filter", "maxResults") != 100.0 || at(config.object, "bulk", "supported") != false {
		t.Errorf("ServiceProviderConfig says %s", config.text)
	}
	for _, urn := range []string{userURN, groupURN, enterpriseURN} {
		if r := w.scim("GET", "/Schemas/"+urn, nil).want(t, 200); r.id() != urn {
			t.Errorf("/Schemas/%s answers %s", urn, r.text)
		}
	}
	for _, path := range []string{"/Schemas", "/ResourceTypes"} {
		w.scim("GET", path, nil).want(t, 200)
	}
	if r := w.scim("GET", "/ResourceTypes/Group", nil).want(t, 200); r.object["endpoint"] != "/Groups" {
		t.Errorf("the resource type says %s", r.text)
	}
	if r, err := w.try("GET", scimBase+"/Bulk", "Bearer "+DefaultKey, nil); err != nil || r.status != 404 {
		t.Errorf("/Bulk answers %d, %v: it does not exist", r.status, err)
	}
}
