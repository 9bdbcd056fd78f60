package scim

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestABulkRequestIsPutInAnOrderInWhichEachFindsWhatItNeeds(t *testing.T) {
	s := lenient(t)
	b, err := s.ParseBulk([]byte(`{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"],"failOnErrors":1,"Operations":[
		{"method":"post","path":"/Groups","bulkId":"g","data":{"displayName":"Tour Guides","members":[{"value":"bulkId:u"},{"value":"bulkId:u"}, {"display":"bulkId:\"é\"","value":"bulkId:v"}]}},
		{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"Alice"}},
		{"method":"DELETE","path":"/Users/7","version":"W/\"3\""},
		{"method":"PATCH","path":"/Users/bulkId:v","data":{"Operations":[{"op":"replace","path":"active","value":false}]}},
		{"method":"POST","path":"/users","bulkId":"v","data":{"userName":"Bob"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]int{1, 4, 0, 2, 3}, b.Order); d != "" || b.FailOnErrors != 1 {
		t.Errorf("%s, %d", d, b.FailOnErrors)
	}
	for i, op := range b.Operations {
		if op.Err != nil {
			t.Errorf("operation %d: %v", i, op.Err)
		}
	}
	ids := map[string]string{"u": "1\"1", "v": "22", "\"é\"": "33"}
	_, data, err := b.Operations[0].Resolve(ids)
	if err != nil {
		t.Fatal(err)
	}
	same(t, string(data), `{"displayName":"Tour Guides","members":[{"value":"1\"1"},{"value":"1\"1"},{"display":"33","value":"22"}]}`)
	if id, _, err := b.Operations[3].Resolve(ids); id != "22" || err != nil {
		t.Errorf("the PATCH goes to %s, %v", id, err)
	}
	if id, data, err := b.Operations[2].Resolve(nil); id != "7" || data != nil || err != nil || b.Operations[2].Version != `W/"3"` || b.Operations[2].Type != s.Type("User") {
		t.Errorf("the DELETE goes to %s with %s, %v", id, data, err)
	}
	_, _, err = b.Operations[3].Resolve(nil)
	wantError(t, err, `409 invalidValue: bulkId:"v" has no id`)
}

func TestOperationsInACircleAreRefusedAndOthersDone(t *testing.T) {
	b, err := lenient(t).ParseBulk([]byte(`{"Operations":[
		{"method":"POST","path":"/Groups","bulkId":"a","data":{"displayName":"A","members":["bulkId:b"]}},
		{"method":"POST","path":"/Groups","bulkId":"b","data":{"displayName":"B","members":["bulkId:a"]}},
		{"method":"POST","path":"/Groups","bulkId":"c","data":{"displayName":"C","members":["bulkId:c"]}},
		{"method":"POST","path":"/Users","bulkId":"d","data":{"userName":"d"}},
		{"method":"POST","path":"/Users","bulkId":"d","data":{"userName":"e"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"409: in a circle", "409: in a circle", "409: in a circle", "", `400 invalidValue: bulkId: "d" is the bulkId of another operation`} {
		if got := b.Operations[i].Err; want != "" {
			wantError(t, got, want)
		} else if got != nil {
			t.Errorf("operation %d: %v", i, got)
		}
	}
	if len(b.Order) != 5 {
		t.Errorf("order %v", b.Order)
	}
}

func TestFaultsOfABulkRequestAreItsOwnOrOfOneOperation(t *testing.T) {
	s := service(t, Rules{Tolerate: Lenient, Limits: Limits{Bulk: 2}})
	for body, want := range map[string]string{
		`{}`:                                  "400 invalidSyntax: There are no Operations",
		`{"Operations":{}}`:                   "400 invalidSyntax: Operations: expected a list, found an object",
		`{"Operations":[],"failOnErrors":-1}`: "400 invalidValue: failOnErrors: expected a whole number",
		`{"Operations":[{"method":5}]}`:       "400 invalidSyntax: Operation 1: method: expected a text, found a number",
		`{"Operations":[{},{},{}]}`:           "413: There are more than 2 operations",
		`{"Operations":[{}`:                   "400 invalidSyntax: ",
	} {
		_, err := s.ParseBulk([]byte(body))
		wantError(t, err, want)
	}
	for op, want := range map[string]string{
		`"method":"GET","path":"/Users/1"`:               `400 invalidValue: method: "GET" cannot be done in bulk`,
		`"method":"POST","path":"/Robots"`:               `404: path: "/Robots" leads to no resource type`,
		`"method":"POST","path":"/Users","data":{}`:      "400 invalidValue: bulkId: a POST needs one",
		`"method":"POST","path":"/Users/1","bulkId":"x"`: "400 invalidValue: path: a POST goes to /Users alone",
		`"method":"PUT","path":"/Users"`:                 "400 invalidValue: path: a PUT goes to /Users/ and an id",
		`"method":"PATCH","path":"/Users/1"`:             "400 invalidValue: data: a PATCH needs it",
	} {
		b, err := s.ParseBulk([]byte(`{"Operations":[{` + op + `}]}`))
		if err != nil {
			t.Errorf("%s: %v", op, err)
			continue
		}
		wantError(t, b.Operations[0].Err, want)
	}
	_, err := strict(t).ParseBulk([]byte(`{"Operations":[]}`))
	wantError(t, err, "400 invalidValue: schemas does not name")
}

func TestTheAnswerToABulkRequestTellsEachOutcome(t *testing.T) {
	got := AppendBulk(nil, []BulkResult{
		{Method: "POST", BulkID: "q", Version: `W/"1"`, Location: base + "/Users/1", Status: 201},
		{Method: "POST", BulkID: "r", Status: 409, Response: users(t).Taken(users(t).Attr("userName")).Append(nil)},
	})
	same(t, string(got), `{"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkResponse"],"Operations":[
		{"method":"POST","bulkId":"q","version":"W/\"1\"","location":"https://example.com/v2/Users/1","status":"201"},
		{"method":"POST","bulkId":"r","status":"409","response":{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"409","scimType":"uniqueness","detail":"Another User has this userName; it must be unique. Change the other one first, or send another value."}}]}`)
}

func TestALongChainOfNeedsIsOrdered(t *testing.T) {
	var ops []string
	for i := range 1_000 {
		ops = append(ops, fmt.Sprintf(`{"method":"POST","path":"/Groups","bulkId":"%d","data":{"displayName":"x","members":["bulkId:%d"]}}`, i, i+1))
	}
	b, err := lenient(t).ParseBulk([]byte(`{"Operations":[` + strings.Join(ops, ",") + `]}`))
	if err != nil || b.Order[0] != 999 || b.Order[999] != 0 {
		t.Errorf("%v", err)
	}
}
