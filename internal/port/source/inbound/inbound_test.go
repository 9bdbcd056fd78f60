package inbound_test

import (
	"fmt"
	"maps"
	"slices"
	"testing"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
	"github.com/rollcall/rollcall/internal/port/inbox/memory"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/source/inbound"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)

// world is a directory, and a mirror of what its source tells.
type world struct {
	t       *testing.T
	inbox   inbox.Inbox
	service *scim.Service
	source  *inbound.Source
	mirror  *mirror
	cursor  source.Cursor
}

func begin(t *testing.T) *world {
	t.Helper()
	service, err := scim.NewService([]scim.Schema{scim.User(), scim.EnterpriseUser(), scim.Group()},
		[]scim.TypeDefinition{scim.UserDefinition(), scim.GroupDefinition()}, scim.Rules{})
	must(t, err)
	w := &world{t: t, inbox: &memory.Inbox{}, service: service, mirror: &mirror{objects: map[string]string{}, members: map[string]bool{}}}
	t.Cleanup(func() { _ = w.inbox.Close() })
	d := inbox.Directory{ID: "okta", Name: "Okta", Created: noon}
	must(t, w.inbox.PutDirectory(t.Context(), d))
	w.source, err = inbound.New(w.inbox, d, service)
	must(t, err)
	return w
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// push is what a provider sends: POST of a body, to a resource type.
func (w *world) push(kind, id, body string) {
	w.t.Helper()
	typ := w.service.Type(kind)
	b, err := typ.Decode([]byte(body))
	must(w.t, err)
	_, err = w.inbox.Create(w.t.Context(), inbox.Key{Directory: "okta", Type: typ, ID: id}, b, noon)
	must(w.t, err)
}

func (w *world) patch(kind, id, body string) {
	w.t.Helper()
	typ := w.service.Type(kind)
	p, err := typ.ParsePatch([]byte(body))
	must(w.t, err)
	_, _, err = w.inbox.Change(w.t.Context(), inbox.Key{Directory: "okta", Type: typ, ID: id}, noon.Add(time.Hour), p.Apply)
	must(w.t, err)
}

func (w *world) remove(kind, id string) {
	w.t.Helper()
	must(w.t, w.inbox.Delete(w.t.Context(), inbox.Key{Directory: "okta", Type: w.service.Type(kind), ID: id}, noon.Add(2*time.Hour), nil))
}

// read brings the mirror up to date, and holds it against one that reads everything anew.
func (w *world) read() *mirror {
	w.t.Helper()
	var err error
	w.cursor, err = w.source.Read(w.t.Context(), w.cursor, w.mirror)
	must(w.t, err)
	anew := &mirror{objects: map[string]string{}, members: map[string]bool{}}
	_, err = w.source.Read(w.t.Context(), "", anew)
	must(w.t, err)
	if diff := cmp.Diff(anew.say(), w.mirror.say()); diff != "" {
		w.t.Errorf("what changed does not lead to what there is (- read anew, + followed)\n%s", diff)
	}
	return w.mirror
}

const (
	ada   = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"ada@acme.example","name":{"givenName":"Ada","familyName":"King"},"emails":[{"value":"ada@home.example","type":"home"},{"value":"ada.king@acme.example","type":"work","primary":true}],"active":true,"title":"Countess","externalId":"00u1"}`
	bob   = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"bob@acme.example","displayName":"Bob"}`
	group = `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:Group"],"displayName":%q,"members":[%s]}`
)

func TestWhatWasPushedIsToldAsGraphWouldShowIt(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.push("User", "u1", ada)
	w.push("User", "u2", bob)
	w.push("Group", "g1", fmt.Sprintf(group, "devs", `{"value":"u1"}`))
	w.push("Group", "g2", fmt.Sprintf(group, "all", `{"value":"g1"},{"value":"u2"}`))
	m := w.read()

	var user document.User
	must(t, json.Unmarshal([]byte(m.objects["entra/users.json u1"]), &user))
	if user.UserPrincipalName != "ada@acme.example" || user.Mail.Value != "ada.king@acme.example" || user.DisplayName != "Ada King" || user.JobTitle != "Countess" || !document.Is(user.AccountEnabled, true) {
		t.Errorf("ada is told as %s", m.objects["entra/users.json u1"])
	}
	want := []string{"g1 u1 #microsoft.graph.user", "g2 g1 #microsoft.graph.group", "g2 u2 #microsoft.graph.user"}
	if got := slices.Sorted(maps.Keys(m.members)); !slices.Equal(got, want) {
		t.Errorf("members are %v", got)
	}
	var grant document.AppRoleAssignment
	must(t, json.Unmarshal([]byte(m.objects["entra/app-role-assignments.json pushed-g1"]), &grant))
	if grant.PrincipalID != "g1" || grant.PrincipalType != "Group" || grant.ResourceID != w.source.Application() {
		t.Errorf("whatever was pushed counts as assigned, and g1 is %+v", grant)
	}
}

func TestWhatChangesIsFollowed(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.push("User", "u1", ada)
	w.push("User", "u2", bob)
	w.push("Group", "g1", fmt.Sprintf(group, "devs", `{"value":"u1"},{"value":"u2"}`))
	w.read()

	w.patch("User", "u1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"replace","path":"active","value":false}]}`)
	w.patch("Group", "g1", `{"schemas":["urn:ietf:params:scim:api:messages:2.0:PatchOp"],"Operations":[{"op":"remove","path":"members[value eq \"u2\"]"},{"op":"replace","path":"displayName","value":"developers"}]}`)
	m := w.read()
	var user document.User
	must(t, json.Unmarshal([]byte(m.objects["entra/users.json u1"]), &user))
	if !document.Is(user.AccountEnabled, false) {
		t.Errorf("who was deactivated is told as %s", m.objects["entra/users.json u1"])
	}
	if got := slices.Sorted(maps.Keys(m.members)); !slices.Equal(got, []string{"g1 u1 #microsoft.graph.user"}) {
		t.Errorf("members are %v", got)
	}

	w.remove("User", "u1")
	m = w.read()
	if m.objects["entra/users.json u1"] != "" || m.objects["entra/app-role-assignments.json pushed-u1"] != "" || len(m.members) > 0 {
		t.Errorf("somebody deleted is still told: %v", m.say())
	}
	w.remove("Group", "g1")
	w.read()
}

func TestOneWhoIsCalledNothingGoesByTheUserName(t *testing.T) {
	t.Parallel()
	w := begin(t)
	w.push("User", "u1", `{"schemas":["urn:ietf:params:scim:schemas:core:2.0:User"],"userName":"x1"}`)
	var user document.User
	must(t, json.Unmarshal([]byte(w.read().objects["entra/users.json u1"]), &user))
	if user.DisplayName != "x1" || !document.Is(user.AccountEnabled, true) {
		t.Errorf("told as %+v", user)
	}
}

// mirror keeps what is told, as a store does.
type mirror struct {
	objects map[string]string // document and id
	members map[string]bool   // group, member, kind
}

var _ source.Mirror = (*mirror)(nil)

func (m *mirror) say() []string {
	out := slices.Sorted(maps.Keys(m.members))
	for _, k := range slices.Sorted(maps.Keys(m.objects)) {
		out = append(out, k+" "+m.objects[k])
	}
	return out
}

func (m *mirror) Full(files ...document.File) error {
	for _, f := range files {
		maps.DeleteFunc(m.objects, func(k, _ string) bool { return len(k) > len(f) && k[:len(f)] == string(f) })
		if f == document.Groups {
			clear(m.members)
		}
	}
	return nil
}

func (m *mirror) Put(f document.File, id string, object jsontext.Value) error {
	m.objects[string(f)+" "+id] = string(object)
	return nil
}

func (m *mirror) Merge(document.File, string, jsontext.Value) error { panic("nothing is merged here") }

func (m *mirror) Drop(f document.File, id string) error {
	delete(m.objects, string(f)+" "+id)
	if f == document.Groups {
		maps.DeleteFunc(m.members, func(k string, _ bool) bool { return len(k) > len(id) && k[:len(id)+1] == id+" " })
	}
	return nil
}

func (m *mirror) Member(_ document.File, group, member, kind string, in bool) error {
	if in {
		m.members[group+" "+member+" "+kind] = true
		return nil
	}
	maps.DeleteFunc(m.members, func(k string, _ bool) bool {
		prefix := group + " " + member + " "
		return len(k) > len(prefix) && k[:len(prefix)] == prefix
	})
	return nil
}

func (m *mirror) Gap(document.Gap) error    { return nil }
func (m *mirror) Whole(document.File) error { return nil }
