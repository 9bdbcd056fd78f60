package scope

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/document"
)

var lars = attributes{
	"department": val("Sales"), "country": val("US"), "jobTitle": document.NullValue, "accountEnabled": val("True"), "displayName": val("David"),
	"originalUserPrincipalName": val("lars_partner.example#EXT#@fabrikam.onmicrosoft.com"), "userPrincipalName": val("lars_partner.example"),
	"userType": val("Guest"), "objectId": val("u1"), "extensionAttribute3": val("50003"), "state": val(`a "b"`), "city": val("O'Fallon"),
	"otherMails": document.ListValue([]string{"a@contoso.com", "b@contoso.com"}), "proxyAddresses": document.ListValue([]string{"SMTP:a@x.example", "x500:/o"}),
}

func TestRulesDecideAsEntraDocuments(t *testing.T) {
	tests := map[string]struct {
		rule string
		want Outcome
		why  string // part of the reason, where it is unknown
	}{
		"equal":                                 {`user.department -eq "Sales"`, Pass, ""},
		"letter case does not matter":           {`USER.department -EQ "SALES"`, Pass, ""},
		"parentheses around everything":         {`(user.department -eq "Sales")`, Pass, ""},
		"a hyphen is optional":                  {`user.department eq "Marketing"`, Fail, ""},
		"a dash stands for a hyphen":            {`user.department –eq "Sales" –and user.country –eq "US"`, Pass, ""},
		"not equal":                             {`user.department -ne "Sales"`, Fail, ""},
		"starts with":                           {`user.department -startsWith "sal"`, Pass, ""},
		"does not start with":                   {`user.department -notStartsWith "sal"`, Fail, ""},
		"ends with":                             {`user.department -endsWith "LES"`, Pass, ""},
		"contains":                              {`user.department -contains "ale"`, Pass, ""},
		"does not contain":                      {`user.department -notContains "x"`, Pass, ""},
		"matches":                               {`user.displayName -match "^Da.*"`, Pass, ""},
		"matches anywhere":                      {`user.displayName -match ".*vid"`, Pass, ""},
		"does not match":                        {`user.displayName -notMatch "^x"`, Pass, ""},
		"in a list":                             {`user.extensionAttribute3 -in ["50001","50002","50003"]`, Pass, ""},
		"not in a list":                         {`user.department -notIn ["Support", 'Sales']`, Fail, ""},
		"in an empty list":                      {`user.department -in []`, Fail, ""},
		"a Boolean":                             {`user.accountEnabled -eq true`, Pass, ""},
		"a Boolean in quotes":                   {`user.accountEnabled -eq "false"`, Fail, ""},
		"a number":                              {`user.extensionAttribute3 -eq 50003`, Pass, ""},
		"all users":                             {`user.objectId -ne null`, Pass, ""},
		"members only":                          {`(user.objectId -ne null) -and (user.userType -eq "Member")`, Fail, ""},
		"null equals null":                      {`user.jobTitle -eq null`, Pass, ""},
		"null with a dollar sign":               {`user.jobTitle -ne $null`, Fail, ""},
		"null is no value":                      {`user.jobTitle -eq "x"`, Fail, ""},
		"null starts with nothing":              {`user.jobTitle -startsWith "x"`, Fail, ""},
		"null in a list with null":              {`user.jobTitle -in ["x", null]`, Pass, ""},
		"a negation over null":                  {`user.jobTitle -ne "x"`, Unknown, "user.jobTitle is empty"},
		"a negated list over null":              {`user.jobTitle -notIn ["x"]`, Unknown, "user.jobTitle is empty"},
		"and":                                   {`user.department -eq "Sales" -and user.country -eq "DE"`, Fail, ""},
		"or":                                    {`(user.department -eq "x") -or (user.department -eq "Sales")`, Pass, ""},
		"not binds tighter than and":            {`(user.department -eq "Sales") -and -not (user.jobTitle -startsWith "SDE")`, Pass, ""},
		"and binds tighter than or":             {`user.country -eq "US" -or user.country -eq "DE" -and user.department -eq "x"`, Pass, ""},
		"parentheses change that":               {`(user.country -eq "US" -or user.country -eq "DE") -and user.department -eq "x"`, Fail, ""},
		"a guest's whole name counts":           {`user.userPrincipalName -contains "#EXT#"`, Pass, ""},
		"a double quote in a text":              {"user.state -eq \"a `\"b`\"\"", Pass, ""},
		"a single quote in a text":              {`user.city -eq 'O''Fallon'`, Pass, ""},
		"quotes that a shell escaped":           {"user.department -eq `\"Sales`\"", Pass, ""},
		"a false part outweighs an unknown one": {`user.city2 -eq "x" -and user.country -eq "DE"`, Fail, ""},
		"a true part outweighs an unknown one":  {`user.city2 -eq "x" -or user.country -eq "US"`, Pass, ""},
		"an attribute that is not told":         {`user.city2 -eq "x" -and user.country -eq "US"`, Unknown, "user.city2 is not in the documents"},
		"the negation of what is unknown":       {`-not (user.city2 -eq "x")`, Unknown, "user.city2"},
		"a collection whose values agree":       {`user.otherMails -endsWith "@contoso.com"`, Pass, ""},
		"a collection whose values disagree":    {`user.proxyAddresses -startsWith "SMTP:"`, Unknown, "multi-valued"},
		"-any is named":                         {`(user.proxyAddresses -any (_ -startsWith "contoso"))`, Unknown, "-any"},
		"membership is named":                   {`user.memberOf -any (group.objectId -in ['value'])`, Unknown, "-any"},
		"direct reports are named":              {`Direct Reports for "aaaaaaaa-0000-1111-2222-bbbbbbbbbbbb"`, Unknown, "Direct"},
		"devices are named":                     {`device.displayName -eq "x"`, Unknown, "device.displayName"},
		"dates are named":                       {`user.employeeHireDate -ge system.now -plus p1d`, Unknown, "-ge"},
		"a bare word as value is named":         {`user.userType -eq Guest`, Unknown, "Guest"},
		"a lookahead is named":                  {`user.displayName -match "(?=D)"`, Unknown, "(?="},
		"an open parenthesis":                   {`(user.department -eq "Sales"`, Unknown, "parenthesis"},
		"an open text":                          {`user.department -eq "Sales`, Unknown, "closing quote"},
		"an open list":                          {`user.department -in ["Sales"`, Unknown, "]"},
		"a rule that ends early":                {`user.department -eq`, Unknown, "the end of the rule"},
		"a rule that goes on":                   {`user.department -eq "Sales" "x"`, Unknown, "after the end"},
		"nothing":                               {``, Unknown, "the end of the rule"},
		"a lone backtick":                       {"`", Unknown, "`"},
		"nested deeper than is sensible":        {strings.Repeat("(", 100), Unknown, "nested deeper"},
		"longer than is sensible":               {strings.Repeat("x", 20_000), Unknown, "20000 characters"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			got, why := DynamicRule(tt.rule, lars.get)
			if got != tt.want || (got == Unknown) != (why != "") || !strings.Contains(why, tt.why) {
				t.Errorf("%s is %s (%s), want %s (%s)", tt.rule, got, why, tt.want, tt.why)
			}
		})
	}
}

func drawRule(t *rapid.T, depth int) string {
	atoms := []string{`user.department -eq "Sales"`, `user.country -eq "DE"`, `user.city2 -eq "x"`, `user.jobTitle -eq null`}
	if depth == 0 || rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
		return rapid.SampledFrom(atoms).Draw(t, "atom")
	}
	left := drawRule(t, depth-1)
	switch rapid.SampledFrom([]string{"and", "or", "not"}).Draw(t, "join") {
	case "and":
		return "(" + left + ") -and (" + drawRule(t, depth-1) + ")"
	case "or":
		return "(" + left + ") -or (" + drawRule(t, depth-1) + ")"
	}
	return "-not (" + left + ")"
}

func TestRulesKeepTheLawsOfLogic(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRule(t, 3), drawRule(t, 3)
		is := func(rule string) Outcome { o, _ := DynamicRule(rule, lars.get); return o }
		for left, right := range map[string]string{
			"(" + a + ") -and (" + b + ")":        "(" + b + ") -and (" + a + ")",
			"-not ((" + a + ") -and (" + b + "))": "(-not (" + a + ")) -or (-not (" + b + "))",
			"-not (-not (" + a + "))":             a,
		} {
			if is(left) != is(right) {
				t.Fatalf("%s is %s, but %s is %s", left, is(left), right, is(right))
			}
		}
	})
}

func FuzzDynamicRule(f *testing.F) {
	f.Add(`(user.department -eq "Sales") -and -not (user.jobTitle -startsWith "SDE")`)
	f.Add(`user.extensionAttribute3 -in ["50001",'5''2',null]`)
	f.Add("user.state -eq \"a `\"b`\"\"")
	f.Fuzz(func(t *testing.T, rule string) {
		o, why := DynamicRule(rule, lars.get)
		if (o == Unknown) != (why != "") {
			t.Fatalf("%q is %s with the reason %q", rule, o, why)
		}
		if twice, _ := DynamicRule("-not ("+rule+")", lars.get); o != Unknown && twice != negate(o) && twice != Unknown {
			t.Fatalf("%q is %s and its negation %s", rule, o, twice)
		}
	})
}
