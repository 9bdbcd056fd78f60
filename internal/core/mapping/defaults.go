package mapping

import (
	"strings"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
)

// WorkEmail is the target path of the e-mail address in every default.
const WorkEmail = `emails[type eq "work"].value`

// active is the default row of Entra's SCIM templates.
const active = `Switch([IsSoftDeleted], , "False", "True", "True", "False")`

// row is one attribute of a default: a target and its source expression.
type row [2]string

// Default gives the mappings of a method where no schema is known.
//
// entra-scim: the rows that set-up guides agree on. The default of externalId differs between the gallery app
// (objectId) and the generic one (mailNickname), so there is none. Which attribute matches is not verified:
// Microsoft's page says e-mail, which Atlassian's API refuses as a filter; userName is what works.
//
// guard-nested: the fixed table of Atlassian's connector. identifier, mail or userPrincipalName, fills userName and
// e-mail. The connector reads Graph itself, so nothing is cut from a guest's userPrincipalName.
//
// rollcall: userName from userPrincipalName, which everybody has and which is unique; it is not shown at Atlassian.
// The e-mail address, which Atlassian takes as the identity, is never made up from it. externalId is the object id,
// which survives every renaming.
func Default(method, identifier string) Rules {
	user := []row{
		{"userName", "[userPrincipalName]"},
		{"active", active},
		{"displayName", "[displayName]"},
		{"name.givenName", "[givenName]"},
		{"name.familyName", "[surname]"},
		{WorkEmail, "[mail]"},
	}
	group := []row{{"displayName", "[displayName]"}, {"externalId", "[objectId]"}}
	match := []string{"userName"}
	switch method {
	case document.GuardNested:
		id := "[mail]"
		if strings.EqualFold(identifier, "userPrincipalName") {
			id = "[originalUserPrincipalName]"
		}
		user = []row{
			{"externalId", "[objectId]"},
			{"userName", id},
			{WorkEmail, id},
			{"name.givenName", "[givenName]"},
			{"name.familyName", "[surname]"},
			{"displayName", "[displayName]"},
			{"active", "[accountEnabled]"},
			{"title", "[jobTitle]"},
			{"preferredLanguage", "[preferredLanguage]"},
			{`phoneNumbers[type eq "mobile"].value`, "[mobile]"},
			{`phoneNumbers[type eq "work"].value`, "[telephoneNumber]"},
			{"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department", "[department]"},
		}
		match = []string{"externalId"}
	case document.Rollcall:
		user = append([]row{{"externalId", "[objectId]"}}, user...)
		match = []string{"externalId", "userName"}
	}
	return Rules{User: defaults("User", user, match), Group: defaults("Group", group, []string{"displayName"})}
}

func defaults(object string, rows []row, match []string) ObjectRules {
	o := ObjectRules{Object: object, Present: true, Enabled: true, Add: true, Update: true, Delete: true, Matching: match}
	for _, r := range rows {
		a := AttributeRule{Target: r[0], Source: r[1], FlowType: "Always", Flow: true}
		a.Expr, a.Err = expr.Parse(r[1])
		for i, m := range match {
			if m == a.Target {
				a.Matching = i + 1
			}
		}
		o.Attributes = append(o.Attributes, a)
	}
	return o
}
