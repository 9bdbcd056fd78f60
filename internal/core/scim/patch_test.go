package scim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// patched applies operations to a resource and gives what is stored afterwards.
func patched(t testing.TB, r *Resource, operations string) (*Change, error) {
	t.Helper()
	before := shown(t, r)
	p, err := r.Type.ParsePatch([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":` + operations + `}`))
	if err != nil {
		return nil, err
	}
	c, err := p.Apply(r)
	if after := shown(t, r); after != before {
		t.Errorf("the resource itself changed: %s", after)
	}
	if err == nil {
		again, err := p.Apply(r)
		if err != nil || !again.Attrs.Equal(c.Attrs) {
			t.Errorf("applied a second time it gives %v, %v", again, err)
		}
	}
	return c, err
}

func after(t testing.TB, typ *ResourceType, c *Change) string {
	t.Helper()
	return shown(t, &Resource{Type: typ, Attrs: c.Attrs})
}

// change is a case: what is there, what is asked for, and what is there then.
type change struct{ before, operations, after string }

func (c change) check(t *testing.T, typ *ResourceType) {
	t.Helper()
	r := read(t, typ, c.before)
	got, err := patched(t, r, c.operations)
	if err != nil {
		t.Errorf("%s: %v", c.operations, err)
		return
	}
	same(t, after(t, typ, got), c.after)
	if got.Changed == got.Attrs.Equal(r.Attrs) {
		t.Errorf("%s: changed is %v", c.operations, got.Changed)
	}
}

func TestPatchesOfTheRFC(t *testing.T) {
	const two = `{"userName":"b","addresses":[{"type":"work","streetAddress":"old","primary":true},{"type":"home","locality":"H"}],"emails":[{"value":"a","type":"work"},{"value":"h","type":"home"}]}`
	for name, c := range map[string]change{
		"3.5.2.1 add without a path": {
			`{"userName":"b"}`, `[{"op":"add","value":{"emails":[{"value":"babs@jensen.org","type":"home"}],"nickname":"Babs"}}]`,
			`{"userName":"b","emails":[{"value":"babs@jensen.org","type":"home"}],"nickName":"Babs"}`,
		},
		"3.5.2.1 add to a list appends": {
			two, `[{"op":"add","path":"emails","value":[{"value":"o"}]}]`,
			strings.Replace(two, `"type":"home"}]}`, `"type":"home"},{"value":"o"}]}`, 1),
		},
		"3.5.2.1 add what is there changes nothing":     {two, `[{"op":"add","path":"emails","value":[{"type":"work","value":"a"}]}]`, two},
		"3.5.2.1 add to a simple attribute replaces it": {`{"userName":"b","title":"x"}`, `[{"op":"add","path":"title","value":"y"}]`, `{"userName":"b","title":"y"}`},
		"3.5.2.1 add to a complex attribute merges": {
			`{"userName":"b","name":{"givenName":"G","familyName":"F"}}`, `[{"op":"add","path":"name","value":{"givenName":"X"}}]`,
			`{"userName":"b","name":{"givenName":"X","familyName":"F"}}`,
		},
		"3.5.2.2 remove a list":            {two, `[{"op":"remove","path":"emails"}]`, `{"userName":"b","addresses":[{"type":"work","streetAddress":"old","primary":true},{"type":"home","locality":"H"}]}`},
		"3.5.2.2 remove selected elements": {two, `[{"op":"remove","path":"emails[type eq \"work\" and value ew \"a\"]"}]`, strings.Replace(two, `{"value":"a","type":"work"},`, ``, 1)},
		"3.5.2.2 remove a part of one":     {two, `[{"op":"remove","path":"addresses[type eq \"work\"].streetAddress"}]`, strings.Replace(two, `"streetAddress":"old",`, ``, 1)},
		"3.5.2.2 the last element takes the list along": {
			`{"userName":"b","emails":[{"value":"a"}]}`, `[{"op":"remove","path":"emails[value eq \"a\"]"}]`, `{"userName":"b"}`,
		},
		"3.5.2.3 replace one address": {
			two, `[{"op":"replace","path":"addresses[type eq \"work\"]","value":{"type":"work","streetAddress":"911 Universal City Plaza","locality":"Hollywood","primary":true}}]`,
			strings.Replace(two, `"streetAddress":"old"`, `"streetAddress":"911 Universal City Plaza","locality":"Hollywood"`, 1),
		},
		"3.5.2.3 replace a part of one": {two, `[{"op":"replace","path":"addresses[type eq \"work\"].streetAddress","value":"1010 Broadway Ave"}]`, strings.Replace(two, `"old"`, `"1010 Broadway Ave"`, 1)},
		"3.5.2.3 replace without a path": {
			two, `[{"op":"replace","value":{"emails":[{"value":"x","type":"work","primary":true},{"value":"y","type":"home"}],"nickName":"Babs"}}]`,
			`{"userName":"b","nickName":"Babs","addresses":[{"type":"work","streetAddress":"old","primary":true},{"type":"home","locality":"H"}],"emails":[{"value":"x","type":"work","primary":true},{"value":"y","type":"home"}]}`,
		},
		"3.5.2.3 replace what is not there adds it": {`{"userName":"b"}`, `[{"op":"replace","path":"name.givenName","value":"G"}]`, `{"userName":"b","name":{"givenName":"G"}}`},
		"3.5.2.3 a part of all elements":            {two, `[{"op":"replace","path":"emails.display","value":"d"}]`, strings.NewReplacer(`"type":"work"},{"value":"h"`, `"type":"work","display":"d"},{"value":"h","display":"d"`).Replace(two)},
		"3.5.2 a new primary one takes over": {
			two, `[{"op":"replace","path":"addresses[type eq \"home\"].primary","value":true}]`,
			strings.NewReplacer(`"primary":true`, `"primary":false`, `"locality":"H"`, `"locality":"H","primary":true`).Replace(two),
		},
		"3.5.2 an added primary one takes over": {
			`{"userName":"b","emails":[{"value":"a","primary":true}]}`, `[{"op":"add","path":"emails","value":{"value":"c","primary":true}}]`,
			`{"userName":"b","emails":[{"value":"a","primary":false},{"value":"c","primary":true}]}`,
		},
		"null unassigns":          {two, `[{"op":"replace","path":"emails","value":null},{"op":"replace","value":{"addresses":null,"name":{"givenName":null}}}]`, `{"userName":"b"}`},
		"an empty list unassigns": {two, `[{"op":"replace","path":"emails","value":[]},{"op":"add","path":"addresses","value":null}]`, `{"userName":"b"}`},
		"add of a value that is there with its type brings it up to date": {
			two, `[{"op":"add","path":"emails","value":[{"value":"A","type":"WORK","display":"d"}]}]`, strings.Replace(two, `"a","type":"work"`, `"A","type":"WORK","display":"d"`, 1),
		},
		"several operations see one another": {`{"userName":"b"}`, `[{"op":"add","path":"title","value":"x"},{"op":"remove","path":"title"},{"op":"add","path":"title","value":"y"}]`, `{"userName":"b","title":"y"}`},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, users(t)) })
	}
}

func TestEntrasPatchesDoWhatEntraMeans(t *testing.T) {
	const u = `"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User`
	for name, c := range map[string]change{
		"capitals and a path":                  {`{"userName":"b"}`, `[{"op":"Replace","path":"displayName","value":"N"}]`, `{"userName":"b","displayName":"N"}`},
		"active as a text":                     {`{"userName":"b","active":true}`, `[{"op":"Replace","path":"active","value":"False"}]`, `{"userName":"b","active":false}`},
		"dotted keys":                          {`{"userName":"b"}`, `[{"op":"replace","value":{"name.givenName":"G","name.familyName":"F"}}]`, `{"userName":"b","name":{"givenName":"G","familyName":"F"}}`},
		"URNs as keys":                         {`{"userName":"b",` + u + `":{"division":"d"}}`, `[{"op":"replace","value":{` + u + `:department":"D","urn:ietf:params:scim:schemas:core:2.0:User:title":"T"}}]`, `{"userName":"b","title":"T",` + u + `":{"division":"d","department":"D"}}`},
		"an extension as an object":            {`{"userName":"b",` + u + `":{"division":"d"}}`, `[{"op":"add","value":{` + u + `":{"department":"D"}}}]`, `{"userName":"b",` + u + `":{"division":"d","department":"D"}}`},
		"a value path as a key":                {`{"userName":"b"}`, `[{"op":"add","value":{"emails[type eq \"work\"].value":"w"}}]`, `{"userName":"b","emails":[{"type":"work","value":"w"}]}`},
		"a URN in a path":                      {`{"userName":"b"}`, `[{"op":"Add","path":` + u + `:department","value":"D"}]`, `{"userName":"b",` + u + `":{"department":"D"}}`},
		"an extension by its path":             {`{"userName":"b"}`, `[{"op":"Add","path":` + u + `","value":{"department":"D"}}]`, `{"userName":"b",` + u + `":{"department":"D"}}`},
		"an extension removed":                 {`{"userName":"b",` + u + `":{"department":"D"}}`, `[{"op":"Remove","path":` + u + `"}]`, `{"userName":"b"}`},
		"the last attribute of an extension":   {`{"userName":"b",` + u + `":{"department":"D"}}`, `[{"op":"Remove","path":` + u + `:department"}]`, `{"userName":"b"}`},
		"work address replaced":                {`{"userName":"b","emails":[{"value":"a","type":"work"}]}`, `[{"op":"Replace","path":"emails[type eq \"work\"].value","value":"n"}]`, `{"userName":"b","emails":[{"value":"n","type":"work"}]}`},
		"home address where there is none":     {`{"userName":"b","emails":[{"value":"a","type":"work"}]}`, `[{"op":"Add","path":"emails[type eq \"home\"].value","value":"h"}]`, `{"userName":"b","emails":[{"value":"a","type":"work"},{"type":"home","value":"h"}]}`},
		"parts of one new element":             {`{"userName":"b"}`, `[{"op":"Add","path":"addresses[type eq \"work\"].locality","value":"L"},{"op":"Add","path":"addresses[type eq \"work\"].country","value":"C"},{"op":"Add","path":"addresses[type eq \"work\"].primary","value":"true"}]`, `{"userName":"b","addresses":[{"type":"work","locality":"L","country":"C","primary":true}]}`},
		"two wishes":                           {`{"userName":"b"}`, `[{"op":"Add","path":"emails[type eq \"work\" and primary eq true].value","value":"w"}]`, `{"userName":"b","emails":[{"type":"work","primary":true,"value":"w"}]}`},
		"manager as a text":                    {`{"userName":"b"}`, `[{"op":"Add","path":` + u + `:manager","value":"m"}]`, `{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`},
		"manager as a list":                    {`{"userName":"b"}`, `[{"op":"Add","path":` + u + `:manager","value":[{"$ref":"../Users/m","value":"m"}]}]`, `{"userName":"b",` + u + `":{"manager":{"$ref":"../Users/m","value":"m"}}}`},
		"manager without its URN":              {`{"userName":"b"}`, `[{"op":"Add","path":"manager","value":[{"$ref":"../Users/m","value":"m"}]}]`, `{"userName":"b",` + u + `":{"manager":{"$ref":"../Users/m","value":"m"}}}`},
		"manager without URN and path":         {`{"userName":"b"}`, `[{"op":"replace","value":{"manager":"m"}}]`, `{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`},
		"manager by its part":                  {`{"userName":"b"}`, `[{"op":"Add","path":` + u + `:manager.value","value":"m"}]`, `{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`},
		"manager gone with an empty text":      {`{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`, `[{"op":"Replace","path":` + u + `:manager","value":""}]`, `{"userName":"b"}`},
		"manager removed":                      {`{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`, `[{"op":"Remove","path":` + u + `:manager"}]`, `{"userName":"b"}`},
		"manager removed by its value":         {`{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`, `[{"op":"remove","path":` + u + `:manager[value eq \"m\"]"}]`, `{"userName":"b"}`},
		"another manager is not removed":       {`{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`, `[{"op":"remove","path":` + u + `:manager[value eq \"n\"]"}]`, `{"userName":"b",` + u + `":{"manager":{"value":"m"}}}`},
		"roles as JSON in a text":              {`{"userName":"b"}`, `[{"op":"Add","path":"roles","value":"{\"id\":\"1\",\"value\":\"r\",\"displayName\":\"R\"}"}]`, `{"userName":"b","roles":[{"value":"r"}]}`},
		"roles with primary as a text":         {`{"userName":"b"}`, `[{"op":"add","path":"roles","value":[{"primary":"True","value":"r"}]}]`, `{"userName":"b","roles":[{"primary":true,"value":"r"}]}`},
		"remove with a value":                  {`{"userName":"b","title":"x"}`, `[{"op":"Remove","path":"title","value":"x"}]`, `{"userName":"b"}`},
		"remove what is not there":             {`{"userName":"b"}`, `[{"op":"Remove","path":"title"},{"op":"remove","path":"emails[type eq \"work\"]"},{"op":"remove","path":"name.givenName"}]`, `{"userName":"b"}`},
		"the name of an attribute in capitals": {`{"userName":"b"}`, `[{"op":"replace","path":"DISPLAYNAME","value":"N"}]`, `{"userName":"b","displayName":"N"}`},
		"no operations":                        {`{"userName":"b"}`, `[]`, `{"userName":"b"}`},
		"an id within a manager selected":      {`{"userName":"b",` + u + `":{"manager":{"value":"m","$ref":"r"}}}`, `[{"op":"replace","path":` + u + `:manager[value eq \"m\"].value","value":"n"}]`, `{"userName":"b",` + u + `":{"manager":{"value":"n","$ref":"r"}}}`},
		"a manager replaced by its selection":  {`{"userName":"b",` + u + `":{"manager":{"value":"m","$ref":"r"}}}`, `[{"op":"replace","path":` + u + `:manager[value eq \"m\"]","value":{"value":"n"}}]`, `{"userName":"b",` + u + `":{"manager":{"value":"n","$ref":"r"}}}`},
		"a manager where there is none":        {`{"userName":"b"}`, `[{"op":"add","path":` + u + `:manager[value eq \"m\"]","value":{"$ref":"r"}}]`, `{"userName":"b",` + u + `":{"manager":{"value":"m","$ref":"r"}}}`},
		"a part of a list that is empty":       {`{"userName":"b"}`, `[{"op":"add","path":"emails.value","value":"x"},{"op":"remove","path":"photos.value"}]`, `{"userName":"b","emails":[{"value":"x"}]}`},
		"more of an element":                   {`{"userName":"b","emails":[{"value":"a","type":"work"}]}`, `[{"op":"add","path":"emails[type eq \"work\"]","value":{"display":"d"}}]`, `{"userName":"b","emails":[{"value":"a","type":"work","display":"d"}]}`},
		"an empty list for one value":          {`{"userName":"b","title":"x"}`, `[{"op":"replace","path":"title","value":[]}]`, `{"userName":"b"}`},
		"one value in a list":                  {`{"userName":"b"}`, `[{"op":"replace","path":"title","value":["x"]},{"op":"add","path":"emails[type eq \"work\"].value","value":["v"]}]`, `{"userName":"b","title":"x","emails":[{"type":"work","value":"v"}]}`},
		"the same again":                       {`{"userName":"b","emails":[{"value":"a","type":"work","primary":true}]}`, `[{"op":"replace","value":{"userName":"b","emails":[{"primary":"True","type":"work","value":"a"}]}}]`, `{"userName":"b","emails":[{"value":"a","type":"work","primary":true}]}`},
	} {
		t.Run(name, func(t *testing.T) { c.check(t, users(t)) })
	}
}

func TestOktasPatchesDoWhatOktaMeans(t *testing.T) {
	for name, c := range map[string]change{
		"a user is deactivated":           {`{"userName":"b","active":true}`, `[{"op":"replace","value":{"active":false}}]`, `{"userName":"b","active":false}`},
		"a group is renamed, with its id": {`{"displayName":"g"}`, `[{"op":"replace","value":{"id":"2819c223","displayName":"h"}}]`, `{"displayName":"h"}`},
	} {
		typ := users(t)
		if strings.Contains(c.before, "displayName") {
			typ = groups(t)
		}
		t.Run(name, func(t *testing.T) { c.check(t, typ) })
	}
}

func TestAPatchOfMembersIsAChangeOfTheListWithoutTheList(t *testing.T) {
	typ := groups(t)
	members := typ.Attr("members")
	for operations, want := range map[string]RefChange{
		`[{"op":"Add","path":"members","value":[{"$ref":null,"value":"a"},{"value":"b","type":"Group"}]}]`:                                {Add: []Ref{{Value: "a"}, {Value: "b", Type: "Group"}}},
		`[{"op":"add","value":{"members":[{"value":"a"}]}}]`:                                                                              {Add: []Ref{{Value: "a"}}},
		`[{"op":"add","path":"members","value":"a"},{"op":"add","path":"members","value":{"displayName":"new","value":"a"}}]`:             {Add: []Ref{{Value: "a", Display: "new"}}},
		`[{"op":"Remove","path":"members","value":[{"value":"a"},{"value":"b"}]}]`:                                                        {Remove: []string{"a", "b"}},
		`[{"op":"remove","path":"members[value eq \"a\"]"}]`:                                                                              {Remove: []string{"a"}},
		`[{"op":"remove","path":"members[value eq \"a\" or value eq \"b\"]"}]`:                                                            {Remove: []string{"a", "b"}},
		`[{"op":"remove","path":"members"}]`:                                                                                              {Replace: true},
		`[{"op":"remove","path":"members","value":[]}]`:                                                                                   {},
		`[{"op":"replace","path":"members","value":[{"value":"c"}]}]`:                                                                     {Replace: true, Add: []Ref{{Value: "c"}}},
		`[{"op":"replace","path":"members","value":null}]`:                                                                                {Replace: true},
		`[{"op":"add","path":"members","value":["a","b"]},{"op":"remove","path":"members[value eq \"a\"]"}]`:                              {Add: []Ref{{Value: "b"}}, Remove: []string{"a"}},
		`[{"op":"remove","path":"members[value eq \"a\"]"},{"op":"add","path":"members","value":["a","b"]}]`:                              {Add: []Ref{{Value: "a"}, {Value: "b"}}},
		`[{"op":"remove","path":"members"},{"op":"add","path":"members","value":["a"]},{"op":"remove","path":"members[value eq \"z\"]"}]`: {Replace: true, Add: []Ref{{Value: "a"}}},
		`[{"op":"add","path":"members[value eq \"a\"]","value":{"value":"a"}}]`:                                                           {Add: []Ref{{Value: "a"}}},
	} {
		c, err := patched(t, read(t, typ, tourGuides), operations)
		if err != nil {
			t.Errorf("%s: %v", operations, err)
			continue
		}
		want.List = members
		if c.Changed || len(c.Refs) != 1 {
			t.Errorf("%s: changed %v, %d lists", operations, c.Changed, len(c.Refs))
			continue
		}
		if d := cmp.Diff(fmt.Sprintf("%+v", want), fmt.Sprintf("%+v", c.Refs[0])); d != "" {
			t.Errorf("%s: %s", operations, d)
		}
	}
	c, err := patched(t, read(t, typ, tourGuides), `[{"op":"add","path":"members","value":[{"value":"a","type":"Group"},"b"]},{"op":"remove","path":"members[type eq \"Group\"]"},{"op":"replace","path":"displayName","value":"x"}]`)
	if err != nil || !c.Changed || len(c.Refs) != 1 || len(c.Refs[0].Add) != 1 || c.Refs[0].Add[0].Value != "b" || c.Refs[0].RemoveWhere[0].String() != `members.type eq "Group"` {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestAPatchThatIsWrongChangesNothingAndSaysWhichOperation(t *testing.T) {
	for operations, want := range map[string]string{
		`{"op":"add"}`:                              "400 invalidSyntax: Operations: expected a list, found an object",
		`[5]`:                                       "400 invalidSyntax: Operation 1: ",
		`[{"op":"add","path":5,"value":1}]`:         "400 invalidSyntax: Operation 1: path: expected a text, found a number",
		`[{"op":"move","path":"title"}]`:            `400 invalidSyntax: Operation 1: "move" is no operation. op is add, replace or remove`,
		`[{"op":"add","path":"title"}]`:             "400 invalidValue: Operation 1: add needs a value",
		`[{"op":"add","value":"x"}]`:                "400 invalidValue: Operation 1: Without a path the value is an object",
		`[{"op":"add"}]`:                            "400 invalidValue: Operation 1: Without a path the value is an object",
		`[{"op":"remove"}]`:                         "400 noTarget: Operation 1: remove needs a path",
		`[{"op":"add","path":"titel","value":"x"}]`: `400 invalidPath: Operation 1: Path, character 1: "titel" is not an attribute of User (did you mean title?)`,
		`[{"op":"add","path":"title","value":"x"},{"op":"add","path":"emails[","value":"x"}]`:     "400 invalidFilter: Operation 2: Filter, character 8: the end stands where an attribute should",
		`[{"op":"add","path":"emails[type eq 1]x","value":"x"}]`:                                  `400 invalidPath: Operation 1: Path, character 18: "x" stands where the path should end`,
		`[{"op":"add","path":"title[value eq \"x\"]","value":"x"}]`:                               "400 invalidPath: Operation 1: Path, character 1: title has one value",
		`[{"op":"add","path":"id","value":"x"}]`:                                                  "400 mutability: Operation 1: id is read-only",
		`[{"op":"add","path":"meta.version","value":"x"}]`:                                        "400 mutability: Operation 1: meta is read-only",
		`[{"op":"add","path":"groups","value":[{"value":"g"}]}]`:                                  "400 mutability: Operation 1: groups is read-only",
		`[{"op":"remove","path":"userName"}]`:                                                     "400 mutability: Operation 1: userName is required",
		`[{"op":"replace","path":"userName","value":null}]`:                                       "400 mutability: Operation 1: userName is required",
		`[{"op":"replace","path":"userName","value":""}]`:                                         "400 invalidValue: userName is required",
		`[{"op":"add","path":"active","value":"x"}]`:                                              "400 invalidValue: Operation 1: active: expected true or false",
		`[{"op":"add","path":"emails[type co \"work\" and primary eq false].value","value":"x"}]`: "400 noTarget: Operation 1: emails: no value fits the filter",
		`[{"op":"add","path":"emails","value":[{"value":"1","type":"a"},{"value":"2","type":"a"}]},{"op":"replace","path":"emails[type eq \"a\"].primary","value":true}]`: "400 invalidValue: Operation 2: emails: more than one value would be primary",
	} {
		_, err := patched(t, read(t, users(t), barbara), operations)
		wantError(t, err, want)
	}
	for operations, want := range map[string]string{
		`[{"op":"replace","path":"members[value eq \"x\"].display","value":"x"}]`: "400 mutability: Operation 1: members.display cannot be changed in place. Remove the element and add another one.",
		`[{"op":"replace","path":"members[value eq \"x\"].type","value":"x"}]`:    "400 mutability: Operation 1: members.type cannot be changed in place",
		`[{"op":"replace","path":"members[type eq \"User\"]","value":"x"}]`:       "400 invalidPath: Operation 1: members: elements cannot be changed in place",
		`[{"op":"add","path":"members","value":[{}]}]`:                            "400 invalidValue: Operation 1: members: the element at byte",
		`[{"op":"remove","path":"displayName"}]`:                                  "400 mutability: Operation 1: displayName is required",
	} {
		_, err := patched(t, read(t, groups(t), tourGuides), operations)
		wantError(t, err, want)
	}
	typ := lenient(t).Type("Gadget")
	for operations, want := range map[string]string{
		`[{"op":"replace","path":"serial","value":"t"}]`:                            "400 mutability: Operation 1: serial is immutable",
		`[{"op":"replace","path":"part.born","value":"t"}]`:                         "400 mutability: Operation 1: part.born is immutable",
		`[{"op":"replace","path":"part","value":{"born":"t"}}]`:                     "400 mutability: Operation 1: part.born is immutable",
		`[{"op":"remove","path":"part.name"}]`:                                      "400 mutability: Operation 1: part.name is required",
		`[{"op":"remove","path":"part"},{"op":"add","path":"part.size","value":1}]`: "400 invalidValue: part.name is required",
	} {
		_, err := patched(t, read(t, typ, `{"serial":"s","part":{"name":"n","born":"b"}}`), operations)
		wantError(t, err, want)
	}
	for body, want := range map[string]string{
		`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"]}`: "400 invalidSyntax: There are no Operations",
		`{"Operations":[]}`: "400 invalidValue: schemas does not name urn:ietf:params:scim:api:messages:2.0:PatchOp",
	} {
		_, err := strict(t).Type("User").ParsePatch([]byte(body))
		wantError(t, err, want)
	}
}

func TestListsOfSingleValuesAndSelectedOnesCanBePatched(t *testing.T) {
	typ := lenient(t).Type("Gadget")
	for _, c := range []change{
		{`{"serial":"s","tags":["a","b"]}`, `[{"op":"add","path":"tags","value":["b","c"]}]`, `{"serial":"s","tags":["a","b","c"]}`},
		{`{"serial":"s","tags":["a","b"]}`, `[{"op":"remove","path":"tags[value eq \"A\"]"}]`, `{"serial":"s","tags":["b"]}`},
		{`{"serial":"s","tags":["a","b"]}`, `[{"op":"remove","path":"tags","value":["b","z"]}]`, `{"serial":"s","tags":["a"]}`},
		{`{"serial":"s","tags":["a","b"]}`, `[{"op":"replace","path":"tags[value eq \"a\"]","value":"x"}]`, `{"serial":"s","tags":["x","b"]}`},
		{`{"serial":"s","codes":[1,2]}`, `[{"op":"remove","path":"codes[value gt 1]"}]`, `{"serial":"s","codes":[1]}`},
		{`{"serial":"s"}`, `[{"op":"add","path":"serial","value":"s"},{"op":"add","path":"count","value":"7"}]`, `{"serial":"s","count":7}`},
		{`{"serial":"s"}`, `[{"op":"add","path":"prices[type eq \"x\" and value eq 2.50]","value":{"since":"2026-01-01"}}]`, `{"serial":"s","prices":[{"type":"x","value":2.50,"since":"2026-01-01"}]}`},
	} {
		c.check(t, typ)
	}
}

func TestUnknownAttributesOfAPatchFollowTheRule(t *testing.T) {
	const ops = `[{"op":"add","value":{"shoe":43,"name.shoe":1,"title":"x"}}]`
	change{`{"userName":"b"}`, ops, `{"userName":"b","title":"x"}`}.check(t, users(t))
	kept := service(t, Rules{Tolerate: Lenient, Unknown: KeepUnknown}).Type("User")
	change{`{"userName":"b","shoe":{"a":1}}`, ops, `{"userName":"b","shoe":43,"title":"x","name.shoe":1}`}.check(t, kept)
	change{`{"userName":"b","shoe":{"a":1}}`, `[{"op":"add","value":{"shoe":null}}]`, `{"userName":"b"}`}.check(t, kept)
	_, err := patched(t, read(t, service(t, Rules{Tolerate: Lenient, Unknown: RefuseUnknown}).Type("User"), `{"userName":"b"}`), ops)
	wantError(t, err, `400 invalidPath: Operation 1: "shoe" is not an attribute of User`)
}

func TestFiftyThousandOperationsAreDoneAndTheFiftyThousandFirstIsRefused(t *testing.T) {
	typ := groups(t)
	g := read(t, typ, tourGuides)
	var b strings.Builder
	b.WriteByte('[')
	for i := range 50_000 {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"op":"add","path":"members","value":[{"value":"m%d"}]}`, i)
	}
	c, err := patched(t, g, b.String()+"]")
	if err != nil || len(c.Refs[0].Add) != 50_000 {
		t.Errorf("got %v, %v", c, err)
	}
	_, err = patched(t, g, b.String()+`,{"op":"remove","path":"members"}]`)
	wantError(t, err, "413: There are more than 50000 operations")
}

func TestManyOperationsOnALongListComeToAnEnd(t *testing.T) {
	var values, ops strings.Builder
	for i := range 2_000 {
		fmt.Fprintf(&values, `,{"value":"v%d"}`, i)
	}
	for i := range 50_000 {
		fmt.Fprintf(&ops, `,{"op":"add","path":"roles[value eq \"v%d\"].display","value":"x"}`, i%2_000)
	}
	_, err := patched(t, read(t, users(t), `{"userName":"b","roles":[`+values.String()[1:]+`]}`), "["+ops.String()[1:]+"]")
	wantError(t, err, "413: The operations look at more than 5000000 values")
	long := strings.Repeat(`value eq \"x\" or `, 1_900) + `value eq \"x\"`
	_, err = patched(t, read(t, users(t), `{"userName":"b","roles":[`+values.String()[1:]+`]}`), `[`+strings.Repeat(`{"op":"remove","path":"roles[`+long+`]"},`, 2)+`{"op":"remove","path":"title"}]`)
	wantError(t, err, "413: Operation 2: The operations look at more than 5000000 values")
}
