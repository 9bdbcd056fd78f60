package compose

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/rollcall/rollcall/internal/core/document"
	"github.com/rollcall/rollcall/internal/core/ledger"
	"github.com/rollcall/rollcall/internal/core/plan"
	"github.com/rollcall/rollcall/internal/port/store"
	"github.com/rollcall/rollcall/internal/testkit/promise"
)

// check holds the directory against Entra.
func (s *storm) check(when string) {
	s.t.Helper()
	v := s.directory()
	open, err := s.store.Open(s.t.Context(), "shop")
	must(s.t, err)
	if len(open) > 0 {
		s.fail("%s: %d intents have no outcome", when, len(open))
	}
	byExternal, byName := map[string]promise.User{}, map[string]int{}
	for _, u := range v.Users {
		byExternal[u.ExternalID] = u
		byName[strings.ToLower(u.UserName)]++
	}
	for name, n := range byName {
		if n > 1 {
			s.fail("%s: %d records are called %s", when, n, name)
		}
	}
	for id := range s.scope() {
		p := s.people[id]
		u, ok := byExternal[id]
		switch {
		case !ok:
			s.fail("%s: %s has no record", when, p.name)
		case !strings.EqualFold(u.UserName, p.upn) && byName[strings.ToLower(p.upn)] > 0: // a stranger has the name: that is for a person
		case !u.Active || !strings.EqualFold(u.UserName, p.upn):
			s.fail("%s: the record of %s (%s) is %+v", when, p.name, p.upn, u)
		}
	}
	scope := s.scope()
	for _, u := range v.Users {
		if p := s.people[u.ExternalID]; p != nil && u.Active && !scope[p.id] {
			s.fail("%s: %s is active and out of scope", when, p.name)
		}
	}
	links, err := s.store.Links(s.t.Context(), "shop")
	must(s.t, err)
	linked := map[string]string{}
	for _, l := range links {
		if l.Kind == plan.KindGroup {
			linked[l.Source] = l.Target
		}
	}
	wanted := s.wanted()
	names, foreign := map[string]promise.Group{}, map[string]bool{}
	for _, g := range v.Groups {
		names[strings.ToLower(g.DisplayName)] = g
		foreign[strings.ToLower(g.DisplayName)] = g.ExternalID == ""
	}
	for _, g := range v.Groups {
		t := s.teams[g.ExternalID]
		if t != nil && foreign[strings.ToLower(t.name)] {
			continue // a stranger has the new name: that is for a person
		}
		if t != nil && (t.deleted || t.assigned == "" || !strings.EqualFold(t.name, g.DisplayName)) {
			s.fail("%s: the group %s is left over of %s", when, g.DisplayName, t.name)
		}
	}
	for id, people := range wanted {
		t := s.teams[id]
		g, ok := names[strings.ToLower(t.name)]
		if ok && linked[id] != g.ID && g.ExternalID == "" {
			continue
		}
		if !ok {
			s.fail("%s: there is no group %s", when, t.name)
			continue
		}
		if linked[id] != g.ID {
			s.fail("%s: %s is linked to %q, not to %s", when, t.name, linked[id], g.ID)
		}
		var is, should []string
		for _, m := range g.Members {
			u := v.Users[m.Value]
			if must, named := people[u.ExternalID]; must || !named {
				is = append(is, s.called(u))
			}
		}
		for u, must := range people {
			if must {
				should = append(should, s.people[u].name)
			}
		}
		slices.Sort(is)
		slices.Sort(should)
		if !slices.Equal(is, should) {
			s.fail("%s: in %s are %v and should be %v", when, t.name, is, should)
		}
	}
}

// called is whose record it is.
func (s *storm) called(u promise.User) string {
	if p := s.people[u.ExternalID]; p != nil {
		return p.name
	}
	return u.UserName
}

// accounted holds the ledger against what the directory carried out.
func (s *storm) accounted() {
	s.t.Helper()
	limits := map[string]int{}
	done, unsure := 0, 0
	for e, err := range s.store.Entries(s.t.Context(), store.Query{Connection: "shop"}) {
		must(s.t, err)
		if e.Outcome == ledger.Unsure {
			unsure++
		}
		if e.Outcome != ledger.Done || e.Op == string(plan.Adopt) {
			continue
		}
		done++
		if e.Approved == "" && e.Op == string(plan.Deactivate) {
			limits[e.Op]++
		}
		if e.Approved == "" {
			limits["remove"] += len(e.Remove)
		}
	}
	writes := -s.strange
	for _, r := range s.guard.Requests() {
		if r.Method != http.MethodGet && r.Status/100 == 2 {
			writes++
		}
	}
	if writes < done || writes > done+unsure {
		s.fail("the directory carried out %d writes, the ledger has %d, and %d of which nobody knows", writes, done, unsure)
	}
	if limits["deactivate"] > 3 {
		s.fail("%d were deactivated within a day without anybody's word", limits["deactivate"])
	}
	if limits["remove"] > 14 {
		s.fail("%d were taken out of groups within a day without anybody's word", limits["remove"])
	}
}

// mirrored holds the mirror of the target against the target.
func (s *storm) mirrored() {
	s.t.Helper()
	v := s.directory()
	m := &gathered{users: map[string]promise.User{}, groups: map[string]promise.Group{}}
	must(s.t, s.store.Documents(s.t.Context(), "shop", store.Target, m))
	say := func(g promise.Group) string {
		var all []string
		for _, m := range g.Members {
			all = append(all, m.Value)
		}
		slices.Sort(all)
		return fmt.Sprint(g.DisplayName, g.ExternalID, all)
	}
	for id := range maps.Keys(v.Users) {
		if v.Users[id] != m.users[id] {
			s.fail("mirror: the user is %+v and was remembered as %+v", v.Users[id], m.users[id])
		}
	}
	for id := range v.Groups {
		if a, b := say(v.Groups[id]), say(m.groups[id]); a != b {
			s.fail("mirror: the group is %s and was remembered as %s", a, b)
		}
	}
	if len(m.users) != len(v.Users) || len(m.groups) != len(v.Groups) {
		s.fail("mirror: %d users and %d groups, there are %d and %d", len(m.users), len(m.groups), len(v.Users), len(v.Groups))
	}
}

type gathered struct {
	users  map[string]promise.User
	groups map[string]promise.Group
}

func (g *gathered) Add(file document.File, _ string, object jsontext.Value) error {
	switch file {
	case document.ScimUsers:
		var u promise.User
		if err := json.Unmarshal(object, &u); err != nil {
			return err
		}
		g.users[u.ID] = u
	case document.ScimGroups:
		var o promise.Group
		if err := json.Unmarshal(object, &o); err != nil {
			return err
		}
		g.groups[o.ID] = o
	}
	return nil
}

func (*gathered) Whole(document.File) error { return nil }

func (*gathered) Gap(document.Gap) error { return nil }
