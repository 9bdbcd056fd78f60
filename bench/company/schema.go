package company

import (
	"fmt"
	"strings"
)

// schema writes the mappings of Entra's gallery application, without a scoping filter.
func schema(c *company, s *sheet) {
	row := func(target, kind, expression string, matching int) string {
		name := strings.Trim(expression, "[]")
		if kind == "Function" {
			name, _, _ = strings.Cut(expression, "(")
		}
		return fmt.Sprintf(`{"targetAttributeName":%q,"defaultValue":null,"matchingPriority":%d,"flowType":"Always","flowBehavior":"FlowWhenChanged","source":{"type":%q,"name":%q,"expression":%q,"parameters":[]}}`,
			target, matching, kind, name, expression)
	}
	object := func(name, source string, rows ...string) string {
		return fmt.Sprintf(`{"name":"Provision Azure Active Directory %ss","enabled":true,"flowTypes":"Add,Update,Delete","scope":null,"sourceObjectName":%q,"targetObjectName":"urn:ietf:params:scim:schemas:core:2.0:%s","attributeMappings":[%s]}`,
			name, source, name, strings.Join(rows, ","))
	}
	groups := object("Group", "Group", row("displayName", "Attribute", "[displayName]", 1), row("externalId", "Attribute", "[objectId]", 0), row("members", "Attribute", "[members]", 0))
	users := object("User", "User",
		row("userName", "Attribute", "[userPrincipalName]", 1),
		row("active", "Function", `Switch([IsSoftDeleted], , "False", "True", "True", "False")`, 0),
		row("displayName", "Attribute", "[displayName]", 0),
		row("title", "Attribute", "[jobTitle]", 0),
		row(`emails[type eq "work"].value`, "Attribute", "[mail]", 0),
		row("name.givenName", "Attribute", "[givenName]", 0),
		row("name.familyName", "Attribute", "[surname]", 0),
		row("name.formatted", "Function", `Join(" ", [givenName], [surname])`, 0),
		row("externalId", "Attribute", "[objectId]", 0),
		row("urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "Attribute", "[department]", 0))
	fmt.Fprintf(s.w, `{"id":"atlassianCloud.%s","version":"1","directories":[],"synchronizationRules":[{"id":"r1","name":"USERGROUP_OUTBOUND_USERGROUP","priority":1,"editable":true,"sourceDirectoryName":"Azure Active Directory","targetDirectoryName":"AtlassianCloud","objectMappings":[%s,%s]}]}`, c.app, groups, users)
}

// guardLog is what the administration page shows of people whose address another account holds.
func guardLog(c *company, s *sheet) {
	for i := range c.people {
		if p := &c.people[i]; p.trouble == duplicateAccount {
			fmt.Fprintf(s.w, "2026-11-20 11:41:02 UTC  409  Resource [USER]: with email[%s] already exists.\n", p.mail)
		}
	}
}
