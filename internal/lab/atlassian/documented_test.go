package atlassian

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The pairs in this file are written from the vendor's pages, by hand and without the lab: request, answer, and where
// it was read. What differs from world to world (ids, times) is left out of the comparison.

// documented is one call of the vendor's pages. In its texts, {ann}, {bob} and {crew} stand for ids.
type documented struct {
	name, from   string
	method, path string
	body, answer string
	status       int
}

var pairs = []documented{
	{
		name: "a filter that is not supported", from: "cloudkb: user provisioning failing with resource user invalid filter",
		method: "GET", path: "/Users?filter=emails.value%20eq%20%22ann@acme.example%22", status: 400,
		answer: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"invalidFilter","detail":"Resource [USER] invalid filter"}`,
	},
	{
		name: "an address that exists", from: "cloudkb: 409 error when attempting to update email address via user provisioning",
		method: "PATCH", path: "/Users/{bob}", status: 409,
		body:   `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"ann@acme.example"}]}`,
		answer: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Resource [USER]: with email[ann@acme.example] already exists."}`,
	},
	{
		name: "members are added to a group", from: "user provisioning REST API, PATCH /Groups/{id}, example",
		method: "PATCH", path: "/Groups/{crew}", status: 200,
		body: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"members","value":[
			{"value":"{ann}","display":"ann@acme.example"},{"value":"{bob}","display":"bob@acme.example"}]}]}`,
		answer: `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"crew","members":[
			{"type":"User","value":"{ann}","display":"ann@acme.example","$ref":"https://api.atlassian.com/scim/directory/dir-lab/Users/{ann}"},
			{"type":"User","value":"{bob}","display":"bob@acme.example","$ref":"https://api.atlassian.com/scim/directory/dir-lab/Users/{bob}"}],
			"meta":{"resourceType":"Group","location":"https://api.atlassian.com/scim/directory/dir-lab/Groups/{crew}"}}`,
	},
	{
		name: "an empty list", from: "user provisioning REST API, list response",
		method: "GET", path: "/Users?filter=userName%20eq%20%22nobody%22", status: 200,
		answer: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:ListResponse"],"totalResults":0,"startIndex":1,"itemsPerPage":0,"Resources":[]}`,
	},
	{
		name: "a group that exists", from: "Okta: group push to existing groups in Atlassian",
		method: "POST", path: "/Groups", status: 409,
		body:   `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"crew"}`,
		answer: `{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Resource [GROUP]: with displayName already exists."}`,
	},
	{
		name: "links of an address", from: "user provisioning cookbook, get-scim-links-for-email",
		method: "POST", path: "https://api.atlassian.com/admin/user-provisioning/v1/org/org-lab/get-scim-links-for-email", status: 200,
		body:   `{"email":"ann@acme.example"}`,
		answer: `{"scimLinks":[{"scimUserId":"{ann}","atlassianAccountId":"{account}","orgId":"org-lab","directoryId":"dir-lab"}]}`,
	},
	{
		name: "what may be done with a held account", from: "user management API, Manageability.Unallowed",
		method: "GET", path: "https://api.atlassian.com/users/{account}/manage?privileges=lifecycle.enablement", status: 200,
		answer: `{"lifecycle.enablement":{"allowed":false,"reason":{"key":"externalDirectory.scim"}}}`,
	},
	{
		name: "an account that is not there", from: "user management API, NotFound.Account",
		method: "GET", path: "https://api.atlassian.com/users/none/manage", status: 404, answer: `{"key":"accountNotFound"}`,
	},
	{
		name: "a domain that nobody claimed", from: "user management API, Response.Forbidden.UnclaimedDomain",
		method: "PUT", path: "https://api.atlassian.com/users/{dan}/manage/email", status: 403,
		body: `{"email":"veronica@vanlowe-pi.net"}`, answer: `{"key":"forbidden.unclaimedDomain","context":{"domain":"vanlowe-pi.net"}}`,
	},
}

// real is the answer of a live directory of 2021, as an integration's test data shows its shape: the Atlassian schema
// first, groups empty and not absent, what was never sent left out, times with microseconds.
func TestAUserHasTheShapeOfARealAnswer(t *testing.T) {
	w := open(t, &Lab{})
	p := object{
		"schemas": []string{userURN}, "userName": "ann@acme.example", "active": true,
		"emails": []object{{"value": "ann@acme.example", "type": "work", "primary": true}}, "name": object{"givenName": "Ann", "familyName": "Ash"},
	}
	r := w.scim("POST", "/Users", p).want(t, 201)
	want := []string{"active", "emails", "groups", "id", "meta", "name", "schemas", "urn:scim:schemas:extension:atlassian-external:1.0", "userName"}
	if diff := cmp.Diff(want, sortedKeys(r.object)); diff != "" {
		t.Errorf("the attributes differ:\n%s", diff)
	}
	if at(r.object, "schemas", 0) != "urn:scim:schemas:extension:atlassian-external:1.0" || len(at(r.object, "groups").([]any)) != 0 {
		t.Errorf("the answer is %s", r.text)
	}
	if got := w.accountOf("ann@acme.example")["name"]; got != "Ann Ash" {
		t.Errorf("without a displayName the account is called %q", got)
	}
}

func TestTheVendorsDocumentedPairs(t *testing.T) {
	for _, p := range pairs {
		t.Run(p.name, func(t *testing.T) {
			w := open(t, &Lab{})
			ann, bob := w.user("ann@acme.example"), w.user("bob@acme.example")
			crew := w.team("crew")
			dan, err := w.InviteUser("dan@acme.example", "Dan")
			must(t, err)
			fill := replacer("{ann}", ann, "{bob}", bob, "{crew}", crew, "{dan}", dan, "{account}", w.AccountID("ann@acme.example"))
			address, key := fill(p.path), "Bearer "+DefaultAdminKey
			if address[0] == '/' {
				address, key = scimBase+address, "Bearer "+DefaultKey
			}
			var body any
			if p.body != "" {
				body = fill(p.body)
			}
			r := w.ask(p.method, address, key, body).want(t, p.status)
			var want object
			must(t, json.Unmarshal([]byte(fill(p.answer)), &want))
			delete(r.object, "id")
			delete(r.object, "externalId")
			if meta, ok := r.object["meta"].(object); ok {
				delete(meta, "created")
				delete(meta, "lastModified")
			}
			if diff := cmp.Diff(want, r.object); diff != "" {
				t.Errorf("read in %s:\n%s", p.from, diff)
			}
		})
	}
}
