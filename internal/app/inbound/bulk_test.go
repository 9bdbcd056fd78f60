package inbound_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/rollcall/rollcall/internal/port/inbox"
)

const bulkSchemas = `"schemas":["urn:ietf:params:scim:api:messages:2.0:BulkRequest"]`

// outcomes are the statuses of a bulk answer.
func outcomes(a *answer) string {
	a.t.Helper()
	all, _ := a.is(http.StatusOK).json()["Operations"].([]any)
	var out []string
	for _, o := range all {
		m, _ := o.(map[string]any)
		out = append(out, fmt.Sprint(m["status"]))
	}
	return strings.Join(out, " ")
}

func TestABulkRequestDoesWhatItsOperationsSayAndResolvesBulkIds(t *testing.T) {
	s := start(t)
	a := s.do("POST", "/Bulk", `{`+bulkSchemas+`,"Operations":[
		{"method":"POST","path":"/Groups","bulkId":"g","data":{"displayName":"Tour Guides","members":[{"value":"bulkId:u"}]}},
		{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"Alice"}},
		{"method":"PATCH","path":"/Users/bulkId:u","data":{"Operations":[{"op":"add","path":"title","value":"Guide"}]}},
		{"method":"PUT","path":"/Groups/bulkId:g","version":"W/\"9\"","data":{"displayName":"x"}},
		{"method":"DELETE","path":"/Users/nobody"}]}`)
	if got := outcomes(a); got != "201 201 200 412 404" {
		t.Fatalf("%s: %s", got, a.Body)
	}
	_, names := s.do("GET", "/Users?filter=title+eq+%22guide%22", "").list()
	if len(names) != 1 || names[0] != "Alice" {
		t.Errorf("users %v", names)
	}
	if v := s.do("GET", "/Groups", ""); !strings.Contains(v.Body.String(), `"members":[{"value":`) {
		t.Errorf("groups %s", v.Body)
	}
	if !strings.Contains(a.Body.String(), `"bulkId":"u","version":"W/\"1\"","location":"https://scim.example.com/scim/v2/acme/Users/`) {
		t.Errorf("got %s", a.Body)
	}
}

func TestABulkRequestStopsAfterAsManyErrorsAsItSays(t *testing.T) {
	s := start(t)
	op := `{"method":"DELETE","path":"/Users/nobody"}`
	if got := outcomes(s.do("POST", "/Bulk", `{`+bulkSchemas+`,"failOnErrors":2,"Operations":[`+op+`,`+op+`,`+op+`]}`)); got != "404 404" {
		t.Errorf("got %s", got)
	}
	if got := outcomes(s.do("POST", "/Bulk", `{`+bulkSchemas+`,"Operations":[`+op+`,`+op+`,`+op+`]}`)); got != "404 404 404" {
		t.Errorf("got %s", got)
	}
}

func TestFaultsOfABulkRequestAreErrors(t *testing.T) {
	s := start(t)
	op := `{"method":"POST","path":"/Users","bulkId":"%d","data":{"userName":"u"}},`
	var many strings.Builder
	for i := range 1001 {
		fmt.Fprintf(&many, op, i)
	}
	s.do("POST", "/Bulk", `{`+bulkSchemas+`,"Operations":[`+strings.TrimSuffix(many.String(), ",")+`]}`).refused(http.StatusRequestEntityTooLarge, "", "1000 operations")
	s.do("POST", "/Bulk", `{}`).refused(http.StatusBadRequest, "invalidSyntax", "no Operations")
	if got := outcomes(s.do("POST", "/Bulk", `{`+bulkSchemas+`,"Operations":[
		{"method":"POST","path":"/Groups","bulkId":"a","data":{"displayName":"A","members":["bulkId:b"]}},
		{"method":"POST","path":"/Groups","bulkId":"b","data":{"displayName":"B","members":["bulkId:a"]}},
		{"method":"GET","path":"/Users/1"},{"method":"POST","path":"/Robots","bulkId":"r","data":{}}]}`)); got != "409 409 400 404" {
		t.Errorf("got %s", got)
	}
}

func TestEveryOperationOfABulkRequestHasALineInTheLog(t *testing.T) {
	s := start(t)
	s.do("POST", "/Bulk", `{`+bulkSchemas+`,"Operations":[{"method":"POST","path":"/Users","bulkId":"u","data":{"userName":"Alice"}},{"method":"POST","path":"/Users","bulkId":"v","data":{"userName":"alice"}}]}`).is(http.StatusOK)
	lines := s.log(inbox.Log{Name: "ALICE"})
	if len(lines) != 2 || lines[1].Status != http.StatusCreated || lines[1].ID == "" || lines[0].Status != http.StatusConflict || lines[0].ScimType != "uniqueness" || lines[0].Path != "/Bulk/Users" {
		t.Errorf("got %+v", lines)
	}
	if whole := s.log(inbox.Log{})[0]; whole.Status != http.StatusOK || !strings.Contains(whole.Reason, "1 of 2 operations were refused") {
		t.Errorf("got %+v", whole)
	}
}
