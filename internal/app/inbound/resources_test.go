package inbound_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/app/inbound"
)

const ann = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ann@example.com","externalId":"e1","displayName":"Ann","active":true,
	"name":{"givenName":"Ann","familyName":"Lee"},"emails":[{"value":"ann@example.com","type":"work","primary":true}]}`

func TestWhoIsCreatedIsAnsweredWithPlaceAndVersion(t *testing.T) {
	s := start(t)
	a := s.do("POST", "/Users", ann).is(http.StatusCreated)
	id := a.created()
	place := "https://scim.example.com/scim/v2/acme/Users/" + id
	if a.Header().Get("Location") != place || a.Header().Get("ETag") != `W/"1"` || a.Header().Get("Content-Type") != "application/scim+json" {
		t.Errorf("headers: %v", a.Header())
	}
	want := map[string]any{"resourceType": "User", "created": "2026-11-20T12:00:00Z", "lastModified": "2026-11-20T12:00:00Z", "location": place, "version": `W/"1"`}
	if d := cmp.Diff(want, a.json()["meta"]); d != "" {
		t.Error(d)
	}
	if got := s.do("GET", "/Users/"+id, "").is(http.StatusOK); got.Body.String() != a.Body.String() || got.Header().Get("ETag") != `W/"1"` {
		t.Errorf("GET gives another answer than POST: %s", got.Body)
	}
}

func TestASecondUserOfTheSameNameIsRefusedWithTheAttribute(t *testing.T) {
	s := start(t)
	s.do("POST", "/Users", ann).created()
	s.do("POST", "/Users", strings.Replace(ann, "ann@", "ANN@", 1)).refused(http.StatusConflict, "uniqueness", "userName")
	s.do("POST", "/Groups", `{"displayName":"Staff"}`).created()
	s.do("POST", "/Groups", `{"displayName":"staff"}`).refused(http.StatusConflict, "uniqueness", "displayName")
	other := s.do("POST", "/Users", `{"userName":"bob"}`).created()
	s.do("PATCH", "/Users/"+other, `{"Operations":[{"op":"replace","path":"userName","value":"ann@example.com"}]}`).refused(http.StatusConflict, "uniqueness", "userName")
	s.do("PUT", "/Users/"+other, ann).refused(http.StatusConflict, "uniqueness", "userName")
}

func TestAPutReplacesAndKeepsWhatTheServiceKnows(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", ann).created()
	s.clock.pass(time.Hour)
	a := s.do("PUT", "/Users/"+id, `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"other","userName":"ann@example.com","title":"Boss"}`).is(http.StatusOK)
	v := a.json()
	if v["id"] != id || v["title"] != "Boss" || v["displayName"] != nil || a.Header().Get("ETag") != `W/"2"` {
		t.Errorf("got %s", a.Body)
	}
	meta, _ := v["meta"].(map[string]any)
	if meta["created"] != "2026-11-20T12:00:00Z" || meta["lastModified"] != "2026-11-20T13:00:00Z" {
		t.Errorf("meta %v", meta)
	}
	if again := s.do("PUT", "/Users/"+id, a.Body.String()); again.Header().Get("ETag") != `W/"2"` {
		t.Errorf("a PUT of what is there makes another version: %s", again.Header().Get("ETag"))
	}
	s.do("PUT", "/Users/"+id, `{"title":"x"}`).refused(http.StatusBadRequest, "invalidValue", "userName is required")
	s.do("PUT", "/Users/nobody", ann).refused(http.StatusNotFound, "", "no User with the id")
}

func TestAPutWithoutMembersKeepsThemAndAnEmptyListDoesNot(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", ann).created()
	g := s.do("POST", "/Groups", `{"displayName":"g","members":[{"value":"`+id+`"}]}`).created()
	if m := s.do("PUT", "/Groups/"+g, `{"displayName":"h"}`).is(http.StatusOK).json()["members"]; m == nil {
		t.Error("the members are gone")
	}
	if m := s.do("PUT", "/Groups/"+g, `{"displayName":"h","members":[]}`).is(http.StatusOK).json()["members"]; m != nil {
		t.Errorf("members %v", m)
	}
}

func TestAPatchIsAnsweredAsItsTypeAndTheSettingSay(t *testing.T) {
	const title = `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"externalId","value":"x"}]}`
	for _, c := range []struct {
		setting             inbound.PatchAnswer
		user, group, asking int
	}{
		{inbound.PatchByType, 200, 204, 200},
		{inbound.PatchBrief, 204, 204, 200},
		{inbound.PatchWhole, 200, 200, 200},
	} {
		s := start(t, func(o *inbound.Options) { o.Patch = c.setting })
		u := s.do("POST", "/Users", ann).created()
		g := s.do("POST", "/Groups", `{"displayName":"g"}`).created()
		a := s.do("PATCH", "/Users/"+u, title).is(c.user)
		if a.Header().Get("ETag") != `W/"2"` {
			t.Errorf("ETag %q", a.Header().Get("ETag"))
		}
		s.do("PATCH", "/Groups/"+g, title).is(c.group)
		if v := s.do("PATCH", "/Groups/"+g+"?attributes=displayName", title).is(c.asking).json(); v["displayName"] != "g" || v["externalId"] != nil {
			t.Errorf("got %v", v)
		}
	}
}

func TestWhoIsDeletedIsGoneAndLeavesTheGroups(t *testing.T) {
	s := start(t)
	u := s.do("POST", "/Users", ann).created()
	g := s.do("POST", "/Groups", `{"displayName":"g","members":[{"value":"`+u+`"}]}`).created()
	groups, _ := s.do("GET", "/Users/"+u, "").json()["groups"].([]any)
	if len(groups) != 1 {
		t.Fatalf("groups of the user: %v", groups)
	}
	if want := map[string]any{"value": g, "display": "g", "type": "direct", "$ref": "https://scim.example.com/scim/v2/acme/Groups/" + g}; cmp.Diff(want, groups[0]) != "" {
		t.Error(cmp.Diff(want, groups[0]))
	}
	if a := s.do("DELETE", "/Users/"+u, "").is(http.StatusNoContent); a.Body.Len() != 0 {
		t.Errorf("a body: %s", a.Body)
	}
	s.do("DELETE", "/Users/"+u, "").refused(http.StatusNotFound, "", "no User with the id")
	s.do("GET", "/Users/"+u, "").refused(http.StatusNotFound, "", "no User with the id")
	if a := s.do("GET", "/Groups/"+g, ""); a.json()["members"] != nil || a.Header().Get("ETag") != `W/"2"` {
		t.Errorf("the group is %s", a.Body)
	}
	s.do("POST", "/Users", ann).created() // the name is free again
}

func TestAMemberWhoIsNotThereIsRefusedOrPassedOver(t *testing.T) {
	s := start(t)
	s.do("POST", "/Groups", `{"displayName":"g","members":[{"value":"nobody"}]}`).refused(http.StatusBadRequest, "invalidValue", "members: there is no resource with the id")
	s = start(t, func(o *inbound.Options) { o.SkipUnknownMembers = true })
	u := s.do("POST", "/Users", ann).created()
	g := s.do("POST", "/Groups", `{"displayName":"g","members":[{"value":"nobody"}]}`).created()
	s.do("PATCH", "/Groups/"+g, `{"Operations":[{"op":"add","path":"members","value":[{"value":"nobody"},{"value":"`+u+`"}]}]}`).is(http.StatusNoContent)
	members, _ := s.do("GET", "/Groups/"+g, "").json()["members"].([]any)
	if len(members) != 1 {
		t.Errorf("members %v", members)
	}
	s.do("PATCH", "/Groups/nothing", `{"Operations":[{"op":"add","path":"members","value":[{"value":"nobody"}]}]}`).refused(http.StatusNotFound, "", "no Group")
}

func TestVersionsGuardReadingAndWriting(t *testing.T) {
	s := start(t)
	id := "/Users/" + s.do("POST", "/Users", ann).created()
	const patch = `{"Operations":[{"op":"replace","path":"title","value":"x"}]}`
	if a := s.do("GET", id, "", "If-None-Match", `W/"1"`).is(http.StatusNotModified); a.Body.Len() != 0 || a.Header().Get("ETag") != `W/"1"` {
		t.Errorf("304 with %v %s", a.Header(), a.Body)
	}
	s.do("GET", id, "", "If-None-Match", `W/"0"`).is(http.StatusOK)
	s.do("GET", id, "", "If-Match", `W/"0"`).refused(http.StatusPreconditionFailed, "", "has changed since it was read")
	for _, c := range [][2]string{{"PATCH", patch}, {"PUT", ann}, {"DELETE", ""}} {
		s.do(c[0], id, c[1], "If-Match", `W/"7"`).refused(http.StatusPreconditionFailed, "", "has changed since it was read")
	}
	s.do("PATCH", id, patch, "If-Match", `W/"1"`).is(http.StatusOK)
	s.do("PATCH", id, patch, "If-Match", `W/"1"`).refused(http.StatusPreconditionFailed, "", "Read it again")
	s.do("PATCH", id, patch, "If-Match", "*").is(http.StatusOK)
	s.do("DELETE", id, "", "If-Match", `"1", "2"`).is(http.StatusNoContent)
}

func TestAnswersShowWhatIsAskedFor(t *testing.T) {
	s := start(t)
	a := s.do("POST", "/Users?attributes=userName", ann).is(http.StatusCreated)
	if v := a.json(); v["userName"] != "ann@example.com" || v["emails"] != nil || v["meta"] != nil || v["id"] == nil {
		t.Errorf("POST: %s", a.Body)
	}
	id := "/Users/" + a.created()
	for path, want := range map[string]string{
		id + "?attributes=name.givenName":                  `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"` + id[7:] + `","name":{"givenName":"Ann"}}`,
		id + "?ATTRIBUTES=externalId":                      `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"` + id[7:] + `","externalId":"e1"}`,
		id + "?excludedAttributes=name,emails,meta,active": `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"id":"` + id[7:] + `","userName":"ann@example.com","externalId":"e1","displayName":"Ann"}`,
	} {
		if got := s.do("GET", path, "").is(http.StatusOK).Body.String(); got != want {
			t.Errorf("%s: %s", path, got)
		}
	}
	s.do("GET", id+"?attributes=a&excludedAttributes=b", "").refused(http.StatusBadRequest, "invalidValue", "exclude each other")
}

func TestAPasswordIsNeverKept(t *testing.T) {
	s := start(t)
	id := s.do("POST", "/Users", `{"userName":"b","password":"t1meMa$heen"}`).created()
	events, err := s.inbox.History(t.Context(), "acme", id)
	if err != nil || len(events) != 1 || strings.Contains(string(events[0].Text), "t1meMa") {
		t.Errorf("%v %v", events, err)
	}
}
