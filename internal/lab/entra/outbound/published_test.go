package outbound

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// exchanges are Microsoft's published requests, written out by hand. The body "" means that there is none.
var exchanges = []struct {
	name, request, body string
	send                func(ctx context.Context, c *Client) error
}{
	{
		"create a user", "POST /Users", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],
			"externalId":"0a21f0f2","userName":"Test_User_00aa","active":true,"emails":[{"primary":true,"type":"work","value":"Test_User_11bb@testuser.com"}],
			"meta":{"resourceType":"User"},"name":{"formatted":"givenName familyName","familyName":"familyName","givenName":"givenName"},"roles":[]}`,
		func(ctx context.Context, c *Client) error {
			return second(c.Create(ctx, "User", NewUser([]Field{
				{Target: "externalId", Value: []string{"0a21f0f2"}},
				{Target: "userName", Value: []string{"Test_User_00aa"}},
				{Target: "active", Value: []string{"True"}},
				{Target: `emails[type eq "work"].value`, Value: []string{"Test_User_11bb@testuser.com"}},
				{Target: "name.formatted", Value: []string{"givenName familyName"}},
				{Target: "name.familyName", Value: []string{"familyName"}},
				{Target: "name.givenName", Value: []string{"givenName"}},
				{Target: "title"},
			})))
		},
	},
	{"get a user", "GET /Users/5d48a0a8e9f04aa38008", "", func(ctx context.Context, c *Client) error { return second(c.Get(ctx, "User", "5d48a0a8e9f04aa38008")) }},
	{
		"get a user by query", `GET /Users?filter=userName eq "Test_User_00aa"`, "",
		func(ctx context.Context, c *Client) error {
			return second(c.Find(ctx, "User", Equals("userName", "Test_User_00aa")))
		},
	},
	{
		"update multi-valued properties", "PATCH /Users/6764549bef60420686bc", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
			{"op":"Replace","path":"emails[type eq \"work\"].value","value":"updatedEmail@microsoft.com"},{"op":"Replace","path":"name.familyName","value":"updatedFamilyName"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "6764549bef60420686bc", Update([]Change{
				replace(`emails[type eq "work"].value`, "updatedEmail@microsoft.com"), replace("name.familyName", "updatedFamilyName"),
			}, c.Strict))
		},
	},
	{
		"update a single-valued property", "PATCH /Users/5171a35d82074e068ce2",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"userName","value":"5b50642d@testuser.com"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "5171a35d82074e068ce2", Update([]Change{replace("userName", "5b50642d@testuser.com")}, c.Strict))
		},
	},
	{
		"disable a user, without the flag", "PATCH /Users/1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"active","value":"False"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{replace("active", "False")}, c.Strict))
		},
	},
	{
		"disable a user, with the flag", "PATCH /Users/1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{replace("active", "False")}, true))
		},
	},
	{
		"add a single-valued text, without the flag", "PATCH /Users/1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Add","path":"nickName","value":"Babs"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{{Field: Field{Target: "nickName", Value: []string{"Babs"}}}}, c.Strict))
		},
	},
	{
		"add a single-valued text, with the flag", "PATCH /Users/1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"add","path":"nickName","value":"Babs"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{{Field: Field{Target: "nickName", Value: []string{"Babs"}}}}, true))
		},
	},
	{
		"replace several attributes, without the flag", "PATCH /Users/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
			{"op":"Replace","path":"displayName","value":"Pvlo"},{"op":"Replace","path":"emails[type eq \"work\"].value","value":"TestBcwqnm@test.microsoft.com"},
			{"op":"Replace","path":"name.givenName","value":"Gtfd"},{"op":"Replace","path":"name.familyName","value":"Pkqf"},{"op":"Replace","path":"externalId","value":"Eqpj"},
			{"op":"Replace","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber","value":"Eqpj"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{
				replace("displayName", "Pvlo"), replace(`emails[type eq "work"].value`, "TestBcwqnm@test.microsoft.com"), replace("name.givenName", "Gtfd"),
				replace("name.familyName", "Pkqf"), replace("externalId", "Eqpj"), replace(enterprise+":employeeNumber", "Eqpj"),
			}, c.Strict))
		},
	},
	{
		"replace several attributes, with the flag", "PATCH /Users/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[
			{"op":"replace","path":"emails[type eq \"work\"].value","value":"TestMhvaes@test.microsoft.com"},
			{"op":"replace","value":{"displayName":"Bjfe","name.givenName":"Kkom","name.familyName":"Unua","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:employeeNumber":"Aklq"}}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{
				replace("displayName", "Bjfe"), replace(`emails[type eq "work"].value`, "TestMhvaes@test.microsoft.com"), replace("name.givenName", "Kkom"),
				replace("name.familyName", "Unua"), replace(enterprise+":employeeNumber", "Aklq"),
			}, true))
		},
	},
	{"delete a user", "DELETE /Users/5171a35d82074e068ce2", "", func(ctx context.Context, c *Client) error { return c.Delete(ctx, "User", "5171a35d82074e068ce2") }},
	{
		"create a group", "POST /Groups", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group","http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"],
			"externalId":"8aa1a0c0","displayName":"displayName","meta":{"resourceType":"Group"}}`,
		func(ctx context.Context, c *Client) error {
			return second(c.Create(ctx, "Group", NewGroup([]Field{{Target: "displayName", Value: []string{"displayName"}}, {Target: "externalId", Value: []string{"8aa1a0c0"}}})))
		},
	},
	{
		"get a group", "GET /Groups/40734ae655284ad3abcc?excludedAttributes=members", "",
		func(ctx context.Context, c *Client) error {
			return second(c.Get(ctx, "Group", "40734ae655284ad3abcc"))
		},
	},
	{
		"get a group by displayName", `GET /Groups?excludedAttributes=members&filter=displayName eq "displayName"`, "",
		func(ctx context.Context, c *Client) error {
			return second(c.Find(ctx, "Group", Equals("displayName", "displayName")))
		},
	},
	{
		"rename a group", "PATCH /Groups/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Replace","path":"displayName","value":"updated"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "Group", "1", Update([]Change{replace("displayName", "updated")}, c.Strict))
		},
	},
	{
		"add a member", "PATCH /Groups/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Add","path":"members","value":[{"$ref":null,"value":"f648"}]}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "Group", "1", AddMembers([]string{"f648"}, c.Strict))
		},
	},
	{
		"remove a member, without the flag", "PATCH /Groups/1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Remove","path":"members","value":[{"$ref":null,"value":"f648"}]}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "Group", "1", RemoveMembers([]string{"f648"}, c.Strict))
		},
	},
	{
		"remove a member, with the flag", "PATCH /Groups/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"7f4b\"]"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "Group", "1", RemoveMembers([]string{"7f4b"}, true))
		},
	},
	{"delete a group", "DELETE /Groups/cdb1ce18f65944079d37", "", func(ctx context.Context, c *Client) error { return c.Delete(ctx, "Group", "cdb1ce18f65944079d37") }},
	{
		"set a manager, as documented", "PATCH /Users/1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Add","path":"manager","value":[{"$ref":"https://scim.example/Users/00aa","value":"00aa"}]}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", SetManager("", c.Base, "00aa", true))
		},
	},
	{
		"ask whether a manager is set (the page writes the filter without quotes)", `GET /Users?filter=id eq "54D382A4" and manager eq "2819c223"&attributes=id`, "",
		func(ctx context.Context, c *Client) error {
			return second(c.Refers(ctx, "User", "54D382A4", "manager", "2819c223"))
		},
	},
	{
		"set a manager, as reported", "PATCH /Users/1",
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Add","path":"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager","value":"00aa"}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", SetManager(enterprise+":manager", c.Base, "00aa", false))
		},
	},
	{
		"remove a manager, as reported", "PATCH /Users/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"manager[value eq \"00aa\"]"}]}`,
		func(ctx context.Context, c *Client) error { return c.Patch(ctx, "User", "1", RemoveManager("00aa")) },
	},
	{
		"create a user with telephone numbers", "POST /Users", user(`"phoneNumbers":[{"value":"555-555-5555","type":"work"},{"value":"555-555-5556","type":"mobile"},{"value":"555-555-5557","type":"fax"}],"roles":[]`),
		func(ctx context.Context, c *Client) error {
			return second(c.Create(ctx, "User", NewUser([]Field{
				{Target: `phoneNumbers[type eq "work"].value`, Value: []string{"555-555-5555"}},
				{Target: `phoneNumbers[type eq "mobile"].value`, Value: []string{"555-555-5556"}},
				{Target: `phoneNumbers[type eq "fax"].value`, Value: []string{"555-555-5557"}},
			})))
		},
	},
	{
		"create a user with an attribute of an extension", "POST /Users", user(`"urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User":{"CustomAttribute":"701984"},"roles":[]`),
		func(ctx context.Context, c *Client) error {
			return second(c.Create(ctx, "User", NewUser([]Field{{Target: "urn:ietf:params:scim:schemas:extension:CustomExtensionName:2.0:User:CustomAttribute", Value: []string{"701984"}}})))
		},
	},
	{
		"create a user with one role (the page adds a type)", "POST /Users", user(`"roles":[{"primary":true,"value":"Admin"}]`),
		func(ctx context.Context, c *Client) error {
			return second(c.Create(ctx, "User", NewUser([]Field{{Target: `roles[primary eq "True"].value`, Value: []string{"Admin"}}})))
		},
	},
	{
		"create a user with several roles", "POST /Users",
		user(`"roles":[{"primary":false,"type":"WindowsAzureActiveDirectoryRole","displayName":"Admin","value":"Admin"},{"primary":false,"type":"WindowsAzureActiveDirectoryRole","displayName":"User","value":"User"}]`),
		func(ctx context.Context, c *Client) error {
			return second(c.Create(ctx, "User", NewUser([]Field{several(false)})))
		},
	},
	{
		"add several roles", "PATCH /Users/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"Add","path":"roles","value":[
			{"value":"{\"id\":\"06b07648\",\"value\":\"Admin\",\"displayName\":\"Admin\"}"},{"value":"{\"id\":\"06b07649\",\"value\":\"User\",\"displayName\":\"User\"}"}]}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{{several(false), true}}, c.Strict))
		},
	},
	{
		"create a user with several roles, assertively", "POST /Users",
		user(`"roles":[{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"Admin","value":"Admin"},{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"User","value":"User"}]`),
		func(ctx context.Context, c *Client) error {
			return second(c.Create(ctx, "User", NewUser([]Field{several(true)})))
		},
	},
	{
		"replace roles", "PATCH /Users/1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"roles","value":[
			{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"Admin","value":"Admin"},{"primary":false,"type":"WindowsAzureActiveDirectoryRole","display":"User","value":"User"}]}]}`,
		func(ctx context.Context, c *Client) error {
			return c.Patch(ctx, "User", "1", Update([]Change{{several(true), true}}, c.Strict))
		},
	},
}

// user is a new user's body with what an example is about: the examples differ in the rest.
func user(with string) string {
	return `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"],"meta":{"resourceType":"User"},` + with + `}`
}

// several are the roles of the page's examples.
func several(assertive bool) Field {
	return Field{Target: "roles", Assertive: assertive, Value: []string{`{"id":"06b07648","value":"Admin","displayName":"Admin"}`, `{"id":"06b07649","value":"User","displayName":"User"}`}}
}

func replace(target, value string) Change {
	return Change{Field: Field{Target: target, Value: []string{value}}, Had: true}
}

func second[T any](_ T, err error) error { return err }

func TestEntrasTrafficIsThatOfThePublishedExamples(t *testing.T) {
	for _, x := range exchanges {
		t.Run(x.name, func(t *testing.T) {
			w := &taped{status: 200, answer: `{"id":"1","totalResults":0,"Resources":[]}`}
			if err := x.send(t.Context(), New("https://scim.example/?x=1", "secret", w)); err != nil {
				t.Fatal(err)
			}
			var want any
			if x.body != "" {
				if err := json.Unmarshal([]byte(x.body), &want); err != nil {
					t.Fatal(err)
				}
			}
			if diff := cmp.Diff([]string{x.request}, w.sent); diff != "" {
				t.Errorf("the request (-published +sent):\n%s", diff)
			}
			if diff := cmp.Diff([]any{want}, w.bodies); diff != "" {
				t.Errorf("its body (-published +sent):\n%s", diff)
			}
			if a := w.header.Get("Authorization"); a != "Bearer secret" || w.header.Get("User-Agent") != "" {
				t.Errorf("headers: %v", w.header)
			}
		})
	}
}
