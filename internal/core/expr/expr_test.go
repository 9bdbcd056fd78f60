package expr

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
)

// attributes is a source object; what is not in it is not told.
type attributes map[string]Value

func (a attributes) get(name string) Value { return a[name] }

func text(s string) Value { return document.TextValue(s) }

var (
	null = document.NullValue
	ada  = attributes{
		"IsSoftDeleted": text("False"), "userPrincipalName": text("John.Doe@contoso.com"), "mail": null, "mobile": text("+91 8887779999"),
		"givenName": text("John"), "surname": text("Doe"), "country": text("USA"), "department": text("Sales"), "state": text("QLD"),
		"statusFlag": null, "empty": text(""), "proxyAddresses": document.ListValue([]string{"SMTP:a@b.example", "smtp:c@d.example"}),
		"extensionAttribute5": text("PermissionSetOne, PermissionSetTwo"), "appRoleAssignments": document.ListValue([]string{"Admin"}),
		"UserID": text("jsmith"), "age": text("41"),
	}
)

// The inputs and outputs of Entra's reference page where it gives them, others beside them in the same manner.
func TestExpressionsYieldWhatEntraDocuments(t *testing.T) {
	tests := map[string]struct {
		source string
		want   Value
	}{
		"append a suffix": {`Append([userPrincipalName], ".test")`, text("John.Doe@contoso.com.test")},
		"coalesce takes the first that is not null":     {`Coalesce([mail],[userPrincipalName])`, text("John.Doe@contoso.com")},
		"coalesce may end with a default":               {`Coalesce([mail], "none")`, text("none")},
		"coalesce of nulls is null":                     {`Coalesce([mail], [statusFlag])`, null},
		"coalesce keeps an empty text":                  {`Coalesce([mail], "")`, text("")},
		"IIF takes the branch":                          {`IIF([country]="USA",[country],[department])`, text("USA")},
		"IIF takes the other branch":                    {`IIF([country]<>"USA",[country],[department])`, text("Sales")},
		"IIF nests":                                     {`IIF([country]="USA",IIF([state]="CA","True","False"),"False")`, text("False")},
		"numbers compare":                               {`IIF([age] >= 41, "old", "young")`, text("old")},
		"numbers compare downwards":                     {`IIF([age] < 41, "young", "old")`, text("old")},
		"a test of a present attribute":                 {`IIF(IsPresent([country]),[country],"Other")`, text("USA")},
		"null is null":                                  {`IsNull([mail])`, text("True")},
		"an empty text is not null":                     {`IsNull([empty])`, text("False")},
		"an empty text is null or empty":                {`IsNullOrEmpty([empty])`, text("True")},
		"a text is present":                             {`IsPresent([country])`, text("True")},
		"the spelling of the page's headline works":     {`IsNullorEmpty([mail])`, text("True")},
		"item counts from one":                          {`Item([proxyAddresses], 1)`, text("SMTP:a@b.example")},
		"join leaves out what is empty":                 {`Join(", ", "", [surname], [givenName])`, text("Doe, John")},
		"join leaves out null":                          {`Join(" ", [givenName], [mail], [surname])`, text("John Doe")},
		"join flattens lists":                           {`Join(";", [proxyAddresses], "x")`, text("SMTP:a@b.example;smtp:c@d.example;x")},
		"join takes bare numbers":                       {`Join("", 1000, [UserID])`, text("1000jsmith")},
		"join of nothing is null":                       {`Join("-", [mail], "")`, null},
		"left":                                          {`Left("John Doe", 3)`, text("Joh")},
		"left of nothing":                               {`Left("John Doe", 0)`, text("")},
		"left below zero is the whole":                  {`Left("John Doe", -1)`, text("John Doe")},
		"left beyond the end is the whole":              {`Left("John", 10)`, text("John")},
		"left of null is empty":                         {`Left([mail], 3)`, text("")},
		"mid":                                           {`Mid([userPrincipalName], 1, 8)`, text("John.Doe")},
		"mid ends with the text":                        {`Append(Mid([givenName], 1, 3), Mid([surname], 1, 5))`, text("JohDoe")},
		"mid of the empty text is empty":                {`Mid("", 1, 2)`, text("")},
		"mid takes quoted numbers":                      {`Mid("abc", "2", "1")`, text("b")},
		"positions count UTF-16 units":                  {`Mid("a𝄞b", 4, 1)`, text("b")},
		"diacritics":                                    {`NormalizeDiacritics("Zoë Øre Straße Łódź")`, text("Zoe OEre Strasse Lodz")},
		"not":                                           {`Not([IsSoftDeleted])`, text("True")},
		"not of anything but True is True":              {`Not("banana")`, text("True")},
		"replace without a regular expression":          {`Replace("john.doe@contoso.com", "@contoso.com", , ,"", ,)`, text("john.doe")},
		"replace all occurrences":                       {`Replace("a-b-c", "-", , , "+", , )`, text("a+b+c")},
		"replace minds letter case":                     {`Replace("Product", "product", , , "x", , )`, text("Product")},
		"replace into a template":                       {`Replace([UserID],"<username>", , , , , "<username>@contoso.com")`, text("jsmith@contoso.com")},
		"one role":                                      {`SingleAppRoleAssignment([appRoleAssignments])`, text("Admin")},
		"split trims":                                   {`Split([extensionAttribute5], ",")`, document.ListValue([]string{"PermissionSetOne", "PermissionSetTwo"})},
		"strip spaces":                                  {`StripSpaces(" a b ")`, text("ab")},
		"switch takes the value of the key":             {`Switch([state], "Australia/Sydney", "NSW", "Australia/Sydney","QLD", "Australia/Brisbane")`, text("Australia/Brisbane")},
		"switch takes the default":                      {`Switch([country], "?", "NSW", "x")`, text("?")},
		"switch minds letter case":                      {`Switch([state], "none", "qld", "x")`, text("none")},
		"switch without default is null":                {`Switch([country], , "NSW", "x")`, null},
		"the default mapping of active":                 {`Switch([IsSoftDeleted], , "False", "True", "True", "False")`, text("True")},
		"an empty source matches the empty key":         {`Switch([statusFlag], "Default Value", "true", "1", "", "0")`, text("0")},
		"a present source is its own default":           {`Switch([country],[country],"","Other")`, text("USA")},
		"a nested test as the source":                   {`Switch(IsPresent([mail]), "DefaultValue", "True", [mail])`, text("DefaultValue")},
		"lower case":                                    {`ToLower("ÄB")`, text("äb")},
		"upper case":                                    {`ToUpper([state], )`, text("QLD")},
		"lower case of null is null":                    {`ToLower([mail])`, null},
		"word":                                          {`Word("The quick brown fox",3," ")`, text("brown")},
		"word over several delimiters":                  {`Word("This,string!has&many separators",3,",!&#")`, text("has")},
		"word before the first is empty":                {`Word("a b", 0, " ")`, text("")},
		"word behind the last is empty":                 {`Word("a b", 3, " ")`, text("")},
		"word without a delimiter in the text":          {`Word("ab", 1, " ")`, text("")},
		"duplicates":                                    {`Join(",", RemoveDuplicates(Split("a,b,a", ",")))`, text("a,b")},
		"redact hides in the log only":                  {`Redact([state])`, text("QLD")},
		"ignore flow":                                   {`IgnoreFlowIfNullOrEmpty([empty])`, null},
		"trim":                                          {`Trim(" a ")`, text("a")},
		"an attribute alone":                            {`[state]`, text("QLD")},
		"a constant alone":                              {`"a \"b\" \\ c"`, text(`a "b" \ c`)},
		"blanks and lines anywhere":                     {" Append (\n [UserID] ,\t\"x\" ) ", text("jsmithx")},
		"a branch that is not taken does not matter":    {`Coalesce([state], [nowhere], Guid())`, text("QLD")},
		"an unknown key behind the hit does not matter": {`Switch([state], , "QLD", "x", [nowhere], "y")`, text("x")},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := Parse(tt.source)
			if err != nil {
				t.Fatal(err)
			}
			got, err := e.Eval(ada.get)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tt.source, diff)
			}
		})
	}
}

func TestAnAttributeThatIsNotToldMakesTheResultNotKnown(t *testing.T) {
	for _, source := range []string{
		`[nowhere]`, `Append([nowhere], "x")`, `Append("x", [nowhere])`, `Join("", "a", [nowhere])`, `Coalesce([mail], [nowhere], "x")`,
		`Switch([nowhere], "d", "a", "b")`, `Switch([state], "d", [nowhere], "b")`, `IIF([nowhere] = "x", "a", "a")`, `IsNull([nowhere])`,
		`Not([nowhere])`, `Left("abc", [nowhere])`, `Mid([nowhere], 1, 1)`, `Word([nowhere], 1, " ")`, `Item([nowhere], 1)`,
		`Split([nowhere], ",")`, `Replace([nowhere], "a", , , "b")`, `ToLower([nowhere])`, `IgnoreFlowIfNullOrEmpty([nowhere])`,
		`RemoveDuplicates([nowhere])`, `SingleAppRoleAssignment([nowhere])`, `Redact([nowhere])`, `[state] = [nowhere]`,
	} {
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		if v, err := e.Eval(ada.get); err != nil || v.Known {
			t.Errorf("%s = %v, %v; want a value that is not known", source, v, err)
		}
	}
}

func TestWhatHasNoAnswerSaysSo(t *testing.T) {
	tests := map[string]struct{ source, want string }{
		"a function that is not evaluated":            {`Guid()`, "Guid is not evaluated: it is random"},
		"a nested one":                                {`ToLower(RandomString(6,3,0,0,3))`, "RandomString is not evaluated: it is random"},
		"one that does not exist":                     {`Frobnicate([state])`, "function Frobnicate is not in Entra's reference"},
		"replace without a replacement":               {`Replace("a", "a", , , , , )`, "Replace without a replacement is not documented"},
		"replace of nothing":                          {`Replace("a", "", , , "b")`, "Replace without a value to replace is not documented"},
		"replace in two ways at once":                 {`Replace("a", "a", , , "b", , "c")`, "two of the documented ways at once"},
		"IIF over an empty attribute":                 {`IIF([mail]="", "Other", [country])`, "IIF fails in Entra where [mail] is empty"},
		"IIF over a test of an empty attribute":       {`IIF(IsNullOrEmpty([mail]),"Other",[country])`, "IIF fails in Entra where [mail] is empty"},
		"IIF over neither true nor false":             {`IIF([state], "a", "b")`, `neither True nor False`},
		"texts that differ by case":                   {`IIF([country]="usa", "a", "b")`, "only by letter case"},
		"an order of texts":                           {`[country] > "A"`, "no numbers"},
		"a list where one text is wanted":             {`ToLower([proxyAddresses])`, "multi-valued"},
		"append of null":                              {`Append([mail], "x")`, "Append of an empty attribute is not documented"},
		"mid before the text":                         {`Mid("abc", 0, 1)`, "is not documented"},
		"mid behind the end":                          {`Mid("abc", 9, 2)`, "is not documented"},
		"item zero":                                   {`Item([proxyAddresses], 0)`, "Item 0"},
		"item of a single text":                       {`Item([state], 1)`, "Item 1"},
		"two delimiters in a row":                     {`Word("a  b", 2, " ")`, "two delimiters in a row"},
		"split without delimiter":                     {`Split("ab", "")`, "not one character"},
		"a number that was left out":                  {`Left("abc", )`, "without the number of characters"},
		"more text than is sensible":                  {`Replace(Replace(Replace("` + strings.Repeat("a", 900) + `","a",,,"` + strings.Repeat("a", 900) + `"),"a",,,"` + strings.Repeat("b", 900) + `"),"b",,,"` + strings.Repeat("c", 900) + `")`, "more than"},
		"a comparison with nothing on the right side": {`[state] = [mail]`, "empty value"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			e, err := Parse(tt.source)
			if err != nil {
				t.Fatal(err)
			}
			v, err := e.Eval(ada.get)
			var unanswered *NotEvaluatedError
			if !errors.As(err, &unanswered) || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("%s = %v, %v; want an error with %q", tt.source, v, err, tt.want)
			}
		})
	}
}

func TestWhatEntraItselfRefusesIsAPlainError(t *testing.T) {
	for source, want := range map[string]string{
		`Left("abc", "x")`:                    "not a whole number",
		`Mid("abc", 1, 99999999999999999999)`: "not a whole number",
	} {
		e, err := Parse(source)
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Eval(ada.get)
		var unanswered *NotEvaluatedError
		if err == nil || errors.As(err, &unanswered) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want an error of the expression with %q", source, err, want)
		}
	}
}

func TestEveryLetterOfEntrasTableLosesItsMark(t *testing.T) {
	for want, letters := range map[string]string{
		"a": "ä à â ã å á ą ă ā ā́ ā̀ ā̂ ā̃ ǟ ā̈ ǡ a̱ å̄", "AE": "Æ Ǣ", "c": "ç č ć c̄ c̱", "d": "ď d̄ ḏ", "e": "ë è é ê ę ě ė ē ḗ ḕ ē̂ ē̃ ê̄ e̱ ë̄ e̊̄",
		"I": "Ï Î Ì Í İ Ī Ī́ Ī̀ Ī̂ Ī̃ I̱", "i": "ı", "l": "ľ ł l̄ ḹ ḻ", "N": "Ñ Ń Ň N̄ Ṉ", "o": "ö ò ő õ ô ó ō ṓ ṑ ō̂ ō̃ ȫ ō̈ ǭ ȭ ȱ o̱",
		"oe": "ø ø̄ œ̄", "OE": "Ø Ø̄ Œ̄", "R": "Ř R̄ Ṟ Ṝ", "ss": "ß", "s": "š ś ș ş s̄ s̱", "t": "ť ț t̄ ṯ",
		"u": "ü ù û ú ů ű ū ū́ ū̀ ū̂ ū̃ u̇̄ ǖ ṻ ṳ̄ u̱", "y": "ÿ ý ȳ ȳ́ ȳ̀ ȳ̃ y̱", "Z": "Ź Ž Ż Z̄ Ẕ", "g": "ğ ḡ g̱",
	} {
		for letter := range strings.FieldsSeq(letters) {
			if got := normalizeDiacritics(letter); got != want {
				t.Errorf("%q (%+q) becomes %q, want %q", letter, letter, got, want)
			}
		}
	}
	if got := normalizeDiacritics("Жœđ 漢"); got != "Жœđ 漢" {
		t.Errorf("letters outside the table changed: %q", got)
	}
}

func TestAttributesAreNamedOnceInOrder(t *testing.T) {
	e, err := Parse(`Coalesce(Join(" ", [givenName], [surname]), IIF([givenName] = [mail], "x", [state]))`)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"givenName", "surname", "mail", "state"}, e.Attributes()); diff != "" {
		t.Errorf("attributes (-want +got):\n%s", diff)
	}
}
