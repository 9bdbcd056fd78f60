package expr

var texts = []*function{
	{
		name: "Append", signature: "Append(source, suffix)", min: 2, max: 2, eval: evalAppend,
		text: "The source with the suffix behind it.", example: `Append("John.Doe@contoso.com", ".test")`, yields: "John.Doe@contoso.com.test",
		limits: []string{"Of a null source nothing is documented."},
	},
	{
		name: "InStr", signature: "InStr(value1, value2, start, compareType)", min: 2, max: 4, eval: evalInStr,
		text:    "The position of the second text in the first, counted from 1, at or behind start; 0 if it is not there. compareType is vbTextCompare or vbBinaryCompare.",
		example: `InStr("repEated", "e", 3, vbBinaryCompare)`, yields: "7",
		limits: []string{
			"That 0 means \"not found\" stands only in the reference of Entra Connect, which has the same examples.",
			"Without compareType there is an answer where letter case makes no difference.",
		},
	},
	{
		name: "Join", signature: "Join(separator, source1, source2, …)", min: 2, max: -1, eval: evalJoin,
		text:    "The values with the separator between them. Lists are taken apart; what is empty is left out.",
		example: `Join(", ", "", "Doe", "John")`, yields: "Doe, John",
	},
	{
		name: "Left", signature: "Left(string, numChars)", min: 2, max: 2, eval: evalLeft,
		text:    "The first characters. None if numChars is 0, all if it is negative or larger than the text; the empty text if the text is null.",
		example: `Left("John Doe", 3)`, yields: "Joh",
	},
	{
		name: "Mid", signature: "Mid(source, start, length)", min: 3, max: 3, eval: evalMid,
		text: "The characters from start, counted from 1; as many as there are.", example: `Mid("John", 1, 3)`, yields: "Joh",
		limits: []string{"A start behind the end is not documented. (The reference of Entra Connect returns the whole text.) A null source is taken to stay null."},
	},
	{
		name: "NormalizeDiacritics", signature: "NormalizeDiacritics(source)", min: 1, max: 1, eval: onText(normalizeDiacritics),
		text:    "The text with the letters of Microsoft's table replaced: Å becomes A, ø becomes oe, ß becomes ss, and so on. Letters that are not in the table stay.",
		example: `NormalizeDiacritics("Zoë")`, yields: "Zoe",
	},
	{
		name: "PCase", signature: "PCase(source, wordSeparators)", min: 1, max: 2, eval: evalPCase,
		text:    "The first character of each word in upper case, the others in lower case. Without separators .NET's ToTitleCase finds the words; otherwise only the given characters part them.",
		example: `PCase("PABLO GONSALVES (SECOND)")`, yields: "Pablo Gonsalves (Second)",
		limits: []string{"Without separators an apostrophe inside a word has no answer: ToTitleCase goes on with the word, the list of separators on Microsoft's page begins a new one."},
	},
	{
		name: "Redact", signature: "Redact(value)", min: 1, max: 1, eval: evalRedact,
		text: "The value. Entra's provisioning logs show [Redact] in its place.", example: `Redact("a")`, yields: "a",
	},
	{
		name: "Replace", signature: "Replace(source, oldValue, regexPattern, regexGroupName, replacementValue, replacementAttributeName, template)", min: 2, max: 7,
		eval: evalReplace, prepare: prepareReplace,
		text: "Replaces with letter case, in one of five ways. oldValue and replacementValue: every occurrence in the source. " +
			"oldValue and template: the source takes the place of oldValue in the template. " +
			"regexPattern and replacementValue: every match, with $1 and ${name} filled in. " +
			"regexPattern, regexGroupName and replacementValue: what the group matches. " +
			"regexPattern, regexGroupName and replacementAttributeName: the source if it has a value, otherwise what the group finds in the other attribute.",
		example: `Replace("+91 9998887777", , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", , "${phoneNumber}", , )`, yields: "9998887777",
		limits: []string{
			"Other combinations of arguments are not documented. A null source is taken to stay null.",
			"The group's way has an answer where what the group matches does not also stand elsewhere in the source.",
			"In the last way nothing is documented for an attribute without a value or without a match.",
			"Microsoft's example removes [()\\s-]+ from +1 (999) 888-7777 and shows 19998887777. The pattern does not match the plus sign, so that .NET leaves it: +19998887777.",
			"Regular expressions are .NET's; see below.",
		},
	},
	{
		name: "StripSpaces", signature: "StripSpaces(source)", min: 1, max: 1, eval: onText(stripSpaces),
		text: "The text without its space characters.", example: `StripSpaces(" a b ")`, yields: "ab",
	},
	{
		name: "ToLower", signature: "ToLower(source, culture)", min: 1, max: 2, eval: evalToLower,
		text: "The text in lower case, by the rules of a culture such as en-US, or of the invariant one.", example: `ToLower("John.Smith@contoso.com")`, yields: "john.smith@contoso.com",
		limits: caseLimits,
	},
	{
		name: "ToUpper", signature: "ToUpper(source, culture)", min: 1, max: 2, eval: evalToUpper,
		text: "The text in upper case, by the rules of a culture such as en-US, or of the invariant one.", example: `ToUpper("ilk", "tr-TR")`, yields: "İLK",
		limits: caseLimits,
	},
	{
		name: "Trim", signature: "Trim(source)", min: 1, max: 1, eval: evalTrim,
		text: "The text without blanks at its ends.", example: `Trim(" a ")`, yields: "a",
		limits: []string{"Microsoft's page on mapping expressions does not list it; it is evaluated as the function of that name in Entra Connect."},
	},
	{
		name: "Word", signature: "Word(string, wordNumber, delimiters)", min: 3, max: 3, eval: evalWord,
		text:    "One word of a text, counted from 1, where each of the delimiters parts words. The empty text if there is no such word or none of the delimiters.",
		example: `Word("This,string!has&many separators", 3, ",!&#")`, yields: "has",
		limits: []string{"Whether two delimiters in a row have an empty word between them is not documented."},
	},
}
