package expr

import (
	"slices"
	"strings"

	"github.com/rollcall/rollcall/internal/core/dotnet"
)

// family is a chapter of the table.
type family struct {
	title     string
	functions []*function
}

// families are the language: every function of Entra's reference, what it does and where it has no answer here.
var families = []family{
	{"Decisions", decisions},
	{"Text", texts},
	{"Lists, numbers and encodings", lists},
	{"Dates", dates},
	{"Without an answer here", refused},
}

var functions = func() []*function {
	var all []*function
	for _, f := range families {
		all = append(all, f.functions...)
	}
	return slices.Clip(all)
}()

var decisions = []*function{
	{
		name: "Coalesce", signature: "Coalesce(source1, source2, …, defaultValue)", min: 1, max: -1, eval: evalCoalesce,
		text:    "The first value that is not null; null if all are. The empty text is a value.",
		example: `Coalesce("", "b")`, yields: "",
	},
	{
		name: "IIF", signature: "IIF(condition, valueIfTrue, valueIfFalse)", min: 3, max: 3, eval: evalIIF,
		text:    "One of two values. The condition compares with =, <>, >, >=, < or <=, or is anything that is True or False. AND and OR do not exist; nest instead.",
		example: `IIF("USA" = "USA", "domestic", "abroad")`, yields: "domestic",
		defect: "Documented limit: if an attribute in the condition is empty or null, the check fails, even with IsPresent or IsNullOrEmpty around it. Microsoft advises Switch([country], [country], \"\", \"Other\").",
		limits: []string{
			"With an empty attribute in the condition there is no answer: what the mapping then yields is not said.",
			"Whether = minds letter case is not documented; texts that differ only by case have no answer.",
			"The order of texts that are no numbers is not documented.",
		},
	},
	{
		name: "IgnoreFlowIfNullOrEmpty", signature: "IgnoreFlowIfNullOrEmpty(expression)", min: 1, max: 1, eval: evalIgnoreFlow,
		text:    "The value; where it is null or empty, the attribute is dropped from the flow and not written at all.",
		example: `IgnoreFlowIfNullOrEmpty("")`, yields: "null",
	},
	{
		name: "IsNull", signature: "IsNull(expression)", min: 1, max: 1, eval: test(func(v Value) bool { return v.Null }),
		text: "True if the value is null, which for an attribute means that it is absent.", example: `IsNull("")`, yields: "False",
	},
	{
		name: "IsNullOrEmpty", signature: "IsNullOrEmpty(expression)", min: 1, max: 1, eval: test(Value.Empty),
		text: "True if the value is null or the empty text.", example: `IsNullOrEmpty("")`, yields: "True",
	},
	{
		name: "IsPresent", signature: "IsPresent(expression)", min: 1, max: 1, eval: test(func(v Value) bool { return !v.Empty() }),
		text: "True if the value is neither null nor the empty text.", example: `IsPresent("a")`, yields: "True",
	},
	{
		name: "IsString", signature: "IsString(expression)", min: 1, max: 1, eval: evalIsString,
		text: "True if the value can be evaluated to a text.", example: `IsString("a")`, yields: "True",
		limits: []string{"The type of an attribute is not told here: an attribute that reads as a number or a Boolean has no answer, nor has null or a list."},
	},
	{
		name: "Not", signature: "Not(source)", min: 1, max: 1, eval: evalNot,
		text: "False if the value is True, otherwise True.", example: `Not("True")`, yields: "False",
	},
	{
		name: "Switch", signature: "Switch(source, defaultValue, key1, value1, key2, value2, …)", min: 4, max: -1, pairs: true, eval: evalSwitch,
		text:    "The value of the first key that equals the source, with letter case; otherwise the default. An empty source equals the key \"\".",
		example: `Switch("QLD", "Australia/Sydney", "NSW", "Australia/Sydney", "QLD", "Australia/Brisbane")`, yields: "Australia/Brisbane",
		defect: "Documented defect: when the source attribute did not change but another mapped attribute did, Entra evaluates Switch to null and empties the attribute in the target. Microsoft advises IIF.",
		limits: []string{"Microsoft warns against IsPresent, IsNull and IsNullOrEmpty as the source; use the key \"\" instead."},
	},
}

var refused = []*function{
	{
		name: "AppRoleAssignmentsComplex", signature: "AppRoleAssignmentsComplex([appRoleAssignments])", min: 1, max: 1,
		text:    "All app roles of the user as roles of a SCIM target.",
		refused: "Atlassian has no attribute for app roles",
		limits:  []string{"Entra only ever adds such roles, and does not support this function with the scope \"all users and groups\"."},
	},
	{
		name: "AssertiveAppRoleAssignmentsComplex", signature: "AssertiveAppRoleAssignmentsComplex([appRoleAssignments])", min: 1, max: 1,
		text:    "All app roles of the user, replacing the roles in the target.",
		refused: "Atlassian has no attribute for app roles",
	},
	{
		name: "Guid", signature: "Guid()", min: 0, max: 0, text: "A new random GUID.",
		refused: "it is random, so that every run would give another value",
	},
	{
		name: "RandomString", signature: "RandomString(length, minimumNumbers, minimumSpecialCharacters, minimumCapital, minimumLowerCase, charactersToAvoid)", min: 5, max: 6,
		text:    "A random text of at most 256 characters.",
		refused: "it is random, so that every run would give another value",
	},
	{
		name: "SelectUniqueValue", signature: "SelectUniqueValue(rule1, rule2, …)", min: 2, max: -1,
		text:    "The first of several values that nobody has in the target.",
		refused: "Entra supports it only from Workday, SuccessFactors or the inbound API to Active Directory",
	},
}

var lists = []*function{
	{
		name: "BitAnd", signature: "BitAnd(value1, value2)", min: 2, max: 2, eval: evalBitAnd,
		text: "The bits that both numbers have. Hexadecimal numbers are written &HF7.", example: `BitAnd(&HF, &HF7)`, yields: "7",
		limits: []string{"Numbers beyond 32 bits have no answer."},
	},
	{
		name: "CBool", signature: "CBool(expression)", min: 1, max: 1, eval: evalCBool,
		text: "True unless the value is zero; True and False stay what they are. A comparison may stand inside.", example: `CBool("a" = "a")`, yields: "True",
		limits: []string{"Of a text that is neither a number nor True or False, and of null, nothing is documented."},
	},
	{
		name: "ConvertToBase64", signature: "ConvertToBase64(source)", min: 1, max: 1, eval: ofSome(toBase64),
		text: "The text in UTF-16, lower byte first, as base64.", example: `ConvertToBase64("Hello world!")`, yields: "SABlAGwAbABvACAAdwBvAHIAbABkACEA",
	},
	{
		name: "ConvertToUTF8Hex", signature: "ConvertToUTF8Hex(source)", min: 1, max: 1, eval: ofSome(toHex),
		text: "The text in UTF-8, as hexadecimal digits.", example: `ConvertToUTF8Hex("Hello world!")`, yields: "48656C6C6F20776F726C6421",
	},
	{
		name: "Count", signature: "Count(attribute)", min: 1, max: 1, eval: evalCount,
		text: "How many values a multi-valued attribute has.", example: `Count(Split("a,b", ","))`, yields: "2",
		limits: []string{"An attribute that is single-valued or has no value is not documented."},
	},
	{
		name: "CStr", signature: "CStr(value)", min: 1, max: 1, eval: ofSome(func(s string) string { return s }),
		text: "A number, reference or Boolean as text.", example: `CStr(7)`, yields: "7",
	},
	{
		name: "Item", signature: "Item(attribute, index)", min: 2, max: 2, eval: evalItem,
		text: "One value of a multi-valued attribute, counted from 1.", example: `Item(Split("a,b", ","), 2)`, yields: "b",
		limits: []string{"An index beyond the values is not documented. In which order Entra holds the values is not either."},
	},
	{
		name: "RemoveDuplicates", signature: "RemoveDuplicates(attribute)", min: 1, max: 1, eval: evalRemoveDuplicates,
		text: "The values of a multi-valued attribute, each once.", example: `RemoveDuplicates(Split("a,b,a", ","))`, yields: "a, b",
		limits: []string{"Whether letter case makes a difference is not documented."},
	},
	{
		name: "SingleAppRoleAssignment", signature: "SingleAppRoleAssignment([appRoleAssignments])", min: 1, max: 1, eval: evalSingleAppRole,
		text: "The user's app role.", example: `SingleAppRoleAssignment("Admin")`, yields: "Admin",
		defect: "Documented limit: not supported for users with several app roles; Entra does not say which one it takes.",
	},
	{
		name: "Split", signature: "Split(source, delimiter)", min: 2, max: 2, eval: evalSplit,
		text: "The pieces between the delimiter character as a list, without blanks around them.", example: `Split("PermissionSetOne, PermissionSetTwo", ",")`, yields: "PermissionSetOne, PermissionSetTwo",
		limits: []string{"What becomes of an empty piece is not documented, nor a delimiter of several characters. A null source is taken to stay null."},
	},
}

var dates = []*function{
	{
		name: "CDate", signature: "CDate(expression)", min: 1, max: 1, eval: evalCDate,
		text: "A text as a date in UTC, in the form M/d/yyyy h:mm:ss tt.", example: `CDate("2021-06-30+08:00")`, yields: "6/29/2021 4:00:00 PM",
		limits: []string{
			"ISO 8601 and the form of the result are read. Whatever else .NET reads depends on the culture and has no answer.",
			"A date without an offset is read as UTC; Entra shows that only in the examples of DateDiff.",
		},
	},
	{
		name: "DateAdd", signature: "DateAdd(interval, value, dateTime)", min: 3, max: 3, eval: evalDateAdd,
		text:    "A date later or earlier by yyyy years, m months, d days, ww weeks, h hours, n minutes or s seconds. A day that the month does not have becomes its last one.",
		example: `DateAdd("m", 10, CDate("2012-03-16-07:00"))`, yields: "1/16/2013 7:00:00 AM",
		limits: []string{"A text must stand inside CDate."},
	},
	{
		name: "DateDiff", signature: "DateDiff(interval, date1, date2)", min: 3, max: 3, eval: evalDateDiff,
		text:    "How many intervals date2 lies behind date1; negative if before. Intervals are those of DateAdd.",
		example: `DateDiff("d", CDate("2021-08-18+08:00"), CDate("2021-08-31+08:00"))`, yields: "13",
		limits: []string{"Whether a part of an interval counts is not documented, and the examples fit three rules: units of the calendar, elapsed time, elapsed time rounded. There is an answer where they agree."},
	},
	{
		name: "DateFromNum", signature: "DateFromNum(value)", min: 1, max: 1, eval: evalDateFromNum,
		text: "Active Directory's file time as a date in UTC.", example: `DateFromNum(129699324000000000)`, yields: "1/1/2012 11:00:00 PM",
	},
	{
		name: "FormatDateTime", signature: "FormatDateTime(source, dateTimeStyles, inputFormat, outputFormat)", min: 4, max: 4, eval: evalFormatDateTime,
		text:    "A date brought from one .NET format into another. Without styles Entra uses RoundtripKind, AllowLeadingWhite and AllowTrailingWhite.",
		example: `FormatDateTime("20150123105347.1Z", , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")`, yields: "2015-01-23",
		limits: []string{
			"Custom formats are read as .NET reads them, and the standard formats o, s, r and u (r and u for output only). The other standard formats depend on the culture.",
			"A date with an offset becomes local time of the machine that Entra runs on, which is not told; with the style AdjustToUniversal it becomes UTC.",
			"The era g, offsets z in an output format, years of two digits from 30 to 49, and input without a year have no answer.",
		},
	},
	{
		name: "Now", signature: "Now()", min: 0, max: 0, eval: evalNow,
		text:   "The current moment in UTC, in the form M/d/yyyy h:mm:ss tt.",
		limits: []string{"It is answered where the moment of the run is given; otherwise it has no answer."},
	},
	{
		name: "NumFromDate", signature: "NumFromDate(value)", min: 1, max: 1, eval: evalNumFromDate,
		text: "A date of ISO 8601 as Active Directory's file time.", example: `NumFromDate("2012-01-01T23:00:00+00:00")`, yields: "129699324000000000",
		limits: []string{"A text without an offset has no answer: the zone is not documented."},
	},
}

// caseLimits are those of ToLower and ToUpper.
var caseLimits = []string{
	"tr and az have their two letters i; every other culture changes case as the invariant one does, apart from İ and ı, which have no answer there.",
	"Letters whose case differs between versions of .NET have no answer.",
	"If only letter case differs from the target, Entra writes the change only when the target attribute is marked caseExact.",
}

var (
	evalToLower = changeCase(dotnet.Culture.Lower)
	evalToUpper = changeCase(dotnet.Culture.Upper)
	evalTrim    = onText(strings.TrimSpace)
)
