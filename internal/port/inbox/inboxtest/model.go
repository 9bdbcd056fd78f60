package inboxtest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"pgregory.net/rapid"

	"github.com/rollcall/rollcall/internal/core/scim"
	"github.com/rollcall/rollcall/internal/port/inbox"
)

var models = []sentence{
	{"whatever is done, what is there is that of a simple model, and every filter, order and page is right", func(b *bench) {
		n := 0
		rapid.Check(b.T, func(t *rapid.T) {
			n++
			one := b.in(fmt.Sprint("world", n))
			m := &model{bench: one, t: t, users: map[string]person{}, groups: map[string]team{}}
			if err := one.inbox.PutDirectory(b.Context(), inbox.Directory{ID: one.directory}); err != nil {
				t.Fatal(err)
			}
			for range rapid.IntRange(1, 25).Draw(t, "steps") {
				m.step()
			}
			m.agrees()
			for range 6 {
				m.filtered(b.users, drawFilter(t, userFilters, 2))
				m.filtered(b.groups, drawFilter(t, groupFilters, 2))
			}
		})
	}},
}

// model is what should be there.
type model struct {
	*bench
	t      *rapid.T
	users  map[string]person
	groups map[string]team
}

type person struct{ userName, externalID, email string }

type team struct {
	name    string
	members map[string]bool
}

var (
	userIDs  = []string{"1", "2", "3", "4", "5"}
	groupIDs = []string{"A", "B", "C"}
	allIDs   = append(slices.Clone(userIDs), append(slices.Clone(groupIDs), "nobody")...)
	names    = []string{"ada", "Ada", "bo", "éva", "ÉVA", "x y"}
	words    = []string{"", "a", "A", "bo", "ab"}
)

func (m *model) draw(what string, from []string) string {
	return rapid.SampledFrom(from).Draw(m.t, what)
}

// step does one thing at random, and expects what the model expects of it.
func (m *model) step() {
	switch rapid.IntRange(0, 5).Draw(m.t, "step") {
	case 0, 1:
		m.putUser(m.draw("id", userIDs), person{m.draw("userName", names), m.draw("externalId", words), m.draw("email", words)})
	case 2:
		m.putGroup(m.draw("id", groupIDs), m.draw("displayName", names))
	case 3, 4:
		m.changeMembers(m.draw("id", groupIDs))
	case 5:
		m.delete(m.draw("id", allIDs))
	}
}

func (m *model) putUser(id string, p person) {
	_, have := m.users[id]
	taken := false
	for other, o := range m.users {
		taken = taken || other != id && strings.EqualFold(o.userName, p.userName)
	}
	body := `{"userName":` + strconv.Quote(p.userName) + `,"externalId":` + strconv.Quote(p.externalID)
	if p.email != "" {
		body += `,"emails":[{"value":` + strconv.Quote(p.email) + `}]`
	}
	if m.put(m.bench.users, id, body+"}", have, taken) {
		m.users[id] = p
	}
}

func (m *model) putGroup(id, name string) {
	now, have := m.groups[id]
	taken := false
	for other, o := range m.groups {
		taken = taken || other != id && strings.EqualFold(o.name, name)
	}
	if m.put(m.bench.groups, id, `{"displayName":`+strconv.Quote(name)+`}`, have, taken) {
		if !have {
			now.members = map[string]bool{}
		}
		now.name = name
		m.groups[id] = now
	}
}

// put creates a resource, or replaces its attributes, and tells whether that was to succeed.
func (m *model) put(t *scim.ResourceType, id, body string, have, taken bool) bool {
	b, err := t.Decode([]byte(body))
	if err != nil {
		m.t.Fatal(err)
	}
	if have {
		_, _, err = m.inbox.Change(m.Context(), m.key(t, id), noon, b.Replace)
	} else {
		_, err = m.inbox.Create(m.Context(), m.key(t, id), b, noon)
	}
	m.expect(err, map[int]bool{409: taken})
	return err == nil
}

// expect expects an error of one of the statuses that are due, or none.
func (m *model) expect(err error, due map[int]bool) {
	want := slices.DeleteFunc(slices.Sorted(maps.Keys(due)), func(status int) bool { return !due[status] })
	e, ok := errors.AsType[*scim.Error](err)
	if ok && !due[e.Status] || !ok && err != nil || err == nil && len(want) > 0 {
		m.t.Fatalf("the error is %v, wanted are %v", err, want)
	}
}

func (m *model) changeMembers(id string) {
	g, have := m.groups[id]
	var operations []string
	members, missing := maps.Clone(g.members), false
	if members == nil {
		members = map[string]bool{}
	}
	for range rapid.IntRange(1, 3).Draw(m.t, "operations") {
		who := rapid.SliceOfNDistinct(rapid.SampledFrom(allIDs), 1, 3, rapid.ID).Draw(m.t, "members")
		op := m.draw("op", []string{"add", "remove", "replace"})
		if op == "replace" {
			clear(members)
			missing = false
		}
		for _, one := range who {
			if op == "remove" {
				delete(members, one)
			} else {
				members[one] = true
			}
		}
		operations = append(operations, listed(op, who))
	}
	for one := range members {
		missing = missing || !m.has(one)
	}
	p, err := m.bench.groups.ParsePatch([]byte(`{"Operations":[` + strings.Join(operations, ",") + `]}`))
	if err != nil {
		m.t.Fatal(err)
	}
	_, changed, err := m.inbox.Change(m.Context(), m.key(m.bench.groups, id), noon, p.Apply)
	if !have {
		if !errors.Is(err, inbox.ErrNone) {
			m.t.Fatal(err)
		}
		return
	}
	m.expect(err, map[int]bool{400: missing})
	if err != nil {
		return
	}
	if is := !maps.Equal(members, g.members); is != changed {
		m.t.Fatalf("%v of %v changed: %v", operations, g.members, changed)
	}
	m.groups[id] = team{g.name, members}
}

func (m *model) has(id string) bool {
	_, user := m.users[id]
	_, group := m.groups[id]
	return user || group
}

func (m *model) delete(id string) {
	t := m.bench.users
	if slices.Contains(groupIDs, id) {
		t = m.bench.groups
	}
	have := m.has(id)
	if err := m.inbox.Delete(m.Context(), m.key(t, id), noon, nil); have != (err == nil) || !have && !errors.Is(err, inbox.ErrNone) {
		m.t.Fatalf("%s is there: %v, but: %v", id, have, err)
	}
	delete(m.users, id)
	delete(m.groups, id)
	for _, g := range m.groups {
		delete(g.members, id)
	}
}

// agrees compares everything that is there.
func (m *model) agrees() {
	for _, id := range userIDs {
		p, have := m.users[id]
		r := m.read(m.bench.users, id, have)
		if r == nil {
			continue
		}
		var in []string
		for g, of := range m.groups {
			if of.members[id] {
				in = append(in, g+" direct "+of.name)
			}
		}
		slices.Sort(in)
		got := []any{value(r, "userName"), value(r, "externalId"), value(r, "emails.value"), refs(r, "groups")}
		if want := []any{p.userName, p.externalID, p.email, in}; fmt.Sprint(got) != fmt.Sprint(want) {
			m.t.Fatalf("user %s: %v, wanted %v", id, got, want)
		}
	}
	for _, id := range groupIDs {
		g, have := m.groups[id]
		r := m.read(m.bench.groups, id, have)
		if r == nil {
			continue
		}
		var who []string
		for one := range g.members {
			if p, ok := m.users[one]; ok {
				who = append(who, one+" User "+p.userName)
			} else {
				who = append(who, one+" Group "+m.groups[one].name)
			}
		}
		slices.Sort(who)
		if got, want := fmt.Sprint(value(r, "displayName"), refs(r, "members")), fmt.Sprint(g.name, who); got != want {
			m.t.Fatalf("group %s: %v, wanted %v", id, got, want)
		}
	}
}

func (m *model) read(t *scim.ResourceType, id string, have bool) *scim.Resource {
	r, err := m.inbox.Get(m.Context(), m.key(t, id), everyList)
	if have != (err == nil) || !have && !errors.Is(err, inbox.ErrNone) {
		m.t.Fatalf("%s is there: %v, but: %v", id, have, err)
	}
	if !have {
		return nil
	}
	return r
}

func value(r *scim.Resource, path string) string {
	for v := range r.Values(r.Type.Attr(path)) {
		return v
	}
	return ""
}
