package rules

import (
	"maps"
	"slices"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// parameters are the names of a function's parameters as the page on expressions has them; the last one may come
// several times where the function takes any number. Of Replace the answer of parseExpression names some otherwise
// (Find, Replacement): these are used.
var parameters = map[string][]string{
	"Append": {"source", "suffix"}, "AppRoleAssignmentsComplex": {"source"}, "AssertiveAppRoleAssignmentsComplex": {"source"},
	"SingleAppRoleAssignment": {"source"}, "CBool": {"expression"}, "Coalesce": {"source", "defaultValue"}, "Count": {"attribute"},
	"CStr": {"value"}, "IgnoreFlowIfNullOrEmpty": {"expression"}, "IIF": {"condition", "valueIfTrue", "valueIfFalse"},
	"InStr": {"value1", "value2", "start", "compareType"}, "IsNull": {"expression"}, "IsNullOrEmpty": {"expression"},
	"IsPresent": {"expression"}, "IsString": {"expression"}, "Item": {"attribute", "index"}, "Join": {"separator", "source"},
	"Left": {"string", "numChars"}, "Mid": {"source", "start", "length"}, "NormalizeDiacritics": {"source", "culture"}, "Not": {"source"},
	"Redact": {"source"}, "RemoveDuplicates": {"attribute"},
	"Replace": {"source", "Find", "regexPattern", "regexGroupName", "Replacement", "replacementAttributeName", "template"},
	"Split":   {"source", "delimiter"}, "StripSpaces": {"source", "culture"}, "Switch": {"source", "defaultValue", "key", "value"},
	"ToLower": {"source", "culture"}, "ToUpper": {"source", "culture"}, "Trim": {"source", "culture"}, "Word": {"string", "wordNumber", "delimiters"},
}

// Parameter is an attributeMappingParameterSchema.
type Parameter struct {
	Repeated bool   `json:"allowMultipleOccurrences"`
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Type     string `json:"type"`
}

// Function is what the service tells of a function (attributeMappingFunctionSchema).
type Function struct {
	Name       string      `json:"name"`
	Parameters []Parameter `json:"parameters"`
}

// Functions are those that the lab evaluates, by name. Every parameter counts as text: the page's example shows no
// other type.
func Functions() []Function {
	all := table()
	var out []Function
	for _, name := range slices.Sorted(maps.Keys(all)) {
		f := Function{Name: name}
		for i, p := range parameters[name] {
			last := i == len(parameters[name])-1
			f.Parameters = append(f.Parameters, Parameter{all[name].most > len(parameters[name]) && last, p, i < all[name].least, "String"})
		}
		out = append(out, f)
	}
	return out
}

// Source writes the expression as an attributeMappingSource, functions with their parameters by name. What was left
// out between commas is left out. There is none of a comparison, which stands inside a function alone: it becomes a
// constant with its text.
func (e *Expr) Source() *Source {
	s := &Source{Name: e.text, Expression: e.String(), Type: "Constant", Parameters: jsontext.Value("[]")}
	switch e.kind {
	case attribute:
		s.Type = "Attribute"
	case function:
		s.Type = "Function"
		s.Parameters = e.named()
	case nothing:
		return nil
	}
	return s
}

func (e *Expr) named() jsontext.Value {
	type pair struct {
		Key   string  `json:"key"`
		Value *Source `json:"value"`
	}
	list := []pair{}
	names := parameters[e.text]
	for i, a := range e.args {
		if a.kind != nothing {
			list = append(list, pair{names[min(i, len(names)-1)], a.Source()})
		}
	}
	raw, err := json.Marshal(list, json.Deterministic(true), jsontext.AllowInvalidUTF8(true))
	if err != nil {
		return jsontext.Value("[]")
	}
	return raw
}
