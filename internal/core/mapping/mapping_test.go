package mapping

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/expr"
)

// attributes is a source object; what is not in it is not told.
type attributes map[string]document.AttributeValue

func (a attributes) get(name string) document.AttributeValue { return a[name] }

func some(pairs ...string) attributes {
	a := attributes{}
	for i := 0; i < len(pairs); i += 2 {
		a[pairs[i]] = document.TextValue(pairs[i+1])
	}
	return a
}

func TestDefaultsFillWhatTheMethodFills(t *testing.T) {
	guest := &document.User{ID: "u1", UserPrincipalName: "lars_partner.example#EXT#@fabrikam.onmicrosoft.com", Mail: document.Some("lars@partner.example"), AccountEnabled: document.Some(true)}
	tests := map[string]struct {
		method, identifier                    string
		userName, email, externalID, matching string
	}{
		"Entra's own app takes a guest's own address":          {document.EntraSCIM, "", "lars@partner.example", "lars@partner.example", "", "userName"},
		"Guard's connector takes mail by default":              {document.GuardNested, "", "lars@partner.example", "lars@partner.example", "u1", "externalId"},
		"Guard's connector can take the name, whole":           {document.GuardNested, "userPrincipalName", guest.UserPrincipalName, guest.UserPrincipalName, "u1", "externalId"},
		"rollcall links by object id and names by UPN":         {document.Rollcall, "", "lars@partner.example", "lars@partner.example", "u1", "externalId,userName"},
		"an unknown method is treated like Entra's own app":    {"", "", "lars@partner.example", "lars@partner.example", "", "userName"},
		"an identifier means nothing to the other two methods": {document.EntraSCIM, "mail", "lars@partner.example", "lars@partner.example", "", "userName"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rules := Default(tt.method, tt.identifier)
			r := rules.User.Map(guest.Attribute, false)
			got := []string{r.UserName().Text, r.Email().Text, r.ExternalID().Text, strings.Join(rules.User.Matching, ",")}
			if diff := cmp.Diff([]string{tt.userName, tt.email, tt.externalID, tt.matching}, got); diff != "" {
				t.Errorf("userName, email, externalId, matching (-want +got):\n%s", diff)
			}
			if rules.Known || !rules.User.Enabled || !rules.User.Add || !rules.Group.Present {
				t.Errorf("defaults that do not provision: %+v", rules)
			}
		})
	}
}

func TestEveryDefaultExpressionParses(t *testing.T) {
	for _, method := range []string{document.EntraSCIM, document.GuardNested, document.Rollcall} {
		for _, id := range []string{"mail", "userPrincipalName"} {
			rules := Default(method, id)
			for _, a := range append(rules.User.Attributes, rules.Group.Attributes...) {
				if a.Err != nil || a.Expr.String() != a.Source {
					t.Errorf("%s: %s ← %s: %v", method, a.Target, a.Source, a.Err)
				}
			}
			if attribute, bad := MatchingFault(rules); bad {
				t.Errorf("%s matches on %s, which cannot work", method, attribute)
			}
		}
	}
}

func TestActiveFollowsIsSoftDeleted(t *testing.T) {
	for gone, want := range map[bool]string{false: "True", true: "False"} {
		if got := Default(document.EntraSCIM, "").User.Map(attributes{}.get, gone).Active(); got.Text != want || !got.Known {
			t.Errorf("soft-deleted %v: active is %+v, want %s", gone, got, want)
		}
	}
}

func TestFaultsNameWhatAtlassianRequires(t *testing.T) {
	noMail := some("userPrincipalName", "ada@fabrikam.example")
	noMail["mail"] = document.NullValue
	empty := some("userPrincipalName", "ada@fabrikam.example", "mail", "")
	tests := map[string]struct {
		rules ObjectRules
		user  attributes
		want  []Fault
	}{
		"all is well":                   {user: some("userPrincipalName", "ada@fabrikam.example", "mail", "ada@fabrikam.example")},
		"no address":                    {user: noMail, want: []Fault{{WorkEmail, Missing, "[mail] is empty"}}},
		"an empty address":              {user: empty, want: []Fault{{WorkEmail, Missing, "[mail] is empty"}}},
		"an address that is not told":   {user: some("userPrincipalName", "a"), want: []Fault{{WorkEmail, Unknown, "[mail]: mail: not in the documents"}}},
		"an address without @":          {user: some("userPrincipalName", "a", "mail", "ada"), want: []Fault{{WorkEmail, Invalid, `"ada" is no e-mail address`}}},
		"an address with a blank":       {user: some("userPrincipalName", "a", "mail", "a da@b.example"), want: []Fault{{WorkEmail, Invalid, `"a da@b.example" is no e-mail address`}}},
		"an address with two @":         {user: some("userPrincipalName", "a", "mail", "a@b@c"), want: []Fault{{WorkEmail, Invalid, `"a@b@c" is no e-mail address`}}},
		"an address without a domain":   {user: some("userPrincipalName", "a", "mail", "a@"), want: []Fault{{WorkEmail, Invalid, `"a@" is no e-mail address`}}},
		"no rows for either":            {rules: withRows("title", "[jobTitle]"), user: noMail, want: []Fault{{"userName", Missing, "no attribute mapping fills userName"}, {WorkEmail, Missing, "no attribute mapping fills " + WorkEmail}}},
		"an expression that fails":      {rules: withRows("userName", `Left([mail], "x")`, "emails.value", "[mail]"), user: some("mail", "a@b"), want: []Fault{{"userName", Error, `Left([mail], "x"): the number of characters of Left is "x", not a whole number`}}},
		"an expression without answer":  {rules: withRows("userName", `Guid()`, "emails.value", "[mail]"), user: some("mail", "a@b"), want: []Fault{{"userName", Unknown, "Guid(): Guid is not evaluated: it is random, so that every run would give another value"}}},
		"the target's own spelling":     {rules: withRows("USERNAME", "[mail]", `emails[primary eq "True"].value`, "[mail]"), user: noMail, want: []Fault{{"USERNAME", Missing, "[mail] is empty"}, {`emails[primary eq "True"].value`, Missing, "[mail] is empty"}}},
		"a row that writes nothing":     {rules: withRows("userName", "", "emails.value", "[mail]"), user: some("mail", "a@b"), want: []Fault{{"userName", Missing, "no attribute mapping fills userName"}}},
		"the first row for a target":    {rules: withRows("userName", "[mail]", "userName", "[nowhere]", "emails.value", "[mail]"), user: some("mail", "a@b")},
		"an expression nobody can read": {rules: withRows("userName", "Left(", "emails.value", "[mail]"), user: some("mail", "a@b"), want: []Fault{{"userName", Unknown, "Left(: expression, character 6: expected , or ) after argument 1 of Left, found end of the expression"}}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			rules := tt.rules
			if rules.Attributes == nil {
				rules = Default(document.EntraSCIM, "").User
			}
			if diff := cmp.Diff(tt.want, rules.Faults(rules.Map(tt.user.get, false))); diff != "" {
				t.Errorf("faults (-want +got):\n%s", diff)
			}
		})
	}
}

func withRows(pairs ...string) ObjectRules {
	o := ObjectRules{Object: "User"}
	for i := 0; i < len(pairs); i += 2 {
		a := AttributeRule{Target: pairs[i], Source: pairs[i+1], Flow: pairs[i+1] != ""}
		if a.Flow {
			a.Expr, a.Err = expr.Parse(a.Source)
		}
		o.Attributes = append(o.Attributes, a)
	}
	return o
}

func TestTheEmailIsThePrimaryOrWorkAddressHoweverItIsSpelled(t *testing.T) {
	for name, tt := range map[string]struct {
		targets []string
		want    string
	}{
		"work":                               {[]string{`emails[type eq "work"].value`}, `emails[type eq "work"].value`},
		"letter case and blanks":             {[]string{`Emails[Type EQ "Work"] .value`}, `Emails[Type EQ "Work"] .value`},
		"work before home":                   {[]string{`emails[type eq "home"].value`, `emails[type eq "work"].value`}, `emails[type eq "work"].value`},
		"primary before work":                {[]string{`emails[type eq "work"].value`, `emails[primary eq true].value`}, `emails[primary eq true].value`},
		"any other where there is no work":   {[]string{`emails[type eq "other"].value`}, `emails[type eq "other"].value`},
		"without a filter":                   {[]string{"emails.value"}, "emails.value"},
		"with the schema's prefix":           {[]string{`urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value`}, `urn:ietf:params:scim:schemas:core:2.0:User:emails[type eq "work"].value`},
		"not the flag beside the address":    {[]string{`emails[type eq "work"].primary`}, ""},
		"not the type beside the address":    {[]string{"emails.type"}, ""},
		"not another attribute":              {[]string{"userName", "externalId"}, ""},
		"the first of two that are alike":    {[]string{"emails[0].value", "emails[1].value"}, "emails[0].value"},
		"not an attribute that starts alike": {[]string{"emailsSent", "emailVerified"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			var pairs []string
			for _, target := range tt.targets {
				pairs = append(pairs, target, "[mail]")
			}
			if got := withRows(pairs...).Map(some("mail", "a@b").get, false).emailTarget(); got != tt.want {
				t.Errorf("%q, want %q", got, tt.want)
			}
		})
	}
}

func TestMatchingOnWhatAtlassianCannotSearchIsAFault(t *testing.T) {
	for name, tt := range map[string]struct {
		object   string
		matching []string
		want     string
	}{
		"user name":                      {"User", []string{"userName"}, ""},
		"external id, then user name":    {"User", []string{"externalId", "userName"}, ""},
		"letter case does not matter":    {"User", []string{"USERNAME"}, ""},
		"e-mail":                         {"User", []string{`emails[type eq "work"].value`, "userName"}, `emails[type eq "work"].value`},
		"e-mail in second place":         {"User", []string{"userName", `emails[type eq "work"].value`}, `emails[type eq "work"].value`},
		"a user's display name":          {"User", []string{"displayName"}, "displayName"},
		"a group's display name":         {"Group", []string{"displayName"}, ""},
		"a group's external id":          {"Group", []string{"externalId"}, ""},
		"a group's user name":            {"Group", []string{"userName"}, "userName"},
		"no matching attribute is known": {"User", nil, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got, bad := ObjectRules{Object: tt.object, Matching: tt.matching}.MatchingFault()
			if got != tt.want || bad != (tt.want != "") {
				t.Errorf("%q, %v; want %q", got, bad, tt.want)
			}
		})
	}
}

// A value is known, or it says why not; and nothing that was not told turns into "missing".
func TestAValueThatIsNotKnownIsNeverMissing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		user := attributes{}
		for _, name := range []string{"userPrincipalName", "mail", "objectId", "displayName"} {
			switch rapid.IntRange(0, 3).Draw(t, name) {
			case 0:
				user[name] = document.NullValue
			case 1:
				user[name] = document.TextValue(rapid.SampledFrom([]string{"", "ada", "ada@b.example"}).Draw(t, "text"))
			}
		}
		rules := Default(rapid.SampledFrom([]string{document.EntraSCIM, document.GuardNested, document.Rollcall}).Draw(t, "method"), "").User
		r := rules.Map(user.get, false)
		for target, m := range r.Values {
			if m.Known == (m.Why != "") {
				t.Fatalf("%s: known %v with the reason %q", target, m.Known, m.Why)
			}
		}
		for _, f := range rules.Faults(r) {
			if m := r.Values[f.Target]; (f.Kind == Unknown) == m.Known || (f.Kind == Missing) != m.Empty() {
				t.Fatalf("%+v for %+v", f, m)
			}
		}
	})
}
