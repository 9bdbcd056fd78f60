package entra

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// parts are the answers of a batch by the id of their request: "status" and what follows.
func parts(r reply) map[string]map[string]any {
	out := map[string]map[string]any{}
	list, _ := r.body["responses"].([]any)
	for _, p := range list {
		m := p.(map[string]any)
		out[m["id"].(string)] = m
	}
	return out
}

const batchPath, asJSON = "/$batch", "Content-Type: application/json"

func TestABatchAnswersEachPartForItself(t *testing.T) {
	g := open(t, &Lab{})
	ana := g.user("ana")
	r := g.do("POST", batchPath, `{"requests":[
		{"id":"1","method":"GET","url":"/users/`+ana+`?$select=id"},
		{"id":"2","method":"GET","url":"users/$count","headers":{"ConsistencyLevel":"eventual"}},
		{"id":"3","method":"GET","url":"/users/nobody"},
		{"id":"4","method":"DELETE","url":"/users"},
		{"id":"5","method":"POST","url":"/directoryObjects/getByIds","headers":{"Content-Type":"application/json"},"body":{"ids":["`+ana+`"]}}
	]}`, asJSON)
	got := map[string]any{}
	for id, p := range parts(r) {
		got[id] = p["status"]
	}
	if diff := cmp.Diff(map[string]any{"1": 200.0, "2": 200.0, "3": 404.0, "4": 405.0, "5": 200.0}, got); r.status != 200 || diff != "" {
		t.Fatalf("%d (-want +got):\n%s", r.status, diff)
	}
	one := parts(r)["1"]
	if one["body"].(map[string]any)["id"] != ana || one["headers"].(map[string]any)["Content-Type"] == "" {
		t.Errorf("part 1: %v", one)
	}
	if parts(r)["2"]["body"] != "1" {
		t.Errorf("part 2: %v", parts(r)["2"])
	}
	if first := r.body["responses"].([]any)[0].(map[string]any); first["id"] != "5" {
		t.Errorf("the parts come in the order of the requests, which no client may rely on: first is %v", first["id"])
	}
	if n := len(g.l.Requests()); n != 6 {
		t.Errorf("%d requests were written down, want the batch and its five parts", n)
	}
}

func TestABatchThatIsMalformedIsRefusedAsAWhole(t *testing.T) {
	g := open(t, &Lab{})
	var many []string
	for i := range 21 {
		many = append(many, fmt.Sprintf(`{"id":"%d","method":"GET","url":"/users"}`, i))
	}
	for sentence, body := range map[string]string{
		"no JSON":           `{"requests":`,
		"no requests":       `{"requests":[]}`,
		"more than twenty":  `{"requests":[` + strings.Join(many, ",") + `]}`,
		"an id twice":       `{"requests":[{"id":"a","method":"GET","url":"/users"},{"id":"A","method":"GET","url":"/users"}]}`,
		"no id":             `{"requests":[{"method":"GET","url":"/users"}]}`,
		"unknown dependsOn": `{"requests":[{"id":"1","method":"GET","url":"/users","dependsOn":["2"]}]}`,
	} {
		if r := g.do("POST", batchPath, body, asJSON); r.status != 400 {
			t.Errorf("%s: %d %s", sentence, r.status, r.raw)
		}
	}
	if r := g.do("POST", batchPath, `{"requests":[`+strings.Join(many[:20], ",")+`]}`, asJSON); len(parts(r)) != 20 {
		t.Errorf("twenty are allowed: %s", r.raw)
	}
	if r := g.do("GET", batchPath, ""); r.status != 405 {
		t.Errorf("GET: %d", r.status)
	}
}

func TestWhatDependsOnAFailureFails(t *testing.T) {
	g := open(t, &Lab{})
	r := g.do("POST", batchPath, `{"requests":[
		{"id":"1","method":"GET","url":"/users/nobody"},
		{"id":"2","method":"GET","url":"/users","dependsOn":["1"]},
		{"id":"3","method":"GET","url":"/users","dependsOn":["2"]},
		{"id":"4","method":"GET","url":"/users"},
		{"id":"5","method":"POST","url":"/$batch"},
		{"id":"6","method":"GET","url":"https://graph.microsoft.com/v1.0/users"}
	]}`, asJSON)
	got := map[string]any{}
	for id, p := range parts(r) {
		got[id] = p["status"]
	}
	if diff := cmp.Diff(map[string]any{"1": 404.0, "2": 424.0, "3": 424.0, "4": 200.0, "5": 400.0, "6": 400.0}, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPartsAreThrottledOneByOne(t *testing.T) {
	g := open(t, &Lab{Limits: Limits{Units: 5}})
	r := g.do("POST", batchPath, `{"requests":[
		{"id":"1","method":"GET","url":"/users"},{"id":"2","method":"GET","url":"/users"},{"id":"3","method":"GET","url":"/users"}
	]}`, asJSON)
	third := parts(r)["3"]
	if r.status != 200 || third["status"] != 429.0 || third["headers"].(map[string]any)["Retry-After"] == nil {
		t.Errorf("%d %v", r.status, third)
	}
}

func TestObjectsAreFetchedByTheirIds(t *testing.T) {
	g := open(t, &Lab{})
	ana, ben := g.user("ana"), g.user("ben")
	must(t, g.l.DeleteUser(ben))
	team := g.group("team")
	ask := func(body string) reply { return g.do("POST", "/directoryObjects/getByIds", body, asJSON) }
	r := ask(`{"ids":["` + team + `","` + ana + `","` + ben + `","nobody","` + ana + `"]}`)
	if diff := cmp.Diff([]string{team, ana}, ids(r.values())); diff != "" {
		t.Errorf("what is there (-want +got):\n%s", diff)
	}
	if v := r.values()[1]; v["@odata.type"] != "#microsoft.graph.user" || v["accountEnabled"] != true {
		t.Errorf("all properties: %v", v)
	}
	if r := ask(`{"ids":["` + team + `","` + ana + `"],"types":["User"]}`); len(r.values()) != 1 {
		t.Errorf("users only: %s", r.raw)
	}
	thousand := strings.Repeat(`"x",`, 1000) + `"x"`
	for _, bad := range []string{`{}`, `{"ids":[]}`, `{"ids":[` + thousand + `]}`, `[`} {
		if r := ask(bad); r.status != 400 {
			t.Errorf("%.20s: %d %s", bad, r.status, r.raw)
		}
	}
}
