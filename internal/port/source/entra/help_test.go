package entra_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/google/go-cmp/cmp"

	"github.com/rollcall/rollcall/internal/core/document"
	lab "github.com/rollcall/rollcall/internal/lab/entra"
	"github.com/rollcall/rollcall/internal/port/graph"
	"github.com/rollcall/rollcall/internal/port/source"
	"github.com/rollcall/rollcall/internal/port/source/entra"
	"github.com/rollcall/rollcall/internal/testkit/labkit"
)

// fataler is a *testing.T or a *rapid.T.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
	Context() context.Context
}

func must(t fataler, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

// tenant is a lab with a source that follows it and the mirror that the source keeps.
type tenant struct {
	t      fataler
	l      *lab.Lab
	c      *labkit.Clock
	s      *entra.Source
	o      entra.Options
	app    string
	mirror *mirror
	cursor source.Cursor
}

const application = "Atlassian Cloud"

func open(t fataler, l *lab.Lab) *tenant {
	t.Helper()
	c := labkit.At(labkit.Noon)
	l.Now, l.Wait = c.Now, c.Sleep
	n := &tenant{t: t, l: l, c: c, mirror: newMirror()}
	n.o = entra.Options{Graph: n.client(l.Transport()), Application: application}
	n.renew()
	var err error
	n.app, err = l.AddServicePrincipal(lab.Props{"displayName": application, "appId": "0f0f0f0f-0000-4000-8000-000000000001"})
	must(t, err)
	return n
}

// client signs in anew.
func (n *tenant) client(transport http.RoundTripper) *graph.Client {
	n.t.Helper()
	g, err := graph.New(graph.Options{
		Tenant: lab.DefaultTenant, ClientID: lab.DefaultClient, Credential: graph.Credential{Secret: lab.DefaultSecret},
		Transport: transport, Now: n.c.Now, Sleep: n.c.Sleep,
	})
	must(n.t, err)
	return g
}

// renew makes the source from the options, as after a restart.
func (n *tenant) renew() {
	n.t.Helper()
	s, err := entra.New(n.o)
	must(n.t, err)
	n.s = s
}

func (n *tenant) user(name string) string {
	n.t.Helper()
	id, err := n.l.AddUser(lab.Props{"displayName": name, "userPrincipalName": name + "@fabrikam.example", "department": "Sales"})
	must(n.t, err)
	return id
}

func (n *tenant) group(name string, members ...string) string {
	n.t.Helper()
	id, err := n.l.AddGroup(lab.Props{"displayName": name})
	must(n.t, err)
	must(n.t, n.l.AddMember(id, members...))
	return id
}

// try reads into a copy of the mirror, which counts only if the reading ends well.
func (n *tenant) try() error {
	m := n.mirror.clone()
	c, err := n.s.Read(n.t.Context(), n.cursor, m)
	if err != nil {
		return err
	}
	n.mirror, n.cursor = m, c
	return nil
}

// reads reads and gives what happened, in short.
func (n *tenant) reads() {
	n.t.Helper()
	must(n.t, n.try())
}

// truth is what the lab's plain lists say, which the source does not use.
func (n *tenant) truth() *mirror {
	n.t.Helper()
	m := newMirror()
	ids := func(list []map[string]any) (ids []string) {
		for _, o := range list {
			ids = append(ids, o["id"].(string))
		}
		return ids
	}
	var sel map[string][]string
	must(n.t, json.Unmarshal([]byte(`{
		"users":["id","accountEnabled","createdDateTime","department","displayName","externalUserState","givenName","jobTitle","mail","mailNickname","onPremisesLastSyncDateTime","onPremisesProvisioningErrors","onPremisesSyncEnabled","otherMails","proxyAddresses","surname","userPrincipalName","userType"],
		"groups":["id","createdDateTime","description","displayName","groupTypes","mailEnabled","mailNickname","membershipRule","membershipRuleProcessingState","onPremisesLastSyncDateTime","onPremisesProvisioningErrors","onPremisesSyncEnabled","securityEnabled","visibility"]}`), &sel))
	for f, path := range map[document.File]string{
		document.Users:              "/users?$top=999&$select=" + strings.Join(sel["users"], ","),
		document.Groups:             "/groups?$top=999&$select=" + strings.Join(sel["groups"], ","),
		document.DeletedUsers:       "/directory/deletedItems/microsoft.graph.user?$select=deletedDateTime," + strings.Join(sel["users"], ","),
		document.ServicePrincipals:  "/servicePrincipals?$select=id,accountEnabled,appId,appRoles,displayName,passwordCredentials&$filter=displayName%20eq%20'Atlassian%20Cloud'",
		document.AppRoleAssignments: "/servicePrincipals/" + n.app + "/appRoleAssignedTo",
	} {
		for _, o := range n.list(path) {
			m.put(f, o["id"].(string), o)
		}
		m.whole[f] = true
	}
	for _, id := range slices.Sorted(maps.Keys(m.objects[document.Groups])) {
		for _, who := range ids(n.list("/groups/" + id + "/members?$select=id&$top=999")) {
			if m.objects[document.Users][who] != nil || m.objects[document.Groups][who] != nil {
				m.edge(id)[who] = true
			}
		}
	}
	return m
}

func (n *tenant) list(link string) (all []map[string]any) {
	n.t.Helper()
	for link = "https://graph.microsoft.com/v1.0" + link; link != ""; {
		r, err := http.NewRequestWithContext(n.t.Context(), http.MethodGet, link, http.NoBody)
		must(n.t, err)
		r.Header.Set("Authorization", "Bearer "+n.l.Token(lab.DefaultClient))
		resp, err := n.l.Transport().RoundTrip(r)
		must(n.t, err)
		b, err := io.ReadAll(resp.Body)
		must(n.t, err)
		var page struct {
			Value []map[string]any `json:"value"`
			Next  string           `json:"@odata.nextLink"`
		}
		must(n.t, json.Unmarshal(b, &page))
		if resp.StatusCode != http.StatusOK {
			n.t.Fatalf("%s: %s", link, b)
		}
		all, link = append(all, page.Value...), page.Next
	}
	return all
}

// requests are the calls of Graph that were made meanwhile, without those for tokens.
func (n *tenant) requests(do func()) (paths []string) {
	n.l.ForgetRequests()
	do()
	for _, r := range n.l.Requests() {
		if strings.HasPrefix(r.Path, "/v1.0/") {
			paths = append(paths, strings.TrimPrefix(r.Path, "/v1.0"))
		}
	}
	return paths
}

// same compares the mirror with the tenant; null, the empty list and nothing are one after changes.
func (n *tenant) same() {
	n.t.Helper()
	want, got := n.truth().known(), n.mirror.known()
	if diff := cmp.Diff(want, got); diff != "" {
		n.t.Errorf("the mirror is not the tenant (-tenant +mirror):\n%s", diff)
	}
}

// mirror is what a source told.
type mirror struct {
	objects map[document.File]map[string]map[string]any
	members map[string]map[string]bool
	whole   map[document.File]bool
	gaps    []document.Gap
	fulls   []document.File
}

func newMirror() *mirror {
	return &mirror{objects: map[document.File]map[string]map[string]any{}, members: map[string]map[string]bool{}, whole: map[document.File]bool{}}
}

func (m *mirror) clone() *mirror {
	c := newMirror()
	for f, all := range m.objects {
		for id, o := range all {
			c.put(f, id, maps.Clone(o))
		}
	}
	for g, list := range m.members {
		c.members[g] = maps.Clone(list)
	}
	c.whole, c.gaps = maps.Clone(m.whole), slices.Clone(m.gaps)
	return c
}

func (m *mirror) put(f document.File, id string, o map[string]any) {
	if m.objects[f] == nil {
		m.objects[f] = map[string]map[string]any{}
	}
	m.objects[f][id] = o
}

func (m *mirror) edge(group string) map[string]bool {
	if m.members[group] == nil {
		m.members[group] = map[string]bool{}
	}
	return m.members[group]
}

// known is what can be compared: no nulls, no memberships of people or groups that are not there.
func (m *mirror) known() *struct {
	Objects map[document.File]map[string]map[string]any
	Members map[string][]string
} {
	out := &struct {
		Objects map[document.File]map[string]map[string]any
		Members map[string][]string
	}{map[document.File]map[string]map[string]any{}, map[string][]string{}}
	for f, all := range m.objects {
		for id, o := range all {
			if out.Objects[f] == nil {
				out.Objects[f] = map[string]map[string]any{}
			}
			o = maps.Clone(o)
			maps.DeleteFunc(o, func(_ string, v any) bool {
				list, is := v.([]any)
				return v == nil || is && len(list) == 0
			})
			out.Objects[f][id] = o
		}
	}
	for g, list := range m.members {
		if m.objects[document.Groups][g] == nil {
			continue
		}
		for _, id := range slices.Sorted(maps.Keys(list)) {
			if list[id] && (m.objects[document.Users][id] != nil || m.objects[document.Groups][id] != nil) {
				out.Members[g] = append(out.Members[g], id)
			}
		}
	}
	return out
}

func (m *mirror) Full(files ...document.File) error {
	for _, f := range files {
		m.objects[f] = nil
		m.fulls = append(m.fulls, f)
		m.gaps = slices.DeleteFunc(m.gaps, func(g document.Gap) bool { return g.File == string(f) })
		delete(m.whole, f)
		if f == document.Groups {
			m.members = map[string]map[string]bool{}
		}
	}
	return nil
}

func (m *mirror) Put(f document.File, id string, object jsontext.Value) error {
	var o map[string]any
	if err := json.Unmarshal(object, &o); err != nil || o["id"] != id {
		return fmt.Errorf("put %s %s %s: %w", f, id, object, err)
	}
	for name := range o {
		if strings.Contains(name, "@") {
			return fmt.Errorf("an annotation is told as a property: %s", object)
		}
	}
	m.put(f, id, o)
	return nil
}

func (m *mirror) Merge(f document.File, id string, object jsontext.Value) error {
	if m.objects[f][id] == nil {
		return m.Put(f, id, object)
	}
	var o map[string]any
	if err := json.Unmarshal(object, &o); err != nil || o["id"] != id {
		return fmt.Errorf("merge %s %s %s: %w", f, id, object, err)
	}
	maps.Copy(m.objects[f][id], o)
	return nil
}

func (m *mirror) Drop(f document.File, id string) error {
	delete(m.objects[f], id)
	if f == document.Groups {
		delete(m.members, id)
	}
	return nil
}

func (m *mirror) Member(_ document.File, group, member, kind string, in bool) error {
	if !strings.HasPrefix(kind, "#microsoft.graph.") {
		return fmt.Errorf("a member of kind %q", kind)
	}
	m.edge(group)[member] = in
	return nil
}

func (m *mirror) Gap(g document.Gap) error {
	m.gaps = append(m.gaps, g)
	if g.Subject == "" {
		delete(m.whole, document.File(g.File))
	}
	return nil
}

func (m *mirror) Whole(f document.File) error {
	m.whole[f] = true
	m.gaps = slices.DeleteFunc(m.gaps, func(g document.Gap) bool { return g.File == string(f) })
	return nil
}

var _ source.Mirror = (*mirror)(nil)

// filled makes a company: people in groups, groups in groups, some assigned.
func filled(t *testing.T, l *lab.Lab, people int) *tenant {
	t.Helper()
	n := open(t, l)
	var ids []string
	for i := range people {
		ids = append(ids, n.user(fmt.Sprint("user", i)))
	}
	var groups []string
	for i := 0; i < people; i += 10 {
		groups = append(groups, n.group(fmt.Sprint("group", i), ids[i:min(i+25, people)]...))
	}
	top := n.group("everybody", groups...)
	for _, who := range []string{top, ids[0]} {
		_, err := l.Assign(n.app, who, "")
		must(t, err)
	}
	must(t, l.DeleteUser(ids[len(ids)-1]))
	return n
}

func query(link string) url.Values {
	u, err := url.Parse(link)
	if err != nil {
		return nil
	}
	return u.Query()
}
