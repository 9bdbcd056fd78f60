package scim

// Tolerance is a set of ways in which clients bend the protocol and are understood nevertheless. Zero is strict.
type Tolerance uint32

// The bends. What each is, and who does it, stands in the table Tolerances.
const (
	TextBooleans Tolerance = 1 << iota
	TextNumbers
	ScalarTexts
	BareValues
	LoneValues
	TextObjects
	BareWords
	NoSchemas
	NoOperations
	DottedKeys
	NewElements
	ListedRemovals
	OneAsList
	EmptyReferences
	EchoedValues
	MemberNames
	BareNames

	Lenient Tolerance = 1<<iota - 1 // all of them
)

// Tolerances tell of each bend what it is and where it was seen.
var Tolerances = []struct {
	Bit          Tolerance
	Name         string
	What, Source string
}{
	{TextBooleans, "text-booleans", `"True" and "False" are true and false`, "Entra without aadOptscim062020; Microsoft's validator"},
	{TextNumbers, "text-numbers", `"5" is a number where one is wanted`, "unverified: Entra sends Booleans as texts, numbers may come likewise"},
	{ScalarTexts, "scalar-texts", "a number or a Boolean is its text where a text is wanted", "unverified: an employeeNumber that a client takes for a number"},
	{BareValues, "bare-values", `a text is the value of a complex attribute: "manager": "id", "members": ["id"]`, "Entra; Microsoft's collection"},
	{LoneValues, "lone-values", "one value is a list of one where a list is wanted, and a list of one is its value where one is wanted", "Entra: manager; Microsoft's collection: members"},
	{TextObjects, "text-objects", `JSON in a text is the object: "roles": "{\"value\":…}"`, "Entra without aadOptscim062020"},
	{BareWords, "bare-words", "a word without quotes in a filter is a text: userName sw O", "Microsoft's collection"},
	{NoSchemas, "no-schemas", "schemas is missing, or does not name the schema of the body", "unverified: nothing is lost without it, as the endpoint tells the type"},
	{NoOperations, "no-operations", "a PATCH without operations changes nothing", "Microsoft's validator"},
	{DottedKeys, "dotted-keys", `a key of a PATCH without path is itself a path: "name.givenName", "emails[type eq \"work\"].value"`, "Entra with aadOptscim062020"},
	{NewElements, "new-elements", `a path such as emails[type eq "work"].value makes the element if there is none`, "Entra; the RFC says noTarget"},
	{ListedRemovals, "listed-removals", "remove with a path and a value takes away what the value lists, not everything", "Entra without aadOptscim062020"},
	{OneAsList, "one-as-list", `a filter selects the one value of an attribute: manager[value eq "id"]`, "Entra"},
	{EmptyReferences, "empty-references", `an empty text unassigns a reference: "manager": ""`, "Entra, when a manager goes"},
	{EchoedValues, "echoed-values", "a PATCH without path may repeat what cannot be changed, such as the id", "Okta's reference: it renames a group with its id in the value"},
	{MemberNames, "member-names", `"displayName" of a member is its display`, "Microsoft's collection"},
	{BareNames, "bare-names", "a filter or path names an attribute of an extension without its URN: manager eq \"id\"", "Entra's documentation: references, with path and filter"},
}

func (t *ResourceType) tolerates(bend Tolerance) bool { return t.rules().Tolerate&bend != 0 }
