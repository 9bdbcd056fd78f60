package scim

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABodyIsReadWithCanonicalNamesAndInItsOrder(t *testing.T) {
	r := read(t, users(t), `{"SCHEMAS":["urn:ietf:params:scim:schemas:core:2.0:User"],"USERNAME":"b","Name":{"GIVENNAME":"B"},"Emails":[{"Value":"b@x","Primary":true}]}`)
	if got, want := shown(t, r), `{"userName":"b","name":{"givenName":"B"},"emails":[{"value":"b@x","primary":true}]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestNullAndEmptyListsAreNoValues(t *testing.T) {
	r := read(t, users(t), `{"userName":"b","title":null,"emails":[],"roles":[null,{}],"addresses":[{"country":null}],"name":{"givenName":null},"manager":null}`)
	same(t, shown(t, r), `{"userName":"b"}`)
}

func TestWhatIsReadOnlyIsPassedOver(t *testing.T) {
	r := read(t, users(t), `{"id":"x","userName":"b","meta":{"resourceType":"Robot"},"groups":[{"value":"g"}],"urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m","displayName":"no"}}}`)
	same(t, shown(t, r), `{"userName":"b","urn:ietf:params:scim:schemas:extension:enterprise:2.0:User":{"manager":{"value":"m"}}}`)
}

func TestNumbersKeepTheirDigits(t *testing.T) {
	r := read(t, lenient(t).Type("Gadget"), `{"serial":"s","weight":0.10000000000000000000000000001,"count":9007199254740993,"codes":[1e2,"7"]}`)
	if got, want := shown(t, r), `{"serial":"s","weight":0.10000000000000000000000000001,"count":9007199254740993,"codes":[1e2,7]}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestMembersAreReadApartEachOnce(t *testing.T) {
	g := groups(t)
	b, err := g.Decode([]byte(`{"displayName":"g","members":[{"value":"a","$ref":null},{"value":"b","type":"Group","display":"B"},{"value":"a"},"c",{"$ref":"https://x/Users/d"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []Ref{{Value: "a"}, {Value: "b", Type: "Group", Display: "B"}, {Value: "c"}, {Value: "d", Type: "User"}}
	if d := cmp.Diff(want, b.Refs[g.Attr("members")]); d != "" {
		t.Error(d)
	}
	if !b.Attrs.Get(g.Attr("members")).IsZero() {
		t.Error("the members are part of the resource, too")
	}
	b, err = g.Decode([]byte(`{"displayName":"g"}`))
	if err != nil {
		t.Fatal(err)
	}
	if _, told := b.Refs[g.Attr("members")]; told {
		t.Error("members that were not sent count as sent")
	}
}

func TestFaultsOfABodyNameTheAttribute(t *testing.T) {
	for body, want := range map[string]string{
		``:                                  "400 invalidSyntax: ends in the middle",
		`{"userName":"b"`:                   "400 invalidSyntax: ends in the middle",
		`[]`:                                "400 invalidSyntax: the body: expected an object, found a list",
		`{"userName":"b"} {}`:               "400 invalidSyntax: follows after the JSON value",
		`{"userName":tre}`:                  "400 invalidSyntax: not JSON",
		`{"userName":"a","userName":1}`:     `400 invalidSyntax: "userName" stands twice`,
		`{"userName":"a","USERNAME":""}`:    "400 invalidSyntax: userName stands twice",
		"{\"userName\":\"\xff\"}":           "400 invalidSyntax: UTF-8",
		strings.Repeat(`{"a":`, 10_001):     "400 invalidSyntax: nested deeper",
		`{"displayName":"b"}`:               "400 invalidValue: userName is required",
		`{"userName":" "}`:                  "400 invalidValue: userName is required",
		`{"userName":{"a":1}}`:              "400 invalidValue: userName: expected a text, found an object",
		`{"userName":["a","b"]}`:            "400 invalidValue: userName: expected one value, found a text",
		`{"userName":"b","active":"maybe"}`: "400 invalidValue: active: expected true or false, found a text",
		`{"userName":"b","emails":[{"value":"a"},{"value":{}}]}`:                                  `400 invalidValue: emails.value: expected a text, found an object at "/emails/1/value"`,
		`{"userName":"b","emails":[{"value":"a","primary":true},{"value":"c","primary":"True"}]}`: "400 invalidValue: emails: more than one value is primary",
		`{"userName":"b","x509Certificates":[{"value":"???"}]}`:                                   "400 invalidValue: x509Certificates.value: this is not base64",
		`{"userName":"b","name":"B"}`:                                                             "400 invalidValue: name: expected an object",
		`{"schemas":5,"userName":"b"}`:                                                            "400 invalidValue: schemas: expected a list of texts",
	} {
		t.Run(fmt.Sprintf("%.40s", body), func(t *testing.T) {
			_, err := users(t).Decode([]byte(body))
			wantError(t, err, want)
		})
	}
	for body, want := range map[string]string{
		`{"serial":"s","count":1.5}`:                        "400 invalidValue: count: expected a whole number",
		`{"serial":"s","count":1e999999999}`:                "400 invalidValue: count: this is no number, or one with too many digits",
		`{"serial":"s","weight":"heavy"}`:                   "400 invalidValue: weight: this is no number",
		`{"serial":"s","weight":true}`:                      "400 invalidValue: weight: expected a number, found a Boolean",
		`{"serial":"s","made":"yesterday"}`:                 "400 invalidValue: made: this is no moment",
		`{"serial":"s","part":{"size":1}}`:                  "400 invalidValue: part.name is required",
		`{"serial":"s","part":[{"name":"a"},{"name":"b"}]}`: "400 invalidValue: part: expected one value",
	} {
		_, err := lenient(t).Type("Gadget").Decode([]byte(body))
		wantError(t, err, want)
	}
	_, err := groups(t).Decode([]byte(`{"displayName":"g","members":[{"display":"x"}]}`))
	wantError(t, err, "400 invalidValue: members: the element at byte 31 has no value")
}

func TestBoundsAreKept(t *testing.T) {
	s := service(t, Rules{Tolerate: Lenient, Limits: Limits{Body: 200, Values: 2, References: 2}})
	_, err := s.Type("User").Decode([]byte(`{"userName":"` + strings.Repeat("x", 200) + `"}`))
	wantError(t, err, "413: The body has 215 bytes; the most are 200")
	_, err = s.Type("User").Decode([]byte(`{"userName":"u","roles":["a","b","c"]}`))
	wantError(t, err, "413: roles has more than 2 values")
	_, err = s.Type("Group").Decode([]byte(`{"displayName":"g","members":["a","b","c"]}`))
	wantError(t, err, "413: members has more than 2 references")
	_, err = users(t).Decode([]byte(`{"userName":"` + strings.Repeat("x", 32<<10+1) + `"}`))
	wantError(t, err, "400 invalidValue: userName: the text has 32769 bytes; the most are 32768")
	kept := service(t, Rules{Tolerate: Lenient, Unknown: KeepUnknown, Limits: Limits{Values: 1}}).Type("Group")
	_, err = kept.Decode([]byte(`{"displayName":"g","a":1,"b":1,"c":1,"d":1,"e":1,"f":1,"g":1}`))
	wantError(t, err, "413: There are more than 7 attributes in one object")
}

func TestUnknownAttributesAreIgnoredKeptOrRefused(t *testing.T) {
	const body = `{"userName":"b","shoeSize" : 43,"emails":[{"value":"a","color":{"x": [1, 2]}}],"urn:other:User":{"a":"b"}}`
	same(t, shown(t, read(t, users(t), body)), `{"userName":"b","emails":[{"value":"a"}]}`)
	kept := service(t, Rules{Tolerate: Lenient, Unknown: KeepUnknown}).Type("User")
	same(t, shown(t, read(t, kept, body)), body)
	refused := service(t, Rules{Tolerate: Lenient, Unknown: RefuseUnknown}).Type("User")
	_, err := refused.Decode([]byte(`{"usrName":"b"}`))
	wantError(t, err, `400 invalidSyntax: "usrName" is not an attribute of User (did you mean userName?)`)
}

func TestStoredAttributesComeBackAsTheyWere(t *testing.T) {
	for _, rules := range []Rules{{Tolerate: Lenient}, {Unknown: KeepUnknown, Tolerate: Lenient}, {}} {
		typ := service(t, rules).Type("User")
		r := read(t, typ, strings.Replace(barbara, `"active"`, `"password":"t0p","x":[1],"active"`, 1))
		back, err := typ.DecodeStored(r.AppendStored(nil))
		if err != nil {
			t.Fatal(err)
		}
		if !back.Equal(r.Attrs) {
			t.Errorf("%s came back as %s", shown(t, r), shown(t, &Resource{Type: typ, Attrs: back}))
		}
	}
	_, err := users(t).DecodeStored([]byte(`{"userName":`))
	if _, ours := errors.AsType[*Error](err); err == nil || ours {
		t.Errorf("of half a document it says %v", err)
	}
}

// Each bend is understood with its tolerance and refused without it.
func TestEveryToleranceIsNeededAndEnough(t *testing.T) {
	const schemas = `"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],`
	decode := func(body string) func(*Service) (string, error) {
		return func(s *Service) (string, error) {
			b, err := s.Type("User").Decode([]byte(body))
			if err != nil {
				return "", err
			}
			return string((&Resource{Type: s.Type("User"), Attrs: b.Attrs}).AppendStored(nil)), nil
		}
	}
	patch := func(operations string) func(*Service) (string, error) {
		return func(s *Service) (string, error) {
			typ := s.Type("User")
			b, err := typ.Decode([]byte(barbara))
			if err != nil {
				return "", err
			}
			p, err := typ.ParsePatch([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[` + operations + `]}`))
			if err != nil {
				return "", err
			}
			c, err := p.Apply(&Resource{Type: typ, Attrs: b.Attrs})
			if err != nil {
				return "", err
			}
			return string((&Resource{Type: typ, Attrs: c.Attrs}).AppendStored(nil)), nil
		}
	}
	filter := func(text string) func(*Service) (string, error) {
		return func(s *Service) (string, error) {
			f, err := s.Type("User").ParseFilter(text)
			if err != nil {
				return "", err
			}
			return f.String(), nil
		}
	}
	cases := map[Tolerance]struct {
		do   func(*Service) (string, error)
		want string // part of what comes out
	}{
		TextBooleans:    {decode(`{` + schemas + `"userName":"b","active":"True"}`), `"active":true`},
		ScalarTexts:     {decode(`{` + schemas + `"userName":"b","title":5}`), `"title":"5"`},
		BareValues:      {decode(`{` + schemas + `"userName":"b","emails":["a@x"]}`), `"emails":[{"value":"a@x"}]`},
		LoneValues:      {decode(`{` + schemas + `"userName":"b","emails":{"value":"a@x"}}`), `"emails":[{"value":"a@x"}]`},
		TextObjects:     {decode(`{` + schemas + `"userName":"b","roles":["{\"value\":\"r\"}"]}`), `"roles":[{"value":"r"}]`},
		NoSchemas:       {decode(`{"userName":"b"}`), `"userName":"b"`},
		EmptyReferences: {decode(`{` + schemas + `"userName":"b","roles":[""]}`), `{"userName":"b"}`},
		BareWords:       {filter(`userName sw O`), `userName sw "O"`},
		OneAsList:       {filter(`name[givenName eq "B"]`), `name[givenName eq "B"]`},
		NoOperations:    {patch(``), `"userName":"bjensen"`},
		DottedKeys:      {patch(`{"op":"add","value":{"name.givenName":"Bo"}}`), `"givenName":"Bo"`},
		NewElements:     {patch(`{"op":"add","path":"emails[type eq \"other\"].value","value":"o@x"}`), `{"type":"other","value":"o@x"}`},
		ListedRemovals:  {patch(`{"op":"remove","path":"emails","value":[{"value":"babs@jensen.org"}]}`), `"emails":[{"value":"bjensen@example.com"`},
		MemberNames: {func(s *Service) (string, error) {
			b, err := s.Type("Group").Decode([]byte(`{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":"g","members":[{"value":"a","displayName":"Ann"}]}`))
			if err != nil {
				return "", err
			}
			return fmt.Sprintf("%+v", b.Refs[s.Type("Group").Attr("members")]), nil
		}, `Display:Ann`},
		BareNames:    {filter(`manager eq "m"`), `:User:manager.value eq "m"`},
		EchoedValues: {patch(`{"op":"replace","value":{"id":"2819c223","title":"Boss"}}`), `"title":"Boss"`},
		TextNumbers: {func(s *Service) (string, error) {
			b, err := s.Type("Gadget").Decode([]byte(`{"schemas":["urn:example:2.0:Gadget"],"serial":"s","count":"5"}`))
			if err != nil {
				return "", err
			}
			return string((&Resource{Type: s.Type("Gadget"), Attrs: b.Attrs}).AppendStored(nil)), nil
		}, `"count":5`},
	}
	for _, tol := range Tolerances {
		t.Run(tol.Name, func(t *testing.T) {
			c, ok := cases[tol.Bit]
			if !ok || tol.What == "" || tol.Source == "" {
				t.Fatal("no case, or no words")
			}
			got, err := c.do(service(t, Rules{Tolerate: tol.Bit}))
			if err != nil || !strings.Contains(got, c.want) {
				t.Errorf("with it: %s, %v; want %s", got, err, c.want)
			}
			if got, err := c.do(service(t, Rules{Tolerate: Lenient &^ tol.Bit})); err == nil && strings.Contains(got, c.want) {
				t.Errorf("without it: %s", got)
			}
			if got, err := c.do(service(t, Rules{})); err == nil && strings.Contains(got, c.want) {
				t.Errorf("strict: %s", got)
			}
		})
	}
	if len(cases) != len(Tolerances) {
		t.Errorf("%d cases, %d tolerances", len(cases), len(Tolerances))
	}
}
